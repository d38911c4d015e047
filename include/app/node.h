/*
 * node - the ledger of this machine, wherever it is kept.
 *
 * One that is kept here is a directory.  One that several machines share is a
 * copy in a directory, and this node's foureyesd alone reaches the place where
 * all of it is: whoever appends or reads asks that first, by its Unix socket
 * (`receiver.socket`).  Within foureyesd's receiver there is nobody to ask.
 *
 * POST /v1/append	a wish; the answer is "stored <first seq>" or "stale"
 * POST /v1/catch-up	nothing; the answer is "<seq of the newest record>"
 * POST /v1/checkpoint	a signed note, for all nodes
 * POST /v1/standing	nothing; the answer is lines of shared_standing()
 *
 * Statuses: 400 ERR_INPUT, 403 the account may not, 409 ERR_TAMPERED, 500
 * ERR_CONFIG or ERR_SYSTEM, 503 ERR_UNREACHABLE; the text says why.
 */
#ifndef APP_NODE_H
#define APP_NODE_H

#include "base/buf.h"
#include "base/pool.h"
#include "core/settings.h"
#include "edge/ledger_shared.h"

#define NODE_APPEND "/v1/append"
#define NODE_CATCH_UP "/v1/catch-up"
#define NODE_CHECKPOINT "/v1/checkpoint"
#define NODE_STANDING "/v1/standing"
#define NODE_PATIENCE 3500 /* ms for an answer */
#define NODE_WISH_MAX (LEDGER_APPEND_MAX + (1u << 20))
#define NODE_BODIES_MAX 100000

/* ledger_open() of the settings' ledger; appends go where they belong. */
int node_ledger(struct ledger **out, const struct settings *settings,
    enum ledger_mode mode, struct err *err) must_check;
/* The same, and it has every record that there is now. */
int node_ledger_now(struct ledger **out, const struct settings *settings,
    enum ledger_mode mode, struct err *err) must_check;
/* For who opens its directory by himself. */
int node_catch_up(const struct settings *settings, struct err *err) must_check;
/* This process reaches the place by itself; `e` stays. */
void node_here(const struct ledger_elsewhere *e);

/* What this machine is called in records: `node`, else the host's name. */
const char *node_name(struct pool *pool, const struct settings *settings);
/* The same where the ledger is shared, else NULL. */
const char *node_of_checks(struct pool *pool, const struct settings *settings);
/* How safely the database keeps it, as app/shared.h says. */
int node_standing(const struct settings *settings, struct buf *out,
    struct err *err) must_check;
/* A checkpoint that was just signed; nothing where the ledger is kept here. */
int node_keep(const struct settings *settings, const struct buf *note,
    struct err *err) must_check;

/* node_wish.c: how a wish is sent. */
void wish_write(struct buf *out, const struct ledger_wish *w);
/* Borrows from what is read; `behind` and bodies are the pool's. */
int wish_read(struct ledger_wish *w, struct pool *pool, const void *data,
    size_t len, struct err *err) must_check;

#endif

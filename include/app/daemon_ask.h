/*
 * daemon_ask - asking the forges again: what webhooks lost.
 *
 * A source with an `api` (core/source.h) is asked by edge/forge.h; what it
 * says goes the way of a webhook's word from there on (app/observe.h), marked
 * as asked for.
 */
#ifndef APP_DAEMON_ASK_H
#define APP_DAEMON_ASK_H

#include "app/setup.h"
#include "core/source.h"
#include "edge/forge.h"

/*
 * The source's interface, with its token read from its file; ERR_CONFIG where
 * it has none.  `s` and the pool live as long as it.
 */
int ask_open(struct forge **out, struct pool *pool, const struct source *s,
    struct err *err) must_check;

/* The requests of a commit, and what people said of them; or an error. */
int ask_requests(struct forge *f, struct pool *pool, const char *repository,
    const char *commit, struct forge_list *out, struct err *err) must_check;
/*
 * All that is to be had about a commit: its requests, what people said of
 * them, statuses, deployments; of those only what the source's word is taken
 * for.  Whole, or an error.
 */
int ask_commit(struct forge *f, struct pool *pool, const struct source *s,
    const char *repository, const char *commit, struct forge_list *out,
    struct err *err) must_check;

/* Our repository by the forge's name; NULL: that source has none for it. */
const char *ask_forge_name(struct pool *pool, const struct source *s,
    const char *ours);

/* Has the ledger that word, or a later one about the same thing? */
int ask_is_known(struct changelog *log, struct pool *pool,
    const struct source *s, const char *repository, const struct observed *w,
    bool *known, struct err *err) must_check;
/*
 * Store what the ledger does not have, as told when asked; `*stored` records.
 * The log is open for appending.  Twice the same answer is stored once, by
 * whomever.
 */
int ask_store(struct setup *s, const struct source *source,
    const struct forge_list *list, size_t *stored, struct err *err) must_check;

/* ask SOURCE REPOSITORY [COMMIT]: what it says, as lines of JSON. */
int daemon_ask(int argc, char **argv, const char *config);

#endif

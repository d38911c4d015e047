/*
 * checkpoints - stating what the ledger is, with the sealing key.
 */
#ifndef APP_CHECKPOINTS_H
#define APP_CHECKPOINTS_H

#include "base/buf.h"
#include "base/pool.h"
#include "core/checkpoint.h"
#include "core/merkle.h"
#include "core/settings.h"
#include "edge/ledger.h"

#define CHECKPOINT_FILE "checkpoint"  /* in the ledger's directory */
#define CHECKPOINTS_DIR "checkpoints" /* older ones, there */

/*
 * Seal the ledger as it is now, for the first time: `<ledger>/checkpoint`, and
 * the memory that foureyes seal goes on from.  There must be none yet: one that
 * is there is only ever extended.
 */
int checkpoints_first(struct ledger *ledger, const struct settings *settings,
    int64_t now, struct err *err) must_check;

/* What the one beside the ledger says; its signature is not looked at. */
int checkpoints_claim(struct checkpoint *out, struct pool *pool,
    const char *ledger, struct err *err) must_check;
/*
 * Put a signed checkpoint beside the ledger, in one step, and keep it in
 * `<ledger>/checkpoints/`, a directory of who seals.  `*unkept` becomes why it
 * could not be kept, from the pool, or NULL; that is no error.
 */
int checkpoints_put(const char *ledger, const struct checkpoint *c,
    const struct buf *note, struct pool *pool, const char **unkept,
    struct err *err) must_check;
/*
 * The names in `<ledger>/checkpoints/` that `wanted` takes, in order, from the
 * pool; none where there is no such directory.  More than `most` is an error,
 * which calls them `called`.
 */
int checkpoints_files(struct pool *pool, const char *ledger,
    bool (*wanted)(const char *name), size_t most, const char *called,
    const char *const **names, size_t *count, struct err *err) must_check;
/* Those of `from` records and more get names in `.lost-<record>`. */
int checkpoints_set_aside(struct pool *pool, const char *ledger, uint64_t from,
    uint64_t record, struct err *err) must_check;
/* Is it the name of a kept one: the size in 20 digits? */
bool checkpoints_is_kept(const char *name);
/* The path of a kept one, from the pool: <ledger>/checkpoints/<20 digits>. */
const char *checkpoints_kept(struct pool *pool, const char *ledger,
    uint64_t size);

#endif

/*
 * seal_state - what the sealing user remembers of its last checkpoint.
 *
 * A directory of its own (`seal_state`, default <seal_key>.state), mode 0700
 * and of the user who seals, because everything below the ledger can be
 * written to by whoever pushes.  It holds
 *
 *	state	the last checkpoint, the roots that the tree goes on from, the
 *		last line's place and digest, the key that signed; JSON
 *	seals	"<records> <root>" of each checkpoint, a line each, so that one
 *		can say from where on a ledger is not what was sealed
 *
 * A state that does not add up in itself is refused: somebody wrote to it.
 */
#ifndef APP_SEAL_STATE_H
#define APP_SEAL_STATE_H

#include <stdbool.h>

#include "base/json.h"
#include "base/tree.h"
#include "core/chain.h"
#include "core/checkpoint.h"
#include "core/merkle.h"
#include "core/settings.h"
#include "edge/seal.h"

#define SEAL_STATE_MAX 16384       /* bytes of `state` */
#define SEAL_SEALS_MAX (64u << 20) /* bytes of `seals` */

struct seal_state {
	bool there;
	struct checkpoint checkpoint;
	struct merkle tree;
	struct chain_mark last;
	struct seal_public key; /* in force after the last record */
	uint64_t key_seq;       /* the record that named it */
	int64_t time;           /* when it was sealed */
};

/* The directory's path, from the pool. */
const char *seal_state_path(struct pool *pool, const struct settings *s);
/* Make the directory; one that is there and safe is as good. */
int seal_state_make(const char *dir, struct err *err) must_check;
/*
 * `out->there` is false where the directory holds no state, or is not there.
 * ERR_CONFIG: it, or the file, is open to others or somebody else's.
 * ERR_TAMPERED: it does not add up.
 */
int seal_state_read(struct seal_state *out, const char *dir,
    struct err *err) must_check;
/*
 * One seal at a time: `*fd` is locked until it is closed; -1 where there is no
 * memory yet.  Waits SEAL_PATIENCE at most.
 */
#define SEAL_PATIENCE 60000 /* ms */
int seal_state_lock(int *fd, const char *dir, struct err *err) must_check;
int seal_state_write(const char *dir, const struct seal_state *s,
    struct err *err) must_check;
/*
 * As keys of a mapping that is open, for who remembers it elsewhere; and back.
 * False: it does not add up.  A mark's `seq` is the caller's.
 */
void seal_state_put(struct json *j, const struct seal_state *s);
bool seal_state_take(struct seal_state *s, const struct tree *t);
void seal_mark_put(struct json *j, const struct chain_mark *m);
bool seal_mark_take(struct chain_mark *m, const struct tree *t);

/*
 * Forget the seals of `from` records and more, which are lost; all of them are
 * kept in `seals.lost-<lost>`.
 */
int seal_state_forget(const char *dir, uint64_t from, uint64_t lost,
    struct err *err) must_check;

/* One line of `seals`, oldest first; false when there is no further one. */
struct seal_seals {
	struct buf text;
	size_t at;
};
int seal_seals_read(struct seal_seals *s, const char *dir,
    struct err *err) must_check;
bool seal_seals_next(struct seal_seals *s, uint64_t *size,
    unsigned char root[DIGEST_SIZE]);

#endif

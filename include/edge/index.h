/*
 * index - a quick way to lines of the ledger; derived, and never believed.
 *
 * It keeps, in SQLite, where each line lies and which lines have to do with
 * which topic.  A topic is a text of the caller's choosing ("landing main
 * refs/heads/main"); only 64 bits of its hash are kept, so a line may be found
 * under a topic that is not its own: callers look at the record itself.  A line
 * that was added under a topic is always found.
 *
 *	if (index_open(&x, path, err) < 0 || index_last(x, &last, err) < 0 ||
 *	    ledger_holds(l, &last, &holds, err) < 0)
 *		...
 *	if (!holds)
 *		index_reset(x, err);
 *	index_begin(x, err);
 *	index_last(x, &last, err);	(again: somebody may have been quicker)
 *	ledger_walk(l, &last, ...) with index_add() and index_topic()
 *	index_commit(x, err);
 *	index_find(x, topic, ...);
 *
 * Deleting the file, or any of the files SQLite keeps beside it (-wal, -shm),
 * at any moment, changes nothing but speed: they are one set, a set that is not
 * whole is made anew, and an answer is given only after looking that the set
 * it came from is still the one that lies there.  Answers between two calls of
 * index_last() come from one state of the index, looked at when the first of
 * them was given: what is deleted after that takes nothing away from it, and
 * what others add is not seen.  So a call can fail because
 * the index was damaged, replaced or deleted; index_damaged() tells, and
 * index_reset() with a new catching up is the way out.  A file under the name
 * that is no index of ours is not deleted: it is moved to NAME.alien.
 *
 * Several processes of several users may use one index at once; files are made
 * 0660 whatever the umask.  A writer that is waited for longer than INDEX_WAIT
 * gives ERR_UNREACHABLE.  One thread at a time may use a handle; a handle does
 * not outlive a fork.
 */
#ifndef EDGE_INDEX_H
#define EDGE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/chain.h"

#define INDEX_WAIT 2000 /* ms to wait for another writer */
#define INDEX_PATH_MAX 1024

struct index;

/* Open, or make when missing; alien, corrupt or older: made anew, empty. */
int index_open(struct index **out, const char *path,
    struct err *err) must_check;
void index_close(struct index *x); /* NULL is allowed; drops what is open */
/* After a call failed: is the index itself the cause, and a reset the cure? */
bool index_damaged(const struct index *x);
/* Did the last failure come of a full disk? */
bool index_was_full(const struct index *x);
/*
 * Remove all files and begin with an empty index; where somebody else has put
 * a new one there meanwhile, take that.  Either way begin again with
 * index_last().
 */
int index_reset(struct index *x, struct err *err) must_check;

/* The newest line known; zeroed when there is none. */
int index_last(struct index *x, struct chain_mark *last,
    struct err *err) must_check;

/* The 64 bits that are kept of a topic. */
int64_t index_topic_number(const char *topic);

/* Between begin and commit this handle is the only writer. */
int index_begin(struct index *x, struct err *err) must_check;
/* Lines are added in order of seq. */
int index_add(struct index *x, const struct chain_mark *mark,
    struct err *err) must_check;
int index_topic(struct index *x, uint64_t seq, const char *topic,
    struct err *err) must_check;
int index_commit(struct index *x, struct err *err) must_check;
void index_rollback(struct index *x);

/*
 * Lines under a topic: in order of seq those above `beyond`, or, newest first,
 * those below it (0: from the newest).  At most `room`; `*count` says how many,
 * and fewer than `room` means that there are no more.
 */
int index_find(struct index *x, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *out, size_t room, size_t *count,
    struct err *err) must_check;
/* The line with that number; `mark->seq` is 0 when it is not known. */
int index_seq(struct index *x, uint64_t seq, struct chain_mark *mark,
    struct err *err) must_check;

#endif

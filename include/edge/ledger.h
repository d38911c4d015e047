/*
 * ledger - the change log on disk.
 *
 * A ledger is a directory of text files.  Each line is one evidence record and
 * names the hash of the line before it (core/chain.h).  What a record may say
 * is core/evidence.h; who vouches for the newest line is a checkpoint's matter.
 * This module only keeps bytes, in order, and gives them back.
 *
 *	struct ledger *l;
 *
 *	if (ledger_open(&l, "/var/lib/foureyes/ledger", LEDGER_APPEND, err) < 0)
 *		return -1;
 *	ret = ledger_append(l, bodies, count, now, &first, err);
 *	ledger_close(l);
 *
 * Files: segments <seq of the first line, 20 digits>.jsonl, whose last one
 * grows, `lock`, `sync` (edge/ledger_claim.h), `reserve`
 * (edge/ledger_reserve.h) and `pruned` (core/pruned.h).  Other files are left
 * alone.  The directory is made 2770 and files 0660,
 * whatever the umask; a directory or file that everybody may write to is
 * refused.
 *
 * Many processes of several users may append at once.  An append
 *
 *	takes the lock `lock` (flock, waited for LEDGER_PATIENCE at most),
 *	looks at the newest line, writes its own behind it, and tells in `sync`
 *	as far as where it wrote,
 *	gives the lock back, so that the next one can write meanwhile,
 *	and waits until `sync` tells that its lines are on disk.
 *
 * Whoever gets the lock of `sync` first makes one fdatasync for all who wrote
 * so far.  When that fails, what was written since the last one is cut off
 * again, under both locks, memory is let go of and the end read back from disk;
 * everybody whose lines are gone then fails.  Nobody relies on what `sync` says
 * unless it names the newest line that is there; where it does not (it is new,
 * from another life of the machine, or for another file) an append makes its
 * own sync with both locks held.
 *
 * When ledger_append() returns 0 the lines are on disk, and all lines before
 * them; with no record it only waits for that.  When it returns -1 the ledger
 * is as it was, or the error says that this could not be had, or is not known.
 * Where locking does not work, which is tried, nothing is written.
 *
 * A new segment begins with the append that finds the last one at
 * LEDGER_SEGMENT_BYTES, or begun in an earlier month (UTC, by the records' own
 * times; a clock that goes back begins none).  A segment that was given another
 * name with `.jsonl` in it stays part of the ledger, and the next append begins
 * a new one behind it.
 *
 * A writer that died leaves a torn tail: bytes without a newline, or NULs.  The
 * next append puts a `recovered` record in its place that keeps them.  Of the
 * lines of one append that died, the first ones may be there.  A `recovered`
 * record tells also of lines that were on disk once, by `sync`, and are gone:
 * somebody cut the file, or put an older one back.  Where lines are gone that
 * the checkpoint beside the segments counts, nothing is appended (ERR_TAMPERED,
 * naming the first record that is lost) but what ledger_recover() appends; and
 * nothing at all where the oldest segments are gone, or every line.
 *
 * Reading takes no lock.  It sees whole lines only, and a line may be seen a
 * moment before it is safe on disk; should its sync then fail, it is gone
 * again, which ledger_holds() tells, and a walk that saw it ends with it.
 *
 * There is no way to rewrite or reset, and none to delete but the pruning that
 * app/retain.h does.
 */
#ifndef EDGE_LEDGER_H
#define EDGE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/chain.h"
#include "core/pruned.h"

#define LEDGER_LINE_MAX (4u << 20)    /* 4 MiB, head included */
#define LEDGER_APPEND_MAX (64u << 20) /* bytes of one append */
#define LEDGER_SEGMENTS_MAX 4096
#define LEDGER_SEGMENT_BYTES (64u << 20) /* the next append begins another */
#define LEDGER_KEPT_MAX (16u << 10)      /* of a torn tail, in the record */
#define LEDGER_PATIENCE 3000             /* ms to wait for the lock */
#define LEDGER_RESERVE (4u << 20) /* bytes kept for what must be recorded */
#define LEDGER_RESERVE_STEP (256u << 10) /* given up at a time */

struct ledger;

enum ledger_mode {
	LEDGER_READ,
	LEDGER_APPEND
};

/* Make a new, empty ledger; the directory may be there, but must hold none. */
int ledger_create(const char *dir, struct err *err) must_check;
/* Open one that is there.  One thread at a time may use a handle. */
int ledger_open(struct ledger **out, const char *dir, enum ledger_mode mode,
    struct err *err) must_check;
void ledger_close(struct ledger *l); /* NULL is allowed */
/* Wait so many milliseconds for each lock instead of LEDGER_PATIENCE. */
void ledger_patience(struct ledger *l, int64_t ms);
/* Begin a new segment at so many bytes instead of LEDGER_SEGMENT_BYTES. */
void ledger_segment_size(struct ledger *l, uint64_t bytes);

/* A record without its head: `"type":"landing",...}` (chain_body_fit()). */
struct ledger_body {
	const char *text;
	size_t len;
};

/*
 * Append records as consecutive lines, all with the time `now`.  `*first` (may
 * be NULL) becomes the seq of the first.  ERR_TAMPERED: the newest line is not
 * one of ours or does not follow the one before it, and nothing was written.
 */
int ledger_append(struct ledger *l, const struct ledger_body *bodies,
    size_t count, int64_t now, uint64_t *first, struct err *err) must_check;
/*
 * The same where the newest line is still `last` (zeroed: there is none). Where
 * it is not, nothing is written, `*stale` becomes true, and the answer is 0 all
 * the same: somebody appended since, and whoever writes looks at that first.
 */
int ledger_append_behind(struct ledger *l, const struct chain_mark *last,
    const struct ledger_body *bodies, size_t count, int64_t now,
    uint64_t *first, bool *stale, struct err *err) must_check;
/*
 * The mark of the last line that this handle's last append wrote; false: it is
 * not known, as appends go to a place that is shared.
 */
bool ledger_appended(const struct ledger *l, struct chain_mark *mark);

/*
 * May the appends from now on use up the reserve of space, where the disk is
 * full?  No, until this says yes: it is kept for admitted changes and landings.
 */
void ledger_spare(struct ledger *l, bool may);
/* Did the last append fail for want of space? */
bool ledger_was_full(const struct ledger *l);
/*
 * Give up a step of the reserve, for an index that lags where the disk is full;
 * false: nothing is left, or it could not be done.
 */
bool ledger_reserve_give(struct ledger *l);
/* How many bytes of the reserve there are. */
uint64_t ledger_reserve(struct ledger *l);

/*
 * What is lost by the checkpoint beside the segments, which counts as far as
 * `to`; 0 and 0 where nothing is missing.
 */
struct ledger_lost {
	uint64_t from, to;
};
int ledger_lost(struct ledger *l, struct ledger_lost *out,
    struct err *err) must_check;
/*
 * Append in spite of that, behind what is there: for a `recovered` record alone
 * (app/cmd_recover.c).  `lost` must still be what ledger_lost() tells; where it
 * is not, nothing is written and the error says so.
 */
int ledger_recover(struct ledger *l, const struct ledger_body *body,
    const struct ledger_lost *lost, int64_t now, uint64_t *first,
    struct err *err) must_check;

/*
 * Visit the lines behind `after` (zeroed or NULL: from the first) in order,
 * checking every link on the way, within bounded memory.  `see` borrows mark
 * and line for the length of the call; it returns 0 to go on, 1 to stop (and
 * the walk returns 0), -1 with `err` set to fail.  ERR_TAMPERED names file and
 * number of the first line that does not add up.  `after` itself is believed:
 * ask ledger_holds() first.
 */
typedef int ledger_see_fn(const struct chain_mark *mark, const char *line,
    size_t len, void *ctx, struct err *err);
/*
 * How a walk ended.  Bytes behind the last whole line are a line somebody is
 * writing just now, or a torn tail: a torn tail is still there, unchanged,
 * when one walks again from `last`.
 */
struct ledger_end {
	struct chain_mark last; /* the last line seen, or `after` */
	uint64_t segment;       /* file of the torn bytes */
	uint64_t torn_at;       /* where they begin */
	uint64_t torn;          /* how many there are; 0 for a clean end */
};
int ledger_walk(struct ledger *l, const struct chain_mark *after,
    ledger_see_fn *see, void *ctx, struct ledger_end *end, /* may be NULL */
    struct err *err) must_check;

/*
 * For who must show what is left of a ledger that was altered: from now on a
 * walk goes on behind a line that does not add up, which is seen as it stands
 * where its head can be read, and the first such is told in `*flaw`.  NULL: it
 * ends there again.
 */
void ledger_bear(struct ledger *l, struct err *flaw);

/*
 * Read one line back.  Its seq must be that of `mark`, and its digest too
 * unless the mark has none (all zeros); otherwise ERR_TAMPERED.  The line comes
 * from the pool and is ended by a NUL that `*len` does not count.
 */
int ledger_line(struct ledger *l, const struct chain_mark *mark,
    struct pool *pool, const char **line, size_t *len,
    struct err *err) must_check;

/*
 * The same of a line that has more than `most` bytes: its first `most`, ended
 * by a NUL, with the seq of `mark`; its digest is not looked at.
 */
int ledger_line_start(struct ledger *l, const struct chain_mark *mark,
    struct pool *pool, size_t most, const char **line, size_t *len,
    struct err *err) must_check;

/* Does the ledger have exactly this line at this place?  Zeroed marks: yes. */
int ledger_holds(struct ledger *l, const struct chain_mark *mark, bool *holds,
    struct err *err) must_check;

/*
 * A ledger whose oldest records were taken away begins behind them; a walk
 * from the first line begins there.  `out` is zeroed where nothing was.  What
 * the file says is for the caller to hold against the `pruned` record.
 */
int ledger_pruned(struct ledger *l, struct pruned *out,
    struct err *err) must_check;
/*
 * For app/retain.c alone, in this order and behind the record: say from where
 * on the ledger is kept, then take the files before that away.  Whole segments
 * only, never the last; what was begun can be gone on with.
 */
int ledger_prune_mark(struct ledger *l, const struct pruned *p,
    struct err *err) must_check;
int ledger_prune_files(struct ledger *l, size_t *count,
    struct err *err) must_check;

#endif

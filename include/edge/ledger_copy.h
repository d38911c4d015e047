/*
 * ledger_copy - a ledger written down once more, byte for byte.
 *
 *	struct ledger_copy *c;
 *	bool whole;
 *
 *	if (ledger_copy_begin(&c, "/srv/copy", &whole, err) < 0)
 *		return -1;
 *	for each line, in order: ledger_copy_line(c, mark, line, len, err)
 *	for each file beside: ledger_copy_file(c, "checkpoint", bytes, err)
 *	ret = ledger_copy_end(c, err);
 *	ledger_copy_close(c);
 *
 * Lines come into segments as their marks say, so that the files are the same
 * too.  All is written in a directory `arriving` of the one that is to hold the
 * ledger, synced, and then put in its place; the oldest segment comes last, and
 * without it nothing is appended.  Who is stopped before has brought nothing:
 * what was left lying is begun anew.  Who is stopped while it is put in place
 * is gone on with by the next one who begins, who is told by `whole`.
 *
 * The directory is made where there is none, and must hold no line.  From the
 * beginning to the end it holds no ledger: nobody appends, nobody reads.  One
 * at a time copies to a place.
 */
#ifndef EDGE_LEDGER_COPY_H
#define EDGE_LEDGER_COPY_H

#include "base/buf.h"
#include "edge/ledger.h"

#define LEDGER_COPY_NAME "arriving"
#define LEDGER_COPY_FILES_MAX 1000000 /* beside the lines */

struct ledger_copy;

/*
 * `*whole` true: what was all there but for its place has come to it, and there
 * is nothing to copy; `*out` is NULL.  ERR_INPUT: there is a ledger already.
 */
int ledger_copy_begin(struct ledger_copy **out, const char *dir, bool *whole,
    struct err *err) must_check;
/*
 * Whose the directories beside the segments are to be, where root copies; else,
 * and before this is said, they are as the directory is.
 */
void ledger_copy_sealer(struct ledger_copy *c, unsigned uid);
/* The line as it stands, without its newline. */
int ledger_copy_line(struct ledger_copy *c, const struct chain_mark *mark,
    const char *line, size_t len, struct err *err) must_check;
/* A file beside the segments: its name, or <directory>/<name>. */
int ledger_copy_file(struct ledger_copy *c, const char *name,
    const struct buf *bytes, struct err *err) must_check;
int ledger_copy_end(struct ledger_copy *c, struct err *err) must_check;
/* NULL is allowed.  What did not come to its end is taken away. */
void ledger_copy_close(struct ledger_copy *c);

#endif

/*
 * changelog_ahead - recording ahead of the index.
 *
 * Who appends often does not let the index know each time: somebody else does
 * that, in larger pieces, with a handle of his own and changelog_catch_up().
 * Until then whoever appends remembers himself what he asks the index for.  The
 * line of the log at which both stand is changelog_last():
 *
 *	changelog_look_anew(log);
 *	(ask: own memory, then changelog_seqs())
 *	changelog_append_ahead(log, ..., &stale, err);
 *	if (stale)
 *		changelog_follow(log, see, ctx, &anew, err);
 */
#ifndef APP_CHANGELOG_AHEAD_H
#define APP_CHANGELOG_AHEAD_H

#include "app/changelog.h"

/* What is asked from here on is not of a state of the index before now. */
void changelog_look_anew(struct changelog *log);
/* As changelog_append_behind(); the index is not told. */
int changelog_append_ahead(struct changelog *log,
    const struct ledger_body *bodies, size_t count, int64_t now,
    uint64_t *first, bool *stale, struct err *err) must_check;
/*
 * The topics of all lines that others have appended.  `*anew`: lines that were
 * seen before are gone again, or the index was made anew, and it knows all
 * there is: what was remembered is to be forgotten.
 */
typedef void changelog_topic_fn(const char *topic, uint64_t seq, void *ctx);
int changelog_follow(struct changelog *log, changelog_topic_fn *see, void *ctx,
    bool *anew, struct err *err) must_check;

#endif

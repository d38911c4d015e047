/* daemon_shared_inside - what the pieces of app/shared.h know of each other. */
#ifndef DAEMON_SHARED_INSIDE_H
#define DAEMON_SHARED_INSIDE_H

#include <pthread.h>

#include "app/shared.h"

struct shared {
	pthread_mutex_t lock;
	const struct settings *settings;
	struct database *database;
	struct ledger *copy;
	struct chain_mark last; /* of the copy */
	bool fresh; /* `head` is what the database said last, and the copy's */
	struct database_head head;
	/* What the database says that is not so here, and was looked at. */
	struct chain_mark odd;
	struct err why;
	uint64_t noted; /* records of the newest checkpoint beside the copy */
};

bool shared_is_same(const struct chain_mark *a, const struct chain_mark *b);

/* With the lock held. */
int shared_fetch(struct shared *s, struct err *err) must_check;
int shared_check_head(const struct shared *s, const struct database_head *h,
    struct err *err) must_check;
/* Say in the copy that it is one. */
int shared_mark(struct shared *s, struct err *err) must_check;
/* Where that record lies in the copy; all of it is read.  Zeroed: nowhere. */
int shared_find(struct shared *s, uint64_t seq, struct chain_mark *out,
    struct err *err) must_check;
int shared_keep_note(struct shared *s, const char *text, size_t len,
    struct err *err) must_check;
/* Checkpoints that are newer than the one here; what fails comes again. */
void shared_fetch_notes(struct shared *s, uint64_t upto);
#endif

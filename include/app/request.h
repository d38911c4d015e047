/*
 * request - a pull or merge request, as its source told of it.
 *
 * Everything told of one request is read from the ledger and put together: its
 * heads one after another, what ref it is for and how it stands.  Of two words
 * the later one is the one that the forge dates later, so that deliveries in
 * another order end in the same state; where it dates neither, or both the
 * same, the one received later.  What was never told stays NULL.
 */
#ifndef APP_REQUEST_H
#define APP_REQUEST_H

#include "app/push.h"

#define REQUEST_RECORDS_MAX 2000 /* of one request */

struct request_head {
	const char *commit;
	uint64_t first, last; /* records that name it as the head */
};

struct request {
	const char *repository, *source, *number;
	bool all; /* every record of it was read */
	/* As it stands: by the newest word. */
	const char *head, *target, *state, *text;
	uint64_t text_record; /* since when the text reads so; 0: no text */
	struct actor opener;
	const char *opener_name;    /* login or id at the source, or NULL */
	struct request_head *heads; /* in the order they were first told */
	size_t head_count;
	struct record *records; /* of it, in order */
	size_t record_count;
};

/* Put together once a push. */
int request_get(struct push *p, const char *source, const char *number,
    struct request **out, struct err *err) must_check;
/* Requests that had this head at some time. */
int request_with_head(struct push *p, const char *commit,
    struct request ***list, size_t *count, struct err *err) must_check;
/* The newest requests for this ref; `*more` than `most` were found. */
int request_newest(struct push *p, const char *target, size_t most,
    struct request ***list, size_t *count, bool *more,
    struct err *err) must_check;

/* Closed without a merge, or for another ref now. */
enum tri request_is_open(const struct request *r, const char *target);
/* Had it that head?  NULL: never. */
const struct request_head *request_had(const struct request *r,
    const char *commit);
/* Its head when that record was written; NULL: not known. */
const char *request_head_at(const struct request *r, uint64_t seq,
    int64_t *since);
/*
 * rules.md 14: an approval (record `seq`, received at `time`) that names no
 * commit is of the head of then where no head came within `settle` before it
 * and the forge, asked later, still has that head.
 */
bool request_is_certain(const struct request *r, uint64_t seq, int64_t time,
    int64_t settle, const char *head);

#endif

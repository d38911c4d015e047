/*
 * review - the review that an emergency landing owes (rules.md 31).
 *
 * As many approvals as the gate asks, of a commit whose approval would have
 * covered what landed, by people who are neither contributors, declarer nor
 * lander.  Once it was found to be done, that is a record: who leaves later, or
 * the age of an approval, does not open it again, and no later push reads its
 * commits once more.
 */
#ifndef APP_REVIEW_H
#define APP_REVIEW_H

#include "app/push.h"

#define OWED_MAX 2000 /* open reviews looked at */

enum review_state {
	REVIEW_UNKNOWN = 0,
	REVIEW_OPEN,
	REVIEW_OBJECTED,
	REVIEW_DONE
};

struct review {
	enum review_state state;
	unsigned have, asked;
	uint64_t objected; /* the newest objection that stops it, or 0 */
	/* Those who take part in the answer; for saying who may give it. */
	const struct contributor *contributors;
	size_t contributor_count;
	const char *unknown; /* a contributor nobody knows bars everybody */
};

struct owed {
	struct record landing;
	struct review review;
};

/* The commit to be approved: what landed, or what was there before it went. */
const char *owed_commit(const struct record *landing);

/*
 * Of any landing: an emergency, one in observe mode, or one that was judged in
 * full and may have been objected to since.  UNKNOWN where its repository is
 * not the push's, or where there was no time.
 */
int review_of(struct push *p, const struct record *landing, struct review *out,
    struct err *err) must_check;

/*
 * Emergency landings under a topic whose review is not on record as done; of
 * those only the ones on one gate or by one declarer, where these are named.
 * `*all` is false where there are too many to look at.  Other repositories are
 * opened for their own.
 */
struct owed_search {
	const char *topic;
	const char *repository, *gate; /* or NULL */
	const char *declarer;          /* or NULL */
};
int owed_find(struct push *p, const struct owed_search *search,
    struct owed **list, size_t *count, bool *all, struct err *err) must_check;

/*
 * Put on record each review of this repository that is done by now.  Evidence
 * of the push is in the ledger already.
 */
int owed_settle(struct push *p, struct err *err) must_check;

#endif

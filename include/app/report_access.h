/*
 * report_access - rights as sets: for the report's tables and for
 * src/app/access.c.
 */
#ifndef APP_REPORT_ACCESS_H
#define APP_REPORT_ACCESS_H

#include "app/report_inside.h"

/* Somebody may do that at a gate of the repositories that an entry matches. */
struct right {
	const char *person, *repository, *gate, *right, *through;
};

/* Sorted, each once; `until`: when somebody's rights end next, or 0. */
struct rights {
	struct pool pool;
	struct right *list;
	size_t count;
	int64_t until;
};

/* What the texts up to record `seq` give at `time`; the pool is the caller's.
 */
int rights_at(struct report *r, uint64_t seq, int64_t time, struct rights *out,
    struct err *err) must_check;

/* The order of sorted rights; `through` does not count. */
int right_order(const struct right *a, const struct right *b);
/* How rights call the repositories that an entry matches. */
const char *right_repository(struct pool *pool,
    const struct policy_repository *entry);
/* The last text of either that was in force before `time`. */
uint64_t rights_before(const struct report *r, int64_t time);

/* Duties that could meet in one person, at any time of the period. */
void pairs_add(struct making *m, const struct rights *rights);
void pairs_write(struct making *m);

#endif

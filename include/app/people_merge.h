/*
 * people_merge - people.yaml with what another list of people adds.
 *
 * Somebody on the list is a person of people.yaml where a key, an address or a
 * login of that source is theirs, byte for byte; with `by_id` also where the
 * login is their id.  Where that leads to two people it is left alone, and said
 * so.  Nothing is taken away: an account that the list calls shut, and with
 * `expire_missing` one that is not on it any more, expires now.
 */
#ifndef APP_PEOPLE_MERGE_H
#define APP_PEOPLE_MERGE_H

#include "base/buf.h"
#include "base/map.h"
#include "core/person.h"
#include "core/policy.h"
#include "core/roster.h"

struct people_merge {
	struct pool *pool;
	const struct people *people;
	const char *source;  /* of the logins; NULL: logins are not taken */
	struct texts groups; /* of who is new */
	bool by_id, expire_missing;
	int64_t now;
	/* What came of it. */
	struct person *list; /* persons first, then machines */
	size_t count;
	struct buf difference; /* a line each */
	size_t added, changed, missing, left_alone;
	struct map whose; /* of src/app/people_merge.c */
};

void people_merge(struct people_merge *m, const struct roster *roster);
/* The whole file. */
void people_write(struct buf *out, struct pool *pool, const struct person *list,
    size_t count);

#endif

/* replay_inside - what the sources of replay share. */
#ifndef APP_REPLAY_INSIDE_H
#define APP_REPLAY_INSIDE_H

#include "app/replay.h"
#include "base/pool.h"
#include "core/person.h"
#include "core/policy.h"

/* Policy and people as a record brought them in; NULL `why`: sound. */
struct replay_text {
	struct pool pool;
	char digest[DIGEST_HEX_SIZE]; /* the key; "": empty */
	bool is_people;
	struct policy policy;
	struct people people;
	const char *why;
	uint64_t used; /* when last */
};

/* One decision that waits for its turn, and what came of it. */
struct replay_job {
	struct pool pool;
	const char *line; /* whole */
	size_t len, body;
	const struct tree *record;
	const struct replay_text *policy, *people; /* NULL: no such record */
	struct replayed out;
};

/* Judge it once more; touches nothing but the job. */
void replay_judge(struct replay_job *job);

#endif

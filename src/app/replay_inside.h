/* replay_inside - what the sources of replay share. */
#ifndef APP_REPLAY_INSIDE_H
#define APP_REPLAY_INSIDE_H

#include "app/replay.h"
#include "base/pool.h"
#include "core/renames.h"
#include "core/change.h"
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

/* What statements said, by the numbers of their records; ascending. */
#define REPLAY_SAYS 8
struct replay_said {
	uint64_t seq;
	unsigned char says[REPLAY_SAYS];
};
struct replay_cited {
	struct replay_said *list;
	size_t count, room;
	uint64_t gone; /* records up to that were taken away */
	struct pool pool;
	struct renames renames;
};

/* An observation. */
void replay_cite(struct replay_cited *c, uint64_t seq, int64_t time,
    const struct tree *record);
/* A `renamed` record. */
void replay_renamed(struct replay_cited *c, uint64_t seq,
    const struct tree *record);
/* 0, or the record that does not say what decision `seq` has of it. */
uint64_t replay_uncited(const struct replay_cited *c, const struct update *u,
    uint64_t seq);
void replay_cited_free(struct replay_cited *c);

/* One decision that waits for its turn, and what came of it. */
struct replay_job {
	struct pool pool;
	const char *line; /* whole */
	size_t len, body;
	const struct tree *record;
	const struct replay_text *policy, *people; /* NULL: no such record */
	const struct replay_cited *cited;
	struct replayed out;
};

/* Judge it once more; touches nothing but the job. */
void replay_judge(struct replay_job *job);

#endif

/*
 * record_posted - the record of a verdict that a forge was told.
 *
 * An observation of the kind "verdict-told": it changes no verdict and keeps
 * what people saw at a commit, and why.  `facts` name what it was judged by.
 */
#ifndef CORE_RECORD_POSTED_H
#define CORE_RECORD_POSTED_H

#include "core/record.h"

#define POSTED_DESCRIPTION_MAX 140 /* bytes of a status's description */

struct posted {
	const char *repository;
	const char *gate;
	const char *ref;
	const char *commit;
	const char *source;
	const char *context;         /* foureyes/<gate> */
	const char *state;           /* "success", "failure", "pending" */
	const char *description;     /* the finding's words, cut */
	const char *outcome;         /* of the verdict behind it */
	const char *change;          /* its id */
	const char *const *requests; /* their numbers */
	size_t request_count;
	const char *const *codes; /* of the findings in the way */
	size_t code_count;
	/* All of the verdict, for the page that explains it. */
	const struct finding *findings;
	size_t finding_count;
	struct in_force in_force;
};

void record_posted(struct buf *out, const struct posted *t);
/* success < pending < failure. */
unsigned posted_rank(const char *state);

#endif

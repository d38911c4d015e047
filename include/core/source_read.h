/*
 * source_read - the receiver's part of foureyes.yaml: shape only.
 *
 * foureyesd uses these keys; a hook only has to know the sources' names, for
 * `logins` in people.yaml, and that nothing is misspelt.
 */
#ifndef CORE_SOURCE_READ_H
#define CORE_SOURCE_READ_H

#include "core/policy.h"

#define SOURCE_MAX 1000

struct source_name {
	const char *name;
	const char *kind; /* "github" and so on */
};

struct source_names {
	const struct source_name *list;
	size_t count;
};

/* `receiver` may be NULL; `out` is empty then. */
int source_names_read(struct source_names *out, struct pool *pool,
    const struct tree *receiver, struct err *err) must_check;

#endif

/*
 * visit - a repository, as a command looks at it.
 *
 *	struct push p = {0};
 *
 *	if (visit_open(&p, &s, "payments", err) == 0)
 *		...
 *	visit_close(&p);
 *
 * A repository is named as the server names it, or by its path.
 */
#ifndef APP_VISIT_H
#define APP_VISIT_H

#include "app/push.h"

#define VISIT_DEPTH_MAX 16
#define VISIT_REPOSITORIES_MAX 100000

/* A gated ref as it stands now. */
struct visit_ref {
	const char *name;
	const struct gate *gate;
	const char *tip; /* what it holds */
};

/* The path of a repository by its name, else of the path itself. */
int visit_path(struct setup *s, const char *word, const char **path,
    struct err *err) must_check;
/*
 * A push without refs: repository, entry of the policy, what is in force.
 * `p` is zeroed before.
 */
int visit_open(struct push *p, struct setup *s, const char *word,
    struct err *err) must_check;
void visit_close(struct push *p);

/* The gated refs there are, in the order of their names; symbolic ones not. */
int visit_refs(struct push *p, struct visit_ref **list, size_t *count,
    struct err *err) must_check;

/*
 * The paths of all repositories below the doors' roots, sorted.  Symbolic links
 * are not followed, and nothing is looked for inside a repository.
 */
int visit_all(struct setup *s, const char ***paths, size_t *count,
    struct err *err) must_check;

#endif

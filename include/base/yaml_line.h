/*
 * yaml_line - what stands in one line of a YAML document, for tree_quick.h.
 *
 * Each reader begins at `at`, stays on its line and leaves `at` behind what it
 * took.  False or NULL: it is no part of YAML that is taken here, and where
 * `at` is then does not matter.
 */
#ifndef BASE_YAML_LINE_H
#define BASE_YAML_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"
#include "base/tree.h"

struct yaml_line {
	const char *at, *end; /* what is not read yet */
	const char *line;     /* where the line that `at` is in begins */
	unsigned line_number;
	struct pool *pool;
	const char *file;
	size_t nodes;
};

/* A node that begins here; NULL when there are too many. */
struct tree *yaml_node(struct yaml_line *r);

bool yaml_line_ends(const struct yaml_line *r);
void yaml_skip_spaces(struct yaml_line *r);
/* Spaces and a comment; does the line end there? */
bool yaml_skip_rest(struct yaml_line *r);

/* `inside`: inside of brackets. */
bool yaml_scalar(struct yaml_line *r, bool inside, struct tree *t);
/* A key with its colon. */
const char *yaml_key(struct yaml_line *r, bool inside);
/* From an opening bracket to the closing one. */
bool yaml_brackets(struct yaml_line *r, unsigned depth, struct tree *t);

/* No key stands twice in the mapping. */
bool yaml_keys_differ(struct yaml_line *r, const struct tree *map);

#endif

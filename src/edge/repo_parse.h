/*
 * repo_parse - the bytes of Git's own formats, taken apart.
 *
 * Looks only at what it is given and allocates nothing but what goes into a
 * caller's buf.  Formats: gitformat-commit (the header lines of a commit as
 * `git cat-file commit` shows them), tree objects, objects/info/alternates
 * with git's C-style quoting, packed-refs with its "# pack-refs with:" line.
 */
#ifndef EDGE_REPO_PARSE_H
#define EDGE_REPO_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define REPO_MODE_KIND 0170000U
#define REPO_MODE_TREE 0040000U
#define REPO_MODE_LINK 0120000U
#define REPO_MODE_GITLINK 0160000U

/* Texts inside the raw object; an id is 40 hex digits without an end. */
struct repo_parsed {
	const char *tree;
	const char *parents; /* the first parent's line */
	size_t parent_count;
	int64_t date; /* seconds, as the committer claims; 0 where odd */
};
bool repo_parse_commit(struct repo_parsed *out, const char *raw, size_t len);
/* The id of the n-th parent. */
const char *repo_parsed_parent(const struct repo_parsed *p, size_t n);

struct repo_entry {
	const char *name; /* of `len` bytes: not empty, no "/" */
	size_t len;
	unsigned mode;
	const unsigned char *id;
};
/* 1: an entry; 0: the end; -1: malformed.  `*at` moves on. */
int repo_parse_entry(struct repo_entry *out, const char **at, const char *end);
bool repo_entry_is_tree(const struct repo_entry *e);
/* Trees are sorted as if the names of directories ended in "/". */
int repo_entry_order(const struct repo_entry *a, const struct repo_entry *b);

/*
 * The next path of a list of alternates: entries stand between separators,
 * "#" starts a comment, a path in double quotes is C-quoted.  `out` is empty
 * for a comment or nothing.  Returns where the rest begins.
 */
const char *repo_parse_alternate(struct buf *out, const char *at,
    char separator);

/* A line of packed-refs: "<40 hex> <name>". */
struct repo_packed {
	const char *oid;
	const char *name;
	size_t name_len;
};
/* The line that `at` begins; false for the header, peeled lines and rubbish. */
bool repo_parse_packed(struct repo_packed *out, const char *at,
    const char *end);

/* A name that git itself would take for a ref (or HEAD), of sane length. */
bool repo_ref_name_ok(const char *name);

#endif

/*
 * object - what a raw commit or tag object says, read strictly.
 *
 * Git and its libraries read odd objects differently: one stops at a NUL, one
 * takes the first of two addresses and one the last.  Here an object either
 * has the one plain form in which all of them agree, or it has a defect, and
 * then nothing of it is given out.  The plain form is what git fsck accepts
 * (gitformat of commit and tag in git's Documentation/ and fsck.c), and:
 *
 *	no NUL anywhere; tree, parents, author, committer in this order, tree,
 *	author and committer once each; then any other headers, whose lines are
 *	a key, a blank and a value, continued by lines that begin with a blank;
 *	one gpgsig and one gpgsig-sha256 at most; a tag: object, type, tag,
 *	tagger (old tags may lack it), other headers.
 *	Who is named is named as core/ident.h has it.
 *
 * Bytes above 0x7F and control characters in names and messages are allowed and
 * given as they are: whoever shows them uses text_safe() or text_armor().
 * Texts are copies in the pool, ended by NUL.  Work is linear in `len`.
 */
#ifndef CORE_OBJECT_H
#define CORE_OBJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/ident.h"

#define OBJECT_MESSAGE_MAX 1048576 /* 1 MiB */
#define OBJECT_HEADER_MAX 1048576  /* all header lines together */
#define OBJECT_PARENTS_MAX 1024

/*
 * `defect` is a short stable code, set when parsing answers -1:
 * nul, header-too-long, message-too-long, unterminated-header, bad-header,
 * bad-object-id, no-tree, two-trees, stray-parent, too-many-parents, no-author,
 * two-authors, no-committer, two-committers, two-signatures, two-encodings,
 * bad-encoding, no-address, empty-address, two-addresses, bad-address,
 * bad-name, bad-date, bad-zone, and for tags no-object, no-type, bad-type,
 * no-name, two-headers.
 */
struct commit {
	const char *tree;
	const char *const *parents;
	size_t parent_count;
	struct ident author, committer;
	const char *encoding; /* NULL: no such header */
	const char *message;  /* behind the blank line; NULL: there is none */
	size_t message_len;
	bool is_signed; /* has a signature header, good or not */
	const char *defect;
};

enum object_kind {
	OBJECT_UNKNOWN = 0,
	OBJECT_COMMIT,
	OBJECT_TREE,
	OBJECT_BLOB,
	OBJECT_TAG
};

struct tag {
	const char *object; /* what it points at, one step */
	enum object_kind kind;
	const char *name; /* the tag header, not the ref */
	bool has_tagger;
	struct ident tagger;
	const char *message; /* with a signature's armor, if any; may be NULL */
	size_t message_len;
	const char *defect;
};

/* ERR_INPUT names the defect in words; `out->defect` is its code. */
int commit_parse(struct commit *out, struct pool *pool, const char *raw,
    size_t len, struct err *err) must_check;
int tag_parse(struct tag *out, struct pool *pool, const char *raw, size_t len,
    struct err *err) must_check;

#endif

/*
 * payload_parts - what the readers of payload_<kind>.c have in common.
 *
 * The getters take NULL for a node and give NULL for what is absent, is not
 * what was asked for, holds a NUL or is too long: what is not known well is not
 * known.  Whoever needs it says so with payload_lacks().
 */
#ifndef PAYLOAD_PARTS_H
#define PAYLOAD_PARTS_H

#include "base/json_pick.h"
#include "base/tree.h"
#include "core/payload.h"

#define PAYLOAD_EVENT_MAX 64 /* bytes of an event's name that are looked at */

struct payload_reader {
	struct pool *pool;
	struct err *err;
	const char *event; /* "" where there is none */
	const char *action;
	const struct tree *body;
	const char *repository, *repository_id;
	struct forge_user sender;
	struct observed *list;
	size_t count;
	const char *ignored;
};

/* One row for each event; `ignored` says why nobody needs it. */
struct payload_event {
	const char *name;
	int (*read)(struct payload_reader *r);
	const char *ignored;
};

/* One forge: what is wanted of a body, and who reads it. */
struct payload_kind {
	const struct json_want *wants;
	int (*read)(struct payload_reader *r);
};
extern const struct payload_kind payload_github, payload_gitlab, payload_gitea,
    payload_bitbucket, payload_bitbucket_dc, payload_generic;

/* By the row of `events` (an empty one ends it) with that name. */
int payload_by_event(struct payload_reader *r,
    const struct payload_event *events, const char *name);
/* 0: nothing is kept of it, for that reason (a constant). */
int payload_ignore(struct payload_reader *r, const char *why);
/* -1: malformed, it has no (usable) `what`. */
int payload_lacks(struct payload_reader *r, const char *what);
bool payload_is_one_of(const char *word, const char *const list[]);

/* One more thing that was observed; NULL, and an error, beyond OBSERVED_MAX. */
struct observed *payload_add(struct payload_reader *r, enum observed_kind kind);

const char *payload_name(const struct tree *t, const char *path);
/* A name, or a number with its digits as they stand. */
const char *payload_id(const struct tree *t, const char *path);
/* What people wrote: cut at OBSERVED_TEXT, NULs replaced, secrets left out. */
const char *payload_text(struct payload_reader *r, const struct tree *t,
    const char *path);
const char *payload_title(struct payload_reader *r, const struct tree *t,
    const char *path);
const char *payload_oid(const struct tree *t, const char *path);
/* The object id that an address ends with. */
const char *payload_oid_behind(const struct tree *t, const char *path);
/* 7 digits or more of an object id, but not all of them. */
const char *payload_short_oid(const struct tree *t, const char *path);
/* A full ref's name ("refs/..."). */
const char *payload_ref(const struct tree *t, const char *path);
/* The full name of a branch, or of a tag, of that short name. */
const char *payload_branch(struct payload_reader *r, const struct tree *t,
    const char *path);
const char *payload_tag(struct payload_reader *r, const struct tree *t,
    const char *path);
/* An object id, and zeros in the length of `like` where there is none. */
const char *payload_zeros(const char *like);
/* By the forge's clock: RFC 3339, its looser forms, or milliseconds; or 0. */
int64_t payload_instant(const struct tree *t, const char *path);
bool payload_is_true(const struct tree *t, const char *path);
/* "a<between>b", or NULL where one is, or it is longer than a name. */
const char *payload_join(struct payload_reader *r, const char *a,
    const char *between, const char *b);

#endif

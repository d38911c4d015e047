/*
 * payload - what a webhook's body says, for each kind of source.
 *
 * The signature was checked over the raw bytes before anything here looks at
 * them (core/webhook.h).  One file a forge: src/core/payload_<kind>.c; a new
 * forge is a file and a row of the table in payload.c.  Pure.
 *
 * Only the paths that are wanted are kept, by one pass of a strict reader: a
 * key twice, more than PAYLOAD_DEPTH_MAX levels, bytes that are
 * not UTF-8 and anything behind the document are refused whole.
 */
#ifndef CORE_PAYLOAD_H
#define CORE_PAYLOAD_H

#include "base/err.h"
#include "base/pool.h"
#include "core/observed.h"

#define PAYLOAD_MAX (26214400u) /* bytes: 25 MiB */
#define PAYLOAD_DEPTH_MAX 32

enum source_kind {
	SOURCE_GITHUB = 0,
	SOURCE_GITLAB,
	SOURCE_GITEA,
	SOURCE_FORGEJO,
	SOURCE_BITBUCKET,
	SOURCE_BITBUCKET_DC,
	SOURCE_GENERIC
};

struct payload {
	const char *repository; /* the forge's name; NULL: of none */
	const struct observed *list;
	size_t count;
	const char *ignored; /* why nothing is kept of it; NULL otherwise */
};

/*
 * `event` is the header that names the event (NULL where there is none).
 * ERR_INPUT: malformed, and why; an event nobody needs is no error.
 */
int payload_read(struct payload *out, struct pool *pool, enum source_kind kind,
    const char *event, const char *body, size_t len,
    struct err *err) must_check;

/* By kind; NULL ends them. */
extern const char *const source_kind_names[];
const char *source_kind_name(enum source_kind kind);

#endif

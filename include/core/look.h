/*
 * look - what foureyesd answers to a hook that asked it to look again.
 *
 * The answer is HTTP/1.1 with a Content-Length over a Unix socket, its body the
 * JSON of app/daemon_look.h.  It decides nothing: it says how many records are
 * new, and which sources did not answer.  Pure.
 */
#ifndef CORE_LOOK_H
#define CORE_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/pool.h"

#define LOOK_HEAD_MAX 8192
#define LOOK_ANSWER_MAX 65536 /* bytes, head and body */

struct look_said {
	unsigned stored;
	unsigned asked;     /* sources that know the repository */
	const char *failed; /* "hub: why", the first; NULL: all answered */
};

/* Is all of the answer there?  Also where it can never be one. */
bool look_is_whole(const char *data, size_t len);
/* ERR_INPUT: it is no whole answer, or says that it could not. */
int look_read(struct look_said *out, struct pool *pool, const char *data,
    size_t len, struct err *err) must_check;

#endif

/*
 * daemon_look - a hook misses facts: ask those who may know them, now.
 *
 * The body is {"repository","commits":[...],"refs":[...],"deadline":ms}; the
 * repository by our name.  Each source with an `api` that has a name for it is
 * asked about the commits and, where no request is known of them, about the
 * open requests for the refs.  What is new is stored before it is answered:
 *
 *	{"stored":2,"asked":["hub"],"failed":[{"source":"hub","why":"..."}]}
 *
 * A source that did not answer in full is named in `failed`, and nothing of it
 * is stored.
 */
#ifndef APP_DAEMON_LOOK_H
#define APP_DAEMON_LOOK_H

#include "app/setup.h"
#include "base/buf.h"

#define LOOK_BODY_MAX 65536 /* bytes */
#define LOOK_COMMITS_MAX 20
#define LOOK_REFS_MAX 20
#define LOOK_REQUESTS_MAX 20 /* open ones, whose reviews are asked for */
#define LOOK_TIME_MAX 10000  /* ms */

/*
 * `s` has its log open for appending.  The status of HTTP; `out` becomes the
 * answer.
 */
unsigned look_answer(struct setup *s, const char *body, size_t len,
    struct buf *out);

/* look REPOSITORY [COMMIT...]: the same by hand. */
int daemon_look(int argc, char **argv, const char *config);

#endif

/*
 * gitrun - git as a child, for commands on people's own machines and for the
 * mirrors of foureyesd.
 *
 * Never in a hook.  The words are fixed ones of ours, names a person typed, and
 * object ids; nothing out of a commit or a tag becomes one.  There is no shell,
 * and what git says is bounded.
 */
#ifndef APP_GITRUN_H
#define APP_GITRUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"

#define GITRUN_WORDS_MAX 32
#define GITRUN_OUTPUT_MAX (4u << 20)

struct gitrun {
	const char *program; /* NULL: git */
	const char *input;   /* NULL: none */
	bool shown;          /* what it says goes to the terminal */
	bool silent;         /* its complaints go nowhere */
	bool both;           /* its complaints are in `output` as well */
	/* The whole of its environment, ended by NULL; NULL: ours. */
	char *const *environment;
	/*
	 * 0: as long as it takes.  Else git and all that it began are ended so
	 * many ms from now, and it is ERR_UNREACHABLE.
	 */
	int64_t milliseconds;
	uint64_t file_max; /* bytes of one file that it may write; 0: any */
	/* What came of it. */
	const char *output; /* without its last newline */
	int status;
};

/*
 * Where the first word is "-C", no variable of Git's says otherwise.
 *
 * `words` are ended by NULL.  -1: it could not be run, or said too much; a
 * status of its own is no error.
 */
int gitrun(struct gitrun *run, struct pool *pool, const char *const words[],
    struct err *err) must_check;
/* The same, and its output where it succeeded; else NULL. */
const char *gitrun_ask(struct pool *pool, const char *const words[]);

#endif

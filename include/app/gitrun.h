/*
 * gitrun - Git as a child, on a reviewer's or developer's own machine.
 *
 * No shell: a list of words, of which each is ours, an object id, a ref name
 * that has been looked at, or stands behind "--".  Never used by a hook.
 */
#ifndef APP_GITRUN_H
#define APP_GITRUN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"

#define GITRUN_OUTPUT_MAX (16 * 1024 * 1024)

/*
 * Run `argv` (NULL ends it) with `input` (NULL: nothing) on its standard
 * input.  With `out` its standard output goes there, else to ours; its standard
 * error is ours unless `quiet`.  `*status` is its exit status; -1 only when it
 * could not be run or said too much.
 */
int gitrun(const char *const argv[], const char *input, struct buf *out,
    bool quiet, int *status, struct err *err) must_check;
/* The first line of what it prints, or NULL when it fails or says nothing. */
const char *gitrun_line(struct pool *pool, const char *const argv[]);

#endif

/*
 * hook - Git's side: what the files in a repository's hooks/ run.
 *
 * pre-receive decides a push; reference-transaction (committed) and
 * post-receive witness what moved.  An installed hook is a text file that
 * names its configuration and the hook that was there before it; the kernel
 * runs us for it, so no shell stands between Git and the decision.
 */
#ifndef APP_HOOK_H
#define APP_HOOK_H

#include "app/push.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"

#define HOOK_INPUT_MAX ((size_t)64 * 1024 * 1024)
#define HOOK_FILE_MAX 65536

struct hook {
	const char *name;   /* "pre-receive" ... */
	const char *config; /* absolute directory */
	const char *before; /* path of the hook that was there; or NULL */
	int argc;           /* what Git gave it */
	char **argv;
	const char *prefix; /* of each line of a refusal; NULL: none */
	const char *input;  /* standard input, whole */
	size_t input_len;
};

/* Read an installed hook file. */
int hook_file_read(struct hook *hook, struct pool *pool, const char *path,
    struct err *err) must_check;
int hook_input_read(struct hook *hook, struct pool *pool,
    struct err *err) must_check;
/*
 * Run the hook that was there, with the same arguments, input and environment.
 * Its exit status; 127 when it cannot be run.  0 when there is none, or it is
 * not executable (as Git passes over those).
 */
int hook_run_before(const struct hook *hook);

/*
 * Tell the pusher.  Whoever listens may have gone; what was decided stands all
 * the same.
 */
void hook_answer(const struct buf *text);
/* Tell that it could not be checked; returns 1. */
int hook_answer_error(const struct err *err);
/*
 * Decide a push: what the hook ends with, and `text` for the pusher.  `p` is
 * zeroed but for what was handed over; its repository is closed by the caller.
 */
int hook_decide(struct hook *hook, struct setup *s, struct push *p,
    struct buf *text);
/* Of a server that shows only lines with a prefix: put it before each. */
void hook_prefix(const struct hook *hook, struct buf *text);
/* Of a transaction's input, what is not Git's own book-keeping. */
void hook_plain_lines(struct hook *hook, struct pool *pool);
/*
 * What moved, told by the transaction or after the push.  Nothing can be
 * refused any more, and who comes next finds what was not told: `text` is all
 * that comes of it.
 */
void hook_witness(struct hook *hook, struct setup *s, struct push *p,
    struct buf *text);
/* Decide or witness; the exit status for Git. */
int hook_run(struct hook *hook, struct pool *pool);

#endif

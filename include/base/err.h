/*
 * err - why something could not be done.
 *
 * A function that can fail returns 0 or -1 and takes a `struct err *` last.
 * On 0 the struct is untouched.  On -1 it says what is wrong, in one line
 * without a full stop: the thing in quotes, file and line where there is one,
 * never a secret; control bytes become "?", and what is too long is cut
 * between two characters.  It lives on the caller's stack and owns nothing.
 *
 * The first cause wins: whoever passes an error on may only put a place in
 * front of it with err_within().
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define must_check __attribute__((warn_unused_result))
#define like_printf(f, a) __attribute__((format(printf, f, a)))

/* Six kinds, because callers act on six. */
enum err_kind {
	ERR_NONE = 0,
	ERR_INPUT,       /* what was given is malformed or over a limit */
	ERR_CONFIG,      /* policy, people or settings are unsound */
	ERR_UNREACHABLE, /* somebody else did not answer, or not in time */
	ERR_TAMPERED,    /* evidence does not add up */
	ERR_SYSTEM       /* the operating system said no */
};

struct err {
	enum err_kind kind;
	char text[640];
};

/* Each returns -1, so that `return err_set(...)` reads well. */
int err_set(struct err *err, enum err_kind kind, const char *format, ...)
    like_printf(3, 4);
/* "what: <strerror of errno>", kind ERR_SYSTEM. */
int err_errno(struct err *err, const char *format, ...) like_printf(2, 3);
/* Put "<place>: " in front of what is there. */
int err_within(struct err *err, const char *format, ...) like_printf(2, 3);

/*
 * What no caller can handle, out of memory above all: says why on standard
 * error and ends the process with status 3.  A hook that dies refuses.
 */
void err_fatal(const char *why) __attribute__((noreturn));

#endif

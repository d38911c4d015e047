/*
 * dial - a connection to our own foureyesd, from a hook.
 *
 * By its Unix socket, or by TLS with its certificate checked.  Everything has
 * one deadline, given when it is opened; what is not done by then is an error.
 */
#ifndef EDGE_DIAL_H
#define EDGE_DIAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct dial;

struct dial_how {
	const char *gate;    /* "unix:/PATH" or "https://HOST[:PORT]" */
	const char *ca_file; /* PEM; NULL: the system's */
	const char *address; /* instead of asking for HOST's; or NULL */
	int64_t patience;    /* ms from now on, for everything */
};

/* ERR_UNREACHABLE: nobody is there, or not who it must be. */
int dial_open(struct dial **out, const struct dial_how *how,
    struct err *err) must_check;
int dial_write(struct dial *d, const void *data, size_t len,
    struct err *err) must_check;
/* Bytes read, 0 at the end, or -1. */
ssize_t dial_read(struct dial *d, void *data, size_t size,
    struct err *err) must_check;
void dial_close(struct dial *d); /* NULL is allowed */

#endif

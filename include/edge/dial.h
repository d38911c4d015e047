/*
 * dial - a connection: from a hook to our own foureyesd, or to who takes
 * syslog.
 *
 * By a Unix socket, by TLS with the other's certificate checked, or, on this
 * machine, by TCP or UDP.  Everything has one deadline, given when it is
 * opened; what is not done by then is an error.
 */
#ifndef EDGE_DIAL_H
#define EDGE_DIAL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

struct dial;

struct dial_how {
	/*
	 * "unix:/PATH", "https://HOST[:443]", "tls://HOST[:6514]",
	 * "tcp://HOST[:514]" or "udp://HOST[:514]"; whether the last two are
	 * fit for that host is the caller's to know.
	 */
	const char *gate;
	const char *ca_file;           /* PEM; NULL: the system's */
	const char *certificate, *key; /* PEM, to show who we are; or NULL */
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
/*
 * Nothing more is written: wait until the other side has read to the end and
 * says so by ending too.  Where the protocol above has no answers, it is the
 * only sign that it arrived.  -1: it broke, or nothing came in time.  By UDP
 * there is no such sign.
 */
int dial_end(struct dial *d, struct err *err) must_check;
void dial_close(struct dial *d); /* NULL is allowed */

#endif

/* dial_inside - what dial's two files share; libssl's types by name only. */
#ifndef EDGE_DIAL_INSIDE_H
#define EDGE_DIAL_INSIDE_H

#include <stdbool.h>

#include "edge/dial.h"

struct ssl_ctx_st;
struct ssl_st;

struct dial {
	int fd;
	int64_t until; /* of the monotonic clock, in ms */
	bool datagrams;
	struct ssl_ctx_st *context;
	struct ssl_st *tls; /* NULL: plain */
};

/* Until poll() says so, or it is too late. */
int dial_wait(const struct dial *d, short events, struct err *err) must_check;

/* dial_tls.c */
int dial_tls_start(struct dial *d, const char *host, const struct dial_how *how,
    struct err *err) must_check;
int dial_tls_say_end(struct dial *d, struct err *err) must_check;
int dial_tls_write(struct dial *d, const void *data, size_t len,
    struct err *err) must_check;
ssize_t dial_tls_read(struct dial *d, void *data, size_t size,
    struct err *err) must_check;
void dial_tls_end(struct dial *d);

#endif

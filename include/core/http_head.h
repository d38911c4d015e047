/*
 * http_head - the head of an HTTP/1.1 answer, of our own foureyesd or of a
 * server in front of it.
 *
 * What is read: the status, how long the body is, whether the connection stays
 * open, and one field of ours.  A body whose length is not said in bytes is
 * not taken.  RFC 9112.
 */
#ifndef CORE_HTTP_HEAD_H
#define CORE_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define HTTP_HEAD_MAX 16384
#define HTTP_TOKEN_MAX 64

struct http_head {
	unsigned status;
	size_t head_len; /* bytes of the head, its empty line included */
	size_t body_len;
	bool closes; /* the connection, behind the body */
	char session[HTTP_TOKEN_MAX +
	    1]; /* Foureyes-Gate; "" if there is none */
};

/* 1: a head; 0: it has not ended yet; -1: it is none. */
int http_head_read(struct http_head *out, const char *data, size_t len,
    struct err *err) must_check;

#endif

/*
 * http - asking a server over HTTP or HTTPS, once.
 *
 * The door to libcurl, so this is linked into foureyesd alone.  Certificates
 * are checked; a redirect is an answer like any other and is not followed; what
 * comes back is bounded; the whole of it has one deadline.  A token is in no
 * error.
 *
 * A struct http keeps the connection between questions to one server; it is
 * one thread's at a time.
 */
#ifndef EDGE_HTTP_H
#define EDGE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define HTTP_DEADLINE_MAX 600000   /* ms */
#define HTTP_ANSWER_MAX (1u << 20) /* bytes of a body, by default */
#define HTTP_FIELDS_MAX 65536      /* bytes of an answer's headers */
#define HTTP_TYPE_SIZE 128

enum http_method {
	HTTP_GET = 0,
	HTTP_PUT,
	HTTP_POST
};

/* One header more. */
struct http_field {
	const char *name, *value;
};

struct http;
struct http *http_open(void);
void http_close(struct http *http);

struct http_request {
	enum http_method method;
	const char *url;     /* http:// or https:// */
	const char *called;  /* by errors, where the URL is a secret; or NULL */
	const char *type;    /* of the body; NULL: no body */
	const char *accept;  /* or NULL */
	const char *bearer;  /* a token; or NULL */
	const char *ca_file; /* NULL: those of the system */
	const void *body;
	size_t len;
	int64_t deadline; /* ms, for all of it */
	const struct http_field *fields;
	size_t field_count;
	size_t most;       /* bytes of a body; 0: HTTP_ANSWER_MAX */
	struct http *kept; /* NULL: a connection of its own */
};

struct http_answer {
	long status; /* of HTTP */
	struct buf body;
	char type[HTTP_TYPE_SIZE]; /* its Content-Type, or "" */
	struct buf fields;         /* read by http_field() */
};

/*
 * 0: the server answered, whatever its status.  ERR_UNREACHABLE: it did not, or
 * not in time, or with too much.  The answer is the caller's to free.
 */
int http_ask(struct http_answer *out, const struct http_request *request,
    struct err *err) must_check;
void http_answer_free(struct http_answer *answer);
/* The nth (from 0) header of that name, in any case; NULL: there is none. */
const char *http_field(const struct http_answer *answer, const char *name,
    size_t nth);

#endif

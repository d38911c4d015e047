/*
 * Is a head one that everybody reads alike, and is there a route?
 *
 * A relay in front of us may read a head otherwise than we do; what it then
 * takes for a body would be the next request here.  So whatever leaves a choice
 * is refused, and the connection is closed.
 */
#include "listen_inside.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

static bool
refuse(struct listen_request *r, unsigned status, const char *why)
{
	r->status = status;
	r->refused = why;
	return true;
}

/* RFC 9110 section 5.6.2. */
static bool
is_token(const char *name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	if (name[0] == '\0')
		return false;
	for (; *name != '\0'; name++)
		if (!((*name >= 'a' && *name <= 'z') ||
		        (*name >= 'A' && *name <= 'Z') ||
		        (*name >= '0' && *name <= '9') ||
		        strchr(others, *name) != NULL))
			return false;
	return true;
}

/* Visible characters, blanks and tabs; bytes beyond ASCII as they are. */
static bool
is_value(const char *value)
{
	for (; *value != '\0'; value++)
		if (((unsigned char)*value < ' ' && *value != '\t') ||
		    *value == 0x7f)
			return false;
	return true;
}

static size_t
times(const struct listen_request *r, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < r->head_count; i++)
		n += strcasecmp(r->heads[i].name, name) == 0;
	return n;
}

/* Digits alone, and not too many; SIZE_MAX where it is none. */
static size_t
read_length(const char *text)
{
	size_t n = 0;

	if (text[0] == '\0' || strlen(text) > 15)
		return SIZE_MAX;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return SIZE_MAX;
		n = n * 10 + (size_t)(*text - '0');
	}
	return n;
}

/*
 * libmicrohttpd 0.9.75 takes what is folded behind "Name:" for the rest of the
 * name: then the length would be missed that others see.
 */
static bool
is_garbled(const char *name)
{
	static const char *const lengths[] = {"Content-Length",
	    "Transfer-Encoding"};

	for (size_t i = 0; i < 2; i++)
		if (text_starts_case_blind(name, lengths[i]) &&
		    strlen(name) > strlen(lengths[i]))
			return true;
	return false;
}

static const char *
why_ambiguous(const struct listen_request *r)
{
	size_t lengths = times(r, "Content-Length");
	const char *coding = listen_header(r, "Transfer-Encoding");

	if (r->too_many)
		return "too many headers";
	for (size_t i = 0; i < r->head_count; i++)
		if (!is_token(r->heads[i].name) ||
		    !is_value(r->heads[i].value) ||
		    is_garbled(r->heads[i].name))
			return "a header is malformed";
	if (times(r, "Host") > 1)
		return "there are several hosts";
	if (lengths > 1 || (lengths == 1 && coding != NULL))
		return "there are several lengths";
	if (lengths == 1 &&
	    read_length(listen_header(r, "Content-Length")) == SIZE_MAX)
		return "the length is no number";
	if (lengths == 0 && coding == NULL && strcmp(r->method, "POST") == 0)
		return "the length is missing";
	if (coding != NULL && strcasecmp(coding, "chunked") != 0)
		return "a transfer encoding other than 'chunked'";
	return NULL;
}

static bool
fits_path(const struct listen_route *route, const char *path)
{
	size_t len = strlen(route->path);

	if (len > 1 && route->path[len - 1] == '/')
		return strncmp(route->path, path, len) == 0;
	return strcmp(route->path, path) == 0;
}

static bool
fits_method(const struct listen_route *route, const char *method)
{
	return strcmp(route->method, method) == 0 ||
	    (strcmp(route->method, "GET") == 0 && strcmp(method, "HEAD") == 0);
}

/* The most specific one; `*other` where only the method does not fit. */
static const struct listen_route *
find_route(const struct listen_request *r, bool *other)
{
	const struct listen_route *best = NULL;

	*other = false;
	for (size_t i = 0; i < r->listen->route_count; i++) {
		const struct listen_route *route = &r->listen->routes[i];

		if (!fits_path(route, r->path) ||
		    (route->local_only && !r->line->generation->local))
			continue;
		if (!fits_method(route, r->method))
			*other = true;
		else if (best == NULL ||
		    strlen(route->path) > strlen(best->path))
			best = route;
	}
	return best;
}

bool
listen_head_fits(struct listen_request *r)
{
	const char *why = why_ambiguous(r);
	const char *length = listen_header(r, "Content-Length");
	size_t len = length == NULL ? 0 : read_length(length);
	bool other, waits = listen_header(r, "Expect") != NULL;

	if (why != NULL) {
		(void)refuse(r, 400, why);
		return false;
	}
	r->announced = len;
	r->route = find_route(r, &other);
	if (r->route == NULL)
		(void)refuse(r, other ? 405 : 404,
		    other ? "not with this method" : "there is nothing here");
	else if (len > r->route->body_max)
		(void)refuse(r, 413, "the body is too large");
	/* Who waits for leave is told at once; others when they have sent it.
	 */
	return r->refused == NULL || (!waits && len <= LISTEN_FORGET);
}

/*
 * fake_http - a server for tests of edge/forge: http_ask() answers from a
 * table, the first line whose `at` stands in the address, and keeps what was
 * asked.  What stands nowhere is 404.
 */
#ifndef FAKE_HTTP_H
#define FAKE_HTTP_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge/http.h"
#include "edge/http_fields.h"

struct fake_answer {
	const char *at;
	const char *body;
	long status;        /* 0: 200 */
	const char *fields; /* "name: value\n" lines, or NULL */
	const char *type;   /* NULL: JSON */
};

static const struct fake_answer *fake_answers;
static char fake_asked[16384];
static char fake_sent[4096];

static void
fake_serve(const struct fake_answer *answers)
{
	fake_answers = answers;
	fake_asked[0] = '\0';
	fake_sent[0] = '\0';
}

struct http *
http_open(void)
{
	return NULL;
}

void
http_close(struct http *http)
{
	(void)http;
}

int
http_ask(struct http_answer *out, const struct http_request *r, struct err *err)
{
	static const struct fake_answer none =
	    {.body = "{\"message\":\"Not Found\"}", .status = 404};
	const struct fake_answer *a = fake_answers;
	size_t at = strlen(fake_asked);

	(void)snprintf(fake_asked + at, sizeof(fake_asked) - at, "%s\n",
	    r->url);
	if (r->body != NULL)
		(void)snprintf(fake_sent, sizeof(fake_sent), "%.*s",
		    (int)r->len, (const char *)r->body);
	while (a->at != NULL && strstr(r->url, a->at) == NULL)
		a++;
	if (a->at == NULL)
		a = &none;
	*out = (struct http_answer){.status = a->status != 0 ? a->status : 200};
	if (out->status < 0)
		return err_set(err, ERR_UNREACHABLE, "'%s' does not answer",
		    r->url);
	(void)snprintf(out->type, sizeof(out->type), "%s",
	    a->type != NULL ? a->type : "application/json; charset=utf-8");
	buf_put(&out->body, a->body);
	for (const char *f = a->fields; f != NULL && *f != '\0';) {
		size_t len = strcspn(f, "\n");

		http_fields_add(&out->fields, f, len);
		f += len + (f[len] != '\0');
	}
	return 0;
}

#endif

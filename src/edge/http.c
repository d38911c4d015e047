#include "edge/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "edge/http_fields.h"

#define CONNECT_MAX 15000L /* ms */

struct http {
	CURL *curl;
};

struct taking {
	struct http_answer *out;
	size_t most;
};

static size_t
take(char *data, size_t size, size_t count, void *ctx)
{
	struct taking *t = ctx;
	size_t len = size * count;

	/* Another length than was given ends the transfer. */
	if (t->out->body.len + len > t->most)
		return len == 0 ? 1 : 0;
	buf_add(&t->out->body, data, len);
	return len;
}

static size_t
take_field(char *line, size_t size, size_t count, void *ctx)
{
	struct taking *t = ctx;
	size_t len = size * count;

	if (t->out->fields.len + len > HTTP_FIELDS_MAX)
		return len == 0 ? 1 : 0;
	http_fields_add(&t->out->fields, line, len);
	return len;
}

static struct curl_slist *
add(struct curl_slist *list, const char *name, const char *value)
{
	struct buf line = {0};
	struct curl_slist *longer;

	if (value == NULL)
		return list;
	buf_printf(&line, "%s%s", name, value);
	longer = curl_slist_append(list, buf_text(&line));
	if (line.data != NULL)
		explicit_bzero(line.data, line.room);
	buf_free(&line);
	if (longer == NULL)
		err_fatal("out of memory");
	return longer;
}

static void
set_body(CURL *curl, const struct http_request *r)
{
	if (r->method == HTTP_GET)
		return;
	(void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body);
	(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)r->len);
	if (r->method == HTTP_PUT)
		(void)curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
}

static void
set_up(CURL *curl, const struct http_request *r, struct taking *taking,
    char why[CURL_ERROR_SIZE])
{
	(void)curl_easy_setopt(curl, CURLOPT_URL, r->url);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
	    (long)(r->deadline > 0 && r->deadline < HTTP_DEADLINE_MAX
	            ? r->deadline
	            : HTTP_DEADLINE_MAX));
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MAX);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, taking);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_field);
	(void)curl_easy_setopt(curl, CURLOPT_HEADERDATA, taking);
	(void)curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	if (r->ca_file != NULL)
		(void)curl_easy_setopt(curl, CURLOPT_CAINFO, r->ca_file);
	set_body(curl, r);
}

static void
read_answer(CURL *curl, struct http_answer *out)
{
	const char *type = NULL;

	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	(void)curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	(void)snprintf(out->type, sizeof(out->type), "%s",
	    type != NULL ? type : "");
}

static CURL *
begin(struct http *kept)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return NULL;
	if (kept == NULL)
		return curl_easy_init();
	if (kept->curl == NULL)
		kept->curl = curl_easy_init();
	else
		curl_easy_reset(kept->curl);
	return kept->curl;
}

static struct curl_slist *
add_all(const struct http_request *r)
{
	/* No "Expect: 100-continue": what is sent is small. */
	struct curl_slist *list = add(NULL, "Expect:", "");
	struct buf name = {0};

	list = add(list, "Content-Type: ", r->type);
	list = add(list, "Accept: ", r->accept);
	list = add(list, "Authorization: Bearer ", r->bearer);
	for (size_t i = 0; i < r->field_count; i++) {
		buf_clear(&name);
		buf_printf(&name, "%s: ", r->fields[i].name);
		list = add(list, buf_text(&name), r->fields[i].value);
	}
	buf_free(&name);
	return list;
}

/* A list of libcurl's may hold a token. */
static void
wipe(struct curl_slist *list)
{
	for (struct curl_slist *at = list; at != NULL; at = at->next)
		explicit_bzero(at->data, strlen(at->data));
	curl_slist_free_all(list);
}

int
http_ask(struct http_answer *out, const struct http_request *r, struct err *err)
{
	struct taking taking = {.out = out,
	    .most = r->most != 0 ? r->most : HTTP_ANSWER_MAX};
	char why[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers;
	CURLcode code;
	CURL *curl = begin(r->kept);

	*out = (struct http_answer){0};
	if (curl == NULL)
		return err_set(err, ERR_SYSTEM, "libcurl cannot be used");
	headers = add_all(r);
	set_up(curl, r, &taking, why);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		read_answer(curl, out);
	if (r->kept == NULL)
		curl_easy_cleanup(curl);
	else
		curl_easy_reset(curl);
	wipe(headers);
	if (code == CURLE_OK)
		return 0;
	http_answer_free(out);
	return err_set(err, ERR_UNREACHABLE, "'%s' does not answer: %s",
	    r->called != NULL ? r->called : r->url,
	    why[0] != '\0' ? why : curl_easy_strerror(code));
}

struct http *
http_open(void)
{
	struct http *http = calloc(1, sizeof(*http));

	if (http == NULL)
		err_fatal("out of memory");
	return http;
}

void
http_close(struct http *http)
{
	if (http == NULL)
		return;
	curl_easy_cleanup(http->curl);
	free(http);
}

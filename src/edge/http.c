#include "edge/http.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#define CONNECT_MAX 15000L /* ms */

static size_t
take(char *data, size_t size, size_t count, void *ctx)
{
	struct buf *out = ctx;
	size_t len = size * count;

	/* Another length than was given ends the transfer. */
	if (out->len + len > HTTP_ANSWER_MAX)
		return len == 0 ? 1 : 0;
	buf_add(out, data, len);
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
set_up(CURL *curl, const struct http_request *r, struct buf *body,
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
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
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

int
http_ask(struct http_answer *out, const struct http_request *r, struct err *err)
{
	char why[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = NULL;
	CURLcode code;
	CURL *curl;

	*out = (struct http_answer){0};
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (curl = curl_easy_init()) == NULL)
		return err_set(err, ERR_SYSTEM, "libcurl cannot be used");
	/* No "Expect: 100-continue": what is sent is small. */
	headers = add(headers, "Expect:", "");
	headers = add(headers, "Content-Type: ", r->type);
	headers = add(headers, "Accept: ", r->accept);
	headers = add(headers, "Authorization: Bearer ", r->bearer);
	set_up(curl, r, &out->body, why);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		read_answer(curl, out);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK)
		return 0;
	buf_free(&out->body);
	return err_set(err, ERR_UNREACHABLE, "'%s' does not answer: %s", r->url,
	    why[0] != '\0' ? why : curl_easy_strerror(code));
}

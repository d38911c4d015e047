/* One call of a forge's interface, and what may be wrong with its answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#include "forge_inside.h"

#define REPLY_MESSAGE 120 /* characters shown of what the forge says */

int
forge_fails(struct question *q, const char *format, ...)
{
	struct forge *f = q->forge;
	struct buf text = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&text, format, ap);
	va_end(ap);
	if (f->wait == 0)
		f->wait = FORGE_WAIT;
	err_set(q->err, ERR_UNREACHABLE,
	    "could not check at '%s': %s (retry after %lld s)", f->name,
	    buf_text(&text), (long long)(f->wait + 999) / 1000);
	buf_free(&text);
	return -1;
}

/* "Wed, 25 Nov 2026 10:00:00 GMT" (RFC 9110 section 5.6.7), or 0. */
static int64_t
http_date(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char plain[TEXT_INSTANT_SIZE];
	const char *month;
	char name[4] = "";
	int64_t at = 0;

	if (text == NULL || strlen(text) != 29 ||
	    strcmp(text + 25, " GMT") != 0)
		return 0;
	memcpy(name, text + 8, 3);
	month = strstr(months, name);
	if (month == NULL)
		return 0;
	(void)snprintf(plain, sizeof(plain), "%.4s-%02u-%.2sT%.8sZ", text + 12,
	    (unsigned)(month - months) / 3 % 12 + 1, text + 5, text + 17);
	return text_parse_instant(plain, &at) ? at : 0;
}

/* Whole seconds, or -1. */
static int64_t
seconds(const char *text)
{
	int64_t n = 0;

	if (text == NULL || text[0] == '\0' || strlen(text) > 12)
		return -1;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		n = n * 10 + (*text - '0');
	}
	return n;
}

static int64_t
bounded(int64_t ms)
{
	if (ms < 1000)
		return 1000;
	return ms < FORGE_WAIT_MAX ? ms : FORGE_WAIT_MAX;
}

/* When it may be asked again, by Retry-After or by the end of a quota. */
static int64_t
wait_of(const struct http_answer *a, bool *spent)
{
	static const char *const left[] = {"x-ratelimit-remaining",
	    "ratelimit-remaining"};
	static const char *const ends[] = {"x-ratelimit-reset",
	    "ratelimit-reset"};
	const char *after = http_field(a, "retry-after", 0);
	int64_t now = http_date(http_field(a, "date", 0));

	*spent = after != NULL;
	if (seconds(after) >= 0)
		return bounded(seconds(after) * 1000);
	if (now != 0 && http_date(after) != 0)
		return bounded(http_date(after) - now);
	for (size_t i = 0; i < 2; i++) {
		int64_t end = seconds(http_field(a, ends[i], 0));

		if (seconds(http_field(a, left[i], 0)) != 0)
			continue;
		*spent = true;
		if (end > 0 && now != 0)
			return bounded(end * 1000 - now);
	}
	return 0;
}

static bool
is_json(const char *type)
{
	const char *end = strchr(type, ';');
	size_t len = end != NULL ? (size_t)(end - type) : strlen(type);

	while (len > 0 && type[len - 1] == ' ')
		len--;
	return (len == 16 &&
	           text_starts_case_blind(type, "application/json")) ||
	    (len > 5 && text_starts_case_blind(type, "application/") &&
	        memcmp(type + len - 5, "+json", 5) == 0);
}

/* What the forge says itself of a refusal. */
static const char *
message(struct question *q, const struct http_answer *a)
{
	const struct tree *doc;
	struct err ignored = {0};
	const char *text = NULL;

	if (is_json(a->type) && a->body.len > 0 &&
	    tree_parse_json(&doc, q->pool, a->body.data, a->body.len, "answer",
	        &ignored) == 0)
		text = tree_text(doc, "message");
	if (text == NULL)
		return "";
	return pool_printf(q->pool, ": %s",
	    text_safe_copy(q->pool, text, strlen(text), REPLY_MESSAGE));
}

static int
refuse(struct question *q, const struct call *c, const struct http_answer *a)
{
	static const char *const methods[] = {"GET", "PUT", "POST"};
	const char *what = pool_printf(q->pool, "%s %s", methods[c->method],
	    text_safe_copy(q->pool, c->path, strlen(c->path), 200));
	bool spent;

	q->forge->wait = wait_of(a, &spent);
	if (a->status == 401)
		return forge_fails(q, "%s: the token is not taken%s", what,
		    message(q, a));
	if (a->status == 429 || (a->status == 403 && spent))
		return forge_fails(q, "%s: too many questions for now", what);
	if (a->status >= 300 && a->status < 400)
		return forge_fails(q,
		    "%s: it leads elsewhere (%ld), where nobody is asked; "
		    "'api' or the repository has another name now",
		    what, a->status);
	return forge_fails(q, "%s was answered with %ld%s", what, a->status,
	    message(q, a));
}

/* <https://...>; rel="next", in any Link header (RFC 8288). */
static const char *
next_link(struct question *q, const struct http_answer *a)
{
	const char *value;

	for (size_t n = 0; (value = http_field(a, "link", n)) != NULL; n++) {
		const char *open = strchr(value, '<');

		while (open != NULL) {
			const char *close = strchr(open, '>');
			const char *more =
			    close != NULL ? strchr(close, '<') : NULL;
			size_t len = close == NULL ? 0
			    : more != NULL         ? (size_t)(more - close)
			                           : strlen(close);

			if (close != NULL &&
			    (text_find(close, len, "rel=\"next\"") != NULL ||
			        text_find(close, len, "rel=next") != NULL))
				return pool_textn(q->pool, open + 1,
				    (size_t)(close - open - 1));
			open = more;
		}
	}
	return NULL;
}

static bool
is_also(const struct call *c, long status)
{
	for (size_t i = 0; i < sizeof(c->also) / sizeof(c->also[0]); i++)
		if (c->also[i] != 0 && c->also[i] == status)
			return true;
	return false;
}

static int
read_reply(struct question *q, const struct call *c,
    const struct http_answer *a, struct reply *out)
{
	struct err why = {0};

	*out = (struct reply){.status = a->status};
	out->total = seconds(http_field(a, "x-total-count", 0));
	out->next = next_link(q, a);
	if (is_also(c, a->status)) {
		if (!is_json(a->type) ||
		    tree_parse_json(&out->doc, q->pool, a->body.data,
		        a->body.len, "answer", &why) < 0)
			out->doc = NULL;
		return 0;
	}
	if (a->status != 200 && (a->status != 201 || c->body == NULL))
		return refuse(q, c, a);
	if (!is_json(a->type) || a->body.len == 0)
		return forge_fails(q,
		    "%s is answered with '%s', which is no "
		    "JSON: is 'api' the interface?",
		    text_safe_copy(q->pool, c->path, strlen(c->path), 200),
		    text_safe_copy(q->pool, a->type, strlen(a->type), 60));
	if (tree_parse_json(&out->doc, q->pool, a->body.data, a->body.len,
	        "answer", &why) < 0)
		return forge_fails(q, "%s: %s",
		    text_safe_copy(q->pool, c->path, strlen(c->path), 200),
		    why.text);
	return 0;
}

/* How much of the time is left for a call. */
static int64_t
time_left(const struct forge *f)
{
	int64_t left = f->until - forge_clock();

	return left < FORGE_CALL_TIME ? left : FORGE_CALL_TIME;
}

static const char *
whole_url(struct question *q, const char *path)
{
	if (strstr(path, "://") != NULL)
		return path;
	return pool_printf(q->pool, "%s/%s", q->forge->api, path);
}

/* Its headers: at most three. */
static int
fields_of(struct question *q, struct http_field fields[3], size_t *count,
    struct buf *auth)
{
	const struct forge_kind *kind = q->forge->kind;
	const char *token = NULL;

	*count = 0;
	fields[(*count)++] = (struct http_field){"User-Agent", "foureyes"};
	if (kind->version.name != NULL)
		fields[(*count)++] = kind->version;
	if (q->is_token) {
		buf_put(auth, "Bearer ");
		if (q->forge->app(auth, q->forge->ctx, q->err) < 0)
			return -1;
		fields[(*count)++] =
		    (struct http_field){"Authorization", buf_text(auth)};
		return 0;
	}
	if (forge_app_token(q, &token) < 0)
		return -1;
	if (token == NULL)
		return 0;
	buf_printf(auth, "%s%s", kind->auth.value, token);
	fields[(*count)++] =
	    (struct http_field){kind->auth.name, buf_text(auth)};
	return 0;
}

static int
send_call(struct question *q, const struct call *c, struct http_answer *a)
{
	struct http_field fields[3];
	struct http_request r = {.method = c->method,
	    .url = whole_url(q, c->path),
	    .accept = q->forge->kind->accept,
	    .ca_file = q->forge->ca_file,
	    .fields = fields,
	    .most = FORGE_PAGE_MAX,
	    .kept = q->forge->http};
	struct err why = {0};
	struct buf auth = {0};
	int ret = fields_of(q, fields, &r.field_count, &auth);

	if (c->body != NULL) {
		r.type = "application/json";
		r.body = c->body;
		r.len = strlen(c->body);
	}
	r.deadline = time_left(q->forge);
	if (ret == 0 && strlen(r.url) > FORGE_URL_MAX)
		ret = forge_fails(q, "the address of a page is too long");
	else if (ret == 0 && r.deadline <= 0)
		ret = forge_fails(q, "no time is left");
	else if (ret == 0 && http_ask(a, &r, &why) < 0)
		ret = forge_fails(q, "%s", why.text);
	if (auth.data != NULL)
		explicit_bzero(auth.data, auth.room);
	buf_free(&auth);
	return ret;
}

int
forge_call(struct question *q, const struct call *c, struct reply *out)
{
	struct http_answer a = {0};
	int ret = send_call(q, c, &a);

	if (ret == 0) {
		q->bytes += a.body.len;
		ret = q->bytes > FORGE_BYTES_MAX
		    ? forge_fails(q, "it answers with too much")
		    : read_reply(q, c, &a, out);
	}
	http_answer_free(&a);
	return ret;
}

int
forge_get(struct question *q, const char *path, const struct tree **doc)
{
	const struct call c = {.path = path};
	struct reply reply = {0};

	if (forge_call(q, &c, &reply) < 0)
		return -1;
	*doc = reply.doc;
	return 0;
}

int
forge_post_json(struct question *q, const char *path,
    const struct forge_status *s)
{
	struct call c = {.method = HTTP_POST, .path = path};
	struct buf body = {0};
	struct json j = {.out = &body};
	struct reply reply;
	int ret;

	json_open(&j, '{');
	json_key_text(&j, "state", s->state);
	json_key_text(&j, "context", s->context);
	json_key_text(&j, "description",
	    forge_cut(q->pool, s->description, FORGE_DESCRIPTION_MAX));
	if (s->target_url != NULL)
		json_key_text(&j, "target_url", s->target_url);
	json_close(&j);
	c.body = buf_text(&body);
	ret = forge_call(q, &c, &reply);
	buf_free(&body);
	return ret;
}

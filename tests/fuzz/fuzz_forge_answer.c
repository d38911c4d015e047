/*
 * What a forge answers.  The first byte says which kind of forge and which
 * question, the second how many bytes are headers, the rest is the body of each
 * page: there is an answer or an error that says when to ask again, in bounded
 * time, and nobody else is asked.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/protection.h"
#include "edge/forge.h"
#include "edge/http_fields.h"

#define API "https://h.example"
#define C "1111111111111111111111111111111111111111"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char *fields, *body;
static size_t fields_len, body_len, asked;

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
	(void)err;
	if (!text_starts_case_blind(r->url, API) || r->deadline <= 0)
		abort();
	switch (r->url[strlen(API)]) {
	case '/':
	case '?':
	case '\0':
		break;
	default:
		if (!text_starts(r->url + strlen(API), ":443"))
			abort();
	}
	if (asked++ > 200)
		abort();
	*out = (struct http_answer){.status = 200, .type = "application/json"};
	buf_add(&out->body, body, body_len);
	http_fields_add(&out->fields, fields, fields_len);
	return 0;
}

/* The webhook leaves no list, and what it says is text. */
static int
ask_webhook(struct forge *f, struct pool *pool, struct err *err)
{
	struct forge_webhook hook;
	int ret = forge_webhook(f, pool, "acme/pay", "/hooks/hub", &hook, err);

	if (ret == 0 && (hook.there || hook.wrong != NULL) && !hook.told)
		abort();
	return ret;
}

/* What protects a ref is known, or it is said what of it is not. */
static void
look_at_protection(const struct observed *o, enum source_kind kind)
{
	const struct protection_asked needed = {.kind = kind,
	    .branch = "main",
	    .context = "foureyes/main",
	    .app_id = 7};
	struct protection_found found = {0};
	const struct tree *doc;
	struct pool pool = {0};
	struct err err;

	if (tree_parse_json(&doc, &pool, o->what, strlen(o->what), "told",
	        &err) == 0) {
		protection_look(&found, &pool, &needed, doc);
		if ((found.state == CHECK_PASS) != (found.text == NULL))
			abort();
	}
	pool_free(&pool);
}

static int
ask(struct forge *f, struct pool *pool, unsigned question,
    struct forge_list *list, struct err *err)
{
	const struct observed request = {.repository = "acme/pay",
	    .request = "7",
	    .target = "refs/heads/main",
	    .head = C};

	switch (question % 8) {
	case 0:
		return forge_requests_of(f, pool, "acme/pay", C, list, err);
	case 1:
		return forge_request(f, pool, "acme/pay", "7", list, err);
	case 2:
		return forge_statuses(f, pool, "acme/pay", C, list, err);
	case 3:
		return forge_deployments(f, pool, "acme/pay", C,
		    (int64_t)1795600800 * 1000, list, err);
	case 4:
		return forge_open_requests(f, pool, "acme/pay", list, err);
	case 5:
		return forge_protection(f, pool, "acme/pay", "refs/heads/main",
		    list, err);
	case 6:
		return ask_webhook(f, pool, err);
	default:
		return forge_reviews(f, pool, &request, list, err);
	}
}

static void
look_at(const struct forge_list *list, enum source_kind kind)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct observed *o = &list->list[i];

		if (o->kind == OBSERVED_NONE || o->repository == NULL ||
		    (o->head != NULL && !text_is_oid(o->head)) ||
		    (o->commit != NULL && !text_is_oid(o->commit)))
			abort();
		if (o->kind == OBSERVED_PROTECTION && o->what != NULL)
			look_at_protection(o, kind);
		if (o->kind == OBSERVED_REVIEW &&
		    (o->decision == NULL || o->request == NULL))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const enum source_kind kinds[] = {SOURCE_GITHUB, SOURCE_GITLAB,
	    SOURCE_GITEA, SOURCE_BITBUCKET, SOURCE_BITBUCKET_DC};
	struct forge_setup setup = {.name = "hub", .api = API};
	struct forge_list list = {0};
	struct forge *f = NULL;
	struct pool pool = {0};
	struct err err = {0};

	if (len < 2)
		return 0;
	setup.kind = kinds[(data[0] & 31) % 5];
	fields_len = data[1] < len - 2 ? data[1] : len - 2;
	fields = (const char *)data + 2;
	body = fields + fields_len;
	body_len = len - 2 - fields_len;
	asked = 0;
	if (forge_open(&f, &setup, &err) < 0)
		abort();
	if (ask(f, &pool, data[0] >> 5, &list, &err) == 0)
		look_at(&list, setup.kind);
	else if (list.count > 0 || err.kind != ERR_UNREACHABLE)
		abort();
	forge_close(f);
	pool_free(&pool);
	return 0;
}

#include "app/api.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "api_inside.h"
#include "app/checkpoints.h"
#include "app/files.h"
#include "base/text.h"
#include "core/note.h"

#define MINUTE ((int64_t)60 * 1000)

/* What an answer depends on; each of them on what is before it too. */
enum made_of {
	MADE_OF_SEAL,
	MADE_OF_RECORDS,
	MADE_OF_NOW /* reviews fall due */
};

static const struct {
	const char *path; /* one that ends in "/" has a rest */
	api_fn *answer;
	enum made_of made_of;
} table[] = {
    {"/api/v1/changes", api_changes, MADE_OF_NOW},
    {"/api/v1/changes/", api_life, MADE_OF_NOW},
    {"/api/v1/controls", api_controls, MADE_OF_NOW},
    {"/api/v1/checkpoint", api_checkpoint, MADE_OF_SEAL},
    {"/api/v1/records", api_records, MADE_OF_RECORDS},
    {"/api/v1/proof/", api_proof, MADE_OF_SEAL},
    {"/api/v1/page", api_page, MADE_OF_NOW},
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

int
api_open(struct api **out, const char *dir, struct err *err)
{
	struct api *api = calloc(1, sizeof(*api));
	struct setup *s;

	if (api == NULL)
		err_fatal("out of memory");
	s = &api->setup;
	api->report.s = s;
	if (setup_read(s, dir, err) < 0)
		goto fail;
	if (s->config.settings.ledger == NULL ||
	    s->config.settings.index == NULL) {
		err_set(err, ERR_CONFIG, "no ledger is kept here (gate: %s)",
		    s->config.settings.gate);
		goto fail;
	}
	if (changelog_open(&s->log, &s->config.settings, LEDGER_READ, false,
	        err) < 0 ||
	    report_by_index(&api->report, err) < 0)
		goto fail;
	*out = api;
	return 0;
fail:
	api_close(api);
	return -1;
}

void
api_close(struct api *api)
{
	if (api == NULL)
		return;
	api->report.ledger = NULL; /* the log's */
	report_free(&api->report);
	subtrees_free(&api->subtrees);
	buf_free(&api->note);
	buf_free(&api->page);
	setup_free(&api->setup);
	free(api);
}

void
api_reply_free(struct api_reply *reply)
{
	buf_free(&reply->body);
	buf_free(&reply->next);
	*reply = (struct api_reply){0};
}

/* The checkpoint beside the ledger; none, or one that is none, is no error. */
static void
read_checkpoint(struct api *api)
{
	struct err ignored = {0};
	struct pool pool = {0};
	struct note note = {0};
	bool there = true;

	buf_clear(&api->note);
	api->sealed = file_read_plain(&api->note,
	                  pool_printf(&pool, "%s/" CHECKPOINT_FILE,
	                      api->setup.config.settings.ledger),
	                  NOTE_SIZE_MAX, &there, &ignored) == 0 &&
	    there &&
	    note_parse(&note, &pool, buf_text(&api->note), api->note.len,
	        &ignored) == 0 &&
	    checkpoint_parse(&api->checkpoint, note.text, note.len, &ignored) ==
	        0;
	if (!api->sealed)
		api->checkpoint = (struct checkpoint){0};
	pool_free(&pool);
}

static void
complain_json(struct api_reply *out, unsigned status, const char *why)
{
	struct json j = {.out = &out->body};

	buf_clear(&out->body);
	buf_clear(&out->next);
	out->status = status;
	out->type = "application/json";
	out->etag[0] = '\0';
	json_open(&j, '{');
	json_key_text(&j, "error", why);
	json_close(&j);
	buf_char(&out->body, '\n');
}

int
api_missing(struct answering *a, const char *format, ...)
{
	struct buf why = {0};
	va_list ap;

	va_start(ap, format);
	buf_vprintf(&why, format, ap);
	va_end(ap);
	complain_json(a->out, 404, buf_text(&why));
	buf_free(&why);
	return 0;
}

void
api_as_of(struct answering *a)
{
	struct json *j = &a->json;

	json_key_open(j, "as_of", '{');
	json_key_number(j, "record", (int64_t)a->api->report.until);
	json_key_number(j, "sealed", (int64_t)a->api->checkpoint.size);
	json_key_instant(j, "at", a->asked->now);
	json_close(j);
}

static void
write_etag(struct api_reply *out, const struct api *api, enum made_of made_of,
    int64_t now)
{
	char digest[DIGEST_HEX_SIZE];

	digest_sha256_hex(digest, buf_text(&api->note), api->note.len);
	(void)snprintf(out->etag, sizeof(out->etag),
	    "\"%.16s-%" PRIu64 "-%" PRId64 "\"", digest,
	    made_of >= MADE_OF_RECORDS ? api->report.until : 0,
	    made_of == MADE_OF_NOW ? now / MINUTE : 0);
}

/* One of a list, weak or not. */
static bool
is_known(const char *list, const char *etag)
{
	return list != NULL && etag[0] != '\0' &&
	    text_find(list, strlen(list), etag) != NULL;
}

static int
prepare(struct api *api, int64_t now, struct err *err)
{
	if (changelog_catch_up(api->setup.log, err) < 0 ||
	    report_by_index(&api->report, err) < 0)
		return -1;
	api->report.at = now;
	read_checkpoint(api);
	return 0;
}

static void
answer_with(struct answering *a, size_t at)
{
	struct err err = {0};

	if (prepare(a->api, a->asked->now, &err) < 0) {
		complain_json(a->out, 503, err.text);
		return;
	}
	write_etag(a->out, a->api, table[at].made_of, a->asked->now);
	if (is_known(a->asked->known, a->out->etag)) {
		a->out->status = 304;
		a->out->type = NULL;
		return;
	}
	if (table[at].answer(a, &err) == 0)
		return;
	complain_json(a->out,
	    err.kind == ERR_INPUT             ? 400
	        : err.kind == ERR_UNREACHABLE ? 503
	                                      : 500,
	    err.text);
}

static bool
fits(const char *path, const char *pattern, const char **rest)
{
	size_t len = strlen(pattern);

	*rest = path + len;
	if (pattern[len - 1] != '/')
		return strcmp(path, pattern) == 0;
	return text_starts(path, pattern) && path[len] != '\0';
}

void
api_answer(struct api *api, const struct api_asked *asked,
    struct api_reply *out)
{
	struct answering a = {.api = api, .asked = asked, .out = out};
	bool sane = strlen(asked->path) <= API_PATH_MAX;

	*out = (struct api_reply){.status = 200, .type = "application/json"};
	a.json.out = &out->body;
	for (size_t i = 0; sane && i < TABLE_COUNT; i++) {
		if (!fits(asked->path, table[i].path, &a.rest))
			continue;
		answer_with(&a, i);
		pool_free(&a.pool);
		return;
	}
	complain_json(out, 404, "there is nothing under this address");
}

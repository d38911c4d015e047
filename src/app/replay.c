/* The walk: decisions, and the texts they name. */
#include "app/replay.h"

#include <stdio.h>
#include <string.h>

#include "base/crew.h"
#include "base/digest.h"
#include "base/map.h"
#include "base/text.h"
#include "base/tree.h"
#include "core/rule.h"
#include "edge/ledger_scan.h"
#include "replay_inside.h"

#define TEXTS_MAX 16 /* that are held ready at once */
#define KEY_SIZE (8 + DIGEST_HEX_SIZE)
#define JOBS_MAX 128
#define JOBS_BYTES ((size_t)1 << 20) /* of lines that wait */

struct walk {
	struct replay *replay;
	struct ledger *ledger;
	struct pool pool;
	struct map marks; /* digest and kind to where that text lies */
	struct replay_text texts[TEXTS_MAX];
	struct replay_cited cited;
	uint64_t uses;
	struct replay_job jobs[JOBS_MAX];
	size_t job_count, bytes, share;
	bool only_texts; /* the first of two walks */
};

/* ---- judging what waits ---- */

static void
judge_share(void *ctx, size_t which)
{
	struct walk *w = ctx;

	for (size_t i = which; i < w->job_count; i += w->share)
		replay_judge(&w->jobs[i]);
}

static void
count(struct replay *r, const struct replayed *one)
{
	size_t *const ends[] = {&r->unknown, &r->same, &r->differ,
	    &r->unjudged};

	++*ends[one->end];
	r->older += one->end == REPLAY_SAME && one->rules != 0 &&
	    one->rules < RULES_VERSION;
	r->newer += one->newer_outcome != NULL;
}

static int
flush(struct walk *w, struct err *err)
{
	int ret = 0;

	w->share = crew_size();
	crew_run(w->share, judge_share, w);
	for (size_t i = 0; i < w->job_count; i++) {
		struct replay_job *job = &w->jobs[i];

		count(w->replay, &job->out);
		if (ret == 0)
			ret = w->replay->see(w->replay->ctx, &job->out, err);
		pool_free(&job->pool);
	}
	w->job_count = w->bytes = 0;
	return ret;
}

/* ---- policy and people ---- */

static const char *
text_key(char out[KEY_SIZE], bool is_people, const char *digest)
{
	(void)snprintf(out, KEY_SIZE, "%s %s", is_people ? "people" : "policy",
	    digest);
	return out;
}

static int
keep_mark(struct walk *w, const struct chain_mark *mark, bool is_people,
    const char *line, size_t len, struct err *err)
{
	char key[KEY_SIZE];
	struct pool pool = {0};
	const struct tree *r;
	const char *digest = NULL;

	if (tree_parse_json(&r, &pool, line, len, "ledger", err) < 0) {
		pool_free(&pool);
		return err_within(err, "record %llu",
		    (unsigned long long)mark->seq);
	}
	digest = tree_text(r, "sha256");
	if (digest != NULL && strlen(digest) == DIGEST_HEX_SIZE - 1)
		map_put(&w->marks,
		    pool_text(&w->pool, text_key(key, is_people, digest)),
		    pool_copy(&w->pool, mark, sizeof(*mark)));
	pool_free(&pool);
	return 0;
}

static int
parse(struct replay_text *t, const char *text, struct err *err)
{
	const struct tree *document;
	char digest[DIGEST_HEX_SIZE];

	digest_sha256_hex(digest, text, strlen(text));
	if (strcmp(digest, t->digest) != 0)
		return err_set(err, ERR_INPUT,
		    "it is not the text that its digest names");
	if (tree_parse_yaml(&document, &t->pool, text, strlen(text),
	        t->is_people ? "people.yaml" : "policy.yaml", err) < 0)
		return -1;
	return t->is_people
	    ? people_read(&t->people, &t->pool, document, NULL, err)
	    : policy_read(&t->policy, &t->pool, document, err);
}

/* One that nothing waits for: who asks has judged what did. */
static struct replay_text *
oldest(struct walk *w)
{
	struct replay_text *t = &w->texts[0];

	for (size_t i = 1; i < TEXTS_MAX; i++)
		if (w->texts[i].used < t->used)
			t = &w->texts[i];
	pool_free(&t->pool);
	memset(t, 0, sizeof(*t));
	return t;
}

static int
read_in(struct walk *w, const struct chain_mark *mark, const char *digest,
    bool is_people, struct replay_text **out, struct err *err)
{
	struct pool pool = {0};
	struct err unsound = {0};
	const struct tree *r;
	const char *line, *text;
	size_t len;
	struct replay_text *t;
	int ret;

	if (flush(w, err) < 0)
		return -1;
	t = oldest(w);
	ret = ledger_line(w->ledger, mark, &pool, &line, &len, err);
	if (ret == 0)
		ret = tree_parse_json(&r, &pool, line, len, "ledger", err);
	if (ret == 0) {
		memcpy(t->digest, digest, DIGEST_HEX_SIZE);
		t->is_people = is_people;
		text = tree_text(r, "text");
		if (text == NULL || parse(t, text, &unsound) < 0)
			t->why = pool_printf(&t->pool, "record %llu: %s",
			    (unsigned long long)mark->seq,
			    text == NULL ? "it holds no text" : unsound.text);
		*out = t;
	}
	pool_free(&pool);
	return ret;
}

/* `*out` NULL: no record holds a text of that digest. */
static int
text_of(struct walk *w, const char *digest, bool is_people,
    const struct replay_text **out, struct err *err)
{
	struct replay_text *t = NULL;
	const struct chain_mark *mark;
	char key[KEY_SIZE];

	*out = NULL;
	for (size_t i = 0; i < TEXTS_MAX && t == NULL; i++)
		if (w->texts[i].is_people == is_people &&
		    strcmp(w->texts[i].digest, digest) == 0)
			t = &w->texts[i];
	if (t == NULL) {
		mark = map_get(&w->marks, text_key(key, is_people, digest));
		if (mark == NULL)
			return 0;
		if (read_in(w, mark, digest, is_people, &t, err) < 0)
			return -1;
	}
	t->used = ++w->uses;
	*out = t;
	return 0;
}

/* A digest that the body of a decision names, read without a parser. */
static bool
find_digest(char out[DIGEST_HEX_SIZE], const char *body, size_t len,
    const char *key)
{
	const char *at = NULL, *next = body, *end = body + len;

	while ((next = text_find(next, (size_t)(end - next), key)) != NULL) {
		next += strlen(key);
		at = next;
	}
	if (at == NULL || (size_t)(end - at) < DIGEST_HEX_SIZE ||
	    at[DIGEST_HEX_SIZE - 1] != '"')
		return false;
	memcpy(out, at, DIGEST_HEX_SIZE - 1);
	out[DIGEST_HEX_SIZE - 1] = '\0';
	return true;
}

/*
 * The texts first: reading one in judges what waits, and this one does not wait
 * yet.
 */
static int
add_job(struct walk *w, const struct chain_mark *mark,
    const struct chain_head *head, const char *line, size_t len,
    struct err *err)
{
	const char *body = line + head->body;
	struct replay_job *job;
	const struct replay_text *policy = NULL, *people = NULL;
	char digest[DIGEST_HEX_SIZE];

	if (find_digest(digest, body, len - head->body, "\"policy\":\"") &&
	    text_of(w, digest, false, &policy, err) < 0)
		return -1;
	if (find_digest(digest, body, len - head->body, "\"people\":\"") &&
	    text_of(w, digest, true, &people, err) < 0)
		return -1;
	job = &w->jobs[w->job_count++];
	*job = (struct replay_job){.len = len,
	    .body = head->body,
	    .policy = policy,
	    .people = people,
	    .cited = &w->cited};
	job->out.seq = mark->seq;
	job->out.time = head->time;
	job->line = pool_textn(&job->pool, line, len);
	w->bytes += len;
	return w->job_count == JOBS_MAX || w->bytes >= JOBS_BYTES
	    ? flush(w, err)
	    : 0;
}

/* ---- the walk ---- */

static bool
is_text(const char *body)
{
	return text_starts(body, "\"type\":\"policy\"") ||
	    text_starts(body, "\"type\":\"people\"");
}

static bool
is_statement(const char *body, size_t len)
{
	return text_starts(body, "\"type\":\"renamed\"") ||
	    (text_starts(body, "\"type\":\"observation\"") &&
	        text_find(body, len, "\"kind\":\"approval\"") != NULL);
}

static bool
pick(const struct chain_head *head, const char *line, size_t len,
    const void *ctx)
{
	const struct walk *w = ctx;
	const char *body = line + head->body;

	if (w->replay->only != 0 && head->seq == w->replay->only)
		return true;
	if (is_text(body) || is_statement(body, len - head->body))
		return true;
	return !w->only_texts && w->replay->only == 0 &&
	    text_starts(body, "\"type\":\"decision\"");
}

static int
cite(struct walk *w, const struct chain_head *head, const char *line,
    size_t len, struct err *err)
{
	struct pool pool = {0};
	const struct tree *r;
	int ret = tree_parse_json(&r, &pool, line, len, "ledger", err);

	if (ret < 0)
		ret = err_within(err, "record %llu",
		    (unsigned long long)head->seq);
	else if (text_same(tree_text(r, "type"), "renamed"))
		replay_renamed(&w->cited, head->seq, r);
	else
		replay_cite(&w->cited, head->seq, head->time, r);
	pool_free(&pool);
	return ret;
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct walk *w = ctx;
	struct replay *r = w->replay;
	struct chain_head head;
	const char *body;

	if (!chain_read(&head, line, len))
		return 0;
	body = line + head.body;
	if (is_text(body))
		return keep_mark(w, mark,
		    text_starts(body, "\"type\":\"people\""), line, len, err);
	if (w->only_texts)
		return 0;
	if (is_statement(body, len - head.body))
		return cite(w, &head, line, len, err);
	if (text_starts(body, "\"type\":\"decision\"")) {
		r->found = true;
		if (add_job(w, mark, &head, line, len, err) < 0)
			return -1;
	}
	return r->only == mark->seq;
}

static bool
pause_at(void *ctx, uint64_t seq)
{
	struct walk *w = ctx;
	struct replay *r = w->replay;

	r->records = seq;
	return r->pause != NULL && r->pause(r->ctx, seq);
}

static int
scan(struct walk *w, bool only_texts, struct err *err)
{
	struct ledger_scan s = {.pick = pick,
	    .see = see,
	    .pause = pause_at,
	    .ctx = w};
	struct ledger_end end = {0};
	int ret;

	w->only_texts = only_texts;
	ret = ledger_scan(w->ledger, &s, &end, err);
	w->replay->records = end.last.seq;
	w->replay->stopped = s.paused;
	return ret;
}

/*
 * Where the oldest records were taken away, the texts in force then were
 * carried to the end: they are looked for first.
 */
static int
walk_all(struct walk *w, struct err *err)
{
	struct pruned begin;

	if (ledger_pruned(w->ledger, &begin, err) < 0)
		return -1;
	w->cited.gone = begin.last;
	if (begin.last != 0 && (scan(w, true, err) < 0 || w->replay->stopped))
		return w->replay->stopped ? 0 : -1;
	return scan(w, false, err);
}

int
replay_ledger(struct replay *replay, const char *dir, struct err *err)
{
	struct walk *w;
	struct pool pool = {0};
	struct err again = {0};
	int ret;

	w = pool_alloc(&pool, sizeof(*w));
	w->replay = replay;
	w->marks.pool = &w->pool;
	ret = ledger_open(&w->ledger, dir, LEDGER_READ, err);
	if (ret == 0)
		ret = walk_all(w, err);
	/* What waits is judged also where the walk ended early. */
	if (flush(w, ret == 0 ? err : &again) < 0)
		ret = -1;
	ledger_close(w->ledger);
	for (size_t i = 0; i < TEXTS_MAX; i++)
		pool_free(&w->texts[i].pool);
	replay_cited_free(&w->cited);
	pool_free(&w->pool);
	pool_free(&pool);
	return ret;
}

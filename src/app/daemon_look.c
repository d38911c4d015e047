#include "app/daemon_look.h"

#include "app/daemon_ask.h"
#include "base/json.h"
#include "base/text.h"

#define LOOK_TIME 3000 /* ms, where no deadline is said */

struct texts_of {
	const char *const *list;
	size_t count;
};

struct look {
	struct setup *setup;
	const char *repository;
	struct texts_of commits, refs;
	int64_t time;
};

static int
read_body(struct look *l, const char *body, size_t len, struct err *err)
{
	static const char *const keys[] = {"repository", "commits", "refs",
	    "deadline", NULL};
	struct pool *pool = &l->setup->pool;
	const struct tree *t;
	unsigned ms = LOOK_TIME;

	if (tree_parse_json(&t, pool, body, len, "body", err) < 0 ||
	    tree_only(t, keys, err) < 0 ||
	    tree_need_text(t, "repository", &l->repository, err) < 0 ||
	    tree_want_texts(t, "commits", pool, &l->commits.list,
	        &l->commits.count, err) < 0 ||
	    tree_want_texts(t, "refs", pool, &l->refs.list, &l->refs.count,
	        err) < 0 ||
	    tree_want_unsigned(t, "deadline", 1, LOOK_TIME_MAX, &ms, err) < 0)
		return -1;
	if (l->commits.count > LOOK_COMMITS_MAX ||
	    l->refs.count > LOOK_REFS_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %d commits or %d refs at once", LOOK_COMMITS_MAX,
		    LOOK_REFS_MAX);
	for (size_t i = 0; i < l->commits.count; i++)
		if (!text_is_oid(l->commits.list[i]))
			return err_set(err, ERR_INPUT,
			    "'%s' is no full id of a commit",
			    l->commits.list[i]);
	l->time = ms;
	return 0;
}

static bool
is_for(const struct look *l, const struct observed *request)
{
	for (size_t i = 0; i < l->refs.count; i++)
		if (text_same(l->refs.list[i], request->target))
			return true;
	return false;
}

/* One source's turn. */
struct turn {
	struct look *look;
	const struct source *source;
	struct forge *forge;
	const char *name; /* of the repository, there */
	size_t stored;
	bool any_request;
};

/* An answer that is whole is kept, whatever comes of the next. */
static int
keep(struct turn *t, const struct forge_list *list, struct err *err)
{
	size_t stored;

	for (size_t i = 0; i < list->count; i++)
		if (list->list[i].kind == OBSERVED_REQUEST)
			t->any_request = true;
	if (ask_store(t->look->setup, t->source, list, &stored, err) < 0)
		return -1;
	t->stored += stored;
	return 0;
}

static int
ask_request(struct turn *t, const struct observed *request, struct err *err)
{
	struct pool *pool = &t->look->setup->pool;
	const struct forge_list one = {.list = request, .count = 1};
	struct forge_list reviews;

	return forge_reviews(t->forge, pool, request, &reviews, err) < 0 ||
	        keep(t, &one, err) < 0 || keep(t, &reviews, err) < 0
	    ? -1
	    : 0;
}

/* What lands may be a squash, which no request knows before it has landed. */
static int
ask_open_ones(struct turn *t, struct err *err)
{
	struct forge_list open;
	size_t asked = 0;

	if (forge_open_requests(t->forge, &t->look->setup->pool, t->name, &open,
	        err) < 0)
		return -1;
	for (size_t i = 0; i < open.count && asked < LOOK_REQUESTS_MAX; i++) {
		if (!is_for(t->look, &open.list[i]))
			continue;
		asked++;
		if (ask_request(t, &open.list[i], err) < 0)
			return -1;
	}
	return 0;
}

/* Everything of the first commit, of others who said yes. */
static int
ask_one(struct turn *t, size_t i, struct err *err)
{
	struct pool *pool = &t->look->setup->pool;
	const char *commit = t->look->commits.list[i];
	struct forge_list list = {0};
	int ret = 0;

	if (i == 0)
		ret = ask_commit(t->forge, pool, t->source, t->name, commit,
		    &list, err);
	else if (source_tells(t->source, SOURCE_TELLS_APPROVALS))
		ret = ask_requests(t->forge, pool, t->name, commit, &list, err);
	return ret < 0 ? -1 : keep(t, &list, err);
}

static int
ask_all(struct turn *t, struct err *err)
{
	const struct look *l = t->look;

	for (size_t i = 0; i < l->commits.count; i++)
		if (ask_one(t, i, err) < 0)
			return -1;
	return t->any_request || l->refs.count == 0 ||
	        !source_tells(t->source, SOURCE_TELLS_APPROVALS)
	    ? 0
	    : ask_open_ones(t, err);
}

static int
ask_source(struct turn *t, int64_t until, struct err *err)
{
	int ret;

	if (ask_open(&t->forge, &t->look->setup->pool, t->source, err) < 0)
		return -1;
	forge_time(t->forge, until - clock_now());
	ret = ask_all(t, err);
	forge_close(t->forge);
	return ret;
}

struct failure {
	const char *source, *why;
};

static void
write_answer(struct buf *out, size_t stored, const char *const *asked,
    size_t asked_count, const struct failure *failed, size_t failed_count)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	json_key_number(&j, "stored", (int64_t)stored);
	json_key_open(&j, "asked", '[');
	for (size_t i = 0; i < asked_count; i++)
		json_text(&j, asked[i]);
	json_close(&j);
	json_key_open(&j, "failed", '[');
	for (size_t i = 0; i < failed_count; i++) {
		json_open(&j, '{');
		json_key_text(&j, "source", failed[i].source);
		json_key_text(&j, "why", failed[i].why);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
}

static void
ask_sources(struct look *l, struct buf *out)
{
	const struct receiver *r = &l->setup->config.settings.receiver;
	struct pool *pool = &l->setup->pool;
	int64_t until = clock_now() + l->time;
	const char **asked = NULL;
	struct failure *failed = NULL;
	size_t asked_count = 0, failed_count = 0, all = 0;

	for (size_t i = 0; i < r->source_count; i++) {
		const struct source *s = &r->sources[i];
		const char *name = s->api == NULL
		    ? NULL
		    : ask_forge_name(pool, s, l->repository);
		struct turn t = {.look = l, .source = s, .name = name};
		struct err err = {0};

		if (name == NULL)
			continue;
		*(const char **)pool_grow(pool, &asked, &asked_count,
		    sizeof(*asked)) = s->name;
		if (ask_source(&t, until, &err) < 0)
			*(struct failure *)pool_grow(pool, &failed,
			    &failed_count, sizeof(*failed)) =
			    (struct failure){s->name,
			        pool_text(pool, err.text)};
		all += t.stored;
	}
	write_answer(out, all, asked, asked_count, failed, failed_count);
}

unsigned
look_answer(struct setup *s, const char *body, size_t len, struct buf *out)
{
	struct look l = {.setup = s};
	struct err err = {0};
	struct json j = {.out = out};

	if (len <= LOOK_BODY_MAX && read_body(&l, body, len, &err) == 0) {
		ask_sources(&l, out);
		return 200;
	}
	json_open(&j, '{');
	json_key_text(&j, "error",
	    err.kind != ERR_NONE ? err.text : "the body is too long");
	json_close(&j);
	return 400;
}

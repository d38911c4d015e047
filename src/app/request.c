#include "app/request.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define WITH_HEAD_MAX 20 /* requests with one head */

/* ---- put together ---- */

/* The forge's own date of a word; 0: it gives none. */
static int64_t
dated(const struct record *r)
{
	return tree_instant(r->tree, "forge.time");
}

static void
note_head(struct pool *pool, struct request *q, const char *head, uint64_t seq)
{
	struct request_head *h;

	for (size_t i = 0; i < q->head_count; i++)
		if (strcmp(q->heads[i].commit, head) == 0) {
			q->heads[i].last = seq;
			return;
		}
	h = pool_grow(pool, &q->heads, &q->head_count, sizeof(*h));
	*h = (struct request_head){head, seq, seq};
}

static void
note_opener(struct request *q, const struct tree *t)
{
	const struct tree *o = tree_get(t, "opener");
	const char *login = tree_text(o, "login");

	if (o == NULL)
		return;
	q->opener = (struct actor){.person = tree_text(o, "person"),
	    .login = login != NULL ? login : tree_text(o, "id"),
	    .machine = tree_true(o, "machine")};
	q->opener_name = q->opener.login;
}

static void
note_text(struct request *q, const struct record *r)
{
	const char *text = tree_text(r->tree, "text");

	if (text == NULL)
		text = tree_text(r->tree, "text.cut");
	if (!text_same(r->type, "observation") ||
	    !text_same(tree_text(r->tree, "kind"), "request") || text == NULL ||
	    text_same(text, q->text))
		return;
	q->text = text;
	q->text_record = r->seq;
}

/* Newest by the forge's date: `at` is that of what is known so far. */
static void
fold(struct pool *pool, struct request *q, const struct record *r, int64_t *at)
{
	const char *head = tree_text(r->tree, "head");
	const char *target = tree_text(r->tree, "target");
	const char *state = tree_text(r->tree, "state");
	int64_t date = dated(r);
	bool older = date != 0 && date < *at;

	if (head != NULL)
		note_head(pool, q, head, r->seq);
	note_opener(q, r->tree);
	if (older)
		return;
	if (date != 0)
		*at = date;
	note_text(q, r);
	q->head = head != NULL ? head : q->head;
	q->target = target != NULL ? target : q->target;
	q->state = state != NULL ? state : q->state;
}

static bool
is_of(const struct request *q, const struct record *r)
{
	return text_same(r->type, "observation") &&
	    text_same(tree_text(r->tree, "repository"), q->repository) &&
	    text_same(tree_text(r->tree, "source"), q->source) &&
	    text_same(tree_text(r->tree, "request"), q->number);
}

static int
load(struct push *p, struct request *q, struct err *err)
{
	struct record *list;
	int64_t at = 0;
	size_t found;

	if (changelog_find(p->setup->log, p->pool,
	        topic_request(p->pool, q->repository, q->source, q->number),
	        false, 0, REQUEST_RECORDS_MAX, &list, &found, err) < 0)
		return -1;
	q->all = found < REQUEST_RECORDS_MAX;
	for (size_t i = 0; i < found; i++) {
		if (!is_of(q, &list[i]))
			continue;
		*(struct record *)pool_grow(p->pool, &q->records,
		    &q->record_count, sizeof(*list)) = list[i];
		fold(p->pool, q, &list[i], &at);
	}
	return 0;
}

int
request_get(struct push *p, const char *source, const char *number,
    struct request **out, struct err *err)
{
	const char *key = pool_printf(p->pool, "%s %s", source, number);

	*out = map_get(&p->requests, key);
	if (*out != NULL)
		return 0;
	*out = pool_alloc(p->pool, sizeof(**out));
	**out = (struct request){.repository = p->repository,
	    .source = source,
	    .number = number};
	if (load(p, *out, err) < 0)
		return -1;
	p->requests.pool = p->pool;
	map_put(&p->requests, key, *out);
	return 0;
}

/* ---- found ---- */

static int
add_of(struct push *p, const struct record *r, struct request ***list,
    size_t *count, struct err *err)
{
	const char *source = tree_text(r->tree, "source");
	const char *number = tree_text(r->tree, "request");
	struct request *q;

	if (!text_same(r->type, "observation") || source == NULL ||
	    number == NULL ||
	    !text_same(tree_text(r->tree, "repository"), p->repository))
		return 0;
	if (request_get(p, source, number, &q, err) < 0)
		return -1;
	for (size_t i = 0; i < *count; i++)
		if ((*list)[i] == q)
			return 0;
	*(struct request **)pool_grow(p->pool, list, count, sizeof(q)) = q;
	return 0;
}

int
request_with_head(struct push *p, const char *commit, struct request ***list,
    size_t *count, struct err *err)
{
	struct record *found;
	uint64_t beyond = 0;
	size_t n = WITH_HEAD_MAX, all = 0;

	while (n == WITH_HEAD_MAX && all < REQUEST_RECORDS_MAX) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_head(p->pool, p->repository, commit), false,
		        beyond, WITH_HEAD_MAX, &found, &n, err) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			if (text_same(tree_text(found[i].tree, "head"),
			        commit) &&
			    add_of(p, &found[i], list, count, err) < 0)
				return -1;
		beyond = n > 0 ? found[n - 1].seq : 0;
		all += n;
	}
	return 0;
}

int
request_newest(struct push *p, const char *target, size_t most,
    struct request ***list, size_t *count, bool *more, struct err *err)
{
	struct record *found;
	size_t n;

	if (changelog_find(p->setup->log, p->pool,
	        topic_requests(p->pool, p->repository, target), true, 0, most,
	        &found, &n, err) < 0)
		return -1;
	*more = n == most;
	for (size_t i = 0; i < n; i++)
		if (add_of(p, &found[i], list, count, err) < 0)
			return -1;
	return 0;
}

/* ---- asked of it ---- */

enum tri
request_is_open(const struct request *r, const char *target)
{
	if (!r->all || r->target == NULL)
		return TRI_UNKNOWN;
	if (!text_same(r->target, target) || text_same(r->state, "closed"))
		return TRI_NO;
	return TRI_YES;
}

const struct request_head *
request_had(const struct request *r, const char *commit)
{
	for (size_t i = 0; i < r->head_count; i++)
		if (text_same(r->heads[i].commit, commit))
			return &r->heads[i];
	return NULL;
}

const char *
request_head_at(const struct request *r, uint64_t seq, int64_t *since)
{
	const char *head = NULL, *now;

	*since = 0;
	for (size_t i = 0; i < r->record_count && r->records[i].seq <= seq;
	     i++) {
		now = tree_text(r->records[i].tree, "head");
		if (now == NULL || text_same(now, head))
			continue;
		head = now;
		*since = r->records[i].time;
	}
	return head;
}

bool
request_is_certain(const struct request *r, uint64_t seq, int64_t time,
    int64_t settle, const char *head)
{
	int64_t since;

	if (!r->all || !text_same(request_head_at(r, seq, &since), head) ||
	    time - since < settle)
		return false;
	for (size_t i = 0; i < r->record_count; i++) {
		const struct record *k = &r->records[i];

		if (k->seq > seq &&
		    text_same(tree_text(k->tree, "via"), "ask") &&
		    tree_text(k->tree, "head") != NULL)
			return text_same(tree_text(k->tree, "head"), head);
	}
	return false;
}

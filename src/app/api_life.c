/*
 * One change's life: what judged it, how it landed, and what was told of its
 * commits before and after.
 */
#include "api_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define JUDGED_MAX 64 /* decisions about one change that are looked at */
#define TOLD_MAX 64   /* records of one commit */

struct life {
	struct answering *a;
	const char *id, *repository;
	uint64_t *seqs; /* of the records that belong to it */
	size_t count;
	const char **commits;
	size_t commit_count;
	struct record own;     /* the newest decision about it */
	struct record landing; /* what its row is made of */
	bool more;
};

static void
add_seq(struct life *l, uint64_t seq)
{
	uint64_t *slot;

	for (size_t i = 0; i < l->count; i++)
		if (l->seqs[i] == seq)
			return;
	if (seq == 0)
		return;
	if (l->count >= API_LIFE_MAX) {
		l->more = true;
		return;
	}
	slot = pool_grow(&l->a->pool, &l->seqs, &l->count, sizeof(*slot));
	*slot = seq;
}

static void
add_commit(struct life *l, const char *commit)
{
	const char **slot;

	for (size_t i = 0; i < l->commit_count; i++)
		if (strcmp(l->commits[i], commit) == 0)
			return;
	if (text_is_zero_oid(commit) || !text_is_oid(commit))
		return;
	if (l->commit_count >= API_LIFE_MAX) {
		l->more = true;
		return;
	}
	slot = pool_grow(&l->a->pool, &l->commits, &l->commit_count,
	    sizeof(*slot));
	*slot = commit;
}

static const struct tree *
first_of(const struct tree *t, const char *key)
{
	const struct tree *list = tree_get(t, key);

	return list == NULL || list->kind != TREE_LIST ? NULL : list->child;
}

/* That change in a decision, or NULL. */
static const struct tree *
change_in(const struct tree *decision, const char *id)
{
	for (const struct tree *c = first_of(decision, "changes"); c != NULL;
	     c = c->next)
		if (text_same(tree_text(c, "id"), id))
			return c;
	return NULL;
}

static bool
includes(const struct tree *decision, const char *id)
{
	for (const struct tree *i = first_of(decision, "includes"); i != NULL;
	     i = i->next)
		if (i->kind == TREE_TEXT && text_same(i->text, id))
			return true;
	return false;
}

static int
see_landing(struct life *l, const struct record *decision, bool own,
    struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(l->a->api->setup.log, &l->a->pool,
	        topic_lands(&l->a->pool, decision->seq), false, 0, 4, &list,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (!text_same(list[i].type, "landing") ||
		    (uint64_t)tree_number(list[i].tree, "decision") !=
		        decision->seq)
			continue;
		add_seq(l, list[i].seq);
		if (own && l->landing.seq == 0)
			l->landing = list[i];
	}
	return 0;
}

/* What the decision says of the change: its commits and approvals. */
static void
see_change(struct life *l, const struct record *decision,
    const struct tree *change)
{
	const struct tree *d = decision->tree;

	if (tree_text(change, "after") != NULL)
		add_commit(l, tree_text(change, "after"));
	for (const struct tree *c = first_of(change, "commits"); c != NULL;
	     c = c->next)
		if (c->kind == TREE_TEXT)
			add_commit(l, c->text);
		else if (tree_text(c, "id") != NULL)
			add_commit(l, tree_text(c, "id"));
	for (const struct tree *a = first_of(d, "approvals"); a != NULL;
	     a = a->next) {
		const char *of = tree_text(a, "change");

		if (of != NULL && !text_same(of, l->id))
			continue;
		add_seq(l, (uint64_t)tree_number(a, "record"));
		if (tree_text(a, "commit") != NULL)
			add_commit(l, tree_text(a, "commit"));
	}
	add_seq(l, (uint64_t)tree_number(d, "emergency.record"));
}

/* Newest first: the row is made of the newest that landed. */
static int
see_decisions(struct life *l, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(l->a->api->setup.log, &l->a->pool,
	        topic_change(&l->a->pool, l->id), true, 0, JUDGED_MAX, &list,
	        &count, err) < 0)
		return -1;
	l->more = l->more || count == JUDGED_MAX;
	for (size_t i = 0; i < count; i++) {
		const struct tree *change = change_in(list[i].tree, l->id);

		if (change == NULL && !includes(list[i].tree, l->id))
			continue;
		add_seq(l, list[i].seq);
		if (change != NULL)
			see_change(l, &list[i], change);
		if (change != NULL && l->own.seq == 0)
			l->own = list[i];
		if (see_landing(l, &list[i], change != NULL, err) < 0)
			return -1;
	}
	return 0;
}

static int
add_under(struct life *l, const char *topic, bool newest_first, size_t most,
    struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(l->a->api->setup.log, &l->a->pool, topic,
	        newest_first, 0, most, &list, &count, err) < 0)
		return -1;
	l->more = l->more || (most > 1 && count == most);
	for (size_t i = 0; i < count; i++)
		if (text_same(tree_text(list[i].tree, "repository"),
		        l->repository))
			add_seq(l, list[i].seq);
	return 0;
}

/* Its first push, and what else names that commit. */
static int
see_commit(struct life *l, const char *commit, struct err *err)
{
	struct pool *pool = &l->a->pool;
	const char *const topics[] = {topic_commit(pool, commit),
	    topic_head(pool, l->repository, commit),
	    topic_status(pool, l->repository, commit),
	    topic_posted(pool, l->repository, commit)};

	if (add_under(l, topic_received(pool, commit), false, 1, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (add_under(l, topics[i], true, TOLD_MAX, err) < 0)
			return -1;
	return 0;
}

static int
see_commits(struct life *l, struct err *err)
{
	for (size_t i = 0; i < l->commit_count && !l->more; i++)
		if (see_commit(l, l->commits[i], err) < 0)
			return -1;
	if (l->landing.seq != 0)
		return add_under(l, topic_reviewed(&l->a->pool, l->landing.seq),
		    false, TOLD_MAX, err);
	return 0;
}

static int
see_row(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct life *l = ctx;
	struct json *j = &l->a->json;

	(void)r;
	(void)err;
	if (!text_same(row->id, l->id))
		return 0;
	json_key(j, "row");
	api_row(j, row);
	json_key(j, "attributes");
	api_attributes(j, row);
	return 0;
}

static int
by_seq(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* As many as fit; each is the ledger's line, byte for byte. */
static int
put_records(struct life *l, struct err *err)
{
	struct json *j = &l->a->json;

	if (l->count > 0)
		qsort(l->seqs, l->count, sizeof(*l->seqs), by_seq);
	json_key_open(j, "records", '[');
	for (size_t i = 0; i < l->count; i++) {
		struct pool pool = {0};
		struct record record;
		int ret = changelog_read(l->a->api->setup.log, &pool,
		    l->seqs[i], &record, err);

		if (ret == 0 && record.seq != 0 && i > 0 &&
		    l->a->out->body.len + record.len > API_ANSWER_MAX)
			l->more = true;
		else if (ret == 0 && record.seq != 0)
			json_raw(j, record.line, record.len);
		pool_free(&pool);
		if (ret < 0)
			return -1;
	}
	json_close(j);
	json_key_bool(j, "more", l->more);
	return 0;
}

static void
put_findings(struct life *l)
{
	static const char *const keys[] = {"control", "standing", "code",
	    "text"};
	struct json *j = &l->a->json;

	json_key_open(j, "findings", '[');
	for (const struct tree *f = first_of(l->own.tree, "findings");
	     f != NULL; f = f->next) {
		const char *of = tree_text(f, "change");

		if (of != NULL && !text_same(of, l->id))
			continue;
		json_open(j, '{');
		for (size_t i = 0; i < 4; i++)
			json_key_text(j, keys[i],
			    tree_text(f, keys[i]) != NULL
			        ? tree_text(f, keys[i])
			        : tree_text(tree_get(f, keys[i]), "cut"));
		json_close(j);
	}
	json_close(j);
}

/* A movement that is a change as a whole. */
static int
see_movement(struct life *l, uint64_t seq, struct err *err)
{
	struct record decision;

	if (changelog_read(l->a->api->setup.log, &l->a->pool, seq, &l->landing,
	        err) < 0)
		return -1;
	if (l->landing.seq == 0 ||
	    (!text_same(l->landing.type, "landing") &&
	        !text_same(l->landing.type, "drift"))) {
		l->landing = (struct record){0};
		return 0;
	}
	add_seq(l, seq);
	if (tree_text(l->landing.tree, "new") != NULL)
		add_commit(l, tree_text(l->landing.tree, "new"));
	if (changelog_read(l->a->api->setup.log, &l->a->pool,
	        (uint64_t)tree_number(l->landing.tree, "decision"), &decision,
	        err) < 0)
		return -1;
	if (decision.seq != 0 && text_same(decision.type, "decision")) {
		add_seq(l, decision.seq);
		l->own = decision;
	}
	return 0;
}

/* The row, where there is one: what was only refused has none. */
static int
put_row(struct life *l, struct err *err)
{
	struct json *j = &l->a->json;
	size_t before = l->a->out->body.len;

	if (l->landing.seq != 0 &&
	    report_changes(&l->a->api->report, &l->a->pool, &l->landing,
	        see_row, l, err) < 0)
		return -1;
	if (l->a->out->body.len == before) {
		json_key(j, "row");
		json_nothing(j);
	}
	return 0;
}

int
api_life(struct answering *a, struct err *err)
{
	struct life l = {.a = a, .id = a->rest};
	struct change_id id;

	if (!change_id_read(&id, a->rest))
		return err_set(err, ERR_INPUT,
		    "a change is <repository>/<gate>/<12 hex digits>");
	if ((id.movement != 0 ? see_movement(&l, id.movement, err)
	                      : see_decisions(&l, err)) < 0)
		return -1;
	if (l.own.seq == 0 && l.landing.seq == 0)
		return api_missing(a, "no record tells of change '%s'", l.id);
	l.repository = tree_text(l.own.seq != 0 ? l.own.tree : l.landing.tree,
	    "repository");
	if (see_commits(&l, err) < 0)
		return -1;
	json_open(&a->json, '{');
	api_as_of(a);
	json_key_text(&a->json, "change", l.id);
	if (put_row(&l, err) < 0)
		return -1;
	put_findings(&l);
	if (put_records(&l, err) < 0)
		return -1;
	json_close(&a->json);
	buf_char(&a->out->body, '\n');
	return 0;
}

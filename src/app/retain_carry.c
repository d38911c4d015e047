/* What stays when the oldest records go. */
#include <string.h>

#include "app/watch.h"
#include "base/map.h"
#include "base/text.h"
#include "core/topics.h"
#include "retain_inside.h"

#define PAGE 500

void
carrying_add(struct carrying *c, struct buf *body)
{
	struct pool *pool = &c->setup->pool;
	struct ledger_body *one =
	    pool_grow(pool, &c->lines, &c->count, sizeof(*one));

	one->text = pool_copy(pool, body->data, body->len + 1);
	one->len = body->len;
	buf_free(body);
}

/* `record` goes, so it is copied; its first time and number are kept. */
static int
carry(struct carrying *c, const struct record *record, struct err *err)
{
	struct buf body = {0};

	if (record->seq == 0 || record->seq > c->last)
		return 0;
	if (c->count == RETAIN_CARRIED_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %d records would have to be carried over",
		    RETAIN_CARRIED_MAX);
	if (tree_number(record->tree, "carried") > 0)
		buf_add(&body, strstr(record->line, "\"type\":"),
		    record->len -
		        (size_t)(strstr(record->line, "\"type\":") -
		            record->line));
	else
		record_carried(&body, record->line, record->len, record->seq,
		    record->time);
	carrying_add(c, &body);
	return 0;
}

/* A copy of what stays, so that the newest copy is the newest still. */
static int
carry_newest(struct carrying *c, const struct record *record, struct err *err)
{
	struct carrying whole = *c;

	whole.last = record->seq;
	if (carry(&whole, record, err) < 0)
		return -1;
	c->lines = whole.lines;
	c->count = whole.count;
	return 0;
}

/* The text in force where what stays begins, and the one in force now. */
static int
carry_text(struct carrying *c, const char *type, struct err *err)
{
	struct setup *s = c->setup;
	const char *topic = topic_text(&s->pool, type);
	struct record *list, newest;
	size_t count;

	if (changelog_find(s->log, &s->pool, topic, true, c->last + 1, 1, &list,
	        &count, err) < 0 ||
	    (count > 0 && carry(c, &list[0], err) < 0))
		return -1;
	if (count == 0)
		return 0;
	if (changelog_newest(s->log, &s->pool, topic, &newest, err) < 0)
		return -1;
	return newest.seq > c->last ? carry_newest(c, &newest, err) : 0;
}

static int
carry_texts(struct carrying *c, struct err *err)
{
	static const char *const types[] = {"policy", "people", "settings"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (carry_text(c, types[i], err) < 0)
			return -1;
	return 0;
}

static int
see_beginning(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct carrying *c = ctx;
	struct record r = {.seq = mark->seq, .line = line, .len = len};
	struct chain_head head;

	if (mark->seq > c->last)
		return 1;
	if (!chain_read(&head, line, len))
		return err_set(err, ERR_TAMPERED, "record %llu has no head",
		    (unsigned long long)mark->seq);
	r.time = head.time;
	if (!text_starts(line + head.body, "\"type\":\"opened\"") &&
	    !text_starts(line + head.body, "\"type\":\"key\""))
		return 0;
	if (tree_parse_json(&r.tree, &c->setup->pool, line, len, "ledger",
	        err) < 0)
		return -1;
	r.line = pool_textn(&c->setup->pool, line, len);
	return carry(c, &r, err);
}

static int
carry_tip(struct carrying *c, const char *repository, const char *ref,
    struct err *err)
{
	struct setup *s = c->setup;
	struct record *list;
	size_t count;

	if (changelog_find(s->log, &s->pool,
	        topic_tip(&s->pool, repository, ref), true, 0, 8, &list, &count,
	        err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct record *r = &list[i];

		if (!text_same(tree_text(r->tree, "repository"), repository) ||
		    !text_same(tree_text(r->tree, "ref"), ref))
			continue;
		/* It says where the ref came to be known, from now on. */
		if (r->seq > c->last && tree_number(r->tree, "carried") > 0)
			return 0;
		return r->seq > c->last ? carry_newest(c, r, err)
		                        : carry(c, r, err);
	}
	return 0;
}

/* Of each ref that came to be known in what goes. */
static int
carry_tips(struct carrying *c, struct err *err)
{
	struct setup *s = c->setup;
	struct map done = {.pool = &s->pool};
	struct record *list;
	size_t count = PAGE;

	for (uint64_t beyond = 0; count == PAGE;) {
		if (changelog_find(s->log, &s->pool, topic_all_born(), false,
		        beyond, PAGE, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			const char *repository =
			    tree_text(list[i].tree, "repository");
			const char *ref = tree_text(list[i].tree, "ref");
			const char *key = pool_printf(&s->pool, "%s %s",
			    repository == NULL ? "" : repository,
			    ref == NULL ? "" : ref);

			beyond = list[i].seq;
			if (beyond > c->last)
				return 0;
			if (repository == NULL || ref == NULL ||
			    map_get(&done, key) != NULL)
				continue;
			map_put(&done, key, c);
			if (carry_tip(c, repository, ref, err) < 0)
				return -1;
		}
	}
	return 0;
}

static int
carry_at(struct carrying *c, uint64_t seq, struct err *err)
{
	struct record r;

	if (seq == 0 || seq > c->last)
		return 0;
	if (changelog_read(c->setup->log, &c->setup->pool, seq, &r, err) < 0)
		return -1;
	return carry(c, &r, err);
}

/* Guards that do not stand, and what was taken for right. */
static int
carry_checks(struct carrying *c, struct err *err)
{
	struct standings all;

	if (standings_read(&all, &c->setup->pool, c->setup->log, NULL, err) < 0)
		return -1;
	for (const struct check_standing *st = all.list; st != NULL;
	     st = st->next) {
		bool bad =
		    st->state == CHECK_FAIL || st->state == CHECK_UNKNOWN;

		if (carry_at(c, st->value_at, err) < 0 ||
		    (bad && st->at != st->value_at &&
		        carry_at(c, st->at, err) < 0))
			return -1;
	}
	return 0;
}

int
retain_carry(struct carrying *c, struct err *err)
{
	if (ledger_walk(changelog_ledger(c->setup->log), NULL, see_beginning, c,
	        NULL, err) < 0 ||
	    carry_texts(c, err) < 0)
		return -1;
	return carry_tips(c, err) < 0 ? -1 : carry_checks(c, err);
}

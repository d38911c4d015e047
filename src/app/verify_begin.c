/*
 * Where a pruned ledger begins, and who was who there.  What tells of it lies
 * behind the lines that need it, so these are looked through once before.
 */
#include <string.h>

#include "app/retain.h"
#include "app/verifying.h"
#include "base/text.h"

/* The line of a text, and which record brought it in. */
struct text_line {
	struct buf line;
	uint64_t seq;
};

struct beginning {
	struct verifying *v;
	struct text_line people; /* where what stays begins */
	struct text_line people_now, policy_now;
};

/* A copy counts as what it is a copy of. */
static void
keep_newer(struct text_line *t, uint64_t seq, const char *line, size_t len)
{
	if (seq < t->seq)
		return;
	buf_clear(&t->line);
	buf_add(&t->line, line, len);
	t->seq = seq;
}

static void
see_text(struct beginning *b, uint64_t seq, const char *line, size_t len,
    bool people)
{
	uint64_t copy;

	if (record_is_carried(line, len, &copy) && copy < seq)
		seq = copy;
	if (people && seq <= b->v->begin.last)
		keep_newer(&b->people, seq, line, len);
	keep_newer(people ? &b->people_now : &b->policy_now, seq, line, len);
}

/* Ends at the record that tells of it: one that comes again is no other. */
static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct beginning *b = ctx;
	struct verifying *v = b->v;
	struct chain_head head;
	const char *body;

	(void)err;
	if (!chain_read(&head, line, len))
		return 0;
	body = line + head.body;
	if (text_starts(body, "\"type\":\"people\""))
		see_text(b, mark->seq, line, len, true);
	if (text_starts(body, "\"type\":\"policy\""))
		see_text(b, mark->seq, line, len, false);
	if (!text_starts(body, "\"type\":\"pruned\""))
		return 0;
	verify_pruned_keep(v, mark->seq, head.time, line, len);
	return v->pruned.tree != NULL &&
	        tree_number(v->pruned.tree, "last") == (int64_t)v->begin.last
	    ? 1
	    : 0;
}

static const char *
text_of(struct setup *s, const struct text_line *t)
{
	struct err ignored = {0};
	const struct tree *record;

	return t->seq > 0 &&
	        tree_parse_json(&record, &s->pool, t->line.data, t->line.len,
	            "ledger", &ignored) == 0
	    ? tree_text(record, "text")
	    : NULL;
}

int
verify_begin(struct verifying *v, struct ledger *ledger, struct err *err)
{
	struct beginning b = {.v = v};
	struct setup alone = {0};
	int ret;

	if (v->begin.last == 0)
		return 0;
	v->keys.gone = v->begin.last;
	ret = ledger_walk(ledger, NULL, see, &b, NULL, err);
	if (ret == 0)
		ret = retain_check(&alone, &v->begin, &v->pruned, err);
	if (ret == 0)
		ret = retain_people(&alone, &v->pruned,
		    text_of(&alone, &b.people_now),
		    text_of(&alone, &b.policy_now), err);
	/* Whose keys they were, for the first lines that stay. */
	if (ret == 0 && b.people.seq > 0) {
		buf_add(&v->kept.text, b.people.line.data, b.people.line.len);
		v->kept.text_seq = b.people.seq;
	}
	buf_free(&b.people.line);
	buf_free(&b.people_now.line);
	buf_free(&b.policy_now.line);
	pool_free(&alone.pool);
	return ret;
}

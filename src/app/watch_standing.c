/* How each check stood, by the ledger alone. */
#include "app/watch.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define PAGE 1000

static const char *
name_of(struct pool *pool, const char *check, const char *subject)
{
	return pool_printf(pool, "%s %s", check, subject);
}

const struct check_standing *
standing_of(const struct standings *s, struct pool *pool, const char *check,
    const char *subject)
{
	return map_get(&s->by_name, name_of(pool, check, subject));
}

static const char *
keep(struct pool *pool, const char *text)
{
	return text == NULL ? NULL : pool_text(pool, text);
}

static struct check_standing *
put(struct standings *s, struct pool *pool, const char *check,
    const char *subject)
{
	const char *name = name_of(pool, check, subject);
	struct check_standing *st = map_get(&s->by_name, name);

	if (st != NULL)
		return st;
	st = pool_alloc(pool, sizeof(*st));
	*st = (struct check_standing){.check = pool_text(pool, check),
	    .subject = pool_text(pool, subject),
	    .next = s->list};
	s->list = st;
	map_put(&s->by_name, name, st);
	return st;
}

/* A copy of what was pruned is as old as what it is a copy of. */
static void
take(struct standings *s, struct pool *pool, const char *node,
    const struct record *r)
{
	const char *whose = tree_text(r->tree, "node");
	const char *check = tree_text(r->tree, "check");
	const char *subject = tree_text(r->tree, "subject");
	enum check_state state = check_state_of(tree_text(r->tree, "state"));
	bool drift = text_same(r->type, "drift");
	uint64_t carried = (uint64_t)tree_number(r->tree, "carried");
	uint64_t number = carried > 0 ? carried : r->seq;
	struct check_standing *st;

	if (check == NULL || subject == NULL ||
	    (node != NULL && whose != NULL && strcmp(node, whose) != 0) ||
	    (drift && state == CHECK_NONE) ||
	    (!drift && !text_same(r->type, "explained")))
		return;
	st = put(s, pool, check, subject);
	if (drift && number > st->record) {
		st->repository = keep(pool, tree_text(r->tree, "repository"));
		st->state = state;
		st->record = number;
		st->at = r->seq;
		st->time = carried > 0 ? tree_instant(r->tree, "carried_time")
		                       : r->time;
		st->seen = keep(pool, tree_text(r->tree, "value"));
		st->text = keep(pool, tree_text(r->tree, "text"));
	}
	if ((!drift || state == CHECK_PASS) && number > st->value_record &&
	    tree_text(r->tree, "value") != NULL) {
		st->value = keep(pool, tree_text(r->tree, "value"));
		st->value_record = number;
		st->value_at = r->seq;
	}
}

int
standings_read(struct standings *out, struct pool *pool, struct changelog *log,
    const char *node, struct err *err)
{
	size_t count = PAGE, seen = 0;
	uint64_t beyond = 0;

	*out = (struct standings){.by_name = {.pool = pool}};
	while (count == PAGE) {
		struct pool page = {0};
		struct record *list;

		if (changelog_find(log, &page, topic_checks(), true, beyond,
		        PAGE, &list, &count, err) < 0) {
			pool_free(&page);
			return -1;
		}
		for (size_t i = 0; i < count; i++) {
			take(out, pool, node, &list[i]);
			beyond = list[i].seq;
		}
		pool_free(&page);
		seen += count;
		if (seen > STANDINGS_MAX)
			return err_set(err, ERR_INPUT,
			    "more than %d records of checks", STANDINGS_MAX);
	}
	return 0;
}

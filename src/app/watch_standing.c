/* How each check stood, by the ledger alone. */
#include "app/watch.h"

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

/* Records come newest first: what is known already is newer. */
static void
take(struct standings *s, struct pool *pool, const struct record *r)
{
	const char *check = tree_text(r->tree, "check");
	const char *subject = tree_text(r->tree, "subject");
	enum check_state state = check_state_of(tree_text(r->tree, "state"));
	bool drift = text_same(r->type, "drift");
	struct check_standing *st;
	const char *name;

	if (check == NULL || subject == NULL ||
	    (drift && state == CHECK_NONE) ||
	    (!drift && !text_same(r->type, "explained")))
		return;
	name = name_of(pool, check, subject);
	st = map_get(&s->by_name, name);
	if (st == NULL) {
		st = pool_alloc(pool, sizeof(*st));
		*st = (struct check_standing){.check = pool_text(pool, check),
		    .subject = pool_text(pool, subject),
		    .next = s->list};
		s->list = st;
		map_put(&s->by_name, name, st);
	}
	if (drift && st->record == 0) {
		st->repository = keep(pool, tree_text(r->tree, "repository"));
		st->state = state;
		st->record = r->seq;
		st->time = r->time;
		st->seen = keep(pool, tree_text(r->tree, "value"));
		st->text = keep(pool, tree_text(r->tree, "text"));
	}
	if (st->value == NULL && (!drift || state == CHECK_PASS)) {
		st->value = keep(pool, tree_text(r->tree, "value"));
		st->value_record = st->value == NULL ? 0 : r->seq;
	}
}

int
standings_read(struct standings *out, struct pool *pool, struct changelog *log,
    struct err *err)
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
			take(out, pool, &list[i]);
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

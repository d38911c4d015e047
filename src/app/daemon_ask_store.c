/* From a forge's answer to records: what is new in it, once. */
#include "app/daemon_ask.h"

#include <string.h>

#include "app/observe.h"
#include "base/text.h"

#define TRIES_MAX 8

/* What the ledger does not have, in order. */
static int
find_fresh(struct setup *s, const struct source *source,
    const struct forge_list *list, struct payload *out, struct err *err)
{
	struct observed *fresh = NULL;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct observed *w = &list->list[i];
		const char *ours =
		    source_repository(source, &s->pool, w->repository);
		bool known = false;

		if (ours == NULL)
			continue;
		if (ask_is_known(s->log, &s->pool, source, ours, w, &known,
		        err) < 0)
			return -1;
		if (!known)
			*(struct observed *)pool_grow(&s->pool, &fresh, &count,
			    sizeof(*fresh)) = *w;
	}
	*out = (struct payload){.list = fresh, .count = count};
	return 0;
}

static int
append(struct setup *s, const struct observations *o, bool *stale,
    struct err *err)
{
	struct ledger_body *bodies =
	    pool_array(&s->pool, o->count, sizeof(*bodies));

	for (size_t i = 0; i < o->count; i++)
		bodies[i] = (struct ledger_body){.text = o->list[i].data,
		    .len = o->list[i].len};
	return changelog_append_behind(s->log, bodies, o->count, s->now, NULL,
	    stale, err);
}

static int
store_once(struct setup *s, const struct source *source,
    const struct forge_list *list, size_t *stored, bool *stale, struct err *err)
{
	struct observing from = {.config = &s->config,
	    .source = source,
	    .asked = true,
	    .now = s->now};
	struct payload payload = {0};
	struct observations o = {0};
	int ret = 0;

	*stale = false;
	*stored = 0;
	if (find_fresh(s, source, list, &payload, err) < 0)
		return -1;
	observe_bodies(&o, &s->pool, &from, &payload);
	if (o.count > 0)
		ret = append(s, &o, stale, err);
	*stored = o.count;
	observations_free(&o);
	return ret;
}

int
ask_store(struct setup *s, const struct source *source,
    const struct forge_list *list, size_t *stored, struct err *err)
{
	bool stale = true;

	for (unsigned i = 0; stale && i < TRIES_MAX; i++)
		if (store_once(s, source, list, stored, &stale, err) < 0 ||
		    (stale && changelog_catch_up(s->log, err) < 0))
			return -1;
	return !stale ? 0
	              : err_set(err, ERR_UNREACHABLE,
	                    "others write to the ledger without end");
}

/* ---- by which name the forge knows a repository ---- */

/* `ours` of one mapping, turned round; NULL: it is none of this entry's. */
static const char *
turn_round(struct pool *pool, const struct source_mapping *m, const char *ours)
{
	const char *star = strchr(m->ours, '*');
	const char *behind = star == NULL ? NULL : star + strspn(star, "*");
	const char *there = strchr(m->forge, '*');
	size_t before = star == NULL ? 0 : (size_t)(star - m->ours);
	size_t len = strlen(ours);

	if (there == NULL && star == NULL)
		return text_same(m->ours, ours) ? m->forge : NULL;
	if (star == NULL || !text_glob(m->ours, ours) ||
	    len < before + strlen(behind))
		return NULL;
	ours = pool_textn(pool, ours + before, len - before - strlen(behind));
	if (there == NULL)
		return text_same(m->forge, ours) ? m->forge : NULL;
	return pool_printf(pool, "%.*s%s%s", (int)(there - m->forge), m->forge,
	    ours, there + strspn(there, "*"));
}

const char *
ask_forge_name(struct pool *pool, const struct source *s, const char *ours)
{
	if (!s->mapped)
		return ours;
	for (size_t i = 0; i < s->mapping_count; i++) {
		const char *name = turn_round(pool, &s->mappings[i], ours);

		/* An earlier entry may have that name already. */
		if (name != NULL &&
		    text_same(source_repository(s, pool, name), ours))
			return name;
	}
	return NULL;
}

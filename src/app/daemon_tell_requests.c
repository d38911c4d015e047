/* Which requests are open, by what the source told last of each. */
#include "daemon_tell_inside.h"

#include <string.h>

#include "app/visit.h"
#include "base/text.h"
#include "core/topics.h"

#define PAGE 200
#define PAGES_MAX 50 /* of words on requests for one ref */
#define WORDS_MAX 20 /* newest of one request, until one tells its state */
#define QUEUED_MAX 50

struct listing {
	struct telling *t;
	struct map seen; /* "<number>" */
	struct open_request *list;
	size_t count;
};

static bool
is_ours(const struct telling *t, const struct record *r)
{
	return text_same(r->type, "observation") &&
	    text_same(tree_text(r->tree, "repository"), t->look.repository) &&
	    text_same(tree_text(r->tree, "source"), t->mirror.source->name);
}

/* Its newest word on how it stands. */
static int
find_present(struct telling *t, const char *number, struct record *out,
    struct err *err)
{
	struct record *list;
	size_t count;

	*out = (struct record){0};
	if (changelog_find(t->run->setup->log, t->pool,
	        topic_request(t->pool, t->look.repository,
	            t->mirror.source->name, number),
	        true, 0, WORDS_MAX, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct tree *r = list[i].tree;

		if (!is_ours(t, &list[i]) ||
		    !text_same(tree_text(r, "request"), number) ||
		    !text_same(tree_text(r, "kind"), "request"))
			continue;
		*out = list[i];
		return 0;
	}
	return 0;
}

static int
add_request(struct listing *l, const char *number, struct err *err)
{
	struct telling *t = l->t;
	struct open_request *one;
	const char *state, *head, *target;
	struct record now;

	if (map_get(&l->seen, number) != NULL)
		return 0;
	map_put(&l->seen, number, l);
	if (find_present(t, number, &now, err) < 0)
		return -1;
	if (now.seq == 0)
		return 0;
	state = tree_text(now.tree, "state");
	head = tree_text(now.tree, "head");
	target = tree_text(now.tree, "target");
	if (text_same(state, "closed") || text_same(state, "merged") ||
	    head == NULL || target == NULL || !text_is_oid(head))
		return 0;
	if (l->count >= TELL_REQUESTS_MAX)
		return err_set(err, ERR_INPUT,
		    "'%s' has more than %d open requests", t->look.repository,
		    TELL_REQUESTS_MAX);
	one = pool_grow(t->pool, &l->list, &l->count, sizeof(*l->list));
	*one = (struct open_request){.number = number,
	    .told = now.time,
	    .head = head,
	    .target = target};
	return 0;
}

static int
add_of_ref(struct listing *l, const char *ref, struct err *err)
{
	struct telling *t = l->t;
	const char *topic = topic_requests(t->pool, t->look.repository, ref);
	uint64_t below = 0;
	struct record *list;
	size_t count = PAGE;

	for (unsigned page = 0; page < PAGES_MAX && count == PAGE; page++) {
		if (changelog_find(t->run->setup->log, t->pool, topic, true,
		        below, PAGE, &list, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			const char *number = tree_text(list[i].tree, "request");

			below = list[i].seq;
			if (number != NULL && is_ours(t, &list[i]) &&
			    add_request(l, number, err) < 0)
				return -1;
		}
	}
	return 0;
}

/* What a merge queue would make the target. */
static int
add_queued(struct listing *l, struct err *err)
{
	struct telling *t = l->t;
	struct open_request *one;
	struct record *list;
	size_t count;

	if (changelog_find(t->run->setup->log, t->pool,
	        topic_queued(t->pool, t->look.repository), true, 0, QUEUED_MAX,
	        &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const char *commit = tree_text(list[i].tree, "commit");
		const char *target = tree_text(list[i].tree, "target");

		if (!is_ours(t, &list[i]) || commit == NULL || target == NULL ||
		    !text_is_oid(commit) || map_get(&l->seen, commit) != NULL)
			continue;
		map_put(&l->seen, commit, l);
		if (text_same(tree_text(list[i].tree, "forge.action"),
		        "destroyed"))
			continue;
		one = pool_grow(t->pool, &l->list, &l->count, sizeof(*one));
		*one = (struct open_request){.head = commit,
		    .target = target,
		    .queued = true};
	}
	return 0;
}

int
tell_requests(struct telling *t, struct open_request **list, size_t *count,
    struct err *err)
{
	struct listing l = {.t = t, .seen = {.pool = t->pool}};
	struct visit_ref *refs;
	size_t n;

	if (visit_refs(&t->look, &refs, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_of_ref(&l, refs[i].name, err) < 0)
			return -1;
	if (add_queued(&l, err) < 0)
		return -1;
	*list = l.list;
	*count = l.count;
	return 0;
}

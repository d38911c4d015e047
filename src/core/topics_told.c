/* Topics of what a source told. */
#include "core/topics.h"

#include <string.h>

#include "base/text.h"

#include "topics_inside.h"

const char *
topic_delivery(struct pool *p, const char *source, const char *id)
{
	return pool_printf(p, "delivery %s %s", source, id);
}

const char *
topic_body(struct pool *p, const char *source, const char *digest)
{
	return pool_printf(p, "body %s %s", source, digest);
}

const char *
topic_request(struct pool *p, const char *repository, const char *source,
    const char *number)
{
	return pool_printf(p, "request %s %s %s", repository, source, number);
}

const char *
topic_request_id(struct pool *p, const char *repository, const char *id)
{
	return pool_printf(p, "request-id %s %s", repository, id);
}

const char *
topic_head(struct pool *p, const char *repository, const char *commit)
{
	return pool_printf(p, "head %s %s", repository, commit);
}

const char *
topic_requests(struct pool *p, const char *repository, const char *target)
{
	return pool_printf(p, "requests %s %s", repository, target);
}

const char *
topic_status(struct pool *p, const char *repository, const char *commit)
{
	return pool_printf(p, "status %s %s", repository, commit);
}

const char *
topic_moved(struct pool *p, const char *repository, const char *ref)
{
	return pool_printf(p, "moved %s %s", repository, ref);
}

const char *
topic_queued(struct pool *p, const char *repository)
{
	return pool_printf(p, "queued %s", repository);
}

const char *
topic_protection(struct pool *p, const char *repository)
{
	return pool_printf(p, "protection %s", repository);
}

const char *
topic_numbered(struct pool *p, const char *id)
{
	return pool_printf(p, "numbered %s", id);
}

const char *
topic_all_renamed(void)
{
	return "renamed";
}

/* ---- whose topic it is ---- */

bool
topic_repository(const char *topic, size_t *at, size_t *len)
{
	static const char *const words[] = {"adopted", "against", "approval",
	    "approvals", "born", "changes", "decision", "declared",
	    "deployment", "drift", "head", "landed", "moved", "owed", "posted",
	    "protection", "queued", "request", "request-id", "requests",
	    "status", "tip", "tips", "unjudged"};
	const char *blank = strchr(topic, ' '), *end;
	size_t word = blank == NULL ? 0 : (size_t)(blank - topic);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (word == 0 || strlen(words[i]) != word ||
		    memcmp(topic, words[i], word) != 0)
			continue;
		end = strchr(blank + 1, ' ');
		*at = word + 1;
		*len = end == NULL ? strlen(topic + *at)
		                   : (size_t)(end - blank - 1);
		return *len > 0;
	}
	return false;
}

/* Where it came from: the same is not stored twice. */
const char *
topic_heard(struct pool *p, const char *source)
{
	return pool_printf(p, "heard %s", source);
}

/*
 * A delivery is known by its last record: lines behind the first may be missing
 * where a writer died.  Older records of one delivery do not say "more", and it
 * is known by each.
 */
void
topics_source(struct listing *l, const struct tree *r)
{
	const char *source = tree_text(r, "source");
	const char *delivery = tree_text(r, "delivery");
	const char *body = tree_text(r, "body");
	bool last = !tree_true(r, "more");

	if (last && source != NULL && delivery != NULL)
		topics_add(l, topic_delivery(l->pool, source, delivery));
	if (last && source != NULL && body != NULL)
		topics_add(l, topic_body(l->pool, source, body));
	if (source != NULL && tree_text(r, "via") == NULL)
		topics_add(l, topic_heard(l->pool, source));
}

static void
of_request(struct listing *l, const struct tree *r, const char *repository)
{
	const char *source = tree_text(r, "source");
	const char *number = tree_text(r, "request");
	const char *id = tree_text(r, "request_id");
	const char *head = tree_text(r, "head");
	const char *target = tree_text(r, "target");

	if (source == NULL || number == NULL)
		return;
	topics_add(l, topic_request(l->pool, repository, source, number));
	if (id != NULL)
		topics_add(l, topic_request_id(l->pool, repository, id));
	if (head != NULL)
		topics_add(l, topic_head(l->pool, repository, head));
	if (target != NULL)
		topics_add(l, topic_requests(l->pool, repository, target));
}

/* What only a source tells. */
void
topics_told(struct listing *l, const struct tree *r, const char *repository)
{
	const char *kind = tree_text(r, "kind");
	const char *commit = tree_text(r, "commit");
	const char *ref = tree_text(r, "ref");

	topics_source(l, r);
	of_request(l, r, repository);
	if (text_same(kind, "status") && commit != NULL)
		topics_add(l, topic_status(l->pool, repository, commit));
	if (text_same(kind, "push") && ref != NULL)
		topics_add(l, topic_moved(l->pool, repository, ref));
	if (text_same(kind, "queued"))
		topics_add(l, topic_queued(l->pool, repository));
	if (text_same(kind, "protection"))
		topics_add(l, topic_protection(l->pool, repository));
}

const char *
topic_checks(void)
{
	return "checks";
}

const char *
topic_node(struct pool *p, const char *node)
{
	return pool_printf(p, "settings %s", node);
}

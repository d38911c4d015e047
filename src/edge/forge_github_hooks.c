/*
 * Deliveries that GitHub could not make: they are asked for again.  A token
 * that may not see hooks (403, 404) has none to tell of.
 */
#include <string.h>

#include "base/text.h"

#include "forge_inside.h"

#define AGAIN_MAX 20 /* deliveries at once */

/* By their newest attempt, the newest first. */
struct deliveries {
	const char *seen[FORGE_DELIVERIES]; /* their guids */
	size_t count, again;
	const char *hook;
};

static bool
is_seen(const struct deliveries *d, const char *guid)
{
	for (size_t i = 0; i < d->count; i++)
		if (text_same(d->seen[i], guid))
			return true;
	return false;
}

static int
look_at_delivery(struct question *q, const struct tree *t, struct deliveries *d)
{
	const char *guid = tree_text(t, "guid");
	const char *id = forge_word(q, t, "id");
	int64_t status = tree_number(t, "status_code");
	struct call c = {.method = HTTP_POST, .body = "{}", .also = {202, 404}};
	struct reply reply;

	if (guid == NULL || id == NULL || is_seen(d, guid) ||
	    d->count == FORGE_DELIVERIES)
		return 0;
	d->seen[d->count++] = guid;
	if ((status >= 200 && status < 300) || d->again == AGAIN_MAX)
		return 0;
	d->again++;
	c.path =
	    pool_printf(q->pool, "repos/%s/hooks/%s/deliveries/%s/attempts",
	        forge_escape(q->pool, q->repository, true), d->hook, id);
	return forge_call(q, &c, &reply);
}

/* Of late: one page. */
static int
look_at_hook(struct question *q, const struct tree *hook, size_t *again)
{
	struct deliveries d = {.hook = forge_word(q, hook, "id")};
	struct call c = {.also = {403, 404}};
	struct reply reply;

	if (d.hook == NULL)
		return 0;
	c.path =
	    pool_printf(q->pool, "repos/%s/hooks/%s/deliveries?per_page=%d",
	        forge_escape(q->pool, q->repository, true), d.hook,
	        FORGE_DELIVERIES);
	if (forge_call(q, &c, &reply) < 0)
		return -1;
	if (reply.status != 200 || reply.doc->kind != TREE_LIST)
		return 0;
	for (const struct tree *t = reply.doc->child; t != NULL; t = t->next)
		if (look_at_delivery(q, t, &d) < 0)
			return -1;
	*again += d.again;
	return 0;
}

int
forge_github_redeliver(struct question *q, const char *ending, size_t *again)
{
	struct call c = {.also = {403, 404}};
	struct reply reply;

	*again = 0;
	c.path = pool_printf(q->pool, "repos/%s/hooks?per_page=100",
	    forge_escape(q->pool, q->repository, true));
	if (forge_call(q, &c, &reply) < 0)
		return -1;
	if (reply.status != 200 || reply.doc->kind != TREE_LIST)
		return 0;
	for (const struct tree *t = reply.doc->child; t != NULL; t = t->next) {
		const char *url = tree_text(t, "config.url");

		if (url != NULL && text_ends(url, ending) &&
		    look_at_hook(q, t, again) < 0)
			return -1;
	}
	return 0;
}

/*
 * The webhook that tells us, as the forge has it.  A token that may not see
 * hooks (403, 404) is told nothing, and so are we.
 */
#include <string.h>

#include "base/text.h"

#include "forge_gitlab.h"

/* Without these a landing or a yes is never told. */
static const char *const github_events[] = {"push", "pull_request",
    "pull_request_review", NULL};
static const char *const gitea_events[] = {"push", "pull_request", NULL};
static const char *const gitlab_events[] = {"push_events",
    "merge_requests_events", "tag_push_events", NULL};

static bool
has_event(const struct tree *hook, const char *event)
{
	const struct tree *list = tree_get(hook, "events");

	if (list == NULL)
		return tree_true(hook, event);
	for (const struct tree *t = list->child; t != NULL; t = t->next)
		if (t->kind == TREE_TEXT &&
		    (text_same(t->text, "*") || text_same(t->text, event)))
			return true;
	return false;
}

static void
add(struct question *q, struct forge_webhook *out, const char *text)
{
	out->wrong = out->wrong == NULL
	    ? text
	    : pool_printf(q->pool, "%s; %s", out->wrong, text);
}

static void
look_at_events(struct question *q, const struct tree *hook,
    const char *const events[], struct forge_webhook *out)
{
	for (size_t i = 0; events[i] != NULL; i++)
		if (!has_event(hook, events[i]))
			add(q, out,
			    pool_printf(q->pool, "it does not send %s",
			        events[i]));
}

static void
look_at_github(struct question *q, const struct tree *hook, bool gitea,
    struct forge_webhook *out)
{
	int64_t code = tree_number(hook, "last_response.code");

	if (!tree_true(hook, "active"))
		add(q, out, "it is switched off");
	if (text_same(tree_text(hook, "config.insecure_ssl"), "1"))
		add(q, out, "it does not check our certificate");
	if (code >= 300)
		add(q, out,
		    pool_printf(q->pool,
		        "its last delivery was answered with %lld",
		        (long long)code));
	look_at_events(q, hook, gitea ? gitea_events : github_events, out);
}

static void
look_at_gitlab(struct question *q, const struct tree *hook,
    struct forge_webhook *out)
{
	const char *alert = tree_text(hook, "alert_status");
	bool checks = false;

	if (alert != NULL && !text_same(alert, "executable"))
		add(q, out, "GitLab switched it off after failures");
	if (tree_is_boolean(tree_get(hook, "enable_ssl_verification"),
	        &checks) &&
	    !checks)
		add(q, out, "it does not check our certificate");
	look_at_events(q, hook, gitlab_events, out);
}

static void
look_at(struct question *q, const struct tree *hook, const char *ending,
    struct forge_webhook *out)
{
	bool gitlab = q->forge->kind == &forge_gitlab;
	const char *url = tree_text(hook, gitlab ? "url" : "config.url");

	if (url == NULL || !text_ends(url, ending))
		return;
	out->there = true;
	if (gitlab)
		look_at_gitlab(q, hook, out);
	else
		look_at_github(q, hook, q->forge->kind == &forge_gitea, out);
}

int
forge_hooks_look(struct question *q, const char *ending,
    struct forge_webhook *out)
{
	struct call c = {.also = {403, 404}};
	struct reply reply;

	if (q->forge->kind == &forge_gitlab)
		c.path = PATH(q, "hooks?per_page=100");
	else if (q->forge->kind == &forge_github ||
	    q->forge->kind == &forge_gitea)
		c.path = pool_printf(q->pool, "repos/%s/hooks?per_page=100",
		    forge_escape(q->pool, q->repository, true));
	else
		return 0;
	if (forge_call(q, &c, &reply) < 0)
		return -1;
	if (reply.status != 200 || reply.doc->kind != TREE_LIST)
		return 0;
	out->told = true;
	for (const struct tree *t = reply.doc->child; t != NULL; t = t->next)
		look_at(q, t, ending, out);
	return 0;
}

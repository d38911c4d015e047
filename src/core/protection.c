#include "core/protection.h"

#include <string.h>

#include "base/text.h"

struct looking {
	const struct protection_asked *asked;
	struct protection_found *out;
	struct pool *pool;
};

static void
add(struct looking *l, enum check_state state, const char *text)
{
	l->out->text = l->out->text == NULL
	    ? text
	    : pool_printf(l->pool, "%s; %s", l->out->text, text);
	if (l->out->state != CHECK_FAIL)
		l->out->state = state;
}

static void
no_status(struct looking *l)
{
	add(l, CHECK_FAIL,
	    pool_printf(l->pool,
	        "it does not require the status %s before a merge",
	        l->asked->context));
}

/* ---- GitHub ---- */

struct github {
	bool required, ours, from_ruleset;
	bool no_force, no_delete;
	bool classic, admins;
};

static void
take_check(const struct looking *l, struct github *g, const struct tree *t,
    const char *app)
{
	if (!text_same(tree_text(t, "context"), l->asked->context))
		return;
	g->required = true;
	if (l->asked->app_id != 0 &&
	    tree_number(t, app) == (int64_t)l->asked->app_id)
		g->ours = true;
}

static void
take_rule(const struct looking *l, struct github *g, const struct tree *t)
{
	const char *type = tree_text(t, "type");
	const struct tree *list =
	    tree_path(t, "parameters.required_status_checks");

	g->no_force |= text_same(type, "non_fast_forward");
	g->no_delete |= text_same(type, "deletion");
	if (!text_same(type, "required_status_checks") || list == NULL)
		return;
	for (const struct tree *c = list->child; c != NULL; c = c->next) {
		bool before = g->required;

		take_check(l, g, c, "integration_id");
		g->from_ruleset |= g->required && !before;
	}
}

/* The older form: it says whether administrators go round it. */
static void
take_classic(const struct looking *l, struct github *g, const struct tree *t)
{
	const struct tree *list = tree_path(t, "required_status_checks.checks");

	g->classic = true;
	g->admins = !tree_true(t, "enforce_admins.enabled");
	g->no_force |= !tree_true(t, "allow_force_pushes.enabled");
	g->no_delete |= !tree_true(t, "allow_deletions.enabled");
	for (const struct tree *c = list == NULL ? NULL : list->child;
	     c != NULL; c = c->next)
		take_check(l, g, c, "app_id");
	list = tree_path(t, "required_status_checks.contexts");
	for (const struct tree *c = list == NULL ? NULL : list->child;
	     c != NULL; c = c->next)
		if (c->kind == TREE_TEXT &&
		    text_same(c->text, l->asked->context))
			g->required = true;
}

static void
look_github(struct looking *l, const struct tree *told)
{
	struct github g = {0};

	for (const struct tree *t = told->child; t != NULL; t = t->next)
		if (tree_text(t, "type") != NULL)
			take_rule(l, &g, t);
		else
			take_classic(l, &g, t);
	if (!g.required)
		no_status(l);
	else if (l->asked->app_id == 0)
		add(l, CHECK_FAIL,
		    "whoever may write there can set that status: let a GitHub "
		    "App of ours set it ('app' of the source), and require it "
		    "from that one");
	else if (!g.ours)
		add(l, CHECK_FAIL,
		    "it takes that status from others than our app");
	if (g.required && !g.from_ruleset && g.admins)
		add(l, CHECK_FAIL, "administrators may go round it");
	if (!g.no_force)
		add(l, CHECK_FAIL, "it lets force pushes through");
	if (!g.no_delete)
		add(l, CHECK_FAIL, "it lets the branch be deleted");
}

/* ---- GitLab ---- */

static void
look_gitlab(struct looking *l, const struct tree *told)
{
	const struct tree *own = NULL, *levels;

	for (const struct tree *t = told->child; t != NULL; t = t->next)
		if (tree_get(t, "push_access_levels") != NULL)
			own = t;
	if (own == NULL) {
		add(l, CHECK_FAIL, "the branch is not protected");
		return;
	}
	if (tree_true(own, "allow_force_push"))
		add(l, CHECK_FAIL, "it lets force pushes through");
	levels = tree_get(own, "push_access_levels");
	for (const struct tree *t = levels->child; t != NULL; t = t->next)
		if (tree_number(t, "access_level") > 0) {
			add(l, CHECK_FAIL,
			    "some may push to it without a merge request");
			break;
		}
	add(l, CHECK_UNKNOWN,
	    "whether it requires our status (pipelines must succeed) is not "
	    "told here: look at Settings, Merge requests");
}

/* ---- Gitea and Forgejo ---- */

static void
look_gitea(struct looking *l, const struct tree *told)
{
	const struct tree *own = told->child, *list;
	bool required = false;

	if (!tree_true(own, "protected")) {
		add(l, CHECK_FAIL, "the branch is not protected");
		return;
	}
	list = tree_get(own, "status_check_contexts");
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT &&
		    text_glob(t->text, l->asked->context))
			required = true;
	if (!required || !tree_true(own, "enable_status_check"))
		no_status(l);
}

/* ---- Bitbucket ---- */

static void
look_bitbucket(struct looking *l, const struct tree *told)
{
	bool builds = false, push = false, force = false, delete = false;

	for (const struct tree *t = told->child; t != NULL; t = t->next) {
		const char *kind = tree_text(t, "kind");
		const char *pattern = tree_text(t, "pattern");

		if (pattern == NULL || !text_glob(pattern, l->asked->branch))
			continue;
		builds |= text_same(kind, "require_passing_builds_to_merge");
		push |= text_same(kind, "push");
		force |= text_same(kind, "force");
		delete |= text_same(kind, "delete");
	}
	if (!builds)
		no_status(l);
	if (!push)
		add(l, CHECK_FAIL, "anybody may push to it");
	if (!force)
		add(l, CHECK_FAIL, "it lets force pushes through");
	if (!delete)
		add(l, CHECK_FAIL, "it lets the branch be deleted");
}

/* "refs/heads/main", or a pattern. */
static bool
is_of(const struct looking *l, const struct tree *t)
{
	const char *id = tree_text(t, "matcher.id");

	return id != NULL &&
	    (text_same(id,
	         pool_printf(l->pool, "refs/heads/%s", l->asked->branch)) ||
	        text_glob(id, l->asked->branch));
}

static void
look_bitbucket_dc(struct looking *l, const struct tree *told)
{
	bool requests = false, force = false, delete = false;

	for (const struct tree *t = told->child; t != NULL; t = t->next) {
		const char *type = tree_text(t, "type");
		bool shut = text_same(type, "read-only");

		if (!is_of(l, t))
			continue;
		requests |= shut || text_same(type, "pull-request-only");
		force |= shut || text_same(type, "fast-forward-only");
		delete |= shut || text_same(type, "no-deletes");
	}
	if (!requests)
		add(l, CHECK_FAIL, "it may be pushed to without a request");
	if (!force)
		add(l, CHECK_FAIL, "it lets force pushes through");
	if (!delete)
		add(l, CHECK_FAIL, "it lets the branch be deleted");
	add(l, CHECK_UNKNOWN,
	    "whether it requires our build is not told here: look at "
	    "Repository settings, Required builds");
}

void
protection_look(struct protection_found *out, struct pool *pool,
    const struct protection_asked *asked, const struct tree *told)
{
	struct looking l = {asked, out, pool};

	*out = (struct protection_found){.state = CHECK_PASS};
	if (told == NULL || told->kind != TREE_LIST) {
		add(&l, CHECK_UNKNOWN, "the forge's answer is no list");
		return;
	}
	switch (asked->kind) {
	case SOURCE_GITHUB:
		look_github(&l, told);
		break;
	case SOURCE_GITLAB:
		look_gitlab(&l, told);
		break;
	case SOURCE_GITEA:
	case SOURCE_FORGEJO:
		look_gitea(&l, told);
		break;
	case SOURCE_BITBUCKET:
		look_bitbucket(&l, told);
		break;
	case SOURCE_BITBUCKET_DC:
		look_bitbucket_dc(&l, told);
		break;
	case SOURCE_GENERIC:
		add(&l, CHECK_UNKNOWN, "it is no forge");
		break;
	}
}

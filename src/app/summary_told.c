/* What sources told, in one line each. */
#include "app/summary.h"

#include <string.h>

#include "base/text.h"

static const char *
either(const char *text, const char *other)
{
	return text != NULL ? text : other;
}

/* The person, or the login that is nobody's we know. */
static const char *
who(struct pool *pool, const struct tree *r, const char *user)
{
	const char *person = tree_text(r, "person");
	const char *login = tree_text(tree_get(r, user), "login");

	if (user[0] == 'b' || user[0] == 'o')
		person = tree_text(tree_get(r, user), "person");
	if (person != NULL)
		return person;
	return login == NULL
	    ? "nobody named"
	    : pool_printf(pool, "'%s', whom nobody knows,", login);
}

static const char *
request(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s request %s",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "source"), "?"),
	    either(tree_text(r, "request"), "?"));
}

static const char *
review(struct pool *pool, const struct tree *r)
{
	const char *commit = tree_text(r, "commit");
	const char *by = tree_get(r, "by") == NULL
	    ? ""
	    : pool_printf(pool, ", taken back by %s", who(pool, r, "by"));

	return pool_printf(pool, "%s: %s by %s of %s for %s%s",
	    request(pool, r), either(tree_text(r, "decision"), "?"),
	    tree_true(r, "all") ? "everybody" : who(pool, r, "user"),
	    commit != NULL ? summary_id(pool, commit) : "no commit named",
	    either(tree_text(r, "target"), "?"), by);
}

static const char *
state(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s: %s, head %s, for %s, opened by %s",
	    request(pool, r), either(tree_text(r, "state"), "?"),
	    summary_id(pool, tree_text(r, "head")),
	    either(tree_text(r, "target"), "?"), who(pool, r, "opener"));
}

static const char *
comment(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s: emergency %s declared by %s",
	    request(pool, r), either(summary_text(r, "incident"), "?"),
	    who(pool, r, "user"));
}

static const char *
check(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s of %s: %s, told by %s",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "context"), "?"),
	    summary_id(pool, tree_text(r, "commit")),
	    either(tree_text(r, "result"), "?"),
	    either(tree_text(r, "source"), "?"));
}

static const char *
deployment(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s of %s in %s, told by %s (%s)",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "result"), "?"),
	    summary_id(pool, tree_text(r, "commit")),
	    either(tree_text(r, "environment"), "?"),
	    either(tree_text(r, "source"), "?"), who(pool, r, "user"));
}

static const char *
moved(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s moved by %s  %s -> %s, told by %s",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "ref"), "?"), who(pool, r, "user"),
	    summary_id(pool, tree_text(r, "old")),
	    summary_id(pool, tree_text(r, "new")),
	    either(tree_text(r, "source"), "?"));
}

static const char *
protection(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s protection at %s: %s, by %s",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "source"), "?"),
	    either(summary_text(r, "what"),
	        either(tree_text(r, "forge.action"), "?")),
	    who(pool, r, "user"));
}

static const char *
queued(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s asks about %s in its merge queue",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "source"), "?"),
	    summary_id(pool, tree_text(r, "commit")));
}

static const struct kind {
	const char *kind;
	const char *(*line)(struct pool *pool, const struct tree *r);
} kinds[] = {
    {"approval", review},
    {"request", state},
    {"comment", comment},
    {"status", check},
    {"deployment", deployment},
    {"push", moved},
    {"protection", protection},
    {"queued", queued},
};

const char *
summary_told(struct pool *pool, const struct tree *r)
{
	const char *source = tree_text(r, "source");

	if (source == NULL || tree_get(r, "forge") == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (text_same(tree_text(r, "kind"), kinds[i].kind))
			return kinds[i].line(pool, r);
	return NULL;
}

const char *
summary_renamed(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s was %s, told by %s",
	    either(tree_text(r, "repository"), "?"),
	    either(tree_text(r, "was"), "?"),
	    either(tree_text(r, "source"), "?"));
}

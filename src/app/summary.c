#include "app/summary.h"

#include <string.h>

#include "app/say.h"
#include "base/text.h"

const char *
summary_id(struct pool *pool, const char *oid)
{
	if (oid == NULL || text_is_zero_oid(oid))
		return "nothing";
	return pool_printf(pool, "%.*s", SUMMARY_SHORT, oid);
}

const char *
summary_text(const struct tree *record, const char *path)
{
	const struct tree *t = tree_path(record, path);

	if (t != NULL && t->kind == TREE_MAP)
		return tree_text(t, "cut");
	return tree_text(record, path);
}

static const char *
either(const char *text, const char *other)
{
	return text != NULL ? text : other;
}

/* Who pushed: the person, else the login nobody has. */
static const char *
pusher(struct pool *pool, const struct tree *r)
{
	const char *person = tree_text(r, "pusher.person");
	const char *login = tree_text(r, "pusher.login");

	if (person != NULL)
		return person;
	return login != NULL ? pool_printf(pool, "nobody known (%s)", login)
	                     : "nobody known";
}

static const char *
by(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "by %s%s",
	    either(tree_text(r, "by.person"),
	        either(tree_text(r, "by.account"), "?")),
	    tree_true(r, "by.in_order") ? "" : " (NOT in order)");
}

static const char *
place(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "ref"), "-"));
}

static const char *
from_to(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s..%s",
	    summary_id(pool, tree_text(r, "old")),
	    summary_id(pool, tree_text(r, "new")));
}

static const char *
opened(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s, by %s",
	    either(tree_text(r, "origin"), "?"),
	    either(tree_text(r, "by.account"), "?"));
}

static const char *
text_of_file(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "sha256 %.16s",
	    either(tree_text(r, "sha256"), "?"));
}

static const char *
key(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s, fingerprint %.16s, by %s",
	    either(tree_text(r, "purpose"), "?"),
	    either(tree_text(r, "fingerprint"), "?"),
	    either(tree_text(r, "by.account"), "?"));
}

static const char *
list_of(struct pool *pool, const struct tree *list)
{
	struct buf out = {0};
	const char *copy;

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next)
		if (t->kind == TREE_TEXT)
			buf_printf(&out, "%s%s", out.len > 0 ? ", " : "",
			    t->text);
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

static const char *
observation(struct pool *pool, const struct tree *r)
{
	const char *kind = either(tree_text(r, "kind"), "?");
	const char *commit = summary_id(pool, tree_text(r, "commit"));
	const char *who = either(tree_text(r, "person"), "nobody known");
	const struct tree *commits = tree_get(r, "commits");
	const char *told = summary_told(pool, r);

	if (told != NULL)
		return told;
	if (strcmp(kind, "push") == 0)
		return pool_printf(pool, "%s %zu commit%s pushed by %s to %s",
		    either(tree_text(r, "repository"), "-"),
		    commits == NULL ? (size_t)0 : commits->len,
		    commits != NULL && commits->len == 1 ? "" : "s",
		    pusher(pool, r), list_of(pool, tree_get(r, "refs")));
	if (strcmp(kind, "repeat") == 0)
		return pool_printf(pool,
		    "%s %s pushed again by %s, refused as in record %lld",
		    either(tree_text(r, "repository"), "-"),
		    either(tree_text(r, "ref"), "?"), pusher(pool, r),
		    (long long)tree_number(r, "decision"));
	if (strcmp(kind, "deployment") == 0)
		return pool_printf(pool, "%s %s of %s in %s, told by %s",
		    either(tree_text(r, "repository"), "-"),
		    either(tree_text(r, "result"), "?"), commit,
		    either(tree_text(r, "environment"), "?"), who);
	return pool_printf(pool, "%s %s by %s of %s for %s%s%s",
	    either(tree_text(r, "repository"), "-"),
	    either(tree_text(r, "decision"), kind), who, commit,
	    list_of(pool, tree_get(r, "targets")),
	    tree_text(r, "refused") == NULL ? "" : ", REFUSED: ",
	    either(tree_text(r, "refused"), ""));
}

/* The codes of what stood in the way. */
static const char *
against(struct pool *pool, const struct tree *r)
{
	const struct tree *list = tree_get(r, "findings");
	struct buf out = {0};
	const char *copy;

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next) {
		const char *standing = tree_text(t, "standing");
		const char *code = tree_text(t, "code");

		if (code == NULL ||
		    (!text_same(standing, "UNMET") &&
		        !text_same(standing, "UNDECIDED")) ||
		    text_find(buf_text(&out), out.len, code) != NULL)
			continue;
		buf_printf(&out, "%s%s", out.len > 0 ? ", " : "  ", code);
	}
	copy = pool_text(pool, buf_text(&out));
	buf_free(&out);
	return copy;
}

static const char *
decision(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s by %s%s%s  %s%s", place(pool, r),
	    either(tree_text(r, "outcome"), "?"), pusher(pool, r),
	    text_same(tree_text(r, "mode"), "observe") ? ", only observed" : "",
	    tree_true(r, "withheld") ? ", withheld" : "", from_to(pool, r),
	    against(pool, r));
}

static const char *
landing(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s %s by %s  %s  (decision %lld)",
	    place(pool, r), either(tree_text(r, "outcome"), "?"),
	    either(tree_text(r, "lander"), "nobody known"), from_to(pool, r),
	    (long long)tree_number(r, "decision"));
}

static const char *
adopted(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s at %s, not reviewed%s, %s", place(pool, r),
	    summary_id(pool, tree_text(r, "new")),
	    tree_true(r, "first") ? "" : ", AGAIN", by(pool, r));
}

/* A check of doctor's that does not stand as it stood. */
static const char *
checked(struct pool *pool, const struct tree *r)
{
	const char *was = tree_text(r, "was");

	return pool_printf(pool, "%s of %s: %s%s%s%s%s", tree_text(r, "check"),
	    either(summary_text(r, "subject"), ""),
	    either(tree_text(r, "state"), "?"), was != NULL ? ", was " : "",
	    either(was, ""), tree_get(r, "text") != NULL ? ": " : "",
	    either(summary_text(r, "text"), ""));
}

static const char *
drift(struct pool *pool, const struct tree *r)
{
	if (tree_get(r, "check") != NULL)
		return checked(pool, r);
	return pool_printf(pool, "%s moved by nobody we know  %s",
	    place(pool, r), from_to(pool, r));
}

static const char *
explained(struct pool *pool, const struct tree *r)
{
	if (tree_get(r, "check") != NULL)
		return pool_printf(pool, "%s of %s is taken for right%s: %s",
		    tree_text(r, "check"),
		    either(summary_text(r, "subject"), ""), by(pool, r),
		    either(summary_text(r, "reason"), ""));
	return pool_printf(pool, "%s at %s, %s: %s", place(pool, r),
	    summary_id(pool, tree_text(r, "new")), by(pool, r),
	    either(summary_text(r, "reason"), ""));
}

static const char *
recovered(struct pool *pool, const struct tree *r)
{
	const char *torn = "", *lost = "";

	if (tree_get(r, "torn") != NULL)
		torn = pool_printf(pool,
		    "%lld bytes of a line that was never ended",
		    (long long)tree_number(r, "torn.bytes"));
	if (tree_get(r, "lost") != NULL)
		lost = pool_printf(pool, "%srecords %lld to %lld are lost%s%s",
		    *torn ? "; " : "", (long long)tree_number(r, "lost.from"),
		    (long long)tree_number(r, "lost.to"),
		    tree_get(r, "reason") != NULL ? ": " : "",
		    either(summary_text(r, "reason"), ""));
	return pool_printf(pool, "%s%s", torn, lost);
}

static const char *
pruned(struct pool *pool, const struct tree *r)
{
	const struct tree *list = tree_get(r, "signatures");
	const struct tree *one = list == NULL ? NULL : list->child;

	return pool_printf(pool,
	    "records %lld to %lld taken away, signed by "
	    "%s and %s, %s",
	    (long long)tree_number(r, "first"),
	    (long long)tree_number(r, "last"),
	    one == NULL ? "?" : either(tree_text(one, "person"), "?"),
	    one == NULL || one->next == NULL
	        ? "?"
	        : either(tree_text(one->next, "person"), "?"),
	    by(pool, r));
}

static const char *
report(struct pool *pool, const struct tree *r)
{
	const char *manifest = tree_text(r, "manifest");

	return pool_printf(pool, "a pack of %.10s to %.10s %s%s%s, %s",
	    either(tree_text(r, "from"), "?"), either(tree_text(r, "to"), "?"),
	    either(tree_text(r, "stage"), "?"),
	    manifest != NULL ? ": manifest " : "",
	    manifest != NULL ? summary_id(pool, manifest) : "", by(pool, r));
}

static const char *
drill(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s: the emergency lane %s (%s), %s",
	    place(pool, r),
	    tree_true(r, "exercised") ? "was exercised"
	                              : "was NOT walked to its end",
	    either(summary_text(r, "incident"), "?"), by(pool, r));
}

static const char *
signoff(struct pool *pool, const struct tree *r)
{
	return pool_printf(pool, "%s signed for %.10s to %.10s, %s",
	    either(tree_text(r, "person"), "?"),
	    either(tree_text(r, "from"), "?"), either(tree_text(r, "to"), "?"),
	    by(pool, r));
}

static const struct kind {
	const char *type;
	const char *(*line)(struct pool *pool, const struct tree *r);
} kinds[] = {
    {"opened", opened},
    {"policy", text_of_file},
    {"people", text_of_file},
    {"settings", text_of_file},
    {"key", key},
    {"observation", observation},
    {"decision", decision},
    {"landing", landing},
    {"adopted", adopted},
    {"drift", drift},
    {"explained", explained},
    {"recovered", recovered},
    {"pruned", pruned},
    {"report", report},
    {"drill", drill},
    {"signoff", signoff},
    {"renamed", summary_renamed},
};

const char *
summary_line(struct pool *pool, const struct tree *record)
{
	const char *type = either(tree_text(record, "type"), "?");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].type, type) == 0)
			return pool_printf(pool, "%-11s %s", type,
			    kinds[i].line(pool, record));
	return pool_printf(pool, "%-11s %s", type, place(pool, record));
}

void
summary_say(struct pool *pool, const struct record *r)
{
	char time[TEXT_INSTANT_SIZE];

	text_instant(time, r->time);
	say("%.19sZ %6llu  %s", time, (unsigned long long)r->seq,
	    summary_line(pool, r->tree));
}

#include "app/api_explain.h"

#include <string.h>

#include "api_inside.h"
#include "base/text.h"
#include "core/topics.h"

#define LOOKED 64 /* records about one change, newest first */
#define SHOWN 300 /* characters of one text */

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;"
    "--page:#fff;--good:#116329;--bad:#a40e26;--amber:#7d4e00}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;"
    "--line:#3d444d;--page:#0d1117;--good:#56d364;--bad:#ff7b72;"
    "--amber:#e3b341}}"
    "body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);"
    "background:var(--page);max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.4rem;line-height:1.3;overflow-wrap:anywhere}"
    "h2{font-size:1.1rem;margin-top:2rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}"
    "dt,.soft{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}"
    "ul{list-style:none;padding:0}"
    "li{border-top:1px solid var(--line);padding:.6rem 0}"
    "code{font-size:.9em}.mark{font-weight:600}.good{color:var(--good)}"
    ".bad{color:var(--bad)}.amber{color:var(--amber)}";

/* What stands in HTML for a text of anybody's: one line, nothing hidden. */
static void
put_text(struct buf *out, struct pool *pool, const char *text)
{
	const char *safe = text == NULL
	    ? "unknown"
	    : text_safe_copy(pool, text, strlen(text), SHOWN);

	buf_html(out, safe, strlen(safe));
}

struct page {
	struct buf *out;
	struct pool pool;
	const char *id;
	struct record told, decision; /* the newest of each; seq 0: none */
};

static const struct tree *
first_of(const struct tree *t, const char *key)
{
	const struct tree *list = tree_get(t, key);

	return list == NULL || list->kind != TREE_LIST ? NULL : list->child;
}

static bool
judges(const struct tree *decision, const char *id)
{
	for (const struct tree *c = first_of(decision, "changes"); c != NULL;
	     c = c->next)
		if (text_same(tree_text(c, "id"), id))
			return true;
	return false;
}

static int
find(struct page *p, struct changelog *log, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(log, &p->pool, topic_change(&p->pool, p->id), true,
	        0, LOOKED, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct tree *t = list[i].tree;

		if (p->told.seq == 0 &&
		    text_same(tree_text(t, "kind"), "verdict-told") &&
		    text_same(tree_text(t, "change"), p->id))
			p->told = list[i];
		if (p->decision.seq == 0 &&
		    text_same(list[i].type, "decision") && judges(t, p->id))
			p->decision = list[i];
	}
	return 0;
}

static void
put_fact(struct page *p, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_printf(p->out, "<dt>%s</dt><dd>", name);
	put_text(p->out, &p->pool, value);
	buf_put(p->out, "</dd>\n");
}

static const struct {
	const char *standing, *mark, *word;
} standings[] = {
    {"UNMET", "bad", "not met"},
    {"UNDECIDED", "amber", "not known"},
    {"MET", "good", "met"},
    {"NOT_ASKED", "soft", "not asked"},
};

static void
put_finding(struct page *p, const struct tree *f, size_t standing)
{
	const char *text = tree_text(f, "text");

	if (text == NULL)
		text = tree_text(f, "text.cut");
	buf_printf(p->out, "<li><span class=\"mark %s\">%s</span> <code>",
	    standings[standing].mark, standings[standing].word);
	put_text(p->out, &p->pool, tree_text(f, "code"));
	buf_put(p->out, "</code><br>");
	put_text(p->out, &p->pool, text);
	buf_put(p->out, "</li>\n");
}

/* What is in the way comes first. */
static void
put_findings(struct page *p, const struct tree *record)
{
	buf_put(p->out, "<h2>Findings</h2>\n<ul>\n");
	for (size_t s = 0; s < sizeof(standings) / sizeof(standings[0]); s++)
		for (const struct tree *f = first_of(record, "findings");
		     f != NULL; f = f->next) {
			const char *of = tree_text(f, "change");

			if (text_same(tree_text(f, "standing"),
			        standings[s].standing) &&
			    (of == NULL || text_same(of, p->id)))
				put_finding(p, f, s);
		}
	buf_put(p->out, "</ul>\n");
}

static const char *
in_words(const char *outcome)
{
	if (text_same(outcome, "ADMITTED"))
		return "It may land";
	if (text_same(outcome, "ADMITTED_AS_EMERGENCY"))
		return "It may land as an emergency, and owes a review";
	return "It may not land";
}

static void
put_record(struct page *p, const struct record *r, const char *outcome)
{
	char time[TEXT_INSTANT_SIZE];

	text_instant(time, r->time);
	buf_printf(p->out, "<p class=\"mark\">%s</p>\n<dl>\n", outcome);
	put_fact(p, "Repository", tree_text(r->tree, "repository"));
	put_fact(p, "Gate", tree_text(r->tree, "gate"));
	put_fact(p, "Ref", tree_text(r->tree, "ref"));
	put_fact(p, "Commit",
	    tree_text(r->tree, "commit") != NULL ? tree_text(r->tree, "commit")
	                                         : tree_text(r->tree, "new"));
	put_fact(p, "Told as", tree_text(r->tree, "state"));
	put_fact(p, "In short", tree_text(r->tree, "description"));
	put_fact(p, "Judged", time);
	put_fact(p, "Record",
	    pool_printf(&p->pool, "%llu", (unsigned long long)r->seq));
	buf_put(p->out, "</dl>\n");
	put_findings(p, r->tree);
}

/* A decision that let it in is the end of it; else what was told last. */
static void
put_body(struct page *p)
{
	bool landed = p->decision.seq != 0 &&
	    !text_same(tree_text(p->decision.tree, "outcome"), "REFUSED");
	bool decided = p->decision.seq > p->told.seq || landed;

	if (p->told.seq == 0 && p->decision.seq == 0)
		buf_put(p->out,
		    "<p>Nothing is recorded of this change yet.</p>\n");
	else if (decided)
		put_record(p, &p->decision,
		    landed ? "It was let in" : "A push of it was refused");
	else
		put_record(p, &p->told,
		    in_words(tree_text(p->told.tree, "outcome")));
}

int
api_explain(struct buf *out, struct api *api, const char *id, int64_t now,
    struct err *err)
{
	struct page p = {.out = out, .id = id};
	char time[TEXT_INSTANT_SIZE];

	if (changelog_catch_up(api->setup.log, err) < 0 ||
	    find(&p, api->setup.log, err) < 0) {
		pool_free(&p.pool);
		return -1;
	}
	text_instant(time, now);
	buf_printf(out,
	    "<!doctype html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width, initial-scale=1\">\n"
	    "<title>What was judged of this change</title>\n"
	    "<style>%s</style>\n</head>\n<body>\n<main>\n"
	    "<p class=\"soft\">foureyes, what was judged of</p>\n<h1>",
	    style);
	put_text(out, &p.pool, id);
	buf_put(out, "</h1>\n");
	put_body(&p);
	buf_printf(out,
	    "<p class=\"soft\">As the records have it at %s (UTC). This "
	    "address opens this change alone.</p>\n</main>\n</body>\n</html>\n",
	    time);
	pool_free(&p.pool);
	return 0;
}

void
api_explain_policy(struct buf *out)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(digest, style, strlen(style));
	buf_put(out,
	    "default-src 'none'; base-uri 'none'; form-action 'none'; "
	    "style-src 'sha256-");
	text_base64(out, digest, sizeof(digest));
	buf_put(out, "'");
}

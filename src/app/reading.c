#include "app/reading.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define WIDTH 88

/* One heading of the page: how many, and the first of them in a line each. */
struct heading {
	const char *name;
	size_t count;
	struct buf lines;
	size_t listed;
};

enum {
	CHANGES,
	REFUSALS,
	EMERGENCIES,
	MOVED,
	FAILED,
	RULES,
	GUARDS,
	HEADINGS
};

struct tally {
	const char *name;
	size_t count;
};

struct reading {
	struct heading headings[HEADINGS];
	struct tally *gates, *controls;
	size_t gate_count, control_count;
	size_t machines, observed, owed;
	struct pool *pool;
};

static void
count(struct reading *g, struct tally **list, size_t *n, const char *name)
{
	struct tally *t;

	for (size_t i = 0; i < *n; i++)
		if (strcmp((*list)[i].name, name) == 0) {
			(*list)[i].count++;
			return;
		}
	if (*n == READING_GATES_MAX)
		return;
	t = pool_grow(g->pool, list, n, sizeof(**list));
	t->name = pool_text(g->pool, name);
	t->count = 1;
}

static void
line(struct heading *h, uint64_t record, int64_t time, const char *what)
{
	char at[TEXT_INSTANT_SIZE];
	struct buf safe = {0};

	h->count++;
	if (h->listed == READING_LIST_MAX)
		return;
	h->listed++;
	text_instant(at, time);
	text_safe(&safe, what, strlen(what), false);
	buf_printf(&h->lines, "  %.10s %.5s  record %-8" PRIu64 " %s\n", at,
	    at + 11, record, buf_text(&safe));
	buf_free(&safe);
}

static const char *
or_nobody(const char *name)
{
	return name != NULL ? name : "nobody known";
}

/* The control that a code belongs to: what stands before its dot. */
static void
count_control(struct reading *g, struct pool *pool, const char *code)
{
	count(g, &g->controls, &g->control_count,
	    pool_textn(pool, code, strcspn(code, ".")));
}

static int
see_change(struct report *r, const struct change_row *row, void *ctx,
    struct err *err)
{
	struct reading *g = ctx;
	struct pool *pool = row->pool;
	const char *what = pool_printf(pool, "%s %s: %s", row->repository,
	    row->ref, row->description != NULL ? row->description : row->kind);

	(void)err;
	if (text_same(row->kind, "out-of-band")) {
		line(&g->headings[MOVED], row->landing->seq, row->landing->time,
		    pool_printf(pool, "%s %s moved without a decision",
		        row->repository, row->ref));
		return 0;
	}
	g->headings[CHANGES].count++;
	count(g, &g->gates, &g->gate_count,
	    pool_printf(pool, "%s to %s", row->kind, row->gate));
	g->machines += row->machine_only;
	g->observed += text_same(row->mode, "observe");
	if (row->emergency == NULL)
		return 0;
	g->owed += row->review_due != 0 && row->reviewed == 0;
	line(&g->headings[EMERGENCIES], row->landing->seq, row->landing->time,
	    pool_printf(pool, "%s, %s, by %s; %s", row->emergency, what,
	        or_nobody(row->lander),
	        row->reviewed != 0             ? "reviewed"
	            : r->at >= row->review_due ? "review OVERDUE"
	                                       : "review owed"));
	return 0;
}

static void
see_refusal(struct reading *g, struct pool *pool, const struct record *record)
{
	const struct tree *f = tree_get(record->tree, "findings");
	const char *code = NULL, *standing;

	for (f = f == NULL ? NULL : f->child; f != NULL; f = f->next) {
		standing = tree_text(f, "standing");
		if (!text_same(standing, "UNMET") &&
		    !text_same(standing, "UNDECIDED"))
			continue;
		if (code == NULL)
			code = tree_text(f, "code");
	}
	if (code != NULL)
		count_control(g, pool, code);
	line(&g->headings[REFUSALS], record->seq, record->time,
	    pool_printf(pool, "%s %s: %s, %s", tree_text(record->tree, "ref"),
	        or_nobody(tree_text(record->tree, "repository")),
	        code != NULL ? code : "refused",
	        or_nobody(tree_text(record->tree, "pusher.person"))));
}

static const char *
by(struct pool *pool, const struct tree *t)
{
	return pool_printf(pool, "by %s%s",
	    or_nobody(tree_text(t, "by.person")),
	    tree_true(t, "by.in_order") ? "" : ", NOT in order");
}

static bool
is_text(const char *type)
{
	return text_same(type, "policy") || text_same(type, "people") ||
	    text_same(type, "settings") || text_same(type, "key");
}

static int
see_record(struct report *r, const struct record *record, bool in, void *ctx,
    struct err *err)
{
	struct reading *g = ctx;
	struct pool pool = {0};
	const struct tree *t = record->tree;
	const char *type = record->type;

	(void)r;
	(void)err;
	if (!in)
		return 0;
	if (text_same(type, "drift") && tree_get(t, "check") != NULL)
		line(&g->headings[GUARDS], record->seq, record->time,
		    pool_printf(&pool, "%s: %s of %s",
		        or_nobody(tree_text(t, "state")), tree_text(t, "check"),
		        or_nobody(tree_text(t, "subject"))));
	else if (text_same(type, "decision") &&
	    text_same(tree_text(t, "outcome"), "REFUSED"))
		see_refusal(g, &pool, record);
	else if (text_same(type, "explained") || text_same(type, "adopted") ||
	    text_same(type, "recovered") || text_same(type, "pruned"))
		line(&g->headings[MOVED], record->seq, record->time,
		    pool_printf(&pool, "%s %s %s", type,
		        tree_text(t, "ref") != NULL ? tree_text(t, "ref")
		            : tree_text(t, "check") != NULL
		            ? tree_text(t, "check")
		            : "",
		        by(&pool, t)));
	else if (text_same(type, "drill"))
		line(&g->headings[EMERGENCIES], record->seq, record->time,
		    pool_printf(&pool, "drill on %s, %s %s",
		        or_nobody(tree_text(t, "ref")),
		        tree_true(t, "exercised") ? "walked to its end"
		                                  : "NOT walked to its end",
		        by(&pool, t)));
	else if (text_same(tree_text(t, "kind"), "deployment") &&
	    text_same(tree_text(t, "result"), "failure"))
		line(&g->headings[FAILED], record->seq, record->time,
		    pool_printf(&pool, "%s of %s",
		        or_nobody(tree_text(t, "environment")),
		        or_nobody(tree_text(t, "repository"))));
	else if (is_text(type))
		line(&g->headings[RULES], record->seq, record->time,
		    pool_printf(&pool, "%s is %.12s", type,
		        tree_text(t, "sha256") != NULL
		            ? tree_text(t, "sha256")
		            : or_nobody(tree_text(t, "fingerprint"))));
	pool_free(&pool);
	return 0;
}

static void
tallies(struct buf *out, const struct tally *list, size_t n)
{
	size_t used = 2;

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(list[i].name) + 12;

		if (i > 0 && used + len > WIDTH) {
			buf_put(out, "\n");
			used = 0;
		}
		buf_printf(out, "%s%zu %s", used <= 2 ? "  " : ", ",
		    list[i].count, list[i].name);
		used += len;
	}
	if (n > 0)
		buf_put(out, "\n");
}

static void
write_heading(struct buf *out, const struct heading *h)
{
	buf_printf(out, "\n%s: %zu\n", h->name, h->count);
}

static void
write_lines(struct buf *out, const struct heading *h)
{
	buf_add(out, buf_text(&h->lines), h->lines.len);
	if (h->listed > 0 && h->count > h->listed)
		buf_printf(out,
		    "  and %zu more: foureyes report has them all\n",
		    h->count - h->listed);
}

static void
write_page(struct buf *out, const struct report *r, const struct reading *g)
{
	char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];

	text_instant(from, r->asked.from);
	text_instant(to, r->asked.to);
	buf_printf(out,
	    "What the log says of %.16s to %.16s (UTC, the end not included)\n"
	    "%s, as of record %" PRIu64 "\n",
	    from, to, r->origin != NULL ? r->origin : "a ledger without a name",
	    r->until);
	if (r->altered != NULL)
		buf_printf(out, "\nTHE LOG DOES NOT ADD UP: %s\n", r->altered);
	for (size_t i = 0; i < HEADINGS; i++) {
		/* Only where there were any: older pages stay as they are. */
		if (i == GUARDS && g->headings[i].count == 0)
			continue;
		write_heading(out, &g->headings[i]);
		if (i == CHANGES)
			tallies(out, g->gates, g->gate_count);
		if (i == CHANGES && g->machines > 0)
			buf_printf(out, "  %zu by machines alone\n",
			    g->machines);
		if (i == CHANGES && g->observed > 0)
			buf_printf(out,
			    "  %zu let through in observe mode, NOT enforced\n",
			    g->observed);
		if (i == REFUSALS)
			tallies(out, g->controls, g->control_count);
		write_lines(out, &g->headings[i]);
	}
	if (g->owed > 0)
		buf_printf(out, "\n%zu reviews are owed: foureyes due\n",
		    g->owed);
}

int
reading_make(struct report *r, struct buf *text, struct err *err)
{
	struct reading g = {.pool = &r->pool,
	    .headings = {{.name = "Changes that landed"},
	        {.name = "Pushes refused"}, {.name = "Emergencies"},
	        {.name = "Moved, taken or explained by hand"},
	        {.name = "Deployments that failed"},
	        {.name = "Policy, people, settings and keys that came"},
	        {.name = "Guards that fell, stood again or were not known"}}};
	const struct report_visitor visitor = {.change = see_change,
	    .record = see_record,
	    .ctx = &g};
	int ret = report_scan(r, err);

	if (ret == 0)
		ret = report_walk(r, &visitor, 1, err);
	if (ret == 0)
		write_page(text, r, &g);
	for (size_t i = 0; i < HEADINGS; i++)
		buf_free(&g.headings[i].lines);
	return ret;
}

void
reading_html(struct buf *out, const char *title, const struct buf *text)
{
	buf_put(out,
	    "<!doctype html>\n<html lang=\"en\">\n<meta "
	    "charset=\"utf-8\">\n<meta name=\"viewport\" "
	    "content=\"width=device-width\">\n<title>");
	buf_html(out, title, strlen(title));
	buf_put(out,
	    "</title>\n<style>pre{font:15px/1.5 monospace;"
	    "white-space:pre-wrap;max-width:52em;margin:2em auto;"
	    "padding:0 1em}</style>\n<main><pre>");
	buf_html(out, text->data, text->len);
	buf_put(out, "</pre></main>\n</html>\n");
}

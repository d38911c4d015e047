/* One step of the line: what it brought, who, and with what words. */
#include <string.h>
#include <strings.h>

#include "app/audit.h"
#include "base/text.h"
#include "core/trailer.h"

#define TICKET_TEXT_MAX 4096
#define SUBJECT_MAX 500

/* Whatever the case of its letters; `word` is in lower case. */
static bool
holds(const char *text, size_t len, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= len; i++)
		if ((text[i] | 0x20) == word[0] &&
		    strncasecmp(text + i, word, size) == 0)
			return true;
	return false;
}

static const char *
subject_of(struct pool *pool, const struct commit *c)
{
	const char *text = c->message == NULL ? "" : c->message;
	size_t len;

	text += strspn(text, "\r\n");
	len = strcspn(text, "\r\n");
	return pool_textn(pool, text, len < SUBJECT_MAX ? len : SUBJECT_MAX);
}

/* "(#123)" at the end, as forges write it; or "Merge pull request #123". */
static const char *
request_of(struct pool *pool, const char *subject)
{
	static const char merge[] = "Merge pull request #";
	size_t len = strlen(subject), digits = 0, at;

	if (text_starts(subject, merge))
		at = strlen(merge);
	else if (len < 4 || subject[len - 1] != ')')
		return NULL;
	else
		for (at = len - 1; at > 0 && subject[at - 1] >= '0' &&
		     subject[at - 1] <= '9';)
			at--;
	digits = strspn(subject + at, "0123456789");
	if (digits == 0 || digits > 12 || at < 2 || subject[at - 1] != '#')
		return NULL;
	return pool_printf(pool, "#%.*s", (int)digits, subject + at);
}

static const char *
fitting(struct audit *a, struct pool *pool, const char *text)
{
	regmatch_t at;

	if (text == NULL || strlen(text) > TICKET_TEXT_MAX ||
	    regexec(&a->ticket, text, 1, &at, 0) != 0 || at.rm_eo == at.rm_so)
		return NULL;
	return text_safe_copy(pool, text + at.rm_so,
	    (size_t)(at.rm_eo - at.rm_so), 100);
}

/* "Alice <alice@example.com>" of a trailer; NULL where it is none. */
static const struct audit_who *
who_of(struct audit *a, struct pool *pool, const char *value)
{
	const char *open = strrchr(value, '<'), *close;
	size_t len;

	if (open == NULL || (close = strchr(open, '>')) == NULL ||
	    close == open + 1)
		return NULL;
	len = (size_t)(open - value);
	while (len > 0 && value[len - 1] == ' ')
		len--;
	return audit_who(a, pool_textn(pool, value, len),
	    pool_textn(pool, open + 1, (size_t)(close - open - 1)));
}

static bool
is_yes(const struct trailer *t)
{
	return trailer_is(t, "Reviewed-by") || trailer_is(t, "Approved-by") ||
	    trailer_is(t, "Acked-by");
}

struct brought {
	struct commit c;
	const struct audit_who *author;
	bool is_merge, is_top;
	const struct trailer *trailers;
	size_t trailer_count;
};

static void
look_at_trailers(struct audit *a, struct audit_step *s, struct brought *b)
{
	const char *text = b->c.message;
	size_t len = b->c.message_len;
	struct trailer *list = NULL;

	if (text == NULL ||
	    !(holds(text, len, "-by:") || holds(text, len, "ticket")))
		return;
	trailers_parse(s->pool, text, len, &list, &b->trailer_count);
	b->trailers = list;
	for (size_t i = 0; i < b->trailer_count && s->ticket == NULL; i++)
		if (trailer_is(&list[i], "Ticket"))
			s->ticket = fitting(a, s->pool, list[i].value);
}

static void
look_at_plan(struct audit *a, struct audit_step *s, const struct commit *c)
{
	const struct plan_rules rules = {.min_words = a->gate->plan.min_words,
	    .placeholders = a->gate->plan.placeholders.list,
	    .placeholder_count = a->gate->plan.placeholders.count};
	struct plan plan = {0};
	const char *best = NULL;
	enum plan_state state;

	if (c->message == NULL ||
	    !holds(c->message, c->message_len, "rollback"))
		return;
	plan_find(&plan, s->pool, c->message, c->message_len);
	state = plan_judge_all(&plan, &rules, s->pool, &best);
	if (state > s->plan) {
		s->plan = state;
		s->plan_text = best;
	}
}

static void
count_who(const struct audit_who *who, int64_t seconds, bool wrote)
{
	struct audit_who *w = (struct audit_who *)who;

	if (wrote)
		w->written++;
	else
		w->committed++;
	if (w->first == 0 || seconds < w->first)
		w->first = seconds;
	if (seconds > w->last)
		w->last = seconds;
}

static void
add_coauthors(struct audit *a, struct audit_step *s, const struct commit *c)
{
	struct coauthor *list;
	size_t count;

	if (c->message == NULL || !holds(c->message, c->message_len, "co-"))
		return;
	coauthors(s->pool, c->message, c->message_len, &list, &count);
	for (size_t i = 0; i < count; i++) {
		const struct audit_who *who =
		    audit_who(a, list[i].name, list[i].email);

		if (who == NULL) {
			s->whole = false;
			continue;
		}
		audit_who_add(s->pool, &s->authors, &s->author_count, who);
		audit_who_add(s->pool, &s->parts, &s->part_count, who);
	}
}

/* Whoever only merged wrote nothing, and has no part in the content. */
static void
add_people(struct audit *a, struct audit_step *s, struct brought *b)
{
	const struct ident *author = &b->c.author, *by = &b->c.committer;
	const struct audit_who *committer = audit_who(a, by->name, by->email);

	b->author = audit_who(a, author->name, author->email);
	if (b->author == NULL || committer == NULL) {
		s->whole = false;
		return;
	}
	count_who(b->author, author->seconds, true);
	count_who(committer, by->seconds, false);
	if (b->is_top)
		s->lander = !committer->forge ? committer
		    : b->is_merge             ? b->author
		                              : NULL;
	if (b->is_merge)
		return;
	audit_who_add(s->pool, &s->authors, &s->author_count, b->author);
	audit_who_add(s->pool, &s->parts, &s->part_count, b->author);
	if (!committer->forge && !b->is_top)
		audit_who_add(s->pool, &s->parts, &s->part_count, committer);
	add_coauthors(a, s, &b->c);
}

/* Who of a trailer wrote none of this commit. */
static bool
add_claims(struct audit *a, struct audit_step *s, const struct brought *b)
{
	bool found = false;

	for (size_t i = 0; i < b->trailer_count; i++) {
		const struct audit_who *who;

		if (!is_yes(&b->trailers[i]))
			continue;
		who = who_of(a, s->pool, b->trailers[i].value);
		if (who == NULL || who->machine ||
		    (!b->is_merge && b->author != NULL &&
		        audit_same(who, b->author)))
			continue;
		audit_who_add(s->pool, &s->claimed, &s->claimed_count, who);
		found = true;
	}
	return found;
}

static void
name_defect(struct audit *a, struct audit_step *s, const char *oid,
    const char *why)
{
	struct audit_example *e;

	s->defects++;
	a->counts.defects++;
	s->whole = false;
	if (a->defect_count >= AUDIT_DEFECTS_MAX)
		return;
	e = &a->defect[a->defect_count++];
	memcpy(e->commit, oid, REPO_OID_SIZE);
	e->text = pool_text(&a->pool, why);
}

static void
look_at_commit(struct audit *a, struct audit_step *s,
    const struct repo_commit *c, bool is_top)
{
	struct brought b = {.is_merge = c->parent_count > 1, .is_top = is_top};
	struct err why = {0};
	bool reviewed;

	s->commits++;
	if (b.is_merge && !is_top)
		s->merges_inside++;
	if (commit_parse(&b.c, s->pool, c->raw, c->len, &why) < 0) {
		name_defect(a, s, c->oid, why.text);
		return;
	}
	add_people(a, s, &b);
	look_at_trailers(a, s, &b);
	look_at_plan(a, s, &b.c);
	if (s->ticket == NULL)
		s->ticket = fitting(a, s->pool, subject_of(s->pool, &b.c));
	reviewed = add_claims(a, s, &b);
	if (!b.is_merge) {
		s->content++;
		s->content_reviewed += reviewed ? 1 : 0;
	}
	if (is_top) {
		s->parsed = b.c;
		s->top_reviewed = reviewed;
	}
}

static void
look_at_brought(struct audit *a, struct audit_step *s,
    const struct repo_commit *c)
{
	look_at_commit(a, s, c, false);
}

/* The commit of the step first, then what it brought. */
static void
look_at_commits(struct audit *a, struct audit_step *s)
{
	struct err err = {0};

	look_at_commit(a, s, &s->top, true);
	if (audit_bring(a, s, look_at_brought, &err) == 0)
		return;
	s->whole = false;
	s->trouble = pool_text(s->pool, err.text);
}

static bool
is_owned(const struct gate *gate, const char *path)
{
	for (size_t i = 0; i < gate->owner_count; i++)
		for (size_t k = 0; k < gate->owners[i].paths.count; k++)
			if (text_glob(gate->owners[i].paths.list[k], path))
				return true;
	return false;
}

static void
look_at_files(struct audit *a, struct audit_step *s)
{
	char tree[REPO_OID_SIZE];
	struct repo_path *list = NULL;
	struct err err = {0};
	bool root = s->top.parent_count == 0;

	if (!root && !audit_seen_tree(a, s->top.parents[0], tree) &&
	    repo_tree(a->repo, s->top.parents[0], tree, &err) < 0) {
		s->trouble = pool_text(s->pool, err.text);
		return;
	}
	/* By the same door as merges, which have these trees at hand. */
	if (audit_merger(a, &err) < 0 ||
	    repo_diff(a->merger, s->pool, root ? NULL : tree, s->top.tree,
	        AUDIT_FILES_MAX, &list, &s->files, &err) < 0) {
		s->files_over = true;
		s->trouble = pool_text(s->pool, err.text);
		return;
	}
	for (size_t i = 0; i < s->files && !s->owned; i++)
		s->owned = is_owned(a->gate, list[i].path);
}

void
audit_look(struct audit *a, struct audit_step *s)
{
	s->whole = true;
	look_at_commits(a, s);
	s->subject = subject_of(s->pool, &s->parsed);
	s->request = request_of(s->pool, s->subject);
	audit_look_at_merge(a, s);
	look_at_files(a, s);
	audit_look_for_yes(a, s);
}

/*
 * What came into the copy: evidence, and from whom the forge had each commit
 * first.
 */
#include "daemon_tell_inside.h"

#include <string.h>

#include "app/cmd.h"
#include "app/gather.h"
#include "app/receive.h"
#include "app/received.h"
#include "app/visit.h"
#include "app/witness.h"
#include "base/text.h"

static const char EVIDENCE[] = "refs/foureyes/";

static bool
was_there(const struct telling *t, const char *id)
{
	for (size_t i = 0; i < t->before_count; i++)
		if (strcmp(t->before[i], id) == 0)
			return true;
	return false;
}

/* ---- evidence ---- */

static int
read_new_evidence(struct telling *t, struct buf *lines, struct err *err)
{
	struct repo_ref *refs;
	size_t count;

	if (repo_refs(t->look.repo, t->pool, EVIDENCE, &refs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (refs[i].target == NULL && !was_there(t, refs[i].oid))
			buf_printf(lines, "%s %s %s\n", WITNESS_NOTHING,
			    refs[i].oid, refs[i].name);
	return 0;
}

static int
take_evidence(struct push *p, struct err *err)
{
	struct buf body = {0};
	struct ledger_body line;
	int ret = 0;

	for (size_t i = 0; i < p->ref_count && ret == 0; i++) {
		struct ref_update *r = &p->refs[i];

		if (r->evidence && r->code == NULL)
			ret = receive_evidence(p, r, &body, err);
		if (r->code != NULL)
			(void)complain(0, "%s: %s: %s: %s", p->repository,
			    r->name, r->code, r->why);
		line = (struct ledger_body){body.data, body.len};
		if (ret == 0 && body.len > 0)
			ret = changelog_append(p->setup->log, &line, 1, p->now,
			    NULL, err);
		buf_clear(&body);
	}
	buf_free(&body);
	return ret;
}

int
tell_evidence(struct telling *t, struct err *err)
{
	struct buf lines = {0};
	struct push p;
	int ret = read_new_evidence(t, &lines, err);

	if (ret == 0 && lines.len > 0) {
		ret = tell_push_lines(t, &p, buf_text(&lines), err);
		if (ret == 0)
			ret = take_evidence(&p, err);
	}
	buf_free(&lines);
	return ret;
}

/* ---- commits ---- */

static bool
is_request_head(const char *ref)
{
	return text_starts(ref, "refs/pull") ||
	    text_starts(ref, "refs/merge-requests/");
}

static bool
is_told_here(const struct telling *t, const char *ref)
{
	for (size_t i = 0; i < t->push_count; i++)
		if (text_same(tree_text(t->pushes[i].tree, "ref"), ref))
			return true;
	return false;
}

/*
 * What is no push's of our time: what the copy held when it was new, but for
 * the heads of requests and what is told of just now.
 */
static int
find_first(struct telling *t, struct buf *out, struct err *err)
{
	struct repo_ref *refs;
	size_t count;

	if (repo_refs(t->look.repo, t->pool, "refs/", &refs, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!text_starts(refs[i].name, EVIDENCE) &&
		    refs[i].oid[0] != '\0' && !is_request_head(refs[i].name) &&
		    !is_told_here(t, refs[i].name))
			buf_printf(out, "%s\n", refs[i].oid);
	return 0;
}

static void
add_tip(struct push *p, const char *id)
{
	if (id != NULL && !text_is_zero_oid(id) && repo_has(p->repo, id))
		*(const char **)pool_grow(p->pool, &p->tips, &p->tip_count,
		    sizeof(*p->tips)) = id;
}

/*
 * What the pusher did not bring: what the ref held before, what has landed, and
 * what is older than the copy.  What other refs hold now says nothing: a copy
 * may show a push before it is told of.
 */
static int
find_tips(struct telling *t, struct push *p, struct err *err)
{
	struct visit_ref *refs;
	size_t count;

	if (visit_refs(&t->look, &refs, &count, err) < 0)
		return -1;
	add_tip(p, p->refs[0].old);
	for (size_t i = 0; i < t->first_count; i++)
		add_tip(p, t->first[i]);
	for (size_t i = 0; i < count; i++) {
		struct record tip;
		const char *held;

		if (ledger_tip(p, refs[i].name, &tip, &held, err) < 0)
			return -1;
		add_tip(p, held);
	}
	p->tips_known = true;
	return 0;
}

static int
record_commits(struct push *p, const struct received_list *l, struct err *err)
{
	const char *const ref = p->refs[0].target;
	struct buf body = {0};
	struct ledger_body line;
	int ret = 0;

	for (size_t at = 0; at < l->count && ret == 0;
	     at += RECORD_COMMITS_MAX) {
		size_t left = l->count - at;
		struct received some = {.repository = p->repository,
		    .pusher = &p->pusher,
		    .web = p->web,
		    .refs = &ref,
		    .ref_count = 1,
		    .commits = l->commits + at,
		    .patches = l->patches + at,
		    .commit_count =
		        left < RECORD_COMMITS_MAX ? left : RECORD_COMMITS_MAX};

		record_push(&body, &some);
		line = (struct ledger_body){body.data, body.len};
		ret = changelog_append(p->setup->log, &line, 1, p->now, NULL,
		    err);
		buf_clear(&body);
	}
	buf_free(&body);
	return ret;
}

/*
 * The forge commits under an address of its own, which anybody can write too:
 * it is the forge's where it says that it merged a request into that commit.
 * That word may come a moment after the push.
 */
static int
find_web(struct telling *t, struct push *p, const struct record *r,
    struct err *err)
{
	const char *new = p->refs[0].new;
	struct repo_commit *list;
	struct actor by;
	struct commit_fact *f;
	size_t count;
	bool reached;

	if (p->refs[0].gate == NULL ||
	    repo_kind_of(p->repo, new) != REPO_COMMIT)
		return 0;
	if (tell_merged(t, p->refs[0].target, new, &p->web, &by, err) < 0)
		return -1;
	if (p->web || clock_now() >= r->time + TELL_SETTLE)
		return 0;
	if (repo_first_parents(p->repo, p->pool, new, NULL, 1, &list, &count,
	        &reached, err) < 0 ||
	    commit_fact_get(p, &list[0], &f, err) < 0)
		return -1;
	t->pending = f->defect == NULL &&
	    settings_web_committer(&p->setup->config.settings,
	        f->parsed.committer.email);
	return 0;
}

static int
receive(struct telling *t, const struct record *r, struct err *err)
{
	const char *old = tree_text(r->tree, "old");
	const char *new = tree_text(r->tree, "new");
	const char *ref = tree_text(r->tree, "ref");
	struct received_list list;
	struct push p;

	if (ref == NULL || new == NULL || !text_is_oid(new) ||
	    text_is_zero_oid(new) || text_starts(ref, EVIDENCE) ||
	    !repo_has(t->look.repo, new))
		return 0;
	if (old == NULL || !text_is_oid(old) || !repo_has(t->look.repo, old))
		old = WITNESS_NOTHING;
	if (tell_push(t, &p, old, new, ref, err) < 0)
		return -1;
	p.pusher = (struct actor){.person = tree_text(r->tree, "person"),
	    .login = tree_text(r->tree, "login"),
	    .machine = tree_true(r->tree, "machine")};
	if (find_web(t, &p, r, err) < 0)
		return -1;
	if (t->pending)
		return 0;
	if (find_tips(t, &p, err) < 0 || received_find(&p, &list, err) < 0)
		return -1;
	return list.count > 0 ? record_commits(&p, &list, err) : 0;
}

int
tell_received(struct telling *t, struct err *err)
{
	struct buf first = {0};
	int ret = t->made ? find_first(t, &first, err) : 0;

	if (ret == 0)
		ret = tell_first(t, &first, err);
	buf_free(&first);
	if (ret < 0)
		return -1;
	for (size_t i = 0; i < t->push_count && !t->pending; i++)
		if (receive(t, &t->pushes[i], err) < 0)
			return -1;
	if (t->pending)
		tell_again(t, clock_now() + TELL_PENDING);
	return 0;
}

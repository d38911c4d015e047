#include "app/receive.h"

#include <string.h>

#include "app/received.h"
#include "base/text.h"
#include "core/statement.h"
#include "core/topics.h"

#include "receive_inside.h"

#define RECEIPTS_MAX 64 /* of one statement, looked at */

int
receive_refuse(struct receiving *k, const char *code, const char *why)
{
	k->r->code = code;
	k->r->why = why;
	k->refused = true;
	return 0;
}

/*
 * Refused to whoever pushes it, and still kept as an approval that was seen: a
 * later refusal of its commit can then say why it does not count.
 */
int
receive_decline(struct receiving *k, const char *code, const char *why)
{
	k->kept = true;
	return receive_refuse(k, code, why);
}

static int
read_tag(struct receiving *k, struct err *err)
{
	struct push *p = k->p;
	enum repo_kind kind;
	struct err why = {0};

	if (text_is_zero_oid(k->r->new))
		return receive_refuse(k, "evidence.deleted",
		    "evidence is not deleted by a push");
	if (!text_is_zero_oid(k->r->old))
		return receive_refuse(k, "evidence.overwritten",
		    "evidence is not overwritten; push under a new name");
	if (strcmp(k->r->target, k->r->name) != 0)
		return receive_refuse(k, "evidence.alias",
		    "this name is a symbolic ref on the server");
	if (repo_kind_of(p->repo, k->r->new) != REPO_TAG)
		return receive_refuse(k, "evidence.no-tag",
		    "an annotated tag object is asked for: foureyes approve");
	if (repo_object(p->repo, p->pool, k->r->new, &kind, &k->raw, &k->len,
	        err) < 0)
		return -1;
	if (statement_parse(&k->s, p->pool, k->r->name, k->raw, k->len, &why) <
	    0)
		return receive_refuse(k, k->s.refusal,
		    pool_text(p->pool, why.text));
	return 0;
}

static int
check_place(struct receiving *k)
{
	struct push *p = k->p;

	if (!text_same(k->s.repository, p->repository))
		return receive_refuse(k, "evidence.other-repository",
		    pool_printf(p->pool,
		        "it names the repository '%s'; this one is '%s': "
		        "--repository %s",
		        k->s.repository, p->repository, p->repository));
	for (size_t i = 0; i < k->s.target_count; i++)
		if (!policy_is_target(p->entry, k->s.targets[i]))
			return receive_refuse(k, "evidence.not-gated",
			    pool_printf(p->pool,
			        "'%s' is no gated ref here, nor a gate's own "
			        "pattern",
			        k->s.targets[i]));
	return 0;
}

/*
 * The server had the commit before, by a ref that is no evidence: else nobody
 * could say who brought it.
 */
static int
check_held(struct receiving *k, struct err *err)
{
	struct push *p = k->p;
	bool held = false;

	if (repo_has(p->repo, k->s.commit) &&
	    !repo_received(p->repo, k->s.commit) &&
	    received_is_held(p, k->s.commit, &held, err) < 0)
		return -1;
	return held ? 0
	            : receive_refuse(k, "peer.commit-unknown",
	                  pool_printf(p->pool,
	                      "the server did not have %.12s on a branch "
	                      "before; push the branch first",
	                      k->s.commit));
}

static void
write_body(struct receiving *k, struct buf *body)
{
	struct push *p = k->p;
	bool approval = k->s.kind == STATEMENT_APPROVAL;
	struct evidence e = {.kind = approval ? "approval" : "deployment",
	    .repository = p->repository,
	    .named_repository = text_same(k->s.repository, p->repository)
	        ? NULL
	        : k->s.repository,
	    .ref = k->r->name,
	    .commit = k->s.commit,
	    .targets = k->s.targets,
	    .target_count = k->s.target_count,
	    .decision =
	        approval ? statement_decision_name(k->s.decision) : NULL,
	    .incident = k->s.incident,
	    .reason = k->s.reason,
	    .environment = k->s.environment,
	    .result = approval ? NULL : statement_result_name(k->s.result),
	    .in_force = k->kept ? TRI_NO : TRI_YES,
	    .refused = k->kept ? k->r->code : NULL,
	    .key = k->s.is_signed ? pool_text(p->pool, k->signature.key) : NULL,
	    .presence = k->signature.present,
	    .dated = k->s.dated * 1000,
	    .statement = k->s.id,
	    .pusher = p->pusher,
	    .text = k->s.message,
	    .tag = k->raw,
	    .tag_len = k->len};

	if (k->who != NULL) {
		e.who = (struct actor){.person = k->who->id,
		    .machine = k->who->machine};
		e.groups = k->who->groups;
		e.group_count = k->who->group_count;
	}
	record_evidence(body, &e);
}

/*
 * A statement is known by its signed bytes, whatever its name and wrapping. One
 * that was refused here for want of a right stays refused to that key;
 * another's signature under the same bytes takes nothing from who signs them
 * rightly, nor does whoever shows it to another repository first.
 */
static int
find_known(struct receiving *k, bool *known, struct err *err)
{
	struct push *p = k->p;
	uint64_t declined = 0;
	struct record *list;
	size_t count;

	*known = map_get(&p->statements, k->s.id) != NULL;
	if (*known)
		return 0;
	if (changelog_find(p->setup->log, p->pool,
	        topic_statement(p->pool, k->s.id), false, 0, RECEIPTS_MAX,
	        &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!text_same(tree_text(list[i].tree, "in_force"), "no"))
			*known = true;
		else if (tree_text(list[i].tree, "person") != NULL &&
		    text_same(tree_text(list[i].tree, "repository"),
		        p->repository) &&
		    text_same(tree_text(list[i].tree, "key"), k->signature.key))
			declined = list[i].seq;
	if (*known || declined == 0)
		return 0;
	*known = true;
	if (k->refused)
		return 0;
	return receive_refuse(k, "peer.not-in-force",
	    pool_printf(p->pool,
	        "it was given without the right to (record %llu); give it "
	        "again",
	        (unsigned long long)declined));
}

/*
 * The server holds the tag and nobody told it as a statement: it came by
 * another ref, and perhaps for another purpose.
 */
static bool
came_otherwise(const struct receiving *k)
{
	return repo_in_quarantine(k->p->repo) &&
	    !repo_received(k->p->repo, k->r->new);
}

/* Whose yes to another repository it is, for whoever is refused later. */
static int
keep_other_repository(struct receiving *k, struct err *err)
{
	const char *code = k->r->code, *why = k->r->why;

	if (strcmp(code, "evidence.other-repository") != 0 || !k->s.is_signed ||
	    !repo_has(k->p->repo, k->s.commit))
		return 0;
	if (receive_check_signature(k, err) < 0)
		return -1;
	k->kept = k->signature.good;
	(void)receive_refuse(k, code, why);
	return 0;
}

/*
 * Whether it was told, used or taken back in records that are gone is not known
 * any more.  Its own date can only take away here.
 */
static int
check_age(struct receiving *k, struct err *err)
{
	struct record pruned;
	char until[TEXT_INSTANT_SIZE];

	if (changelog_newest(k->p->setup->log, k->p->pool, topic_pruned(),
	        &pruned, err) < 0)
		return -1;
	if (pruned.seq == 0 ||
	    k->s.dated * 1000 > tree_instant(pruned.tree, "to"))
		return 0;
	text_instant(until, tree_instant(pruned.tree, "to"));
	return receive_refuse(k, "evidence.pruned",
	    pool_printf(k->p->pool,
	        "it is as old as records that were taken away, up to %.10s; "
	        "make a new one",
	        until));
}

static int
check_all(struct receiving *k, struct err *err)
{
	if (read_tag(k, err) < 0)
		return -1;
	if (k->refused)
		return 0;
	(void)check_place(k);
	if (k->refused)
		return keep_other_repository(k, err);
	if (check_held(k, err) < 0)
		return -1;
	if (k->refused)
		return 0;
	if (receive_check_signature(k, err) < 0)
		return -1;
	if (!k->refused)
		(void)receive_check_person(k);
	return 0;
}

int
receive_evidence(struct push *p, struct ref_update *r, struct buf *body,
    struct err *err)
{
	struct receiving k = {.p = p, .r = r};
	bool known;

	if (check_all(&k, err) < 0)
		return -1;
	if (k.refused && !(k.kept && k.s.kind == STATEMENT_APPROVAL))
		return 0;
	if (find_known(&k, &known, err) < 0)
		return -1;
	if (known)
		return 0;
	if (!k.refused && came_otherwise(&k))
		return receive_refuse(&k, "evidence.came-otherwise",
		    "this tag came to the server under another ref before; "
		    "make a new one: foureyes approve");
	if (!k.refused && check_age(&k, err) < 0)
		return -1;
	if (k.refused && !k.kept)
		return 0;
	if (p->statements.pool == NULL)
		p->statements.pool = p->pool;
	map_put(&p->statements, pool_text(p->pool, k.s.id), p);
	write_body(&k, body);
	return 0;
}

#include "app/receive.h"

#include <string.h>

#include "app/received.h"
#include "base/text.h"
#include "core/signed.h"
#include "core/statement.h"
#include "core/topics.h"
#include "edge/signature.h"

#define RECEIPTS_MAX 64 /* of one statement, looked at */

struct receiving {
	struct push *p;
	struct ref_update *r;
	const char *raw;
	size_t len;
	struct statement s;
	struct signature signature;
	const struct person *who;
	bool refused;
	bool kept; /* refused, and recorded as seen: it never counts */
};

static int
refuse(struct receiving *k, const char *code, const char *why)
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
static int
decline(struct receiving *k, const char *code, const char *why)
{
	k->kept = true;
	return refuse(k, code, why);
}

static int
read_tag(struct receiving *k, struct err *err)
{
	struct push *p = k->p;
	enum repo_kind kind;
	struct err why = {0};

	if (text_is_zero_oid(k->r->new))
		return refuse(k, "evidence.deleted",
		    "evidence is not deleted by a push");
	if (!text_is_zero_oid(k->r->old))
		return refuse(k, "evidence.overwritten",
		    "evidence is not overwritten; push under a new name");
	if (strcmp(k->r->target, k->r->name) != 0)
		return refuse(k, "evidence.alias",
		    "this name is a symbolic ref on the server");
	if (repo_kind_of(p->repo, k->r->new) != REPO_TAG)
		return refuse(k, "evidence.no-tag",
		    "an annotated tag object is asked for: foureyes approve");
	if (repo_object(p->repo, p->pool, k->r->new, &kind, &k->raw, &k->len,
	        err) < 0)
		return -1;
	if (statement_parse(&k->s, p->pool, k->r->name, k->raw, k->len, &why) <
	    0)
		return refuse(k, k->s.refusal, pool_text(p->pool, why.text));
	return 0;
}

static int
check_place(struct receiving *k)
{
	struct push *p = k->p;

	if (!text_same(k->s.repository, p->repository))
		return refuse(k, "evidence.other-repository",
		    pool_printf(p->pool,
		        "it names the repository '%s'; this one is '%s': "
		        "--repository %s",
		        k->s.repository, p->repository, p->repository));
	for (size_t i = 0; i < k->s.target_count; i++)
		if (!policy_is_target(p->entry, k->s.targets[i]))
			return refuse(k, "evidence.not-gated",
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
	            : refuse(k, "peer.commit-unknown",
	                  pool_printf(p->pool,
	                      "the server did not have %.12s on a branch "
	                      "before; push the branch first",
	                      k->s.commit));
}

/* The gate that a target stands for. */
static const struct gate *
gate_of(const struct push *p, const char *target)
{
	const struct gate *gate = NULL;

	for (size_t i = 0; i < p->entry->gate_count; i++)
		if (texts_have(&p->entry->gates[i].refs, target))
			return &p->entry->gates[i];
	return policy_gate(p->entry, target, &gate) == GATE_ONE ? gate : NULL;
}

static int
check_unsigned(struct receiving *k)
{
	struct push *p = k->p;

	for (size_t i = 0; i < k->s.target_count; i++) {
		const struct gate *gate = gate_of(p, k->s.targets[i]);

		if (gate == NULL || !gate->approvals.pusher_may)
			return refuse(k, "evidence.unsigned",
			    "it is not signed: git tag -s, or foureyes "
			    "approve");
	}
	if (k->s.kind != STATEMENT_APPROVAL ||
	    k->s.decision == STATEMENT_EMERGENCY)
		return refuse(k, "evidence.unsigned", "it is not signed");
	k->who = people_by_id(&p->setup->config.people, p->pusher.person);
	if (k->who == NULL)
		return refuse(k, "environment.pusher-unknown",
		    "it is not signed, and nobody knows who pushed it");
	return 0;
}

static int
check_signature(struct receiving *k, struct err *err)
{
	struct push *p = k->p;
	const struct settings *s = &p->setup->config.settings;
	struct signature_rules rules = {.now = p->now,
	    .keyring = s->openpgp_keyring,
	    .revoked = s->revoked_keys};
	const struct person_key *key = NULL;
	struct signed_parts parts;
	struct err why = {0};

	if (!k->s.is_signed)
		return check_unsigned(k);
	if (signed_split(&parts, k->raw, k->len, &why) < 0)
		return refuse(k, "evidence.signature",
		    pool_text(p->pool, why.text));
	if (signature_check(&k->signature, parts.payload, parts.payload_len,
	        parts.armor, parts.armor_len, &rules, err) < 0)
		return -1;
	if (!k->signature.good)
		return refuse(k,
		    pool_printf(p->pool, "evidence.signature-%s",
		        k->signature.code),
		    pool_printf(p->pool, "signature not acceptable: %s",
		        k->signature.reason));
	k->who =
	    people_by_key(&p->setup->config.people, k->signature.key, &key);
	if (k->who == NULL)
		return decline(k, "peer.unknown-key",
		    pool_printf(p->pool,
		        "people.yaml has nobody with the key %s",
		        k->signature.key));
	if (!person_key_in_force(key, p->now))
		return decline(k, "peer.not-in-force",
		    pool_printf(p->pool, "the key %s is not in force any more",
		        k->signature.key));
	return 0;
}

/* Whose address it is, else whose it looks like: the signer's rather. */
static const struct person *
named_by(const struct receiving *k, const char *email)
{
	const struct people *people = &k->p->setup->config.people;
	const struct person *who = people_by_email(people, email), *one;
	size_t n = 0;

	if (who != NULL)
		return who;
	while ((one = people_suspect(people, k->p->pool, email, n++)) != NULL)
		if (who == NULL || one == k->who)
			who = one;
	return who;
}

/*
 * The tagger's name proves nothing; but a yes that calls itself another one's
 * is a mistake or a trick, whoever signed it.  A no is taken all the same.
 */
static int
check_tagger(struct receiving *k)
{
	const char *email = k->s.tagger_email;
	const struct person *named = named_by(k, email);

	if (named == NULL || named == k->who ||
	    k->s.decision == STATEMENT_OBJECT ||
	    k->s.decision == STATEMENT_WITHDRAW)
		return 0;
	return refuse(k, "evidence.other-tagger",
	    pool_printf(k->p->pool,
	        "it is %s's, and calls itself %s's (%s): git config user.email",
	        k->who->id, named->id,
	        text_safe_copy(k->p->pool, email, strlen(email), 100)));
}

static bool
may_at(const struct gate *gate, const struct person *who)
{
	if (gate == NULL)
		return false;
	/* Where none are asked, anybody's may review an emergency. */
	if (!gate->approvals.asked && !who->machine)
		return true;
	if (who->machine)
		return texts_have(&gate->approvals.machines, who->id);
	if (person_in_any(who, gate->approvals.groups.list,
	        gate->approvals.groups.count))
		return true;
	for (size_t i = 0; i < gate->owner_count; i++)
		if (person_in_any(who, gate->owners[i].groups.list,
		        gate->owners[i].groups.count))
			return true;
	return gate->lane.asked && gate->lane.count > 0 &&
	    person_in_any(who, gate->lane.groups.list, gate->lane.groups.count);
}

static int
check_approver(struct receiving *k)
{
	struct push *p = k->p;

	for (size_t i = 0; i < k->s.target_count; i++) {
		const char *target = k->s.targets[i];

		if (may_at(gate_of(p, target), k->who))
			continue;
		if (k->who->machine)
			return decline(k, "peer.machine",
			    pool_printf(p->pool,
			        "%s is a machine, and no peer for %s",
			        k->who->id, target));
		return decline(k, "peer.not-in-group",
		    pool_printf(p->pool,
		        "%s is in no group that may approve for %s", k->who->id,
		        target));
	}
	return 0;
}

static int
check_declarer(struct receiving *k)
{
	const struct policy_emergency *e =
	    &k->p->setup->config.policy.emergency;

	if (!e->asked)
		return refuse(k, "emergency.no-lane",
		    "the policy has no emergency lane");
	if (k->who->machine ||
	    !person_in_any(k->who, e->groups.list, e->groups.count))
		return refuse(k, "emergency.not-a-member",
		    pool_printf(k->p->pool,
		        "%s is in no group that may declare an emergency",
		        k->who->id));
	return 0;
}

static int
check_environment(struct receiving *k)
{
	const struct policy_repository *e = k->p->entry;

	for (size_t i = 0; i < e->gate_count; i++)
		if (texts_have(&e->gates[i].environments, k->s.environment))
			return 0;
	return refuse(k, "evidence.environment-unknown",
	    pool_printf(k->p->pool, "no gate here has an environment '%s'",
	        k->s.environment));
}

static int
check_person(struct receiving *k)
{
	if (!person_in_force(k->who, k->p->now))
		return decline(k, "peer.not-in-force",
		    pool_printf(k->p->pool, "the rights of %s have expired",
		        k->who->id));
	if (k->s.kind == STATEMENT_DEPLOYMENT)
		return check_environment(k);
	if (check_tagger(k) < 0 || k->refused)
		return 0;
	if (k->s.decision == STATEMENT_EMERGENCY)
		return check_declarer(k);
	return check_approver(k);
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

	if (k->who != NULL)
		e.who = (struct actor){.person = k->who->id,
		    .machine = k->who->machine};
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
	return refuse(k, "peer.not-in-force",
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
	if (check_signature(k, err) < 0)
		return -1;
	k->kept = k->signature.good;
	(void)refuse(k, code, why);
	return 0;
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
	if (check_signature(k, err) < 0)
		return -1;
	if (!k->refused)
		(void)check_person(k);
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
		return refuse(&k, "evidence.came-otherwise",
		    "this tag came to the server under another ref before; "
		    "make a new one: foureyes approve");
	if (p->statements.pool == NULL)
		p->statements.pool = p->pool;
	map_put(&p->statements, pool_text(p->pool, k.s.id), p);
	write_body(&k, body);
	return 0;
}

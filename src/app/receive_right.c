/*
 * Whose word a statement is, and whether they may give it here and now.
 */
#include <string.h>

#include "app/receive.h"
#include "base/text.h"
#include "core/signed.h"

#include "receive_inside.h"

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
			return receive_refuse(k, "evidence.unsigned",
			    "it is not signed: git tag -s, or foureyes "
			    "approve");
	}
	if (k->s.kind != STATEMENT_APPROVAL ||
	    k->s.decision == STATEMENT_EMERGENCY)
		return receive_refuse(k, "evidence.unsigned",
		    "it is not signed");
	k->who = people_by_id(&p->setup->config.people, p->pusher.person);
	if (k->who == NULL)
		return receive_refuse(k, "environment.pusher-unknown",
		    "it is not signed, and nobody knows who pushed it");
	return 0;
}

int
receive_check_signature(struct receiving *k, struct err *err)
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
		return receive_refuse(k, "evidence.signature",
		    pool_text(p->pool, why.text));
	if (signature_check(&k->signature, parts.payload, parts.payload_len,
	        parts.armor, parts.armor_len, &rules, err) < 0)
		return -1;
	if (!k->signature.good)
		return receive_refuse(k,
		    pool_printf(p->pool, "evidence.signature-%s",
		        k->signature.code),
		    pool_printf(p->pool, "signature not acceptable: %s",
		        k->signature.reason));
	k->who =
	    people_by_key(&p->setup->config.people, k->signature.key, &key);
	if (k->who == NULL)
		return receive_decline(k, "peer.unknown-key",
		    pool_printf(p->pool,
		        "people.yaml has nobody with the key %s",
		        k->signature.key));
	if (!person_key_in_force(key, p->now))
		return receive_decline(k, "peer.not-in-force",
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
	return receive_refuse(k, "evidence.other-tagger",
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
			return receive_decline(k, "peer.machine",
			    pool_printf(p->pool,
			        "%s is a machine, and no peer for %s",
			        k->who->id, target));
		return receive_decline(k, "peer.not-in-group",
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
		return receive_refuse(k, "emergency.no-lane",
		    "the policy has no emergency lane");
	if (k->who->machine ||
	    !person_in_any(k->who, e->groups.list, e->groups.count))
		return receive_refuse(k, "emergency.not-a-member",
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
	return receive_refuse(k, "evidence.environment-unknown",
	    pool_printf(k->p->pool, "no gate here has an environment '%s'",
	        k->s.environment));
}

int
receive_check_person(struct receiving *k)
{
	if (!person_in_force(k->who, k->p->now))
		return receive_decline(k, "peer.not-in-force",
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

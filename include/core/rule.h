/*
 * rule - one control's result with its reason, and the list of rules.
 *
 * A rule is one file, rule_<control>.c, opening with the control in English.
 * It looks at the facts of one update (or one change of it) and adds its
 * finding.  It reads no clock, file or network and cannot fail.
 *
 * Finding codes are stable; sentences may change.  Every code stands in
 * docs/controls.md and has a golden case.
 */
#ifndef CORE_RULE_H
#define CORE_RULE_H

#include "base/err.h"
#include "base/pool.h"
#include "core/change.h"
#include "core/person.h"
#include "core/policy.h"

/*
 * The rules' version; a record names it, and replay uses that one.  Since 2 an
 * approval counts only for groups its person was in when it was received; since
 * 3 freezes, the deletion of a ref and routine changes are judged; since 4
 * approvals given at a forge count, by the request they were given on, and
 * tests are judged.
 */
#define RULES_VERSION 4
#define RULES_GROUPS_THEN 2
#define RULES_LANES 3
#define RULES_FORGES 4

enum standing {
	UNDECIDED = 0, /* the facts could not be had */
	UNMET,
	MET,
	NOT_ASKED
};

struct finding {
	const char *control;
	enum standing standing;
	const char *code;
	const char *text;
	const char *change; /* its id, or NULL: the update as a whole */
	bool hard;          /* no emergency turns it */
};

/* What became of an approval that was seen. */
struct weighed {
	const struct change *change;
	const struct approval *approval;
	const char *code; /* NULL: it counts */
	const char *why;
};

enum outcome {
	REFUSED = 0,
	ADMITTED,
	ADMITTED_AS_EMERGENCY
};

struct verdict {
	enum outcome outcome;
	struct finding *findings;
	size_t finding_count;
	struct weighed *weighed;
	size_t weighed_count;
};

/* What every rule is given. */
struct bench {
	struct pool *pool;
	const struct policy *policy;
	const struct gate *gate;
	const struct people *people;
	const struct update *update;
	struct verdict *verdict;
};

void rule_secret(struct bench *b);
void rule_environment(struct bench *b);
void rule_review(struct bench *b, const struct change *c);
void rule_peer(struct bench *b, const struct change *c);
void rule_owners(struct bench *b, const struct change *c);
void rule_staging(struct bench *b);
void rule_freeze(struct bench *b);
void rule_rollback(struct bench *b, const struct change *c);
void rule_ticket(struct bench *b, const struct change *c);
void rule_tests(struct bench *b, const struct change *c);
void rule_emergency(struct bench *b);

/*
 * Is an approval of theirs taken here: a person of the groups (none: any), a
 * machine that is listed.  Whether they are in force is another question.
 */
bool approvals_take(const struct policy_approvals *asked,
    const struct person *who);

/* Add a finding.  `c` may be NULL. */
struct finding *finding_add(struct bench *b, const struct change *c,
    const char *control, enum standing standing, const char *code,
    const char *format, ...) like_printf(6, 7);

/* UNMET or UNDECIDED: it is in the way. */
bool finding_is_open(const struct finding *f);

/* "unknown" for NULL, so that a sentence always reads. */
const char *shown(const char *text);
/*
 * An address or login for a sentence: where it mixes alphabets or hides
 * characters, those are written as numbers, and it is said.
 */
const char *spelled(struct pool *pool, const char *text);
/* "main or staging"; of none: "anybody". */
const char *either(struct pool *pool, const struct texts *texts);

/* Is it judged by rules of that version, or newer ones? */
bool rules_know(const struct bench *b, unsigned version);

/*
 * The first push of a ref where the policy takes that as baseline: whoever
 * gathers says it is one, and the policy must agree.
 */
bool move_is_baseline(const struct bench *b);
/* A new ref, begun where the gate's `born_from` lets it begin. */
bool move_is_birth(const struct bench *b);
/*
 * Put back to where the ledger has it.  One that the ledger knows to be deleted
 * is made again instead, by those who may move it.
 */
bool move_is_return(const struct bench *b);
/* Put back, made again, deleted or a baseline: there is nothing to approve. */
bool move_brings_nothing(const struct bench *b);
/* Deleted, at a gate whose policy says who may do that (rules.md 25). */
bool move_is_retirement(const struct bench *b);
/* The groups whose people may make this move: of the gate, or of its deletion.
 */
const struct texts *groups_that_move(const struct bench *b);
/* Takes the lane back (rules.md 28), and this gate has one. */
bool move_takes_lane(const struct bench *b);

/* Whose approvals this move asks for: the lane's, or the gate's. */
const struct texts *groups_asked(const struct bench *b);

/*
 * The promoted commit landed, judged in full, on a gate that looks for secrets:
 * its content was looked at there, with that gate's list.
 */
bool move_was_looked_at(const struct bench *b);

/*
 * Is this a routine change of the machine that pushes it (rules.md 26)?  Then
 * the machine's id; else NULL, and `*why` says in words what keeps it from
 * being one, or is NULL where no entry of the gate names who pushes.
 */
const char *change_routine(const struct bench *b, const struct change *c,
    const char **why);

/* Landed under approval on a gate that this one accepts (rules.md 25). */
bool commit_is_accepted(const struct bench *b, const struct landing_commit *k);

bool lander_is_machine(const struct bench *b);
/* Is it them, or does one person answer for both? */
bool lander_is_of(const struct bench *b, const char *id);
/* Must an approver be no contributor (rules.md 17)? */
bool contributors_bar(const struct bench *b);

/*
 * Does this approval count for that change?  NULL: it does; else the code of
 * what is wrong with it, and `*why` in words.  `groups` are those asked for
 * (the gate's own, or an owner's).  Whether the same person was counted before
 * is the caller's to see.
 */
const char *approval_weigh(const struct bench *b, const struct change *c,
    const struct approval *a, const struct texts *groups, const char **why);
/* Signed with a key that is the person's, and was when it was received. */
bool approval_key_holds(const struct bench *b, const struct person *person,
    const struct approval *a);
/* By one person, or by somebody and the machine they answer for. */
bool approval_same_person(const struct bench *b, const struct approval *one,
    const struct approval *other);
/* How many different people of `groups` approve this change. */
unsigned approval_count(const struct bench *b, const struct change *c,
    const struct texts *groups);
/* Is this objection by somebody who could approve (rules.md 16)? */
bool objection_stops(const struct bench *b, const struct change *c,
    const struct approval *objection);
/*
 * Enough counting approvals, no objection, every owner content: could this
 * stretch stand alone?  What the cut is made by (rules.md 1).
 */
bool change_is_approved(const struct bench *b, const struct change *c);

#endif

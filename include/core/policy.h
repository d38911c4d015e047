/*
 * policy - what is asked of which ref.
 *
 * policy.yaml (contract.md section 1, docs/foureyes-policy.5) read into
 * structs.  A gate is a named set of refs of some repositories, with what is
 * asked of a change that would land there.  `asked` false is "the policy does
 * not ask it" (NOT_ASKED), never "it is met".
 *
 * Read with policy_read(), which refuses unsound policies whole, with the
 * place; everything is in the pool.  policy_gate() finds the gate of a ref:
 * a full name beats a glob, and the order in the file never decides.
 */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"

#define POLICY_COUNT_MAX 20   /* approvals that can be asked */
#define POLICY_KEEP_DAYS 730  /* how long records are kept, by default */
#define POLICY_KEEP_LEAST 365 /* and at least */
#define POLICY_GATES_MAX 1000 /* gates of one entry */

struct texts {
	const char *const *list;
	size_t count;
};

enum mode {
	MODE_ENFORCE = 0,
	MODE_OBSERVE
};

/* How far an approval may be carried; each takes in those before it. */
enum carried {
	CARRIED_NOT = 0,
	CARRIED_EXACT,        /* the approved commit itself */
	CARRIED_SAME_CONTENT, /* another commit with the same tree */
	CARRIED_CLEAN_MERGE   /* the mechanical merge of it */
};

enum independence {
	INDEPENDENT_OF_CONTRIBUTORS = 0,
	INDEPENDENT_OF_LANDER
};

struct policy_approvals {
	bool asked;
	unsigned count;
	struct texts groups; /* none: any person */
	bool pusher_may;     /* signed: pusher */
	enum carried carry;
	bool coauthors_allowed;
	int64_t valid_for;
	struct texts machines;
	enum independence independent_of;
	bool presence; /* sk- keys only, with user presence */
};

struct policy_plan {
	bool asked;
	unsigned min_words;
	struct texts placeholders;
	bool machines_revert;
};

struct policy_owner {
	struct texts paths; /* globs */
	unsigned count;
	struct texts groups;
};

struct policy_freeze {
	int64_t from, to; /* half-open */
	const char *reason;
};

enum deployment_asked {
	DEPLOYMENT_NOT_ASKED = 0,
	DEPLOYMENT_OPTIONAL,
	DEPLOYMENT_REQUIRED
};

struct policy_after {
	bool asked;
	const char *gate;
	int64_t soak;
	enum deployment_asked deployment;
	struct texts told_by; /* none: machines and sources */
	bool same_tree;
};

struct policy_lane {
	bool asked; /* there is a rollback section */
	struct texts groups;
	unsigned count;
	unsigned within;
};

struct policy_secrets {
	bool scan;          /* true where a gate is read without the key */
	struct texts allow; /* SHA-256, of lines or of whole files */
};

struct policy_routine {
	struct texts machines;
	struct texts paths;
	unsigned max_files;
};

struct gate {
	const char *name;
	struct texts refs;
	enum mode mode;
	struct policy_approvals approvals;
	struct policy_plan plan;
	bool unknown_contributors_allowed;
	const struct policy_owner *owners;
	size_t owner_count;
	const char *ticket; /* POSIX extended regular expression, or NULL */
	struct texts tests;
	const struct policy_freeze *freezes;
	size_t freeze_count;
	struct texts landed_on;
	struct policy_after after;
	struct texts landers;      /* groups; none: whoever may push */
	struct texts environments; /* default: the gate's name */
	struct policy_lane lane;
	struct texts born_from;
	bool delete_asked;
	struct texts delete_groups;
	struct texts accepts;
	struct texts told_by;
	const struct policy_routine *routines;
	size_t routine_count;
	struct policy_secrets secrets;
};

struct policy_repository {
	struct texts match;
	enum mode mode;
	bool baseline; /* first_push: baseline */
	const struct gate *gates;
	size_t gate_count;
};

struct policy_emergency {
	bool asked; /* there is an emergency lane */
	struct texts groups;
	int64_t valid_for;
	int64_t review_within;
	bool overdue_blocks;
};

/* Records of that time are kept whatever their age. */
struct policy_hold {
	int64_t from, to; /* half-open; `to` 0: until further notice */
	const char *reason;
};

struct policy_retention {
	int64_t keep; /* records younger than that are kept */
	const struct policy_hold *holds;
	size_t hold_count;
};

/* Somebody reads what the log says, and signs that it was read. */
struct policy_review {
	bool asked;
	struct texts groups; /* who may */
	int64_t every;       /* a digest is of so long at most */
	int64_t within;      /* and is signed so long after its end */
};

struct policy {
	enum mode mode;
	const char *help;
	struct texts administration; /* groups */
	const struct policy_repository *repositories;
	size_t repository_count;
	struct policy_emergency emergency;
	struct policy_retention retention;
	struct policy_review review;        /* of the log */
	struct policy_review access_review; /* of who may do what */
	char digest[DIGEST_HEX_SIZE]; /* of the file's bytes; set by who read it
	                               */
};

/*
 * Refused: unknown and double keys, wrong types, values out of range,
 * approvals.count 0, the same full ref in two gates of an entry, a gate that
 * `landed_on`, `after`, `accepts` or `born_from` names and the entry does not
 * have, a gate that takes from itself (by whatever way round), an emergency
 * section without groups, a freeze that ends before it begins.
 */
int policy_read(struct policy *policy, struct pool *pool,
    const struct tree *document, struct err *err) must_check;

/* What is sound but should be looked at; one line each, from the pool. */
size_t policy_warnings(const struct policy *policy, struct pool *pool,
    const char *const **lines);

/* The first entry that matches, or NULL: nobody knows this repository. */
const struct policy_repository *policy_repository(const struct policy *policy,
    const char *name);

enum gate_found {
	GATE_NONE = 0, /* not gated */
	GATE_ONE,
	GATE_TWO, /* two globs match: policy.two-gates */
	GATE_CASE /* differs from what is gated by the case of letters only */
};

/*
 * The gate of a full ref name.  `*gate` is set for GATE_ONE, and for GATE_TWO
 * and GATE_CASE to one of those concerned.
 */
enum gate_found policy_gate(const struct policy_repository *repository,
    const char *ref, const struct gate **gate);
const struct gate *policy_gate_named(const struct policy_repository *repository,
    const char *name);
/*
 * Is `target`, as an approval names it, `ref` itself or literally the glob of
 * `gate` under which `ref` falls?
 */
bool policy_target_is(const struct gate *gate, const char *target,
    const char *ref);
/* May an approval name this target: a gated full name, or a gate's own glob? */
bool policy_is_target(const struct policy_repository *repository,
    const char *target);

bool texts_have(const struct texts *texts, const char *text);

#endif

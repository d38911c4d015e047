/*
 * statement - what an evidence tag says, before anybody asks who signed it.
 *
 * An evidence tag is an annotated tag pushed to
 *
 *	refs/foureyes/approvals/<commit>/<anything>
 *	refs/foureyes/deployments/<environment>/<commit>/<anything>
 *
 * whose own name begins with "foureyes/" and which points at <commit> itself.
 * Its message is free text and trailers:
 *
 *	Foureyes-Repository: payments
 *	Foureyes-Target: refs/heads/main        (approvals; may stand
 *repeatedly) Foureyes-Decision: approve | object | withdraw | emergency
 *	Foureyes-Incident: INC-7                (emergency, both needed)
 *	Foureyes-Reason: payments are down
 *	Foureyes-Environment: staging           (deployments, both needed)
 *	Foureyes-Result: success | failure
 *
 * Anything else that begins with "Foureyes-", one of these twice, or one where
 * it does not belong is refused: a signature made for another purpose must be
 * worth nothing here.  Only what the signature covers is read.  Whether the
 * signature is good, and whose, is edge/signature.h.
 */
#ifndef CORE_STATEMENT_H
#define CORE_STATEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/pool.h"
#include "core/plan.h"

#define STATEMENT_SIZE_MAX 1048576 /* the raw tag */
#define STATEMENT_VALUE_MAX 4096   /* one trailer's value */
#define STATEMENT_REF_MAX 255
#define STATEMENT_TARGETS_MAX 64
#define STATEMENT_APPROVALS "refs/foureyes/approvals/"
#define STATEMENT_DEPLOYMENTS "refs/foureyes/deployments/"

enum statement_kind {
	STATEMENT_UNKNOWN = 0,
	STATEMENT_APPROVAL,
	STATEMENT_DEPLOYMENT
};

enum statement_decision {
	STATEMENT_UNDECIDED = 0,
	STATEMENT_APPROVE,
	STATEMENT_OBJECT,
	STATEMENT_WITHDRAW,
	STATEMENT_EMERGENCY
};

enum statement_result {
	STATEMENT_NO_RESULT = 0,
	STATEMENT_SUCCESS,
	STATEMENT_FAILURE
};

struct statement {
	enum statement_kind kind;
	enum statement_decision decision;
	enum statement_result result;
	const char *repository;
	const char *const *targets; /* full ref names or globs of them */
	size_t target_count;
	const char *commit;
	const char *environment; /* deployments */
	const char *incident;    /* emergency */
	const char *reason;      /* emergency */
	const char *message; /* the text without our own trailers; may be "" */
	const char *tagger_name; /* as written: claims, never identity */
	const char *tagger_email;
	int64_t dated; /* the tag's own date, in seconds */
	/* SHA-256 of the signed bytes; one statement has one, however wrapped
	 */
	char id[DIGEST_HEX_SIZE];
	bool is_signed; /* carries an armor, good or not */
	struct plan plan;
	const char *refusal; /* the code, when statement_parse() answers -1 */
};

/*
 * `ref` is where the tag was pushed.  Refusal codes: evidence.malformed,
 * evidence.too-long, evidence.ref, evidence.name, evidence.not-a-commit,
 * evidence.commit, evidence.tagger, evidence.twice, evidence.trailer,
 * evidence.bytes, evidence.repository, evidence.target, evidence.decision,
 * evidence.incident, evidence.environment, evidence.result.
 */
int statement_parse(struct statement *out, struct pool *pool, const char *ref,
    const char *raw, size_t len, struct err *err) must_check;

/* Does a ref lie where evidence is pushed (refs/foureyes/...)? */
bool statement_is_evidence_ref(const char *ref);

struct statement_ref {
	enum statement_kind kind;
	const char *commit;
	const char *environment; /* NULL for approvals */
};

/* What the name of such a ref says; statement_parse() asks it too. */
int statement_ref_parse(struct statement_ref *out, struct pool *pool,
    const char *ref, struct err *err) must_check;
/* Valid UTF-8 without control characters and without what draws nothing. */
bool statement_text_is_clean(const char *text);
/* "approve", "object", "withdraw", "emergency"; "success", "failure"; or "". */
const char *statement_decision_name(enum statement_decision decision);
const char *statement_result_name(enum statement_result result);

#endif

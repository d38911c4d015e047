#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/statement.h"

#define OID "0123456789abcdef0123456789abcdef01234567"
#define OID2 "89abcdef0123456789abcdef0123456789abcdef"
#define APPROVAL "refs/foureyes/approvals/" OID "/x1"
#define DEPLOYMENT "refs/foureyes/deployments/staging/" OID "/x1"
#define OBJECT "object " OID "\ntype commit\n"
#define NAME "tag foureyes/x1\n"
#define TAGGER "tagger B <b@x.test> 1700000000 +0000\n"
#define HEAD OBJECT NAME TAGGER "\n"
#define REPO "Foureyes-Repository: payments\n"
#define TARGET "Foureyes-Target: refs/heads/main\n"
#define APPROVE "Foureyes-Decision: approve\n"
#define EMERGENCY                                                              \
	"Foureyes-Decision: emergency\nFoureyes-Incident: INC-7\n"             \
	"Foureyes-Reason: payments are down\n"
#define ENVIRONMENT "Foureyes-Environment: staging\n"
#define RESULT "Foureyes-Result: success\n"
#define ARMOR                                                                  \
	"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"

struct refused {
	const char *ref, *raw, *code;
};

static void
expect_refused(const char *ref, const char *raw, size_t len, const char *code)
{
	struct pool pool = {0};
	struct statement s;
	struct err err = {0};

	if (statement_parse(&s, &pool, ref, raw, len, &err) == 0)
		fail_msg("taken, not %s: %s\n%s", code, ref, raw);
	if (strcmp(s.refusal, code) != 0)
		fail_msg("%s (%s), not %s: %s\n%s", s.refusal, err.text, code,
		    ref, raw);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(s.kind, STATEMENT_UNKNOWN);
	assert_null(s.repository);
	pool_free(&pool);
}

static struct statement
taken(struct pool *pool, const char *ref, const char *raw)
{
	struct statement s;
	struct err err = {0};

	if (statement_parse(&s, pool, ref, raw, strlen(raw), &err) < 0)
		fail_msg("%s: %s\n%s", err.text, ref, raw);
	assert_null(s.refusal);
	return s;
}

static void
an_approval_gives_all_it_says(void **state)
{
	static const char payload[] =
	    HEAD "looks good\n\nread it twice\n\n" REPO TARGET
	         "foureyes-target: refs/tags/v*\n" APPROVE
	         "Rollback-Plan: revert it\nRollback-To: v1\n";
	char raw[1024], id[DIGEST_HEX_SIZE];
	struct pool pool = {0};
	struct statement s;

	(void)state;
	snprintf(raw, sizeof(raw), "%s" ARMOR, payload);
	s = taken(&pool, APPROVAL, raw);
	assert_int_equal(s.kind, STATEMENT_APPROVAL);
	assert_int_equal(s.decision, STATEMENT_APPROVE);
	assert_string_equal(s.repository, "payments");
	assert_int_equal(s.target_count, 2);
	assert_string_equal(s.targets[0], "refs/heads/main");
	assert_string_equal(s.targets[1], "refs/tags/v*");
	assert_string_equal(s.commit, OID);
	assert_string_equal(s.message,
	    "looks good\n\nread it twice\n\n"
	    "Rollback-Plan: revert it\nRollback-To: v1");
	assert_string_equal(s.tagger_name, "B");
	assert_string_equal(s.tagger_email, "b@x.test");
	assert_int_equal(s.dated, 1700000000);
	assert_true(s.is_signed);
	assert_int_equal(s.plan.count, 1);
	assert_string_equal(s.plan.texts[0], "revert it");
	assert_string_equal(s.plan.to, "v1");
	digest_sha256_hex(id, payload, sizeof(payload) - 1);
	assert_string_equal(s.id, id);
	assert_null(s.environment);
	assert_null(s.incident);
	pool_free(&pool);
}

/* What is ours goes, with the lines it is folded over; the rest stays. */
static void
the_text_is_all_but_our_trailers(void **state)
{
	static const struct {
		const char *message, *text;
	} cases[] = {
	    {"x\n\n" REPO TARGET APPROVE, "x"},
	    {REPO TARGET APPROVE, NULL},
	    {"x\n\nFOUREYES-Repository:\n payments\nA: b\n c\n" TARGET APPROVE,
	        "x\n\nA: b\n c"},
	    {"x\n\n" REPO TARGET APPROVE "A: b\n# no word of it\n",
	        "x\n\nA: b"},
	    {"x\n\n" REPO TARGET APPROVE "A: b\n---\nC: d\n", "x\n\nA: b"},
	    {"x\n\nA: b\n\n" REPO TARGET APPROVE, "x\n\nA: b"},
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *raw =
		    pool_printf(&pool, HEAD "%s", cases[i].message);
		struct statement s;
		struct err err = {0};

		if (cases[i].text == NULL)
			assert_int_equal(statement_parse(&s, &pool, APPROVAL,
			                     raw, strlen(raw), &err),
			    -1);
		else
			assert_string_equal(taken(&pool, APPROVAL, raw).message,
			    cases[i].text);
	}
	pool_free(&pool);
}

static void
each_kind_and_decision_is_read(void **state)
{
	struct pool pool = {0};
	struct statement s;

	(void)state;
	s = taken(&pool, APPROVAL,
	    HEAD "x\n\n" REPO TARGET "Foureyes-Decision: object\n");
	assert_int_equal(s.decision, STATEMENT_OBJECT);
	assert_false(s.is_signed);
	s = taken(&pool, APPROVAL,
	    HEAD "x\n\n" REPO TARGET "Foureyes-Decision: withdraw\n");
	assert_int_equal(s.decision, STATEMENT_WITHDRAW);
	s = taken(&pool, APPROVAL, HEAD "x\n\n" REPO TARGET EMERGENCY);
	assert_int_equal(s.decision, STATEMENT_EMERGENCY);
	assert_string_equal(s.incident, "INC-7");
	assert_string_equal(s.reason, "payments are down");
	s = taken(&pool, DEPLOYMENT, HEAD "x\n\n" REPO ENVIRONMENT RESULT);
	assert_int_equal(s.kind, STATEMENT_DEPLOYMENT);
	assert_int_equal(s.result, STATEMENT_SUCCESS);
	assert_string_equal(s.environment, "staging");
	assert_string_equal(s.commit, OID);
	assert_int_equal(s.decision, STATEMENT_UNDECIDED);
	s = taken(&pool, DEPLOYMENT,
	    HEAD "x\n\n" REPO ENVIRONMENT "Foureyes-Result: failure\n");
	assert_int_equal(s.result, STATEMENT_FAILURE);
	pool_free(&pool);
}

static void
each_fault_has_its_code(void **state)
{
	static const struct refused bads[] = {
	    /* the ref */
	    {"refs/heads/main", HEAD "x\n\n" REPO TARGET APPROVE,
	        "evidence.ref"},
	    {"refs/foureyes/approvals/" OID, HEAD "x\n\n" REPO TARGET APPROVE,
	        "evidence.ref"},
	    {"refs/foureyes/approvals/" OID "/",
	        HEAD "x\n\n" REPO TARGET APPROVE, "evidence.ref"},
	    {"refs/foureyes/approvals/" OID "//x",
	        HEAD "x\n\n" REPO TARGET APPROVE, "evidence.ref"},
	    {"refs/foureyes/approvals/" OID "/x\x1by",
	        HEAD "x\n\n" REPO TARGET APPROVE, "evidence.ref"},
	    {"refs/foureyes/approvals/0123/x", HEAD "x\n\n" REPO TARGET APPROVE,
	        "evidence.ref"},
	    {"refs/foureyes/other/" OID "/x", HEAD "x\n\n" REPO TARGET APPROVE,
	        "evidence.ref"},
	    {"refs/foureyes/deployments/" OID "/x",
	        HEAD "x\n\n" REPO ENVIRONMENT RESULT, "evidence.ref"},
	    {"refs/foureyes/deployments//" OID "/x",
	        HEAD "x\n\n" REPO ENVIRONMENT RESULT, "evidence.ref"},
	    /* the tag */
	    {APPROVAL, OBJECT "tag v1\n" TAGGER "\nx\n\n" REPO TARGET APPROVE,
	        "evidence.name"},
	    {APPROVAL,
	        OBJECT "tag foureyes/\n" TAGGER "\nx\n\n" REPO TARGET APPROVE,
	        "evidence.name"},
	    {APPROVAL,
	        OBJECT "tag x/foureyes/y\n" TAGGER
	               "\nx\n\n" REPO TARGET APPROVE,
	        "evidence.name"},
	    {APPROVAL,
	        "object " OID "\ntype tag\n" NAME TAGGER
	        "\nx\n\n" REPO TARGET APPROVE,
	        "evidence.not-a-commit"},
	    {APPROVAL,
	        "object " OID2 "\ntype commit\n" NAME TAGGER
	        "\nx\n\n" REPO TARGET APPROVE,
	        "evidence.commit"},
	    {APPROVAL, OBJECT NAME "\nx\n\n" REPO TARGET APPROVE,
	        "evidence.tagger"},
	    {APPROVAL, "", "evidence.malformed"},
	    {APPROVAL, "tree " OID "\n", "evidence.malformed"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET APPROVE ARMOR "more\n",
	        "evidence.malformed"},
	    /* the trailers */
	    {APPROVAL, HEAD "x\n\n" TARGET APPROVE, "evidence.repository"},
	    {APPROVAL, HEAD "x\n\nFoureyes-Repository:\n" TARGET APPROVE,
	        "evidence.repository"},
	    {APPROVAL, HEAD "x\n\n" REPO APPROVE, "evidence.target"},
	    {APPROVAL, HEAD "x\n\n" REPO "Foureyes-Target: main\n" APPROVE,
	        "evidence.target"},
	    {APPROVAL, HEAD "x\n\n" REPO "Foureyes-Target:\n" APPROVE,
	        "evidence.target"},
	    {APPROVAL,
	        HEAD "x\n\n" REPO "Foureyes-Target: refs/heads/a b\n" APPROVE,
	        "evidence.target"},
	    {APPROVAL,
	        HEAD "x\n\n" REPO "Foureyes-Target: refs/heads//a\n" APPROVE,
	        "evidence.target"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET, "evidence.decision"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET "Foureyes-Decision: Approve\n",
	        "evidence.decision"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET "Foureyes-Decision: lgtm\n",
	        "evidence.decision"},
	    {APPROVAL, HEAD "x\n\n" REPO REPO TARGET APPROVE, "evidence.twice"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET APPROVE APPROVE,
	        "evidence.twice"},
	    {APPROVAL,
	        HEAD "x\n\n" REPO TARGET APPROVE "foureyes-decision: object\n",
	        "evidence.twice"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET APPROVE "Foureyes-Until: x\n",
	        "evidence.trailer"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET APPROVE ENVIRONMENT,
	        "evidence.trailer"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET APPROVE RESULT,
	        "evidence.trailer"},
	    {APPROVAL,
	        HEAD "x\n\n" REPO TARGET APPROVE "Foureyes-Incident: I\n",
	        "evidence.trailer"},
	    {APPROVAL,
	        HEAD "x\n\n" REPO TARGET
	             "Foureyes-Decision: emergency\nFoureyes-Reason: r\n",
	        "evidence.incident"},
	    {APPROVAL,
	        HEAD "x\n\n" REPO TARGET
	             "Foureyes-Decision: emergency\nFoureyes-Incident: I\n",
	        "evidence.incident"},
	    {APPROVAL,
	        HEAD "x\n\nFoureyes-Repository: a\x1b[2K\n" TARGET APPROVE,
	        "evidence.bytes"},
	    {APPROVAL, HEAD "x\n\nFoureyes-Repository: a\xe9\n" TARGET APPROVE,
	        "evidence.bytes"},
	    {APPROVAL,
	        HEAD "x\n\nFoureyes-Repository: a\xe2\x80\xae\n" TARGET APPROVE,
	        "evidence.bytes"},
	    {APPROVAL, HEAD REPO TARGET APPROVE, "evidence.decision"},
	    {APPROVAL, HEAD "x\n\n" REPO TARGET APPROVE "\nend\n",
	        "evidence.decision"},
	    {APPROVAL, HEAD "x\n\n---\n\n" REPO TARGET APPROVE,
	        "evidence.decision"},
	    {DEPLOYMENT, HEAD "x\n\n" REPO TARGET APPROVE, "evidence.trailer"},
	    {DEPLOYMENT, HEAD "x\n\n" REPO ENVIRONMENT RESULT TARGET,
	        "evidence.trailer"},
	    {DEPLOYMENT, HEAD "x\n\n" REPO RESULT, "evidence.environment"},
	    {DEPLOYMENT,
	        HEAD "x\n\n" REPO RESULT "Foureyes-Environment: production\n",
	        "evidence.environment"},
	    {DEPLOYMENT, HEAD "x\n\n" REPO ENVIRONMENT, "evidence.result"},
	    {DEPLOYMENT, HEAD "x\n\n" REPO ENVIRONMENT "Foureyes-Result: ok\n",
	        "evidence.result"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++)
		expect_refused(bads[i].ref, bads[i].raw, strlen(bads[i].raw),
		    bads[i].code);
}

static void
G01_a_nul_in_the_tag_is_refused(void **state)
{
	static const char raw[] = HEAD "x\n\n" REPO TARGET APPROVE "\0";
	static const char behind[] = HEAD
	    "x\n\n" REPO TARGET APPROVE
	    "-----BEGIN SSH SIGNATURE-----\n\0\n-----END SSH SIGNATURE-----\n";

	(void)state;
	expect_refused(APPROVAL, raw, sizeof(raw), "evidence.malformed");
	expect_refused(APPROVAL, behind, sizeof(behind) - 1,
	    "evidence.malformed");
}

static void
what_is_too_long_is_refused(void **state)
{
	struct buf raw = {0}, ref = {0};

	(void)state;
	buf_put(&raw,
	    HEAD "x\n\n" REPO TARGET "Foureyes-Decision: emergency\n"
	         "Foureyes-Incident: I\nFoureyes-Reason: ");
	for (size_t i = 0; i < STATEMENT_VALUE_MAX + 1; i++)
		buf_char(&raw, 'r');
	buf_char(&raw, '\n');
	expect_refused(APPROVAL, raw.data, raw.len, "evidence.too-long");
	buf_clear(&raw);
	for (size_t i = 0; i < STATEMENT_SIZE_MAX + 1; i++)
		buf_char(&raw, 'r');
	expect_refused(APPROVAL, raw.data, raw.len, "evidence.too-long");
	buf_clear(&raw);
	buf_put(&raw, HEAD "x\n\n" REPO APPROVE);
	for (size_t i = 0; i < STATEMENT_TARGETS_MAX + 1; i++)
		buf_put(&raw, TARGET);
	expect_refused(APPROVAL, raw.data, raw.len, "evidence.target");
	buf_put(&ref, APPROVAL);
	while (ref.len <= STATEMENT_REF_MAX)
		buf_char(&ref, 'x');
	expect_refused(ref.data, "", 0, "evidence.ref");
	buf_free(&raw);
	buf_free(&ref);
}

static void
one_statement_has_one_id_however_it_is_wrapped(void **state)
{
	static const char one[] = HEAD "x\n\n" REPO TARGET APPROVE ARMOR;
	static const char two[] = HEAD "x\n\n" REPO TARGET APPROVE
	                               "-----BEGIN SSH SIGNATURE-----\nAA\nAA\n"
	                               "-----END SSH SIGNATURE-----\n\n";
	static const char other[] = HEAD "y\n\n" REPO TARGET APPROVE ARMOR;
	struct pool pool = {0};
	struct statement a, b, c;

	(void)state;
	a = taken(&pool, APPROVAL, one);
	b = taken(&pool, "refs/foureyes/approvals/" OID "/a/b", two);
	c = taken(&pool, APPROVAL, other);
	assert_string_equal(a.id, b.id);
	assert_string_not_equal(a.id, c.id);
	pool_free(&pool);
}

static void
names_are_told(void **state)
{
	(void)state;
	assert_true(statement_is_evidence_ref("refs/foureyes/x"));
	assert_false(statement_is_evidence_ref("refs/foureyesx"));
	assert_string_equal(statement_decision_name(STATEMENT_WITHDRAW),
	    "withdraw");
	assert_string_equal(statement_decision_name(STATEMENT_UNDECIDED), "");
	assert_string_equal(statement_result_name(STATEMENT_FAILURE),
	    "failure");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_approval_gives_all_it_says),
	    cmocka_unit_test(the_text_is_all_but_our_trailers),
	    cmocka_unit_test(each_kind_and_decision_is_read),
	    cmocka_unit_test(each_fault_has_its_code),
	    cmocka_unit_test(G01_a_nul_in_the_tag_is_refused),
	    cmocka_unit_test(what_is_too_long_is_refused),
	    cmocka_unit_test(one_statement_has_one_id_however_it_is_wrapped),
	    cmocka_unit_test(names_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

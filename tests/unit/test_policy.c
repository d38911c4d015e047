/* What a good policy says, and which gate a ref has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "reads.h"

#define MINUTE ((int64_t)60 * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct pool pool;

static int
tear_down(void **state)
{
	(void)state;
	pool_free(&pool);
	return 0;
}

static struct policy
read_good(const char *text)
{
	struct policy policy = {0};
	struct err err = {0};
	const struct tree *t;

	if (tree_parse_yaml(&t, &pool, text, strlen(text), "policy.yaml",
	        &err) < 0 ||
	    policy_read(&policy, &pool, t, &err) < 0)
		fail_msg("%s", err.text);
	return policy;
}

static const struct gate *
gate_of(const struct policy *policy, const char *name)
{
	return policy_gate_named(&policy->repositories[0], name);
}

#define HEAD "version: 1\nrepositories:\n  - match: [\"**\"]\n    gates:\n"

static const char BARE[] = HEAD
    "      main: {refs: \"refs/heads/main\", approvals: {}, "
    "rollback_plan: {}}\n"
    "      free: {refs: [\"refs/heads/free\"]}\n"
    "      next: {refs: [\"refs/heads/next\"], landed_on: main, approvals: "
    "{}, after: {gate: free}, rollback: {}}\n"
    "emergency: {groups: [ic]}\n";

static void
a_key_that_is_absent_has_its_strict_default(void **state)
{
	struct policy p = read_good(BARE);
	const struct gate *g = gate_of(&p, "main");

	(void)state;
	assert_int_equal(p.mode, MODE_ENFORCE);
	assert_null(p.help);
	assert_int_equal(p.administration.count, 0);
	assert_false(p.repositories[0].baseline);
	assert_int_equal(g->mode, MODE_ENFORCE);
	assert_true(g->approvals.asked);
	assert_int_equal(g->approvals.count, 1);
	assert_int_equal(g->approvals.groups.count, 0);
	assert_false(g->approvals.pusher_may);
	assert_int_equal(g->approvals.carry, CARRIED_CLEAN_MERGE);
	assert_false(g->approvals.coauthors_allowed);
	assert_int_equal(g->approvals.valid_for, 90 * DAY);
	assert_int_equal(g->approvals.machines.count, 0);
	assert_int_equal(g->approvals.independent_of,
	    INDEPENDENT_OF_CONTRIBUTORS);
	assert_false(g->approvals.presence);
	assert_true(g->plan.asked);
	assert_int_equal(g->plan.min_words, 5);
	assert_false(g->plan.machines_revert);
	assert_false(g->unknown_contributors_allowed);
	assert_null(g->ticket);
	assert_int_equal(g->environments.count, 1);
	assert_string_equal(g->environments.list[0], "main");
	assert_true(g->secrets.scan);
	assert_int_equal(g->secrets.allow.count, 0);
	assert_true(p.emergency.asked);
	assert_int_equal(p.emergency.valid_for, 4 * HOUR);
	assert_int_equal(p.emergency.review_within, 24 * HOUR);
	assert_true(p.emergency.overdue_blocks);
}

static void
a_section_that_is_absent_is_not_asked(void **state)
{
	struct policy p =
	    read_good(HEAD "      free: {refs: [\"refs/heads/free\"]}\n");
	const struct gate *g = gate_of(&p, "free");

	(void)state;
	assert_false(g->approvals.asked);
	assert_false(g->plan.asked);
	assert_false(g->after.asked);
	assert_false(g->lane.asked);
	assert_false(g->delete_asked);
	assert_int_equal(g->owner_count, 0);
	assert_int_equal(g->freeze_count, 0);
	assert_int_equal(g->routine_count, 0);
	assert_int_equal(g->born_from.count, 0);
	assert_false(p.emergency.asked);
}

static void
a_gate_that_takes_what_landed_has_the_defaults_of_a_promotion(void **state)
{
	struct policy p = read_good(BARE);
	const struct gate *g = gate_of(&p, "next");

	(void)state;
	assert_string_equal(g->landed_on.list[0], "main");
	assert_int_equal(g->approvals.independent_of, INDEPENDENT_OF_LANDER);
	assert_int_equal(g->born_from.count, 1);
	assert_string_equal(g->born_from.list[0], "main");
	assert_true(g->after.asked);
	assert_string_equal(g->after.gate, "free");
	assert_int_equal(g->after.soak, 0);
	assert_int_equal(g->after.deployment, DEPLOYMENT_OPTIONAL);
	assert_int_equal(g->after.told_by.count, 0);
	assert_false(g->after.same_tree);
	assert_true(g->lane.asked);
	assert_int_equal(g->lane.count, 0);
	assert_int_equal(g->lane.within, 10);
}

static void
what_is_written_beats_the_default_of_a_promotion(void **state)
{
	struct policy p = read_good(
	    HEAD "      main: {refs: [\"refs/heads/main\"]}\n"
	         "      next: {refs: [\"refs/heads/next\"], landed_on: [main], "
	         "born_from: [], approvals: {independent_of: contributors}}\n");
	const struct gate *g = gate_of(&p, "next");

	(void)state;
	assert_int_equal(g->approvals.independent_of,
	    INDEPENDENT_OF_CONTRIBUTORS);
	assert_int_equal(g->born_from.count, 0);
}

static const char FULL[] =
    "version: 1\n"
    "mode: observe\n"
    "help: \"https://wiki.example.com\"\n"
    "administration: {groups: [platform]}\n"
    "repositories:\n"
    "  - match: [\"sandbox/**\", \"toys/*\"]\n"
    "    gates: {}\n"
    "  - match: \"**\"\n"
    "    first_push: baseline\n"
    "    mode: enforce\n"
    "    gates:\n"
    "      old: {refs: [\"refs/heads/old\"]}\n"
    "      all:\n"
    "        refs: [\"refs/heads/all\", \"refs/tags/v*\"]\n"
    "        mode: observe\n"
    "        approvals: {count: 20, groups: [a, b], signed: pusher, carry: "
    "exact, coauthors: allow, valid_for: 1m, machines: [m], "
    "independent_of: lander, presence: required}\n"
    "        rollback_plan: {required: false, min_words: 100, placeholders: "
    "[x], machines: revert}\n"
    "        unknown_contributors: allow\n"
    "        owners:\n"
    "          - {paths: [\"db/**\", Makefile], count: 2, groups: [dba]}\n"
    "          - {paths: \"*.c\"}\n"
    "        ticket: {pattern: \"[A-Z]+\"}\n"
    "        tests: [ci/test, ci/lint]\n"
    "        freeze: [{from: 2026-12-24, to: 2026-12-27, reason: holidays}]\n"
    "        landed_on: [old]\n"
    "        after: {gate: old, soak: 30m, deployment: required, told_by: "
    "[d], same: tree}\n"
    "        landers: [l]\n"
    "        environments: [e, f]\n"
    "        rollback: {groups: [r], count: 1, within: 3}\n"
    "        born_from: [old]\n"
    "        delete: {groups: [x]}\n"
    "        accepts: [old]\n"
    "        told_by: [t]\n"
    "        routine: [{machines: [m], paths: [\"deps/*\"], max_files: 7}]\n"
    "        secrets: {scan: false, allow: "
    "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef}\n"
    "emergency: {groups: [ic], valid_for: 2h, review_within: 3d, overdue: "
    "report}\n";

static void
every_key_of_approvals_and_plan_is_read(void **state)
{
	struct policy p = read_good(FULL);
	const struct gate *g = policy_gate_named(&p.repositories[1], "all");
	const struct policy_approvals *a = &g->approvals;

	(void)state;
	assert_int_equal(a->count, 20);
	assert_true(texts_have(&a->groups, "a") && texts_have(&a->groups, "b"));
	assert_true(a->pusher_may);
	assert_int_equal(a->carry, CARRIED_EXACT);
	assert_true(a->coauthors_allowed);
	assert_int_equal(a->valid_for, MINUTE);
	assert_string_equal(a->machines.list[0], "m");
	assert_int_equal(a->independent_of, INDEPENDENT_OF_LANDER);
	assert_true(a->presence);
	assert_false(g->plan.asked);
	assert_int_equal(g->plan.min_words, 100);
	assert_string_equal(g->plan.placeholders.list[0], "x");
	assert_true(g->plan.machines_revert);
	assert_true(g->unknown_contributors_allowed);
}

static void
every_other_key_of_a_gate_is_read(void **state)
{
	struct policy p = read_good(FULL);
	const struct gate *g = policy_gate_named(&p.repositories[1], "all");

	(void)state;
	assert_int_equal(g->refs.count, 2);
	assert_int_equal(g->owner_count, 2);
	assert_string_equal(g->owners[0].paths.list[1], "Makefile");
	assert_int_equal(g->owners[0].count, 2);
	assert_string_equal(g->owners[0].groups.list[0], "dba");
	assert_int_equal(g->owners[1].count, 1);
	assert_int_equal(g->owners[1].groups.count, 0);
	assert_string_equal(g->ticket, "[A-Z]+");
	assert_string_equal(g->tests.list[1], "ci/lint");
	assert_int_equal(g->freezes[0].from, 1798070400000);
	assert_int_equal(g->freezes[0].to, 1798329600000);
	assert_string_equal(g->freezes[0].reason, "holidays");
	assert_int_equal(g->after.soak, 30 * MINUTE);
	assert_int_equal(g->after.deployment, DEPLOYMENT_REQUIRED);
	assert_string_equal(g->after.told_by.list[0], "d");
	assert_true(g->after.same_tree);
	assert_string_equal(g->landers.list[0], "l");
	assert_string_equal(g->environments.list[1], "f");
	assert_string_equal(g->lane.groups.list[0], "r");
	assert_int_equal(g->lane.count, 1);
	assert_int_equal(g->lane.within, 3);
	assert_true(g->delete_asked);
	assert_string_equal(g->delete_groups.list[0], "x");
	assert_string_equal(g->accepts.list[0], "old");
	assert_string_equal(g->told_by.list[0], "t");
	assert_string_equal(g->routines[0].machines.list[0], "m");
	assert_string_equal(g->routines[0].paths.list[0], "deps/*");
	assert_int_equal(g->routines[0].max_files, 7);
	assert_false(g->secrets.scan);
	assert_int_equal(g->secrets.allow.count, 1);
	assert_string_equal(g->secrets.allow.list[0] + 60, "cdef");
}

static void
every_key_around_the_gates_is_read(void **state)
{
	struct policy p = read_good(FULL);

	(void)state;
	assert_string_equal(p.help, "https://wiki.example.com");
	assert_string_equal(p.administration.list[0], "platform");
	assert_true(p.repositories[1].baseline);
	assert_false(p.repositories[0].baseline);
	assert_string_equal(p.emergency.groups.list[0], "ic");
	assert_int_equal(p.emergency.valid_for, 2 * HOUR);
	assert_int_equal(p.emergency.review_within, 3 * DAY);
	assert_false(p.emergency.overdue_blocks);
}

static void
the_narrowest_mode_wins(void **state)
{
	struct policy p = read_good(FULL);

	(void)state;
	assert_int_equal(p.mode, MODE_OBSERVE);
	assert_int_equal(p.repositories[0].mode, MODE_OBSERVE);
	assert_int_equal(p.repositories[1].mode, MODE_ENFORCE);
	assert_int_equal(p.repositories[1].gates[0].mode, MODE_ENFORCE);
	assert_int_equal(p.repositories[1].gates[1].mode, MODE_OBSERVE);
}

static void
the_first_entry_that_matches_is_taken(void **state)
{
	struct policy p = read_good(FULL);

	(void)state;
	assert_ptr_equal(policy_repository(&p, "sandbox/a/b"),
	    &p.repositories[0]);
	assert_ptr_equal(policy_repository(&p, "toys/a"), &p.repositories[0]);
	assert_ptr_equal(policy_repository(&p, "toys/a/b"), &p.repositories[1]);
	assert_ptr_equal(policy_repository(&p, "sandbox"), &p.repositories[1]);
}

static void
a_repository_that_none_matches_is_unknown(void **state)
{
	struct policy none = {0};
	struct policy p = read_good("version: 1\nrepositories:\n"
	                            "  - {match: [team/*], gates: {}}\n");

	(void)state;
	assert_null(policy_repository(&p, "other"));
	assert_null(policy_repository(&p, "team/a/b"));
	assert_null(policy_repository(&none, "team/a"));
}

static const char REFS[] =
    HEAD "      main: {refs: [\"refs/heads/main\", \"refs/heads/release/1\"]}\n"
         "      release: {refs: [\"refs/heads/release/*\", "
         "\"refs/heads/release/*-rc\"]}\n"
         "      deep: {refs: [\"refs/heads/**/deep\"]}\n"
         "      tags: {refs: [\"refs/tags/v*\"]}\n"
         "      any: {refs: [\"refs/heads/M*\"]}\n";

static void
a_full_name_beats_a_glob_and_order_decides_nothing(void **state)
{
	static const struct {
		const char *ref;
		enum gate_found found;
		const char *gate;
	} rows[] = {
	    {"refs/heads/main", GATE_ONE, "main"},
	    {"refs/heads/release/1", GATE_ONE, "main"},
	    {"refs/heads/release/2", GATE_ONE, "release"},
	    {"refs/heads/release/2-rc", GATE_ONE, "release"},
	    {"refs/heads/release/deep", GATE_TWO, "release"},
	    {"refs/heads/a/b/deep", GATE_ONE, "deep"},
	    {"refs/heads/Main", GATE_CASE, "main"},
	    {"refs/heads/Mine", GATE_ONE, "any"},
	    {"refs/heads/RELEASE/1", GATE_CASE, "main"},
	    {"refs/tags/v1", GATE_ONE, "tags"},
	    {"refs/tags/v1/2", GATE_NONE, NULL},
	    {"refs/tags/V1", GATE_CASE, "tags"},
	    {"refs/tags/V1/2", GATE_NONE, NULL},
	    {"refs/heads/Release/2", GATE_CASE, "release"},
	    {"refs/heads/a/DEEP", GATE_CASE, "deep"},
	    {"refs/heads/mainly", GATE_CASE, "any"},
	    {"refs/heads/xmain", GATE_NONE, NULL},
	    {"xrefs/heads/main", GATE_NONE, NULL},
	    {"", GATE_NONE, NULL},
	};
	struct policy p = read_good(REFS);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct gate *g = NULL;

		assert_int_equal(policy_gate(&p.repositories[0], rows[i].ref,
		                     &g),
		    rows[i].found);
		if (rows[i].gate == NULL)
			assert_null(g);
		else
			assert_string_equal(g->name, rows[i].gate);
	}
}

static void
an_approval_names_the_ref_or_the_gates_own_glob(void **state)
{
	struct policy p = read_good(REFS);
	const struct gate *tags = gate_of(&p, "tags");
	const struct gate *release = gate_of(&p, "release");

	(void)state;
	assert_true(policy_target_is(tags, "refs/tags/v1", "refs/tags/v1"));
	assert_true(policy_target_is(tags, "refs/tags/v*", "refs/tags/v1"));
	assert_false(policy_target_is(tags, "refs/tags/v1", "refs/tags/v2"));
	assert_false(policy_target_is(tags, "refs/tags/*", "refs/tags/v1"));
	assert_false(policy_target_is(tags, "refs/tags/v*", "refs/tags/w1"));
	assert_false(policy_target_is(tags, "**", "refs/tags/v1"));
	assert_false(policy_target_is(tags, NULL, "refs/tags/v1"));
	assert_false(policy_target_is(release, "refs/heads/release/*-rc",
	    "refs/heads/release/2"));
}

static void
a_target_is_a_gated_name_or_a_gates_own_glob(void **state)
{
	struct policy p = read_good(REFS);
	const struct policy_repository *r = &p.repositories[0];

	(void)state;
	assert_true(policy_is_target(r, "refs/heads/main"));
	assert_true(policy_is_target(r, "refs/tags/v9"));
	assert_true(policy_is_target(r, "refs/tags/v*"));
	assert_false(policy_is_target(r, "refs/heads/other"));
	assert_false(policy_is_target(r, "refs/heads/Main"));
	assert_false(policy_is_target(r, "refs/heads/release/deep"));
	assert_false(policy_is_target(r, "refs/tags/*"));
	assert_false(policy_is_target(r, "**"));
}

/* Gates that name each other, and no circle that shuts them all. */
static void
lanes_may_cross_where_nothing_waits_for_itself(void **state)
{
	struct policy p = read_good(HEAD
	    "      a: {refs: [\"refs/heads/a\"], accepts: [b], born_from: [a]}\n"
	    "      b: {refs: [\"refs/heads/b\"], accepts: [a]}\n"
	    "      c: {refs: [\"refs/heads/c\"], landed_on: [a, b]}\n"
	    "      d: {refs: [\"refs/heads/d\"], landed_on: [a, c], after: "
	    "{gate: c}}\n");

	(void)state;
	assert_int_equal(p.repositories[0].gate_count, 4);
}

static void
assert_warns(const char *text, const char *line, bool warned)
{
	struct policy p = read_good(text);
	const char *const *lines = NULL;
	size_t count = policy_warnings(&p, &pool, &lines), found = 0;

	for (size_t i = 0; i < count; i++)
		if (strcmp(lines[i], line) == 0)
			found++;
	if (found != (warned ? 1u : 0u)) {
		for (size_t i = 0; i < count; i++)
			print_error("%s\n", lines[i]);
		fail_msg("%s: %zu times", line, found);
	}
}

#define ENTRY "version: 1\nrepositories: [{match: [\"**\"], gates: {"
#define MAIN                                                                   \
	"m: {refs: refs/heads/m, approvals: {count: 2, groups: [g], "          \
	"presence: required}, rollback_plan: {}, ticket: {pattern: x}, "       \
	"owners: [{paths: x}], tests: [t], accepts: [f]}, "
#define SAME "approvals: {count: 2, groups: [g], presence: required}"
#define REST                                                                   \
	"rollback_plan: {}, ticket: {pattern: x}, owners: [{paths: x}], "      \
	"tests: [t]"
#define LESS                                                                   \
	"repositories '**': gate 'm' accepts what landed on 'f', which "       \
	"asks less"

static void
an_accepted_gate_that_asks_less_is_worth_a_look(void **state)
{
	static const char *const less[] = {
	    REST,
	    "approvals: {count: 1, groups: [g], presence: required}, " REST,
	    "approvals: {count: 2, presence: required}, " REST,
	    "approvals: {count: 2, groups: [g, h], presence: required}, " REST,
	    "approvals: {count: 2, groups: [g]}, " REST,
	    "approvals: {count: 2, groups: [g], presence: required, "
	    "signed: pusher}, " REST,
	    "approvals: {count: 2, groups: [g], presence: required, "
	    "coauthors: allow}, " REST,
	    "approvals: {count: 2, groups: [g], presence: required, "
	    "valid_for: 91d}, " REST,
	    SAME ", ticket: {pattern: x}, owners: [{paths: x}], tests: [t]",
	    SAME ", rollback_plan: {min_words: 4}, ticket: {pattern: x}, "
	         "owners: [{paths: x}], tests: [t]",
	    SAME ", rollback_plan: {}, owners: [{paths: x}], tests: [t]",
	    SAME ", rollback_plan: {}, ticket: {pattern: x}, tests: [t]",
	    SAME ", rollback_plan: {}, ticket: {pattern: x}, "
	         "owners: [{paths: x}]",
	    SAME ", unknown_contributors: allow, " REST,
	    SAME ", mode: observe, " REST,
	    "approvals: {count: 2, groups: [g], presence: required, "
	    "independent_of: lander}, " REST,
	    "approvals: {count: 2, groups: [g], presence: required, "
	    "machines: [bot]}, " REST,
	    SAME ", secrets: {scan: false}, " REST,
	    SAME ", rollback_plan: {}, ticket: {pattern: x}, "
	         "owners: [{paths: y}], tests: [t]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(less) / sizeof(less[0]); i++)
		assert_warns(pool_printf(&pool,
		                 ENTRY MAIN "f: {refs: refs/heads/f, %s}}}]\n",
		                 less[i]),
		    LESS, true);
	assert_warns(ENTRY MAIN "f: {refs: refs/heads/f, " SAME ", " REST
	                        "}}}]\n",
	    LESS, false);
	assert_warns(ENTRY
	    "m: {refs: refs/heads/m, accepts: [f], approvals: {}, owners: "
	    "[{paths: x, count: 2, groups: [g]}]}, f: {refs: refs/heads/f, "
	    "approvals: {}, owners: [{paths: [x, y], count: 2, groups: "
	    "[g]}]}}}]\n",
	    LESS, false);
	assert_warns(ENTRY
	    "m: {refs: refs/heads/m, accepts: [f], approvals: {}, owners: "
	    "[{paths: x, count: 2, groups: [g]}]}, f: {refs: refs/heads/f, "
	    "approvals: {}, owners: [{paths: x, count: 1, groups: [g]}]}}}]\n",
	    LESS, true);
	assert_warns(ENTRY
	    "m: {refs: refs/heads/m, accepts: [f], approvals: {}, owners: "
	    "[{paths: x, groups: [g]}]}, f: {refs: refs/heads/f, approvals: "
	    "{}, owners: [{paths: x, groups: [g, h]}]}}}]\n",
	    LESS, true);
	assert_warns(ENTRY
	    "m: {refs: refs/heads/m, approvals: {}, accepts: [p]}, p: {refs: "
	    "refs/heads/p, landed_on: m}}}]\n",
	    "repositories '**': gate 'm' accepts what landed on 'p', which "
	    "takes what landed elsewhere: name the gate it takes from",
	    true);
	assert_warns(ENTRY
	    "m: {refs: refs/heads/m, accepts: [f], approvals: "
	    "{carry: exact}}, f: {refs: refs/heads/f, approvals: {}}}}]\n",
	    LESS, true);
}

static void
what_lets_more_through_than_it_seems_is_worth_a_look(void **state)
{
	static const char open[] = "repositories '**': gate 'm' asks for no "
	                           "approvals";
	static const char overdue[] = "emergency: an overdue review is only "
	                              "reported, it blocks nothing";

	(void)state;
	assert_warns(ENTRY "m: {refs: refs/heads/m}}}]\n", open, true);
	assert_warns(ENTRY "m: {refs: refs/heads/m, approvals: {}}}}]\n", open,
	    false);
	assert_warns(ENTRY "n: {refs: refs/heads/n, approvals: {}}, m: {refs: "
	                   "refs/heads/m, landed_on: n}}}]\n",
	    open, false);
	assert_warns(ENTRY
	    "m: {refs: refs/heads/m, approvals: {}, routine: [{machines: b, "
	    "paths: [a, \"**\"], max_files: 1}]}}}]\n",
	    "repositories '**': gate 'm' lets a machine change every file "
	    "without approval (routine)",
	    true);
	assert_warns(FULL, overdue, true);
	assert_warns(BARE, overdue, false);
	assert_warns(FULL,
	    "repositories '**': gate 'all' is only observed: "
	    "nothing is refused",
	    true);
	assert_warns(FULL,
	    "repositories '**': a first push is taken as "
	    "baseline without review",
	    true);
	assert_warns(BARE,
	    "no 'administration': every adopt, account, retain "
	    "and drill is an exception",
	    true);
	assert_warns("version: 1\nrepositories:\n"
	             "  - {match: [a, \"**\"], gates: {}}\n"
	             "  - {match: [b], gates: {}}\n",
	    "repositories 'b' is never reached: '**' before it matches "
	    "everything",
	    true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_key_that_is_absent_has_its_strict_default),
	    cmocka_unit_test(a_section_that_is_absent_is_not_asked),
	    cmocka_unit_test(
	        a_gate_that_takes_what_landed_has_the_defaults_of_a_promotion),
	    cmocka_unit_test(what_is_written_beats_the_default_of_a_promotion),
	    cmocka_unit_test(every_key_of_approvals_and_plan_is_read),
	    cmocka_unit_test(every_other_key_of_a_gate_is_read),
	    cmocka_unit_test(every_key_around_the_gates_is_read),
	    cmocka_unit_test(the_narrowest_mode_wins),
	    cmocka_unit_test(the_first_entry_that_matches_is_taken),
	    cmocka_unit_test(a_repository_that_none_matches_is_unknown),
	    cmocka_unit_test(
	        a_full_name_beats_a_glob_and_order_decides_nothing),
	    cmocka_unit_test(an_approval_names_the_ref_or_the_gates_own_glob),
	    cmocka_unit_test(a_target_is_a_gated_name_or_a_gates_own_glob),
	    cmocka_unit_test(lanes_may_cross_where_nothing_waits_for_itself),
	    cmocka_unit_test(an_accepted_gate_that_asks_less_is_worth_a_look),
	    cmocka_unit_test(
	        what_lets_more_through_than_it_seems_is_worth_a_look),
	};

	return cmocka_run_group_tests(tests, NULL, tear_down);
}

/* What policy_read() refuses: each row has one fault, and its exact error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "reads.h"

static int
read_any(struct pool *pool, const struct tree *t, struct err *err)
{
	struct policy policy = {0};
	int ret = policy_read(&policy, pool, t, err);

	/* What was refused leaves nothing behind. */
	assert_true(ret == 0 || policy.repository_count == 0);
	return ret;
}

#define V "version: 1\n"
#define R V "repositories:\n  - "
#define E V "repositories: []\nemergency: "
#define K V "repositories: []\nretention: "

#define HEX60 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"
#define HEX64 HEX60 "cdef"

static const struct refused around[] = {
    {"", "policy.yaml:1:1: this must be a mapping"},
    {"repositories: []\n",
        "policy.yaml:1:1: 'version' is missing: the first line is 'version: 1'"},
    {"version: one\nrepositories: []\n",
        "policy.yaml:1:1: 'version' must be 1"},
    {V, "policy.yaml:1:1: 'repositories' is missing"},
    {V "repositories:\n", "policy.yaml:2:1: 'repositories' has no value"},
    {V "repositories: {}\n", "policy.yaml:2:1: 'repositories' must be a list"},
    {V "repositories: []\nrules: []\n",
        "policy.yaml:3:1: no such key 'rules' (known here: version, mode, help, administration, repositories, emergency, retention, review, access_review)"},
    {V "version: 1\nrepositories: []\n",
        "policy.yaml:2:1: 'version' stands here twice, first in line 1"},
    {V "mode: warn\nrepositories: []\n",
        "policy.yaml:2:1: 'mode' must be one of enforce, observe, not 'warn'"},
    {V "help: \nrepositories: []\n", "policy.yaml:2:1: 'help' has no value"},
    {V "help: \"\"\nrepositories: []\n", "policy.yaml:2:1: 'help' is empty"},
    {V "help: true\nrepositories: []\n",
        "policy.yaml:2:1: 'help' must be a text, not 'true'"},
    {V "administration: {}\nrepositories: []\n",
        "policy.yaml:2:1: 'groups' is missing"},
    {V "administration: [a]\nrepositories: []\n",
        "policy.yaml:2:1: 'administration' must be a mapping"},
    {V "administration: {groups: []}\nrepositories: []\n",
        "policy.yaml:2:18: 'groups' is empty: name one, or leave the key out"},
    {V "administration: {group: [a]}\nrepositories: []\n",
        "policy.yaml:2:18: no such key 'group' (known here: groups)"},
    {R "gates\n", "policy.yaml:3:5: this must be a mapping"},
    {R "{gates: {}}\n", "policy.yaml:3:5: 'match' is missing"},
    {R "{match: [a]}\n", "policy.yaml:3:5: 'gates' is missing"},
    {R "{match: [a], gates: }\n", "policy.yaml:3:18: 'gates' has no value"},
    {R "{match: [a], gates: []}\n",
        "policy.yaml:3:18: 'gates' must be a mapping"},
    {R "{match: [], gates: {}}\n",
        "policy.yaml:3:6: 'match' is empty: name one, or leave the key out"},
    {R "{match: [a, /b], gates: {}}\n",
        "policy.yaml:3:17: '/b' matches no repository: names have no '/' at either end, no '//' and no '.git'"},
    {R "{match: [a/], gates: {}}\n",
        "policy.yaml:3:14: 'a/' matches no repository: names have no '/' at either end, no '//' and no '.git'"},
    {R "{match: [a, b.git], gates: {}}\n",
        "policy.yaml:3:17: 'b.git' matches no repository: names have no '/' at either end, no '//' and no '.git'"},
    {R "{match: [a//b], gates: {}}\n",
        "policy.yaml:3:14: 'a//b' matches no repository: names have no '/' at either end, no '//' and no '.git'"},
    {R "{match: [\"a?\"], gates: {}}\n",
        "policy.yaml:3:14: 'a?': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {R "{match: [a], first_push: allow, gates: {}}\n",
        "policy.yaml:3:18: 'first_push' must be one of refuse, baseline, not 'allow'"},
    {R "{match: [a], mode: off, gates: {}}\n",
        "policy.yaml:3:18: 'mode' must be one of enforce, observe, not 'off'"},
    {R "{match: [a], gate: {}}\n",
        "policy.yaml:3:18: no such key 'gate' (known here: match, mode, first_push, gates)"},
    {E "\n", "policy.yaml:3:1: 'emergency' has no value"},
    {E "{}\n", "policy.yaml:3:1: 'groups' is missing"},
    {E "{groups: []}\n",
        "policy.yaml:3:13: 'groups' is empty: name one, or leave the key out"},
    {E "{groups: [\"\"]}\n",
        "policy.yaml:3:22: this must be a text that is not empty, not '' in quotes"},
    {E "{groups: [a], valid_for: 0s}\n",
        "policy.yaml:3:26: 'valid_for' must be 1s to 30d"},
    {E "{groups: [a], valid_for: 31d}\n",
        "policy.yaml:3:26: 'valid_for' must be 1s to 30d"},
    {E "{groups: [a], valid_for: long}\n",
        "policy.yaml:3:26: 'valid_for' must be a time such as 30m, 4h or 90d, at most 3650d, not 'long'"},
    {E "{groups: [a], review_within: 0s}\n",
        "policy.yaml:3:26: 'review_within' must be 1s to 365d"},
    {E "{groups: [a], review_within: 366d}\n",
        "policy.yaml:3:26: 'review_within' must be 1s to 365d"},
    {E "{groups: [a], overdue: ignore}\n",
        "policy.yaml:3:26: 'overdue' must be one of report, block, not 'ignore'"},
    {E "{groups: [a], skip: all}\n",
        "policy.yaml:3:26: no such key 'skip' (known here: groups, valid_for, review_within, overdue)"},
    {K "{keep: 364d}\n", "policy.yaml:3:13: 'keep' must be 365d to 3650d"},
    {K "{hold: {}}\n", "policy.yaml:3:13: 'hold' must be a list"},
    {K "{hold: [{from: 2026-01-01}]}\n",
        "policy.yaml:3:20: 'reason' is missing"},
    {K "{hold: [{reason: x}]}\n", "policy.yaml:3:20: 'from' is missing"},
    {K "{hold: [{from: 2026-01-02, to: 2026-01-02, reason: x}]}\n",
        "policy.yaml:3:20: a hold must end after it begins"},
};

/* One gate, whose first key stands in line 6, column 12. */
#define G R "match: [a]\n    gates:\n      m: {refs: refs/heads/m, "

static const struct refused one_gate[] = {
    {R "match: [a]\n    gates:\n      m:\n",
        "policy.yaml:5:7: 'm' must be a mapping"},
    {R "match: [a]\n    gates:\n      m: {}\n",
        "policy.yaml:5:7: 'refs' is missing"},
    {R "match: [a]\n    gates:\n      \"a b\": {refs: refs/heads/m}\n",
        "policy.yaml:5:7: 'a b' is no name for a gate: 1 to 64 of A-Z, a-z, 0-9, '-', '_' and '.'"},
    {R "match: [a]\n    gates:\n      m: {refs: []}\n",
        "policy.yaml:5:11: 'refs' is empty: name one, or leave the key out"},
    {R "match: [a]\n    gates:\n      m: {refs: main}\n",
        "policy.yaml:5:11: 'main' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"**\"}\n",
        "policy.yaml:5:11: '**' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: [refs/heads/a, refs/b/]}\n",
        "policy.yaml:5:32: 'refs/b/' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/a.}\n",
        "policy.yaml:5:11: 'refs/heads/a.' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/a.lock}\n",
        "policy.yaml:5:11: 'refs/heads/a.lock' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/a b}\n",
        "policy.yaml:5:11: 'refs/heads/a b' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"refs/heads/a\\x7f\"}\n",
        "policy.yaml:5:11: 'refs/heads/a\\u{007F}' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/a~1}\n",
        "policy.yaml:5:11: 'refs/heads/a~1' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/a^}\n",
        "policy.yaml:5:11: 'refs/heads/a^' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"refs/heads/a:b\"}\n",
        "policy.yaml:5:11: 'refs/heads/a:b' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs//a}\n",
        "policy.yaml:5:11: 'refs//a' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/a..b}\n",
        "policy.yaml:5:11: 'refs/heads/a..b' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/heads/.a}\n",
        "policy.yaml:5:11: 'refs/heads/.a' is no full ref name: write 'refs/heads/...' or 'refs/tags/...'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"refs/heads/{a,b}\"}\n",
        "policy.yaml:5:11: 'refs/heads/{a,b}': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"refs/heads/[ab]\"}\n",
        "policy.yaml:5:11: 'refs/heads/[ab]': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"refs/heads/a?\"}\n",
        "policy.yaml:5:11: 'refs/heads/a?': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {R "match: [a]\n    gates:\n      m: {refs: \"refs/heads/a\\\\b\"}\n",
        "policy.yaml:5:11: 'refs/heads/a\\b': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/foureyes/approvals/x}\n",
        "policy.yaml:5:11: 'refs/foureyes/approvals/x' cannot be gated: it is never a change"},
    {R "match: [a]\n    gates:\n      m: {refs: refs/namespaces/x}\n",
        "policy.yaml:5:11: 'refs/namespaces/x' cannot be gated: it is never a change"},
    {G "branches: x}\n",
        "policy.yaml:5:31: no such key 'branches' (known here: refs, mode, approvals, rollback_plan, unknown_contributors, owners, ticket, tests, freeze, landed_on, after, landers, environments, rollback, born_from, delete, accepts, told_by, routine, secrets)"},
    {G "mode: strict}\n",
        "policy.yaml:5:31: 'mode' must be one of enforce, observe, not 'strict'"},
    {G "unknown_contributors: bar}\n",
        "policy.yaml:5:31: 'unknown_contributors' must be one of refuse, allow, not 'bar'"},
    {G "tests: {a: b}}\n",
        "policy.yaml:5:31: 'tests' must be a text or a list of texts, not a mapping"},
    {G "landed_on: []}\n",
        "policy.yaml:5:31: 'landed_on' is empty: name one, or leave the key out"},
    {G "landers: []}\n",
        "policy.yaml:5:31: 'landers' is empty: name one, or leave the key out"},
    {G "landers: }\n", "policy.yaml:5:31: 'landers' has no value"},
    {G "environments: []}\n",
        "policy.yaml:5:31: 'environments' is empty: name one, or leave the key out"},
    {G "told_by: []}\n",
        "policy.yaml:5:31: 'told_by' is empty: name one, or leave the key out"},
    {G "approvals: }\n", "policy.yaml:5:31: 'approvals' has no value"},
    {G "approvals: 2}\n", "policy.yaml:5:31: 'approvals' must be a mapping"},
    {G "approvals: {count: 0}}\n",
        "policy.yaml:5:43: 'count' must be a whole number from 1 to 20, not '0'"},
    {G "approvals: {count: 21}}\n",
        "policy.yaml:5:43: 'count' must be a whole number from 1 to 20, not '21'"},
    {G "approvals: {count: \"1\"}}\n",
        "policy.yaml:5:43: 'count' must be a whole number from 1 to 20, not '1' in quotes"},
    {G "approvals: {groups: []}}\n",
        "policy.yaml:5:43: 'groups' is empty: name one, or leave the key out"},
    {G "approvals: {groups: }}\n", "policy.yaml:5:43: 'groups' has no value"},
    {G "approvals: {signed: no}}\n",
        "policy.yaml:5:43: 'signed' must be one of required, pusher, not 'no'"},
    {G "approvals: {carry: none}}\n",
        "policy.yaml:5:43: 'carry' must be one of exact, same-content, clean-merge, not 'none'"},
    {G "approvals: {coauthors: no}}\n",
        "policy.yaml:5:43: 'coauthors' must be one of bar, allow, not 'no'"},
    {G "approvals: {valid_for: 0s}}\n",
        "policy.yaml:5:43: 'valid_for' must be 1s to 3650d"},
    {G "approvals: {valid_for: 0d}}\n",
        "policy.yaml:5:43: 'valid_for' must be 1s to 3650d"},
    {G "approvals: {independent_of: author}}\n",
        "policy.yaml:5:43: 'independent_of' must be one of contributors, lander, not 'author'"},
    {G "approvals: {presence: maybe}}\n",
        "policy.yaml:5:43: 'presence' must be one of any, required, not 'maybe'"},
    {G "approvals: {self: allow}}\n",
        "policy.yaml:5:43: no such key 'self' (known here: count, groups, signed, carry, coauthors, valid_for, machines, independent_of, presence)"},
    {G "rollback_plan: }\n", "policy.yaml:5:31: 'rollback_plan' has no value"},
    {G "rollback_plan: yes}\n",
        "policy.yaml:5:31: 'rollback_plan' must be a mapping"},
    {G "rollback_plan: {required: yes}}\n",
        "policy.yaml:5:47: 'required' must be true or false, not 'yes'"},
    {G "rollback_plan: {min_words: 0}}\n",
        "policy.yaml:5:47: 'min_words' must be a whole number from 1 to 100, not '0'"},
    {G "rollback_plan: {min_words: 101}}\n",
        "policy.yaml:5:47: 'min_words' must be a whole number from 1 to 100, not '101'"},
    {G "rollback_plan: {machines: skip}}\n",
        "policy.yaml:5:47: 'machines' must be one of plan, revert, not 'skip'"},
    {G "rollback_plan: {placeholder: x}}\n",
        "policy.yaml:5:47: no such key 'placeholder' (known here: required, min_words, placeholders, machines)"},
    {G "owners: {}}\n", "policy.yaml:5:31: 'owners' must be a list"},
    {G "owners: [x]}\n", "policy.yaml:5:40: this must be a mapping"},
    {G "owners: [{groups: [a]}]}\n", "policy.yaml:5:40: 'paths' is missing"},
    {G "owners: [{paths: []}]}\n",
        "policy.yaml:5:41: 'paths' is empty: name one, or leave the key out"},
    {G "owners: [{paths: [a, /b]}]}\n",
        "policy.yaml:5:52: '/b' matches no path: paths begin at the root of the repository, without '/', './' or '!'"},
    {G "owners: [{paths: [a, ./b]}]}\n",
        "policy.yaml:5:52: './b' matches no path: paths begin at the root of the repository, without '/', './' or '!'"},
    {G "owners: [{paths: [a//b]}]}\n",
        "policy.yaml:5:49: 'a//b' matches no path: paths begin at the root of the repository, without '/', './' or '!'"},
    {G "owners: [{paths: [\"!a\"]}]}\n",
        "policy.yaml:5:49: '!a' matches no path: paths begin at the root of the repository, without '/', './' or '!'"},
    {G "owners: [{paths: [a, db/]}]}\n",
        "policy.yaml:5:52: 'db/' matches no file: end it with '/**'"},
    {G "owners: [{paths: [\"*.[ch]\"]}]}\n",
        "policy.yaml:5:49: '*.[ch]': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {G "owners: [{paths: [\"*.{c,h}\"]}]}\n",
        "policy.yaml:5:49: '*.{c,h}': globs have '*' and '**' only, no '?', '[', '{' or '\\'"},
    {G "owners: [{paths: [a], count: 0}]}\n",
        "policy.yaml:5:53: 'count' must be a whole number from 1 to 20, not '0'"},
    {G "owners: [{paths: [a], count: 21}]}\n",
        "policy.yaml:5:53: 'count' must be a whole number from 1 to 20, not '21'"},
    {G "owners: [{paths: [a], groups: []}]}\n",
        "policy.yaml:5:53: 'groups' is empty: name one, or leave the key out"},
    {G "owners: [{paths: [a], people: [x]}]}\n",
        "policy.yaml:5:53: no such key 'people' (known here: paths, count, groups)"},
    {G "ticket: }\n", "policy.yaml:5:31: 'ticket' has no value"},
    {G "ticket: {}}\n", "policy.yaml:5:31: 'pattern' is missing"},
    {G "ticket: {pattern: \"\"}}\n", "policy.yaml:5:40: 'pattern' is empty"},
    {G "ticket: {regex: x}}\n",
        "policy.yaml:5:40: no such key 'regex' (known here: pattern)"},
    {G "freeze: {from: 2026-01-01}}\n",
        "policy.yaml:5:31: 'freeze' must be a list"},
    {G "freeze: [{to: 2026-01-02, reason: r}]}\n",
        "policy.yaml:5:40: 'from' is missing"},
    {G "freeze: [{from: 2026-01-01, reason: r}]}\n",
        "policy.yaml:5:40: 'to' is missing"},
    {G "freeze: [{from: 2026-01-01, to: 2026-01-02}]}\n",
        "policy.yaml:5:40: 'reason' is missing"},
    {G "freeze: [{from: 2026-01-01, to: 2026-01-01, reason: r}]}\n",
        "policy.yaml:5:59: a freeze must end after it begins"},
    {G "freeze: [{from: 2026-01-02, to: 2026-01-01, reason: r}]}\n",
        "policy.yaml:5:59: a freeze must end after it begins"},
    {G "freeze: [{from: today, to: 2026-01-01, reason: r}]}\n",
        "policy.yaml:5:41: 'from' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not 'today'"},
    {G "freeze: [{from: 1970-01-01, to: 2026-01-01, reason: r}]}\n",
        "policy.yaml:5:41: 'from' must be a day such as 2026-12-31, or an instant with its offset such as 2026-12-31T18:00:00Z, not '1970-01-01'"},
    {G "after: {}}\n", "policy.yaml:5:31: 'gate' is missing"},
    {G "after: {gate: n}}\n",
        "policy.yaml:5:39: there is no gate 'n' in this entry"},
    {G "after: {gate: m}}\n",
        "policy.yaml:5:7: gate 'm' takes from itself by way of 'landed_on' and 'after': nothing could ever land"},
    {G "after: {gate: m, soak: long}}\n",
        "policy.yaml:5:48: 'soak' must be a time such as 30m, 4h or 90d, at most 3650d, not 'long'"},
    {G "after: {gate: m, deployment: none}}\n",
        "policy.yaml:5:48: 'deployment' must be one of optional, required, not 'none'"},
    {G "after: {gate: m, told_by: []}}\n",
        "policy.yaml:5:48: 'told_by' is empty: name one, or leave the key out"},
    {G "after: {gate: m, same: author}}\n",
        "policy.yaml:5:48: 'same' must be one of commit, tree, not 'author'"},
    {G "after: {gate: m, wait: 1h}}\n",
        "policy.yaml:5:48: no such key 'wait' (known here: gate, soak, deployment, told_by, same)"},
    {G "rollback: {groups: []}}\n",
        "policy.yaml:5:42: 'groups' is empty: name one, or leave the key out"},
    {G "rollback: {count: 21}}\n",
        "policy.yaml:5:42: 'count' must be a whole number from 0 to 20, not '21'"},
    {G "rollback: {within: 0}}\n",
        "policy.yaml:5:42: 'within' must be a whole number from 1 to 1000, not '0'"},
    {G "rollback: {within: 1001}}\n",
        "policy.yaml:5:42: 'within' must be a whole number from 1 to 1000, not '1001'"},
    {G "rollback: {any: true}}\n",
        "policy.yaml:5:42: no such key 'any' (known here: groups, count, within)"},
    {G "delete: {}}\n", "policy.yaml:5:31: 'groups' is missing"},
    {G "delete: {groups: []}}\n",
        "policy.yaml:5:40: 'groups' is empty: name one, or leave the key out"},
    {G "delete: true}\n", "policy.yaml:5:31: 'delete' must be a mapping"},
    {G "routine: [{paths: [a], max_files: 1}]}\n",
        "policy.yaml:5:41: 'machines' is missing"},
    {G "routine: [{machines: [b], max_files: 1}]}\n",
        "policy.yaml:5:41: 'paths' is missing"},
    {G "routine: [{machines: [b], paths: [a]}]}\n",
        "policy.yaml:5:41: 'max_files' is missing"},
    {G "routine: [{machines: [], paths: [a], max_files: 1}]}\n",
        "policy.yaml:5:42: 'machines' is empty: name one, or leave the key out"},
    {G "routine: [{machines: [b], paths: [], max_files: 1}]}\n",
        "policy.yaml:5:57: 'paths' is empty: name one, or leave the key out"},
    {G "routine: [{machines: [b], paths: [/a], max_files: 1}]}\n",
        "policy.yaml:5:65: '/a' matches no path: paths begin at the root of the repository, without '/', './' or '!'"},
    {G "routine: [{machines: [b], paths: [a], max_files: 0}]}\n",
        "policy.yaml:5:69: 'max_files' must be a whole number from 1 to 10000, not '0'"},
    {G "routine: [{machines: [b], paths: [a], max_files: 10001}]}\n",
        "policy.yaml:5:69: 'max_files' must be a whole number from 1 to 10000, not '10001'"},
    {G "routine: {machines: [b]}}\n",
        "policy.yaml:5:31: 'routine' must be a list"},
    {G "secrets: false}\n", "policy.yaml:5:31: 'secrets' must be a mapping"},
    {G "secrets: {scan: off}}\n",
        "policy.yaml:5:41: 'scan' must be true or false, not 'off'"},
    {G "secrets: {find: true}}\n",
        "policy.yaml:5:41: no such key 'find' (known here: scan, allow)"},
    {G "secrets: {allow: [abc]}}\n",
        "policy.yaml:5:49: 'abc' is no SHA-256: 64 lower-case hex digits"},
    {G "secrets: {allow: [" HEX64 ", " HEX60 "CAFE]}}\n",
        "policy.yaml:5:115: '" HEX60
        "...' is no SHA-256: 64 lower-case hex digits"},
    {G "secrets: {allow: [" HEX64 "0]}}\n",
        "policy.yaml:5:49: '" HEX60
        "...' is no SHA-256: 64 lower-case hex digits"},
};

/* Gates that do not go together. */
#define M G "approvals: {}}\n      "

static const struct refused together[] = {
    {M "n: {refs: refs/heads/n, landed_on: x}\n",
        "policy.yaml:6:31: there is no gate 'x' in this entry"},
    {M "n: {refs: refs/heads/n, landed_on: [m, x]}\n",
        "policy.yaml:6:46: there is no gate 'x' in this entry"},
    {M "n: {refs: refs/heads/n, accepts: [m, x]}\n",
        "policy.yaml:6:44: there is no gate 'x' in this entry"},
    {M "n: {refs: refs/heads/n, born_from: [x]}\n",
        "policy.yaml:6:43: there is no gate 'x' in this entry"},
    {M "n: {refs: refs/heads/n, after: {gate: x}}\n",
        "policy.yaml:6:39: there is no gate 'x' in this entry"},
    {M "n: {refs: refs/heads/n, landed_on: n}\n",
        "policy.yaml:6:7: gate 'n' takes from itself by way of 'landed_on' and 'after': nothing could ever land"},
    {M "n: {refs: refs/heads/n, accepts: n}\n",
        "policy.yaml:6:31: gate 'n' takes from itself"},
    {M "n: {refs: refs/heads/n, after: {gate: n}}\n",
        "policy.yaml:6:7: gate 'n' takes from itself by way of 'landed_on' and 'after': nothing could ever land"},
    {M "a: {refs: refs/heads/a, landed_on: b}\n"
       "      b: {refs: refs/heads/b, landed_on: a}\n",
        "policy.yaml:6:7: gate 'a' takes from itself by way of 'landed_on' and 'after': nothing could ever land"},
    {M "a: {refs: refs/heads/a, landed_on: [m, b]}\n"
       "      b: {refs: refs/heads/b, after: {gate: c}}\n"
       "      c: {refs: refs/heads/c, landed_on: m, after: {gate: a}}\n",
        "policy.yaml:6:7: gate 'a' takes from itself by way of 'landed_on' and 'after': nothing could ever land"},
    {M "n: {refs: [refs/heads/n, refs/heads/m]}\n",
        "policy.yaml:6:32: 'refs/heads/m' stands twice: gate 'm' has it in line 5"},
    {M "n: {refs: [refs/heads/n, refs/heads/n]}\n",
        "policy.yaml:6:32: 'refs/heads/n' stands twice: gate 'n' has it in line 6"},
    {M "n: {refs: [\"refs/tags/*\"]}\n      o: {refs: [\"refs/tags/*\"]}\n",
        "policy.yaml:7:18: 'refs/tags/*' stands twice: gate 'n' has it in line 6"},
    {M "m: {refs: refs/heads/n}\n",
        "policy.yaml:6:7: 'm' stands here twice, first in line 5"},
};

static void
what_is_unsound_around_the_gates_is_refused(void **state)
{
	(void)state;
	reads_refuse(around, sizeof(around) / sizeof(around[0]), "policy.yaml",
	    read_any);
}

static void
what_is_unsound_in_one_gate_is_refused(void **state)
{
	(void)state;
	reads_refuse(one_gate, sizeof(one_gate) / sizeof(one_gate[0]),
	    "policy.yaml", read_any);
}

static void
what_is_unsound_between_gates_is_refused(void **state)
{
	(void)state;
	reads_refuse(together, sizeof(together) / sizeof(together[0]),
	    "policy.yaml", read_any);
}

static void
assert_limit(struct pool *pool, const char *text, const char *error)
{
	reads_limit(pool, text, "policy.yaml", read_any, error);
}

static void
what_is_at_a_limit_is_taken_and_what_is_over_it_is_not(void **state)
{
	static const char refs[] = R "match: [a]\n    gates:\n      m: {refs: "
	                             "refs/heads/";
	static const char gates[] = R "match: [a]\n    gates:\n";
	static const char gate[] = "      m#: {refs: refs/heads/#}\n";
	struct pool pool = {0};

	(void)state;
	assert_limit(&pool, reads_repeat(&pool, refs, "x", 244, "}\n"), NULL);
	assert_limit(&pool, reads_repeat(&pool, refs, "x", 245, "}\n"),
	    "policy.yaml:5:11: 'refs/heads/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxx...' is no full ref name: write 'refs/heads/...' or "
	    "'refs/tags/...'");
	assert_limit(&pool, reads_repeat(&pool, gates, gate, 1000, ""), NULL);
	assert_limit(&pool, reads_repeat(&pool, gates, gate, 1001, ""),
	    "policy.yaml:4:5: 'gates' has more than 1000 gates");
	assert_limit(&pool,
	    reads_repeat(&pool, V "repositories: []\nhelp: ", "x", 4096, "\n"),
	    NULL);
	assert_limit(&pool,
	    reads_repeat(&pool, V "repositories: []\nhelp: ", "x", 4097, "\n"),
	    "policy.yaml:3:1: 'help' has more than 4096 bytes");
	assert_limit(&pool, reads_repeat(&pool, G "tests: ", "x", 4096, "}\n"),
	    NULL);
	assert_limit(&pool, reads_repeat(&pool, G "tests: ", "x", 4097, "}\n"),
	    "policy.yaml:5:31: 'tests' has a text of more than 4096 bytes");
	assert_limit(&pool, reads_repeat(&pool, G "landers: ", "x", 64, "}\n"),
	    NULL);
	assert_limit(&pool, reads_repeat(&pool, G "landers: ", "x", 65, "}\n"),
	    "policy.yaml:5:31: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxx...' is no name: 1 to 64 of A-Z, a-z, 0-9, '-', '_' "
	    "and '.'");
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_unsound_around_the_gates_is_refused),
	    cmocka_unit_test(what_is_unsound_in_one_gate_is_refused),
	    cmocka_unit_test(what_is_unsound_between_gates_is_refused),
	    cmocka_unit_test(
	        what_is_at_a_limit_is_taken_and_what_is_over_it_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

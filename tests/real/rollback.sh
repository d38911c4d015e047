#!/bin/sh
# Rollback plan: a real one, and where it names a target, one that was live.
. "$(dirname "$0")/lib.sh"
site local

n=0
# planned CODE WHAT TRAILERS: a change with these words, approved by bob; it is
# refused with that code, or admitted where the code is "-".
planned() {
	n=$((n + 1))
	change_as alice "plan-$n" "plan-$n.txt" "PAY-1 change $n

$3"
	approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "$2: no approval"
	if [ "$1" = - ]; then
		expect_admitted "$2" push_as alice "plan-$n:main"
	else
		expect_refused "$1" "$2" push_as alice "plan-$n:main"
	fi
}

planned rollback.absent "no plan" "Only this text."
planned rollback.empty "an empty one" "Rollback-Plan:"
planned rollback.empty "an empty section" "## Rollback plan

Ticket: PAY-1"
for word in n/a none TBD - "N/A." todo; do
	planned 'rollback.(placeholder|empty)' "the placeholder '$word'" \
	    "Rollback-Plan: $word"
done
planned rollback.empty "a template's comment" \
    "## Rollback plan

<!-- describe how to undo this change -->"
planned rollback.too-short "two words" "Rollback-Plan: revert it"
planned - "a trailer" "$PLAN"
planned - "a folded trailer" "Rollback-Plan: revert this commit and
  put the build before it live again"
planned - "a Markdown section" "## Rollback plan

Revert this commit and put the build before it live again."
planned rollback.to-missing "a target that does not exist" \
    "Rollback-To: v0.0.1"
n=$((n + 1))
change_as alice aside
NEVER=$C
planned rollback.never-live "a target that was never live" \
    "Rollback-To: $NEVER"
planned - "the commit that is live now" \
    "Rollback-To: $(on_server rev-parse main)"

change_as alice option option.txt "PAY-1 the plan comes with the push"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused rollback.placeholder "a push option is looked at as well" \
    push_as alice -o rollback-plan=tbd option:main
expect_admitted "a push option" push_as alice \
    -o "rollback-plan=revert this commit and restart the old build" option:main

change_as alice in-approval in-approval.txt "PAY-1 the plan is the approver's"
approve_as bob "$C" -m "Fine.

## Rollback plan
Revert this commit and restart the old build." >"$W/out" 2>&1
expect_admitted "the text of an approval" push_as alice in-approval:main
check "which is the one that the record names" sh -c "grep -h \
    '\"type\":\"decision\"' '$W'/etc/ledger/*.jsonl | tail -1 |
    grep -q '\"plan_in_it\":\"yes\"'"
planned - "a change with its own plan" "$PLAN"
check "is not said to have it from its approval" sh -c "! grep -h \
    '\"type\":\"decision\"' '$W'/etc/ledger/*.jsonl | tail -1 |
    grep -q '\"plan_in_it\":\"yes\"'"

# A plan counts from an approval that counts, and from what was squashed.
change_as alice in-vain in-vain.txt "PAY-1 the plan is alice's own, told by tag"
approve_as alice "$C" -m "## Rollback plan
Revert this commit and restart the old build." >"$W/out" 2>&1
approve_as bob "$C" >"$W/out" 2>&1
expect_refused rollback.absent "the text of an approval that does not count" \
    push_as alice in-vain:main
change_as alice whole
approve_as bob "$C" >"$W/out" 2>&1
git_as alice checkout -q -B whole-squashed origin/main
git_as alice merge -q --squash "$C" >/dev/null
git_as alice commit -q -m "PAY-1 squashed, without words"
expect_admitted "the plan of what was squashed" \
    push_as alice whole-squashed:main

planned rollback.absent "a target that was live before, and no way there" \
    "Rollback-To: $(on_server rev-parse main~3)"
planned - "a target that was live before, and the way there" \
    "Rollback-To: $(on_server rev-parse main~1)
$PLAN"
change_as alice other-to other-to.txt "PAY-1 a change
	
$PLAN"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused rollback.to-missing "a push option names no commit" \
    push_as alice -o rollback-to=nowhere other-to:main

# ---- the rehearsal ----

# rehearsed PATTERN: in the last decision.
rehearsed() {
	grep -h '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -1 |
	    grep -q "\"rehearsal\":{\"clean\":$1"
}
planned - "one more change" "$PLAN"
check "undoing the last change is rehearsed as clean" rehearsed '"yes"}'
change_as alice under base.txt
sed -i '1s/.*/one of the first/' "$W/alice/base.txt"
git_as alice commit -q --amend -a --no-edit
FIRST=$(git_as alice rev-parse HEAD)
sed -i '1s/.*/one of the second/' "$W/alice/base.txt"
git_as alice commit -q -a -m "PAY-1 on top of it

$PLAN"
SECOND=$(git_as alice rev-parse HEAD)
push_as alice -qf under
approve_as bob "$FIRST" >"$W/out" 2>&1
approve_as bob "$SECOND" >"$W/out" 2>&1
expect_admitted "two changes of one line in one push" \
    push_as alice under:main
check "undoing the first alone conflicts, and the path is named" \
    rehearsed '"no","conflicts":\["base.txt"\]}'

# ---- promotions: the plan is made for them ----

# promoted COMMIT: it has been on staging for a second, erin approves it.
promoted() {
	push_as alice -q "$1:refs/heads/staging" >"$W/out" 2>&1 ||
	    verdict 1 "staging does not take it"
	sleep 1.2
	approve_as erin "$1" --for production >"$W/out" 2>&1 ||
	    verdict 1 "erin could not approve"
}
one_on_main() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1
	push_as alice -q "$1:main" >"$W/out" 2>&1 || verdict 1 "$1 on main"
}
one_on_main first
promoted "$C"
expect_refused rollback.absent "a birth of production needs a plan" \
    push_as alice "$C:refs/heads/production"
expect_admitted "as a push option" push_as alice \
    -o "rollback-plan=delete the branch and stop the service again" \
    "$C:refs/heads/production"
one_on_main second
promoted "$C"
expect_admitted "a promotion of one change has that change's plan" \
    push_as alice "$C:refs/heads/production"
LIVE=$C
one_on_main third
one_on_main fourth
promoted "$C"
expect_refused rollback.absent "a promotion of two has none of them" \
    push_as alice "$C:refs/heads/production"
expect_refused rollback.never-live "back to what was live only on main" \
    push_as alice -o "rollback-to=$C" "$C:refs/heads/production"
expect_admitted "back to what is live" \
    push_as alice -o "rollback-to=$LIVE" "$C:refs/heads/production"

# A release tag carries its plan, and a yes for the pattern serves one tag.
one_on_main fifth
one_on_main sixth
promoted "$C"
check "approved for any release tag" \
    approve_as erin "$C" --for 'refs/tags/v*'
git_as alice tag v1.0 "$C"
expect_refused rollback.absent "a tag without words has no plan" \
    push_as alice v1.0
git_as alice tag -f -a -m "Release 1.0

Rollback-Plan: install the package of the release before it" v1.0 "$C" >"$W/out" 2>&1
expect_admitted "the plan stands in the tag" push_as alice v1.0
git_as alice tag -a -m "Release 1.1

Rollback-Plan: install the package of the release before it" v1.1 "$C"
expect_refused peer.spent "the yes was used up by the first tag" \
    push_as alice v1.1

policy_main <<'YAML' | sed 's/min_words: 5/min_words: 5, placeholders: ["Describe how to undo it, step by step"]/' |
YAML
    use_policy
planned 'rollback.(placeholder|template)' "the template of this place" \
    "Rollback-Plan: describe how to undo it, step by step."
done_testing

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
planned 'rollback.(placeholder|template|too-short)' "a template's words" \
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

check "the record holds a rehearsal of the revert" \
    sh -c "grep '\"type\":\"decision\"' $W/etc/ledger/*.jsonl | tail -1 |
        grep -q '\"rehearsal\"'"
done_testing

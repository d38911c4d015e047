#!/bin/sh
# Emergency: a narrow, loud way past, and the review it owes.
. "$(dirname "$0")/lib.sh"
REVIEW_WITHIN=24h
site local
WHY='card payments fail for every customer'

change_as alice fire fire.txt "PAY-1 put it out"
git_as carol fetch -q origin
expect_refused emergency.not-a-member "declared by somebody else" \
    push_as alice -o emergency=INC-1 -o "reason=$WHY" "$C:main"
expect_refused emergency.no-incident "without an incident" \
    push_as carol -o emergency= -o "reason=$WHY" "$C:main"
expect_refused emergency.no-reason "without a reason" \
    push_as carol -o emergency=INC-1 "$C:main"
expect_refused emergency.no-reason "with a placeholder for one" \
    push_as carol -o emergency=INC-1 -o reason=tbd "$C:main"
expect_refused emergency.two-refs "for two gated refs at once" \
    push_as carol -o emergency=INC-1 -o "reason=$WHY" \
    "$C:main" "$C:refs/heads/master"
expect_admitted "declared by push option" \
    push_as carol -o emergency=INC-1 -o "reason=$WHY" "$C:main"
says '[Ee]mergency' "it says loudly what it is"
FIRE=$C
decision=$(grep '"outcome":"ADMITTED_AS_EMERGENCY"' "$W"/etc/ledger/*.jsonl |
    tail -1)
check "the findings are kept" \
    sh -c "printf '%s' \"\$1\" | grep -q peer.none &&
        printf '%s' \"\$1\" | grep -q rollback.absent" sh "$decision"
check_not "the review is owed" 1 foureyes due
says "$(printf '%.12s' "$FIRE")" "due names the commit"

check "the declarer's own approval" approve_as carol "$FIRE"
check_not "closes nothing" 1 foureyes due
check "nor does the author's" approve_as alice "$FIRE"
check_not "so it is still owed" 1 foureyes due
expect_refused 'review.not-in-full' "what was not judged is not promoted" \
    push_as bob "$FIRE:refs/heads/staging"
check "a third person reviews it" approve_as bob "$FIRE"
check "and nothing is owed" foureyes due
expect_admitted "then it is promoted" push_as bob "$FIRE:refs/heads/staging"

git_as carol fetch -q origin
git_as carol checkout -q -B trailer origin/main
commit_as carol trailer.txt "PAY-2 by trailer

Emergency-Change: INC-2
Emergency-Reason: $WHY"
expect_admitted "declared by trailer" push_as carol trailer:main

change_as alice borrowed borrowed.txt "PAY-2 another's trailer

Emergency-Change: INC-3
Emergency-Reason: $WHY"
expect_refused 'emergency\.[a-z-]*|peer.none' \
    "a trailer of a commit that is not the pusher's" \
    push_as alice borrowed:main

# A debt that is overdue blocks the ordinary push, and no other way.
REVIEW_WITHIN=1s
policy_main </dev/null | use_policy
change_as alice late late.txt "PAY-3 late"
git_as carol fetch -q origin
push_as carol -q -o emergency=INC-4 -o "reason=$WHY" "$C:main" \
    >"$W/out" 2>&1 || verdict 1 "INC-4 must land"
LATE=$C
sleep 1.5
change_as bob ordinary
approve_as alice "$C" >"$W/out" 2>&1
expect_refused emergency.overdue "an overdue review blocks the gate" \
    push_as bob ordinary:main
approve_as bob "$LATE" >"$W/out" 2>&1
expect_admitted "until it is done" push_as bob ordinary:main

change_as alice signed signed.txt "PAY-4 signed"
check "declared by a signed tag" approve_as carol "$C" \
    --emergency INC-5 --reason "$WHY"
expect_admitted "which anybody may land" push_as alice signed:main
change_as alice used used.txt "PAY-4 again"
expect_refused peer.none "once" push_as alice used:main

change_as alice fine
approve_as bob "$C" >"$W/out" 2>&1
git_as carol fetch -q origin
push_as carol -o emergency=INC-6 -o "reason=$WHY" "$C:main" >"$W/out" 2>&1
check "if all is met anyway it is an ordinary change" sh -c \
    "grep '\"type\":\"decision\"' $W/etc/ledger/*.jsonl | tail -1 |
        grep -q '\"outcome\":\"ADMITTED\"'"
done_testing

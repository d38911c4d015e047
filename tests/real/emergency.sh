#!/bin/sh
# Emergency: a narrow, loud way past, and the review it owes.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git
WHY='card payments fail for every customer'
MAIN=refs/heads/main
STAGE=refs/heads/staging

# emergency PERSON INCIDENT REFSPEC...: declared with the push.
emergency() {
	person=$1
	incident=$2
	shift 2
	git_as "$person" fetch -q origin
	push_as "$person" -o "emergency=$incident" -o "reason=$WHY" "$@"
}

# decided PATTERN WHAT: the newest decision holds it.
decided() {
	grep -h '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -1 >"$W/out"
	says "$1" "$2"
}

settings() {
	policy_main </dev/null | sed "$1" | use_policy
}

# ---- declared with the push ----

change_as alice fire fire.txt "PAY-1 put it out"
FIRE=$C
git_as carol fetch -q origin
expect_refused emergency.not-a-member "declared by somebody else" \
    push_as alice -o emergency=INC-1 -o "reason=$WHY" "$C:main"
expect_refused emergency.no-incident "without an incident" \
    push_as carol -o emergency= -o "reason=$WHY" "$C:main"
expect_refused emergency.no-incident "the bare word" \
    push_as carol -o emergency -o "reason=$WHY" "$C:main"
expect_refused emergency.no-incident "a placeholder for one" \
    push_as carol -o emergency=tbd -o "reason=$WHY" "$C:main"
expect_refused emergency.no-reason "without a reason" \
    push_as carol -o emergency=INC-1 "$C:main"
expect_refused emergency.no-reason "a placeholder for one" \
    push_as carol -o emergency=INC-1 -o reason=n/a "$C:main"
expect_refused emergency.two-refs "for two gated refs at once" \
    emergency carol INC-1 "$C:main" "$C:refs/heads/master"
expect_refused environment.pusher-unknown "by somebody nobody knows" \
    env TEST_PUSHER=mallory git -C "$W/carol" push origin \
    -o emergency=INC-1 -o "reason=$WHY" "$C:main"
settings '/^emergency:/,/^nothing/d'
expect_refused emergency.no-lane "where the policy has no such lane" \
    emergency carol INC-1 "$C:main"
settings ''
expect_admitted "declared by push option" emergency carol INC-1 "$C:main"
says 'EMERGENCY' "it says loudly what it is"
says 'due by' "and until when a review is due"
grep -h '"outcome":"ADMITTED_AS_EMERGENCY"' "$W"/etc/ledger/*.jsonl |
    grep '"type":"decision"' >"$W/out"
says '"code":"peer.none"' "the findings are kept: nobody approved"
says '"code":"rollback.absent"' "and no plan"
says '"incident":"INC-1"' "and what was declared"

# ---- the review ----

check_not "the review is owed" 1 foureyes due
says "$FIRE" "due names the commit"
says 'main' "and the gate"
says 'who may: bob$' "and who may: no author, declarer, lander"
says "foureyes approve $FIRE --repository payments --for $MAIN" \
    "with a line to type"
check_not "so does --json" 1 foureyes due --json
says '"state":"open"'
check "the declarer and lander approves" approve_as carol "$FIRE"
check_not "which closes nothing" 1 foureyes due
check "the author approves" approve_as alice "$FIRE"
check_not "nor does that" 1 foureyes due
expect_refused review.not-in-full "what was not judged is not promoted" \
    push_as alice "$FIRE:$STAGE"
change_as bob on-top
approve_as alice "$C" >"$W/out" 2>&1
expect_admitted "an ordinary change lands while the review is not overdue" \
    push_as bob on-top:main
git_as alice fetch -q origin
expect_refused review.not-in-full "what stands on it is not promoted either" \
    push_as alice "$C:$STAGE"
expect_admitted "but in an emergency" emergency carol INC-2 "$C:$STAGE"
on_server update-ref -d $STAGE
line=$(foureyes due | sed -n "s/^  they: *\(.*$FIRE.*\)/\1/p")
check "bob does what due says" sh -c "cd '$W/bob' &&
    TEST_PUSHER=bob && export TEST_PUSHER && ${line:-false} --yes"
foureyes due >"$W/out"
check_not "and it is owed no more" 1 grep -q "$FIRE" "$W/out"
check "the log says that it is done" \
    grep -q '"kind":"review"' "$W"/etc/ledger/*.jsonl
C=$(on_server rev-parse main)
on_server update-ref $STAGE "$C"
git_as alice fetch -q origin

# What is done stays done: whoever leaves, and however old it gets.
people_yaml | sed '/^  bob:/,/^  carol:/{/^  carol:/!d}' >"$W/people.yaml"
take people.yaml
foureyes due >"$W/out"
check_not "when the reviewer has left" 1 grep -q "$FIRE" "$W/out"
use_people </dev/null
settings 's/count: 1, groups: \[engineers\]/&, valid_for: 1s/'
sleep 1.1
foureyes due >"$W/out"
check_not "when the approval is too old for a change" 1 \
    grep -q "$FIRE" "$W/out"
settings ''
rm -f "$W"/etc/index.db*
foureyes due >"$W/out"
check_not "when the index is made anew" 1 grep -q "$FIRE" "$W/out"

# ---- trailers ----

own() {
	git_as "$1" fetch -q origin
	git_as "$1" checkout -q -B "$2" origin/main
	commit_as "$1" "$2.txt" "PAY-2 by trailer

Emergency-Change: ${3-INC-3}
Emergency-Reason: ${4-$WHY}"
}
own carol no-reason INC-3 tbd
expect_refused emergency.no-reason "a trailer that says nothing" \
    push_as carol no-reason:main
own alice not-hers
expect_refused emergency.not-a-member "a trailer of no member" \
    push_as alice not-hers:main
own carol trailer
expect_admitted "declared by trailer" push_as carol trailer:main
decided '"by":"trailer"' "as the record says"
own alice borrowed
push_as alice -q borrowed
git_as carol fetch -q origin
expect_refused 'peer\.[a-z-]*' "another's trailer declares nothing" \
    push_as carol "$C:main"
decided '"emergency":null' "nobody declared anything"
git_as carol checkout -q -B behind origin/main
commit_as carol behind.txt "PAY-2 not on the tip

Emergency-Change: INC-3
Emergency-Reason: $WHY"
commit_as carol behind.txt "PAY-2 the tip"
expect_refused 'peer\.[a-z-]*' "nor one that is not on the tip" \
    push_as carol behind:main
git_as carol checkout -q -B disguised origin/main
git_as carol config user.email alice@example.com
own carol disguised
git_as carol config user.email carol@example.com
expect_refused 'peer\.[a-z-]*|review\.[a-z-]*' \
    "nor one in another's name" push_as carol disguised:main
git_as alice push -q origin "$(on_server rev-parse main):refs/heads/keep"

# A trailer stays with its commit; what needs no emergency lands without.
own alice both
push_as alice -q both
approve_as bob "$C" -m "Fine.

$PLAN" >"$W/out" 2>&1
expect_admitted "a trailer of no member refuses nothing that is met" \
    push_as alice both:main
decided '"outcome":"ADMITTED"' "which is an ordinary change"

# ---- signed beforehand ----

declare_as() {
	approve_as "$1" "$2" --emergency "${3:-INC-5}" --reason "$WHY"
}
change_as alice signed signed.txt "PAY-4 signed"
expect_refused emergency.not-a-member "declared by a signed tag, by no member" \
    declare_as alice "$C"
check "declared by a signed tag" declare_as carol "$C"
expect_refused 'peer\.[a-z-]*|environment\.[a-z-]*|review\.[a-z-]*' \
    "for another ref it is good for nothing" \
    push_as alice "$C:refs/heads/staging"
expect_admitted "which anybody may land" push_as alice signed:main
decided '"by":"tag"' "as the record says"
change_as alice used used.txt "PAY-4 again"
expect_refused 'peer.[a-z-]*' "it is that commit's alone" push_as alice used:main
git -C "$bare" update-ref refs/heads/main "$C~1~1" 2>/dev/null ||
    git -C "$bare" update-ref refs/heads/main "$(on_server rev-parse main~1)"
foureyes account "$REPO" $MAIN --reason "taken back by hand for the test" \
    >"$W/out" 2>&1
C=$(git_as alice rev-parse signed)
expect_refused emergency.used "used twice" push_as alice signed:main
approve_as bob "$C" -m "Fine now.

$PLAN" >"$W/out" 2>&1
expect_admitted "with all it needs it lands all the same" \
    push_as alice signed:main
decided '"outcome":"ADMITTED"' "as an ordinary change"
settings 's/valid_for: 4h/valid_for: 2s/'
change_as alice slow slow.txt "PAY-4 too slow"
declare_as carol "$C" INC-6 >"$W/out" 2>&1
sleep 2.2
expect_refused emergency.expired "declared too long ago" push_as alice slow:main
check "declared again" declare_as carol "$C" INC-7
expect_admitted "it lands" push_as alice slow:main
settings ''

# ---- needless, and what it never turns ----

change_as alice fine
approve_as bob "$C" >"$W/out" 2>&1
owed=$(foureyes due | grep -c 'due:')
expect_admitted "declared, and all is met anyway" emergency carol INC-8 "$C:main"
decided '"outcome":"ADMITTED"' "is an ordinary change"
decided '"incident":"INC-8"' "the declaration is in the record"
check "without a debt" [ "$(foureyes due | grep -c 'due:')" -eq "$owed" ]
change_as alice unsound unsound.txt "PAY-5"
git_as carol fetch -q origin
N=$(git_as carol cat-file commit "$C" | sed '/^author/p' |
    git_as carol hash-object -t commit -w --stdin --literally)
expect_refused object.malformed "a malformed object lands in no emergency" \
    emergency carol INC-9 -f "$N:main"

# ---- overdue ----

# reviewed: by everybody, for whatever is owed.
reviewed() {
	foureyes due | sed -n 's,^\([0-9a-f]\{40\}\) .*  \(refs/.*\),\1 \2,p' |
	    while read -r commit ref; do
		approve_as bob "$commit" --for "$ref"
		approve_as alice "$commit" --for "$ref"
	done >"$W/out" 2>&1
}
reviewed
check "all reviews are done, at a gate that asks none of others, too" \
    foureyes due
settings 's/valid_for: 4h/&/; s/review_within: .*/review_within: 1s/'
policy_main <<-'YAML' | sed 's/review_within: .*/review_within: 1s/' | use_policy
	rollback: {groups: [engineers], count: 0}
YAML
people_yaml | sed '/^  alice:/,/^  bob:/s/groups: .*/groups: [engineers, release, incident-commanders]/' \
    >"$W/people.yaml"
take people.yaml
change_as alice late late.txt "PAY-6 late"
BEFORE=$(on_server rev-parse main)
expect_admitted "one more" emergency carol INC-10 "$C:main"
LATE=$C
sleep 1.2
check_not "is overdue" 1 foureyes due
says 'OVERDUE' "and due says so"
change_as bob ordinary
approve_as alice "$C" >"$W/out" 2>&1
expect_refused emergency.overdue "an overdue review blocks the gate" \
    push_as bob ordinary:main
git_as carol checkout -q -B again origin/main
commit_as carol again.txt "PAY-6 again"
expect_refused emergency.own-overdue "and its declarer's next emergency" \
    emergency carol INC-11 again:main
git_as carol push -q origin again
git_as alice fetch -q origin
expect_admitted "but not another person's" emergency alice INC-12 "$C:main"
AGAIN=$C
sleep 1.1
expect_refused environment.lane-review-open \
    "no way back to what nobody has reviewed" push_as bob -f \
    -o "reason=incident PAY-9: it is worse than before" "$LATE:main"
expect_admitted "the lane back is open" push_as bob -f \
    -o "reason=incident PAY-9: it is worse than before" "$BEFORE:main"
expect_refused emergency.overdue "the gate is still shut" \
    push_as bob ordinary:main
change_as bob ordinary-2
approve_as alice "$C" >"$W/out" 2>&1
settings 's/overdue: block/overdue: report/; s/review_within: .*/review_within: 1s/'
check_not "overdue: report asks for the review" 1 foureyes due
expect_admitted "and blocks nothing" push_as bob ordinary-2:main
settings 's/review_within: .*/review_within: 1s/'
approve_as bob "$LATE" >"$W/out" 2>&1
approve_as bob "$AGAIN" >>"$W/out" 2>&1
change_as bob next
approve_as alice "$C" >"$W/out" 2>&1
check "nothing is owed" foureyes due
says 'no review is owed'
expect_admitted "then the gate is open" push_as bob next:main
check "all of it in one chain" foureyes verify --chain "$W/etc/ledger"

# A way back or out without a lane, and the reviews of these.
settings ''
on_server config receive.denyDeleteCurrent ignore
change_as bob wrong
approve_as alice "$C" >"$W/out" 2>&1
push_as bob -q wrong:main >"$W/out" 2>&1
WRONG=$C
fetch_all
expect_refused environment.backward "back, where there is no lane" \
    push_as carol -f "$WRONG~1:main"
RIGHT=$(git_as bob rev-parse "$WRONG~1")
expect_admitted "but in an emergency" emergency carol INC-14 -f "$RIGHT:main"
check_not "for a review" 1 foureyes due
says "$RIGHT"
expect_admitted "gone, in an emergency" emergency carol INC-15 :main
check_not "for a review" 1 foureyes due
check "main is gone" [ -z "$(on_server for-each-ref $MAIN)" ]
expect_refused 'review\.[a-z-]*' "made again, it is where it was" \
    push_as bob "$WRONG:$MAIN"
expect_admitted "or moves from there" push_as bob "$RIGHT:$MAIN"
approve_as bob "$RIGHT" >"$W/out" 2>&1
check "one review of the same commit is good for both" foureyes due
fetch_all

# An objection ends the waiting, and stops promotions.
change_as alice bad bad.txt "PAY-7 bad"
emergency carol INC-13 "$C:main" >"$W/out" 2>&1
BAD=$C
sleep 1.1
check "bob objects" sh -c "cd '$W/bob' && git fetch -q origin &&
    TEST_PUSHER=bob foureyes object $BAD --repository $REPO --for main --yes"
change_as bob repair
approve_as alice "$C" >"$W/out" 2>&1
expect_admitted "a repair lands" push_as bob repair:main
git_as alice fetch -q origin
expect_refused review.not-in-full "what was objected to is not promoted" \
    push_as alice "$BAD:$STAGE"
expect_admitted "what repairs it is" push_as alice "$C:$STAGE"
done_testing

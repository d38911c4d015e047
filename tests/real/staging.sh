#!/bin/sh
# Staging first: production takes only what landed on main and ran on staging.
. "$(dirname "$0")/lib.sh"
SOAK=4s
site local
GOING_BACK='redeploy the build that ran before this one'
PROD=refs/heads/production
STAGE=refs/heads/staging

# land NAME [PATH]: a change of alice's that bob approved, on main; its hash $C.
land() {
	change_as alice "$@"
	{
		approve_as bob "$C" && push_as alice "$1:main"
	} >"$W/out" 2>&1 || verdict 1 "$1 must land on main"
	fetch_all
}

# promote REF [OPTION]...: alice lands $C there, with a plan.
promote() {
	ref=$1
	shift
	push_as alice -o "rollback-plan=$GOING_BACK" "$@" "$C:$ref"
}

# stage COMMIT: on staging, whoever looks.
stage() {
	push_as alice "$1:$STAGE" >"$W/out" 2>&1 ||
	    verdict 1 "$1 must land on staging"
}

yes_for() {
	ref=$1
	shift
	approve_as "${1:-bob}" "$C" --for "$ref" >"$W/out" 2>&1 ||
	    verdict 1 "an approval of $C for $ref"
}

# ---- landed on main, then on staging, then here ----

land none
land one
ONE=$C
expect_refused staging.not-staged "production before staging" promote $PROD
change_as alice unlanded
fetch_all
expect_refused review.not-landed "staging takes only what landed on main" \
    push_as alice unlanded:$STAGE
C=$ONE
expect_refused environment.lander "staging is not moved by just anybody" \
    push_as dave "$C:$STAGE"
expect_refused staging.not-staged "staging and production in one push" \
    push_as alice -o "rollback-plan=$GOING_BACK" "$C:$STAGE" "$C:$PROD"
check "of such a push nothing lands" [ -z "$(on_server for-each-ref $STAGE)" ]
expect_admitted "staging is born from what landed" push_as alice "$C:$STAGE"
yes_for $PROD
expect_refused staging.soak "production before it has soaked" promote $PROD
sleep 4.2
expect_refused environment.lander "only release lands on production" \
    push_as carol -o "rollback-plan=$GOING_BACK" "$C:$PROD"
expect_refused rollback.absent "production asks for a plan" \
    push_as alice "$C:$PROD"
expect_refused peer.lander "who lands it is not who approves it" \
    push_as bob -o "rollback-plan=$GOING_BACK" "$C:$PROD"
expect_admitted "production, soaked and approved, is born" promote $PROD

# Merely reachable is not landed: nobody judged the state in between.
change_as alice two-steps
STEP=$C
commit_as alice two-steps.txt "PAY-1 the second step

$PLAN"
push_as alice -q two-steps
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "two commits land as one change" push_as alice two-steps:main
expect_refused review.not-landed "the first of them has not landed" \
    push_as alice "$STEP:$STAGE"
stage "$C"

# One that staging held and has left is as good; one it never held is not.
land two
TWO=$C
land three
THREE=$C
stage "$TWO"
sleep 4.2
stage "$THREE"
C=$TWO
yes_for $PROD
expect_admitted "it need not be on staging now" promote $PROD
C=$THREE
yes_for $PROD
expect_refused staging.soak "each commit soaks by itself" promote $PROD
land four
land five
FIVE=$C
stage "$FIVE"
sleep 4.2
C=$FIVE~1
C=$(git_as alice rev-parse "$C")
expect_refused staging.not-staged "what staging only passed by never ran" \
    promote $PROD

# A break: staging was moved behind our back, and put back.
land six
SIX=$C
stage "$SIX"
on_server update-ref $STAGE "$FIVE"
sleep 4.2
C=$SIX
yes_for $PROD
expect_refused staging.soak "a time of drift is no soak" promote $PROD
check "the drift is a record" [ "$(records drift)" -eq 1 ]
expect_admitted "staging is put back" push_as alice "$SIX:$STAGE"
expect_refused staging.soak "and soaks anew" promote $PROD
sleep 4.2
expect_admitted "then it is ready" promote $PROD

# ---- tags ----

land eight
EIGHT=$C
stage "$EIGHT"
sleep 4.2
git_as alice tag -a -m "Release 1

Rollback-Plan: $GOING_BACK" v1.0 "$C"
git_as alice tag v1.1 "$C"
git_as alice tag -a -m "Release 2" v2.0 v1.0 2>/dev/null
expect_refused peer.other-target "a release tag nobody approved" \
    push_as alice refs/tags/v1.0
approve_as bob "$C" --for refs/tags/v1.0 --for refs/tags/v1.1 \
    --for refs/tags/v2.0 >"$W/out" 2>&1
expect_admitted "an annotated tag, with its own plan" \
    push_as alice refs/tags/v1.0
expect_refused rollback.absent "a lightweight tag has none" \
    push_as alice refs/tags/v1.1
expect_admitted "a lightweight tag" promote refs/tags/v1.1
expect_admitted "a tag of a tag" push_as alice \
    -o "rollback-plan=$GOING_BACK" refs/tags/v2.0
B=$(git_as alice rev-parse "$EIGHT:base.txt")
expect_refused object.no-commit "a tag at a blob" \
    push_as alice "$B:refs/tags/v3.0"
git_as alice tag -a -m blob v3.1 "$B"
expect_refused object.no-commit "a tag object on a blob" \
    push_as alice refs/tags/v3.1
expect_refused object.no-commit "a tag at a tree" \
    push_as alice "$(git_as alice rev-parse "$EIGHT^{tree}"):refs/tags/v3.2"
expect_refused environment.tag-moved "a release tag never moves" \
    push_as alice -f -o "rollback-plan=$GOING_BACK" "$TWO:refs/tags/v1.1"
git_as alice tag -f -a -m "Release 1 again

Rollback-Plan: $GOING_BACK" v1.0 "$C" >/dev/null 2>&1
expect_refused environment.tag-moved "nor to another tag of the same commit" \
    push_as alice -f refs/tags/v1.0
expect_refused 'environment.(deletion|tag-moved)' "nor goes" push_as alice :refs/tags/v1.0
on_server tag -d v1.0 >/dev/null
expect_refused environment.tag-moved "gone, it is not made again elsewhere" \
    push_as alice refs/tags/v1.0
expect_refused environment.tag-moved "not even in an emergency" \
    push_as carol -o emergency=INC-9 \
    -o "reason=the release must be rebuilt at once" "$TWO:refs/tags/v1.0"
change_as alice nine
git_as alice tag v4.0
expect_refused review.not-landed "a tag on what never landed" \
    push_as alice refs/tags/v4.0

# ---- deployments ----

after() {
	policy_main </dev/null |
	    sed "s/after: {.*}/after: {gate: staging, soak: 1s, $1}/" |
	    use_policy
}

n=0
# tell PERSON RESULT [COMMIT [ENVIRONMENT]]: by a signed tag, with plain Git.
tell() {
	n=$((n + 1))
	commit=$(git_as alice rev-parse "${3:-$C}")
	git_as "$1" fetch -q origin
	git_as "$1" tag -s -m "told

Foureyes-Repository: $REPO
Foureyes-Environment: ${4:-staging}
Foureyes-Result: $2" "foureyes/told-$n" "$commit" &&
	    push_as "$1" "$(git_as "$1" rev-parse "foureyes/told-$n"):refs/foureyes/deployments/${4:-staging}/$commit/$n"
}

after 'deployment: required, told_by: [deployers]'
land ten
check "a deployment told before the landing is taken down" \
    tell deploy-bot success
stage "$C"
yes_for $PROD
sleep 1.2
expect_refused staging.deployment-missing "but is none of what landed there" \
    promote $PROD
tell alice success >"$W/out" 2>&1
expect_refused staging.deployment-missing "the wrong person told" promote $PROD
tell deploy-bot success "$EIGHT" >"$W/out" 2>&1
expect_refused staging.deployment-missing "of another commit" promote $PROD
tell deploy-bot success "$C" production >"$W/out" 2>&1
expect_refused staging.deployment-missing "of another environment" promote $PROD
check "the deployer tells of a failure" tell deploy-bot failure
expect_refused staging.deployment-failed "the newest failed" promote $PROD
check "and of a success" tell deploy-bot success
expect_admitted "deployed, soaked, approved" promote $PROD

after 'deployment: required'
land by-default
stage "$C"
yes_for $PROD
sleep 1.2
tell bob success >"$W/out" 2>&1
expect_refused staging.deployment-missing "by default no person tells" \
    promote $PROD
tell deploy-bot success >"$W/out" 2>&1
expect_admitted "but a machine" promote $PROD

after 'deployment: required, told_by: [engineers]'
land eleven
stage "$C"
yes_for $PROD
sleep 1.2
tell alice success >"$W/out" 2>&1
expect_refused staging.deployment-missing "no contributor tells of their own" \
    promote $PROD
tell carol success >"$W/out" 2>&1
expect_admitted "another does" promote $PROD

after 'deployment: optional, told_by: [deployers]'
land twelve
stage "$C"
yes_for $PROD
sleep 1.2
tell deploy-bot failure >"$W/out" 2>&1
n=100
while [ $n -lt 112 ]; do
	tell alice success >"$W/out" 2>&1
done
expect_refused staging.deployment-failed \
    "an optional one that failed, however many others say else" promote $PROD
tell deploy-bot success >"$W/out" 2>&1
expect_admitted "until it succeeds" promote $PROD
land thirteen
stage "$C"
yes_for $PROD
sleep 1.2
expect_admitted "optional may be missing" promote $PROD

# ---- objected to after it landed ----

say() {
	(cd "$W/$1" && git_as "$1" fetch -q origin &&
	    TEST_PUSHER=$1 foureyes "$2" "$C" --repository "$REPO" --for main \
	    --yes) >"$W/out" 2>&1 || verdict 1 "$1 may $2"
}
land objected
stage "$C"
yes_for $PROD
sleep 1.2
say carol object
expect_refused review.not-in-full "an objection to what has landed" \
    promote $PROD
OBJECTED=$C
land following
stage "$C"
yes_for $PROD
sleep 1.2
expect_admitted "an approved change that follows it may go" promote $PROD
land objected-again
stage "$C"
yes_for $PROD
sleep 1.2
say carol object
expect_refused review.not-in-full "one more" promote $PROD
say carol withdraw
expect_admitted "taken back" promote $PROD
check "what was objected to never was there by itself" \
    [ "$(grep -h '"type":"landing"' "$W"/etc/ledger/*.jsonl |
        grep -c "\"ref\":\"$PROD\".*\"new\":\"$OBJECTED\"")" -eq 0 ]

# What landed on top of it before the objection brings it in as well.
land objected-below
BELOW=$C
land on-top
ONTOP=$C
stage "$C"
yes_for $PROD
sleep 1.2
C=$BELOW
say carol object
C=$ONTOP
expect_refused review.not-in-full "what would bring it in, landed before" \
    promote $PROD
C=$BELOW
say carol withdraw
C=$ONTOP
expect_admitted "which goes when the objection is taken back" promote $PROD
C=$BELOW
say carol object
land above-live
stage "$C"
yes_for $PROD
sleep 1.2
expect_admitted "one on what is live already brings nothing in" promote $PROD

# ---- same: tree ----

land fourteen
BASE=$C
stage "$C"
sleep 1.2
land away keep.txt
git_as alice checkout -q -B back origin/main
git_as alice rm -q keep.txt
git_as alice commit -q -m "PAY-1 take it out again

$PLAN"
push_as alice -q back
C=$(git_as alice rev-parse back)
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "main is where it was, by another commit" \
    push_as alice back:main
check "with the same tree" \
    [ "$(on_server rev-parse "main^{tree}")" = "$(on_server rev-parse "$BASE^{tree}")" ]
yes_for $PROD
expect_refused staging.not-staged "same: commit asks for that commit" \
    promote $PROD
after 'same: tree'
expect_admitted "same: tree for that content" promote $PROD

# ---- a forge's merge button ----

after 'same: commit'
# A merge button: first parent production's tip, second what is promoted.
LIVE=$C
land seven
SEVEN=$C
stage "$SEVEN"
sleep 1.2
button() {
	git_as alice commit-tree "$1^{tree}" -p "$2" -p "$3" -m "Merge"
}
BUTTON=$(button "$SEVEN" "$LIVE" "$SEVEN")
C=$BUTTON
expect_refused peer.other-target "a merge button's commit, not approved" promote $PROD
C=$SEVEN
yes_for $PROD
EVIL=$(button "$TWO" "$LIVE" "$SEVEN")
C=$EVIL
expect_refused review.not-landed "a merge with another tree" promote $PROD
C=$(button "$SEVEN" "$SEVEN" "$LIVE")
expect_refused review.not-landed "a merge the wrong way round" promote $PROD
C=$(button "$SEVEN" "$TWO" "$SEVEN")
expect_refused 'review.not-landed|environment.not-fast-forward' \
    "a merge into what is not the tip" promote $PROD -f
C=$BUTTON
expect_admitted "a merge button's commit goes by what it merges" promote $PROD
check "the record names what was promoted" sh -c \
    "grep '\"type\":\"landing\"' '$W'/etc/ledger/*.jsonl | tail -1 |
        grep '\"new\":\"$BUTTON\"' | grep -q '\"subject\":\"$SEVEN\"'"

# Another commit with the very same tree.
C=$(git_as alice commit-tree "$SEVEN^{tree}" -p "$BUTTON" -m "same content")
expect_refused review.not-landed "a stranger with the right tree" promote $PROD

done_testing

#!/bin/sh
# Staging first: production takes only what landed on main and ran on staging.
. "$(dirname "$0")/lib.sh"
SOAK=3s
site local

land() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1
	push_as alice -q "$1:main" >>"$W/out" 2>&1 || verdict 1 "$1 must land"
}

# promote REF [OPTION]...: alice lands $C there, bob approved that.
promote() {
	ref=$1
	shift
	push_as alice -o "rollback-plan=$GOING_BACK" "$@" "$C:$ref"
}
GOING_BACK='redeploy the build that ran before this one'

land one
expect_refused staging.not-staged "production before staging" \
    promote refs/heads/production
change_as alice unlanded
expect_refused review.not-landed "staging takes only what landed on main" \
    push_as alice unlanded:staging
C=$(on_server rev-parse main)
expect_refused environment.lander "staging is not moved by just anybody" \
    push_as dave "$C:refs/heads/staging"
expect_refused staging.not-staged "staging and production in one push" \
    push_as alice -o "rollback-plan=$GOING_BACK" \
    "$C:refs/heads/staging" "$C:refs/heads/production"
expect_admitted "staging" push_as alice "$C:refs/heads/staging"
check "bob approves it for production" \
    approve_as bob "$C" --for refs/heads/production
expect_refused staging.soak "production before it has soaked" \
    promote refs/heads/production
sleep 3.5
expect_refused environment.lander "only release lands on production" \
    push_as carol -o "rollback-plan=$GOING_BACK" "$C:refs/heads/production"
expect_refused 'rollback.absent' "production asks for a plan" \
    push_as carol "$C:refs/heads/production"
expect_admitted "production, soaked and approved" promote refs/heads/production

# A release tag is another ref of the same gate.
land two
push_as alice -q "$C:refs/heads/staging"
git_as alice tag -a -m "Release 1

## Rollback plan
Redeploy the build that was live before this release." v1.0 "$C"
git_as alice tag v1.1 "$C"
sleep 3.5
expect_refused peer.none "a release tag nobody approved" \
    push_as alice refs/tags/v1.0
approve_as bob "$C" --for refs/tags/v1.0 --for refs/tags/v1.1 >"$W/out" 2>&1
expect_admitted "an annotated tag, with its own plan" \
    push_as alice refs/tags/v1.0
expect_admitted "a tag that is none" promote refs/tags/v1.1
expect_refused environment.tag-moved "a release tag never moves" \
    push_as alice -f -o "rollback-plan=$GOING_BACK" "$C~1:refs/tags/v1.0"
change_as alice three
git_as alice tag v2.0
expect_refused review.not-landed "a tag on what never landed" \
    push_as alice refs/tags/v2.0

SOAK=1s
DEPLOYMENT=required
policy_main </dev/null | use_policy
land four
push_as alice -q "$C:refs/heads/staging"
approve_as bob "$C" --for refs/heads/production >"$W/out" 2>&1
sleep 1.5

# deployed PERSON RESULT: what they tell of staging and $C.
deployed() {
	(cd "$W/$1" && git_as "$1" fetch -q origin &&
	    TEST_PUSHER=$1 foureyes deployed staging "$C" \
	    --repository "$REPO" --result "$2")
}
expect_refused staging.deployment-missing "no deployment was told" \
    promote refs/heads/production
deployed alice success >"$W/out" 2>&1
expect_refused staging.deployment-missing "the wrong person told of one" \
    promote refs/heads/production
check "the deployer tells of a failure" deployed deploy-bot failure
expect_refused staging.deployment-failed "the newest deployment failed" \
    promote refs/heads/production
check "and of a success" deployed deploy-bot success
expect_admitted "deployed, soaked, approved" promote refs/heads/production
done_testing

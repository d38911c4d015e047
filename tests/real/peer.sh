#!/bin/sh
# Peer approval: whose yes counts, and what a yes must say.
. "$(dirname "$0")/lib.sh"
site local

# as_other AUTHOR COMMITTER MESSAGE: alice's clone, commits by these two.
as_other() {
	GIT_AUTHOR_NAME=$1 GIT_AUTHOR_EMAIL=$1@example.com \
	    GIT_COMMITTER_NAME=$2 GIT_COMMITTER_EMAIL=$2@example.com \
	    commit_as alice "$1-$2.txt" "$3

$PLAN"
}

on_main() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$1" origin/main
}

# refused CODE WHO WHAT: WHO approves $C, and it is not enough.
refused() {
	approve_as "$2" "$C" >"$W/out" 2>&1 || verdict 1 "$2 could approve"
	expect_refused "$1" "$3" push_as alice "$C:main"
}

change_as alice nobody
expect_refused peer.none "nobody approved it" push_as alice nobody:main
says "$C" "the refusal names the whole commit to approve"
says "bob" "and somebody who could approve it"
refused peer.author alice "its author approved it"

on_main coauthor
as_other alice alice "PAY-1 together

Co-authored-by: Bob <bob@example.com>"
push_as alice -q coauthor
refused peer.co-author bob "a co-author approved it"

on_main committer
as_other alice bob "PAY-1 committed by another"
push_as alice -q committer
refused peer.committer bob "its committer approved it"

on_main firstpush
as_other alice alice "PAY-1 pushed by another"
git_as bob fetch -q "$W/alice" firstpush
push_as bob -q FETCH_HEAD:refs/heads/firstpush
refused peer.first-pusher bob "its first pusher approved it"

change_as alice outsider
refused peer.not-in-group dave "somebody outside the groups approved it"
change_as alice machine
refused peer.machine deploy-bot "a machine approved it"

change_as alice unknown
git_as bob config user.signingKey "$W/keys/mallory.pub"
expect_refused 'evidence\.[a-z-]*' "an unknown key's approval is refused" \
    approve_as bob "$C"
git_as bob config user.signingKey "$W/keys/bob.pub"
expect_refused peer.none "and admits nothing" push_as alice unknown:main

change_as alice target
approve_as bob "$C" --for release >"$W/out" 2>&1
expect_refused peer.other-target "approved for another branch" \
    push_as alice target:main
expect_refused '[a-z]*\.[a-z-]*repository' \
    "an approval for another repository is refused" \
    approve_as bob "$C" --repository billing
says "$REPO" "and the refusal names the right one"

change_as alice other
approve_as bob "$C" >"$W/out" 2>&1
git_as alice commit -q --amend -m "PAY-1 another message

$PLAN"
commit_as alice more.txt "PAY-1 and another file"
push_as alice -qf other
expect_refused 'peer.other-commit|review.unreviewed-commit' \
    "approved was another commit" push_as alice other:main

change_as alice withdrawn
approve_as bob "$C" >"$W/out" 2>&1
check "an approval is withdrawn" approve_as bob "$C" --withdraw
expect_refused peer.withdrawn "and counts no more" \
    push_as alice withdrawn:main

change_as alice objected
approve_as bob "$C" >"$W/out" 2>&1
check "a colleague objects" approve_as carol "$C" --object
expect_refused peer.objection "one objection stops what another approved" \
    push_as alice objected:main
check "the objection is withdrawn" approve_as carol "$C" --withdraw
expect_admitted "and stops nothing more" push_as alice objected:main

git_as alice fetch -q origin
git_as alice checkout -q -B unpushed origin/main
commit_as alice unpushed.txt "PAY-1 never pushed

$PLAN"
git_as bob fetch -q "$W/alice" unpushed
expect_refused peer.commit-unknown "approved before its branch is pushed" \
    approve_as bob "$C"

MAIN_APPROVALS='count: 2, groups: [engineers]'
policy_main </dev/null | use_policy
change_as alice two
approve_as bob "$C" >"$W/out" 2>&1
expect_refused peer.count "one of two" push_as alice two:main
refused 'peer.(count|same-person)' bob "one person twice"
approve_as carol "$C" >"$W/out" 2>&1
expect_admitted "two of two" push_as alice two:main
done_testing

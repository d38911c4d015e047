#!/bin/sh
# Review on main: nothing goes round it.
. "$(dirname "$0")/lib.sh"
site local

uncovered='review.unreviewed-commit|peer.none'

change_as alice first
A=$C
commit_as alice second.txt "PAY-2 second

$PLAN"
B=$C
push_as alice -q HEAD:second
approve_as bob "$A" >"$W/out" 2>&1
expect_refused "$uncovered" "two changes, one of them covered" \
    push_as alice "$B:main"
says "$(printf '%.12s' "$B")" "the uncovered one is named"
check "main did not move" [ "$(on_server rev-parse main)" != "$B" ]
approve_as bob "$B" >"$W/out" 2>&1
expect_admitted "both covered" push_as alice "$B:main"
check "each is a change of its own in the record" \
    sh -c "grep '\"type\":\"decision\"' $W/etc/ledger/*.jsonl | tail -1 |
        grep -o '/main/[0-9a-f]\{12\}\"' | sort -u | grep -c . | grep -qx 2"

change_as alice quiet
expect_refused peer.none "a branch pushed before brings no new objects" \
    push_as alice quiet:main

git_as alice fetch -q origin
git_as alice checkout -q -B straight origin/main
commit_as alice straight.txt "PAY-3 straight to main

$PLAN"
expect_refused peer.none "straight to main, never on a branch" \
    push_as alice straight:main
says 'refs/heads/review/' "the way to keep the commit on the server is shown"
says 'git fetch' "and the lines for the approver"

change_as alice together
expect_refused "$uncovered" "one bad ref refuses the whole push" \
    push_as alice together:main together:refs/heads/harmless
check "the harmless ref was not made" \
    sh -c "! git -C '$W/srv/$REPO.git' rev-parse -q --verify harmless"

# An approval in the same push is taken down first, so it counts.
change_as alice one-push
(cd "$W/bob" && git_as bob fetch -q origin &&
    git_as bob tag -s -m "Yes

Foureyes-Repository: $REPO
Foureyes-Target: refs/heads/main
Foureyes-Decision: approve" foureyes/by-hand "$C")
T=$(git_as bob rev-parse foureyes/by-hand)
git_as alice fetch -q "$W/bob" refs/tags/foureyes/by-hand
expect_admitted "approval and change in one push" push_as alice \
    "$T:refs/foureyes/approvals/$C/by-hand" one-push:main
expect_refused 'evidence\.[a-z-]*' "an evidence ref is not deleted" \
    push_as alice ":refs/foureyes/approvals/$C/by-hand"

expect_admitted "a branch that is not gated takes anything" \
    push_as alice together:refs/heads/ungated
check "explain tells and refuses" sh -c "! git -C '$W/alice' push \
    -o explain origin together:main"
before=$(records decision)
git_as alice push -o explain origin together:main >"$W/out" 2>&1
check "and records nothing" [ "$before" -eq "$(records decision)" ]

# ---- two gated refs in one push ----

policy_main </dev/null | use_policy
git_as alice fetch -q origin
{
	on_server update-ref refs/heads/master "$(on_server rev-parse main)" &&
	    foureyes adopt "$REPO" refs/heads/master
} >"$W/out" 2>&1 || verdict 1 "master could not be adopted"
change_as alice twin
approve_as bob "$C" >"$W/out" 2>&1
expect_refused peer.other-target "approved for one of two gated refs" \
    push_as alice twin:main twin:master
says "refs/heads/master" "the other is named"
check "neither moved" sh -c "cd '$W/srv/$REPO.git' &&
    [ \$(git rev-parse main) != $C ] && [ \$(git rev-parse master) != $C ]"
check "what could have landed is recorded as withheld" \
    sh -c "grep -h '\"withheld\":true' '$W'/etc/ledger/*.jsonl |
    grep '\"ref\":\"refs/heads/main\"' | grep -q '\"new\":\"$C\"'"
approve_as bob "$C" --for master >"$W/out" 2>&1
expect_admitted "approved for both" push_as alice twin:main twin:master
change_as alice ahead
approve_as bob "$C" >"$W/out" 2>&1
expect_refused review.not-landed "what the same push lands has not landed" \
    push_as alice ahead:main ahead:staging
check "and main did not move" [ "$(on_server rev-parse main)" != "$C" ]
expect_admitted "main alone" push_as alice ahead:main
expect_admitted "and then staging" push_as alice ahead:staging

# ---- other names for a gated ref ----

on_server symbolic-ref refs/heads/nickname refs/heads/main
change_as alice alias
expect_refused peer.none "a symbolic ref leads to the gate of what it names" \
    push_as alice alias:nickname
expect_refused policy.namespace "a ref of a namespace" \
    push_as alice alias:refs/namespaces/x/refs/heads/main
expect_refused policy.replace "a replacement" \
    push_as alice "alias:refs/replace/$C"
expect_refused policy.case "a name that differs by case" \
    push_as alice alias:refs/heads/MAIN

# ---- commits that came along unseen ----

# smuggle PERSON REF COMMIT EXTRA: a push whose pack holds one commit more.
smuggle() {
	git_as "$1" rev-list --objects "$3" "$4" --not --remotes=origin |
	    cut -d' ' -f1 | git_as "$1" pack-objects --stdout -q >"$W/pack"
	{
		printf '%04x%040d %s %s\0 report-status\n0000' \
		    $((4 + 40 + 1 + 40 + 1 + ${#2} + 16)) 0 "$3" "$2"
		cat "$W/pack"
	} | TEST_PUSHER=$1 git receive-pack "$W/srv/$REPO.git" >"$W/out" 2>&1
}
# bobs_hidden NAME: bob's commit in alice's name, on the server, on no ref: $X.
bobs_hidden() {
	git_as bob fetch -q origin
	git_as bob checkout -q -B "$1" origin/main
	git_as bob config user.email alice@example.com
	commit_as bob "$1.txt" "PAY-1 as if by alice

$PLAN"
	X=$C
	git_as bob config user.email bob@example.com
	git_as bob checkout -q -B "$1-beside" origin/main
	commit_as bob "$1-beside.txt" "PAY-1 beside it"
	smuggle bob "refs/heads/$1-beside" "$C" "$X"
	check "a pack may hold more than its refs reach" \
	    on_server cat-file -e "$X"
}
bobs_hidden hidden
expect_refused peer.commit-unknown "what no branch holds is not approved" \
    approve_as bob "$X"
push_as bob -q "$X:refs/heads/hidden" >"$W/out" 2>&1
approve_as bob "$X" >"$W/out" 2>&1
git_as alice fetch -q origin
expect_refused peer.first-pusher "who makes a ref reach it brought it" \
    push_as alice "$X:main"
bobs_hidden deeper
git_as bob checkout -q -B on-top "$X"
commit_as bob on-top.txt "PAY-1 on top of it"
push_as bob -q on-top
approve_as bob "$X" >"$W/out" 2>&1
git_as alice fetch -q origin
expect_refused peer.first-pusher "so did who pushes something on top of it" \
    push_as alice "$X:main"
bobs_hidden straight
expect_refused 'peer.none' "straight to main it is nobody's yes" \
    push_as bob "$X:main"

# ---- many refs, many commits ----

M=$(git_as alice rev-parse origin/main)
for i in $(seq 300); do
	echo "create refs/heads/many/$i $M"
done | git_as alice update-ref --stdin
expect_admitted "300 refs without a gate in one push" \
    push_as alice 'refs/heads/many/*:refs/heads/many/*'
expect_refused peer.none "300 refs and a gated one" \
    push_as alice 'refs/heads/many/*:refs/heads/more/*' alias:main
check "none of them was made" sh -c \
    "[ -z \"\$(git -C '$W/srv/$REPO.git' for-each-ref refs/heads/more)\" ]"
policy_main </dev/null | sed '/^    gates:$/a\
      many:\
        refs: ["refs/heads/gated/*"]\
        approvals: {count: 1, groups: [engineers]}' | use_policy
expect_refused environment.not-adopted "300 gated refs in one push" \
    push_as alice 'refs/heads/many/*:refs/heads/gated/*'
says 'and 290 more refs refused' "ten are told of, the rest is counted"
check "in few lines" [ "$(grep -c 'foureyes:' "$W/out")" -lt 50 ]

# history BRANCH COUNT: so many commits on main, by alice.
history() {
	base=$(git_as alice rev-parse origin/main)
	for i in $(seq "$2"); do
		printf 'commit refs/heads/%s\n' "$1"
		printf 'committer alice <alice@example.com> %d +0000\n' \
		    $((1700000000 + i))
		printf 'data 5\nPAY-1\n'
		[ "$i" -gt 1 ] || echo "from $base"
		printf 'M 100644 inline f%d\ndata 5\n%05d\n' $((i % 50)) "$i"
	done | git_as alice fast-import --quiet --force
	push_as alice -q "$1"
	C=$(git_as alice rev-parse "$1")
	approve_as bob "$C" -m "## Rollback plan
Revert the merge, all of it." >"$W/out" 2>&1
}
policy_main </dev/null | use_policy
git_as alice fetch -q origin
history ten-thousand 10000
begun=$(date +%s)
expect_admitted "10,000 commits in one push" push_as alice ten-thousand:main
check "within the time a hook has" [ $(($(date +%s) - begun)) -le 4 ]
git_as alice fetch -q origin
history one-too-many 10001
expect_refused push.could-not-check "10,001 commits are too many" \
    push_as alice one-too-many:main
says 'land them *(in|$)' "and the way out is named"
done_testing

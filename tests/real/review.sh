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

expect_admitted "a repository that is not gated takes anything" \
    push_as alice together:refs/heads/ungated
check "explain tells and refuses" sh -c "! git -C '$W/alice' push \
    -o explain origin together:main"
before=$(records decision)
git_as alice push -o explain origin together:main >"$W/out" 2>&1
check "and records nothing" [ "$before" -eq "$(records decision)" ]
done_testing

#!/bin/sh
# What was approved is what lands: how an approval is carried, and how not.
. "$(dirname "$0")/lib.sh"
site local

uncovered='review.unreviewed-commit|peer.other-commit|peer.none'
n=0

# move_main: another change lands, so that main is not where it was.
move_main() {
	n=$((n + 1))
	change_as bob "other-$n"
	{
		approve_as alice "$C" && push_as bob "other-$n:main"
	} >"$W/out" 2>&1 || verdict 1 "main could not be moved"
	git_as alice fetch -q origin
}

# approved BRANCH: a change of two commits that bob approved; its hash: $H.
approved() {
	change_as alice "$1"
	commit_as alice "$1-second.txt" "PAY-1 second part of $1"
	push_as alice -q "$1"
	H=$C
	approve_as bob "$H" >"$W/out" 2>&1 || verdict 1 "could not be approved"
}

# onto_main NAME: alice stands on the newest main.
onto_main() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$1" origin/main
}

approved forward
expect_admitted "a fast-forward" push_as alice forward:main
check "the record says exact" \
    grep -q '"carried":"exact"' "$W"/etc/ledger/*.jsonl

approved merge
move_main
onto_main merged
git_as alice merge -q --no-ff -m "Merge the change" "$H"
expect_admitted "a merge onto a main that moved" push_as alice merged:main
check "the record says clean-merge" \
    grep -q '"carried":"clean-merge"' "$W"/etc/ledger/*.jsonl

approved squash
move_main
onto_main squashed
git_as alice merge -q --squash "$H" >/dev/null
git_as alice commit -q -m "PAY-1 squashed

$PLAN"
expect_admitted "a squash onto a main that moved" push_as alice squashed:main

approved rebase
move_main
git_as alice checkout -q -B rebased "$H"
git_as alice rebase -q origin/main
expect_admitted "a rebase onto a main that moved" push_as alice rebased:main

approved update
move_main
git_as alice checkout -q -B updated "$H"
git_as alice merge -q -m "Bring main in" origin/main
expect_admitted "a branch that merged main" push_as alice updated:main

approved byte
move_main
onto_main one-byte
git_as alice merge -q --no-ff --no-commit "$H" >"$W/out" 2>&1
printf x >>"$W/alice/base.txt"
git_as alice add -A
git_as alice commit -q -m "Merge the change"
expect_refused "$uncovered" "a merge with one byte more" \
    push_as alice one-byte:main

onto_main ours
git_as alice merge -q -s ours -m "Merge, and forget it" "$H"
expect_refused "$uncovered" "a merge with -s ours" push_as alice ours:main

approved extra
commit_as alice extra.txt "PAY-1 one more"
expect_refused "$uncovered" "a commit on top" push_as alice extra:main
says "$(printf '%.12s' "$C")" "the uncovered commit is named"

onto_main stranger
tree=$(git_as alice merge-tree --write-tree origin/main "$H")
git_as alice checkout -q -B evil origin/main
commit_as alice evil.txt "PAY-1 hidden"
N=$(git_as alice commit-tree -p origin/main -p evil -m "Merge" "$tree")
expect_refused "$uncovered" "the right tree with a stranger as parent" \
    push_as alice "$N:main"

# Both sides change one line: a person has to finish this merge.
change_as alice conflict base.txt
sed -i '1s/.*/one of alice/' "$W/alice/base.txt"
git_as alice commit -q -a -m "PAY-1 the first line"
push_as alice -q conflict
H=$(git_as alice rev-parse HEAD)
approve_as bob "$H" >"$W/out" 2>&1
git_as bob fetch -q origin
git_as bob checkout -q -B clash origin/main
sed -i '1s/.*/one of bob/' "$W/bob/base.txt"
git_as bob commit -q -a -m "PAY-1 the first line too

$PLAN"
push_as bob -q clash
approve_as alice "$(git_as bob rev-parse clash)" >"$W/out" 2>&1
push_as bob -q clash:main >"$W/out" 2>&1 || verdict 1 "clash could not land"
onto_main by-hand
git_as alice merge -q -m "Merge the change" "$H" >/dev/null 2>&1
git_as alice checkout -q --theirs base.txt
git_as alice commit -q -a -m "Merge the change"
N=$(git_as alice rev-parse HEAD)
expect_refused "$uncovered" "a merge finished by hand" push_as alice "$N:main"
push_as alice -q "$N:refs/heads/by-hand"
approve_as bob "$N" >"$W/out" 2>&1
expect_admitted "the same merge, approved itself" push_as alice "$N:main"

# Spent: what landed once is no yes to landing it again.
onto_main undo
git_as alice revert --no-edit -m 1 HEAD >/dev/null
git_as alice commit -q --amend -m "PAY-1 undo it

$PLAN"
push_as alice -q undo
approve_as bob "$(git_as alice rev-parse undo)" >"$W/out" 2>&1
check "a revert is approved and lands" push_as alice undo:main
onto_main again
git_as alice revert --no-edit HEAD >/dev/null
expect_refused "$uncovered|peer.spent" "the approval was spent by its landing" \
    push_as alice again:main

MAIN_APPROVALS='count: 1, groups: [engineers], carry: exact'
policy_main </dev/null | use_policy
approved exactly
move_main
onto_main not-exact
git_as alice merge -q --no-ff -m "Merge the change" "$H"
expect_refused "peer.carry|review.carry|$uncovered" \
    "carry: exact admits no merge" push_as alice not-exact:main
approved exact
expect_admitted "and admits the approved commit" push_as alice exact:main
done_testing

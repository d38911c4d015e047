#!/bin/sh
# The shapes in which an approved commit may land, and the attacks that look
# like them (rules.md 5 to 8, 11).  Each has a gated branch of its own, so that
# one landing says nothing about the next.
. "$(dirname "$0")/lib.sh"
site local

use_policy <<'YAML'
version: 1
administration: {groups: [platform]}
repositories:
  - match: ["**"]
    gates:
      shape: {refs: ["refs/heads/shape/*"], approvals: {count: 1, groups: [engineers]}}
      exact: {refs: ["refs/heads/exact/*"], approvals: {count: 1, groups: [engineers], carry: exact}}
      content: {refs: ["refs/heads/content/*"], approvals: {count: 1, groups: [engineers], carry: same-content}}
YAML

uncovered='review.unreviewed-commit'
n=0
kind=shape
cd "$W/alice" || exit 3
A() { git_as alice "$@"; }
at() { A rev-parse "$1"; }
tree() { at "$1^{tree}"; }
merged() { A merge-tree --write-tree "$1" "$2"; }
# made MESSAGE TREE PARENT...: a commit of just that.
made() {
	message=$1
	root=$2
	shift 2
	for parent; do
		set -- "$@" -p "$parent"
		shift
	done
	A commit-tree -m "$message" "$@" "$root"
}
save() {
	A add -A
	A commit -q -m "$1"
	at HEAD
}
on() { A checkout -q -B "$1" "$2"; }

# ready P: a gated branch of its own at P, taken as baseline: $R.
ready() {
	n=$((n + 1))
	R=$kind/$n
	{
		A push -q origin "$1:refs/heads/base/$n" &&
		    on_server update-ref "refs/heads/$R" "$1" &&
		    foureyes adopt "$REPO" "refs/heads/$R"
	} >"$W/out" 2>&1 || verdict 1 "$R could not be made ready"
}

# approved H: alice's, pushed by her, approved by bob for $R.
approved() {
	A push -q origin "$1:refs/heads/topic/$n-$(A rev-parse --short "$1")"
	approve_as bob "$(at "$1")" --for "refs/heads/$R" >"$W/out" 2>&1 ||
	    verdict 1 "$1 could not be approved for $R"
}

carried() {
	grep '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -1 |
	    grep -q "\"carried\":\"$1\""
}

# lands HOW WHAT P N H: H approved for a branch at P admits N.
lands() {
	ready "$3"
	approved "$5"
	expect_admitted "$2" push_as alice "$4:refs/heads/$R"
	check "it was carried as $1" carried "$1"
}

# falls CODE WHAT P N H
falls() {
	ready "$3"
	approved "$5"
	expect_refused "$1" "$2" push_as alice "+$4:refs/heads/$R"
}

# ---- one topic of three commits, and a main that moves ----

B=$(at origin/main)
on topic "$B"
sed -i 's/^15$/fifteen/' base.txt
C1=$(save "one: a word")
echo two >two.txt
C2=$(save "two: a file")
echo three >>two.txt
H=$(save "three: a line")
on moving "$B"
sed -i 's/^25$/twenty-five/' base.txt
P=$(save "main moves")
echo m2 >m2.txt
P2=$(save "and again")

lands exact "fast-forward" "$B" "$H" "$H"
lands same-content "a merge commit of a main that did not move" "$B" \
    "$(made "merge" "$(tree "$H")" "$B" "$H")" "$H"
lands clean-merge "a merge commit" "$P" \
    "$(made "merge" "$(merged "$P" "$H")" "$P" "$H")" "$H"
lands clean-merge "a merge commit, the parents the other way round" "$P" \
    "$(made "merge" "$(merged "$P" "$H")" "$H" "$P")" "$H"
lands clean-merge "a squash" "$P" \
    "$(made "squash" "$(merged "$P" "$H")" "$P")" "$H"
on rebased "$H"
A rebase -q "$P"
lands clean-merge "a rebase of three commits" "$P" rebased "$H"
on foxtrot "$H"
A merge -q --no-edit "$P"
lands clean-merge "a topic that merged main" "$P" foxtrot "$H"
A merge -q --no-edit "$P2"
lands clean-merge "merged main twice, fast-forward" "$P2" foxtrot "$H"
lands clean-merge "merged main twice, then a merge commit" "$P2" \
    "$(made "merge" "$(merged "$P2" foxtrot)" "$P2" "$(at foxtrot)")" "$H"
lands clean-merge "merged main twice, then a squash" "$P2" \
    "$(made "squash" "$(merged "$P2" foxtrot)" "$P2")" "$H"
on has-one "$P"
A cherry-pick "$C1" >/dev/null
PD=$(at HEAD)
on rebased-less "$H"
A rebase -q "$PD" 2>/dev/null
lands clean-merge "a rebase whose first commit was there already" "$PD" \
    rebased-less "$H"
on hand "$P2"
echo by hand >hand.txt
N=$(save "made by hand, approved itself")
lands exact "the approval names what lands" "$P2" "$N" "$N"
on updated "$H"
A merge -q --no-edit "$P"
HM=$(at HEAD)
lands clean-merge "a topic that merged main, approved then, squashed" "$P2" \
    "$(made "squash" "$(merged "$P2" "$HM")" "$P2")" "$HM"
lands clean-merge "a topic that merged main, approved then, merged" "$P2" \
    "$(made "merge" "$(merged "$P2" "$HM")" "$P2" "$HM")" "$HM"
on side "$C1"
echo side >side.txt
save "a side line" >/dev/null
on joined "$H"
A merge -q --no-edit side
HJ=$(at HEAD)
on rebased-joined "$HJ"
A rebase -q "$P"
lands clean-merge "a rebase of a topic that had a side line" "$P" \
    rebased-joined "$HJ"

# ---- attacks ----

on evil "$B"
echo BACKDOOR >backdoor.txt
E=$(save "evil")
falls "$uncovered" "an -s ours merge of evil, under an old approval" "$P2" \
    "$(made "merge" "$(tree "$P2")" "$P2" "$E")" "$P"
falls "$uncovered" "the right tree, evil as second parent" "$P" \
    "$(made "merge" "$(merged "$P" "$H")" "$P" "$E")" "$H"
falls "$uncovered" "the right tree, an octopus with evil in it" "$P" \
    "$(made "merge" "$(merged "$P" "$H")" "$P" "$H" "$E")" "$H"
says "$(echo "$E" | cut -c1-12)" "evil is named"
on there-and-back "$P"
echo BACKDOOR >backdoor.txt
save "in" >/dev/null
A rm -q backdoor.txt
A checkout -q "$H" -- two.txt
sed -i 's/^15$/fifteen/' base.txt
falls "$uncovered" "a backdoor put in and taken out again" "$P" \
    "$(save "out")" "$H"
on replayed "$P"
A cherry-pick "$C1" >/dev/null
echo BACKDOOR >backdoor.txt
save "in" >/dev/null
A rm -q backdoor.txt
save "out" >/dev/null
A cherry-pick "$C2" "$H" >/dev/null
falls "$uncovered" "a replay with a backdoor in between" "$P" replayed "$H"
on padded "$P"
A cherry-pick "$C1" >/dev/null
A commit -q --allow-empty -m "nothing, and a lie about it"
A cherry-pick "$C2" "$H" >/dev/null
falls "$uncovered" "a replay with an empty commit in between" "$P" padded "$H"
on padded "$PD"
A commit -q --allow-empty -m "in place of the one that was there"
A cherry-pick "$C2" "$H" >/dev/null
falls "$uncovered" "an empty commit in place of one that was there" "$PD" \
    padded "$H"
falls "$uncovered" "the rest squashed on top of the first" "$B" \
    "$(made "squash" "$(tree "$H")" "$C1")" "$H"
falls "$uncovered" "the approved tree put over a main that moved" "$P" \
    "$(made "stomp" "$(tree "$H")" "$P")" "$H"
falls "$uncovered" "an -s ours merge of what was approved" "$P" \
    "$(made "merge" "$(tree "$P")" "$P" "$H")" "$H"
on crooked "$H"
A merge -q --no-edit --no-commit "$P" >/dev/null 2>&1
echo BACKDOOR >backdoor.txt
save "merge main" >/dev/null
CROOKED=$(at HEAD)
A rm -q backdoor.txt
falls "$uncovered" "an update merge with an edit, undone by the next" "$P" \
    "$(save "tidy up")" "$H"
falls "$uncovered" "an update merge with an edit, undone by the last merge" \
    "$P2" "$(made "merge" "$(merged "$P2" "$H")" "$P2" "$CROOKED")" "$H"
says "$(echo "$CROOKED" | cut -c1-12)" "the update merge is named"
falls "$uncovered" "an empty commit on what was approved and is there" "$P2" \
    "$(made "empty" "$(tree "$P2")" "$P2")" "$P2"
on two-heads "$B"
echo other >other.txt
H2=$(save "another topic")
falls "$uncovered" "an octopus of two topics, one approved" "$P" \
    "$(made "merge" "$(A merge-tree --write-tree "$P" "$H")" "$P" "$H" "$H2")" \
    "$H"
on reversed "$P"
A cherry-pick "$C2" "$C1" "$H" >/dev/null
falls "$uncovered" "a replay in another order" "$P" reversed "$H"
# A topic does and undoes; main did the same: its fix must not get lost.
on x-y-x "$B"
sed -i 's/^20$/twenty/' base.txt
save "do" >/dev/null
sed -i 's/^twenty$/20/' base.txt
save "undo" >/dev/null
echo more >more.txt
XYX=$(save "and more")
on fixed "$B"
sed -i 's/^20$/twenty/' base.txt
FIX=$(save "main does it too")
on lost-fix "$XYX"
A rebase -q "$FIX" 2>/dev/null
falls "$uncovered" "a rebase that silently undoes a fix of main" "$FIX" \
    lost-fix "$XYX"

# ---- carry ----

kind=exact
lands exact "carry: exact takes the approved commit" "$B" "$H" "$H"
falls 'peer.carry|review.carry' "carry: exact takes no merge commit" "$B" \
    "$(made "merge" "$(tree "$H")" "$B" "$H")" "$H"
says 'review.carry' "and says that this gate carries no further"
kind=content
lands same-content "carry: same-content takes a squash of the same" "$B" \
    "$(made "squash" "$(tree "$H")" "$B")" "$H"
falls 'peer.carry|review.carry' "carry: same-content takes no moved main" \
    "$P" "$(made "squash" "$(merged "$P" "$H")" "$P")" "$H"
kind=shape

# ---- spent, and given too late (rules.md 11, 12) ----

ready "$P"
approved "$H"
S=$(made "squash" "$(merged "$P" "$H")" "$P")
expect_admitted "a squash" push_as alice "$S:refs/heads/$R"
UNDO=$(made "revert" "$(tree "$P")" "$S")
approved "$UNDO"
expect_admitted "its revert" push_as alice "$UNDO:refs/heads/$R"
S2=$(made "squash again" "$(merged "$UNDO" "$H")" "$UNDO")
expect_refused peer.spent "the second squash after a revert" \
    push_as alice "$S2:refs/heads/$R"
# The same signed tag under another name is nothing new.
T=$(on_server for-each-ref --format='%(objectname)' \
    "refs/foureyes/approvals/$H/" | while read -r tag; do
	on_server cat-file tag "$tag" | grep -q "refs/heads/$R\$" && echo "$tag"
done)
A fetch -q origin "$T"
before=$(records observation)
check "the old approval is pushed again under another name" \
    push_as alice "$T:refs/foureyes/approvals/$H/once-more"
check "and nothing is recorded" [ "$(records observation)" -eq "$before" ]
expect_refused peer.spent "and it is as spent as before" \
    push_as alice "$S2:refs/heads/$R"
sleep 1
check "a new yes to the same commit" \
    approve_as bob "$H" --for "refs/heads/$R"
expect_admitted "is needed, and enough" push_as alice "$S2:refs/heads/$R"

ready "$P"
approved "$H"
expect_admitted "a squash lands" push_as alice \
    "$(made "squash" "$(merged "$P" "$H")" "$P"):refs/heads/$R"
sleep 1
check "a second look is taken down" \
    approve_as bob "$H" --for "refs/heads/$R"
TIP=$(on_server rev-parse "$R")
UNDO=$(made "revert" "$(tree "$P")" "$TIP")
approved "$UNDO"
expect_admitted "its revert lands" push_as alice "$UNDO:refs/heads/$R"
expect_refused peer.after-the-fact "and its second squash does not" \
    push_as alice "$(made "again" "$(merged "$UNDO" "$H")" "$UNDO"):refs/heads/$R"
says '\(peer.spent\)' "the first yes was spent, the second too late"

ready "$P"
on amended "$P"
echo first >amended.txt
FIRST=$(save "first form")
approved "$FIRST"
echo second >>amended.txt
A add -A
A commit -q --amend -m "second form"
expect_refused peer.other-commit "approve, then amend" \
    push_as alice "amended:refs/heads/$R"
says "$(echo "$FIRST" | cut -c1-12)" "what was approved is named"
A reset -q --hard "$FIRST"
A commit -q --amend -m "only the words changed"
expect_admitted "amended words alone are carried as same content" \
    push_as alice "amended:refs/heads/$R"

# Another commit brings the same: the yes to the first has nothing left to say.
ready "$P"
approved "$H"
S=$(made "the same in one" "$(merged "$P" "$H")" "$P")
approved "$S"
expect_admitted "a squash, approved itself" push_as alice "$S:refs/heads/$R"
UNDO=$(made "revert" "$(tree "$P")" "$S")
approved "$UNDO"
expect_admitted "and reverted" push_as alice "$UNDO:refs/heads/$R"
expect_refused peer.spent "what had landed in other form is spent" \
    push_as alice "$(made "again" "$(merged "$UNDO" "$H")" "$UNDO"):refs/heads/$R"

# A yes for the gate's own pattern is used up by the first branch it serves.
ready "$B"
FIRST=$R
ready "$B"
check "approved for the gate's pattern" \
    approve_as bob "$H" --for 'refs/heads/shape/*'
expect_admitted "it serves one branch" push_as alice "$H:refs/heads/$FIRST"
expect_refused peer.spent "and no other" push_as alice "$H:refs/heads/$R"
expect_refused evidence.not-gated "another pattern is no target" \
    approve_as bob "$H" --for 'refs/heads/shape/**'

# ---- a merge that a person had to finish ----

on left "$B"
sed -i 's/^1$/one of the topic/' base.txt
L=$(save "the first line")
on right "$B"
sed -i 's/^1$/one of main/' base.txt
RT=$(save "the first line, otherwise")
ready "$RT"
approved "$L"
on finished "$RT"
A merge -q "$L" >/dev/null 2>&1
A checkout -q --theirs base.txt
BYHAND=$(save "merge, by hand")
expect_refused "$uncovered" "a merge finished by hand" \
    push_as alice "$BYHAND:refs/heads/$R"
approved "$BYHAND"
expect_admitted "the same merge, itself approved" \
    push_as alice "$BYHAND:refs/heads/$R"

# ---- part of it landed since (rules.md 8) ----

# A stack: the lower part lands by a merge, then the whole.
ready "$P"
approved "$C1"
approved "$H"
M1=$(made "merge the lower part" "$(merged "$P" "$C1")" "$P" "$C1")
expect_admitted "the lower part of a stack lands" \
    push_as alice "$M1:refs/heads/$R"
expect_admitted "and then the whole, under its own approval" push_as alice \
    "$(made "merge the rest" "$(merged "$M1" "$H")" "$M1" "$H"):refs/heads/$R"

ready "$P"
approved "$C1"
approved "$H"
M1=$(made "merge the lower part" "$(merged "$P" "$C1")" "$P" "$C1")
M2=$(made "merge the rest" "$(merged "$M1" "$H")" "$M1" "$H")
expect_admitted "both in one push" push_as alice "$M2:refs/heads/$R"

ready "$P"
approved "$C1"
approved "$H"
M1=$(made "merge the lower part" "$(merged "$P" "$C1")" "$P" "$C1")
expect_admitted "the lower part of a stack lands" \
    push_as alice "$M1:refs/heads/$R"
UNDO=$(made "revert it" "$(tree "$P")" "$M1")
approved "$UNDO"
expect_admitted "and is reverted" push_as alice "$UNDO:refs/heads/$R"
HALF=$(made "merge the rest" "$(merged "$UNDO" "$H")" "$UNDO" "$H")
check "what Git merges now lacks the lower part" \
    sh -c "! git -C '$W/alice' show $HALF:base.txt | grep -q fifteen"
expect_refused peer.spent "the rest alone is not what was approved" \
    push_as alice "$HALF:refs/heads/$R"
approved "$HALF"
expect_admitted "approved itself, it is" push_as alice "$HALF:refs/heads/$R"

ready "$P"
approved "$H"
on dropped "$P"
A merge -q --no-edit --no-commit "$C1" >/dev/null 2>&1
sed -i 's/^fifteen$/XV/' base.txt
DROP=$(save "merge, and drop it")
approved "$DROP"
expect_admitted "a merge by hand takes a part in and alters it" \
    push_as alice "$DROP:refs/heads/$R"
expect_refused peer.spent "the rest is not what was approved" push_as alice \
    "$(made "merge the rest" "$(merged "$DROP" "$H")" "$DROP" "$H"):refs/heads/$R"

# The rest goes on from the very lines of the lower part: with the merge base of
# then that is a conflict, and nothing is lost as long as the part stands.
on same-lines "$C1"
sed -i 's/^fifteen$/XV/' base.txt
H2=$(save "the same word again")
ready "$B"
approved "$C1"
approved "$H2"
expect_admitted "the lower part of a stack on the same lines" \
    push_as alice "$C1:refs/heads/$R"
expect_admitted "and the rest, which goes on from it" \
    push_as alice "$H2:refs/heads/$R"
ready "$P"
approved "$C1"
approved "$H2"
M1=$(made "merge the lower part" "$(merged "$P" "$C1")" "$P" "$C1")
M2=$(made "merge the rest" "$(merged "$M1" "$H2")" "$M1" "$H2")
expect_admitted "both, over a main that moved elsewhere" \
    push_as alice "$M2:refs/heads/$R"
on beside "$B"
echo m1 >m1.txt
BESIDE=$(save "main moves in a file of its own")
ready "$BESIDE"
approved "$C1"
approved "$H2"
M1=$(made "merge the lower part" "$(merged "$BESIDE" "$C1")" "$BESIDE" "$C1")
M2=$(made "merge the rest" "$(merged "$M1" "$H2")" "$M1" "$H2")
expect_admitted "one after the other, over a main that moved in other files" \
    push_as alice "$M1:refs/heads/$R"
expect_admitted "the rest too: the part stands as it landed" \
    push_as alice "$M2:refs/heads/$R"

# Reverted, and the same lines written otherwise since: a conflict with the
# merge base of then, while Git now merges without a word.
ready "$P"
approved "$C1"
approved "$H"
M1=$(made "merge the lower part" "$(merged "$P" "$C1")" "$P" "$C1")
expect_admitted "the lower part lands" push_as alice "$M1:refs/heads/$R"
on otherwise "$M1"
sed -i 's/^fifteen$/quinze/' base.txt
OTHER=$(save "the word in another language")
approved "$OTHER"
expect_admitted "and what it wrote is written otherwise" \
    push_as alice "$OTHER:refs/heads/$R"
HALF=$(made "merge the rest" "$(merged "$OTHER" "$H")" "$OTHER" "$H")
check "what Git merges now lacks the lower part's word" \
    sh -c "! git -C '$W/alice' show $HALF:base.txt | grep -q fifteen"
for side in "$OTHER" "$B" "$H"; do
	A show "$side:base.txt" >"$W/$side"
done
check_not "though with the merge base of then it is a conflict" 1 \
    git merge-file -p "$W/$OTHER" "$W/$B" "$W/$H"
expect_refused peer.spent "so that a conflict does not count as the same" \
    push_as alice "$HALF:refs/heads/$R"
approved "$HALF"
expect_admitted "approved itself, it lands" push_as alice "$HALF:refs/heads/$R"
done_testing

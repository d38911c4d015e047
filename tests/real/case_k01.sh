#!/bin/sh
# K01: an approval is good for the exact content, target and moment.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
policy_main </dev/null | with_develop | use_policy
on_server update-ref refs/heads/develop main
foureyes adopt "$REPO" >"$W/out" 2>&1
uncovered='review.unreviewed-commit|peer.other-commit|peer.none'

: A01 the approved id is compared with the pushed id, by nobody else
change_as alice a01
approved bob
HEAD_SEEN=$C
commit_as alice a01.txt "PAY-1 after the approval"
stops "$uncovered" "A01: a newer head than was approved" alice a01:main
push_as alice -q a01
stops "$uncovered" "A01: and it does not help that the branch has it" \
    alice a01:main
lands "A01: the approved head itself" alice "$HEAD_SEEN:main"
onto alice a01-again
git_as alice checkout -q -B a01-amended
commit_as alice a01-again.txt "PAY-1 said well

$PLAN"
push_as alice -q a01-amended
approved bob
GIT_COMMITTER_DATE='1700000000 +0000' git_as alice commit -q --amend \
    --no-edit
lands "A01+: the same content under another id is carried" \
    alice a01-amended:main
decided '"carried":"same-content"' "A01+: and the record says how"

: A03 what it was given for
change_as alice a03
for target in refs/heads/scratch refs/heads/MAIN 'refs/heads/*' \
    refs/tags/main refs/heads/main/x refs/foureyes/main; do
	tag_as bob foureyes/a03 "$(statement "$target")"
	send bob 'evidence\.(not-gated|target)' \
	    "A03: an approval for '$target', which is not gated"
done
stops "$uncovered" "A03: and nothing of it counts for main" alice a03:main
for target in main heads/main /refs/heads/main refs/heads/main/ \
    'refs/heads//main' 'refs/heads/main refs/heads/develop' ''; do
	tag_as bob foureyes/a03 "$(statement "$target")"
	send bob evidence.target "A03+: '$target' is no target"
done
on_server symbolic-ref refs/heads/alias refs/heads/main
tag_as bob foureyes/a03 "$(statement refs/heads/alias)"
send bob evidence.not-gated "A03+: an alias of main is no target either"
on_server symbolic-ref -d refs/heads/alias
approved bob --for develop
stops peer.other-target "A03: given for develop, pushed to main" \
    alice a03:main
approved bob
lands "A03: given again for main" alice a03:main

: A04 one approval, one ref, one repository
onto alice a04
git_as alice checkout -q -B a04 origin/develop
commit_as alice a04.txt "PAY-1 for develop

$PLAN"
push_as alice -q a04
approved bob --for develop
H=$C
onto alice a04-merge
git_as alice merge -q --no-ff -m "PAY-1 develop into main" "$H"
stops 'peer.other-target|review.unreviewed-commit' \
    "A04: an approval of the same commits for develop" alice a04-merge:main
lands "A04: it is good for develop" alice a04:develop
stops 'peer.other-target|review.unreviewed-commit' \
    "A04: nor after it has landed there" alice a04-merge:main
C=$H
approved bob
lands "A04: approved for main, the merge of it lands" alice a04-merge:main

change_as alice a04-both
tag_as bob foureyes/a04 "$(statement refs/heads/main)
Foureyes-Target: refs/heads/nowhere"
send bob evidence.not-gated "A04+: one gated target does not carry another"
tag_as bob foureyes/a04 "$(statement refs/heads/main)
Foureyes-Target: refs/heads/develop"
send bob
lands "A04+: an approval of two targets, the first" alice a04-both:main
git_as alice checkout -q -B a04-second origin/develop
git_as alice merge -q --no-ff -m "PAY-1 into develop" "$C"
lands "A04+: and the second" alice a04-second:develop

change_as alice a04-elsewhere
git init -q --bare -b main "$W/srv/billing.git"
git_as alice push -q "$W/srv/billing.git" "origin/main:refs/heads/main" \
    a04-elsewhere
foureyes install "$W/srv/billing.git" >"$W/out" 2>&1
foureyes adopt billing >>"$W/out" 2>&1 || verdict 1 "billing is adopted"
tag_as bob foureyes/elsewhere "$(statement)"
expect_refused evidence.other-repository \
    "A04+: an approval of the same commit for another repository" \
    git_as bob push "$W/srv/billing.git" \
    "$T:refs/foureyes/approvals/$C/elsewhere"
send bob
expect_refused "$uncovered" "A04+: nor does it count there once it is here" \
    git_as alice push "$W/srv/billing.git" "$C:refs/heads/main"
lands "A04+: it counts where it was given" alice "$C:main"

: A05 order comes from the log, and a missing input switches nothing off
change_as alice a05
approved bob
check "A05: taken back" approve_as bob "$C" --withdraw
rm -f "$W"/etc/index.db*
stops peer.withdrawn "A05: the order of two statements outlives the index" \
    alice a05:main
tag_as bob foureyes/a05 "$(statement)"
edit_as bob tag "$T" '/^tagger /d'
T=$O
send bob 'evidence\.[a-z-]*' "A05+: a tag without tagger and date"
mv "$W/etc/ledger" "$W/away"
mkdir "$W/etc/ledger"
check_not "A05+: without the log nothing is in order" 1 push_as alice a05:main
rmdir "$W/etc/ledger"
mv "$W/away" "$W/etc/ledger"

: A06 no date of a commit or tag grants anything
change_as alice a06
approved bob
GIT_AUTHOR_DATE='978307200 +0000' GIT_COMMITTER_DATE='978307200 +0000' \
    commit_as alice a06.txt "PAY-1 as if from 2001

$PLAN"
stops "$uncovered" "A06: a commit dated before its approval" alice a06:main
push_as alice -q a06
DATED='978307200 +0000'
tag_as bob foureyes/a06 "$(statement)"
send bob
lands "A06+: an approval dated long ago is as old as its receipt" \
    alice a06:main
change_as alice a06-future
DATED='4070908800 +0000'
tag_as bob foureyes/future "$(statement)"
send bob
DATED=
tag_as bob foureyes/back "$(statement refs/heads/main withdraw)"
send bob
stops peer.withdrawn "A06+: one dated 2099 is taken back all the same" \
    alice a06-future:main

change_as alice a06-replay
DATED="$(($(date +%s) - 60)) +0000"
tag_as bob foureyes/kept "$(statement)"
KEPT=$T
DATED=
tag_as bob foureyes/back "$(statement refs/heads/main withdraw)"
send bob
T=$KEPT
send bob
stops peer.withdrawn \
    "A06+: one held back until after the withdrawal, dated before it" \
    alice a06-replay:main
DATED="$(($(date +%s) + 60)) +0000"
tag_as bob foureyes/fresh "$(statement)"
DATED=
send bob
lands "A06+: a fresh yes after the withdrawal" alice a06-replay:main

change_as alice a06-back
approved bob
DATED='978307200 +0000'
tag_as bob foureyes/back "$(statement refs/heads/main withdraw)"
DATED=
send bob
stops peer.withdrawn "A06+: a withdrawal dated before the approval" \
    alice a06-back:main

: A07 carried to another form only where the content is the same
change_as alice a07
commit_as alice a07-2.txt "PAY-1 second patch set"
push_as alice -q a07
approved bob
H=$C
git_as alice checkout -q -B a07-code "$H~1"
commit_as alice a07-2.txt "PAY-1 second patch set"
commit_as alice a07-5.txt "PAY-1 fifth patch set"
stops "$uncovered" "A07: a later patch set with other code" alice a07-code:main
onto alice a07-squash
git_as alice merge -q --squash "$H" >/dev/null
git_as alice commit -q -m "PAY-1 in one

$PLAN"
lands "A07: a squash of exactly what was approved" alice a07-squash:main
decided "\"person\":\"bob\"[^}]*\"commit\":\"$H\"[^}]*\"carried\":\"same-content\"" \
    "A07: the record names the voter, the commit voted on, and the carry"
MAIN_APPROVALS='count: 1, groups: [engineers], carry: exact'
policy_main </dev/null | with_develop | use_policy
change_as alice a07-exact
approved bob
GIT_COMMITTER_DATE='1700000000 +0000' git_as alice commit -q --amend \
    --no-edit
stops 'peer.carry|review.carry' "A07: and not where the gate says exact" \
    alice a07-exact:main
MAIN_APPROVALS='count: 1, groups: [engineers]'
policy_main </dev/null | with_develop | use_policy

: A08 no id is no commit
change_as alice a08
zero=0000000000000000000000000000000000000000
tag_as bob foureyes/a08 "$(statement)"
SEND_AS=$zero
send bob 'evidence\.(commit|ref)' "A08: an approval of the null commit"
for name in "$(printf '%.12s' "$C")" "$(echo "$C" | tr a-f A-F)" null HEAD; do
	SEND_AS=$name
	send bob 'evidence\.(commit|ref)' "A08: '$name' names no commit"
done
SEND_AS=
for nothing in $zero '' "$(printf '%.12s' "$C")"; do
	edit_as bob tag "$T" "s/^object .*/object $nothing/"
	check_not "A08: a tag on the commit '$nothing'" 1 \
	    push_as bob "$O:refs/foureyes/approvals/$C/nothing"
done
for what in "$C^{tree}" "$C:base.txt"; do
	tag_as bob foureyes/a08 "$(statement)" "$what"
	send bob 'evidence\.[a-z-]*' "A08: an approval of ${what#"$C"}"
done
stops "$uncovered" "A08: nothing of that counts" alice a08:main
tag_as bob foureyes/inner "$(statement)"
tag_as bob foureyes/outer "$(statement)" "$T"
send bob evidence.not-a-commit "A08+: a tag of a tag"
onto alice a08-other
commit_as alice a08-other.txt "PAY-1 another

$PLAN"
push_as alice -q a08-other
OTHER=$C
C=$(git_as alice rev-parse a08)
tag_as bob foureyes/a08 "$(statement)" "$OTHER"
send bob evidence.commit "A08+: a tag on another commit than its name says"

: A09 after the fact is after the fact
onto carol a09
commit_as carol a09.txt "PAY-1 the site is down"
check "A09: an emergency lands without approval" push_as carol \
    -o emergency=INC-9 -o reason='the checkout page is down' a09:main
decided '"outcome":"ADMITTED_AS_EMERGENCY"' "A09: and is called that"
last_decision | sha256sum >"$W/before"
approved bob
check "A09: the push's verdict stays as it was" \
    sh -c "grep -h '\"type\":\"decision\"' '$W'/etc/ledger/*.jsonl |
        grep ADMITTED_AS_EMERGENCY | sha256sum | cmp - '$W/before'"
decided '"outcome":"ADMITTED_AS_EMERGENCY","?.*"approvals":\[\]' \
    "A09: and names no approval"
onto alice a09-undo
git_as alice revert --no-edit "$C" >/dev/null
git_as alice commit -q --amend -m "PAY-1 undo it

$PLAN"
push_as alice -q a09-undo
C=$(git_as alice rev-parse HEAD)
approved bob
lands "A09+: it is undone" alice a09-undo:main
onto alice a09-again
git_as alice revert --no-edit HEAD >/dev/null
stops "$uncovered|peer.spent|peer.after-the-fact" \
    "A09+: a yes given after the fact lands nothing later" \
    alice a09-again:main

: A10 the last word of each person
change_as alice a10
approved bob
check "A10: then objected" approve_as bob "$C" --object
tag_as bob foureyes/comment "$(statement refs/heads/main comment)"
send bob evidence.decision "A10: a comment is no decision"
stops 'peer.(objection|withdrawn)' "A10: approved, objected, commented" \
    alice a10:main
approved carol
stops peer.objection "A10+: another's yes does not lift it" alice a10:main
change_as alice a10-heads
approved bob
FIRST=$C
commit_as alice a10-heads.txt "PAY-1 second head

$PLAN"
push_as alice -q a10-heads
approved bob
check "A10: the second yes is taken back" approve_as bob "$C" --withdraw
stops 'peer.withdrawn' "A10: approved twice, taken back once" \
    alice a10-heads:main
stops 'peer.withdrawn' "A10: the first head is taken back with it" \
    alice "$FIRST:main"
change_as alice a10-twice
tag_as bob foureyes/one "$(statement)"
ONE=$T
send bob
DATED="$(($(date +%s) - 30)) +0000"
tag_as bob foureyes/two "$(statement)"
DATED=
send bob
sleep 1
check "A10+: taken back once" approve_as bob "$C" --withdraw
stops peer.withdrawn "A10+: it takes back both yeses of the same commit" \
    alice a10-twice:main
T=$ONE
send bob
stops peer.withdrawn "A10+: the old one sent again under another name" \
    alice a10-twice:main
git_as bob cat-file tag "$ONE" | awk '
	/^-----BEGIN/ { print; in_armor = 1; next }
	/^-----END/ { while (length(all)) { print substr(all, 1, 40)
	    all = substr(all, 41) } print; in_armor = 0; next }
	in_armor { all = all $0; next }
	{ print }' >"$W/wrapped"
object_as bob tag "$W/wrapped"
T=$O
[ "$T" != "$ONE" ] || verdict 1 "the armor was wrapped otherwise"
send bob
stops peer.withdrawn "A10+: and again with its armor wrapped otherwise" \
    alice a10-twice:main
before=$(records observation)
T=$ONE
send bob
check "A10+: a statement known already is recorded once" \
    [ "$before" -eq "$(records observation)" ]

: A11 all approvals are looked at
change_as alice a11
approved carol
approved alice
lands "A11: a peer's yes, then the author's" alice a11:main
decided '"person":"carol"[^}]*"counted":true' "A11: counted is the peer's"
change_as alice a11-first
approved alice
approved carol
lands "A11+: the author's yes, then a peer's" alice a11-first:main

: A06+ nothing is good for ever
MAIN_APPROVALS='count: 1, groups: [engineers], valid_for: 1s'
policy_main </dev/null | with_develop | use_policy
change_as alice a06-old
approved bob
sleep 2
stops peer.expired "A06+: older than the gate takes" alice a06-old:main
MAIN_APPROVALS='count: 1, groups: [engineers]'
policy_main </dev/null | with_develop | use_policy
lands "A06+: the policy at the landing judges" alice a06-old:main

: a tag made for another purpose
change_as alice purpose
tag_as bob v1.0 "$(statement)"
send bob evidence.name "A03+: trailers smuggled into a release tag"
for name in foureyes foureyes/ Foureyes/x xfoureyes/x; do
	tag_as bob foureyes/right "$(statement)"
	edit_as bob tag "$T" "s,^tag .*,tag $name,"
	T=$O
	send bob 'evidence\.[a-z-]*' "A03+: a tag that calls itself '$name'"
done
tag_as bob foureyes/release "$(statement)"
push_as bob -q "$T:refs/tags/foureyes-release"
send bob evidence.came-otherwise \
    "A03+: a statement first received as an ordinary tag"
stops "$uncovered" "A03+: and it admits nothing" alice purpose:main
for twice in Decision:object Repository:billing; do
	tag_as bob foureyes/twice "$(statement)
Foureyes-${twice%%:*}: ${twice#*:}"
	send bob evidence.twice "A03+: two lines Foureyes-${twice%%:*}"
done
on_server symbolic-ref "refs/foureyes/approvals/$C/alias" refs/heads/alias
tag_as bob foureyes/alias "$(statement)"
no_move 'evidence.(alias|ref)' "A03+: a name that leads somewhere else" \
    push_as bob "$T:refs/foureyes/approvals/$C/alias"
on_server symbolic-ref -d "refs/foureyes/approvals/$C/alias"
for name in Payments payments.git payments/ ./payments payments2; do
	tag_as bob foureyes/named "$(statement | sed "s,payments,$name,")"
	send bob evidence.other-repository "A04+: '$name' is another repository"
done
tag_as bob foureyes/more "$(statement)
Foureyes-Valid-Until: 2099-01-01"
send bob evidence.trailer "A03+: a line of ours that nobody knows"

: a tag brings the commit along
onto bob alone
GIT_AUTHOR_EMAIL=alice@example.com GIT_COMMITTER_EMAIL=alice@example.com \
    commit_as bob alone.txt "PAY-1 as if by alice

$PLAN"
tag_as bob foureyes/alone "$(statement)"
check_not "R18: the server does not have the commit" 128 \
    on_server cat-file -e "$C^{commit}"
send bob peer.commit-unknown "R18: the tag alone, with the commit in its pack"
says 'push the branch first' "R18: it says what to do"
stops peer.commit-unknown "R18: or both at once" bob \
    "alone:refs/heads/alone" \
    "$T:refs/foureyes/approvals/$C/both"
check_not "R18: nothing of it stayed" 128 \
    on_server cat-file -e "$C^{commit}"
tag_as bob foureyes/told "$(statement '' | sed "/^Foureyes-[TD]/d")
Foureyes-Environment: staging
Foureyes-Result: success"
stops peer.commit-unknown "R18: a deployment told of it likewise" bob \
    "$T:refs/foureyes/deployments/staging/$C/told"
tag_as bob foureyes/alone "$(statement)"
push_as bob -q alone
send bob
stops peer.first-pusher "R18: the branch first, and it is known who brought it" \
    bob alone:main
approved carol
lands "R18: another's yes will do" alice origin/alone:main
done_testing

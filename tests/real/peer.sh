#!/bin/sh
# Peer approval: whose yes counts, what a yes must say, and until when.  Every
# code of the control that a push can give is given here.
. "$(dirname "$0")/lib.sh"
site local
n=0

# by AUTHOR-EMAIL COMMITTER-EMAIL BRANCH MESSAGE: a commit in alice's clone.
by() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$3" origin/main
	GIT_AUTHOR_EMAIL=$1 GIT_COMMITTER_EMAIL=$2 commit_as alice "$3.txt" "$4

$PLAN"
	push_as alice -q "+$3"
}

approved_by() {
	approve_as "$@" >"$W/out" 2>&1 || verdict 1 "$1 could not approve"
}

# refused CODE WHO WHAT: WHO approves $C, and it does not count.
refused() {
	approved_by "$2" "$C"
	expect_refused "$1" "$3" push_as alice "$C:main"
}

in_an_hour() {
	date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ
}

in_seconds() {
	date -u -d "+$1 seconds" +%Y-%m-%dT%H:%M:%SZ
}

# ---- nobody, and those with a part in it ----

change_as alice nobody
expect_refused peer.none "nobody approved it" push_as alice nobody:main
says "$C" "the refusal names the whole commit to approve"
says "who: .*bob" "and somebody who could approve it"
check "her own tag does not name her as one" \
    sh -c "! grep -q 'who: .*alice' '$W/out'"
refused peer.author alice "its author approved it"

by alice@example.com alice@example.com coauthor "PAY-1 together

Co-authored-by: Bob <bob@example.com>"
refused peer.co-author bob "a co-author approved it"
by alice@example.com bob@example.com committer "PAY-1 committed by another"
refused peer.committer bob "its committer approved it"

git_as alice checkout -q -B firstpush origin/main
commit_as alice firstpush.txt "PAY-1 pushed by another

$PLAN"
git_as bob fetch -q "$W/alice" firstpush
push_as bob -q FETCH_HEAD:refs/heads/firstpush
refused peer.first-pusher bob "its first pusher approved it"
approved_by carol "$C"
expect_admitted "somebody else's yes beside it counts" \
    push_as alice "$C:main"

# Who brought it first counts, whoever pushes it again under another name.
git_as alice fetch -q origin
git_as alice checkout -q -B relayed origin/main
commit_as alice relayed.txt "PAY-1 relayed

$PLAN"
git_as bob fetch -q "$W/alice" relayed
git_as bob push -q origin FETCH_HEAD:main >"$W/out" 2>&1
push_as alice -q relayed
refused peer.first-pusher bob "who pushed it to main in vain brought it first"

# A squash or rebase by somebody else frees nobody: both sides count.
# squash_of COMMIT BRANCH: alice's, on main; $N.
squash_of() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$2" origin/main
	git_as alice cherry-pick --no-commit "$1" >"$W/out" 2>&1
	git_as alice commit -q -m "PAY-1 squashed by alice

$PLAN"
	N=$(git_as alice rev-parse HEAD)
}
change_as bob bobs
approved_by bob "$C"
squash_of "$C" bobs-squashed
expect_refused peer.author "the maker of what was squashed" \
    push_as alice "$N:main"
approved_by carol "$C"
git_as carol fetch -q "$W/alice" bobs-squashed
expect_refused review.stranger-author \
    "a squash with a stranger's name, landed by another" \
    push_as carol "$N:main"
squash_of "$C" bobs-squashed-again
expect_admitted "landed by whose name it bears" push_as alice "$N:main"

# A copy in another's name is remembered as what it was before.
change_as bob original
BOBS=$C
squash_of "$BOBS" copied
push_as alice -q copied
approved_by bob "$N"
expect_refused peer.first-pusher "who brought the same patch before" \
    push_as alice copied:main
says "$(echo "$BOBS" | cut -c1-12)" "and in which commit is said"
change_as alice tried
MINE=$C
git_as bob fetch -q origin
git_as bob checkout -q -B trying origin/main~1
git_as bob cherry-pick "$MINE" >/dev/null
git_as bob commit -q --amend -m "PAY-1 bob tries it" --reset-author
push_as bob -q trying
approved_by bob "$MINE"
expect_admitted "a copy made later takes nothing from its maker" \
    push_as alice "$MINE:main"

# What was there before anybody kept a record has no first pusher: that bars
# nobody, and then its author must be known, whatever the gate lets be.
# before NAME EMAIL: a branch of before; $C.
before() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$1" origin/main
	GIT_AUTHOR_EMAIL=$2 GIT_COMMITTER_EMAIL=$2 commit_as alice "$1.txt" \
	    "PAY-1 from before

$PLAN"
	on_server fetch -q "$W/alice" "$1:refs/heads/$1"
	approved_by bob "$C"
}
before old-topic alice@example.com
expect_admitted "a commit from before the records, by somebody known" \
    push_as alice old-topic:main
check "it is counted as unseen" sh -c "grep -h '\"type\":\"decision\"' \
    '$W'/etc/ledger/*.jsonl | tail -1 | grep -q '\"unseen\":1'"
before older-topic nobody@example.net
expect_refused peer.unknown-contributor "by somebody unknown" \
    push_as alice older-topic:main
policy_main <<'YAML' | use_policy
unknown_contributors: allow
YAML
expect_refused peer.unknown "also where unknown contributors are let be" \
    push_as alice older-topic:main
by nobody@example.net alice@example.com new-topic "PAY-1 by a stranger"
approved_by bob "$C"
expect_admitted "who pushed it is enough there" push_as alice "$C:main"
policy_main </dev/null | use_policy

# ---- look-alikes are suspected, and suspects are barred ----

dot=$(printf '\357\274\216')
for who in Bob@Example.com "bob@example${dot}com" \
    "$(printf 'bob@ex\320\260mple.com')"; do
	by "$who" alice@example.com "like-$n" "PAY-1 by $who"
	n=$((n + 1))
	approved_by bob "$C"
	expect_refused 'peer.(author|unknown-contributor)' \
	    "'$who' is taken for bob" push_as alice "$C:main"
	says '\(peer.author\)' "and bob's yes does not count"
done
by Bob@Example.com alice@example.com cased "PAY-1 by bob in capitals"
approved_by carol "$C"
expect_admitted "an address in other capitals is known all the same" \
    push_as alice "$C:main"
by stranger@example.net alice@example.com stranger "PAY-1 by a stranger"
refused peer.unknown-contributor bob "nobody knows its author"
says 'stranger@example.net' "and the stranger is named"

# ---- outside, machines, unknown keys ----

change_as alice outsider
expect_refused peer.not-in-group "somebody outside the groups" \
    approve_as dave "$C"
expect_refused peer.not-in-group "inside for one of two targets" \
    approve_as carol "$C" --for main --for production
change_as alice machine
expect_refused peer.machine "a machine" approve_as deploy-bot "$C"
change_as alice unknown
git_as bob config user.signingKey "$W/keys/mallory.pub"
expect_refused peer.unknown-key "a key nobody has" approve_as bob "$C"
git_as bob config user.signingKey "$W/keys/bob.pub"
expect_refused "peer.(none|unknown-person)" "none of them admits anything" \
    push_as alice unknown:main

# ---- for this purpose ----

change_as alice target
approved_by bob "$C" --for production
expect_refused peer.other-target "approved for another branch" \
    push_as alice target:main
expect_refused evidence.other-repository "approved for another repository" \
    approve_as bob "$C" --repository billing
says "$REPO" "and the refusal names the right one"
expect_refused evidence.not-gated "approved for a branch without a gate" \
    approve_as bob "$C" --for refs/heads/elsewhere

change_as alice other
approved_by bob "$C"
commit_as alice more.txt "PAY-1 and another file"
push_as alice -q other
expect_refused review.unreviewed-commit "approved was the commit before" \
    push_as alice other:main
git_as alice reset -q --hard HEAD~
git_as alice rm -q other.txt
commit_as alice other.txt "PAY-1 unused"
git_as alice reset -q --soft origin/main
git_as alice commit -q -m "PAY-1 the file, otherwise

$PLAN"
push_as alice -qf other
expect_refused peer.other-commit "approved was an earlier head" \
    push_as alice other:main

# A tag that came by another ref was made for another purpose.
change_as alice smuggled
git_as bob fetch -q origin
git_as bob tag -s -m "Notes of the release

Foureyes-Repository: $REPO
Foureyes-Target: refs/heads/main
Foureyes-Decision: approve" foureyes/notes "$C"
push_as bob -q refs/tags/foureyes/notes
git_as alice fetch -q origin refs/tags/foureyes/notes:refs/tags/foureyes/notes
expect_refused evidence.came-otherwise "a release tag is no approval" \
    push_as alice "foureyes/notes:refs/foureyes/approvals/$C/notes"
expect_refused peer.none "and admits nothing" push_as alice smuggled:main

git_as alice fetch -q origin
git_as alice checkout -q -B unpushed origin/main
commit_as alice unpushed.txt "PAY-1 never pushed

$PLAN"
git_as bob fetch -q "$W/alice" unpushed
expect_refused peer.commit-unknown "approved before its branch is pushed" \
    approve_as bob "$C"
says "push the$|branch first" "and told what to do"

# ---- taken back ----

change_as alice withdrawn
approved_by bob "$C"
check "an approval is withdrawn" approve_as bob "$C" --withdraw
expect_refused peer.withdrawn "and counts no more" \
    push_as alice withdrawn:main
sleep 1
approved_by bob "$C"
expect_admitted "a later yes does" push_as alice withdrawn:main

# A yes kept in a drawer from before the no.
change_as alice drawer
(cd "$W/bob" && git_as bob fetch -q origin && git_as bob tag -s -m "Yes

Foureyes-Repository: $REPO
Foureyes-Target: refs/heads/main
Foureyes-Decision: approve" foureyes/drawer "$C") >"$W/out" 2>&1
sleep 1
check "bob takes back what he never sent" approve_as bob "$C" --withdraw
expect_admitted "and then sends it" push_as bob \
    "foureyes/drawer:refs/foureyes/approvals/$C/drawer"
expect_refused peer.withdrawn "the later no, by its date, holds" \
    push_as alice drawer:main

change_as alice grows
FIRST=$C
approved_by bob "$FIRST"
commit_as alice grows-2.txt "PAY-1 more of it"
push_as alice -q grows
check "bob objects to the later head" approve_as bob "$C" --object
expect_refused peer.withdrawn "and takes back his yes to the earlier" \
    push_as alice "$FIRST:main"

# ---- objections ----

change_as alice objected
approved_by bob "$C"
check "a colleague objects" approve_as carol "$C" --object
expect_refused peer.objection "one objection stops what another approved" \
    push_as alice objected:main
git_as alice checkout -q -B objected-squash origin/main
git_as alice merge -q --squash "$C" >/dev/null
git_as alice commit -q -m "PAY-1 the same, squashed

$PLAN"
push_as alice -q objected-squash
SQUASH=$(git_as alice rev-parse HEAD)
approved_by bob "$SQUASH"
expect_refused peer.objection "and whatever it is carried into" \
    push_as alice "$SQUASH:main"
check "the objection is withdrawn" approve_as carol "$C" --withdraw
expect_admitted "and stops nothing more" push_as alice objected:main

change_as alice appeased
check "carol objects" approve_as carol "$C" --object
commit_as alice appeased-2.txt "PAY-1 what carol asked for"
push_as alice -q appeased
approved_by bob "$C"
expect_refused peer.objection "a later head is still objected to" \
    push_as alice appeased:main
approved_by carol "$C"
expect_admitted "until carol approves it" push_as alice appeased:main

change_as alice shown
approved_by bob "$C"
check "carol objects" approve_as carol "$C" --object
groups_of() {
	case $1 in
	alice | bob) echo engineers, release ;;
	carol) echo dba ;;
	dave) echo platform ;;
	erin) echo release ;;
	deploy-bot) echo deployers ;;
	esac
}
use_people </dev/null
expect_admitted "an objection of who may approve no more stops nothing" \
    push_as alice shown:main
check "and is in the record" sh -c "grep '\"type\":\"decision\"' \
    '$W'/etc/ledger/*.jsonl | tail -1 | grep -q peer.objection-shown"
use_groups() {
	case $1 in
	alice | bob | carol) echo engineers, release, incident-commanders ;;
	dave) echo platform ;;
	erin) echo release ;;
	deploy-bot) echo deployers ;;
	esac
}
groups_of() { use_groups "$1"; }
use_people </dev/null

# What was objected to after it landed is not promoted.
change_as alice regretted
approved_by bob "$C"
push_as alice -q regretted:main >"$W/out" 2>&1 || verdict 1 "it could not land"
check "carol objects after the landing" approve_as carol "$C" --object
expect_refused review.not-in-full "it goes nowhere from there" \
    push_as alice "$C:refs/heads/staging"
says 'carol *$|objects to' "and why is said"
check "carol withdraws" approve_as carol "$C" --withdraw
expect_admitted "then it goes on" push_as alice "$C:refs/heads/staging"

# ---- how many ----

MAIN_APPROVALS='count: 2, groups: [engineers]'
policy_main </dev/null | use_policy
change_as alice two
approved_by bob "$C"
expect_refused peer.count "one of two" push_as alice two:main
sleep 1
refused 'peer.(count|same-person)' bob "one person twice"
says '\(peer.same-person\)' "is one person"
approved_by carol "$C"
expect_admitted "two of two" push_as alice two:main
MAIN_APPROVALS='count: 1, groups: [engineers]'

# ---- in force: when given, and when used ----

# later CODE WHAT: bob approved $C while he may; then people.yaml is put anew.
later() {
	use_people </dev/null
	expect_refused "$1" "$2" push_as alice "$C:main"
}

policy_main </dev/null | use_policy
change_as alice left
approved_by bob "$C"
groups_of() { if [ "$1" = bob ]; then echo release; else use_groups "$1"; fi; }
later peer.not-in-group "who approved it left the group"
groups_of() { use_groups "$1"; }
use_people </dev/null
expect_admitted "who is back in it counts again" push_as alice "$C:main"
change_as alice expired
approved_by bob "$C"
more_of() { [ "$1" != bob ] || echo "    expires: $(in_seconds -5)"; }
later peer.not-in-force "whose time is over"
expect_refused peer.not-in-force "may not approve either" approve_as bob "$C"
more_of() { :; }
use_people </dev/null
change_as alice key-lost
approved_by bob "$C"
ssh-keygen -q -t ed25519 -N '' -C bob-2 -f "$W/keys/bob-2"
keys_of() {
	key=$1
	[ "$1" != bob ] || key=bob-2
	echo "\"$(cut -d' ' -f1,2 "$W/keys/$key.pub")\""
}
later 'peer.(key-revoked)' "whose key was taken out"
change_as alice key-ends
approved_by carol "$C"
until=$(in_an_hour)
keys_of() {
	key=$(cut -d' ' -f1,2 "$W/keys/$1.pub")
	[ "$1" != "$ends" ] || echo "{key: \"$key\", until: $until}"
	[ "$1" = "$ends" ] || echo "\"$key\""
}
ends=carol
use_people </dev/null
expect_admitted "whose key will end" push_as alice "$C:main"

ends=bob
change_as alice key-ended
until=$(in_seconds 2)
use_people </dev/null
approved_by bob "$C"
sleep 2
expect_admitted "a key that ended keeps what came before" \
    push_as alice "$C:main"
change_as alice key-over
expect_refused peer.not-in-force "and gives nothing new" approve_as bob "$C"
. "$src/tests/real/lib_site.sh"
groups_of() { use_groups "$1"; }
use_people </dev/null

PEOPLE_THEN=$PEOPLE
change_as alice gone
approved_by bob "$C"
people_yaml() {
	printf 'version: 1\npeople:\n'
	for person in alice carol dave erin; do
		person_yaml "$person"
	done
}
later peer.unknown-person "who is in people.yaml no more"
. "$src/tests/real/lib_site.sh"
groups_of() { use_groups "$1"; }
use_people </dev/null
PEOPLE=$PEOPLE_THEN

MAIN_APPROVALS='count: 1, groups: [engineers], valid_for: 2s'
policy_main </dev/null | use_policy
change_as alice aging
approved_by bob "$C"
sleep 2
expect_refused peer.expired "two seconds of two are over" \
    push_as alice aging:main
approved_by bob "$C"
expect_admitted "a new one is in time" push_as alice aging:main

# ---- how it was given ----

MAIN_APPROVALS='count: 1, groups: [engineers], signed: pusher'
policy_main </dev/null | use_policy
# plain PERSON NAME: an unsigned annotated tag with the trailers.
plain() {
	git_as "$1" fetch -q origin
	git_as "$1" tag -a -m "Yes

Foureyes-Repository: $REPO
Foureyes-Target: refs/heads/main
Foureyes-Decision: approve" "foureyes/$2" "$C" &&
	    push_as "$1" "foureyes/$2:refs/foureyes/approvals/$C/$2"
}
change_as alice unsigned
check "an unsigned tag is its pusher's yes" plain bob plain
expect_admitted "and counts where the gate says so" \
    push_as alice unsigned:main
change_as alice unsigned-later
check "another" plain bob plain-2
MAIN_APPROVALS='count: 1, groups: [engineers]'
policy_main </dev/null | use_policy
expect_refused peer.unsigned "and not where signatures are asked for" \
    push_as alice unsigned-later:main
expect_refused evidence.unsigned "where none is taken down" plain bob plain-3

MAIN_APPROVALS='count: 1, groups: [engineers], presence: required'
policy_main </dev/null | use_policy
change_as alice untouched
refused peer.presence bob "a key that nobody had to touch"

MAIN_APPROVALS='count: 1, groups: [engineers], machines: [deploy-bot]'
policy_main </dev/null | use_policy
change_as bob by-machine
check "a machine that the gate lists approves" approve_as deploy-bot "$C"
expect_admitted "and is a peer" push_as bob by-machine:main
change_as bob by-machine-2
check "it approves another" approve_as deploy-bot "$C"
MAIN_APPROVALS='count: 1, groups: [engineers]'
policy_main </dev/null | use_policy
expect_refused peer.machine "it is none where the gate does not list it" \
    push_as bob by-machine-2:main

MAIN_APPROVALS='count: 1, groups: [engineers], coauthors: allow'
policy_main </dev/null | use_policy
by alice@example.com alice@example.com allowed "PAY-1 together

Co-authored-by: Bob <bob@example.com>"
approved_by bob "$C"
expect_admitted "a co-author, where the gate lets them" \
    push_as alice "$C:main"
done_testing

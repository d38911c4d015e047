#!/bin/sh
# K02: who is who.  Author, committer, co-author, first pusher, lander and
# approver are people of people.yaml, or nobody; never what a text says.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local

# people_with SED...: people.yaml with those edits, put in force.
people_with() {
	people_yaml | sed "$@" >"$W/people.yaml"
	take people.yaml
}

# people_refused WHAT SED...: such a people.yaml is not put in force.
people_refused() {
	what=$1
	shift
	people_yaml | sed "$@" >"$W/people.yaml"
	check_not "$what" 1 foureyes apply "$W/people.yaml"
}

# approvals_as WORDS [OPTION]: the gate's approvals, and more of the gate.
approvals_as() {
	MAIN_APPROVALS=$1
	policy_main <<YAML | use_policy
${2:-}
YAML
}

# made_by NAME EMAIL BRANCH: one commit on a branch, pushed by alice.
made_by() {
	onto alice "$3"
	by "$1" "$2" commit_as alice "$3.txt" "PAY-1 change $3

$PLAN"
	push_as alice -q "+$3" >"$W/out" 2>&1 || verdict 1 "$3 was pushed"
}

# raw_as AUTHOR-LINE BRANCH: a commit with these bytes behind "author ".
raw_as() {
	onto alice "$2"
	commit_as alice "$2.txt" "PAY-1 change $2

$PLAN"
	AUTHOR=$1 git_as alice cat-file commit "$C" | AUTHOR=$1 awk '
	    /^author / && !done { print "author " ENVIRON["AUTHOR"] \
	        " 1700000000 +0000"; done = 1; next } { print }' >"$W/raw"
	object_as alice commit "$W/raw"
	C=$O
	push_as alice -q "+$C:refs/heads/$2" >"$W/out" 2>&1
}

: B01 everybody with a part in the range
change_as alice b01
git_as bob fetch -q origin
git_as bob checkout -q -B b01 origin/b01
commit_as bob b01-bob.txt "PAY-1 and bob's part"
push_as bob -q b01
approved bob
stops 'peer.(author|committer)' "B01: who wrote the second of two commits" \
    alice "$C:main"
approved alice
stops 'peer.(author|committer)' "B01: and who wrote the first" \
    bob "$C:main"
approved carol
lands "B01: somebody else" alice "$C:main"

change_as alice b01-rebased
git_as bob fetch -q origin
git_as bob checkout -q -B b01-rebased origin/b01-rebased
git_as bob commit -q --amend -m "PAY-1 the same, said by bob

$PLAN"
C=$(git_as bob rev-parse HEAD)
git_as alice fetch -q "$W/bob" b01-rebased
push_as alice -q "+$C:refs/heads/b01-rebased"
approved bob
stops peer.committer "B01+: who rebased it" alice "$C:main"

: B03 a free text is no name
made_by deploy-bot nobody@nowhere.example b03
approved bob
stops peer.unknown-contributor "B03: a machine's name, without its address" \
    alice b03:main
says "nobody@nowhere.example" "B03: the refusal names the address,"
says "author of $(printf '%.12s' "$C")" "B03: the field and the commit"

: B04 a co-author by somebody else\'s doing
onto alice b04
commit_as alice b04.txt "PAY-1 as suggested

$PLAN
Co-authored-by: Bob <bob@example.com>"
push_as alice -q b04
approved bob
stops peer.co-author "B04: a co-author's yes" alice b04:main
says "bob is co-author of $(printf '%.12s' "$C")" "B04: says whose part it is"
approvals_as 'count: 1, groups: [engineers], coauthors: allow'
approved alice
lands "B04: a gate may let co-authors approve" alice b04:main
onto alice b04-author
commit_as alice b04-author.txt "PAY-1 by herself

$PLAN
Co-authored-by: Alice <alice@example.com>"
push_as alice -q b04-author
approved alice
stops peer.author "B04: which lets no author in" alice b04-author:main
approvals_as 'count: 1, groups: [engineers]'

: B05 a co-author line grants nothing, and a commit without it clears it
onto alice b05
commit_as alice b05.txt "PAY-1 with a false line

$PLAN
Co-authored-by: Carol <carol@example.com>"
push_as alice -q b05
approved carol
stops peer.co-author "B05: whoever is named is barred" alice b05:main
says "carol@example.com" "B05: the line is named"
git_as alice commit -q --amend -m "PAY-1 without it

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q +b05
approved carol
lands "B05: a commit without the line clears it" alice b05:main
onto alice b05-stranger
commit_as alice b05-stranger.txt "PAY-1 with a stranger

$PLAN
Co-authored-by: Somebody <x@nowhere.example>"
push_as alice -q b05-stranger
approved bob
stops peer.unknown-contributor "B05+: a co-author nobody knows" \
    alice b05-stranger:main
n=0
for line in 'co-authored-by: bob@example.com' '> Co-Authored-By: <BOB@EXAMPLE.COM>' \
    'Co-developed-by: Bob bob@example.com' \
    'Co-authored-by : Carol <carol@example.com>, Bob <bob@example.com>'; do
	n=$((n + 1))
	onto alice "b05-$n"
	commit_as alice "b05-$n.txt" "PAY-1 in other words

$line

$PLAN"
	push_as alice -q "b05-$n"
	approved bob
	stops peer.co-author "B05+: $line" alice "b05-$n:main"
done

: B06 a machine is no second pair of eyes
change_as alice b06
expect_refused peer.machine "B06: a machine's yes is refused" \
    approve_as deploy-bot "$C"
approvals_as 'count: 1, groups: [engineers, deployers]'
expect_refused peer.machine "B06: and no group makes it one" \
    approve_as deploy-bot "$C"
approvals_as 'count: 1, groups: [engineers], machines: [deploy-bot]'
approved deploy-bot
stops peer.owner "B06+: alice's machine approves alice's change" \
    alice b06:main
change_as bob b06-bob
approved deploy-bot
lands "B06: a gate that lists the machine takes it for others" \
    bob b06-bob:main
approvals_as 'count: 2, groups: [engineers], machines: [deploy-bot]'
change_as bob b06-two
approved alice
approved deploy-bot
stops 'peer.(same-person|count)' "B06+: alice and her machine are not two" \
    bob b06-two:main
approved carol
lands "B06+: alice and carol are" bob b06-two:main
approvals_as 'count: 1, groups: [engineers]'

: B06+ what a machine did is its owner\'s
git_as deploy-bot fetch -q origin
git_as deploy-bot checkout -q -B b06-machine origin/main
commit_as deploy-bot b06-machine.txt "PAY-1 made by a machine

$PLAN"
push_as deploy-bot -q b06-machine
approved alice
stops peer.owner "B06+: the owner approves what her machine made" \
    bob "$C:main"
says 'deploy-bot' "B06+: and the refusal names the machine"
approved bob
lands "B06+: somebody else approves it" alice "$C:main"
decided '"contributors":\["deploy-bot","alice"\]' \
    "B06+: the record counts it as hers"
decided '"code":"peer.by-machines"' "B06+: and as made by machines alone"
onto bob b06-carried
by deploy-bot deploy-bot@example.com commit_as bob b06-carried.txt \
    "PAY-1 in the machine's name

$PLAN"
push_as bob -q b06-carried
approved alice
stops peer.owner "B06+: the machine's address in what bob pushed" \
    bob b06-carried:main
approved bob
stops peer.first-pusher "B06+: which does not hide bob" alice "$C:main"

: B07 no identity is nobody\'s identity
change_as alice b07
approved bob
no_move environment.pusher-unknown "B07: a pusher without a name" \
    push_called '' alice b07:main
no_move environment.pusher-unknown "B07: a pusher nobody knows" \
    push_called mallory alice b07:main
for login in Alice 'alice ' ' alice' alice@example.com 'Alice Example' \
    alice-0 "$(printf '\320\260lice')"; do
	no_move environment.pusher-unknown "B07+: a pusher called '$login'" \
	    push_called "$login" alice b07:main
done
check_not "B07+: a pusher's name of two lines" 1 \
    push_called "$(printf 'mallory\nalice')" alice b07:main
no_move environment.pusher-unknown "B07+: a push option names no pusher" \
    push_called mallory alice -o pusher=alice -o user=alice \
    -o TEST_PUSHER=alice b07:main
no_move environment.pusher-unknown "B07+: nor do Git's own variables" env \
    GIT_COMMITTER_NAME=alice GIT_COMMITTER_EMAIL=alice@example.com \
    GIT_AUTHOR_NAME=alice GIT_AUTHOR_EMAIL=alice@example.com \
    GIT_PUSHER=alice REMOTE_USER=alice GL_USER=alice \
    GITEA_PUSHER_NAME=alice LOGNAME=alice USER=alice TEST_PUSHER=mallory \
    git -C "$W/alice" push origin b07:main
lands "B07: the same push by somebody we know" alice b07:main
onto alice b07-first
commit_as alice b07-first.txt "PAY-1 brought by nobody

$PLAN"
push_called '' alice b07-first >"$W/out" 2>&1 || verdict 1 "b07-first is there"
approved bob
stops peer.unknown-contributor "B07: brought first by nobody we know" \
    alice b07-first:main
says 'first pusher' "B07: which is said"

: B08 empty names and addresses
for who in 'A <>' 'A < >' "$(printf 'A <\t>')"; do
	raw_as "$who" b08-empty
	check_not "B08: a commit by '$who'" 1 push_as alice "$C:main"
	says 'object.malformed' "B08: is called malformed"
	says 'e-mail address' "B08: and what is missing is named"
done
raw_as ' <alice@example.com>' b08-noname
approved bob
lands "B08: a name may be empty, the address is what counts" \
    alice "$C:main"
decided '"written":"alice@example.com"' "B08: and the address is shown"
for who in 'A <alice@example.com' 'A alice@example.com>' 'A' \
    'A <alice@example.com> <bob@example.com>' \
    'A <alice@example.com>>' 'A <<alice@example.com>'; do
	raw_as "$who" b08-odd
	check_not "B08+: an author written '$who'" 1 push_as alice "$C:main"
	says 'object.malformed' "B08+: is called malformed"
done
people_refused "B08+: an empty address in people.yaml" \
    's/\[bob@example.com\]/[""]/'

: B09 an address stands in the table or is unknown
for email in 123+bob@users.noreply.example bob@users.noreply.example; do
	made_by bob "$email" b09
	approved carol
	stops peer.unknown-contributor "B09: $email is not in the table" \
	    alice b09:main
done
people_with 's/\[bob@example.com\]/[bob@example.com, 123+bob@users.noreply.example]/'
made_by bob 123+bob@users.noreply.example b09-listed
approved bob
stops peer.author "B09: what is listed is bob's" alice b09-listed:main
approved carol
lands "B09: and known" alice b09-listed:main
made_by bob bob@users.noreply.example b09-other
approved carol
stops peer.unknown-contributor "B09: the other form is still nobody's" \
    alice b09-other:main
printf 'Bob <bob@example.com> <%s>\n' bob@users.noreply.example \
    >"$W/alice/.mailmap"
git_as alice add .mailmap
git_as alice commit -q --amend --no-edit
C=$(git_as alice rev-parse HEAD)
push_as alice -q +b09-other
approved carol
stops peer.unknown-contributor "B09+: a .mailmap makes nobody known" \
    alice b09-other:main
people_with ''

: B11 author text grants nothing
git_as bob fetch -q origin
git_as bob checkout -q -B b11 origin/main
by alice alice@example.com commit_as bob b11.txt "PAY-1 in alice's name

$PLAN"
push_as bob -q b11
approved bob
stops peer.first-pusher "B11: who pushed it is known by credential" \
    alice "$C:main"
no_move environment.pusher-unknown "B11: and nobody lands by text" \
    push_called mallory bob "$C:refs/heads/main"
approved carol
lands "B11: the lawful twin" alice "$C:main"

onto bob b11-refused
by alice alice@example.com commit_as bob b11-refused.txt "PAY-1 refused first

$PLAN"
no_move 'peer.[a-z-]*|review.[a-z-]*' "B11+: bob's push of it is refused" \
    push_as bob "$C:refs/heads/main"
git_as alice fetch -q "$W/bob" b11-refused
push_as alice -q "$C:refs/heads/b11-refused"
approved bob
stops peer.first-pusher "B11+: he brought it first all the same" \
    alice "$C:refs/heads/main"
git init -q --bare -b main "$W/srv/billing.git"
git_as alice push -q "$W/srv/billing.git" origin/main:refs/heads/main
{
	foureyes install "$W/srv/billing.git" && foureyes adopt billing
} >"$W/out" 2>&1 || verdict 1 "billing is adopted"
onto bob b11-elsewhere
by alice alice@example.com commit_as bob b11-elsewhere.txt "PAY-1 elsewhere

$PLAN"
git_as bob push -q "$W/srv/billing.git" HEAD:refs/heads/b11 >"$W/out" 2>&1
git_as alice fetch -q "$W/bob" b11-elsewhere
push_as alice -q "$C:refs/heads/b11-elsewhere"
approved bob
stops peer.first-pusher "B11+: or brought it to another repository" \
    alice "$C:refs/heads/main"

: B12 look-alike letters
cyrillic=$(printf 'c\320\260rol@example.com')
made_by carol "$cyrillic" b12
approved carol
stops peer.unknown-contributor "B12: an author who looks like carol" \
    alice b12:main
approved bob
stops peer.unknown-contributor "B12: is not carol" alice b12:main
approvals_as 'count: 1, groups: [engineers]' 'unknown_contributors: allow'
made_by carol "$cyrillic" b12-allowed
approved carol
stops peer.author "B12: but bars carol where strangers may write" \
    alice b12-allowed:main
says 'carol may be author' "B12: and it is said that she may be"
says '0430' "B12+: the odd letter is shown by its number"
approved bob
lands "B12: nobody else" alice b12-allowed:main
for email in carol@EXAMPLE.com \
    "$(printf 'carol\357\274\240example.com')" \
    "$(printf 'carol@example\343\200\202com')" \
    "$(printf 'c\314\201arol@example.com')" \
    "$(printf 'carol\342\200\213@example.com')" \
    "$(printf '\357\275\203arol@example.com')" "carol @example.com"; do
	made_by carol "$email" b12-like
	approved carol
	stops peer.author "B12+: '$email' bars carol" alice b12-like:main
done
onto carol b12-login
by Ghost ghost@nowhere.example commit_as carol b12-login.txt \
    "PAY-1 by an unknown login

$PLAN"
push_called CAROL carol b12-login >"$W/out" 2>&1 || verdict 1 "b12-login is there"
approved carol
stops peer.first-pusher "B12+: a login in other letters bars carol" \
    alice "$C:main"
approved bob
lands "B12+: nobody else" alice "$C:main"
approvals_as 'count: 1, groups: [engineers]'

: B13 one address, written in several ways
made_by Bob Bob@Example.COM b13
approved bob
stops peer.author "B13: another case of letters is the same person" \
    alice b13:main
approved carol
lands "B13: and a known one" alice b13:main
raw_as 'Bob <bob@example.com >' b13-blank
approved bob
stops 'peer.(author|unknown-contributor)|object.malformed' \
    "B13: a blank behind the address" alice "$C:main"
people_with 's/\[bob@example.com\]/["j\\u00f6rg@example.com"]/'
made_by bob "$(printf 'jo\314\210rg@example.com')" b13-composed
approved bob
stops 'peer.(author|unknown-contributor)' \
    "B13: decomposed letters are the same person" alice b13-composed:main
people_with ''

: B14 a forge\'s committer is a text
onto alice b14
GIT_COMMITTER_NAME=Forge GIT_COMMITTER_EMAIL=noreply@forge.example \
    commit_as alice b14.txt "PAY-1 as if made on the forge

$PLAN"
push_as alice -q b14
approved bob
stops peer.unknown-contributor "B14: a forge's address, pushed by hand" \
    alice b14:main
says 'committer of' "B14: the committer is what is not known"

: B15 who left keeps what they did
change_as alice b15
approved carol
lands "B15: carol approves, and it lands" alice b15:main
cat "$W"/etc/ledger/*.jsonl >"$W/then"
people_yaml | awk '/^  carol:/ { skip = 1; next } /^[a-z]|^  [a-z]/ { skip = 0 }
    !skip' >"$W/people.yaml"
take people.yaml
change_as alice b15-later
expect_refused peer.unknown-key "B15: a yes given after she left" \
    approve_as carol "$C"
check "B15: the old records are unchanged" \
    sh -c "cat '$W'/etc/ledger/*.jsonl | head -c \"\$(wc -c <'$W/then')\" |
        cmp - '$W/then'"
check "B15: and hold together" foureyes verify --chain "$W/etc/ledger"
check "B15: the record of then still names her" \
    grep -Eq '"person":"carol"[^}]*"counted":true' "$W/then"
people_with ''
approved carol
lands "B15+: entered again, she approves again" alice b15-later:main

change_as alice b15-gone
approved carol
people_yaml | awk '/^  carol:/ { skip = 1; next } /^[a-z]|^  [a-z]/ { skip = 0 }
    !skip' >"$W/people.yaml"
take people.yaml
stops peer.unknown-person "B15+: a yes that had not landed when she left" \
    alice b15-gone:main
people_with ''
stops peer.not-in-force \
    "B15+: it is void, also when she is entered again with her key" \
    alice b15-gone:main
approved carol
lands "B15+: until she approves again" alice b15-gone:main

: B16 rights when given and when used
change_as alice b16
expect_refused peer.not-in-group "B16: by somebody without the right" \
    approve_as dave "$C"
people_with 's/groups: \[platform\]/groups: [platform, engineers]/'
approved dave
people_with ''
stops peer.not-in-group "B16: by somebody who lost it before the push" \
    alice b16:main
says 'dave' "B16: who is named"
approved bob
lands "B16: the lawful twin" alice b16:main
decided '"people":"[0-9a-f]{64}"' "B16: the record names the people in force"
change_as alice b16-expired
approved bob
people_with "/emails: \[bob@/a\\    expires: 2026-01-01"
stops peer.not-in-force "B16+: by somebody whose rights have expired" \
    alice b16-expired:main
expect_refused peer.not-in-force "B16+: who gives no more" \
    approve_as bob "$C"
no_move environment.pusher-expired "B16+: and lands no more" \
    push_as bob "$C:refs/heads/main"
people_with ''

: B16+ a group that was joined when the yes was given already
# as_of_old: the newest record is an approval that does not tell of groups.
as_of_old() {
	for newest in "$W"/etc/ledger/*.jsonl; do :; done
sed -i '$s/"groups":\[[^]]*\],//' "$newest"
}
policy_main <<-'YAML' | use_policy
	owners:
	  - {paths: ["db/**"], count: 1, groups: [dba]}
YAML
people_with 's/groups: \[platform\]/groups: [platform, dba]/'
change_as alice b16-joined
approved dave
people_with 's/groups: \[platform\]/groups: [platform, dba, engineers]/'
stops peer.joined-later "B16+: an owner who became an engineer since" \
    alice b16-joined:main
approved dave
lands "B16+: and who says it again" alice b16-joined:main
people_with ''
change_as alice b16-owned db/one.sql
approved bob
approved carol
people_with '/emails: \[carol@/,/groups:/s/dba, //'
stops owners.count "B16+: an owner no more" alice b16-owned:main
people_with ''
change_as alice b16-joins db/two.sql
approved bob
people_with '/emails: \[bob@/,/groups:/s/engineers/engineers, dba/'
stops owners.count "B16+: an engineer who became an owner since" \
    alice b16-joins:main
approved bob
lands "B16+: and who says it again" alice b16-joins:main
change_as alice b16-old
people_with 's/groups: \[platform\]/groups: [platform, dba]/'
approved dave
as_of_old
people_with 's/groups: \[platform\]/groups: [platform, dba, engineers]/'
stops peer.joined-later "B16+: of a record without groups, people.yaml of then" \
    alice b16-old:main
people_with ''
approved bob
as_of_old
lands "B16+: which tells of those who were in it" alice b16-old:main
policy_main </dev/null | use_policy

: B17 what has landed is not judged again
change_as bob b17-main
approved alice
lands "B17: another's change lands" bob b17-main:main
git_as alice checkout -q -B b17 origin/main~1
commit_as alice b17.txt "PAY-1 begun before it

$PLAN"
git_as alice fetch -q origin
git_as alice merge -q -m "Bring main in" origin/main
C=$(git_as alice rev-parse HEAD)
push_as alice -q b17
approved bob
lands "B17: others' landed commits ask for nothing, nor bar" alice b17:main
git_as deploy-bot fetch -q origin
expect_admitted "B17: a machine may tag another's commit" git_as deploy-bot \
    push origin origin/main:refs/tags/build-1

: B18 persons are counted, not keys
approvals_as 'count: 2, groups: [engineers]'
ssh-keygen -q -t ed25519 -N '' -C second -f "$W/keys/bob-second"
second=$(cut -d' ' -f1,2 "$W/keys/bob-second.pub")
bobs=$(cut -d' ' -f1,2 "$W/keys/bob.pub")
people_with "s,keys: \\[\"$bobs\"\\],keys: [\"$bobs\"\\, \"$second\"],"
change_as alice b18
approved bob
stops peer.count "B18: one of two" alice b18:main
git_as bob config user.signingKey "$W/keys/bob-second.pub"
approved bob
git_as bob config user.signingKey "$W/keys/bob.pub"
stops 'peer.(same-person|count)' "B18: one person with two keys" \
    alice b18:main
approved carol
lands "B18: two persons" alice b18:main
approvals_as 'count: 1, groups: [engineers]'

: B18+ one key, one person
people_refused "B18+: one key of two persons" \
    "s,keys: \\[\"$bobs\"\\],keys: [\"$(cut -d' ' -f1,2 "$W/keys/carol.pub")\"],"
people_refused "B18+: one key twice" \
    "s,keys: \\[\"$bobs\"\\],keys: [\"$bobs\"\\, \"$bobs another word\"],"
people_refused "B18+: a person's key for a machine" \
    "s,keys: \\[\"$(cut -d' ' -f1,2 "$W/keys/deploy-bot.pub")\"\\],keys: [\"$bobs\"],"
people_refused "B18+: one address of two persons" \
    's/\[carol@example.com\]/[carol@example.com, bob@example.com]/'
people_refused "B18+: a person's address for a machine" \
    's/\[deploy-bot@example.com\]/[bob@example.com]/'
people_refused "B18+: one login of two persons" \
    's/logins: {local: carol}/logins: {local: bob}/'
people_refused "B18+: a machine and a person of one id" 's/^  deploy-bot:/  bob:/'
people_refused "B18+: a machine that answers for a machine" \
    's/owner: alice/owner: deploy-bot/'
people_refused "B18+: an owner nobody has" 's/owner: alice/owner: frank/'

change_as alice b18-moved
approved bob
carols=$(cut -d' ' -f1,2 "$W/keys/carol.pub")
people_with -e "s,\"$bobs\",\"KEY\"," -e "s,\"$carols\",\"$bobs\"," \
    -e "s,\"KEY\",\"$carols\","
stops peer.key-revoked "B18+: its key went from one person to another" \
    alice b18-moved:main
people_with ''
lands "B18+: the key is theirs again" alice b18-moved:main

: B19 the words name the rule
change_as bob b19
git_as alice fetch -q origin
git_as alice checkout -q -B b19 "$C"
commit_as alice b19-2.txt "PAY-1 and alice's part"
push_as alice -q b19
approved bob
stops 'peer.(author|first-pusher)' \
    "B19: an earlier committer is barred as the last one is" alice b19:main
says "bob is author of" "B19: and the refusal says why"
done_testing

#!/bin/sh
# K03: a good signature is not yet the right person with a valid key, now.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
uncovered='review.unreviewed-commit|peer.other-commit|peer.none'
export GNUPGHOME="$W/gnupg"
mkdir -m 700 "$GNUPGHOME"

key_of() {
	cut -d' ' -f1,2 "$W/keys/$1.pub"
}

# bobs KEY...: the keys that people.yaml has of bob.
bobs() {
	list=
	for key in "$@"; do
		case $key in
		'{'*) list="$list${list:+, }$key" ;;
		*) list="$list${list:+, }\"$key\"" ;;
		esac
	done
	people_yaml | awk -v list="$list" '
	    /^  [a-z]/ { bob = $1 == "bob:" }
	    bob && /keys:/ { sub(/\[.*/, "[" list "]") } { print }' \
	    >"$W/people.yaml"
	take people.yaml
}

# settings LINE...: foureyes.yaml with more in it.
settings() {
	{
		settings_yaml
		printf '%s\n' "$@"
	} >"$W/etc/foureyes.yaml"
}

# unsigned_by PERSON: $W/payload is an approval of $C before it is signed.
unsigned_by() {
	git_as "$1" fetch -q origin
	cat >"$W/payload" <<TAG
object $C
type commit
tag foureyes/by-hand
tagger $1 <$1@example.com> $(date +%s) +0000

$(statement refs/heads/main)
TAG
}

# ssh_sign KEY [NAMESPACE]: $W/payload.sig by that key.
ssh_sign() {
	rm -f "$W/payload.sig"
	ssh-keygen -q -Y sign -f "$W/keys/$1" -n "${2:-git}" "$W/payload" \
	    >"$W/out" 2>&1 || verdict 1 "$1 could sign"
}

# gpg_sign KEY [OPTION]...: the same by an OpenPGP key.
gpg_sign() {
	gpg_key=$1
	shift
	gpg -q --batch --yes --pinentry-mode loopback --passphrase '' "$@" \
	    -u "$gpg_key" -a -o "$W/payload.sig" --detach-sign "$W/payload" \
	    >"$W/out" 2>&1 || verdict 1 "$gpg_key could sign"
}

# by_hand PERSON [CODE WHAT]: payload and signature as they lie there.
by_hand() {
	by_hand_as=$1
	shift
	cat "$W/payload" "$W/payload.sig" >"$W/signed"
	object_as "$by_hand_as" tag "$W/signed"
	T=$O
	send "$by_hand_as" "$@"
}

gpg_key() {
	gpg -q --batch --passphrase '' --pinentry-mode loopback \
	    --quick-gen-key "$1 <$1@keys.example>" "$2" sign "$3" \
	    >"$W/out" 2>&1 || verdict 1 "a key $1 could be made"
}

print_of() {
	gpg --list-keys --with-colons "$1@keys.example" |
	    awk -F: -v want="${2:-1}" '/^fpr/ && ++n == want { print $10; exit }'
}

keyring() {
	gpg -q --export >"$W/etc/keyring.gpg"
}

: C01 the key says who, and nothing written says otherwise
onto alice c01
by bob bob@example.com commit_as alice c01.txt "PAY-1 in bob's name

$PLAN"
git_as alice commit -q --amend --no-edit -S
C=$(git_as alice rev-parse HEAD)
push_as alice -q c01
git_as alice config user.name bob
git_as alice config user.email bob@example.com
tag_as alice foureyes/as-bob "$(statement refs/heads/main)"
git_as alice config user.name alice
git_as alice config user.email alice@example.com
send alice evidence.other-tagger "C01: alice's key, and a yes in bob's name"
says 'bob@example.com' "C01: the name in it is shown"
by "Bob Example" Bob@EXAMPLE.com tag_as alice foureyes/as-bob "$(statement refs/heads/main)"
send alice evidence.other-tagger "C01+: in other letters"
approved alice
stops 'peer.(first-pusher|committer)' \
    "C01: a signed commit in bob's name is alice's" alice c01:main
approved bob
stops peer.author "C01: and bob's, as far as it bars" alice c01:main
git_as carol config user.email carol@home.example
approved carol
git_as carol config user.email carol@example.com
lands "C01+: a tagger's address nobody has says nothing" alice c01:main
decided '"person":"carol"[^}]*"counted":true' "C01+: it is whose key it is"

: C02 OpenPGP: an unqualified yes of gpgv, and nothing less
gpg_key sound ed25519 never
gpg_key revoked ed25519 never
gpg_key expired ed25519 seconds=1
gpg_key listed rsa2048 never
gpg_key short rsa1024 never
SOUND=$(print_of sound)
gpg -q --batch --passphrase '' --pinentry-mode loopback \
    --quick-add-key "$SOUND" ed25519 sign never >"$W/out" 2>&1
keyring
settings "openpgp_keyring: $W/etc/keyring.gpg"
bobs "$(key_of bob)" "openpgp:$SOUND" "openpgp:$(print_of revoked)" \
    "openpgp:$(print_of expired)" "openpgp:$(print_of short)"
change_as alice c02
unsigned_by bob
gpg_sign "$(print_of revoked)!"
cp "$W/payload.sig" "$W/by-revoked.sig"
sed 's/^:--/--/' "$GNUPGHOME/openpgp-revocs.d/$(print_of revoked).rev" |
    gpg -q --import >"$W/out" 2>&1
keyring
by_hand bob evidence.signature-revoked "C02: by a key that is revoked"
gpg_sign "$(print_of expired)!" --faked-system-time 20200101T000000 \
    --ignore-time-conflict >"$W/out" 2>&1
by_hand bob 'evidence.signature-(expired|bad)' "C02: by one that has expired"
gpg_sign "$(print_of short)!"
by_hand bob evidence.signature-weak "C02+: by an RSA key of 1024 bits"
gpg_sign "$SOUND!" --digest-algo SHA1 --allow-weak-digest-algos
by_hand bob evidence.signature-weak "C02+: with SHA-1"
gpg_sign "$SOUND!" --default-sig-expire seconds=1
sleep 2
by_hand bob evidence.signature-expired "C02+: a signature that has expired"
gpg -q --batch --yes --pinentry-mode loopback --passphrase '' -u "$SOUND!" \
    -a -o "$W/payload.sig" --textmode --detach-sign "$W/payload"
by_hand bob 'evidence.signature-[a-z-]*' "C02+: one of a text, not of bytes"
gpg -q --batch --yes --pinentry-mode loopback --passphrase '' -u "$SOUND!" \
    -a -o "$W/payload.sig" --sign "$W/payload"
by_hand bob 'evidence.[a-z-]*' "C02+: a message instead of a signature"
stops "$uncovered" "C02: nothing of that counts" alice c02:main
gpg_sign "$(print_of sound 2)!"
by_hand bob
lands "C02: a signing subkey stands for its key" alice c02:main
decided "\"person\":\"bob\"[^}]*\"key\":\"openpgp:$SOUND\"" \
    "C02: and the record names that key"
bobs "$(key_of bob)" "openpgp:$(print_of sound 2)"
change_as alice c02-sub
unsigned_by bob
gpg_sign "$(print_of sound 2)!"
by_hand bob peer.unknown-key "C02+: a subkey in people.yaml is no key of bob"
bobs "$(key_of bob)" "openpgp:$SOUND"
printf 'key 1\nrevkey\ny\n0\n\ny\nsave\n' | gpg -q --batch --no-tty \
    --pinentry-mode loopback --passphrase '' --command-fd 0 \
    --edit-key "$SOUND" >"$W/out" 2>&1
keyring
by_hand bob evidence.signature-revoked "C02+: by a subkey that is revoked"
gpg_sign "$SOUND!"
by_hand bob
lands "C02+: while the key itself is good" alice c02-sub:main

: C03 what was good when it was recorded stays in the log
n=0
while [ $n -lt 4 ]; do
	n=$((n + 1))
	change_as alice "c03-$n"
	approved bob
	push_as alice -q "c03-$n:main" >"$W/out" 2>&1 ||
	    verdict 1 "C03: approval $n counted"
done
change_as alice c03-waiting
approved bob
cat "$W"/etc/ledger/*.jsonl >"$W/then"
bobs "$(key_of mallory)"
check "C03: a key is gone, and the log holds" \
    foureyes verify --chain "$W/etc/ledger"
check "C03: with all its approvals" sh -c "cat '$W'/etc/ledger/*.jsonl |
    head -c \"\$(wc -c <'$W/then')\" | cmp - '$W/then'"
stops peer.key-revoked "C03: what it gave and has not landed is void" \
    alice c03-waiting:main
change_as alice c03-eleventh
expect_refused peer.unknown-key "C03: and it gives nothing more" \
    approve_as bob "$C"
bobs "{key: \"$(key_of bob)\", until: 2026-01-01}"
expect_refused peer.not-in-force "C03+: a key whose time has ended" \
    approve_as bob "$C"
change_as alice c03-until
bobs "{key: \"$(key_of bob)\", until: 2999-01-01}"
approved bob
lands "C03+: a key counts before its end" alice c03-until:main
C=$(git_as alice rev-parse c03-waiting)
onto alice c03-merged
git_as alice merge -q --no-ff -m "Merge c03-waiting" "$C"
stops peer.not-in-force "C03+: what it gave before it was taken out is void" \
    alice c03-merged:main
approved bob
lands "C03+: until it is given again" alice c03-merged:main

: C05 one signature, one verdict
bobs "$(key_of bob)" "openpgp:$SOUND"
change_as alice c05
unsigned_by bob
gpg_sign "$(print_of listed)!"
cp "$W/payload.sig" "$W/unlisted"
gpg_sign "$SOUND!"
cp "$W/payload.sig" "$W/good"
echo changed >>"$W/payload"
gpg_sign "$SOUND!"
cp "$W/payload.sig" "$W/bad"
sed -i '$d' "$W/payload"
for pair in 'unlisted bad' 'bad unlisted' 'good bad' 'bad good' \
    'good unlisted' 'good good'; do
	# shellcheck disable=SC2086  # two words
	set -- $pair
	cat "$W/$1" "$W/$2" >"$W/payload.sig"
	by_hand bob 'evidence\.[a-z-]*' "C05: two armors, $1 and $2"
	{
		gpg -q --dearmor <"$W/$1"
		gpg -q --dearmor <"$W/$2"
	} | gpg -q --enarmor | sed 's/PGP ARMORED FILE/PGP SIGNATURE/
	    /^Comment/d' >"$W/payload.sig"
	by_hand bob 'evidence\.[a-z-]*' "C05: one armor, $1 and $2"
done
ssh_sign bob
cp "$W/payload.sig" "$W/ssh-good"
ssh_sign mallory
cat "$W/ssh-good" "$W/payload.sig" >"$W/both"
cp "$W/both" "$W/payload.sig"
by_hand bob 'evidence\.[a-z-]*' "C05+: two SSH signatures"
cat "$W/ssh-good" "$W/unlisted" >"$W/payload.sig"
by_hand bob 'evidence\.[a-z-]*' "C05+: one of each kind"
cp "$W/ssh-good" "$W/payload.sig"
echo "approved by carol as well" >>"$W/payload.sig"
by_hand bob 'evidence\.[a-z-]*' "C05+: a text behind the armor"
sed 's/$/\r/' "$W/ssh-good" >"$W/payload.sig"
by_hand bob 'evidence\.[a-z-]*' "C05+: an armor of CRLF lines"
sed 's/^-----END/ &/' "$W/ssh-good" >"$W/payload.sig"
by_hand bob 'evidence\.[a-z-]*' "C05+: a blank before its end"
sed '3s/./!/' "$W/ssh-good" >"$W/payload.sig"
by_hand bob evidence.signature-malformed "C05+: a letter that is none"
sed '$d' "$W/ssh-good" >"$W/payload.sig"
by_hand bob 'evidence\.[a-z-]*' "C05+: an armor without its end"
stops "$uncovered" "C05: nothing of that counts" alice c05:main
cp "$W/ssh-good" "$W/payload.sig"
by_hand bob
lands "C05: the same signature alone" alice c05:main

: C06 what vouches for keys is usable, or nothing is vouched for
change_as alice c06
unsigned_by bob
gpg_sign "$SOUND!"
ring=$W/etc/keyring.gpg
cp "$ring" "$W/ring"
# unusable WHAT FILE: the push says which file, and so does doctor.
unusable() {
	by_hand bob 'could not check this push' "C06: $1"
	says "$2" "C06: the refusal names it"
	foureyes doctor >"$W/out" 2>&1
	grep -Eq "^wrong: .*$2" "$W/out"
	verdict $? "C06: doctor does, too"
	foureyes check >"$W/out" 2>&1
	grep -Eq "^wrong: .*$2" "$W/out"
	verdict $? "C06: and check"
}
: >"$ring"
unusable "an empty keyring" keyring.gpg
rm "$ring"
unusable "a keyring that is not there" keyring.gpg
mkdir "$ring"
unusable "a keyring that is a directory" keyring.gpg
rmdir "$ring"
cp "$W/ring" "$ring"
chmod g+w "$ring"
unusable "a keyring others may write to" keyring.gpg
chmod g-w "$ring"
gpg -q --armor --export "$SOUND" | head -5 >"$ring"
unusable "a keyring that is cut off" keyring.gpg
gpg -q --export "$(print_of listed)" >"$ring"
by_hand bob evidence.signature-unknown-key "C06: a keyring without the key"
cp "$W/ring" "$ring"
settings
by_hand bob evidence.signature-not-configured "C06: no keyring at all"
chmod g+w "$W/etc/people.yaml"
by_hand bob 'could not check this push' "C06: people.yaml of others as well"
says 'people.yaml' "C06: which is named"
chmod g-w "$W/etc/people.yaml"

revoked=$W/etc/revoked
settings "openpgp_keyring: $ring" "revoked_keys: $revoked"
ssh_sign bob
unusable "a list of revoked keys that is not there" revoked
key_of bob >"$revoked"
by_hand bob evidence.signature-revoked "C06+: a key on that list"
key_of carol >"$revoked"
echo '# nobody else' >>"$revoked"
cp "$revoked" "$W/sound"
echo 'what is this' >>"$revoked"
unusable "a list with a line nobody understands" revoked
cp "$W/sound" "$revoked"
chmod o+w "$revoked"
unusable "a list others may write to" revoked
chmod o-w "$revoked"
ssh-keygen -q -k -f "$revoked" "$W/keys/bob.pub" "$W/keys/mallory.pub"
by_hand bob evidence.signature-revoked "C06+: a key on a KRL"
ssh-keygen -q -k -f "$revoked" "$W/keys/mallory.pub"
cp "$revoked" "$W/krl"
head -c -3 "$W/krl" >"$revoked"
unusable "a KRL that is cut off" revoked
cat "$W/krl" "$W/krl" >"$revoked"
unusable "a KRL with something behind it" revoked
stops "$uncovered" "C06: nothing of that counts" alice c06:main
cp "$W/krl" "$revoked"
by_hand bob
lands "C06: the same approval, with a KRL that can be read" alice c06:main
settings "openpgp_keyring: $ring"

: C07 ordinary trouble with a key is not called tampering
change_as alice c07
unsigned_by bob
for space in file Git git@example.com ' git' gitx; do
	ssh_sign bob "$space"
	by_hand bob evidence.signature-wrong-namespace \
	    "C07: signed for the namespace '$space'"
	says 'not acceptable' "C07: in neutral words"
	check "C07: not as tampering" sh -c "! grep -qi tamper '$W/out'"
done
ssh_sign bob
cp "$W/payload" "$W/kept"
sed -i 's/Looked at/Looked At/' "$W/payload"
by_hand bob evidence.signature-bad "C07+: over other bytes"
cp "$W/kept" "$W/payload"

: C07+ kinds of keys
ssh-keygen -q -t rsa -b 1024 -N '' -C weak -f "$W/keys/weak"
ssh-keygen -q -t rsa -b 2048 -N '' -C rsa -f "$W/keys/rsa"
ssh-keygen -q -s "$W/keys/mallory" -I bob -n bob,root "$W/keys/bob.pub"
bobs "$(key_of bob)" "$(key_of weak)" "$(key_of rsa)" "openpgp:$SOUND"
ssh_sign weak
by_hand bob evidence.signature-weak "C07+: an RSA key of 1024 bits"
ssh_sign bob-cert.pub
by_hand bob evidence.signature-certificate "C07+: a certificate of bob's key"
rm "$W/keys/bob-cert.pub"
ssh_sign rsa
sed '1d;$d' "$W/payload.sig" | tr -d '\n' | base64 -d |
    sed 's/rsa-sha2-512/rsa-sha1-512/' | base64 -w 70 >"$W/body"
cp "$W/payload.sig" "$W/rsa.sig"
{
	sed -n 1p "$W/rsa.sig"
	cat "$W/body"
	sed -n '$p' "$W/rsa.sig"
} >"$W/payload.sig"
by_hand bob 'evidence.signature-(unknown-form|weak)' \
    "C07+: an algorithm nobody named"
for kind in weak bob-cert; do
	people_yaml >"$W/people.yaml"
	case $kind in
	weak) cert=$(ssh-keygen -q -t dsa -N '' -f "$W/keys/dsa" 2>/dev/null
		key_of dsa 2>/dev/null) ;;
	*) ssh-keygen -q -s "$W/keys/mallory" -I bob -n bob "$W/keys/bob.pub"
		cert=$(key_of bob-cert) ;;
	esac
	sed "s,$(key_of bob),$cert," "$W/people.yaml" >"$W/people-odd.yaml"
	check_not "C07+: people.yaml takes no ${cert%% *}" 1 \
	    foureyes apply --as people.yaml "$W/people-odd.yaml"
done
stops "$uncovered" "C07: nothing of that counts" alice c07:main
cp "$W/rsa.sig" "$W/payload.sig"
by_hand bob
lands "C07: signed by a good RSA key, for git" alice c07:main

: C08 a person is one person
for email in '*@example.com' '*' 'bob@*'; do
	people_yaml | sed "s/\[bob@example.com\]/[\"$email\"]/" >"$W/people.yaml"
	check_not "C08: an address '$email' is nobody's" 1 \
	    foureyes apply "$W/people.yaml"
done
people_yaml | sed "s/local: bob}/local: \"*\"}/" >"$W/people.yaml"
check_not "C08+: nor is a login '*'" 1 foureyes apply "$W/people.yaml"
people_yaml | sed "s,$(key_of bob),bob@example.com $(key_of bob)," \
    >"$W/people.yaml"
check_not "C08+: a line of allowed_signers is no key" 1 \
    foureyes apply "$W/people.yaml"
people_yaml | sed "s,$(key_of bob),cert-authority $(key_of bob)," \
    >"$W/people.yaml"
check_not "C08+: nor is an authority's" 1 foureyes apply "$W/people.yaml"
people_yaml >"$W/people.yaml"
take people.yaml

: C09 the forge\'s own signature is nobody\'s yes
gpg_key forge ed25519 never
keyring
change_as alice c09
git_as alice config gpg.format openpgp
git_as alice config user.signingKey "$(print_of forge)"
by Forge noreply@forge.example git_as alice commit -q --amend --no-edit -S
git_as alice config gpg.format ssh
git_as alice config user.signingKey "$W/keys/alice.pub"
C=$(git_as alice rev-parse HEAD)
push_as alice -q +c09
stops "peer.unknown-contributor" "C09: signed by the forge, unreviewed" \
    alice c09:main
says 'peer.none|peer.other-commit' "C09: which is no approval"
unsigned_by bob
gpg_sign "$(print_of forge)!"
by_hand bob peer.unknown-key "C09: nor is a tag the forge signed"
change_as alice c09-own
git_as bob fetch -q origin
git_as bob checkout -q -B c09-own origin/c09-own
git_as bob commit -q --amend --no-edit -S
C=$(git_as bob rev-parse HEAD)
push_as bob -q +c09-own
stops 'peer.none|peer.other-commit' \
    "C09+: bob's signature below a commit is no approval" alice "$C:main"
gpgconf --kill all 2>/dev/null
done_testing

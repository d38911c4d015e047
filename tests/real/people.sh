#!/bin/sh
# people import: lists that others keep, the difference first, then people.yaml.
. "$(dirname "$0")/lib.sh"
site local
import() {
	foureyes people import "$@"
}
key() {
	cut -d' ' -f1,2 "$W/keys/$1.pub"
}
ssh-keygen -q -t ed25519 -N '' -C frank@laptop -f "$W/keys/frank"
ssh-keygen -q -t ed25519 -N '' -C grace -f "$W/keys/grace"
before=$(sha256sum "$W/etc/people.yaml")

# ---- LDIF, as ldapsearch writes it ----

cat >"$W/staff.ldif" <<LDIF
version: 1
# two who are known, one who is new, one who left
dn: uid=asmith,ou=people,dc=example,dc=com
uid: asmith
cn: Alice Example
mail: alice@example.com
mail: alice@corp.example.com

dn: uid=frank,ou=people,dc=example,dc=com
uid: frank
cn:: RnJhbmsgw4l4YW1wbGU=
mail: frank@example.com
sshPublicKey: $(key frank | cut -c1-40)
 $(key frank | cut -c41-) frank@laptop

dn: uid=erin,ou=people,dc=example,dc=com
uid: erin
mail: erin@example.com
userAccountControl: 514

dn: cn=printers,ou=groups,dc=example,dc=com
cn: printers
jpegPhoto:: /9j/4AAQ
LDIF
check "the difference is shown" import --kind ldif --group engineers \
    "$W/staff.ldif"
says '^~ alice: address alice@corp.example.com$' "more of somebody known"
says '^\+ frank: Frank Éxample, 1 address\(es\), 1 key\(s\)$' "somebody new"
says '^~ erin: expires now: their account is shut$' "somebody who left"
says '^3 on the list: 1 new, 2 with more'
check "and nothing was written" sh -c \
    "[ '$before' = \"\$(sha256sum '$W/etc/people.yaml')\" ]"
check "to a file" import --kind ldif --group engineers --out "$W/new.yaml" \
    "$W/staff.ldif"
check "which is sound and taken" foureyes apply --as people.yaml "$W/new.yaml"
check "it says so again with nothing new" import --kind ldif "$W/staff.ldif"
says '^3 on the list: 0 new, 0 with more'
check "what stood there stands there" grep -F "$(key bob)" "$W/etc/people.yaml"
check_not "not over a file that is there" 3 import --kind ldif \
    --out "$W/new.yaml" "$W/staff.ldif"
expect_refused environment.pusher-expired "who left may not push" \
    sh -c "git -C '$W/alice' commit -q --allow-empty -m x &&
	TEST_PUSHER=erin git -C '$W/alice' push -q origin HEAD:main"

# ---- members of a forge ----

cat >>"$W/etc/foureyes.yaml" <<YAML
receiver:
  sources:
    hub: {kind: github, secret_files: [$W/secret]}
YAML
printf '0123456789abcdef0123456789abcdef\n' >"$W/secret"
chmod 600 "$W/secret"
sed 's/^    logins: {local: bob}/    logins: {local: bob, hub: bobby}/' \
    "$W/etc/people.yaml" >"$W/people.yaml"
sed -i 's/^    logins: {local: \["bob"\]}/    logins: {local: [bob], hub: [bobby]}/' \
    "$W/people.yaml"
check "a login at the forge" foureyes apply "$W/people.yaml"
cat >"$W/members.json" <<'JSON'
[{"login":"bobby","id":42,"type":"User"},
 {"login":"Grace-H","id":9007199254740995,"type":"User"},
 {"login":"dependabot[bot]","id":7,"type":"Bot"},
 {"id":8}]
JSON
check_not "one of them has no name" 1 import --kind github --source hub \
    --out "$W/hub.yaml" "$W/members.json"
says "passed over: .*without 'login'"
says '^\+ grace-h: ' "an id of theirs"
says 'a machine'
check "numbers are kept exactly" grep \
    'hub: \["Grace-H", "id:9007199254740995"\]' "$W/hub.yaml"
check "and added to who is known" grep 'hub: \["bobby", "id:42"\]' "$W/hub.yaml"
check "taken" foureyes apply --as people.yaml "$W/hub.yaml"
echo '[{"login":"bobby","id":42}]' >"$W/members.json"
check "who is not there any more is told" import --kind github --source hub \
    "$W/members.json"
says '^- grace-h: not on the list any more'
check "and expires when asked" import --kind github --source hub \
    --expire-missing "$W/members.json"
says '^~ grace-h: expires now'
check_not "whose logins must be said" 2 import --kind github "$W/members.json"
echo '{"message":"Bad credentials"}' >"$W/members.json"
check_not "an answer that is no list" 2 import --kind github --source hub \
    "$W/members.json"
says 'a list of members is expected'

# ---- keys ----

{
	echo "# those who sign"
	echo "bob@example.com $(key grace)"
	echo "*@example.com $(key frank)"
	echo "ca@example.com cert-authority $(key frank)"
	echo "heidi@example.com valid-before=\"20301231Z\" $(key mallory)"
} >"$W/signers"
check_not "allowed_signers" 1 import --kind allowed_signers "$W/signers"
says '^~ bob: key SHA256:' "by their address"
says 'passed over: .*:3: .*no single person' "a pattern is nobody"
says 'passed over: .*:4: a certificate authority'
says '^\+ heidi: '
{
	echo "command=\"/usr/bin/shell grace\",no-pty $(key grace)"
	echo "$(key alice) somebody@else"
	key mallory | cut -c1-60
} >"$W/authorized"
check_not "authorized_keys" 1 import --kind authorized_keys "$W/authorized"
says '^\+ grace: ' "who a forced command names"
says 'passed over: .*:3: ' "a key that is cut off"
mkdir -p "$W/keydir/more"
cp "$W/keys/grace.pub" "$W/keydir/ivan.pub"
cp "$W/keys/frank.pub" "$W/keydir/more/ivan@laptop.pub"
check_not "gitolite's keydir" 1 import --kind keydir "$W/keydir"
says '^! .*it may be ivan and frank|^! .*it may be frank and ivan' \
    "one key of two people is left to a reader"
rm "$W/keydir/more/ivan@laptop.pub"
cp "$W/keys/mallory.pub" "$W/keydir/more/ivan@laptop.pub"
check "two of one" import --kind keydir --out "$W/dir.yaml" "$W/keydir"
says '^1 new|: 1 new'
check "have one entry" sh -c "[ \$(grep -c '^  ivan:' '$W/dir.yaml') = 1 ]"
check_not "an id that somebody else has" 1 sh -c \
    "mv '$W/keydir/ivan.pub' '$W/keydir/carol.pub' &&
	foureyes people import --kind keydir '$W/keydir'"
says '^! carol: left alone'
check "unless it is the same person" import --kind keydir --by-id "$W/keydir"
says '^~ carol: key '
check_not "no such kind" 2 import --kind csv "$W/signers"
check_not "no such file" 3 import --kind ldif "$W/none"
done_testing

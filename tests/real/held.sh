#!/bin/sh
# Checkpoints are held elsewhere: a Git repository, an endpoint, time stamps.
. "$(dirname "$0")/lib.sh"

foureyes init --origin example.com/held "$W/etc" >"$W/out" 2>&1
ledger=$W/etc/ledger
T=$W/server
mkdir "$T"

# authority NAME: a certificate authority and one that stamps for it.
authority() {
	cat >"$T/$1.cnf" <<EOF
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[tsa_cert]
basicConstraints = CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = this
[this]
serial = $T/serial
signer_cert = $T/$1-tsa.pem
certs = $T/$1-ca.pem
signer_key = $T/$1-tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
EOF
	openssl req -x509 -newkey rsa:2048 -nodes -config "$T/$1.cnf" \
	    -extensions ca -subj "/CN=$1 root" -days 30 \
	    -keyout "$T/$1-ca.key" -out "$T/$1-ca.pem" 2>/dev/null
	openssl req -newkey rsa:2048 -nodes -config "$T/$1.cnf" \
	    -subj "/CN=$1 stamps" -keyout "$T/$1-tsa.key" \
	    -out "$T/$1.csr" 2>/dev/null
	openssl x509 -req -in "$T/$1.csr" -CA "$T/$1-ca.pem" \
	    -CAkey "$T/$1-ca.key" -set_serial 2 -days 30 \
	    -extfile "$T/$1.cnf" -extensions tsa_cert \
	    -out "$T/$1-tsa.pem" 2>/dev/null
}
authority tsa
authority other
echo 01 >"$T/serial"
(umask 077 && echo 'only-for-this-test' >"$T/token")
python3 "$src/tests/real/held_server.py" "$T" &
server=$!
trap 'kill $server 2>/dev/null; finish' EXIT
for _ in $(seq 100); do
	[ -f "$T/port" ] && break
	sleep 0.1
done
at=http://127.0.0.1:$(cat "$T/port")

git init -q --bare "$W/away.git"
git -C "$W/away.git" config receive.denyNonFastForwards true
git -C "$W/away.git" config receive.denyDeletes true

grep -v '^held: ' "$W/etc/foureyes.yaml" >"$W/plain.yaml"
# places LINE...: what `held` holds from now on.
places() {
	{
		cat "$W/plain.yaml"
		echo 'held:'
		for line in "$@"; do
			echo "  - $line"
		done
	} >"$W/etc/foureyes.yaml"
}
away="{name: away, kind: git, url: \"$W/away.git\", ref: refs/heads/seals}"
audit="{name: audit, kind: https, url: \"$at/seal\", token_file: $T/token}"
clock="{name: clock, kind: timestamp, url: \"$at/tsa\", ca_file: $T/tsa-ca.pem}"

record() {
	for _ in $(seq "$1"); do
		date +'# %N' >>"$W/etc/people.yaml"
		foureyes reconcile >/dev/null
	done
}
size() {
	sed -n 2p "$ledger/checkpoint"
}
kept() {
	printf '%s/checkpoints/%020d' "$ledger" "$(size)"
}

foureyes doctor >"$W/out" 2>&1
says "warning: held: no checkpoint is held elsewhere"
places "$away" "$audit" "$clock"
check_not "doctor says that nothing was sent yet" 1 foureyes doctor
says "wrong: held: away: held there: never yet.*foureyesd hold"
record 1
check "seal sends it to three places" foureyes seal
says "^away: 8 records" && says "^audit: 8 records" && says "^clock: 8 records"
git -C "$W/away.git" show seals:checkpoint >"$W/there"
check "the repository holds it" cmp "$W/there" "$ledger/checkpoint"
check "the endpoint too" cmp "$T/seal" "$ledger/checkpoint"
[ "$(cat "$T/method")" = PUT ]
verdict $? "which was put"
check "openssl verifies the stamp" openssl ts -verify -data "$(kept)" \
    -in "$(kept).clock.tsr" -CAfile "$T/tsa-ca.pem"
check_not "for nothing else" 1 openssl ts -verify -data "$ledger/lock" \
    -in "$(kept).clock.tsr" -CAfile "$T/tsa-ca.pem"
foureyes doctor >"$W/out" 2>&1
says "ok: held: away: 8 records, [0-9]+m?s ago"
says "ok: held: clock: 8 records"
says "ok: seal: "
check "nothing new is sent twice" foureyes seal
says "away: 8 records, as before"
record 1
check "a day later" foureyes seal
[ "$(git -C "$W/away.git" rev-list --count seals)" -eq 2 ]
verdict $? "the repository went forward"
check "what is held elsewhere proves the ledger" foureyes verify \
    --checkpoint "$W/there" "$ledger"
grep -c only-for-this-test "$ledger"/held/* "$ledger"/*.jsonl >"$W/out"
check_not "the token is written nowhere" 1 grep -qr only-for-this-test \
    "$W/etc"

# attempt WHAT STATUS PATTERN: a seal of something new; what is said.
attempt() {
	record 1
	check_not "$1" "$2" foureyes seal
	says "$3" "and is told: $3"
}
# The stamp's authority, or somebody in between, gives something else.
stamper() {
	places "{name: clock, kind: timestamp, url: \"$at/$1\", ca_file: $T/${2:-tsa}-ca.pem}"
}
stamper tsa-nonce
attempt "a stamp with another nonce" 1 "clock: the time stamp does not hold: .*nonce"
[ ! -e "$(kept).clock.tsr" ]
verdict $? "it is not kept"
stamper tsa-imprint
attempt "a stamp of another digest" 1 "clock: .*imprint"
stamper tsa-other
attempt "a stamp of another authority" 1 "clock: .*(certificate|signer)"
stamper tsa-replay
attempt "an old stamp" 1 "clock: .*(imprint|nonce)"
stamper tsa-junk
attempt "no stamp" 3 "clock: this is no answer with a time stamp"
foureyes doctor >"$W/out" 2>&1
says "warning: held: clock: held there: .*since then: this is no answer"
stamper tsa-other other
attempt "the other authority, when it is the one that is named" 0 "clock: "
check "openssl agrees" openssl ts -verify -data "$(kept)" \
    -in "$(kept).clock.tsr" -CAfile "$T/other-ca.pem"
places "{name: clock, kind: timestamp, url: \"$at/tsa\", ca_file: $T/token}"
attempt "without certificates" 3 "holds no certificates"

# The endpoint.
echo wrong >"$T/token.other"
chmod 600 "$T/token.other"
places "{name: audit, kind: https, url: \"$at/seal\", token_file: $T/token.other}"
attempt "a wrong token" 3 "audit: .* answers with status 401"
chmod 644 "$T/token.other"
attempt "one that everybody can read" 3 "is open to others"
places "{name: audit, kind: https, url: \"$at/seal\", token_file: $T/token, method: POST}"
attempt "POST" 0 "audit: "
[ "$(cat "$T/method")" = POST ]
verdict $? "was posted"
places "{name: audit, kind: https, url: \"$at/stall\"}" "$away"
record 1
check_not "an endpoint that stalls" 3 foureyes seal
says "audit: .*does not answer: .*(timed out|Timeout)" "has a deadline"
says "^away: " "and the others are sent to all the same"
places "{name: audit, kind: https, url: \"https://127.0.0.1:9/seal\", stale: 1m}"
attempt "one that is not there" 3 "audit: .*does not answer"
python3 - "$ledger/held/audit" <<'EOF'
import re, sys
text = open(sys.argv[1]).read()
text = re.sub(r'"time":"\d{4}', '"time":"2020', text)
open(sys.argv[1], "w").write(text)
EOF
check_not "a success that is too old is none" 1 foureyes doctor
says "wrong: held: audit: .*mend it and run, as who seals: foureyesd hold"

# Somebody rewrites the repository.
places "$away"
attempt "before" 0 "away: "
good=$(git -C "$W/away.git" rev-parse seals)
git -C "$W/away.git" update-ref refs/heads/seals seals~1
attempt "a repository that went back" 1 "away: .*was rewritten: refs/heads/seals is at"
check_not "doctor calls it an alarm" 1 foureyes doctor
says "wrong: held: away: .*was rewritten.*find out who did that"
[ "$(git -C "$W/away.git" rev-parse seals)" != "$good" ]
verdict $? "nothing was pushed over it"
git -C "$W/away.git" update-ref -d refs/heads/seals
attempt "one whose ref is gone" 1 "has no refs/heads/seals any more"
git -C "$W/away.git" update-ref refs/heads/seals "$good"
attempt "put back, it goes on" 0 "^away: "
git clone -q -b seals "$W/away.git" "$W/clone" 2>/dev/null
sed -i '2s/.*/999999/' "$W/clone/checkpoint"
git -C "$W/clone" -c user.name=x -c user.email=x@example.com commit -qam x
git -C "$W/clone" push -q origin seals
attempt "a checkpoint of somebody else's on top" 1 "holds no checkpoint of ours"
git -C "$W/away.git" update-ref refs/heads/seals seals~1

# Two ledgers with one key and one name: a copy that went another way.
cp -a "$W/etc" "$W/copy"
sed -i "s,$W/etc,$W/copy," "$W/copy/foureyes.yaml"
record 3
check "ours goes on" foureyes seal
FOUREYES_CONFIG=$W/copy foureyes reconcile >/dev/null
check_not "the copy is found out" 1 \
    env FOUREYES_CONFIG="$W/copy" foureyes seal
says "was rewritten|two ledgers have one name"
rm -rf "$W/copy/seal.key.state/away.git"
check_not "without its memory too" 1 \
    env FOUREYES_CONFIG="$W/copy" foureyes seal
says "two ledgers have one name"

# Keys change, and the memory of the repository is lost.
check "a new key" foureyes rekey
rm -rf "$W/etc/seal.key.state/away.git"
check "what the old key signed is still ours" foureyes seal
says "^away: "

# What cannot be a place.
bad() {
	places "$1"
	check_not "refused: $1" 1 foureyes check
	says "$2"
}
bad '{name: a, kind: git, url: "ext::sh -c id"}' "'url' of kind 'git' must be"
bad '{name: a, kind: git, url: "--upload-pack=id"}' "'url' of kind 'git' must be"
bad '{name: a, kind: https, url: "http://audit.example.com/"}' "must be 'https"
bad '{name: a, kind: https, url: "https://u:p@audit.example.com/"}' "a password"
bad '{name: a, kind: timestamp, url: "http://tsa.example.com/"}' "ca_file"
bad '{name: a, kind: mail, url: "https://x"}' "git"
bad '{name: ../a, kind: git, url: /x}' "name"
done_testing

#!/bin/sh
# P11: keys change, each introduced by the sealing key before it.
. "$(dirname "$0")/lib.sh"

foureyes init --origin example.com/keys "$W/etc" >"$W/out" 2>&1
ledger=$W/etc/ledger
public() {
	openssl pkey -in "$1" -pubout
}
# sealed_by PUBLIC: does that key's signature line stand in the checkpoint?
# By openssl: the note's text, and the 64 bytes behind the key's id.
sealed_by() {
	sed '/^$/,$d' "$ledger/checkpoint" >"$W/text"
	sed '1,/^$/d' "$ledger/checkpoint" | while read -r _ _ code; do
		echo "$code" | base64 -d | tail -c 64 >"$W/sig"
		openssl pkeyutl -verify -rawin -pubin -inkey "$1" \
		    -in "$W/text" -sigfile "$W/sig" >/dev/null 2>&1 && echo yes
	done | grep -q yes
}
record() {
	for _ in $(seq "$1"); do
		date +'# %N' >>"$W/etc/people.yaml"
		foureyes reconcile >/dev/null
	done
}

public "$W/etc/seal.key" >"$W/first.pub"
record 94
check "a hundred records, sealed" foureyes seal
cp "$ledger/checkpoint" "$W/at100"
check "P11: the key changes" foureyes rekey
says 'in the ledger of now 101 records; the checkpoint has both signatures'
public "$W/etc/seal.key" >"$W/second.pub"
check_not "it is another" 1 cmp -s "$W/first.pub" "$W/second.pub"
check "the checkpoint that introduces it is signed by the old" \
    sealed_by "$W/first.pub"
check "and by the new" sealed_by "$W/second.pub"
[ ! -e "$W/etc/seal.key.old" ] && [ ! -e "$W/etc/seal.key.new" ]
verdict $? "no other key is left"
record 99
check "two hundred, sealed with the new key" foureyes seal
says "sealed 200 records"
check_not "and with it alone" 1 sealed_by "$W/first.pub"
check "all 200 verify" foureyes verify "$ledger"
says "uncut: yes"
tail -n +101 "$ledger"/*.jsonl | head -1 >"$W/out"
says '"signed_by":"[0-9a-f]{64}","signature":"' "the old key's signature is in the log"
foureyes rekey >"$W/out" 2>&1
says "sealing key" "once more"
check "and they still verify" foureyes verify "$ledger"

check "the report key is changed too" foureyes rekey --report
says "report key [0-9a-f]{64}"
check "it signs as openssl checks" openssl ec -in "$W/etc/report.key" -noout
rm -f "$W/etc/report.key"
check "one that is gone is made" foureyes rekey --report
check "and the ledger verifies" foureyes verify "$ledger"
count=$(foureyes log --type key --newest 100 | grep -c report)
[ "$count" -eq 3 ]
verdict $? "each is on record"

# Stopped half-way: the new file is in place, and the ledger knows the old one.
cp -a "$W/etc/seal.key" "$W/etc/seal.key.old"
rm -f "$W/etc/seal.key"
(umask 077 && openssl genpkey -algorithm ed25519 -out "$W/etc/seal.key")
check "a change that was stopped is gone on with by seal" foureyes seal
says "with the new key"
public "$W/etc/seal.key" >"$W/third.pub"
check "both signed" sealed_by "$W/third.pub"
rm -f "$W/etc/seal.key.old"
check "and it verifies" foureyes verify "$ledger"

# A key that nobody introduced.
cp -a "$W/etc/seal.key" "$W/kept"
rm -f "$W/etc/seal.key"
(umask 077 && openssl genpkey -algorithm ed25519 -out "$W/etc/seal.key")
check_not "another key in its place seals nothing" 3 foureyes seal
says "names the sealing key"
check_not "nor does rekey" 3 foureyes rekey
mv "$W/kept" "$W/etc/seal.key"

# Who may append writes a record for a key of their own.
foureyes init --origin example.com/keys "$W/other" >/dev/null
pem=$(openssl pkey -in "$W/other/seal.key" -pubout |
    sed ':a;N;$!ba;s/\n/\\n/g')
print=$(openssl pkey -in "$W/other/seal.key" -pubout -outform DER |
    sha256sum | cut -d ' ' -f 1)
python3 - "$ledger" "$pem\\n" "$print" <<'EOF'
import glob, hashlib, re, sys
path = sorted(glob.glob(sys.argv[1] + "/*.jsonl"))[-1]
last = open(path, "rb").read().split(b"\n")[-2]
seq = int(re.search(rb'"seq":(\d+)', last).group(1)) + 1
line = ('{"v":1,"seq":%d,"time":"2026-11-25T00:00:00.000Z","prev":"%s",'
    '"type":"key","purpose":"seal","fingerprint":"%s","public":"%s"}' %
    (seq, hashlib.sha256(last).hexdigest(), sys.argv[3], sys.argv[2]))
open(path, "ab").write(line.encode() + b"\n")
EOF
check "their record is sealed as one" foureyes seal
says "names a key that no sealing key introduced" "and counts for nothing"
cp -a "$W/other/seal.key" "$W/theirs"
mv "$W/etc/seal.key" "$W/kept"
cp -a "$W/theirs" "$W/etc/seal.key"
check_not "their key seals nothing here" 3 foureyes seal
done_testing

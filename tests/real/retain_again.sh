#!/bin/sh
# A ledger whose sealing key changed before and behind what goes, pruned twice:
# both verifiers, the seal and the proofs still agree.
. "$(dirname "$0")/lib.sh"
site local
ledger=$W/etc/ledger
THEIRS=$src/contrib/verify-ledger

good() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "$1 is approved"
}
land() {
	for name in "$@"; do
		good "$name"
		push_as alice -q "$name:main" >"$W/out" 2>&1 ||
			verdict 1 "$name lands"
	done
}
newest() {
	cat "$ledger"/*.jsonl | tail -1 | sed 's/^{"v":1,"seq":\([0-9]*\).*/\1/'
}

# aged.py DIR DAYS SIZE KEY: the ledger as it would be had its records, but the
# newest SIZE, been written so long ago, in segments of SIZE lines, and sealed.
cat >"$W/aged.py" <<'PY'
import base64, datetime, hashlib, json, os, re, subprocess, sys, tempfile
where, days, size, key = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
lines = []
for name in sorted(os.listdir(where)):
    if name.endswith(".jsonl"):
        lines += open(os.path.join(where, name)).read().splitlines()
        os.unlink(os.path.join(where, name))
prev, full, start, stamp = "0" * 64, [], 0, "%Y-%m-%dT%H:%M:%S.%fZ"
mark = os.path.join(where, "pruned")
if os.path.exists(mark):
    last, prev, *nodes = [v.split()[-1] for v in open(mark).read().splitlines()[1:]]
    start = int(last)
    full = list(zip([1 << b for b in range(63, -1, -1) if start >> b & 1],
                    map(bytes.fromhex, nodes)))
out = []
for n, line in enumerate(lines):
    time = re.match(r'\{"v":1,"seq":\d+,"time":"([^"]*)"', line).group(1)
    if n < len(lines) - size:
        then = datetime.datetime.strptime(time, stamp) - datetime.timedelta(days=days)
        line = line.replace(time, then.strftime(stamp)[:-4] + "Z", 1)
    line = re.sub(r'"prev":"[0-9a-f]{64}"', '"prev":"%s"' % prev, line, count=1)
    prev = sha(line.encode()).hex()
    out.append(line)
    node, count = sha(b"\0", line.encode()), 1
    while full and full[-1][0] == count:
        node, count = sha(b"\1", full.pop()[1], node), count * 2
    full.append((count, node))
for at in range(0, len(out), size):
    path = os.path.join(where, "%020d.jsonl" % (start + at + 1))
    open(path, "w").write("".join(l + "\n" for l in out[at:at + size]))
    os.chmod(path, 0o660)
root = full[-1][1]
for _, left in full[-2::-1]:
    root = sha(b"\1", left, root)
origin = [r["origin"] for r in map(json.loads, lines) if r["type"] == "opened"][0]
text = "%s\n%d\n%s\n" % (origin, start + len(out), base64.b64encode(root).decode())
der = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"],
                     capture_output=True, check=True).stdout
with tempfile.NamedTemporaryFile() as note:
    note.write(text.encode())
    note.flush()
    sig = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key,
                          "-in", note.name], capture_output=True, check=True).stdout
name = sha(origin.encode(), b"\n\1", der[12:])[:4]
open(os.path.join(where, "checkpoint"), "w").write(
    text + "\n\u2014 %s %s\n" % (origin, base64.b64encode(name + sig).decode()))
PY
aged() {
	python3 "$W/aged.py" "$ledger" "$1" "$2" "$W/etc/seal.key"
	rm -rf "$W"/etc/index.db* "$ledger/sync" "$ledger/checkpoints" \
	    "$W/etc/seal.key.state"
	check "what is aged is sealed" foureyes seal
}
sign_as() {
	rm -f "$W/by-$1.sig"
	cp "$W/statement" "$W/by-$1"
	ssh-keygen -q -Y sign -n foureyes-prune -f "$W/keys/$1" "$W/by-$1" \
	    2>/dev/null
}
statement() {
	foureyes retain --statement >"$W/statement" || return
	sign_as dave
	sign_as erin
}
prune() {
	foureyes retain --prune "$W/statement" "$W/by-dave.sig" \
	    "$W/by-erin.sig"
}

# sound WHAT: every reader of the ledger says yes.
sound() {
	check "$1: verify" foureyes verify "$ledger"
	says 'unaltered: yes'
	says 'uncut: yes'
	check "$1: the other verifier" "$THEIRS" "$ledger"
	says '^uncut: [0-9]+ records are sealed'
	check "$1: sealed" foureyes seal
	check "$1: verify, sealed" foureyes verify "$ledger"
	says 'uncut: yes'
	check "$1: the other verifier, sealed" "$THEIRS" "$ledger"
	openssl pkey -in "$W/etc/seal.key" -pubout >"$W/seal.pub"
	check "$1: by the key alone" foureyes verify --key "$W/seal.pub" \
	    "$ledger"
	seq=$(newest)
	check "$1: the newest record is proved" sh -c \
	    "foureyes prove $seq >'$W/proof'"
	check "$1: and that verifies" foureyes verify --key "$W/seal.pub" \
	    --proof "$W/proof"
	check "$1: by the other verifier too" "$THEIRS" --key "$W/seal.pub" \
	    --proof "$W/proof"
	check_not "$1: what is gone is not proved" 2 foureyes prove 1
	check "$1: reconcile" foureyes reconcile
}

groups_of() {
	case $1 in
	alice | bob) echo engineers, release ;;
	carol) echo engineers, dba, incident-commanders ;;
	dave | erin) echo platform ;;
	deploy-bot) echo deployers ;;
	esac
}
use_people </dev/null
echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
check "sealed" foureyes seal
land a
check "a second key, in what goes" foureyes rekey
land b c d e
check "a third one, in what stays" foureyes rekey
echo "# more" >>"$W/etc/people.yaml"
land f g
check "a fourth one" foureyes rekey
check "a report key" foureyes rekey --report
land h i
aged 1000 12
check "the statement" statement
cp "$W/statement" "$W/first"
check "pruned" prune
says 'files are taken away'
sound once
check "a key changes behind it" foureyes rekey
sound "once, and rekeyed"

check_not "the same statement again" 1 prune
says 'gone already|not what may go'
land j k l m n o
aged 1000 12
check "a second statement" statement
check_not "it is another one" 1 cmp -s "$W/statement" "$W/first"
cp -R "$W/etc" "$W/kept"
mkdir "$ledger/pruned.new"
check_not "stopped before the mark" 3 prune
says 'recorded as [0-9]+, and not done'
check "the ledger verifies" foureyes verify --chain
rmdir "$ledger/pruned.new"
check "gone on with" foureyes retain --resume
sound "twice, gone on with"
rm -rf "${W:?}/etc" && cp -R "$W/kept" "$W/etc"
check "pruned again" prune
sound twice
check "a key changes" foureyes rekey
sound "twice, and rekeyed"
land p
sound "and after a landing"

# ---- and cheated ----

# forge.py DIR LINE...: more lines behind the last; then the signed note.
cat >"$W/forge.py" <<'PY'
import glob, hashlib, re, sys
path = sorted(glob.glob(sys.argv[1] + "/*.jsonl"))[-1]
for body in sys.argv[2:]:
    last = open(path, "rb").read().split(b"\n")[-2]
    head = re.match(rb'\{"v":1,"seq":(\d+),"time":"([^"]*)"', last)
    line = b'{"v":1,"seq":%d,"time":"%s","prev":"%s",%s' % (int(head[1]) + 1,
        head[2], hashlib.sha256(last).hexdigest().encode(), body.encode())
    open(path, "ab").write(line + b"\n")
PY
body_of() {
	grep -h "$1" "$ledger"/*.jsonl | tail -1 | sed 's/.*"prev":"[0-9a-f]*",//'
}
told=$(body_of '"type":"pruned"')
people=$(body_of '"type":"people".*"carried":')
policy=$(body_of '"type":"policy".*"carried":')
# two keys of one's own, for the names of two administrators
for person in dave erin; do
	ssh-keygen -q -t ed25519 -N '' -f "$W/own-$person"
	cp "$W/statement" "$W/own-by-$person"
	ssh-keygen -q -Y sign -n foureyes-prune -f "$W/own-$person" \
	    "$W/own-by-$person" 2>/dev/null
done
forged=$(python3 - "$W" "{$told" <<'PY'
import json, subprocess, sys
where, record = sys.argv[1], json.loads(sys.argv[2])
for one in record["signatures"]:
    key = "%s/own-%s" % (where, one["person"])
    one["signature"] = open("%s/own-by-%s.sig" % (where, one["person"])).read()
    one["key"] = subprocess.run(["ssh-keygen", "-l", "-f", key + ".pub"],
        capture_output=True, text=True).stdout.split()[1]
print(json.dumps(record, separators=(",", ":"))[1:])
PY
)
cp -R "$W/kept/ledger" "$W/copy"
cp "$ledger/pruned" "$W/copy"
for file in "$W"/copy/*.jsonl; do
	[ -e "$ledger/${file##*/}" ] || rm -f "$file"
done
cp -R "$W/copy" "$W/copy2"
python3 "$W/forge.py" "$W/copy" "$people" "$policy" "$forged"
check_not "a pruning told of with keys of one's own" 1 foureyes verify \
    --chain "$W/copy"
says 'who signed was no administrator then'
python3 "$W/forge.py" "$W/copy2" "$people" "$policy" "$told"
check "while theirs are believed" foureyes verify --chain "$W/copy2"

# An administrator's record again, behind another one of theirs.
rm -rf "$W/copy" && cp -R "$ledger" "$W/copy"
python3 "$W/forge.py" "$W/copy" "$told"
check "the record again changes nothing" foureyes verify "$W/copy"

# A first key of one's own, in what stays, before the pruning.
foureyes init --origin example.com/foureyes "$W/other" >/dev/null
rm -rf "${W:?}/etc" && cp -R "$W/kept" "$W/etc"
pem=$(openssl pkey -in "$W/other/seal.key" -pubout |
    sed ':a;N;$!ba;s/\n/\\n/g')
print=$(openssl pkey -in "$W/other/seal.key" -pubout -outform DER |
    sha256sum | cut -d ' ' -f 1)
python3 "$W/forge.py" "$ledger" "\"type\":\"key\",\"purpose\":\"seal\",\
\"fingerprint\":\"$print\",\"public\":\"$pem\\n\"}"
check "theirs is sealed as a record" foureyes seal
check "pruned, with theirs in what stays" prune
check "the seal goes on" foureyes seal
check "verify believes the carried key" foureyes verify "$ledger"
says 'uncut: yes'

# What lies there is looked at, never waited for.
rm -f "$ledger/checkpoint"
mkfifo "$ledger/checkpoint"
check_not "verify does not wait for a FIFO" 3 timeout 60 foureyes verify \
    "$ledger"
says 'not a regular file'
check "nor does the seal" timeout 60 foureyes seal
says 'it is put right'
truncate -s 1G "$ledger/checkpoint"
check "a large one is put right" foureyes seal
says 'it is put right'
check "and it verifies" foureyes verify "$ledger"

# Another signature line by our key's name that does not hold, before or behind.
for place in before behind; do
	rm -rf "$W/copy" && cp -R "$ledger" "$W/copy"
	python3 - "$W/copy/checkpoint" $place <<'PY'
import base64, sys
text, _, line = open(sys.argv[1]).read().partition("\n\n")
dash, name, blob = line.split()
bad = base64.b64encode(base64.b64decode(blob)[:4] + bytes(64)).decode()
bad = "%s %s %s\n" % (dash, name, bad)
open(sys.argv[1], "w").write(text + "\n\n" +
    (bad + line if sys.argv[2] == "before" else line + bad))
PY
	check_not "a bad signature $place ours" 1 foureyes verify "$W/copy"
	check_not "says the other verifier too" 1 "$THEIRS" "$W/copy"
done
done_testing

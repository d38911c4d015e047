#!/bin/sh
# What was answered and is not yet in the index: it is known all the same, to
# the process that stored it, to another one, and behind a kill; an index that
# goes away meanwhile changes nothing.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"

receiver_site
receiver_start
first_port=$RECEIVER_PORT first=$receiver

# Another process on the same ledger and index.
second_port=$(free_port)
mkdir "$W/other"
cp "$W"/etc/*.yaml "$W/other/"
sed -i "s/:$first_port\"/:$second_port\"/; s/foureyesd.sock/other.sock/" \
    "$W/other/foureyes.yaml"
foureyesd --config "$W/other" serve >>"$W/serve.log" 2>&1 &
second=$!
trap 'kill -KILL "$first" "$second" 2>/dev/null; receiver_kill; finish' EXIT
ready() {
	for _ in $(seq 200); do
		curl -s -o /dev/null "http://127.0.0.1:$second_port/healthz" &&
		    return 0
		sleep 0.05
	done
	return 1
}
check "two processes serve one ledger" ready

# once ID: records of this delivery.
once() {
	[ "$(cat "$W"/etc/ledger/*.jsonl | grep -c "\"delivery\":\"$1\"")" -eq 1 ]
}

# Nobody can write the index while this holds it, and it ends without closing
# it.
check "what the index lacks is known to who stored it, and to the other" \
    client '
import sqlite3
def port(n):
    return connect(int(n))
first, second = sys.argv[2], sys.argv[3]
index = sqlite3.connect(sys.argv[1], isolation_level=None)
index.execute("BEGIN IMMEDIATE")
def newest():
    return index.execute("SELECT max(seq) FROM record").fetchone()[0]
before = newest()
got = []
for n in range(4):
    body, ident = status_body(0x71d0 + n), f"held-{n}"
    got.append([tell(body, ident, port(p))[0] for p in
                ((first, first, second), (second, first, first),
                 (first, second, second), (second, second, first))[n]])
body = b"".join([status_body(0x71e0)])
got.append([tell(body, "after", port(first))[0]])
print(got, before, newest())
os.kill(int(sys.argv[4]), 9)
sys.stdout.flush()
os._exit(got != [[204, 200, 200]] * 4 + [[204]] or newest() != before)
' "$W/etc/index.db" "$first_port" "$second_port" "$first"
wait "$first" 2>/dev/null
kill -KILL "$second"
wait "$second" 2>/dev/null
receiver_start
check "killed before the index was told: they are known" client '
got = [tell(status_body(0x71d0 + n), f"held-{n}")[0] for n in range(4)]
got.append(tell(status_body(0x71e0), "after")[0])
print(got)
sys.exit(got != [200] * 5)'
check "and are there once" once held-0
check "each" once held-3
check "the last too" once after

check "an index that goes away is missed by nobody" client '
import glob
got = []
for n in range(5):
    body = status_body(0x71f0 + n)
    got.append(tell(body, f"gone-{n}")[0])
    if n % 2 == 0:
        for name in glob.glob(sys.argv[1] + "*"):
            if not name.endswith("-lock"):
                os.unlink(name)
    got.append(tell(body, f"gone-{n}")[0])
    got.append(tell(status_body(0x71d0), "held-0")[0])
print(got)
sys.exit(got != [204, 200, 200] * 5)' "$W/etc/index.db"
receiver_stop
check "each is there once" once gone-4

# ---- a delivery that makes several records, cut in the middle of them ----
# several LIST: a push of three refs, sent to Bitbucket's source; each answer is
# one of LIST, in turn.
several() {
	client '
def side(n, name):
    return {"type": "branch", "name": name, "target": {"type": "commit", "hash": f"{n:040x}"}}
body = json.dumps({"push": {"changes": [
    {"old": side(n, f"b{n}"), "new": side(n + 16, f"b{n}"), "forced": False}
    for n in range(1, 4)]}, "actor": {"nickname": "bea"},
    "repository": {"full_name": "acme/payments", "uuid": "{1}"}}).encode()
for wanted in sys.argv[1:]:
    try:
        got = post("/hooks/bucket", body, {
            "X-Event-Key": "repo:push", "X-Request-UUID": "several",
            "X-Hub-Signature": "sha256=" + hexmac(secret("bucket"), body)})[::2]
    except (OSError, http.client.HTTPException):
        got = (0,)
    print(got)
    if str(got[0]) != wanted:
        sys.exit(1)' "$@"
}
there() {
	cat "$W"/etc/ledger/*.jsonl |
	    grep '"delivery":"several".*}$' >"$W/several"
	[ "$(wc -l <"$W/several")" -eq "$1" ] &&
	    [ "$(grep -vc '"more":true' "$W/several")" -eq "$2" ]
}
faults=$src/build/${VARIANT:-release}/fault/faults.so
if [ -e "$faults" ] && [ "${VARIANT:-}" != san ]; then
	# As long as the file is there nothing happens.
	: >"$W/hit"
	export FAULT_HOW=half FAULT_NTH=1 FAULT_RUN=0 FAULT_CALLS=pwrite \
	    FAULT_DIR="$W/etc/ledger" FAULT_HIT="$W/hit"
	LD_PRELOAD=$faults foureyesd serve >>"$W/serve.log" 2>&1 &
	receiver=$!
	for _ in $(seq 200); do
		curl -s -o /dev/null "$HTTP/healthz" && break
		sleep 0.05
	done
	# The clerk is not to be the one that is struck.
	child_of() {
		for f in /proc/[0-9]*/stat; do
			awk -v parent="$1" '$4 == parent { print $1 }' "$f" 2>/dev/null
		done
	}
	below() {
		for pid in $(child_of "$1"); do
			echo "$pid"
			below "$pid"
		done
	}
	# The minder and the clerk, as soon as both are there; and its tasks.
	for _ in $(seq 600); do
		[ "$(below "$receiver" | wc -l)" -lt 2 ] || break
		sleep 0.05
	done
	stopped=
	for _ in 1 2; do
		for pid in $(below "$receiver"); do
			kill -STOP "$pid" 2>/dev/null
			stopped="$stopped $pid"
		done
	done
	rm "$W/hit"
	check "killed in the middle of three lines: it is not answered" \
	    several 0
	for pid in $stopped; do
		kill -KILL "$pid" 2>/dev/null
	done
	kill -KILL "$receiver" 2>/dev/null # where it was not struck
	wait "$receiver" 2>/dev/null
	unset FAULT_HOW FAULT_NTH FAULT_RUN FAULT_CALLS FAULT_DIR FAULT_HIT
	check "the first of them is there, and not the last" there 1 0
	receiver_start
	check "sent again it is stored, and known from then on" several 204 200
	receiver_stop
	check "all three are there" there 4 1
else
	skip "a delivery cut in the middle" "faults.so is not preloaded here"
fi
check "the ledger is whole" foureyes verify "$W/etc/ledger" --chain
done_testing

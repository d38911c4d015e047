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
check "the ledger is whole" foureyes verify "$W/etc/ledger" --chain
done_testing

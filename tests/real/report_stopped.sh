#!/bin/sh
# The auditor's pack, stopped half way: nothing is left of it by an interrupt,
# and what a kill leaves is told of.  On a terminal it says how far it is.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
site local
report_key
change_as alice one
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "a change lands" push_as alice one:main

# Enough records to be in time: a forge's word on pushes, again and again.
python3 - "$W/etc/ledger" <<'PY'
import glob, hashlib, sys
path = sorted(glob.glob(sys.argv[1] + "/*.jsonl"))[0]
lines = open(path, encoding="utf-8").read().splitlines()
last = lines[-1]
time = last.split('"time":"')[1].split('"')[0]
prev = hashlib.sha256(last.encode()).hexdigest()
with open(path, "a", encoding="utf-8") as out:
    for seq in range(len(lines) + 1, len(lines) + 150001):
        line = ('{"v":1,"seq":%d,"time":"%s","prev":"%s",'
                '"type":"observation","kind":"push","commits":[]}'
                % (seq, time, prev))
        prev = hashlib.sha256(line.encode()).hexdigest()
        out.write(line + "\n")
PY

# stop SIGNAL: once the pack is begun; leaves what it ended with in $stopped.
stop() {
	rm -f "$W"/etc/index.db*
	foureyes report --from 2020-01-01 --to 2100-01-01 --out "$W/half" \
	    >"$W/said" 2>&1 &
	pid=$!
	while [ ! -e "$W/half.part" ] && kill -0 $pid 2>/dev/null; do
		sleep 0.01
	done
	kill "-$1" $pid 2>/dev/null
	wait $pid
	stopped=$?
}
for signal in INT TERM; do
	stop $signal
	check "$signal: it could not be made" [ $stopped -eq 3 ]
	check "and that is said" grep -q interrupted "$W/said"
	check "nothing is left" sh -c "[ ! -e '$W/half' ] &&
	    [ ! -e '$W/half.part' ]"
done
stop KILL
check "killed, it leaves what it had" [ -d "$W/half.part" ]
check_not "which the next one does not touch" 2 foureyes report \
    --from 2020-01-01 --to 2100-01-01 --out "$W/half"
says 'half\.part.* is there: .*remove it' "but says how to go on"
rm -rf "$W/half.part"

cat >"$W/on_terminal.py" <<'PY'
import os, pty, sys
out = open(sys.argv[1], "wb")
def read(fd):
    data = os.read(fd, 65536)
    out.write(data)
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[2:], read)))
PY
python3 "$W/on_terminal.py" "$W/terminal" foureyes report \
    --from 2020-01-01 --to 2100-01-01 --out "$W/half" >/dev/null
check "a terminal is told how far it is" \
    grep -q '[0-9] records counted' "$W/terminal"
check "but no file is" sh -c "! grep -q 'records counted' '$W/said'"
check "and it is whole" sh -c "cd '$W/half' && \
    sha256sum --quiet -c manifest.sha256"
done_testing

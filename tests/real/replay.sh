#!/bin/sh
# Decisions are judged again from their own records, and give the same: those
# of an older version too, and none that was written by hand.
. "$(dirname "$0")/lib.sh"
site local
golden=$src/tests/golden/ledgers

for dir in "$golden"/rules-*; do
	name=${dir##*/}
	check "$name: the ledger of an older version" \
	    foureyes replay --ledger "$golden/$name"
	says 'judged again: [1-9][0-9]* the same, 0 not' \
	    "$name: its decisions are judged as they were then"
	check "$name: what today's rules say" \
	    foureyes replay --newer --ledger "$golden/$name"
	says 'would be decided otherwise' "$name: stands apart"
done

change_as alice one
push_as alice one:main >"$W/out" 2>&1
approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "approve one"
push_as alice one:main >"$W/out" 2>&1 || verdict 1 "land one"
check "a refused and an admitted push" foureyes replay
says '2 decisions judged again: 2 the same' "are judged again"
SEQ=$(grep -h '"type":"decision"' "$W"/etc/ledger/*.jsonl |
    grep '"ADMITTED"' | sed 's/.*"seq":\([0-9]*\).*/\1/')
check "one alone" foureyes replay "$SEQ"
says '^1 decisions' "and no other"
check_not "a record that is no decision" 2 foureyes replay 1
check_not "a word that is no number" 2 foureyes replay 1x

# with_last NAME OLD NEW: a ledger whose newest decision was written anew, and
# all links behind it.
with_last() {
	rm -rf "${W:?}/$1"
	cp -r "$W/etc/ledger" "$W/$1"
	python3 - "$W/$1" "$2" "$3" <<'PY'
import glob, hashlib, sys
top, old, new = sys.argv[1:]
path = sorted(glob.glob(top + "/*.jsonl"))[-1]
lines = open(path).read().splitlines()
at = [n for n, line in enumerate(lines) if '"type":"decision"' in line][-1]
assert old in lines[at], old
lines[at] = lines[at].replace(old, new)
for n in range(at + 1, len(lines)):
    last = hashlib.sha256(lines[n - 1].encode()).hexdigest()
    head, prev, tail = lines[n].partition('"prev":"')
    lines[n] = head + prev + last + tail[64:]
open(path, "w").write("\n".join(lines) + "\n")
PY
}

# differs WHERE WHAT OLD NEW
differs() {
	with_last other "$3" "$4"
	check "$2: the links hold" foureyes verify --chain --json "$W/other"
	check_not "$2: and replay finds it" 1 \
	    foureyes replay --ledger "$W/other"
	says "differs: *$1" "$2: and says where"
}
differs outcome "another outcome" '"outcome":"ADMITTED"' '"outcome":"REFUSED"'
differs 'findings\[' "another standing" \
    '"standing":"MET","code":"peer.count"' \
    '"standing":"UNMET","code":"peer.count"'
differs 'findings\[.*text' "another sentence" \
    '1 of 1 approvals by people' '2 of 2 approvals by people'
differs contributors "somebody left out" '"contributors":["alice"]' \
    '"contributors":[]'
differs approvals 'an approval that did not count' '"counted":true' \
    '"counted":false'
differs 'it cannot be judged again' 'a policy that nobody wrote down' \
    '"policy":"' '"policy":"00'
differs requester 'another requester' \
    '"requester":"alice","contributors"' '"requester":"bob","contributors"'
done_testing

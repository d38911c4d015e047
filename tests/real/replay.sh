#!/bin/sh
# Every decision is judged again from its own record; a verdict that somebody
# exchanged, or facts it does not follow from, are found without a checkpoint.
. "$(dirname "$0")/lib.sh"
site local
LEDGER=$W/etc/ledger
golden=$src/tests/golden/ledgers

# ---- ledgers of versions that were ----
for dir in "$golden"/rules-*; do
	name=${dir##*/}
	check "$name: the ledger of an older version" \
	    foureyes replay --newer --ledger "$dir"
	says '^replayed: [1-9][0-9]* decisions .*; 0 do not; 0 could not' \
	    "$name: its decisions are judged as they were then"
	[ "$name" != rules-1 ] ||
		says 'by the rules of today it would be [A-Z_]*: \[{"control":' \
		    "$name: what today's say stands apart"
done

change_as alice topic
push_as alice topic:main >"$W/out" 2>&1
approve_as bob "$C" >"$W/out" 2>&1
LANDED=$C
expect_admitted "a change lands" push_as alice topic:main
change_as alice hasty
fetch_all
expect_admitted "so does an emergency" push_as carol \
    -o emergency=INC-7 -o "reason=the checkout fails for every customer" \
    "+$C:main"
change_as alice odd "$(printf 'caf\351.txt')"
push_as alice odd:main >"$W/out" 2>&1
push_as mallory topic:main >"$W/out" 2>&1

check "all decisions come out as they were recorded" foureyes replay
says '^replayed: [1-9][0-9]* decisions .*; 0 do not; 0 could not' "and are counted"
check "the same in JSON" foureyes replay --all --json
says '"different":\[\],.*"differ":0' "with nothing different"
seq_of() {
	grep -h '"type":"decision"' "$LEDGER"/*.jsonl | grep "$1" | tail -1 |
	    sed 's/^{"v":1,"seq":\([0-9]*\),.*/\1/'
}
REFUSED=$(seq_of '"outcome":"REFUSED"')
ADMITTED=$(seq_of '"outcome":"ADMITTED"')
check "one of them" foureyes replay "$ADMITTED"
says '^replayed: 1 decisions' "is one"
check_not "what is no decision" 2 foureyes replay 1
says 'is no decision' "is told"
check_not "a word that is no number" 2 foureyes replay many

# exchanged WHAT OLD NEW SEQ [PATTERN]
exchanged() {
	rm -rf "${W:?}/copy"
	cp -r "$LEDGER" "$W/copy"
	python3 "$src/tests/real/anew.py" "$W/copy" "$2" "$3" decision "$4"
	foureyes verify --chain "$W/copy" >"$W/chain" 2>&1
	grep -q '^unaltered: yes' "$W/chain"
	verdict $? "$1: the chain alone shows nothing"
	check_not "$1: replay does" 1 foureyes replay --ledger "$W/copy"
	says "^record $4 .*${5:-does not come out the same}" "$1: and names it"
}
exchanged "a refusal made an admission" '"outcome":"REFUSED"' \
    '"outcome":"ADMITTED"' "$REFUSED"
says 'recorded:     "ADMITTED"' "what was written"
says 'judged again: "REFUSED"' "and what it should be"
exchanged "a finding softened" '"standing":"UNMET"' '"standing":"MET"' \
    "$REFUSED"
exchanged "an approver exchanged in the summary alone" \
    '"approvals":[{"person":"bob"' '"approvals":[{"person":"erin"' "$ADMITTED"
exchanged "an approver who was a contributor" '"person":"bob"' \
    '"person":"alice"' "$ADMITTED"
exchanged "an approval that was not carried" '"carried":"exact"' \
    '"carried":"clean-mergé"' "$ADMITTED" 'carried'
exchanged "a sentence of a finding" 'nobody has approved' 'everybody has approved' \
    "$REFUSED"
exchanged "a mode that the policy does not have" '"mode":"enforce"' \
    '"mode":"observe"' "$REFUSED" 'its mode is not the one'
exchanged "rules that are nobody's" '"rules":' '"rulez":' "$ADMITTED" \
    'no version of the rules'
exchanged "another gate" '"gate":"main"' '"gate":"production"' "$ADMITTED" \
    'no such gate'
exchanged "a policy that nobody recorded" '"policy":"' '"policy":"0' \
    "$ADMITTED" 'no record holds'

exchanged "a contributor left out" '"contributors":["alice"]' '"contributors":[]' \
    "$ADMITTED"
exchanged "another requester" '"requester":"alice","contributors"' \
    '"requester":"bob","contributors"' "$ADMITTED"
exchanged "an approval that did not count" '"counted":true' '"counted":false' \
    "$ADMITTED"

# The facts and what is made of them, both exchanged: the approval's own record
# tells.
exchanged "the key of an approval, throughout" '"key":"SHA256:' \
    '"key":"SHA256-' "$ADMITTED"
exchanged "the source of an approval, throughout" '"source":"git"' \
    '"source":"hub"' "$ADMITTED" 'record [0-9]* does not say what this one has'
rm -rf "${W:?}/copy"
cp -r "$LEDGER" "$W/copy"
python3 "$src/tests/real/anew.py" "$W/copy" "\"commit\":\"$LANDED\"" \
    '"commit":"0123456789012345678901234567890123456789"'
check_not "an approval's own record, exchanged" 1 \
    foureyes replay --ledger "$W/copy"
says 'record [0-9]* does not say what this one has of it' "is missed"

# ---- texts that are not what their digest says ----
rm -rf "$W/copy"
cp -r "$LEDGER" "$W/copy"
python3 "$src/tests/real/anew.py" "$W/copy" 'count: 1' 'count: 2' policy
check_not "a policy that was exchanged" 1 foureyes replay --ledger "$W/copy"
says 'not the text that its digest names' "is no text of that digest"

# ---- older and newer rules ----
rm -rf "$W/copy"
cp -r "$LEDGER" "$W/copy"
python3 "$src/tests/real/anew.py" "$W/copy" '"rules":' '"rules":9' decision \
    "$ADMITTED"
check_not "by newer rules than these" 3 foureyes replay --ledger "$W/copy"
says 'newer rules than this program' "it cannot be judged here"
done_testing

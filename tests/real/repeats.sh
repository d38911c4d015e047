#!/bin/sh
# One refusal, told again and again: the log counts it (rules.md 36).
. "$(dirname "$0")/lib.sh"
site local

repeats() {
	cat "$W"/etc/ledger/*.jsonl | grep -c '"kind":"repeat"'
}

change_as alice topic
expect_refused peer.none "refused" push_as alice topic:main
expect_refused peer.none "and again" push_as alice topic:main
decisions=$(records decision)
i=0
while [ $i -lt 5 ]; do
	expect_refused peer.none "and again" push_as alice topic:main
	i=$((i + 1))
done
[ "$(records decision)" -eq "$decisions" ] && [ "$(repeats)" -ge 5 ]
verdict $? "it is counted, not repeated"
first=$(grep -h '"kind":"repeat"' "$W"/etc/ledger/*.jsonl | tail -1 |
    sed 's/.*"decision":\([0-9]*\).*/\1/')
says "record: *$first: foureyes show $first" "the pusher is told the record that says it all"
check "which is the decision" \
    sh -c "foureyes show --json $first | grep -q '\"type\":\"decision\"'"
check "log tells of it" foureyes log
says "refused as in record $first"

counted=$(repeats)
approve_as alice "$C" >"$W/out" 2>&1
expect_refused 'peer.author' "with another reason it is another refusal" \
    push_as alice topic:main
[ "$(records decision)" -gt "$decisions" ] && [ "$(repeats)" -eq "$counted" ]
verdict $? "told in full"
decisions=$(records decision)
git_as carol fetch -q origin
expect_refused 'peer.author' "and by another pusher" \
    push_as carol "$C:main"
[ "$(records decision)" -gt "$decisions" ] && [ "$(repeats)" -eq "$counted" ]
verdict $? "told in full"

decisions=$(records decision)
for n in 1 2 3; do
	check_not "an alias that nobody may push, $n" 1 \
	    push_as alice "$C:refs/foureyes/elsewhere/x"
done
[ "$(records decision)" -eq $((decisions + 1)) ]
verdict $? "once, and counted"
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "it lands when it may" push_as alice topic:main
check "the chain holds" foureyes verify --chain "$W/etc/ledger"
check "and each decision replays" foureyes replay --all
done_testing

#!/bin/sh
# The emergency lane, exercised without moving a ref.
. "$(dirname "$0")/lib.sh"
# Whoever runs the commands may declare one.
groups_of() {
	case $1 in
	alice | bob) echo engineers, release ;;
	dave) echo "platform${DAVE:+, $DAVE}" ;;
	*) echo engineers ;;
	esac
}
DAVE=incident-commanders
site local
MAIN=refs/heads/main
WHY='the yearly exercise of the lane'

drill() {
	foureyes drill --reason "$WHY" "$@" "$REPO" "$MAIN" "$C"
}
# recorded PATTERN WHAT: the newest drill holds it.
recorded() {
	grep -h '"type":"drill"' "$W"/etc/ledger/*.jsonl | tail -1 >"$W/out"
	says "$1" "$2"
}

change_as alice fire fire.txt "PAY-1 put it out"
git_as alice push -q origin "$C:refs/heads/review/fire"
before=$(on_server rev-parse main)
check "walked to its end" drill
says 'UNMET +peer.none ' "what stands in its way is told"
says 'emergency.declared' "and that the declaration turns it"
says 'its review would be due by 2' "until when a real one's review is due"
says 'who could review it \(1 asked\): bob, carol, erin$' \
    "who could give that: not the author, nor the declarer"
says 'exercised \(record [0-9]+\); no ref moved'
check "no ref moved" [ "$(on_server rev-parse main)" = "$before" ]
check "nothing is owed" foureyes due
recorded '"incident":"drill","reason":"the yearly exercise' "it is a record"
says '"outcome":"ADMITTED_AS_EMERGENCY","findings":\[.*"peer.none","rollback.absent"\]' \
    "with what it turned"
says '"reviewers":\["bob","carol","erin"\],"exercised":true' "and who is there"
says '"in_order":true' "by whom"
check "--json is that record" drill --incident EX-7 --json
says '"incident":"EX-7"'
check "log tells of it" foureyes log --type drill
says 'lane was exercised \(EX-7\), by dave'
check "the ledger holds" foureyes verify --chain

# What keeps it from being walked to its end is told, and recorded as that.
check_not "a reason that says nothing" 1 foureyes drill --reason tbd \
    "$REPO" "$MAIN" "$C"
says 'emergency.no-reason' "is refused as a real one"
says 'NOT exercised'
recorded '"outcome":"REFUSED".*"exercised":false' "and recorded so"
check_not "no reason at all" 2 foureyes drill "$REPO" "$MAIN" "$C"
check_not "a ref that no gate has" 2 foureyes drill --reason "$WHY" "$REPO" \
    refs/heads/none "$C"
says 'no gate|not gated' "is named"
check_not "a commit that is not there" 1 foureyes drill --reason "$WHY" \
    "$REPO" "$MAIN" 1111111111111111111111111111111111111111
DAVE=
use_people </dev/null
check_not "by somebody who may declare none" 1 drill
says 'emergency.not-a-member'
DAVE=incident-commanders
use_people </dev/null
change_as alice fine fine.txt "PAY-2 fine

Rollback-Plan: revert this one commit and deploy again"
git_as alice push -q origin "$C:refs/heads/review/fine"
check "one that needs no lane" approve_as bob "$C"
check_not "exercises none" 1 drill
says 'the lane was not needed'
today=$(date -u +%Y-%m-%d)
check "the digest shows each" foureyes digest --from "$today" --to "$(date -u -d "$today + 1 day" +%Y-%m-%d)"
says 'drill on refs/heads/main, walked to its end by dave'
done_testing

#!/bin/sh
# The week's digest: what it says, who may sign for it, and that an unread log
# is said to be one.
. "$(dirname "$0")/lib.sh"
site local

# sign AS FILE: with that person's key, by stock tools; leaves FILE.sig.
sign() {
	rm -f "$2.sig"
	ssh-keygen -q -Y sign -n "${SPACE:-foureyes-signoff}" \
	    -f "$W/keys/$1" "$2" 2>"$W/out"
}

change_as alice one
push_as alice one:main >"$W/out" 2>&1
approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "approve one"
push_as alice one:main >"$W/out" 2>&1 || verdict 1 "land one"
emergency_name='=1+1 <script>INC-7'
change_as carol two
push_as carol -o "emergency=$emergency_name" \
    -o 'reason=card payments fail for every customer' two:main \
    >"$W/out" 2>&1 || verdict 1 "an emergency must land"
fetch_all

FROM=$(date -u -d '1 day ago' +%F)
TO=$(date -u -d '1 day' +%F)
check "a digest" foureyes digest --from "$FROM" --to "$TO"
cp "$W/out" "$W/first"
says '^Changes that landed: 2$' "counts what landed"
says '1 emergency to main' "by kind and gate"
says '^Pushes refused: 1$' "counts what was refused"
says 'record .*: review\.' "with the finding"
says 'INC-7.*by carol; review owed' "names the emergency and its review"
says '^1 reviews are owed' "and what is owed"
check "of a week without anything" \
    foureyes digest --from 2020-01-01 --to 2020-01-08
says '^Changes that landed: 0$' "none is a number too"
says '^Emergencies: 0$' "for emergencies above all"
UNTIL=$(sed -n 's/.*as of record \([0-9]*\)$/\1/p' "$W/first")
check "the same record" foureyes digest --from "$FROM" --to "$TO" \
    --until-seq "$UNTIL" --html "$W/week.html"
cp "$W/out" "$W/second"
check "is the same text" cmp "$W/second" "$W/first"
check "a page" grep -q '&lt;script&gt;INC-7' "$W/week.html"
check_not "in which nothing runs" 1 grep -q '<script' "$W/week.html"
check_not "an end before the beginning" 2 \
    foureyes digest --from "$TO" --to "$FROM"
check_not "no day" 2 foureyes digest --from yesterday

# ---- signing ----

foureyes digest --from "$FROM" --to "$TO" --statement \
    --remarks 'the emergency was INC-7' >"$W/week"
sign bob "$W/week"
check_not "no policy asks for it" 3 \
    foureyes digest --signed "$W/week" "$W/week.sig"
says 'no review section' "and that is said"
{
	cat "$W/etc/policy.yaml"
	echo 'review: {groups: [release], every: 7d, within: 3d}'
} >"$W/policy.new"
use_policy <"$W/policy.new"
check "nothing is overdue yet" foureyes doctor
says 'review.*in time' "says doctor"

check "a ledger that is eleven days old" \
    python3 "$src/tests/real/age.py" "$W/etc/ledger" 11
rm -f "$W/etc/index.db"*
check_not "unread so long" 1 foureyes due
says 'the log itself: .*OVERDUE' "is said to be"
check_not "by doctor too" 1 foureyes doctor
says 'review.*nobody signed in time' "which says so"
foureyes digest --from "$FROM" --to "$TO" --statement \
    --remarks 'the emergency was INC-7' >"$W/week"

check_not "carol is not one of those" 2 \
    sh -c "ssh-keygen -q -Y sign -n foureyes-signoff -f '$W/keys/carol' \
    <'$W/week' >'$W/carol.sig' 2>/dev/null
    foureyes digest --signed '$W/week' '$W/carol.sig'"
says 'carol is no person of the groups' "and that is said"
SPACE=git sign bob "$W/week"
check_not "a signature made for something else" 2 \
    foureyes digest --signed "$W/week" "$W/week.sig"
sign bob "$W/week"
sed 's/INC-7/INC-8/' "$W/week" >"$W/other"
check_not "another remark" 2 foureyes digest --signed "$W/other" "$W/week.sig"
sed "s/^to .*/to $(date -u +%F)T00:00:00.000Z/" "$W/week" >"$W/other"
sign bob "$W/other"
check_not "another time than the digest's" 2 \
    foureyes digest --signed "$W/other" "$W/other.sig"
says 'not what this ledger' "and that is said"
foureyes digest --from 2020-01-01 --to "$TO" --statement >"$W/long"
sign bob "$W/long"
check_not "years at once" 2 foureyes digest --signed "$W/long" "$W/long.sig"
check "bob signs" foureyes digest --signed "$W/week" "$W/week.sig"
says 'bob signed for the log' "and is thanked"
check "it is a record" grep -q \
    '"type":"signoff".*"remarks":"the emergency was INC-7","person":"bob"' \
    "$W"/etc/ledger/*.jsonl
check_not "a machine's door: none without a statement" 2 \
    foureyes digest --signed "$W/week"

# ---- what was signed stays signed ----
# signed_anew WHAT OLD NEW PATTERN: the record is altered, its links made right.
signed_anew() {
	anew anew "$2" "$3" signoff
	rm -rf "$W/anew/checkpoint" "$W/anew/checkpoints"
	check "$1: not seen by the links" foureyes verify --chain "$W/anew"
	foureyes verify "$W/anew" >"$W/out" 2>&1
	says "unaltered: no: .*$4" "$1: seen by the signature"
}
foureyes verify >"$W/out" 2>&1
says 'unaltered: yes' "it holds"
signed_anew "somebody else's" '"person":"bob","key"' '"person":"carol","key"' \
    'was not carol'
signed_anew "other remarks in the record" \
    '"remarks":"the emergency was INC-7"' '"remarks":"none"' \
    'not what the sign-off that is kept says'
signed_anew "other remarks, in what was signed too" 'emergency was INC-7' \
    'emergency was INC-8' 'signature of the sign-off that is kept does not'
signed_anew "without the statement" '"statement":' '"remark":' \
    'keeps no signed statement'

foureyes due >"$W/due" 2>&1
check_not "and the log is no longer unread" 1 grep -q 'the log itself' "$W/due"
done_testing

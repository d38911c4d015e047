#!/bin/sh
# A log that nobody signed for in time is an exception of the auditor's pack,
# for each time that is owed, until a late sign-off closes it.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
site local
report_key

unread() {
	python3 - "$W/$1/exceptions.csv" "$2" <<'PY'
import csv, sys
print("; ".join(r[sys.argv[2]] for r in csv.DictReader(open(sys.argv[1],
    newline="")) if r["kind"] == "review-of-log"))
PY
}

# signs FROM TO: bob, for the digest of that time.
signs() {
	foureyes digest --from "$1" --to "$2" --statement >"$W/week" &&
	    rm -f "$W/week.sig" &&
	    ssh-keygen -q -Y sign -n foureyes-signoff -f "$W/keys/bob" \
		"$W/week" 2>/dev/null &&
	    foureyes digest --signed "$W/week" "$W/week.sig"
}

check "a log that no policy has read" pack p1
check "is owed to nobody" [ -z "$(unread p1 exception)" ]
{
	cat "$W/etc/policy.yaml"
	echo 'review: {groups: [release, security], every: 7d, within: 3d}'
} >"$W/policy.new"
use_policy <"$W/policy.new"
check "nine days old" python3 "$src/tests/real/age.py" "$W/etc/ledger" 9
rm -rf "$W"/etc/index.db* "$W"/etc/ledger/checkpoint*
check "a pack" pack p2
check "nothing is due yet" [ -z "$(unread p2 exception)" ]
check "sixteen more" python3 "$src/tests/real/age.py" "$W/etc/ledger" 16
rm -rf "$W"/etc/index.db* "$W"/etc/ledger/checkpoint*
check "a pack of 25 days" pack p3
asked=$(grep -n '"type":"policy"' "$W/etc/ledger/00000000000000000001.jsonl" |
    tail -1 | cut -d: -f1)
n=review-of-log-$asked
check "three digests are owed" \
    [ "$(unread p3 exception)" = "$n.1; $n.2; $n.3" ]
check "each overdue" [ "$(unread p3 state)" = "overdue; overdue; overdue" ]
check "to who may sign" \
    [ "$(unread p3 owner | cut -d';' -f1)" = "group release or security" ]
until=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' \
    "$W/p3/about.json")
due=$(unread p3 due)
check "only those of the period are told" pack p4 --from 2020-01-01 \
    --to "$(echo "$due" | sed 's/.*; //')"
check "two, before the third fell due" \
    [ "$(unread p4 exception)" = "$n.1; $n.2" ]

# Late, the first whole and the second in two parts.
times=$(unread p3 what | grep -o '[0-9-]*T[0-9:.]*Z' | sort -u)
one=$(echo "$times" | sed -n 1p)
two=$(echo "$times" | sed -n 2p)
three=$(echo "$times" | sed -n 3p)
half=$(date -u -d "$two + 2 days" +%FT%T.000Z)
check "bob signs for the first" signs "$one" "$two"
first=$(wc -l <"$W/etc/ledger/00000000000000000001.jsonl")
check "and for some of the second" signs "$two" "$half"
check "a pack" pack p5
check "the first is closed, late" \
    [ "$(unread p5 state)" = "closed late; overdue; overdue" ]
check "by his record" [ "$(unread p5 closed_by)" = "$first; ; " ]
check "he signs for the rest" signs "$half" "$three"
check "a pack" pack p6
check "as of an earlier record it is what it was" pack p9 \
    --until-seq "$until"
check "to the byte" cmp "$W/p9/exceptions.csv" "$W/p3/exceptions.csv"
check "and that closes it" \
    [ "$(unread p6 state)" = "closed late; closed late; overdue" ]

# What is leapt over stays owed; a time that is still to come was not read.
check "he signs for the newest alone" signs \
    "$(date -u -d '1 day ago' +%FT%TZ)" "$(date -u -d '6 days' +%FT%TZ)"
check "a pack" pack p7
check "the third stays" [ "$(unread p7 state)" = "$(unread p6 state)" ]
check "eleven days" python3 "$src/tests/real/age.py" "$W/etc/ledger" 11
rm -rf "$W"/etc/index.db* "$W"/etc/ledger/checkpoint*
forge '
import datetime
if r["type"] == "signoff":
    for key in ("from", "to"):
        day = datetime.datetime.fromisoformat(r[key][:-1])
        day -= datetime.timedelta(days=11)
        r[key] = day.isoformat(timespec="milliseconds") + "Z"'
check_not "and it is overdue again" 1 foureyes due
says 'the log itself: .*OVERDUE' "says the command"
check "a pack" pack p8
check "and what was leapt over, and what came after, are exceptions" \
    [ "$(unread p8 exception | tr ';' '\n' | wc -l)" -eq 5 ]
done_testing

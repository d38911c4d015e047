#!/bin/sh
# K16: the auditor's pack: what is read there is right, whole and safe to open.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
site local
report_key

for n in 1 2 3 4; do
	change_as alice "c$n"
	approve_as bob "$C" >"$W/out" 2>&1
	push_as alice "c$n:main" >"$W/out" 2>&1 || verdict 1 "c$n must land"
done
cp -a "$W/etc/ledger" "$W/kept"
again() {
	rm -rf "$W/etc/ledger"
	cp -a "$W/kept" "$W/etc/ledger"
	forge "$1"
}

# Q06: everything the control is about is in every row.
check "Q06: a pack" pack q06
check "Q06: each cell is what its record says" checks_row "$W/q06"
check "Q06: four rows, and their records are in it" \
    [ "$(rows "$W/q06/changes.csv")" -eq 4 ]
check "Q06: the keys that signed are in the records" \
    grep -q '"key":"SHA256:' "$W/q06/records.jsonl"

# Q01, Q02: what commits say is text, and stays in its cell.
again '
texts = ["=HYPERLINK(\"http://x\",\"a\")", "+1 fix, \"quoted\"",
         "@sum\r\nsecond; =3", "\t-2+3 \u202egnp.exe \x01 \u00e9"]
if r["type"] == "decision" and "changes" in r:
    c = r["changes"][0]
    at = int(c["description"][-1]) - 1
    c["description"] = texts[at] + (" long" * 210000 if at == 3 else "")
    c["rollback_plan"]["text"] = "-" + texts[3 - at]
    c["contributors"].append({"known": False, "written": texts[at][:9] +
        "=1@example.com", "commit": c["after"], "part": "author"})
'
check "Q01: a pack of formulas" pack q01
check "Q01: no cell is one, and each can be read back" checks_row "$W/q01"
check "Q02: as many lines as changes" [ "$(rows "$W/q01/changes.csv")" -eq 4 ]
check "Q02: and no bare carriage return" sh -c \
    "! tr -d '\n' <'$W/q01/changes.csv' | tr -s '\r' '\n' | grep -q '^second'"
check "Q01: the record keeps the text" \
    grep -q 'HYPERLINK' "$W/q01/records.jsonl"

# Q03: half-open, in UTC, whatever the clock on the wall says.
again '
edge = ["2026-03-31T23:59:59.999Z", "2026-04-01T00:00:00.000Z",
        "2026-06-30T23:59:59.999Z", "2026-07-01T00:00:00.000Z"]
turn = globals().setdefault("turn", [0])
r["time"] = edge[min(turn[0], 3)] if turn[0] or r["type"] == "landing" \
    else "2026-03-31T00:00:00.000Z"
if r["type"] == "landing":
    r["time"] = edge[turn[0]]
    turn[0] += 1
    if turn[0] < 4:
        edge[turn[0]] = edge[turn[0]]
'
q=0
for quarter in "2026-01-01 2026-04-01" "2026-04-01 2026-07-01" \
    "2026-07-01 2026-10-01"; do
	q=$((q + 1))
	check "Q03: quarter $q" pack "q$q" --from "${quarter% *}" \
	    --to "${quarter#* }" --until-seq "$(wc -l <"$W/etc/ledger/00000000000000000001.jsonl")"
done
check "Q03: each landing is in exactly one" [ "$(rows "$W/q1/changes.csv"
) $(rows "$W/q2/changes.csv") $(rows "$W/q3/changes.csv")" = "1 2 1" ]
until=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' "$W/q2/about.json")
for zone in Asia/Tokyo America/Chicago; do
	check "Q03: in $zone" env TZ=$zone sh -c "rm -rf '$W/z'
	    foureyes report --from 2026-04-01 --to 2026-07-01 --out '$W/z' \
	    --until-seq $until"
	check "Q03: the same bytes" sh -c "cd '$W/q2' && for f in *.csv \
	    index.html records.jsonl range.txt VERIFY.txt; do
	    cmp \$f '$W/z/'\$f || exit 1; done"
done
check "Q03: nothing in a period of its own" pack none --from 2027-01-01 \
    --to 2027-02-01
check "Q03: and each table is there, with no row" sh -c "cd '$W/none' &&
    for f in changes attributes emergencies deployments refusals; do
    [ \$(wc -l <\$f.csv) -eq 1 ] || exit 1; done"

# Q07: bots are told apart, and each change counts once.
again '
if r["type"] == "decision" and "changes" in r:
    c = r["changes"][0]
    if c["description"][-1] in "12":
        for p in c["contributors"]:
            p["machine"] = True
    if c["description"][-1] == "3":
        c["commits"] += [dict(c["commits"][0]) for i in range(3)]
'
pack q07 >"$W/out" 2>&1
check "Q07: two of them are machines' own" \
    [ "$(grep -c ',yes,[0-9]*,' "$W/q07/changes.csv")" -eq 2 ]
check "Q07: four changes, one of four commits" sh -c "
    [ $(rows "$W/q07/changes.csv") -eq 4 ] &&
    grep -q '\"changes\":4,' '$W/q07/about.json'"

# Q05: the emergency lane is in a list of its own, and so is who did not review.
rm -rf "$W/etc/ledger"
cp -a "$W/kept" "$W/etc/ledger"
rm -f "$W"/etc/index.db*
REVIEW_WITHIN=1s
policy_main </dev/null | use_policy
change_as carol hot
expect_refused 'peer.none' "Q05: without a declaration it is refused" \
    push_as carol hot:main
expect_admitted "Q05: with one it lands" push_as carol \
    -o emergency=INC-1 -o "reason=card payments fail for every customer" \
    hot:main
sleep 1.2
check "Q05: a pack" pack q05
check "Q05: it has its row" [ "$(rows "$W/q05/emergencies.csv")" -eq 1 ]
check "Q05: which says that its review is overdue" \
    [ "$(cell "$W/q05/emergencies.csv" 1 state)" = overdue ]
check "Q05: and is an exception" grep -q '^emergency-.*overdue' \
    "$W/q05/exceptions.csv"
check "Q05: the refusal too" grep -q 'peer.none' "$W/q05/refusals.csv"
check "Q05: no attribute calls it approved" \
    [ "$(cell "$W/q05/attributes.csv" 5 approver_apart)" = FAIL ]
done_testing

#!/bin/sh
# The auditor's pack: what is in it, that it says what the records say, that it
# can be made again, and what spoils it.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
site local
report_key

change_as alice one
approve_as bob "$C" >"$W/out" 2>&1
ONE=$C
expect_admitted "a change lands" push_as alice one:main
change_as bob two
expect_refused peer.none "another is refused" push_as bob two:main

check "a pack is made" pack p1
check "its manifest holds" sh -c "cd '$W/p1' && sha256sum --quiet -c manifest.sha256"
check "and is signed by the report key" openssl dgst -sha256 \
    -verify "$W/p1/report.pub" -signature "$W/p1/manifest.sha256.sig" \
    "$W/p1/manifest.sha256"
check "the change has a row" grep -q "$ONE" "$W/p1/changes.csv"
check "one row" [ "$(wc -l <"$W/p1/changes.csv")" -eq 2 ]
check "by whom it was approved" \
    [ "$(cell "$W/p1/changes.csv" 1 approvers)" = bob ]
check_not "a directory that is there is left alone" 2 \
    foureyes report --from 2020-01-01 --to 2100-01-01 --out "$W/p1"

until=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' "$W/p1/about.json")
check "it is made again as of the same record" pack p2 --until-seq "$until"
cut -c67- "$W/p1/manifest.sha256" | grep -v '^about.json' >"$W/files"
while read -r file; do
	check "$file has the same bytes" cmp "$W/p1/$file" "$W/p2/$file"
done <"$W/files"
for table in changes attributes; do
	foureyes report --from 2020-01-01 --to 2100-01-01 --until-seq "$until" \
	    --table $table >"$W/$table.csv" 2>"$W/out"
	check "$table can be had alone" cmp "$W/$table.csv" "$W/p2/$table.csv"
done
check_not "others cannot" 2 foureyes report --from 2020-01-01 --to 2100-01-01 --table access
check_not "nor is it a pack" 2 foureyes report --from 2020-01-01 --to 2100-01-01 \
    --table changes --out "$W/p-table"
check "making it is a record" foureyes log --type report
says 'a pack of 2020-01-01 to 2100-01-01 made: manifest'
check "a period that has not ended is marked" \
    grep -q '"incomplete"' "$W/p1/about.json"

# Log, Git and pack.
check "the counts reconcile" \
    [ "$(cell "$W/p1/reconciliation.csv" 1 agrees)" = yes ]
object=$(echo "$ONE" | sed 's,^..,&/,')
mv "$W/srv/$REPO.git/objects/$object" "$W/object" 2>/dev/null
check_not "an object that is lost is a no" 1 pack p3
check "and a pack all the same" \
    [ "$(cell "$W/p3/reconciliation.csv" 1 agrees)" = no ]
mv "$W/object" "$W/srv/$REPO.git/objects/$object"

# VERIFY.txt, word for word, with a shell, coreutils, sed, grep and openssl.
change_as alice three
approve_as bob "$C" >"$W/out" 2>&1
push_as alice three:main >"$W/out" 2>&1
# The time of the newest landing.
mid=$(sed -n '/"type":"landing"/s/.*"time":"\([^"]*\)".*/\1/p' \
    "$W"/etc/ledger/*.jsonl | tail -1)
change_as alice four
foureyes seal >"$W/out" 2>&1 || verdict 1 "sealed"
check "a pack of what was sealed" pack p4 --from "$mid" --to 2100-01-01 \
    --until-seq "$(wc -l <"$W/etc/ledger/00000000000000000001.jsonl")"
check "with records before it" grep -q '^before' "$W/p4/range.txt"
steps() {
	sed -n 's/^    //p' "$1/VERIFY.txt" | grep -v 'seq":N' >"$W/steps"
	(cd "$1" && env -i PATH=/usr/bin:/bin sh "$W/steps" >"$W/walked" 2>&1)
	cat "$W/walked"
}
check "VERIFY.txt can be followed" steps "$W/p4"
check "and each of its steps says so" [ "$(grep -cx ok "$W/walked")" -eq 4 ]
check "the key is the one that seals" grep -q \
    "$(sed -n 's/^sealing key: //p' "$W/p4/VERIFY.txt")" "$W/walked"
foureyes seal >"$W/out" 2>&1
before=$(sed -n '/"type":"landing"/s/.*"time":"\([^"]*\)".*/\1/p' \
    "$W"/etc/ledger/*.jsonl | head -1)
check "a pack of the middle" pack p5 --from "$before" --to "$mid"
check "with records behind it" grep -q '^after' "$W/p5/range.txt"
check "VERIFY.txt can be followed there too" steps "$W/p5"
check "each step" [ "$(grep -cx ok "$W/walked")" -eq 4 ]
sed -i '2s/PAY/PBY/' "$W/p5/records.jsonl"
check "one byte changed" steps "$W/p5"
check "and the pack, the chain and the root say no" \
    [ "$(grep -cx ok "$W/walked")" -eq 1 ]

# A sample that anybody can draw again.
check "a sample" pack p6 --sample 1 --seed 2026 --from 2020-01-01 \
    --to "$mid"
sum=$(sha256sum <"$W/p6/changes.csv" | cut -d' ' -f1)
drawn=$(for n in $(seq "$(rows "$W/p6/changes.csv")"); do
	printf '%s %s\n' "$(printf '2026 %s %s' "$sum" "$n" | sha256sum)" "$n"
done | sort | head -1 | sed 's/.* //')
sheet=$(printf '%s/p6/sample/%06d' "$W" "$drawn")
check "is the one that its rule draws" [ -s "$sheet.txt" ]
check "its records are proved" sh -c "
    for f in '$sheet'-*.proof; do
    foureyes verify --proof \$f --key '$W/p6/seal.pub' || exit 1; done"
check_not "a sample without a seed is refused" 2 pack p7 --sample 3

# One day.
check "the pack of a day" pack p8 --as-of "$(date -u +%F)"
check "has the newest change of each gate" \
    [ "$(rows "$W/p8/changes.csv")" -eq 1 ]
check "and who could do what" grep -q 'held at end' "$W/p8/access.csv"
check "the policy of that day" sh -c "ls '$W/p8/policy' | grep -q policy-"

# Narrowed, and said so.
check "a gate that is not there" pack p9 --gate staging
check "has no row" [ "$(rows "$W/p9/changes.csv")" -eq 0 ]
check "and about.json says why" grep -q '"gates":\["staging"\]' \
    "$W/p9/about.json"
check_not "a period that ends before it begins is refused" 2 \
    pack p10 --from 2026-02-01 --to 2026-01-01
check_not "a day that is none too" 2 pack p10 --from 2026-02-30 --to 2027-01-01

# A report key that the ledger does not know.
cp -p "$W/etc/report.key" "$W/own.key"
rm -f "$W/etc/report.key"
(umask 077 && openssl genpkey -quiet -algorithm EC \
    -pkeyopt ec_paramgen_curve:P-256 -out "$W/etc/report.key" 2>/dev/null)
check_not "a report key that nobody introduced is refused" 3 pack p12
says 'rekey --report introduces it' "with the way out"
check "nothing is left" sh -c "[ ! -e '$W/p12' ] && [ ! -e '$W/p12.part' ]"
until=$(wc -l <"$W/etc/ledger/00000000000000000001.jsonl")
check "which introduces it" foureyes rekey --report
check "and then it signs, also what is older than itself" \
    pack p12 --until-seq "$until"
check "VERIFY.txt names the record" grep -qx \
    "introduced:  by record $((until + 1))" "$W/p12/VERIFY.txt"

# A ledger that does not verify.
sed -i '0,/change one/s//change 0ne/' "$W"/etc/ledger/*.jsonl
rm -f "$W"/etc/index.db*
check_not "an altered ledger is a no" 1 pack p11
check "and a pack, with every row" [ "$(rows "$W/p11/changes.csv")" -eq \
    "$(grep -c '"type":"landing"' "$W"/etc/ledger/*.jsonl)" ]
for file in VERIFY.txt NOT-COVERED.txt about.json index.html; do
	check "$file says so" grep -qi 'not verify' "$W/p11/$file"
done
done_testing

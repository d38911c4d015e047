#!/bin/sh
# The auditor's pack: what is in it, that it says what the records say, that it
# can be made again, and what spoils it.
. "$(dirname "$0")/lib.sh"
site local
echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
day=$(date -u +%F)
after=$(date -u -d "$day + 2 days" +%F)

# pack NAME OPTION...: makes $W/NAME of all there is so far.
pack() {
	name=$1
	shift
	rm -rf "${W:?}/$name"
	foureyes report --from 2020-01-01 --to "$after" --out "$W/$name" "$@"
}

# cell FILE ROW COLUMN: one cell; ROW 1 is the first behind the header.
cell() {
	python3 - "$@" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
print(rows[int(sys.argv[2]) - 1][sys.argv[3]])
PY
}


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
    foureyes report --from 2020-01-01 --to "$after" --out "$W/p1"

until=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' "$W/p1/about.json")
check "it is made again as of the same record" pack p2 --until-seq "$until"
for file in $(cut -c67- "$W/p1/manifest.sha256"); do
	[ "$file" = about.json ] ||
	    check "$file has the same bytes" cmp "$W/p1/$file" "$W/p2/$file"
done
check "making it is a record" foureyes log --type report
done_testing

#!/bin/sh
# changes.xlsx, opened by LibreOffice: it says what changes.csv says, whatever
# people write; and a disk that fills leaves no pack.
. "$(dirname "$0")/lib.sh"
command -v soffice >/dev/null 2>&1 ||
    skip_all "there is no LibreOffice: contrib/install-deps.sh office"
site local
echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
after=$(date -u -d 'now + 2 days' +%F)

pack() {
	name=$1
	shift
	foureyes report --from 2020-01-01 --to "$after" --out "$W/$name" "$@"
}

# land SUBJECT: one change with that subject.
land() {
	change_as alice "topic$((n += 1))" "file$n" "$1

$PLAN"
	approve_as bob "$C" >"$W/out" 2>&1
	push_as alice "topic$n:main" >"$W/out" 2>&1
	verdict $? "it lands: $n"
}
n=0
land '=HYPERLINK("http://example.com/","PAY-1")'
land "+1+1|cmd '/c calc' ; \"quoted\", and _x0041_ and é ☃ 🙂"
land "@SUM(1)	tab"
land '2026-01-31'
land '00012'

check "a pack is made" pack p1
as_of=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' \
    "$W/p1/about.json")
sleep 1
check "and again" pack p2 --until-seq "$as_of"
check "the workbook has the same bytes" cmp "$W/p1/changes.xlsx" \
    "$W/p2/changes.xlsx"

check "LibreOffice opens it" soffice "-env:UserInstallation=file://$W/office" \
    --headless --convert-to "csv:Text - txt - csv (StarCalc):\
44,34,76,1,,0,false,true,false,false,false,-1" --outdir "$W/csv" \
    "$W/p1/changes.xlsx"
for sheet in changes exceptions emergencies; do
	check "sheet $sheet says what $sheet.csv says" python3 \
	    "$src/tests/real/same_cells.py" "$W/p1/$sheet.csv" \
	    "$W/csv/changes-$sheet.csv"
done
check "the about sheet names the record" grep -q "^as of record,$as_of$" \
    "$W/csv/changes-about.csv"

check "dates are dates, filters and a header that stays" python3 - \
    "$W/p1/changes.xlsx" <<'PY'
import re, sys, zipfile
book = zipfile.ZipFile(sys.argv[1])
sheet = book.read("xl/worksheets/sheet1.xml").decode()
assert book.testzip() is None
assert "<f>" not in sheet and "hyperlink" not in sheet, "a formula or a link"
assert re.search(r'<autoFilter ref="A1:[A-Z]+6"', sheet), "no filters"
assert 'ySplit="1"' in sheet and 'state="frozen"' in sheet, "no frozen header"
# Column B, the time, is a number with a style.
assert len(re.findall(r'<c r="B\d+" s="\d+"><v>[0-9.]+</v>', sheet)) == 5
assert len(re.findall(r'<c r="S\d+" s="\d+"><v>[0-9]+</v>', sheet)) == 5
PY

# Where the scratch files of the library cannot grow, there is no workbook.
python3 - "$W/tables" <<'PY'
import sys
field = lambda *f: b"".join(x.encode() + b"\0" for x in f)
with open(sys.argv[1], "wb") as out:
    out.write(field("foureyes-workbook 1", "t", "2026-01-01T00:00:00.000Z",
                    "sheet", "changes", "2", "ta", "tb"))
    for i in range(20000):
        out.write(field("row", f"some text {i * 7919}", f"more {i * 104729}"))
    out.write(field("end"))
PY
check "a large sheet is written" sh -c \
    "foureyes-workbook <'$W/tables' >'$W/large.xlsx'"
size=$(($(stat -c %s "$W/large.xlsx") / 512 + 400))
check_not "not with rows missing where a scratch file cannot grow" 3 sh -c \
    "trap '' XFSZ; ulimit -f $size; foureyes-workbook <'$W/tables' \
    >'$W/small.xlsx'"
says "scratch files: File too large"
check_not "nor of tables that end early" 3 sh -c \
    "head -c 1000 '$W/tables' | foureyes-workbook >'$W/small.xlsx'"
done_testing

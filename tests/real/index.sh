#!/bin/sh
# The index of a long ledger is made at once, and is the one that would have
# been made line by line.
. "$(dirname "$0")/lib.sh"
site local
golden=$src/tests/golden/ledgers/rules-1

# tables: all that the index holds.
tables() {
	python3 - "$W/etc/index.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
for row in db.execute("SELECT seq, segment, offset, length, hex(digest) "
                      "FROM record ORDER BY seq"):
    print(*row)
for row in db.execute("SELECT * FROM entry ORDER BY topic, seq"):
    print(*row)
print(*db.execute("PRAGMA integrity_check").fetchone())
PY
}

rm -f "$W"/etc/index.db* "$W"/etc/ledger/*.jsonl "$W"/etc/ledger/checkpoint
head -20 "$golden"/*1.jsonl >"$W/etc/ledger/00000000000000000001.jsonl"
chmod 660 "$W"/etc/ledger/*.jsonl
foureyes due >"$W/out" 2>&1
tables >"$W/short"
cat "$golden"/*1.jsonl >"$W/etc/ledger/00000000000000000001.jsonl"
foureyes due >"$W/due" 2>&1
tables >"$W/by-line"
check "the index grows line by line" \
    [ "$(wc -l <"$W/by-line")" -gt "$(wc -l <"$W/short")" ]
rm -f "$W"/etc/index.db*
foureyes due >"$W/due-again" 2>&1
tables >"$W/at-once"
check "made at once it is the same" cmp "$W/by-line" "$W/at-once"
check "and gives the same answers" cmp "$W/due" "$W/due-again"
check "nothing is left beside it" [ -z "$(find "$W/etc" -name 'index.db-bulk*')" ]
sed -i '100s/"repository":"payments"/"repository":"paymentz"/' \
    "$W/etc/ledger/00000000000000000001.jsonl"
rm -f "$W"/etc/index.db*
check_not "a ledger that was altered is not indexed" 3 foureyes due
says 'altered: line 100 ' "and the line is named"
check "nor is anything left then" [ -z "$(find "$W/etc" -name 'index.db-bulk*')" ]
done_testing

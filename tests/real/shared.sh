#!/bin/sh
# A ledger in a real PostgreSQL that two nodes write.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
# shellcheck source=tests/real/lib_shared.sh
. "$src/tests/real/lib_shared.sh"
NODES=b
database_make
site local
share

# in_database TEXT: lines of records with that text.
in_database() {
	sql "select count(*) from foureyes.lines, lateral
	    regexp_split_to_table(convert_from(lines, 'UTF8'), E'\n') as line
	    where position('$1' in line) > 0"
}

good one
lands 'a push through a node' alice one:main
check 'its landing is in the database' \
    test "$(in_database '"type":"landing"')" -eq 1
check 'the copy is whole' foureyes verify --chain
node_make b
check 'another node is made' foureyes --config "$W/b" log
check 'the first one catches up' foureyes log
check 'both have the same bytes' cmp "$W"/etc/ledger/*.jsonl "$W"/b/ledger/*.jsonl
done_testing

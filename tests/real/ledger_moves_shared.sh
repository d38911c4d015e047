#!/bin/sh
# A ledger goes into a database that several machines share, and out of it
# again, byte for byte, and pushes go on each time.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
# shellcheck source=tests/real/lib_shared.sh
. "$src/tests/real/lib_shared.sh"
database_make
site local
L=$W/etc/ledger
(umask 077 && printf "the secret of the hub" >"$W/hub")

lines() {
	cat "$1"/*.jsonl
}
# follows A B: what B has behind A begins with the line that names A's last.
follows() {
	[ "$(lines "$2" | sed -n "$(($(lines "$1" | wc -l) + 1))p" |
	    grep -o '"prev":"[0-9a-f]*"' | cut -d '"' -f 4)" = \
	    "$(lines "$1" | tail -n 1 | tr -d '\n' | sha256sum | cut -d ' ' -f 1)" ]
}

good one
lands 'a change in a ledger of files' alice one:main
check 'it is sealed' foureyes seal
check 'and exported' foureyes ledger export "$W/files"
cp "$W/etc/foureyes.yaml" "$W/files.yaml"
mv "$L" "$W/was"

node_settings etc "$W/srv" | sed 's/^origin: .*/origin: other.example.com/' \
    >"$W/etc/foureyes.yaml"
check_not 'it is not the ledger of another origin' 2 \
    foureyes ledger import "$W/files"
says "is the ledger 'example.com/foureyes', and foureyes.yaml calls its own"
node_settings etc "$W/srv" >"$W/etc/foureyes.yaml"
database_stop
check_not 'imported where the database is down' 3 \
    foureyes ledger import "$W/files"
database_start
check 'it is gone on with' foureyes ledger import "$W/files"
says 'the ledger is in the database'
in_database() {
	sql "select encode(lines, 'base64') from foureyes.lines order by last" |
	    base64 -d
}
in_database >"$W/bytes"
check '  byte for byte' sh -c "cat '$W'/files/*.jsonl | cmp - '$W/bytes'"
check '  with its checkpoint' [ "$(sql 'select max(size) from
    foureyes.checkpoints')" = "$(sed -n 2p "$W/files/checkpoint")" ]
check_not 'it is imported once' 3 foureyes ledger import "$W/was"
says 'exists'
node_start etc
good two
lands 'pushes go on' alice two:main
check '  and follow what was there' follows "$W/files" "$L"
check '  in the database too' sh -c "$(printf '%s' "[ '$(in_database | sha256sum)' = '$(lines "$L" | sha256sum)' ]")"
check 'seals go on' foureyes seal
check 'it verifies' foureyes verify

check 'it is exported' foureyes ledger export "$W/back"
in_database >"$W/bytes"
check '  byte for byte' sh -c "cat '$W'/back/*.jsonl | cmp - '$W/bytes'"
check '  a stranger agrees' "$src/contrib/verify-ledger" "$W/back"
node_stop etc

sed "s,^ledger: .*,ledger: $W/etc/files," "$W/files.yaml" >"$W/etc/foureyes.yaml"
check 'and becomes a ledger of files' foureyes ledger import "$W/back"
good three
lands 'pushes go on' alice three:main
check '  and follow what was there' follows "$W/back" "$W/etc/files"
check 'seals go on' foureyes seal
check 'it verifies' foureyes verify
done_testing

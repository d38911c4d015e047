#!/bin/sh
# A ledger goes from one place to another, byte for byte, and pushes go on.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
site local
L=$W/etc/ledger

# same A B: the same lines in the same files, and the same beside them.
same() {
	for place in "$1" "$2"; do
		(cd "$place" && find . -type f ! -name lock ! -name reserve \
		    ! -name sync ! -name shared | sort | xargs sha256sum)
	done >"$W/sums"
	[ "$(sort "$W/sums" | uniq -c | awk '$1 != 2' | wc -l)" -eq 0 ]
}

# move_to DIR: the installation keeps its ledger there from now on.
move_to() {
	sed -i "s,^ledger: .*,ledger: $1," "$W/etc/foureyes.yaml"
	L=$1
}

good one
lands 'a first change' alice one:main
check 'sealed' foureyes seal
# A second segment, and in it what no checkpoint counts.
mv "$L/00000000000000000001.jsonl" "$L/old.jsonl"
good two
lands 'a second change' alice two:main
mv "$L/old.jsonl" "$L/00000000000000000001.jsonl"
check 'there are two segments' [ "$(find "$L" -name '*.jsonl' | wc -l)" -eq 2 ]
records=$(cat "$L"/*.jsonl | wc -l)

check 'it is exported' foureyes ledger export "$W/out1"
says "'$W/out1' has the $records records of '$L', and verifies"
check '  byte for byte' same "$L" "$W/out1"
check '  and verifies' foureyes verify "$W/out1"
check '  a stranger agrees' "$src/contrib/verify-ledger" "$W/out1"
check_not 'nothing is exported over it' 2 foureyes ledger export "$W/out1"
says 'holds a ledger already'
check '  and it is as it was' same "$L" "$W/out1"
check_not 'nothing is imported over a ledger' 2 \
    foureyes ledger import "$W/out1"
says 'holds a ledger already'

# A segment with another name is exported under its own.
mv "$L/00000000000000000001.jsonl" "$L/odd.jsonl"
check 'a segment was renamed' foureyes ledger export "$W/out2"
check '  and is what it was' same "$W/out1" "$W/out2"
mv "$L/odd.jsonl" "$L/00000000000000000001.jsonl"

# Stopped on its way: begun anew, or gone on with.
mkdir -p "$W/out3/arriving/checkpoints"
chmod 700 "$W/out3/arriving"
head -c 500 "$W/out1/00000000000000000001.jsonl" \
    >"$W/out3/arriving/00000000000000000001.jsonl"
cp "$W"/out1/checkpoints/* "$W/out3/arriving/checkpoints"
check 'what was stopped half-way is begun anew' foureyes ledger export "$W/out3"
check '  and is all there' same "$W/out1" "$W/out3"
cp -r "$W/out1" "$W/out4"
mkdir -m 700 "$W/out4/arriving"
mv "$W/out4/00000000000000000001.jsonl" "$W/out4/checkpoint" "$W/out4/arriving"
: >"$W/out4/arriving/whole"
check 'what was put in its place half-way is gone on with' \
    foureyes ledger export "$W/out4"
says 'which somebody had begun to bring'
check '  and is all there' same "$W/out1" "$W/out4"

# What does not verify is not taken.
cp -r "$W/out1" "$W/bad"
sed -i '3s/alice/mallory/' "$W/bad/00000000000000000001.jsonl"
cp -r "$W/out1" "$W/short"
sed -i '$d' "$W/short/00000000000000000001.jsonl"
cp -r "$W/out1" "$W/unsealed"
rm "$W/unsealed/checkpoint"
before=$L
move_to "$W/etc/ledger2"
for kind in bad short unsealed; do
	check_not "not imported: $kind" 1 foureyes ledger import "$W/$kind"
	says "'$W/$kind' does not verify: "
done
check '  and nothing is there' [ ! -e "$W/etc/ledger2" ]

check 'it is imported' foureyes ledger import "$before"
says "has the $records records of"
check '  byte for byte' same "$before" "$L"
[ "$(stat -c %a "$L")" = 2770 ] &&
    [ "$(stat -c %a "$L"/*.jsonl | sort -u)" = 660 ]
verdict $? '  with the modes of a ledger'
mv "$before" "$W/away"
good three
lands 'pushes go on' alice three:main
check 'the next record names the last one' [ \
    "$(cat "$L"/*.jsonl | sed -n "$((records + 1))p" |
        grep -o '"prev":"[0-9a-f]*"' | cut -d '"' -f 4)" = \
    "$(cat "$W"/away/*.jsonl | tail -n 1 | tr -d '\n' | sha256sum |
        cut -d ' ' -f 1)" ]
check 'seals go on' foureyes seal
check 'and all is well' foureyes verify
says '^complete: yes'

if [ "$(id -u)" -eq 0 ]; then
	foureyes ledger export "$W/out5" >"$W/out" 2>&1
	chown 61002 "$W/etc/seal.key"
	move_to "$W/etc/ledger3"
	check 'root imports for who seals' foureyes ledger import "$W/out5"
	[ "$(stat -c %u "$L/checkpoints")" -eq 61002 ] &&
	    [ "$(stat -c %u "$L/checkpoint")" -eq 0 ]
	verdict $? '  whose the kept checkpoints are'
else
	skip 'root imports for who seals' 'needs root'
fi

# A pruned ledger is brought with what says so, in retain.sh.
check_not 'a directory that everybody may write to' 3 \
    sh -c "mkdir '$W/open' && chmod 777 '$W/open' &&
        foureyes ledger export '$W/open'"
says 'may be written to by everybody'
done_testing

#!/bin/sh
# ledger_append.sh [DIR] - appends a second with 1, 8 and 64 writers, beside
# bare write and fdatasync by as many on the same file system.
#
# A table on standard output, the same as JSON in build/bench.  Each number is
# the median of ROUNDS, and the ways take turns within a round, so that what
# else the machine does falls on all of them.  At the end the ledgers must hold
# what was appended, all 64 x EACH records of one of them.
#
# Bare writers share as well: the file system joins the syncs of many into one
# commit of its journal.  So there are three ratios: to as many bare writers, of
# one file and of a file each, and to a single one, which is how often the disk
# can sync.
set -eu
cd "$(dirname "$0")/../.."

bin=build/${VARIANT:-release}
place=${1:-build/bench/append}
json=build/bench/ledger_append.json
ROUNDS=${ROUNDS:-3}
EACH=${EACH:-10000}
rm -rf "$place"
mkdir -p "$place" build/bench

# Enough to last a moment, not enough to last minutes.
each_of() {
	case $1 in
	1) echo 400 ;;
	8) echo 200 ;;
	*) echo 60 ;;
	esac
}

median() {
	sort -n "$1" | sed -n "$(((ROUNDS + 1) / 2))p"
}

round=0
while [ "$round" -lt "$ROUNDS" ]; do
	for writers in 1 8 64; do
		for way in ledger one own; do
			mkdir -p "$place/$way"
			"$bin/bench/ledger_append" "$place/$way" "$way" \
			    "$writers" "$(each_of "$writers")" \
			    >>"$place/$way.$writers"
		done
	done
	round=$((round + 1))
done

echo 'appends a second, each on disk before the next (median)'
printf '%8s %8s %11s %11s %9s %9s %9s\n' writers ledger 'one file' \
    'own files' ':one file' ':own' ':disk'
disk=$(median "$place/one.1")
printf '{"appends":[' >"$json"
comma=
for writers in 1 8 64; do
	ledger=$(median "$place/ledger.$writers")
	one=$(median "$place/one.$writers")
	own=$(median "$place/own.$writers")
	echo "$writers $ledger $one $own $disk" | awk '{
		printf "%8d %8.0f %11.0f %11.0f %9.2f %9.2f %9.2f\n", $1, $2, $3,
		    $4, $2 / $3, $2 / $4, $2 / $5 }'
	printf '%s{"writers":%s,"ledger":%s,"bare_one_file":%s,"bare_own_files":%s}' \
	    "$comma" "$writers" "$ledger" "$one" "$own" >>"$json"
	comma=,
done

"$bin/bench/ledger_append" "$place/many" ledger 64 "$EACH" >"$place/many.out"
lines=$(cat "$place"/many/*.jsonl | wc -l)
"$bin/foureyes" verify --chain "$place/many" >"$place/many.verify"
printf '64 writers x %s records: %s lines, chain valid, %.0f a second\n' \
    "$EACH" "$lines" "$(cat "$place/many.out")"
printf '],"many":{"writers":64,"each":%s,"lines":%s,"rate":%s}}\n' "$EACH" \
    "$lines" "$(cat "$place/many.out")" >>"$json"
for writers in 1 8 64; do
	python3 tests/bench/figures.py "$json" \
	    "append.ledger.$writers.rate=$place/ledger.$writers" \
	    "append.one_file.$writers.rate=$place/one.$writers" \
	    "append.own_files.$writers.rate=$place/own.$writers"
done
[ "$lines" -eq $((64 * EACH)) ]
rm -rf "$place"

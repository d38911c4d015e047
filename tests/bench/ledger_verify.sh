#!/bin/sh
# ledger_verify.sh [DIR] - verify of RECORDS records (a million) beside openssl
# over the same bytes and jq reading them; the index made anew; memory.
#
# A table on standard output, the same as JSON in build/bench.  DIR (in
# build/bench) gets some 800 MB; KEEP=1 leaves them there, and a second run
# takes them as they are.
set -eu
cd "$(dirname "$0")/../.."

bin=$PWD/build/${VARIANT:-release}
place=${1:-$PWD/build/bench/verify}
RECORDS=${RECORDS:-1000000}
unset FOUREYES_CONFIG
mkdir -p build/bench

if [ ! -e "$place/etc/filled" ]; then
	rm -rf "$place"
	mkdir -p "$place"
	"$bin/foureyes" init --root "$place" --origin example.com/bench \
	    "$place/etc" >"$place/init.out"
	newest=$(printf '%s\n' tests/golden/ledgers/rules-* | sort -V | tail -1)
	"$bin/bench/ledger_verify" "$place/etc/ledger" "$newest" "$RECORDS"
	"$bin/foureyes" --config "$place/etc" seal >"$place/seal.out"
	mkdir "$place/bare"
	chmod 2770 "$place/bare"
	ln "$place"/etc/ledger/*.jsonl "$place/bare"
	touch "$place/etc/filled"
fi
python3 tests/bench/ledger_verify.py "$place" "$bin/foureyes" "${ROUNDS:-3}" \
    build/bench/ledger_verify.json
[ -n "${KEEP:-}" ] || rm -rf "$place"

#!/bin/sh
# big_ledger.sh - what a push, an approval, a look and a verify from the last
# checkpoint cost on a ledger of MANY records (10,000,000), beside one of FEW
# (10,000).
#
# Makes both sites below build/bench/big, once: some 9 GB and several minutes;
# KEEP=1 leaves them there, and a second run takes them as they are.  A table on
# standard output, the same as JSON in build/bench/big_ledger.json.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
bin=$root/build/${VARIANT:-release}
FEW=${FEW:-10000}
MANY=${MANY:-10000000}
for need in python3 git ssh-keygen; do
	command -v "$need" >/dev/null || {
		echo "bench-big: $need is needed" >&2
		exit 3
	}
done
unset SSH_AUTH_SOCK
newest=$(printf '%s\n' "$root"/tests/golden/ledgers/rules-* | sort -V | tail -1)

# make_site PLACE RECORDS: people, a repository, and that many records of others.
make_site() {
	TEST_DIR=$1
	export TEST_DIR
	# shellcheck source=/dev/null
	. tests/real/lib.sh
	# Those records are of `payments`, which is another one then.
	# shellcheck disable=SC2034  # lib_site.sh takes it
	REPO=bench
	site local
	"$bin/bench/ledger_verify" "$W/etc/ledger" "$newest" "$2"
	# What is in force are the site's own again.
	take policy.yaml
	take people.yaml
	foureyes seal
	foureyes verify --memory "$W/memory" "$W/etc/ledger"
}
for records in "$FEW" "$MANY"; do
	place=$root/build/bench/big/$records
	[ ! -e "$place/made" ] || continue
	echo "bench-big: making a ledger of $records records" >&2
	rm -rf "$place"
	mkdir -p "$place"
	(cd "$root" && FOUREYES_SRC=$root && export FOUREYES_SRC &&
	    make_site "$place" "$records") >"$place.log" 2>&1
	touch "$place/made"
done
PATH=$bin:$PATH
export PATH
python3 tests/bench/big_ledger.py "$root" "$bin" "$FEW" "$MANY" \
    "${ROUNDS:-5}" build/bench/big_ledger.json
[ -n "${KEEP:-}" ] || rm -rf build/bench/big

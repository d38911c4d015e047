#!/bin/sh
# Two verifiers that share no code give the same answers, on golden ledgers and
# on a real one, sound and attacked.
. "$(dirname "$0")/lib.sh"
OURS=foureyes
THEIRS=$src/contrib/verify-ledger

# ours DIR [OPTION...]: prints "unaltered A" and "uncut B".
ours() {
	dir=$1
	shift
	"$OURS" verify --json "$@" "$dir" 2>/dev/null | python3 -c '
import json, sys
r = json.loads(sys.stdin.readline() or "{}")
for q in ("unaltered", "uncut"):
	print(q, r.get(q, {}).get("answer"))'
}

# theirs DIR [OPTION...]: the same of the other one.
theirs() {
	dir=$1
	shift
	"$THEIRS" "$@" "$dir" >"$W/theirs" 2>&1
	status=$?
	if grep -q '^unaltered: ' "$W/theirs"; then
		echo unaltered yes
	else
		echo unaltered no
	fi
	if grep -q '^uncut: not provable' "$W/theirs"; then
		echo uncut unknown
	elif [ $status -eq 0 ]; then
		echo uncut yes
	else
		echo uncut no
	fi
}

same() {
	if diff "$W/$1" "$W/$2" >"$W/out"; then
		verdict 0 "$3"
	else
		verdict 1 "$3"
	fi
}

for expect in "$src"/tests/golden/ledgers/*/expect; do
	dir=${expect%/expect}
	name=${dir##*/}
	for key in given named; do
		set --
		[ $key = named ] || set -- --key "$dir/key.pem"
		cp "$expect" "$W/expect"
		ours "$dir" "$@" >"$W/ours"
		theirs "$dir" "$@" >"$W/other"
		# What stands behind a line that was altered is not looked at
		# by everybody: its second answer is then "not yes".
		for file in expect ours other; do
			! grep -q 'unaltered no' "$W/$file" ||
				sed -i 's/^uncut .*/uncut -/' "$W/$file"
		done
		same expect ours "$name, key $key: foureyes verify"
		same expect other "$name, key $key: verify-ledger"
	done
done
done_testing

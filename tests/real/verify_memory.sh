#!/bin/sh
# verify --memory: only what is new is read, and what lies before is believed
# from the verifier's own file alone.
. "$(dirname "$0")/lib.sh"
site local
land() {
	change_as alice "$1"
	{
		approve_as bob "$C" && push_as alice "$1":main && foureyes seal
	} >"$W/out" 2>&1 || verdict 1 "land and seal $1"
	fetch_all
}
LEDGER=$W/etc/ledger
first=$LEDGER/00000000000000000001.jsonl
sealed() { sed -n 2p "$LEDGER/checkpoint"; }
# The file is moved on by a verify that found all good, so copies are used.
again() {
	what=$1 wanted=$2
	shift 2
	cp "$W/memory" "$W/copy.memory"
	check_not "$what" "$wanted" foureyes verify --memory "$W/copy.memory" "$@"
}

land one
check "without a memory all is verified" foureyes verify --memory "$W/memory" "$LEDGER"
says 'unaltered: yes: .* kept signatures hold' "signatures too"
one=$(sealed)
check "and is remembered as far as the checkpoint" grep -q "\"records\":$one," "$W/memory"
check "for its owner alone" sh -c "ls -l '$W/memory' | grep -q '^-rw-------'"
check "the next time nothing is new" foureyes verify --memory "$W/memory" "$LEDGER"
says "first $one of them were verified before" "which is said"
cp "$LEDGER/checkpoint" "$W/older"
land two
two=$(sealed)
again "what is new is verified" 0 "$LEDGER"
says "first $one of them were verified before, .*; 1 kept signatures hold" \
    "by the people of before"
says "uncut: yes: .*: $two records" "up to the new checkpoint"
check "which is remembered then" grep -q "\"records\":$two," "$W/copy.memory"
again "of this installation as well" 0
says 'complete: yes: .*; 1 decisions: 1 landed' "the new decisions are counted"
again "as JSON" 0 --json "$LEDGER"
says "\"verified_before\":$one," "with how many"

# ---- what is new, and what it rests on ----
anew person '"person":"bob"' '"person":"carol"'
again "a new approval that was given to somebody else" 1 "$W/person"
says 'the key .* was not carol' "is found"
check "and nothing new is remembered" grep -q "\"records\":$one," "$W/copy.memory"
cp -r "$LEDGER" "$W/older.ledger"
cp "$W/older" "$W/older.ledger/checkpoint"
rm -r "$W/older.ledger/checkpoints"
again "an older checkpoint that was put back is that of before" 0 "$W/older.ledger"
cp "$W/copy.memory" "$W/kept"
foureyes verify --memory "$W/kept" "$LEDGER" >"$W/out" 2>&1
check_not "but not where a newer one was verified" 1 \
    foureyes verify --memory "$W/kept" "$W/older.ledger"
says 'an older one was put in its place' "which is said"
cp -r "$LEDGER" "$W/cut"
head -n "$((one - 1))" "$first" >"$W/cut/$(basename "$first")"
again "a ledger that ends before what was verified" 1 "$W/cut"
says "record $one is not the one" "is not that one"
cp -r "$LEDGER" "$W/last"
sed -i "${one}s/\"outcome\":\"ADMITTED\"/\"outcome\":\"REFUSED_\"/" \
    "$W/last/$(basename "$first")"
again "nor is one whose last verified record is another" 1 "$W/last"

# ---- and what it does not show ----
cp -r "$LEDGER" "$W/middle"
sed -i '2s/"source":"[a-z]*"/"source":"xxx"/; 2s/example/examqle/' \
    "$W/middle/$(basename "$first")"
check "a record of before is another one" \
    sh -c "! cmp -s '$first' '$W/middle/$(basename "$first")'"
again "is not read again" 0 "$W/middle"
check_not "and a whole verify finds it" 1 foureyes verify "$W/middle"

# ---- a memory that is no one's ----
cp "$W/memory" "$W/open"
chmod g+w "$W/open"
check_not "a memory that others may write to" 3 \
    foureyes verify --memory "$W/open" "$LEDGER"
says 'written to by nobody else' "is refused"
sed 's/"tree":\["./"tree":["0/; s/"root":"./"root":"z/' "$W/memory" >"$W/false"
chmod 600 "$W/false"
check_not "one that does not add up" 3 \
    foureyes verify --memory "$W/false" "$LEDGER"
says 'does not add up' "is refused too"
check_not "it is of all that verify looks at" 2 \
    foureyes verify --chain --memory "$W/memory" "$LEDGER"
done_testing

#!/bin/sh
# Records are lost: what was sealed, and what was not (rules.md 34, P05).
. "$(dirname "$0")/lib.sh"
site local
LEDGER=$W/etc/ledger

# cut LINES: the newest of them are gone, in the file that is there.
cut() {
	head -n "-$1" "$LEDGER"/*.jsonl >"$W/cut"
	cat "$W/cut" >"$(find "$LEDGER" -name '*.jsonl')"
}
count() {
	cat "$LEDGER"/*.jsonl | wc -l
}

OLD=$(on_server rev-parse main)
change_as alice first
FIRST=$C
approve_as bob "$FIRST" >"$W/out" 2>&1
change_as alice second
approve_as bob "$C" >"$W/out" 2>&1
check "sealed" foureyes seal --here
sealed=$(count)
change_as alice third
cp -a "$LEDGER" "$W/whole"

# Behind the checkpoint: told by the next append, and what came before is void.
cut 1
lines=$(count)
expect_refused peer.voided "a push by an approval from before the loss" \
    push_as alice first:main
cat "$LEDGER"/*.jsonl >"$W/out"
says "\"type\":\"recovered\",\"lost\":\{\"from\":$((lines + 1)),\"to\":$((lines + 1))\}" \
    "P05: lost from record n, says a record"
check "the chain holds" foureyes verify --chain "$LEDGER"
approve_as carol "$FIRST" >"$W/out" 2>&1
expect_admitted "with one from behind it, it lands" push_as alice first:main
check "log tells" foureyes log --type recovered
says 'are lost'
rm -rf "$LEDGER"
cp -a "$W/whole" "$LEDGER"
rm -f "$W"/etc/index.db*
on_server update-ref refs/heads/main "$OLD"

# Before it.
cut $(($(count) - sealed + 1))
rm -f "$LEDGER/sync"
check_not "a ledger shorter than its checkpoint takes no push" 1 \
    push_as alice first:main
says "from record $sealed on it is lost" "and the record is named"
check_not "nor an approval" 1 approve_as carol "$FIRST"
check_not "doctor says so" 1 foureyes doctor
says "from record $sealed on it is lost"
[ "$(count)" -eq $((sealed - 1)) ]
verdict $? "nothing was appended"
check_not "recovery asks for a reason" 2 foureyes recover
check_not "and for one that says something" 2 foureyes recover --reason n/a
if [ "$(id -u)" -eq 0 ]; then
	check_not "and for an administrator" 1 \
	    env SUDO_UID=54321 foureyes recover --reason 'the disk was replaced'
	says 'in none of the policy.s administration groups'
fi
[ "$(count)" -eq $((sealed - 1)) ]
verdict $? "still nothing was appended"
check "an administrator recovers" \
    foureyes recover --reason 'the disk was replaced'
says "records $sealed to $sealed are lost"
tail -n 1 "$LEDGER"/*.jsonl >"$W/out"
says "\"type\":\"recovered\",\"lost\":\{\"from\":$sealed,\"to\":$sealed\},\"reason\":\"the disk was replaced\""
check "the checkpoint is kept" [ -e "$LEDGER/checkpoint.lost-$sealed" ]
check_not "it is not done twice" 1 foureyes recover --reason 'once more, please'
check "the chain holds" foureyes verify --chain "$LEDGER"
check_not "and verify says what is missing" 1 \
    foureyes verify --checkpoint "$LEDGER/checkpoint.lost-$sealed" "$LEDGER"
says '^uncut: no'
expect_refused peer.voided "an approval from before is void" \
    push_as alice first:main
approve_as carol "$FIRST" >"$W/out" 2>&1
expect_admitted "a new one lands" push_as alice first:main

# Who seals remembers more than there is, until told otherwise.
check_not "the lost checkpoint is not that of the ledger any more" 1 \
    foureyes seal --here
says "record $sealed says that records $sealed to $sealed are lost"
says "foureyes seal --accept-recovered $sealed"
check_not "only what the ledger says is lost is given up" 1 \
    foureyes seal --here --accept-recovered 1
says "it is record $sealed, not 1, that says what is lost"
check_not "a number is asked for" 2 foureyes seal --accept-recovered all
cp -a "$LEDGER" "$W/recovered"
cp -a "$W/etc/seal.key.state" "$W/state"
sed "s/\"to\":$sealed}/\"to\":$((sealed - 1))}/" "$LEDGER"/*.jsonl >"$W/cut"
cat "$W/cut" >"$(find "$LEDGER" -name '*.jsonl')"
check_not "nor what it says no more" 1 \
    foureyes seal --here --accept-recovered "$sealed"
rm -rf "$LEDGER"
cp -a "$W/recovered" "$LEDGER"
check "who seals gives it up" \
    foureyes seal --here --accept-recovered "$sealed"
says "records $sealed to $sealed, which were sealed, are given up"
says 'as far as record [0-9]+ they are what was sealed before'
check "sealing goes on" foureyes seal --here
check_not "there is nothing more to give up" 3 \
    foureyes seal --here --accept-recovered "$sealed"
says 'the ledger has all that was sealed'
check "verify is content, and names what is lost" foureyes verify "$LEDGER"
says "^unaltered: yes.*records $sealed to $sealed were lost before record $sealed"
says "^uncut: yes.*from record $sealed on nothing is"
check "so does the other verifier" \
    "$FOUREYES_SRC/contrib/verify-ledger" "$LEDGER"
says "^lost: records $sealed to $sealed, says record $sealed"
says '^uncut: '
check_not "the checkpoint of what is lost still tells" 1 \
    foureyes verify --checkpoint "$LEDGER/checkpoint.lost-$sealed" "$LEDGER"
check "what was remembered is kept" \
    [ -e "$W/etc/seal.key.state/seals.lost-$sealed" ]

# What stood before the loss must be there.
rm -rf "$LEDGER" "$W/etc/seal.key.state"
cp -a "$W/recovered" "$LEDGER"
cp -a "$W/state" "$W/etc/seal.key.state"
python3 "$FOUREYES_SRC/tests/real/rewrite.py" "$LEDGER" 4
check_not "a rewritten beginning is given up by nobody" 1 \
    foureyes seal --here --accept-recovered "$sealed"
says 'rewritten'
done_testing

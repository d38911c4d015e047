#!/bin/sh
# What verify finds that links alone do not show: a ledger that was written anew
# by somebody who computes the links too.
. "$(dirname "$0")/lib.sh"
site local
for topic in one two; do
	change_as alice $topic
	{
		approve_as bob "$C" && push_as alice $topic:main &&
		    foureyes seal
	} >"$W/out" 2>&1 || verdict 1 "land and seal $topic"
	fetch_all
done
LEDGER=$W/etc/ledger


check "the ledger is sound" foureyes verify
says 'unaltered: yes: .* kept signatures hold' "its signatures are looked at"
says 'uncut: yes: .*; 2 kept checkpoints agree' "every kept checkpoint is of these lines"

# ---- evidence that was exchanged ----
anew other-person '"person":"bob"' '"person":"carol"'
check_not "an approval that was given to somebody else" 1 \
    foureyes verify "$W/other-person"
says 'unaltered: no: record .*: the key .* was not carol' "names record and key"
rm -r "$W/other-person/checkpoint" "$W/other-person/checkpoints"
check "is not seen by the links alone" foureyes verify --chain "$W/other-person"
FALSE=$(printf 'no tag at all' | base64)
TAG=$(grep -h '"kind":"approval"' "$LEDGER"/*.jsonl | tail -1 |
    sed 's/.*"tag":"\([^"]*\)".*/\1/')
anew other-tag "$TAG" "$FALSE"
check_not "a tag that was exchanged" 1 foureyes verify "$W/other-tag"
anew no-tag ",\"tag\":\"$TAG\"" ""
check_not "a tag that was taken out" 1 foureyes verify "$W/no-tag"
says 'keeps no signed tag' "is missed"
KEY=$(printf '%s' "$TAG" | base64 -d | sed 's/Approve/approve/' | base64 -w0)
anew other-text "$TAG" "$KEY"
check_not "a signed text that was changed" 1 foureyes verify "$W/other-text"
says 'does not hold by the key' "and its signature named"
# said WHAT OLD NEW WHERE: the tag says something else than the record.
said() {
	anew said "$2" "$3"
	check_not "$1" 1 foureyes verify "$W/said"
	says "not what the tag that is kept says: $4" "$1: and where"
}
said "another commit" "\"commit\":\"$C\"" \
    '"commit":"0123456789012345678901234567890123456789"' commit
said "another decision" '"decision":"approve"' '"decision":"withdraw"' decision
said "another target" '"targets":["refs/heads/main"]' \
    '"targets":["refs/heads/production"]' targets
said "another repository" '"repository":"payments"' '"repository":"other"' \
    repository
said "another kind" '"kind":"approval"' '"kind":"push"' kind
said "a text moved between neighbours (P08)" '"targets":["refs/heads/main"],' \
    '"targets":["refs/heads/ma","in"],' targets
anew said '"source":"git"' '"source":"hub"'
foureyes verify "$W/said" >"$W/out"
says '; 2 kept signatures hold' "with another source it is still looked at"
anew said "$TAG" "$FALSE"
python3 "$src/tests/real/anew.py" "$W/said" '"source":"git"' '"source":"hub"'
check_not "nobody's word for it is enough" 1 foureyes verify "$W/said"

# ---- what was sealed ----
anew landed '"witness":"transaction"' '"witness":"found"' landing
cp "$LEDGER/checkpoint" "$W/elsewhere"
check_not "a landing that was written anew" 1 foureyes verify "$W/landed"
says 'uncut: no: .* not those that were sealed' "is not what was sealed"
rm "$W/landed/checkpoint"
for first in "$W"/landed/checkpoints/*; do
	cp "$first" "$W/landed/checkpoint"
	break
done
check_not "nor with an older checkpoint in its place" 1 \
    foureyes verify "$W/landed"
says 'uncut: no: .*/checkpoints/.* not those that were sealed' \
    "as a newer one is kept"
rm -r "$W/landed/checkpoints"
check "with all newer ones gone, this machine's own word holds" \
    foureyes verify "$W/landed"
check_not "a checkpoint held elsewhere tells" 1 \
    foureyes verify --checkpoint "$W/elsewhere" "$W/landed"

# ---- P06: the end cut off, and all of it ----
openssl pkey -in "$W/etc/seal.key" -pubout -out "$W/own.pub" 2>"$W/out"
# cut HOW: three records less, or no file; with the checkpoint beside it, or not
cut() {
	rm -rf "$W/cut"
	cp -r "$LEDGER" "$W/cut"
	for segment in "$W"/cut/*.jsonl; do
		[ "$1" != less ] || {
			head -n -3 "$segment" >"$W/less"
			cat "$W/less" >"$segment"
		}
		[ "$1" != gone ] || rm "$segment"
	done
	[ "$2" = beside ] || rm -rf "$W/cut/checkpoint" "$W/cut/checkpoints"
}
for how in less gone; do
	for beside in beside taken-away; do
		cut $how $beside
		check_not "$how, the checkpoint $beside: held elsewhere" 1 \
		    foureyes verify --checkpoint "$W/elsewhere" \
		    --key "$W/own.pub" "$W/cut"
		check_not "$how, the checkpoint $beside: alone" 1 \
		    foureyes verify "$W/cut"
	done
done
cut less taken-away
foureyes verify "$W/cut" >"$W/out" 2>&1
says '^unaltered: yes' "the links of what is left hold"
says '^uncut: not provable' "and that nothing was cut cannot be proved"

# ---- one record alone ----
check "a proof" foureyes prove --out "$W/proof" 3
sed -n 's/.*"purpose":"seal".*"public":"\([^"]*\)".*/\1/p' "$LEDGER"/*.jsonl |
    head -1 | sed 's/\\n/\n/g' | sed '/^$/d' >"$W/seal.pub"
check "holds alone" foureyes verify --proof "$W/proof" --key "$W/seal.pub"
says '^proved: record 3 of the' "and says of what"
check_not "without the key nobody vouches" 1 foureyes verify --proof "$W/proof"
sed 's/^index 2/index 1/' "$W/proof" >"$W/false"
check_not "at another place it does not" 1 \
    foureyes verify --proof "$W/false" --key "$W/seal.pub"
openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout \
    >"$W/other.pub"
check_not "nor by another key" 1 \
    foureyes verify --proof "$W/proof" --key "$W/other.pub"
check "the verifier that shares no code agrees" \
    "$src/contrib/verify-ledger" --key "$W/seal.pub" --proof "$W/proof"
check_not "and disagrees" 1 \
    "$src/contrib/verify-ledger" --key "$W/seal.pub" --proof "$W/false"
done_testing

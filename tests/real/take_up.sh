#!/bin/sh
# Approvals given before foureyes came, and a ledger that somebody emptied.
. "$(dirname "$0")/lib.sh"
site local

REPO=older
make_repository
for person in alice bob; do
	git_as "$person" remote set-url origin "$W/srv/$REPO.git"
	git_as "$person" fetch -q origin
done
change_as alice early
approve_as bob "$C" >"$W/out" 2>&1
git_as bob -c tag.gpgSign=false tag -a -F - foureyes/unsigned "$C" <<TEXT
fine

Foureyes-Repository: $REPO
Foureyes-Target: refs/heads/main
Foureyes-Decision: approve
TEXT
push_as bob -q "refs/tags/foureyes/unsigned:refs/foureyes/approvals/$C/unsigned"

foureyes install "$REPO" >"$W/out" 2>&1
check "adopt" foureyes adopt "$REPO"
says '1 evidence refs .* taken up' "takes up the approval that was there"
says 'unsigned is not taken up: evidence.unsigned' \
    "and not the one that is nobody's word"
check "dry runs and second times take up nothing more" \
    sh -c "[ $(records observation) -eq 1 ]"
expect_admitted "the commit lands by it" push_as alice early:main

change_as alice later
for segment in "$W"/etc/ledger/*.jsonl; do
	cp "$segment" "$W/copy"
	: >"$segment"
done
check_not "an emptied ledger" 1 push_as alice later:main
says 'it was emptied' "is not begun anew by a push"
check "nothing was written" [ ! -s "$segment" ]
cp "$W/copy" "$segment"
expect_refused peer.none "put back, it goes on" push_as alice later:main
check "and holds" foureyes verify --chain
done_testing

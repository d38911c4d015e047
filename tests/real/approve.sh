#!/bin/sh
# An approval is stock Git: every kind of key, the script and our own command.
. "$(dirname "$0")/lib.sh"
site local

# Bob has four keys: Ed25519 from the start, and these.
for kind in ecdsa rsa; do
	ssh-keygen -q -t $kind -N '' -C bob-$kind -f "$W/keys/bob-$kind"
done
export GNUPGHOME="$W/gnupg"
mkdir -m 700 "$GNUPGHOME"
gpg -q --batch --passphrase '' --quick-gen-key 'Bob <bob@example.com>' \
    rsa2048 sign never 2>"$W/out"
fingerprint=$(gpg --list-keys --with-colons bob@example.com |
    awk -F: '/^fpr/ { print $10; exit }')
gpg -q --export bob@example.com >"$W/etc/openpgp.gpg"
echo "openpgp_keyring: $W/etc/openpgp.gpg" >>"$W/etc/foureyes.yaml"
keys="\"$(cut -d' ' -f1,2 "$W/keys/bob-ecdsa.pub")\""
keys="$keys, \"$(cut -d' ' -f1,2 "$W/keys/bob-rsa.pub")\""
keys="$keys, \"openpgp:$fingerprint\""
awk -v more="$keys" '/^  bob:/ { bob = 1 }
    bob && /keys:/ { sub(/\]$/, ", " more "]"); bob = 0 } { print }' \
    "$W/people.yaml" >"$W/people2.yaml"
check "keys of every kind are taken" foureyes apply --as people.yaml \
    "$W/people2.yaml"

# with_key WHAT: bob approves a new change, and it lands.
with_key() {
	change_as alice "$1"
	check "git-approve with $1" approve_as bob "$C"
	expect_admitted "$1 counts" push_as alice "$1:main"
}
with_key ed25519
for kind in ecdsa rsa; do
	git_as bob config user.signingKey "$W/keys/bob-$kind.pub"
	with_key $kind
done
git_as bob config gpg.format openpgp
git_as bob config user.signingKey "$fingerprint"
with_key openpgp

# A signature over something else, and one that was cut.
git_as bob config gpg.format ssh
git_as bob config user.signingKey "$W/keys/bob.pub"
change_as alice forged
git_as bob fetch -q origin
approve_as bob "$C" >"$W/out" 2>&1
tag=$(on_server for-each-ref --format='%(objectname)' \
    "refs/foureyes/approvals/$C")
on_server update-ref -d "$(on_server for-each-ref --format='%(refname)' \
    "refs/foureyes/approvals/$C")"
change_as alice other
bad=$(on_server cat-file tag "$tag" |
    sed "1s/.*/object $C/" | git_as bob hash-object -t tag -w --stdin)
git_as bob fetch -q origin
expect_refused 'evidence\.[a-z-]*' "a signature moved to another commit" \
    push_as bob "$bad:refs/foureyes/approvals/$C/forged"
bad=$(on_server cat-file tag "$tag" | sed '/^Foureyes-Target/s/main/other/' |
    git_as bob hash-object -t tag -w --stdin)
old=$(on_server cat-file tag "$tag" | sed -n '1s/object //p')
expect_refused 'evidence\.[a-z-]*' "a target changed after signing" \
    push_as bob "$bad:refs/foureyes/approvals/$old/forged"

# Our own command makes the same thing.
# ours PERSON WORD COMMIT [OPTION]...
ours() {
	person=$1
	word=$2
	shift 2
	(cd "$W/$person" && git fetch -q && TEST_PUSHER=$person \
	    foureyes "$word" "$@" --for refs/heads/main --yes)
}
change_as alice ours
check "foureyes approve" ours bob approve "$C"
check "leaves no tag behind" sh -c "! git -C '$W/bob' tag | grep ."
expect_admitted "and it counts" push_as alice ours:main
change_as alice taken-back
check "foureyes approve" ours bob approve "$C"
check "foureyes withdraw" ours bob withdraw "$C"
expect_refused peer.withdrawn "and it does not" push_as alice taken-back:main
change_as alice objected
approve_as bob "$C" >"$W/out" 2>&1
check "foureyes object" ours carol object "$C"
expect_refused peer.objection "an objection stops it" \
    push_as alice objected:main

# payload REF: what that tag says, but for its name and date.
payload() {
	on_server cat-file tag "$1" |
	    sed '/^-----BEGIN/,$d; s/^\(tag foureyes\/[a-z]*\).*/\1/;
	    s/^tagger .*</tagger </; s/^\(tagger .*>\).*/\1/'
}

# same WHAT WORD SCRIPT-OPTION [OPTION]...: both say it of one commit, alike.
same() {
	said=$1
	word=$2
	option=$3
	shift 3
	change_as alice "same-$((tests))"
	on_server for-each-ref --format='%(refname)' "refs/foureyes/approvals" \
	    >"$W/known"
	# shellcheck disable=SC2086  # none or one
	approve_as bob "$C" $option "$@" \
	    --for refs/heads/main >"$W/out" 2>&1 ||
	    verdict 1 "$said: the script's is taken"
	check "$said: ours is taken" ours bob "$word" "$C" "$@"
	on_server for-each-ref --format='%(refname)' "refs/foureyes/approvals" |
	    grep -vxFf "$W/known" >"$W/new"
	[ "$(wc -l <"$W/new")" -eq 2 ]
	verdict $? "$said: two tags"
	payload "$(sed -n 1p "$W/new")" >"$W/one"
	payload "$(sed -n 2p "$W/new")" >"$W/two"
	check "$said: that say the same" diff "$W/one" "$W/two"
}
same approve approve ''
same object object --object
same withdraw withdraw --withdraw
same "with a text" approve '' -m "Fine.

Rollback-Plan: restart the build before it"
same "for two targets" approve '' --for 'refs/tags/v*'
same "for a short name" approve '' --for production

# Used wrongly, nothing is signed.
before=$(on_server for-each-ref refs/foureyes | wc -l)
wrongly() {
	what=$1
	shift
	check_not "$what" 2 sh -c "cd '$W/bob' && foureyes \"\$@\" </dev/null" \
	    sh "$@"
}
wrongly "no target" approve "$C"
wrongly "nobody to ask" approve --for main "$C"
says 'signing with' "says what it would sign with"
wrongly "no such commit" approve --for main --yes no-such-commit
wrongly "no such remote" approve --for main --yes --remote nowhere "$C"
wrongly "a target of two lines" approve --yes "$C" --for "refs/heads/a
b"
wrongly "trailers in the text" approve --for main --yes -m \
    'foureyes-decision: object' "$C"
wrongly "an emergency without a reason" approve --for main --yes \
    --emergency INC-1 "$C"
wrongly "a reason without an emergency" approve --for main --yes \
    --reason INC-1 "$C"
wrongly "an objection in an emergency" object --for main --yes \
    --emergency INC-1 --reason 'payments are down' "$C"
wrongly "a deployment without a result" deployed staging "$C"
wrongly "a deployment with another" deployed staging "$C" --result maybe
wrongly "an environment with a slash" deployed a/b "$C" --result success
wrongly "going back without a reason" rollback main "$C"
wrongly "going back for no reason" rollback main "$C" --reason tbd
check "nothing was pushed" \
    [ "$(on_server for-each-ref refs/foureyes | wc -l)" -eq "$before" ]
check "no tag is left" sh -c "! git -C '$W/bob' tag | grep ."
git_as bob config --unset foureyes.repository
check_not "the name in the remote's path is not the server's" 1 \
    ours bob approve "$C"
says 'payments' "who names the right one"
gpgconf --kill all 2>/dev/null
done_testing

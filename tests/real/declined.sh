#!/bin/sh
# An approval that cannot count is refused when it is given, and still seen:
# the refusal of its commit says why it does not count.
. "$(dirname "$0")/lib.sh"
site local

# declined CODE LATER WHAT PERSON [OPTION]...: refused now, and told later.
declined() {
	code=$1
	later=$2
	what=$3
	giver=$4
	shift 4
	change_as alice "b$tests"
	expect_refused "$code" "$what: refused at once" \
	    approve_as "$giver" "$C" "$@"
	expect_refused "$later" "$what: and told when its commit is pushed" \
	    push_as alice "$C:refs/heads/main"
}

declined peer.not-in-group peer.not-in-group "somebody outside the groups" dave
declined peer.machine peer.machine "a machine" deploy-bot
declined evidence.other-repository peer.other-repository "another repository" \
    bob --repository other
git_as bob config user.signingKey "$W/keys/mallory.pub"
declined peer.unknown-key peer.unknown-person "an unknown key" bob
git_as bob config user.signingKey "$W/keys/bob.pub"

: what was declined stays so, whoever its giver has become since
change_as alice waits
approve_as dave "$C" >"$W/out" 2>&1
tag=$(sed -n 's/.* \([0-9a-f]\{40\}\) -> refs\/foureyes.*/\1/p' "$W/out" |
    head -1)
groups_of() {
	case $1 in
	dave) echo platform, engineers ;;
	deploy-bot) echo deployers ;;
	*) echo engineers, release ;;
	esac
}
use_people </dev/null
expect_refused peer.not-in-force "in the group now, and then it was not" \
    push_as alice waits:main
expect_refused peer.not-in-force "the same statement again gives nothing" \
    push_as dave "$tag:refs/foureyes/approvals/$C/again"
check "given again" approve_as dave "$C"
expect_admitted "it lands" push_as alice waits:main
check "all of it verifies" foureyes verify --chain
done_testing

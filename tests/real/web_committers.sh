#!/bin/sh
# A forge commits under an address of its own (`web_committers`): as committer
# that is nobody where the forge itself first brought the commit, and nobody
# known anywhere else.  rules.md 18 and 20.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local

FORGE=noreply@forge.example

# door KIND [MORE]: pushes come through a server of that kind.
door() {
	settings_yaml | sed "s;^server:.*;server: {kind: $1, logins: local${2:-}};" \
	    >"$W/foureyes.yaml"
	take foureyes.yaml
}

# What GitLab tells its hooks: who pushes, to what, and over what.
git_as() {
	person=$1
	shift
	TEST_PUSHER=$person GL_USERNAME=$person GL_PROJECT_PATH=$REPO \
	    GL_PROTOCOL=${VIA:-ssh} git -C "$W/$person" "$@"
}
say_yes() {
	export GL_USERNAME="$1" GL_PROJECT_PATH=$REPO
	approved "$1"
	unset GL_USERNAME GL_PROJECT_PATH
}

# brought VIA PERSON BRANCH [AUTHOR]: a commit under the forge's address.
brought() {
	VIA=ssh
	onto "$2" "$3"
	GIT_AUTHOR_EMAIL="${4:-$2@example.com}" GIT_COMMITTER_NAME=Forge \
	    GIT_COMMITTER_EMAIL=$FORGE commit_as "$2" "$3.txt" "PAY-1 change $3

$PLAN"
	VIA=$1
	push_as "$2" -q "$3" >"$W/out" 2>&1 || verdict 1 "$3 was pushed"
	VIA=ssh
}

door gitlab ", web_committers: [\"$FORGE\"]"

# ---- lawful ----
brought web alice edited
check "the record says that the forge itself brought it" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | tail -1 | grep -q '\"via\":\"web\"'"
say_yes bob
lands "edited on the forge's own page" alice edited:main
decided '"contributors":\[[^]]*"alice"' "whoever did that is a contributor"
brought web alice by-button
say_yes bob
VIA=web
lands "and landed by its button" alice by-button:main
VIA=ssh

# ---- by hand ----
brought ssh alice by-hand
say_yes bob
stops peer.unknown-contributor "written by hand, it is nobody known" \
    alice by-hand:main
says 'committer of' "the committer is what is not known"
VIA=web
stops peer.unknown-contributor "nor when the forge's button lands it" \
    alice by-hand:main
push_as alice -q "by-hand:refs/heads/by-hand-again" >"$W/out" 2>&1
VIA=ssh
stops peer.unknown-contributor "the first time counts, not a later one" \
    alice by-hand:main

# Carol commits alice's work with her own edit, and would approve it.
brought ssh carol hides alice@example.com
say_yes carol
stops 'peer.(unknown-contributor|first-pusher)' \
    "who hides behind that address approves nothing" alice origin/hides:main
say_yes bob
stops peer.unknown-contributor "and keeps others from it as well" \
    alice origin/hides:main
brought web carol her-page alice@example.com
say_yes carol
stops peer.first-pusher "on the forge's page it is known who it was" \
    alice origin/her-page:main
say_yes bob
lands "another's yes will do" alice origin/her-page:main

# ---- as committer only, and only that address ----
brought web alice as-author "$FORGE"
say_yes bob
stops peer.unknown-contributor "as author it is nobody known" \
    alice as-author:main
says 'author of' "the author is what is not known"
FORGE=NoReply@forge.example
brought web alice other-case
say_yes bob
stops peer.unknown-contributor "the address is taken byte for byte" \
    alice other-case:main
FORGE=noreply@forge.example

# ---- whoever has the address in people.yaml ----
people_yaml | sed "s/carol@example.com/&, $FORGE/" >"$W/people.yaml"
take people.yaml
brought ssh alice listed
say_yes bob
stops peer.unknown-contributor "listed as somebody's, it still is nobody's" \
    alice listed:main
people_yaml >"$W/people.yaml"
take people.yaml

# ---- what no setting names, and a door that knows no such path ----
door gitlab
brought web alice unset
say_yes bob
stops peer.unknown-contributor "not listed, it is an address as any other" \
    alice unset:main
door local ", root: $W/srv, pusher: TEST_PUSHER, web_committers: [\"$FORGE\"]"
brought web alice no-forge
say_yes bob
stops peer.unknown-contributor "a door without such a path takes no word for it" \
    alice no-forge:main

check "a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

#!/bin/sh
# Bitbucket Data Center, imitated: a hook script is a file that the server keeps
# elsewhere and starts with an environment of its own (docs/servers/bitbucket-dc.md).
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_imitated.sh"
DOOR=local
KIND=bitbucket-dc
SCRIPTS=$W/scripts
KEPT=$W/bitbucket/scripts # where the server puts what was uploaded

settings_yaml() {
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
server: {kind: bitbucket-dc, root: $W/srv, hooks: $SCRIPTS}
YAML
}
as_server() {
	as=$1
	shift
	env BB_PROJECT_KEY="${REPO%/*}" BB_REPO_SLUG="${REPO#*/}" \
	    BB_USER_NAME="$as" BB_USER_EMAIL="$as@example.com" \
	    BB_HOOK_TYPE="${TYPE:-PRE}" BB_IS_DRY_RUN="${DRY:-false}" \
	    BB_HOOK_TRIGGER_ID="${TRIGGER:-push}" "$@"
}

export REPO=ACME/payments
imitated_site
policy_main </dev/null | use_policy
bare=$W/srv/$REPO.git
mkdir -p "$SCRIPTS" "$KEPT" "$(dirname "$bare")"
git init -q --bare -b main "$bare"
git -C "$bare" config receive.advertisePushOptions true
seeded "$bare"
check "install" foureyes install --server bitbucket-dc
says 'rest/api/latest/hook-scripts' "what remains is told"
says "content=@$SCRIPTS/foureyes-pre-receive"
# Uploaded: the content alone counts, under another name.
cp "$SCRIPTS/foureyes-pre-receive" "$KEPT/1.sh"
cp "$SCRIPTS/foureyes-post-receive" "$KEPT/2.sh"
chmod 700 "$KEPT"/*.sh
printf '#!/bin/sh\nexec %s/1.sh\n' "$KEPT" >"$bare/hooks/pre-receive"
printf '#!/bin/sh\nexec %s/2.sh\n' "$KEPT" >"$bare/hooks/post-receive"
chmod 755 "$bare"/hooks/p*-receive
check "adopted" foureyes adopt "$REPO"
# shellcheck disable=SC2086  # a list of people
clones_of "$bare" $PEOPLE
change_as alice fee fee.txt
expect_refused peer.none "nobody approved" push_as alice fee:main
check "bob approves" approve_as bob "$C"
expect_admitted "with his approval it lands" push_as alice fee:main
check "by whom it says" sh -c "cat '$W'/etc/ledger/*.jsonl |
	grep '\"type\":\"landing\"' | grep '\"lander\":\"alice\"'"
change_as erin more more.txt
check "bob approves" approve_as bob "$C"
TRIGGER=pull-request-merge
expect_admitted "its merge button" push_as erin more:main
TRIGGER=push
check "the chain holds" foureyes verify --chain
done_testing

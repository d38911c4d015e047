#!/bin/sh
# record.sh - a golden ledger of this version, by real pushes.
#
# Writes the folder rules-<version of the rules> beside it: what later versions
# must still verify, index and replay.  Refusals, a change that lands, an owner
# of paths, a name that is no UTF-8, a promotion told by a machine, the lane
# back, a routine change, a freeze, an emergency and its review, a request and
# its test at a forge, a movement behind our back, a deleted ref, a new sealing
# key.  A folder that is there is never written again: its version is the one
# that made it.
FOUREYES_SRC=${FOUREYES_SRC:-$(cd "$(dirname "$0")/../../.." && pwd)}
# shellcheck source=tests/real/lib.sh
. "$FOUREYES_SRC/tests/real/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
version=$(sed -n 's/^#define RULES_VERSION //p' "$src/include/core/rule.h")
target=$src/tests/golden/ledgers/rules-$version
[ ! -e "$target" ] || skip_all "$target is there"
SOAK=1s
site local
BACK='redeploy the build that ran before this one'

policy() {
	policy_main <<-'YAML' | sed 's/^\( *\)landers: \[engineers\]/&\
\1delete: {groups: [engineers]}/'
	owners:
	  - {paths: ["db/**"], count: 1, groups: [dba]}
	ticket: {pattern: "[A-Z]+-[0-9]+"}
	routine: [{machines: [deploy-bot], paths: ["deps/*"], max_files: 3}]
	YAML
}
policy | use_policy
# A forge that is asked of approvals and tests.
cat >>"$W/etc/foureyes.yaml" <<YAML
receiver:
  sources:
    hub: {kind: gitea, secret_files: [$W/etc/hub-secret], tells: [approvals, tests]}
YAML
sed -i 's/logins: {local: \(\[dave, [^]]*\]\|[a-z-]*\)/&, hub: "id:\1"/' "$W/etc/people.yaml"
sed -i 's/hub: "id:\[dave, [^"]*"/hub: "id:dave"/' "$W/etc/people.yaml"
# told WORD...: each a JSON object without its repository.
told() {
	for word in "$@"; do
		printf '{"repository":"%s",%s}\n' "$REPO" "$word"
	done | "$src/build/${VARIANT:-release}/test/observe" hub "$$" >"$W/out" 2>&1 ||
	    verdict 1 "told"
}
# on_request NUMBER HEAD
on_request() {
	printf '"request":"%s","head":"%s","target":"refs/heads/main","state":"open","opener_id":"alice"' "$@"
}

tried() {
	"$@" >"$W/out" 2>&1
}
landed() {
	"$@" >"$W/out" 2>&1 || verdict 1 "$*"
}
land() {
	change_as alice "$@"
	landed approve_as bob "$C"
	landed push_as alice "$1:main"
	fetch_all
}

change_as alice first
tried push_as alice first:main
tried push_called mallory alice first:main
tried approve_as alice "$C"
tried push_as alice first:main
landed approve_as bob "$C" -m "Looked at, and it reads well."
landed push_as alice first:main
tried push_as alice "$C:refs/foureyes/approvals/$C/no-tag"
change_as alice second "db/$(printf 'caf\351').sql"
landed approve_as bob "$C"
tried push_as alice second:main
landed approve_as carol "$C"
landed push_as alice second:main
fetch_all
landed push_as alice "$C:refs/heads/staging"
(cd "$W/deploy-bot" && TEST_PUSHER=deploy-bot foureyes deployed staging "$C" \
    --repository "$REPO" --result success) >"$W/out" 2>&1
sleep 1.2
LIVE=$C
landed approve_as bob "$C" --for production
landed push_as alice -o "rollback-plan=$BACK" "$C:refs/heads/production"
foureyes seal >"$W/out" 2>&1
land third
landed push_as alice "$C:refs/heads/staging"
sleep 1.2
landed approve_as erin "$C" --for production
landed push_as alice "$C:refs/heads/production"
landed push_as alice -f -o "rollback-to=$LIVE" -o "reason=payments fail since" \
    "$LIVE:refs/heads/production"
onto deploy-bot bump
mkdir -p "$W/deploy-bot/deps"
commit_as deploy-bot deps/a.lock "PAY-2 newer versions

$PLAN"
landed push_as deploy-bot bump:main
change_as alice disputed
landed approve_as bob "$C"
(cd "$W/carol" && git_as carol fetch -q && TEST_PUSHER=carol foureyes object \
    --for main --repository "$REPO" -m "Not this way." --yes "$C") >"$W/out" 2>&1
tried push_as alice disputed:main
change_as alice hot
fetch_all
landed push_as carol -o emergency=INC-7 -o "reason=checkout fails for everybody" \
    "$C:main"
landed approve_as bob "$C"
policy | sed 's/^        ticket:/        freeze: [{from: 2020-01-01, to: 2100-01-01, reason: holidays}]\n&/' |
    use_policy
change_as alice frozen
landed approve_as bob "$C"
tried push_as alice frozen:main
policy | use_policy
policy | sed 's/^        ticket:/        tests: [ci\/test]\n&/' | use_policy
change_as alice asked
told "\"kind\":\"request\",$(on_request 7 "$C")" \
    "\"kind\":\"review\",$(on_request 7 "$C"),\"actor_id\":\"bob\",\"decision\":\"approve\",\"commit\":\"$C\""
tried push_as alice asked:main
told "\"kind\":\"status\",\"commit\":\"$C\",\"context\":\"ci/test\",\"result\":\"success\""
landed push_as alice asked:main
fetch_all
policy | use_policy
foureyes rekey >"$W/out" 2>&1
foureyes seal >"$W/out" 2>&1
on_server update-ref refs/heads/main "$C"
tried push_as alice third:main
tried foureyes account "$REPO" refs/heads/main --reason "moved by hand to get on"
tried foureyes adopt "$REPO" refs/heads/main --reason "taken as it is"
landed push_as alice :refs/heads/staging
foureyes reconcile >"$W/out" 2>&1
foureyes replay >"$W/replayed" 2>&1 || verdict 1 "it replays as it is"
foureyes seal >"$W/out" 2>&1

mkdir "$target"
cp -r "$W"/etc/ledger/*.jsonl "$W/etc/ledger/checkpoint" \
    "$W/etc/ledger/checkpoints" "$target"
openssl pkey -in "$W/etc/seal.key" -pubout -out "$target/key.pem" 2>/dev/null ||
    sed -n 's/.*"purpose":"seal".*"public":"\([^"]*\)".*/\1/p' \
        "$target"/*.jsonl | tail -1 | sed 's/\\n/\n/g' |
    sed '/^$/d' >"$target/key.pem"
printf 'unaltered yes\nuncut yes\n' >"$target/expect"
check "it verifies" foureyes verify --key "$target/key.pem" "$target"
check "it replays" foureyes replay --ledger "$target"
done_testing

#!/bin/sh
# What a forge told counts at a push: approvals on a request, whose request it
# is, tests, deployments, an emergency in a comment.  Here the words come by
# tests/forge/observe.c; what a delivery is made of is tested elsewhere.
. "$(dirname "$0")/lib.sh"
observe=$src/build/${VARIANT:-release}/test/observe
[ -x "$observe" ] || skip_all "needs $observe (make tests)"

# alice has the number 1, bob 2 and so on, and the names they have elsewhere.
number() {
	case $1 in
	alice) echo 1 ;; bob) echo 2 ;; carol) echo 3 ;; dave) echo 4 ;;
	erin) echo 5 ;; deploy-bot) echo 9 ;; *) echo 666 ;;
	esac
}
site local

# One source that is asked of everything, one that is asked of nothing.
{
	settings_yaml
	cat <<YAML
receiver:
  sources:
    hub:
      kind: gitea
      secret_files: [$W/etc/hub-secret]
      tells: [approvals, tests, deployments]
      repositories: {"acme/*": "*"}
    gossip: {kind: generic, secret_files: [$W/etc/hub-secret]}
YAML
} >"$W/foureyes.yaml"
cp "$W/foureyes.yaml" "$W/etc/foureyes.yaml"
# Everybody's names there stand beside those they have here.
eval "$(sed -n '/^person_yaml()/,/^}/p' "$src/tests/real/lib_site.sh" |
    sed 's/^person_yaml/person_without/')"
person_yaml() {
	person_without "$1" |
	    sed "s/logins: {/logins: {hub: [$1, \"id:$(number "$1")\"], gossip: $1, /"
}
use_people </dev/null

# told SOURCE WORD...: each a JSON object without its repository.
told() {
	source=$1
	shift
	for word in "$@"; do
		echo "{\"repository\":\"acme/$REPO\",$word}"
	done | "$observe" "$source" >"$W/out" 2>&1 || verdict 1 "$source told"
}
# user KEY PERSON
user() {
	printf '"%s":"%s","%s_id":"%s"' "$1" "$2" "$1" "$(number "$2")"
}
# request NUMBER [STATE [TARGET]]: with the head $C, opened by $OPENER.
OPENER=alice
on_request() {
	printf '"request":"%s","head":"%s","target":"%s","state":"%s",%s' "$1" \
	    "${HEAD:-$C}" "${3:-refs/heads/main}" "${2:-open}" \
	    "$(user opener $OPENER)"
}
request() {
	echo "\"kind\":\"request\",$(on_request "$@"),$(user actor $OPENER)"
}
# review NUMBER PERSON DECISION [COMMIT]
review() {
	echo "\"kind\":\"review\",$(on_request "$1"),$(user actor "$2"),\"decision\":\"$3\"${4+,\"commit\":\"$4\"}"
}

change_as alice first
told hub "$(request 1)" "$(review 1 bob approve "$C")"
expect_admitted "bob's yes at the forge lets it land" push_as alice first:main
check "the record says where it was given" \
    sh -c "grep '\"type\":\"decision\"' '$W'/etc/ledger/*.jsonl | tail -1 |
    grep -q '\"source\":\"hub\".*\"request\":{\"source\":\"hub\",\"number\":\"1\",\"told\":true'"
check "it verifies" foureyes verify
check "and replays" foureyes replay

done_testing

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
    gossip: {kind: generic, secret_files: [$W/etc/hub-secret], repositories: {"acme/*": "*"}}
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
		printf '{"repository":"acme/%s",%s}\n' "$REPO" "$word"
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
	    "$(user opener "$OPENER")"
}
request() {
	echo "\"kind\":\"request\",$(on_request "$@"),$(user actor "$OPENER")"
}
# review NUMBER PERSON DECISION [COMMIT]
review() {
	echo "\"kind\":\"review\",$(on_request "$1"),$(user actor "$2"),\"decision\":\"$3\"${4+,\"commit\":\"$4\"}"
}

# decision_has PATTERN WHAT: the newest one.
decision_has() {
	grep '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -1 >"$W/out"
	grep -Eq "$1" "$W/out"
	verdict $? "$2"
}
# lands BRANCH WHAT / falls CODE BRANCH WHAT: by alice, to main.
lands() {
	expect_admitted "$2" push_as alice "$1:main"
	fetch_all
}
falls() {
	expect_refused "$1" "$3" push_as alice "$2:main"
}
# rewritten BRANCH: another head, with other content, pushed over it; $C.
rewritten() {
	git_as alice checkout -q -B "$1" origin/main
	commit_as alice "$1.txt" "PAY-1 $1 once more

$PLAN"
	push_as alice -q "+$1"
}
R=10
next() {
	R=$((R + 1))
	change_as alice "topic$R"
	T=topic$R
}

# ---- whose word it is ----

next
told hub "$(request $R)" "$(review $R bob approve "$C")"
lands "$T" "bob's yes at the forge lets it land"
decision_has '"request":{"source":"hub","number":"'$R'","told":true' \
    "the record says where it was given"
decision_has '"requester":"alice"' "and who asked for the change"

next
told gossip "$(request $R)" "$(review $R bob approve "$C")"
falls peer.source "$T" "a source that is not asked of approvals gives none"
told hub "$(request $R)" "$(review $R alice approve "$C")"
falls peer.author "$T" "its author's own yes at the forge"
told hub "$(review $R erin approve "$C")"
falls peer.not-in-group "$T" "somebody's who may not approve here"
told hub "\"kind\":\"review\",$(on_request $R),\"actor\":\"bob\",\"actor_id\":\"77\",\"decision\":\"approve\",\"commit\":\"$C\""
falls peer.unknown-person "$T" "bob's name, given to another number"
told hub "\"kind\":\"review\",$(on_request $R),\"decision\":\"approve\",\"commit\":\"$C\""
falls peer.unknown-person "$T" "nobody's: a deleted account"
told hub "\"kind\":\"review\",$(on_request $R),\"actor\":\"robert\",\"actor_id\":\"2\",\"decision\":\"approve\",\"commit\":\"$C\""
lands "$T" "bob's number under his new name"

next
OPENER=bob told hub "$(OPENER=bob request $R)" "$(OPENER=bob review $R bob approve "$C")"
falls peer.opener "$T" "who opened the request does not approve it"
told hub "$(OPENER=bob review $R carol approve "$C")"
lands "$T" "somebody else does"
decision_has '"requester":"bob"' "and its opener asked for it"

next
told hub "\"kind\":\"review\",\"request\":\"$R\",\"head\":\"$C\",\"target\":\"refs/heads/main\",\"state\":\"open\",$(user actor bob),\"decision\":\"approve\",\"commit\":\"$C\""
falls peer.unknown-contributor "$T" "a request that nobody is named to have opened"
told hub "$(request $R)"
lands "$T" "until its opener is told"

next
told hub "$(request $R)" "$(review $R bob approve "$C")"
sed 's/bob, "id:2"/bob2, "id:22"/' "$W/etc/people.yaml" >"$W/people.yaml"
take people.yaml
falls peer.login-revoked "$T" "a login that is bob's no more"
use_people </dev/null
lands "$T" "and once it is again, his yes counts"

# ---- of which commit, on which request ----

next
told hub "$(request $R)" "$(review $R bob approve "$C")"
old=$C
rewritten "$T"
told hub "$(request $R)"
falls peer.other-commit "$T" "another head than was approved"
expect_refused peer.earlier-head "the approved head, which the request has left" \
    push_as alice "$old:main"
approve_as carol "$old" >"$W/out" 2>&1
expect_refused peer.earlier-head "a signed yes to the head it has left" \
    push_as alice "$old:main"
told hub "$(review $R carol approve "$C")"
lands "$T" "a yes to its present head"

next
told hub "$(request $R)" "$(review $R bob approve "$C")" "$(request $R closed)"
falls peer.request-gone "$T" "closed without a merge"
told hub "$(request $R open refs/heads/other)"
falls peer.request-gone "$T" "for another ref now"
told hub "$(request $R)"
lands "$T" "open again, and for main"

next
told hub "\"kind\":\"review\",\"request\":\"$R\",$(user opener alice),$(user actor bob),\"target\":\"refs/heads/main\",\"decision\":\"approve\",\"commit\":\"$C\""
falls peer.request-unknown "$T" "a review before its request is known"
told hub "$(request $R)"
lands "$T" "counts once the request is told"

next
told hub "$(request $R)" "$(review $R bob approve)"
falls peer.commit-not-told "$T" "a yes without a commit, right after the head came"
sed 's/kind: gitea/&\n      settle: 1s/' "$W/foureyes.yaml" >"$W/etc/foureyes.yaml"
next
told hub "$(request $R)"
sleep 1.1
told hub "$(review $R bob approve)"
falls peer.commit-not-told "$T" "after it had settled, and the forge not asked"
printf '{"repository":"acme/%s",%s}\n' "$REPO" "$(request $R)" |
    "$observe" hub '' ask >"$W/out" 2>&1
lands "$T" "the forge, asked, still has that head"
check "what it meant is cited rightly" foureyes replay
next
told hub "$(request $R)"
sleep 1.1
told hub "$(review $R bob approve)"
old=$C
rewritten "$T"
printf '{"repository":"acme/%s",%s}\n' "$REPO" "$(request $R)" |
    "$observe" hub '' ask >"$W/out" 2>&1
falls 'peer.commit-not-told|peer.other-commit' "$T" \
    "asked, it has another: what was meant is not known"
expect_refused peer.commit-not-told "nor is it the head of then" \
    push_as alice "$old:main"

next
told hub "$(request $R)" \
    "$(review $R bob approve),\"short_commit\":\"$(echo "$C" | cut -c1-12)\""
lands "$T" "an abbreviated commit is one of the request's heads"

# ---- taken back ----

next
told hub "$(request $R)" "$(review $R bob approve "$C"),\"review\":\"501\"" \
    "$(review $R bob withdraw),\"review\":\"501\""
falls peer.withdrawn "$T" "taken back"
told hub "$(review $R bob approve "$C"),\"review\":\"502\""
lands "$T" "and given again"

next
told hub "$(request $R)" "$(review $R bob withdraw "$C"),\"review\":\"601\"" \
    "$(review $R bob approve "$C"),\"review\":\"601\""
falls peer.withdrawn "$T" "dismissed before the review itself was received"

next
told hub "$(request $R)" "$(review $R bob approve "$C"),\"at\":\"2026-01-01T00:00:01Z\"" \
    "$(review $R bob object "$C"),\"at\":\"2026-01-01T00:00:09Z\"" \
    "$(review $R bob approve "$C"),\"at\":\"2026-01-01T00:00:01Z\""
falls 'peer.withdrawn|peer.objection' "$T" "his yes sent again after his no"

next
told hub "$(request $R)" "$(review $R bob approve "$C")" \
    "$(review $R carol approve "$C")" \
    "\"kind\":\"review\",$(on_request $R),$(user actor alice),\"decision\":\"withdraw\",\"all\":true"
falls peer.withdrawn "$T" "everybody's, when approvals are reset"
told hub "$(review $R carol approve "$C")"
lands "$T" "and one given since"

next
told hub "$(request $R)" "$(review $R carol object "$C"),\"review\":\"701\"" \
    "$(review $R bob approve "$C")"
falls peer.objection "$T" "an objection at the forge stops it"
told hub "\"kind\":\"review\",$(on_request $R),$(user actor alice),$(user of carol),\"decision\":\"withdraw\",\"review\":\"701\""
falls peer.objection "$T" "another's dismissal does not lift it"
rewritten "$T"
told hub "$(request $R)" "$(review $R bob approve "$C")"
falls peer.objection "$T" "nor does a new head"
told hub "$(review $R carol approve "$C")"
lands "$T" "her yes to that does"

next
told hub "$(request $R)" "$(review $R bob approve "$C"),\"review\":\"801\"" \
    "\"kind\":\"review\",$(on_request $R),$(user actor dave),$(user of bob),\"decision\":\"withdraw\",\"review\":\"801\""
falls peer.withdrawn "$T" "a yes that another dismissed is taken back"

# ---- once, and by whom it was pushed before ----

next
told hub "$(request $R)" "$(review $R bob approve "$C")"
old=$C
git_as alice checkout -q -B "$T" "$C"
commit_as alice more.txt "PAY-1 more of it

$PLAN"
push_as alice -q "+$T"
told hub "$(request $R)" "$(review $R carol approve "$C")"
lands "$T" "the later head lands"
git_as alice fetch -q origin
git_as alice checkout -q -B undo origin/main
git_as alice revert --no-commit "$C" "$old" >/dev/null 2>&1
git_as alice commit -q -m "PAY-1 undo

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q +undo
approve_as bob "$C" >"$W/out" 2>&1
lands undo "it is undone"
git_as alice checkout -q -B again origin/main
git_as alice cherry-pick "$old" >/dev/null 2>&1
C=$(git_as alice rev-parse HEAD)
push_as alice -q +again
expect_refused 'peer.*' "a yes to an earlier head went with it" \
    push_as alice again:main

next
git_as bob fetch -q origin
git_as bob checkout -q -B "b$R" origin/main
commit_as bob shared.txt "PAY-1 shared

$PLAN"
push_as bob -q "+b$R"
first=$C
git_as alice checkout -q -B "$T" origin/main
commit_as alice shared.txt "PAY-1 shared, by another hand

$PLAN"
push_as alice -q "+$T"
HEAD=$first told hub "$(HEAD=$first request $R)"
told hub "$(request $R)" "$(review $R bob approve "$C")"
falls peer.first-pusher "$T" "who brought an earlier head of the request"
told hub "$(review $R carol approve "$C")"
lands "$T" "somebody who did not"

# ---- the plan in the request's text ----

next
git_as alice checkout -q -B "$T" origin/main
commit_as alice "$T.txt" "PAY-1 without a plan"
push_as alice -q "+$T"
told hub "$(request $R),\"text\":\"What it does.\n\n## Rollback plan\n\nPut the build before it live again.\"" \
    "$(review $R bob approve "$C")"
lands "$T" "the request's text has the plan"
decision_has '"where":"hub request '$R'","text":"[^"]*live again[.][^"]*","approved":true' \
    "and what was approved had it"
next
git_as alice checkout -q -B "$T" origin/main
commit_as alice "$T.txt" "PAY-1 without a plan"
push_as alice -q "+$T"
told hub "$(request $R)" "$(review $R bob approve "$C")"
falls rollback.absent "$T" "a request without one"
told hub "$(request $R),\"text\":\"## Rollback plan\n\nPut the build before it live again.\""
lands "$T" "added after the yes, it is a plan"
decision_has '"changed_since":true' "and the record says that it came later"

# ---- tests ----

policy_main <<'YAML' | use_policy
tests: [ci/test]
YAML
status() {
	echo "\"kind\":\"status\",\"commit\":\"$C\",\"context\":\"ci/test\",\"result\":\"$1\"${2+,$2}"
}
next
approve_as bob "$C" >"$W/out" 2>&1
falls tests.missing "$T" "nobody told of the test"
told gossip "$(status success)"
falls tests.source "$T" "a source that is not asked of tests"
told hub "$(status success "$(user actor alice)")"
falls tests.by-contributor "$T" "her own word on her change"
told hub "$(status pending)"
falls tests.pending "$T" "it has not ended"
told hub "$(status failure)"
falls tests.failed "$T" "it failed"
told hub "$(status success)"
lands "$T" "it succeeded"
check "which replays" foureyes replay

next
approve_as bob "$C" >"$W/out" 2>&1
told hub "$(status failure '"at":"2026-01-01T00:00:09Z"')" \
    "$(status success '"at":"2026-01-01T00:00:01Z"')"
falls tests.failed "$T" "an older success that comes later"

next
told hub "$(status success)"
approve_as bob "$C" >"$W/out" 2>&1
H=$C
git_as alice checkout -q -B side origin/main
commit_as alice side.txt "PAY-1 side

$PLAN"
push_as alice -q +side
approve_as bob "$C" >"$W/out" 2>&1
told hub "$(status success)"
lands side "something else lands first"
git_as alice checkout -q -B "$T" origin/main
git_as alice merge -q --no-ff -m "merge $T" "$H" >/dev/null 2>&1
lands "$T" "the test of the approved commit counts for its mechanical merge"
policy_main </dev/null | use_policy

# ---- deployments ----

DEPLOYMENT=required
policy_main </dev/null | sed 's/, told_by: \[deployers\]//' | use_policy
next
approve_as bob "$C" >"$W/out" 2>&1
lands "$T" "for staging"
check "it stands on staging" push_as alice "$C:refs/heads/staging"
sleep 1.2
approve_as erin "$C" --for production >"$W/out" 2>&1
promote() {
	push_as alice -o "rollback-plan=put the build before it live again" \
	    "$C:refs/heads/production"
}
deployed() {
	echo "\"kind\":\"deployment\",\"commit\":\"$C\",\"environment\":\"${2:-staging}\",\"result\":\"$1\""
}
expect_refused staging.deployment-missing "nobody told of a deployment" promote
told gossip "$(deployed success)"
expect_refused staging.deployment-missing "a source that is not asked of them" \
    promote
told hub "$(deployed success),$(user actor alice)"
expect_refused staging.deployment-missing "its author's own word" promote
told hub "$(deployed success elsewhere)"
expect_refused staging.deployment-missing "of another environment" promote
told hub "$(deployed failure)"
expect_refused staging.deployment-failed "it failed" promote
told hub "$(deployed success)"
expect_admitted "it succeeded" promote
policy_main </dev/null | use_policy

# ---- an emergency in a comment ----

comment() {
	printf '"kind":"comment","edited":%s,"request":"%s",%s,"text":"%s"' \
	    "${3:-false}" "$R" "$(user actor "$1")" "$2"
}
WORDS='It is down.\n\nEmergency-Change: INC-7\nEmergency-Reason: checkout fails for everybody'
next
told hub "$(request $R)" "$(comment bob "$WORDS")"
falls emergency.not-a-member "$T" "a comment by somebody who may not declare one"
next
told gossip "$(request $R)" "$(comment carol "$WORDS")"
falls emergency.not-their-own "$T" "told by a source that is not believed"
next
told hub "$(request $R)" "$(comment carol "$WORDS" true)"
falls peer.none "$T" "an edited comment declares nothing"
told hub "$(comment carol 'Emergency-Change: INC-7')"
falls emergency.no-reason "$T" "without a reason"
told hub "$(comment carol "$WORDS")"
lands "$T" "carol's comment on its request"
decision_has '"by":"comment","declarer":{"person":"carol"' "she declared it"
decision_has '"pusher":{"person":"alice"' "and alice pushed it"
approve_as bob "$C" >"$W/out" 2>&1
next
told hub "$(request $((R - 1)))"
falls peer.none "$T" "her comment served one landing"

# ---- another name ----

next
told hub "$(request $R)" "$(review $R bob approve "$C")"
REPO=away
told gossip '"kind":"renamed","was":"acme/payments","repository_id":"7"'
says '^1$' "a rename told by a source that is not believed is recorded"
REPO=payments
check_not "  and takes nothing along" 1 sh -c \
    "foureyes log --repository away | grep -v renamed | grep ."
mv "$W/srv/$REPO.git" "$W/srv/billing.git"
for person in $PEOPLE; do
	git -C "$W/$person" remote set-url origin "$W/srv/billing.git"
done
REPO=billing
told hub '"kind":"renamed","was":"acme/payments","repository_id":"7"'
lands "$T" "a review from before counts under the name that the forge told"
check "complete" foureyes verify
says 'complete: yes'

# ---- nothing kept, and the end ----

told hub '"kind":"comment","request":"1","text":"Looks good."'
says '^0$' "a comment that declares nothing is not kept"
check "it verifies" foureyes verify
check "and replays" foureyes replay
done_testing

#!/bin/sh
# One change from a review at a forge to production: the forge tells of the
# review, a push is admitted by it, a deployment is told, a release tag is
# admitted, and the page shows all of it.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
SOAK=1s
DEPLOYMENT=required
mkdir -p "$SECRETS"
site local

TOKEN=$SECRETS/readers
(umask 077
openssl rand -hex 32 >"$TOKEN"
openssl rand -hex 32 >"$SECRETS/links"
printf 'the secret of hub, long' >"$SECRETS/hub"
echo "$CI_SECRET" >"$SECRETS/ci")
RECEIVER_PORT=$(free_port)
HTTP=http://127.0.0.1:$RECEIVER_PORT
cat >>"$W/etc/foureyes.yaml" <<YAML
receiver:
  listen: "127.0.0.1:$RECEIVER_PORT"
  socket: $W/foureyesd.sock
  page: "$HTTP"
  token_key_file: $SECRETS/links
  reader_files: [$TOKEN]
  sources:
    hub:
      kind: github
      secret_files: [$SECRETS/hub]
      tells: [approvals]
      repositories: {"acme/*": "*"}
    ci:
      kind: generic
      secret_files: [$SECRETS/ci]
      tells: [deployments]
YAML
# Everybody has the same name at the forge.
people_yaml | awk '/^  [a-z-]+:$/ {n = $1; sub(":", "", n)}
    /logins:/ {sub(/}$/, ", hub: " n "}")} {print}' >"$W/people.yaml"
take people.yaml
policy_main </dev/null | sed 's/, told_by: \[deployers\]//' | use_policy
receiver_start

user() {
	printf '{"login":"%s","id":%d,"type":"User"}' "$1" \
	    "$(printf %d "'$1")"
}
# pull_request NUMBER AUTHOR BRANCH COMMIT
pull_request() {
	cat <<JSON
"pull_request":{"id":50$1,"number":$1,"state":"open","title":"A change",
"user":$(user "$2"),"body":"","merged_at":null,"draft":false,
"head":{"ref":"$3","sha":"$4","repo":$(repository)},
"base":{"ref":"main","sha":"$4","repo":$(repository)}},
"repository":$(repository)
JSON
}
repository() {
	printf '{"id":77,"name":"%s","full_name":"acme/%s","default_branch":"main"}' \
	    "$REPO" "$REPO"
}
# hub EVENT DELIVERY: signed as GitHub does; the body comes on standard input.
hub() {
	tr -d '\n' >"$W/payload"
	signature=$(openssl dgst -sha256 -mac HMAC -macopt \
	    "key:$(cat "$SECRETS/hub")" -r <"$W/payload" | cut -d' ' -f1)
	curl -s -o "$W/out" -w '%{http_code}' -H 'Content-Type: application/json' \
	    -H "X-GitHub-Event: $1" -H "X-GitHub-Delivery: $2" \
	    -H "X-Hub-Signature-256: sha256=$signature" \
	    --data-binary "@$W/payload" "$HTTP/hooks/hub"
}
# ci ID BODY: with Standard Webhooks headers.
ci() {
	when=$(date +%s)
	key=$(echo "${CI_SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \n')
	signature=$(printf '%s.%s.%s' "$1" "$when" "$2" |
	    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64)
	curl -s -o "$W/out" -w '%{http_code}' -H 'Content-Type: application/json' \
	    -H "webhook-id: $1" -H "webhook-timestamp: $when" \
	    -H "webhook-signature: v1,$signature" \
	    --data-binary "$2" "$HTTP/hooks/ci"
}
answered() {
	what=$1
	wanted=$2
	shift 2
	check "$what" [ "$("$@")" = "$wanted" ]
}

# The change, its request, and the yes that was clicked.
change_as alice topic
ONE=$C
expect_refused peer.none "without a yes it does not land" \
    push_as alice topic:main
answered "the request is told" 204 hub pull_request d-1 <<JSON
{"action":"opened","number":42,$(pull_request 42 alice topic "$ONE"),
"sender":$(user alice)}
JSON
answered "a yes is told" 204 hub pull_request_review d-2 <<JSON
{"action":"submitted","review":{"id":700,"user":$(user bob),"body":"good",
"commit_id":"$ONE","submitted_at":"2026-03-01T10:30:00Z","state":"approved"},
$(pull_request 42 alice topic "$ONE"),"sender":$(user bob)}
JSON
answered "told once more it is known" 200 hub pull_request_review d-2 <<JSON
{"action":"submitted","review":{"id":700,"user":$(user bob),"body":"good",
"commit_id":"$ONE","submitted_at":"2026-03-01T10:30:00Z","state":"approved"},
$(pull_request 42 alice topic "$ONE"),"sender":$(user bob)}
JSON
expect_admitted "with it the push is admitted" push_as alice topic:main
fetch_all
expect_admitted "it goes to staging" push_as alice "$ONE:refs/heads/staging"

# A release: a signed tag with its plan, approved, after a deployment.
tag_as erin v1.0 'Version 1.0

Rollback-Plan: redeploy the build that ran before this one' "$ONE"
approve_as bob "$ONE" --for 'refs/tags/v*' >"$W/out" 2>&1 ||
    verdict 1 "the release is approved"
sleep 1.2
expect_refused staging.deployment-missing "no release before a deployment is told" \
    push_as erin "$T:refs/tags/v1.0"
answered "a deployment is told" 204 ci c-1 \
    "{\"type\":\"deployment\",\"repository\":\"$REPO\",\"environment\":\"staging\",\"commit\":\"$ONE\",\"result\":\"success\"}"
expect_admitted "with it the release is admitted" \
    push_as erin "$T:refs/tags/v1.0"
answered "its deployment is told too" 204 ci c-2 \
    "{\"type\":\"deployment\",\"repository\":\"$REPO\",\"environment\":\"production\",\"commit\":\"$ONE\",\"result\":\"success\"}"
foureyes seal >"$W/out" 2>&1 || verdict 1 "sealed"
check "the ledger holds" foureyes verify

# What readers are told.
id=$REPO/main/$(echo "$ONE" | cut -c1-12)
curl -s -H "Authorization: Bearer $(cat "$TOKEN")" \
    "$HTTP/api/v1/changes/$id" >"$W/body"
holds() {
	jq -e "$2" "$W/body" >"$W/out" 2>&1
	verdict $? "$1"
}
holds "the change was approved at the forge" \
    '.row.approvers == ["bob"] and .row.requester == "alice"'
holds "its life goes from the push to production" '[.records[] |
    select(.type == "landing") | .gate] == ["main", "staging", "production"]'
holds "with the request it came by" '[.records[] |
    select(.kind == "request") | .request] == ["42"]'
holds "with both deployments" '[.records[] | select(.kind == "deployment") |
    .environment] == ["staging", "production"]'
holds "and the review" '[.records[] | select(.kind == "approval") |
    .source] | index("hub") != null'

# And what they see.
modules=$src/build/page/node_modules
if command -v node >/dev/null 2>&1 && [ -d "$modules/playwright-core" ] &&
    [ -d "$modules/axe-core" ] && [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
	cat >"$W/wanted" <<JSON
{"change": "$id", "count": 3, "state": "good", "told": ["pushed 1 commit",
"Request 42 to main is open at hub", "bob approved", " at hub", "Landed on main", "Landed on staging", "Landed on production",
"was deployed to staging", "was deployed to production: success"]}
JSON
	(cd "$src" && TEST_DIR=$W node tests/page/live.js "$HTTP" "$TOKEN" \
	    "$W/wanted") >"$W/page" 2>&1
	grep -E '^(not )?ok ' "$W/page" | sed 's/ [0-9]* - / /' >"$W/lines"
	check "the page was looked at" [ -s "$W/lines" ]
	grep -E "^#|^ " "$W/page"
	taps <"$W/lines"
else
	echo "# the page was not looked at: contrib/install-deps.sh page"
fi
receiver_stop
done_testing

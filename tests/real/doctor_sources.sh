#!/bin/sh
# doctor, of those who tell: silence, secrets, what they cannot tell, deliveries
# that nothing is named for, foureyesd itself.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"
receiver_site
mkdir -p "$W/srv"

# told THING PATTERN WHAT: doctor says so.
told() {
	foureyes doctor >"$W/out" 2>&1
	says "^$1: $2" "$3"
}

# deliver REPOSITORY ID: a push, as GitHub signs it.
deliver() {
	cat >"$W/body" <<JSON
{"ref":"refs/heads/topic","before":"$(printf %040d 1)",
"after":"$(printf %040d 2)","repository":{"id":7,"full_name":"$1"},
"pusher":{"name":"alice"},"commits":[],"id":"$2",
"sender":{"login":"alice","id":1,"type":"User"}}
JSON
	sign=$(openssl dgst -sha256 -hmac "$(cat "$SECRETS/hub")" "$W/body" |
	    sed 's/.* //')
	curl -s -o /dev/null -w '%{http_code}' --data-binary "@$W/body" \
	    -H 'Content-Type: application/json' -H 'X-GitHub-Event: push' \
	    -H "X-GitHub-Delivery: $2" -H "X-Hub-Signature-256: sha256=$sign" \
	    "$HTTP/hooks/hub"
}

told wrong 'foureyesd: .*systemctl start foureyesd' "foureyesd is not there"
receiver_start
told ok 'foureyesd: answers' "now it is"
told warning 'source hub: nothing came from it yet' "a source that never told"
told warning "source lab: a webhook of gitlab does not tell all.*'api'" \
    "what GitLab cannot tell without being asked"
check_not "GitHub tells all by itself" 1 grep -q "source hub: a webhook" "$W/out"
deliver acme/payments 11 >"$W/code"
deliver other/thing 12 >>"$W/code"
deliver other/thing2 13 >>"$W/code"
cp "$W/code" "$W/out"
says '^204200200$' "a delivery of ours, and two of nobody's"
told ok 'source hub: told something' "it told something"
told warning 'source hub: 2 deliveries were of repositories' "and what nothing names"
chmod 644 "$SECRETS/tea"
told wrong 'source tea: .*others may read it' "a secret that others may read"
chmod 600 "$SECRETS/tea"
: >"$SECRETS/tea"
told wrong 'source tea: .*is empty' "an empty one"
rm "$SECRETS/tea"
told wrong 'source tea: ' "one that is not there"
printf 'the secret of tea, long' >"$SECRETS/tea"
chmod 600 "$SECRETS/tea"

# The same from the clerk: each once.
foureyesd clerk --once watch >"$W/out" 2>&1
foureyes log --type drift >"$W/out" 2>&1
says 'source.heard of lab: fail: ' "the clerk writes down who never told"
says 'source.asked of lab: fail: ' "and who cannot tell"
before=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
foureyesd clerk --once watch >"$W/out" 2>&1
check "once" [ "$(cat "$W"/etc/ledger/*.jsonl | wc -l)" -eq "$before" ]
chmod 644 "$SECRETS/tea"
foureyesd clerk --once watch >"$W/out" 2>&1
foureyes log --type drift >"$W/out" 2>&1
says 'source.secret of tea: fail: ' "an open secret"
chmod 600 "$SECRETS/tea"
foureyesd clerk --once watch >"$W/out" 2>&1
foureyes log --type drift >"$W/out" 2>&1
says 'source.secret of tea: pass, was fail' "that is closed again"
foureyes watch --once >"$W/out" 2>&1
foureyes log --type drift --newest 3 >"$W/out" 2>&1
check_not "the watch without foureyesd leaves that to it" 1 \
    grep -q 'source.*gone' "$W/out"
receiver_stop
foureyes watch --once >"$W/out" 2>&1
says '^fail: daemon.answers of ' "foureyesd that ended"
done_testing

#!/bin/sh
# Statuses that something else than an approval decides: promotions, merge
# queues, emergencies, freezes, another target, another policy, lost webhooks.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_told.sh
. "$src/tests/real/lib_told.sh"
told_site

# request_as PERSON TOPIC: pushed and asked for; its commit in $C, number in $N.
request_as() {
	topic_as "$1" "$2"
	at_forge open "as=$1&head=$2&base=${3:-main}" </dev/null
}

# ---- two requests with one head ----
request_as alice one
expect_status "$C" main failure "nobody has approved" "a request is open"
at_forge review "as=bob&n=$N&state=approved" </dev/null
expect_status "$C" main success "" "and approved"
at_forge open "as=carol&head=one&base=production" </dev/null
expect_status "$C" production failure "" \
    "the same head for another gate has a status of its own"
expect_status "$C" main success "" "which leaves this one as it was"
at_forge close "as=carol&n=$N" </dev/null

# ---- landed, and from there on ----
at_forge merge "as=carol&n=1&method=merge" </dev/null
landed=$A
expect_status "$landed" production failure "nobody has approved" \
    "what landed on main is told whether it may go to production"
approve_as erin "$landed" --for production \
    -m "Rollback-Plan: move production back to the commit before this one" \
    >"$W/out" 2>&1
verdict $? "erin approves that promotion, by a signed tag"
expect_status "$landed" production success "" "then it may"

# ---- a merge queue ----
request_as alice queued
expect_status "$C" main failure "" "a request that goes to the queue"
at_forge queue "as=alice&n=$N" </dev/null
queued=$A
expect_status "$queued" main failure "" "what the queue would land is told too"
at_forge review "as=bob&n=$N&state=approved" </dev/null
expect_status "$queued" main success "" "and is green with its request"

# ---- another target, and closed ----
request_as alice moved
at_forge review "as=bob&n=$N&state=approved" </dev/null
expect_status "$C" main success "" "approved for main"
at_forge edit "as=alice&n=$N&base=production" </dev/null
expect_status "$C" production failure "" "for another target it is not"

# ---- an emergency, in a comment ----
request_as alice fire
expect_status "$C" main failure "" "in a hurry, and nobody looked"
at_forge comment "as=carol&n=$N" <<TEXT
Emergency-Change: INC-7
Emergency-Reason: the payments service does not answer since ten o'clock
TEXT
expect_status "$C" main success "INC-7" "a declaration makes it green, and says so"
at_forge merge "as=carol&n=$N&method=squash" </dev/null
fire=$A
for _ in $(seq 100); do
	foureyes log --json | grep "\"type\":\"landing\"" | grep -q "$fire" && break
	sleep 0.1
done
foureyes log --json | grep '"type":"landing"' | grep "$fire" >"$W/out"
says '"outcome":"ADMITTED_AS_EMERGENCY"' "it landed as an emergency"
foureyes due >"$W/out" 2>&1
says "$(echo "$fire" | cut -c1-12)" "whose review is owed"

# ---- time, and the policy ----
request_as alice frozen
at_forge review "as=bob&n=$N&state=approved" </dev/null
expect_status "$C" main success "" "approved, with a review owed elsewhere"
soon=$(($(date +%s) + 6))
sed "s/^        refs: \[\"refs.heads.main\"\]/&\n        freeze: [{from: 2026-01-01, to: \"$(date -u -d "@$soon" +%Y-%m-%dT%H:%M:%SZ)\", reason: holidays}]/" \
    "$W/etc/policy.yaml" >"$W/frozen.yaml"
cp "$W/frozen.yaml" "$W/etc/policy.yaml"
kill -HUP "$receiver_pid"
expect_status "$C" main pending "holidays" "a freeze makes it wait, and says why"
expect_status "$C" main success "" "and time alone makes it green again"

# ---- what no webhook told ----
at_forge quiet "yes=1" </dev/null
echo more >>"$W/alice/frozen.txt"
git_as alice commit -q -am "more"
git_as alice push -q origin frozen
at_forge merge "as=carol&n=$N&method=squash&evil=unseen.sh" </dev/null
at_forge quiet "yes=0" </dev/null
request_as bob after
expect_status "$C" main failure "" "it is judged from where main really is"

done_testing

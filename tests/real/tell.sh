#!/bin/sh
# Where no hook runs: the verdict is a status at the forge, and what lands by
# its buttons is judged, recorded, and an exception where nobody let it.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_told.sh
. "$src/tests/real/lib_told.sh"
told_site

records() {
	foureyes log --json | grep -c "$1"
}
# wait_for COUNT PATTERN: so many records say it.
wait_for() {
	for _ in $(seq 150); do
		[ "$(records "$2")" -lt "$1" ] || return 0
		sleep 0.1
	done
	foureyes log
	tail -5 "$W/foureyesd.log"
	return 1
}

# ---- an open request, from nothing to a landing ----
topic_as alice one
first=$C
at_forge open "as=alice&head=one&base=main" </dev/null
one=$A
expect_status "$first" main failure "nobody has approved" \
    "an open request: what is missing is said at its head"
check "it links to the page of that change, with a token" \
    grep -q "https://changes.example.com/change/[A-Za-z0-9_-]\{43\}?id=payments/main/" \
    "$F/statuses"
at_forge review "as=alice&n=$one&state=approved" </dev/null
expect_status "$first" main failure "alice" "one's own yes does not count"
at_forge review "as=bob&n=$one&state=approved" </dev/null
expect_status "$first" main success "1 of 1" "a peer's yes makes it green"

echo more >>"$W/alice/one.txt"
git_as alice commit -q -am "one: more" \
    -m "Rollback-Plan: revert this commit and deploy the one before it"
git_as alice push -q origin one
second=$(git_as alice rev-parse HEAD)
expect_status "$second" main failure "" "a new head is not what was approved"
at_forge review "as=bob&n=$one&state=approved" </dev/null
expect_status "$second" main success "" "until that is approved too"
at_forge dismiss "as=carol&n=$one&of=bob" </dev/null
expect_status "$second" main failure "" "a yes that is dismissed takes it back"
at_forge review "as=bob&n=$one&state=approved" </dev/null
expect_status "$second" main success "" "and given again it is green again"

at_forge merge "as=carol&n=$one&method=merge" </dev/null
merged=$A
check "the merge button's commit is a landing" \
    wait_for 1 "\"type\":\"landing\".*\"new\":\"$merged\""
foureyes log --json | grep '"type":"landing"' >"$W/out"
says '"witness":"webhook"' "told by the webhook"
says '"lander":"carol"' "and landed by whoever pressed the button"
says '"outcome":"ADMITTED"' "as it would have been let through"

# ---- squash and rebase ----
topic_as alice two
at_forge open "as=alice&head=two&base=main" </dev/null
at_forge review "as=bob&n=$N&state=approved" </dev/null
expect_status "$C" main success "" "the next request is judged from there"
at_forge merge "as=carol&n=$N&method=squash" </dev/null
check "a squash of what was approved is a landing" \
    wait_for 1 "\"type\":\"landing\".*\"new\":\"$A\""

topic_as bob three
topic_as alice four
at_forge open "as=bob&head=three&base=main" </dev/null
at_forge review "as=alice&n=$N&state=approved" </dev/null
at_forge merge "as=carol&n=$N&method=rebase" </dev/null
check "a rebase by the forge is a landing" \
    wait_for 1 "\"type\":\"landing\".*\"new\":\"$A\""

# ---- merged all the same ----
at_forge open "as=alice&head=four&base=main" <<TEXT
## Rollback plan

Revert the commit and deploy the release before it.
TEXT
four=$N
at_forge review "as=bob&n=$four&state=approved" </dev/null
expect_status "$C" main success "" "main moved on, the approval still covers"
at_forge merge "as=carol&n=$four&method=squash&evil=door.sh" </dev/null
evil=$A
check "a squash with a file that nobody approved is drift" \
    wait_for 1 "\"type\":\"drift\".*\"new\":\"$evil\""
check "behind a decision that says why" \
    wait_for 1 "\"type\":\"decision\",\"outcome\":\"REFUSED\".*\"new\":\"$evil\".*review.unreviewed-commit"
[ "$(records "\"type\":\"landing\".*\"new\":\"$evil\"")" -eq 0 ]
verdict $? "and no landing"
check_not "reconcile calls it an exception" 1 foureyes reconcile payments

topic_as alice five
at_forge open "as=alice&head=five&base=main" </dev/null
at_forge review "as=bob&n=$N&state=approved" </dev/null
expect_status "$C" main failure "" \
    "while it stands, nothing is green that would bring it along"

# Someone looks at what is there, and says yes to it.
git_as bob fetch -q origin
approve_as bob "$evil" >"$W/out" 2>&1
verdict $? "bob approves what stands on main, by a signed tag"
check "which is taken up from the copy, and lands it after all" \
    wait_for 1 "\"type\":\"landing\".*\"new\":\"$evil\""

# What stood there unapproved stays an exception, whoever looked later.
day=$(date -u +%Y-%m-%d)
tomorrow=$(date -u -d "@$(($(date +%s) + 86400))" +%Y-%m-%d)
foureyes seal >"$W/out" 2>&1
foureyes report --from "$day" --to "$tomorrow" --out "$W/pack" >"$W/out" 2>&1
grep "$(echo "$evil" | cut -c1-12)" "$W/pack/exceptions.csv" >"$W/out"
says "drift" "the report has it among the exceptions"

done_testing

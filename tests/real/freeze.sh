#!/bin/sh
# freeze.sh - while a gate is frozen nobody lands, but in an emergency.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"

site local
PROD=refs/heads/production

# instant SECONDS: that many from now, as a policy says it.
instant() {
	date -u -d "@$(($(date +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ
}

# freeze_main FROM TO: main alone, in seconds from now.
freeze_main() {
	echo "freeze: [{from: $(instant "$1"), to: $(instant "$2"), reason: holidays}]" |
	    policy_main | use_policy
}

# freeze_all: every gate that moves in this test.
freeze_all() {
	policy_main </dev/null | sed "/^        landed_on: main/i\\
        freeze: [{from: $(instant -60), to: $(instant 3600), reason: audit}]" |
	    use_policy
}

# ---- before, within, after ----

freeze_main 3600 7200
change_as alice early
approved bob
lands "before a freeze what is approved lands" alice early:main

freeze_main -60 3600
change_as alice late
approved bob
stops freeze.in-force "in a freeze it does not" alice late:main
says "nothing lands on refs/heads/main before" "until when"
says "Z: holidays" "and why"
check_not "explain says so too" 1 foureyes explain "$REPO" \
    "$(on_server rev-parse main)" "$C" refs/heads/main
check "nothing else was wrong with it" sh -c \
    "grep -h '\"type\":\"decision\"' '$W'/etc/ledger/*.jsonl | tail -1 |
        grep -o '\"standing\":\"UNMET\"' | wc -l | grep -qx 1"
foureyes check >"$W/out" 2>&1
says 'frozen but for an emergency: .*, holidays' "check says when"

# ---- what an insider tries ----

DATED="2020-01-01T00:00:00Z"
git_as alice checkout -q -B dated origin/main
date +%N >"$W/alice/dated.txt"
git_as alice add -A
GIT_AUTHOR_DATE=$DATED GIT_COMMITTER_DATE=$DATED git_as alice commit -q \
    -m "PAY-1 made long ago

$PLAN"
C=$(git_as alice rev-parse dated)
push_as alice -q dated >"$W/out" 2>&1
approved bob
stops freeze.in-force "whatever date a commit says" alice dated:main
stops freeze.in-force "with an option that is not asked for" \
    alice -o reason='must go in' dated:main
stops 'freeze.in-force' "under another name of main" \
    alice dated:refs/heads/master
git -C "$bare" symbolic-ref refs/heads/alias refs/heads/main
stops freeze.in-force "by a symbolic ref" alice dated:alias
git -C "$bare" symbolic-ref -d refs/heads/alias
stops emergency.not-a-member "declared by one who may not" \
    alice -o emergency=INC-9 -o reason='the shop is down' dated:main
M=$(on_server rev-parse main)
on_server update-ref refs/heads/main "$C"
stops freeze.in-force "moved by hand it has not landed, nor does more of it" \
    alice late:main -f
git_as alice fetch -q origin
expect_admitted "and is put back" push_as alice -f "$M:refs/heads/main"
check "where it was" [ "$(on_server rev-parse main)" = "$M" ]

# ---- an emergency ----

change_as carol urgent
lands "a declaration lands in a freeze" carol -o emergency=INC-7 \
    -o reason='the shop is down' urgent:main
says 'EMERGENCY' "loudly"
decided '"code":"freeze.in-force"' "its finding is kept"
foureyes due >"$W/out" 2>&1
says "$C" "and the review is owed"
approved bob
change_as alice calm
approved bob
stops freeze.in-force "the next is frozen again" alice calm:main

freeze_main -3600 -60
lands "after the freeze it lands" alice calm:main

# ---- the lane back ----

LIVE=$(on_server rev-parse main)
lands "to staging" alice "$LIVE:refs/heads/staging"
sleep 1.2
C=$LIVE
approved erin --for production
lands "to production" alice -o rollback-plan='stop it and delete the branch again' \
    "$LIVE:$PROD"
change_as bob next
approved alice
lands "the next release" bob next:main
NEXT=$C
lands "to staging" alice "$NEXT:refs/heads/staging"
sleep 1.2
approved erin --for production
freeze_all
stops freeze.in-force "production is frozen" alice \
    -o rollback-plan='put the build before it live again' "$NEXT:$PROD"
stops freeze.in-force "and so is staging" alice -f "$LIVE:refs/heads/staging"
policy_main </dev/null | use_policy
lands "free again, it goes" alice \
    -o rollback-plan='put the build before it live again' "$NEXT:$PROD"
freeze_all
lands "the lane back goes in a freeze" alice -f \
    -o reason='payments fail since the release' "$LIVE:$PROD"
decided '"code":"freeze.lane-back"' "and the record says by what"
stops 'freeze.in-force|environment.left-before' "forward again is a landing" alice \
    -o reason='it was fine after all' "$NEXT:$PROD"
stops 'environment.(backward|deletion)' "nothing is deleted" alice ":$PROD"

done_testing

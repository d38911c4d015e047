#!/bin/sh
# Separate environments: who moves which ref, that it only goes forward, the
# lane back, and refs that moved behind our back.
. "$(dirname "$0")/lib.sh"
SOAK=1s
site local
bare=$W/srv/$REPO.git
PROD=refs/heads/production
MAIN=refs/heads/main
BACK='incident PAY-9: payments are down since this release'

land() {
	change_as alice "$1"
	{
		approve_as bob "$C" && push_as alice "$1:main"
	} >"$W/out" 2>&1 || verdict 1 "$1 must land on main"
	fetch_all
}

release() {
	{
		push_as alice "$C:refs/heads/staging" &&
		    approve_as bob "$C" --for "$PROD" && sleep 1.2 &&
		    push_as alice -o "rollback-plan=redeploy the build that ran before" \
		    "$C:$PROD"
	} >"$W/out" 2>&1 || verdict 1 "$1 must land on production"
	fetch_all
}

# is_at REF COMMIT WHAT
is_at() {
	check "$3" [ "$(on_server rev-parse "$1")" = "$2" ]
}

# last_landing PATTERN WHAT: the newest landing record holds it.
last_landing() {
	grep -h '"type":"landing"' "$W"/etc/ledger/*.jsonl | tail -1 >"$W/out"
	says "$1" "$2"
}

BASE=$(on_server rev-parse main)
land one
ONE=$C
release one
land two
TWO=$C
release two

# ---- who, and which way ----

expect_refused environment.pusher-unknown "somebody nobody knows" \
    env TEST_PUSHER=mallory git -C "$W/alice" push origin -f "$ONE:main"
expect_refused environment.pusher-unknown "nobody at all" \
    env TEST_PUSHER= git -C "$W/alice" push origin -f "$ONE:main"
expect_refused environment.deletion "a gated ref is not deleted" \
    push_as alice :main
expect_refused environment.backward "nor moved backward" \
    push_as alice -f "$ONE:main"
git_as alice checkout -q -B aside "$ONE"
commit_as alice aside.txt "PAY-1 beside it

$PLAN"
push_as alice -q aside
approve_as bob "$C" >"$W/out" 2>&1
expect_refused environment.not-fast-forward "nor moved aside" \
    push_as alice -f aside:main
expect_refused environment.lander "a lander lands, nobody else" \
    push_as carol "$TWO:refs/tags/v1"
expect_refused environment.not-adopted "a gated ref is not just made" \
    push_as alice "$TWO:refs/heads/master"
change_as alice late
approve_as bob "$C" >"$W/out" 2>&1
people_yaml | sed '/^  alice:/a\    expires: 2020-01-01' >"$W/people.yaml"
take people.yaml
expect_refused environment.pusher-expired "whose rights have expired" \
    push_as alice late:main
use_people </dev/null

# ---- the lane back ----

expect_refused environment.lander "only a lander takes the lane" \
    push_as carol -f -o "reason=$BACK" "$ONE:production"
expect_refused environment.no-reason "the lane back asks for a reason" \
    push_as alice -f "$ONE:production"
expect_refused environment.no-reason "one that says something" \
    push_as alice -f -o reason=tbd "$ONE:production"
expect_refused environment.never-live "and goes only where it was" \
    push_as alice -f -o "reason=$BACK" "$BASE:production"
land three
THREE=$C
expect_refused environment.backward "and only where there is a lane" \
    push_as alice -f -o "reason=$BACK" "$TWO:main"
expect_admitted "back to what was live" \
    push_as alice -f -o "reason=$BACK" "$ONE:production"
is_at $PROD "$ONE" "production is back"
last_landing '"lane":true' "the log says by which way"
C=$TWO
expect_refused 'peer\.[a-z-]*' "forward again asks for all there is to ask" \
    push_as alice -o "rollback-plan=redeploy the build that ran before" "$TWO:$PROD"
C=$THREE
release three
git_as alice checkout -q -B rolling origin/production
check "foureyes rollback makes the commit that goes back" sh -c \
    "cd '$W/alice' && TEST_PUSHER=alice foureyes rollback $PROD $ONE \
    --reason '$BACK'"
N=$(git_as alice log --all --format=%H --grep="$(printf '%.12s' "$ONE")" -1)
[ -n "$N" ] || N=$(sed -n 's/.*\<\([0-9a-f]\{40\}\)\>.*/\1/p' "$W/out" |
    grep -v "$ONE" | tail -1)
expect_admitted "and it lands by the lane" push_as alice "${N:-HEAD}:production"
fetch_all
is_at "$PROD^{tree}" "$(on_server rev-parse "$ONE^{tree}")" \
    "with the content of before"
is_at $PROD^ "$THREE" "on top of what was there"
last_landing '"lane":true' "that is a way back too"
expect_refused environment.left-before "not to what was left before" \
    push_as alice -f -o "reason=$BACK" "$THREE:production"
N=$(git_as alice commit-tree "$THREE^{tree}" -p "$N" -m "forward, backward")
expect_refused environment.left-before "in no disguise" \
    push_as alice -o "reason=$BACK" "$N:production"
N=$(git_as alice commit-tree "$BASE^{tree}" -p origin/production -m "older yet")
expect_refused review.not-landed "a commit of one's own is no way back" \
    push_as alice -o "reason=$BACK" "$N:production"
check "main and staging stay where they are" \
    [ "$(on_server rev-parse main staging | sort -u)" = "$THREE" ]

# Not too far back, and as many approvals as the lane asks.
lane() {
	policy_main </dev/null | sed "s/rollback: {.*}/rollback: {$1}/" |
	    use_policy
}
lane 'groups: [release], within: 1'
expect_refused environment.too-far-back "not too far" \
    push_as alice -f -o "reason=$BACK" "$ONE:production"
lane 'groups: [release], count: 1'
expect_refused 'peer\.[a-z-]*' "a lane that asks for an approval" \
    push_as alice -f -o "reason=$BACK" "$ONE:production"
check "alice approves" approve_as alice "$ONE" --for $PROD
expect_refused peer.lander "who lands is no peer" \
    push_as alice -f -o "reason=$BACK" "$ONE:production"
check "bob approves" approve_as bob "$ONE" --for $PROD
expect_admitted "with bob's approval" \
    push_as alice -f -o "reason=$BACK" "$ONE:production"
policy_main </dev/null | use_policy

# A revert on main is a change like every other; with a lane there, too.
policy_main <<-'YAML' | use_policy
	rollback: {groups: [release], count: 0}
YAML
git_as alice fetch -q origin
git_as alice checkout -q -B undo origin/main
git_as alice revert --no-edit HEAD >/dev/null
git_as alice commit -q --amend -m "PAY-2 undo three

$PLAN"
push_as alice -q undo
C=$(git_as alice rev-parse undo)
expect_refused peer.none "a revert asks for an approval" push_as alice undo:main
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "and has one" push_as alice undo:main
last_landing '"approved":\["[0-9a-f]' "as an ordinary change"
policy_main </dev/null | use_policy
fetch_all

# ---- where a ref may be born ----

HOTFIX='      hotfix:\n        refs: ["refs/heads/hotfix/*"]\n        landed_on: main'
born() {
	policy_main </dev/null | sed "s,^emergency:,$HOTFIX\n$1&," | use_policy
}
born ''
M=$(on_server rev-parse main)
expect_refused review.not-landed "not where nothing landed" \
    push_as alice "origin/aside:refs/heads/hotfix/1"
expect_admitted "where landed_on takes from" push_as alice \
    "$M:refs/heads/hotfix/1"
born '        born_from: [production]\n'
expect_refused environment.not-adopted "not where born_from does not" \
    push_as alice "$M:refs/heads/hotfix/2"
expect_admitted "where it does" push_as alice "$ONE:refs/heads/hotfix/2"
expect_admitted "and then goes by landed_on" push_as alice \
    "$TWO:refs/heads/hotfix/2"
policy_main </dev/null | use_policy

# ---- symbolic refs ----

git -C "$bare" symbolic-ref refs/heads/alias refs/heads/main
M=$(on_server rev-parse main)
change_as alice sneaky
expect_refused 'peer\.[a-z-]*' "a symbolic ref to main is main" \
    push_as alice sneaky:alias
is_at $MAIN "$M" "main did not move"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused policy.twice "one ref under two names" \
    push_as alice sneaky:alias sneaky:main
expect_admitted "what is approved lands by the other name" \
    push_as alice sneaky:alias
is_at $MAIN "$C" "on main"
last_landing '"ref":"refs/heads/main"' "and is main's in the log"
git -C "$bare" symbolic-ref -d refs/heads/alias
git -C "$bare" symbolic-ref refs/heads/alias refs/foureyes/approvals/x
expect_refused policy.alias "an alias of evidence" push_as alice sneaky:alias
git -C "$bare" symbolic-ref -d refs/heads/alias
git -C "$bare" update-ref refs/heads/ungated "$C"
rm -f "$bare/refs/heads/main"
git -C "$bare" symbolic-ref refs/heads/main refs/heads/ungated
M=$C
change_as alice hidden
expect_refused policy.alias "a gated name that is another ref's" \
    push_as alice hidden:main
expect_refused policy.alias "that other ref" push_as alice hidden:ungated
git -C "$bare" symbolic-ref -d refs/heads/main
git -C "$bare" update-ref refs/heads/main "$M"
git -C "$bare" update-ref -d refs/heads/ungated

# ---- drift, and the ways out ----

# drift_to COMMIT: by hand, on the server.
drift_to() {
	git -C "$bare" update-ref refs/heads/main "$1"
}
drift=$(records drift)
drift_to "$TWO"
check "moved by hand: the transaction's hook writes it down" \
    [ "$(records drift)" -eq $((drift + 1)) ]
grep -h '"type":"drift"' "$W"/etc/ledger/*.jsonl | tail -1 >"$W/out"
says "\"old\":\"$M\",\"new\":\"$TWO\"" "from where to where"
check_not "doctor finds it" 1 foureyes doctor "$REPO"
says 'main' "and names the ref"
expect_admitted "first way out: put back" push_as alice "$M:main"
last_landing "\"old\":\"$TWO\",\"new\":\"$M\"" "as a landing"
fetch_all
check "once" [ "$(records drift)" -eq $((drift + 1)) ]
drift_to "$TWO"
drift_to "$M"
check "by hand there and by hand back" [ "$(records drift)" -eq $((drift + 3)) ]

# Somebody writes a file; no hook of ours runs.
change_as alice smuggled smuggled.txt "PAY-3 nobody reviewed this

$PLAN"
SMUGGLED=$C
printf '%s\n' "$SMUGGLED" >"$bare/refs/heads/main"
git_as alice checkout -q -B on-top
commit_as alice on-top.txt "PAY-4 a good change on top

$PLAN"
push_as alice -q on-top
drift=$(records drift)
push_as alice -q "$C:refs/heads/unrelated"
check "a push elsewhere that is not gated does not look" \
    [ "$(records drift)" -eq "$drift" ]
expect_refused 'review.not-landed' "a push to another gate" \
    push_as alice "$C:refs/heads/staging"
check "finds it" [ "$(records drift)" -eq $((drift + 1)) ]
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "second way out: the whole stretch is approved" \
    push_as alice on-top:main
last_landing "\"old\":\"$M\",\"new\":\"$C\"" "from the ledger's tip"
M=$C
fetch_all
git_as carol checkout -q -B smuggled-2 origin/main
commit_as carol smuggled.txt "PAY-3 nor this

$PLAN"
push_as carol -q smuggled-2
BAD=$C
printf '%s\n' "$BAD" >"$bare/refs/heads/main"
git_as alice fetch -q origin
git_as alice checkout -q -B on-top-2 "$BAD"
commit_as alice on-top.txt "PAY-4 another

$PLAN"
push_as alice -q on-top-2
approve_as carol "$C" >"$W/out" 2>&1
expect_refused peer.author "what drifted in is judged with what follows" \
    push_as alice on-top-2:main
git_as carol fetch -q origin
expect_admitted "or lands in an emergency" push_as carol \
    -o emergency=INC-1 -o "reason=the ledger of cards is down" "$C:main"
is_at $MAIN "$C" "which shuts the gate to nobody"
last_landing "\"old\":\"$M\",\"new\":\"$C\"" "from the ledger's tip, too"
fetch_all

change_as alice told
printf '%s\n' "$C" >"$bare/refs/heads/main"
check "third way out: account" foureyes account "$REPO" $MAIN \
    --reason "moved by hand after the disk of the server was full"
check "explained" [ "$(records explained)" -eq 1 ]
change_as bob after
approve_as alice "$C" >"$W/out" 2>&1
expect_admitted "and it goes on" push_as bob after:main
change_as alice adopted-again
printf '%s\n' "$C" >"$bare/refs/heads/main"
check "fourth way out: adopt" foureyes adopt "$REPO" $MAIN
change_as bob after-2
approve_as alice "$C" >"$W/out" 2>&1
expect_admitted "and it goes on from there" push_as bob after-2:main
M=$C

# Moved by pushes while the hooks were off: the same.
chmod -x "$bare"/hooks/*
change_as alice unseen
push_as alice -q unseen:main >"$W/out" 2>&1
chmod +x "$bare"/hooks/*
UNSEEN=$C
change_as bob seen
approve_as alice "$C" >"$W/out" 2>&1
expect_refused 'review\.[a-z-]*|peer\.[a-z-]*' \
    "what came while nobody looked is not landed" push_as bob seen:main
check "it is drift" sh -c "grep -h '\"type\":\"drift\"' '$W'/etc/ledger/*.jsonl |
    grep -q '$UNSEEN'"
git -C "$bare" update-ref -d refs/heads/main
check "gone by hand is drift too" sh -c \
    "grep -h '\"type\":\"drift\"' '$W'/etc/ledger/*.jsonl | tail -1 |
        grep -q '\"new\":\"0000'"
expect_refused 'review\.[a-z-]*|peer\.[a-z-]*' "it is not born again" \
    push_as bob "$UNSEEN:$MAIN"
expect_admitted "but put back" push_as bob "$M:$MAIN"
check "the chain holds" foureyes verify --chain "$W/etc/ledger"
done_testing

#!/bin/sh
# Separate environments: who moves which ref, and that it only goes forward.
. "$(dirname "$0")/lib.sh"
SOAK=1s
site local
bare=$W/srv/$REPO.git
BACK='incident PAY-9: payments are down since this release'

land() {
	change_as alice "$1"
	{
		approve_as bob "$C" && push_as alice "$1:main"
	} >"$W/out" 2>&1 || verdict 1 "$1 must land on main"
}

release() {
	push_as alice -q "$C:refs/heads/staging" >"$W/out" 2>&1
	approve_as bob "$C" --for refs/heads/production >>"$W/out" 2>&1
	sleep 1.2
	push_as alice -q -o "rollback-plan=redeploy the build that ran before" \
	    "$C:refs/heads/production" >>"$W/out" 2>&1 ||
	    verdict 1 "$1 must land on production"
}

land one
ONE=$C
release one
land two
TWO=$C
release two

expect_refused environment.pusher-unknown "somebody nobody knows" \
    env TEST_PUSHER=mallory git -C "$W/alice" push origin "$ONE:main"
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
    push_as carol -f -o "reason=$BACK" "$ONE:production"
expect_refused environment.no-reason "the lane back asks for a reason" \
    push_as alice -f "$ONE:production"
expect_refused environment.never-live "and goes only where it was" \
    push_as alice -f -o "reason=$BACK" "$ONE~1:production"
expect_admitted "back to what was live" \
    push_as alice -f -o "reason=$BACK" "$ONE:production"
check "production is back" [ "$(on_server rev-parse production)" = "$ONE" ]
land three
THREE=$C
release three
git_as alice fetch -q origin
git_as alice checkout -q production
check "foureyes rollback makes the commit that goes back" sh -c \
    "cd '$W/alice' && foureyes rollback refs/heads/production $ONE --reason '$BACK'"
N=$(sed -n 's/.*\<\([0-9a-f]\{40\}\)\>.*/\1/p' "$W/out" | grep -v "$ONE" |
    tail -1)
expect_admitted "and it lands by the lane" push_as alice -o "reason=$BACK" \
    "${N:-HEAD}:production"
check "with the content of before" \
    git -C "$bare" diff --quiet "$ONE" production
expect_refused environment.left-before "not to what was left behind before" \
    push_as alice -f -o "reason=$BACK" "$TWO:production"
check "main and staging stay where they are" \
    [ "$(on_server rev-parse main staging | sort -u)" = "$THREE" ]

# A symbolic ref is judged as what it stands for.
git -C "$bare" symbolic-ref refs/heads/alias refs/heads/main
change_as alice sneaky
expect_refused peer.none "a symbolic ref to main is main" \
    push_as alice sneaky:alias
check "main did not move" [ "$(on_server rev-parse main)" = "$THREE" ]

# Drift: moved by hand; judged from the ledger's tip, and put back.
git -C "$bare" update-ref refs/heads/main "$TWO"
expect_admitted "a ref is put back to what the ledger knows" \
    push_as alice "$THREE:main"
check "drift is a record" [ "$(records drift)" -ge 1 ]
done_testing

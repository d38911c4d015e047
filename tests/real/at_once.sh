#!/bin/sh
# Two pushes at once: one word serves one of them, whichever is first.  Pushes
# are held up between verdict and movement by an update hook, and between
# judging and recording by the log's own lock.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
bare=$W/srv/$REPO.git
WHY='card payments fail for every customer'
PLANNED="Rollback-Plan: install the package of the release before it"

hold_updates

# held NAME PERSON REFSPEC...: a push in the background, admitted and waiting.
held() {
	held_name=$1
	shift
	: >"$W/hold-$held_name"
	push_as "$@" >"$W/out-$held_name" 2>&1 &
	eval "pid_$held_name=$!"
	i=0
	until [ -e "$W/held-$held_name" ] || [ $i -ge 80 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	check "$held_name was admitted and waits" [ -e "$W/held-$held_name" ]
}

# let_go NAME: its push goes on; fails as that does.
let_go() {
	rm -f "$W/hold-$1" "$W/held-$1"
	eval "wait \$pid_$1"
}

# release TAG COMMIT: an annotated tag with a plan, by alice.
release() {
	git_as alice tag -f -a -m "Release

$PLANNED" "$1" "$2" >/dev/null 2>&1
}

promoted() {
	change_as alice "$1"
	approved bob
	push_as alice -q "$1:main" >"$W/out" 2>&1 || verdict 1 "$1 on main"
	push_as alice -q "$C:refs/heads/staging" >"$W/out" 2>&1 ||
	    verdict 1 "staging does not take $1"
	sleep 1.2
}

# ---- a yes for any release tag ----

promoted one
approved erin --for 'refs/tags/v*'
release v10 "$C"
release v11 "$C"
stops peer.in-use "one yes for two tags of one push" alice v10 v11
held v10 alice v10
stops peer.in-use "while another tag was admitted by it" alice v11
check "the first one lands" let_go v10
stops peer.spent "then it is spent" alice v11

promoted two
approved erin --for 'refs/tags/v*'
release v20 "$C"
release v21 "$C"
flock -o "$W/etc/ledger/lock" sleep 2 &
holder=$!
sleep 0.2
push_as alice v20 >"$W/out-a" 2>&1 &
first=$!
push_as alice v21 >"$W/out-b" 2>&1 &
second=$!
wait "$holder"
landed=0
wait "$first" && landed=$((landed + 1))
wait "$second" && landed=$((landed + 1))
cat "$W/out-a" "$W/out-b" >"$W/out"
check "both judged before either was recorded: one of them lands" \
    [ "$landed" -eq 1 ]
cat "$W/out-a" "$W/out-b" >"$W/out"
says 'peer\.(in-use|spent)' "and the other is told why not"
check "one tag is there" [ "$(on_server tag -l 'v2*' | wc -l)" -eq 1 ]

# What was let land and did not gives it free again.
promoted three
approved erin --for 'refs/tags/v*'
release v30 "$C"
release v31 "$C"
git_as alice tag -f evil3 "$C" >/dev/null 2>&1
stops policy.case "a push that is refused for another ref" \
    alice v30 "evil3:refs/tags/V3"
lands "used up nothing" alice v31

promoted four
approved erin --for 'refs/tags/v*'
release v40 "$C"
release v41 "$C"
: >"$W/fail-v40"
check_not "admitted, and another hook stops it" 1 push_as alice v40
stops peer.in-use "it may still land" alice v41
on_server update-ref refs/tags/v40 "$C~1"
foureyes adopt "$REPO" >"$W/out" 2>&1 || verdict 1 "v40 could be adopted"
lands "it lapsed when its ref moved otherwise" alice v41

# ---- a declaration for two refs ----

change_as alice fire fire.txt "PAY-4 signed"
check "declared by a signed tag for two refs" approve_as carol "$C" \
    --emergency INC-5 --reason "$WHY" --for main --for refs/heads/master
on_server update-ref refs/heads/master main
foureyes adopt "$REPO" >"$W/out" 2>&1
held main alice fire:main
stops emergency.in-use "used by a push that was admitted" \
    alice fire:refs/heads/master
check "which lands" let_go main
stops emergency.used "and used it up" alice fire:refs/heads/master

# ---- what comes while a push is judged ----

# hook_below PID: the hook that this push has running.
hook_below() {
	# shellcheck disable=SC2013  # words, on one line
	for child in $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
		[ "$(cat "/proc/$child/comm" 2>/dev/null)" != pre-receive ] ||
		    echo "$child"
		hook_below "$child"
	done
}

# meanwhile PERSON REFSPEC COMMAND...: the push was judged and is not recorded
# when the command runs; its end is that of the push.
meanwhile() {
	pushed_by=$1
	pushed=$2
	shift 2
	flock -o "$W/etc/ledger/lock" sleep 1 &
	holder=$!
	sleep 0.2
	push_as "$pushed_by" "$pushed" >"$W/out-a" 2>&1 &
	first=$!
	sleep 0.5
	hook=$(hook_below "$first")
	# shellcheck disable=SC2086  # there may be two
	kill -STOP $hook
	wait "$holder"
	"$@" >"$W/out-b" 2>&1 || verdict 1 "$* came meanwhile"
	# shellcheck disable=SC2086
	kill -CONT $hook
	wait "$first"
	meanwhile_status=$?
	cat "$W/out-a"
	return "$meanwhile_status"
}

change_as alice late
approved bob
expect_refused peer.objection "an objection that comes while it is judged" \
    meanwhile alice late:main approve_as carol "$C" --object
approve_as carol "$C" --withdraw >"$W/out" 2>&1
approved carol
: >"$W/other.txt"
change_as bob other
expect_admitted "and what has nothing to do with it" \
    meanwhile alice late:main push_as bob other:refs/heads/elsewhere
done_testing

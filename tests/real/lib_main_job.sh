# shellcheck shell=sh
# lib_main_job.sh - the main job, for one door after the other.
#
# Sourced by door_<door>.sh, which has called site(): whatever is read about
# who pushes must hold through each door.

change_as alice topic
expect_refused peer.none "$DOOR: a change nobody approved is refused" \
    push_as alice topic:main
check "$DOOR: the author's own approval is taken down" approve_as alice "$C"
expect_refused peer.author "$DOOR: and does not count" \
    push_as alice topic:main
check "$DOOR: a colleague approves" approve_as bob "$C"
expect_refused environment.lander "$DOOR: another's ref is not moved" \
    push_as dave origin/main:refs/heads/staging
expect_admitted "$DOOR: the same push is admitted" push_as alice topic:main
check "$DOOR: main is there" [ "$(on_server rev-parse main)" = "$C" ]

# The server knows the pusher by the door, not by what commits say.
git_as bob fetch -q origin
git_as bob checkout -q -b disguised origin/main
git_as bob config user.email alice@example.com
git_as bob config user.name alice
commit_as bob disguised.txt "PAY-2 in another's name

$PLAN"
git_as bob config user.email bob@example.com
git_as bob config user.name bob
push_as bob -q disguised
check "$DOOR: who pushed it first approves it" approve_as bob "$C"
git_as alice fetch -q origin
expect_refused peer.first-pusher "$DOOR: the first pusher is a contributor" \
    push_as alice "$C:main"

check "$DOOR: the log names alice as the pusher" \
    grep -Eq '"type":"decision".*"pusher":[^}]*"?alice' "$W"/etc/ledger/*.jsonl
check "$DOOR: the chain holds" foureyes verify --chain "$W/etc/ledger"

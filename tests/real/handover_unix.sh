#!/bin/sh
# Hooks that decide nothing: they hand over what Git told them, and foureyesd,
# which alone has policy, people and ledger, answers.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"
handover_site local

check 'the hooks have settings and nothing else' \
    test "$(ls "$W/hooks")" = foureyes.yaml

check 'doctor finds who judges, and the hooks' foureyes --config "$W/hooks" doctor
says "ok: gate: 'unix:.*' judges: it takes our word and has its ledger" '  as it says'
says 'ok: payments: its pushes are handed over' '  of the repository too'
daemon_stop
check_not 'doctor finds that nobody judges' 1 foureyes --config "$W/hooks" doctor
says "wrong: gate: 'unix:.*' judges, and every push is refused until it answers" '  as it says'
daemon_start

change_as alice one
stops peer.none 'nobody approved' alice one:main
says "approve: $C PAY-1 change one" 'and what is to be typed, as ever'
approved bob
lands 'approved' alice one:main
says 'main: admitted: refs/heads/main'
decided '"pusher":\{"person":"alice","login":"alice"' 'who pushed, as handed over'
check 'the landing is told by the transaction' \
    grep -q '"type":"landing".*"witness":"transaction"' "$W"/etc/ledger/*.jsonl

change_as alice two
before=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
check_not 'only asking' 1 push_as alice -o explain two:main
says 'explain: the push would be refused'
check '  records nothing' test "$before" -eq "$(cat "$W"/etc/ledger/*.jsonl | wc -l)"

# An approval in the same push as what it approves.
git_as bob fetch -q origin
T=$(printf 'object %s\ntype commit\ntag foureyes/x\ntagger bob <bob@example.com> %s +0000\n\n%s\n' \
    "$C" "$(date +%s)" "$(statement)" >"$W/tag" &&
    ssh-keygen -q -Y sign -n git -f "$W/keys/bob" "$W/tag" 2>/dev/null &&
    cat "$W/tag" "$W/tag.sig" | git_as alice hash-object -t tag -w --stdin)
lands 'evidence in the same push counts' alice two:main \
    "$T:refs/foureyes/approvals/$C/same-push"
decided '"person":"bob".*"source":"git"' '  bob approved'

good three
lands 'several refs at once' alice three:main three:release-notes :two
check 'a branch is deleted' test -z "$(on_server for-each-ref refs/heads/two)"
stops environment.deletion 'a gated ref is not deleted' alice :main
stops evidence.commit 'evidence of another commit' alice \
    "$T:refs/foureyes/approvals/$C/other"
change_as carol four
lands 'an emergency' carol -o emergency=INC-1 -o 'reason=the shop is closed for all' four:main
decided ADMITTED_AS_EMERGENCY '  is one in the log'
# What the server's own account moves behind our back is told as it moves.
on_server update-ref refs/heads/main "$C~1"
check 'a movement without a decision is told' \
    grep -q '"type":"drift"' "$W"/etc/ledger/*.jsonl
on_server update-ref refs/heads/main "$C"

# One account for each pusher: the socket says who it is.
DOOR=local
sed -i 's/, pusher: TEST_PUSHER//' "$W/hooks/foureyes.yaml" "$W/etc/foureyes.yaml"
daemon_stop
daemon_start
change_as dave five
check_not 'the account at the other end pushes' 1 push_as dave five:main
last_decision >"$W/out"
says "\"pusher\":\\{\"person\":\"dave\",\"login\":\"$(id -un)\"" '  and no variable'
check 'the log is whole' foureyes verify --chain
done_testing

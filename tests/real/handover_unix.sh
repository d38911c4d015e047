#!/bin/sh
# Hooks that decide nothing: they hand over what Git told them, and foureyesd,
# which alone has policy, people and ledger, answers.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"
handover_site local

check 'the hooks have settings and nothing else' \
    test "$(ls "$W/hooks")" = foureyes.yaml

change_as alice one
stops peer.none 'nobody approved' alice one:main
says "approve: $C PAY-1 change one" 'and what is to be typed, as ever'
approved bob
lands 'approved' alice one:main
says 'main: admitted: refs/heads/main'
decided '"pusher":\{"person":"alice","login":"alice"' 'who pushed, as handed over'
check 'the landing is told by the transaction' \
    grep -q '"type":"landing".*"witness":"transaction"' "$W"/etc/ledger/*.jsonl
done_testing

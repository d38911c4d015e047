#!/bin/sh
# The commands: what they answer, and with which exit status.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git

check "check" foureyes check
says 'main' "tells what is in force"
check_not "an unknown command is used wrongly" 2 foureyes frobnicate
check_not "no command too" 2 foureyes
check_not "an unknown option too" 2 foureyes log --frobnicate
check_not "no configuration: could not find out" 3 \
    foureyes --config "$W/nowhere" check
check "doctor" foureyes doctor "$REPO"
check_not "init does not overwrite" 3 foureyes init "$W/etc"
check "init prints the fingerprint of the sealing key" \
    grep -Eqi 'SHA256|[0-9a-f]{16}|finger' "$W/init.out"
check "the sealing key is nobody else's" \
    sh -c "find '$W/etc/seal.key' -perm 0400 | grep -q ."

change_as alice topic
OLD=$(on_server rev-parse main)
before=$(records decision)
check_not "explain says no" 1 \
    foureyes explain "$REPO" "$OLD" "$C" refs/heads/main
says 'peer.none' "and why"
check "and records nothing" [ "$before" -eq "$(records decision)" ]
approve_as bob "$C" >"$W/out" 2>&1
foureyes explain "$REPO" "$OLD" "$C" refs/heads/main >"$W/out" 2>&1
says 'peer.count' "explain counts the approval"
expect_admitted "a landing" push_as alice topic:main

check "log --json is JSON, a line a record" \
    sh -c 'foureyes log --json | grep -q "^{.*}$"'
check_not "show of nothing: no" 1 foureyes show 999999
check "nothing is due" foureyes due
check "a repository by its path" foureyes doctor "$bare"

# Adoption: once, and what a ref did by itself is explained.
check "adopt again changes nothing" foureyes adopt "$REPO"
adopted=$(records adopted)
check "adopt --dry-run" foureyes adopt --dry-run --all
check "records nothing" [ "$adopted" -eq "$(records adopted)" ]
git -C "$bare" update-ref refs/heads/main "$OLD"
change_as alice after-drift
check_not "account asks for a reason" 2 \
    foureyes account "$REPO" refs/heads/main
check "account explains a movement" foureyes account "$REPO" refs/heads/main \
    --reason 'restored from the backup of the night'
check "which is a record" [ "$(records explained)" -ge 1 ]

check_not "apply of something else" 2 foureyes apply /dev/null
done_testing

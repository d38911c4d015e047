#!/bin/sh
# docs/emergency.md, its last part: what root types when nothing else works, and
# how it is accounted for.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
site local
report_key
bare=$W/srv/$REPO.git

# Out of order: the policy's place is gone, and so every push is refused.
mv "$W/etc/policy.yaml" "$W/away"
change_as alice fix fix.txt "PAY-1 fix it" >"$W/out" 2>&1
check_not "foureyes stands in the way" 1 push_as alice HEAD:main
says 'emergency.md' "and says where it is told what to do"
mv "$bare/hooks/pre-receive" "$bare/hooks/pre-receive.off"
check "root lets it land" push_as alice HEAD:main
mv "$bare/hooks/pre-receive.off" "$bare/hooks/pre-receive"
mv "$W/away" "$W/etc/policy.yaml"
check_not "doctor names the ref that moved" 1 foureyes doctor "$REPO"
says 'account payments refs/heads/main --reason TEXT'
check_not "reconcile tells of it" 1 foureyes reconcile "$REPO"
says 'refs/heads/main'
check "it is accounted for" foureyes account "$REPO" refs/heads/main \
    --reason "INC-4711: the hooks were off from 03:10 to 03:22, by root"
says 'nobody reviewed'
check "doctor is content" foureyes doctor "$REPO"
good after
expect_admitted "and work goes on" push_as alice after:main
today=$(date -u +%Y-%m-%d)
foureyes report --from "$today" --to "$(date -u -d "$today + 1 day" +%Y-%m-%d)" \
    --out "$W/pack" >"$W/out" 2>&1
cp "$W/pack/exceptions.csv" "$W/out"
says 'INC-4711: the hooks were off' "every report shows it, with the reason"
done_testing

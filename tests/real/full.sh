#!/bin/sh
# A disk that is full: what cannot be recorded does not happen.
. "$(dirname "$0")/lib.sh"
in_own_mounts "to make a small disk" "$src/tests/real/full.sh" "$@"
mkdir "$W/etc"
mount -t tmpfs -o size=4m,mode=755 none "$W/etc" 2>/dev/null ||
    skip_all "cannot mount a small disk"
site local

change_as alice good
GOOD=$C
approve_as bob "$GOOD" >"$W/out" 2>&1
lines=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
dd if=/dev/zero of="$W/etc/filler" bs=1k 2>/dev/null
check_not "a push on a full disk is refused" 1 push_as alice good:main
says 'foureyes: ' "and says why"
check "main did not move" [ "$(on_server rev-parse main)" != "$GOOD" ]
check "no line was torn" \
    [ "$(cat "$W"/etc/ledger/*.jsonl | wc -l)" -ge "$lines" ]
check "the chain holds" foureyes verify --chain "$W/etc/ledger"
rm "$W/etc/filler"
expect_admitted "with room again it lands" push_as alice good:main
check "and the chain holds" foureyes verify --chain "$W/etc/ledger"
# With room for it a reserve is kept, for what is let through alone.
mount -o remount,size=24m "$W/etc"
change_as alice more
MORE=$C
approve_as bob "$MORE" >"$W/out" 2>&1
reserve=$(stat -c %s "$W/etc/ledger/reserve")
[ "$reserve" -ge 4194304 ]
verdict $? "a reserve is kept"
change_as alice bad
lines=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
dd if=/dev/zero of="$W/etc/filler" bs=1k 2>/dev/null
expect_refused peer.none "on a full disk a refusal is told" \
    push_as alice bad:main
says 'record: +none: the log.s disk is full' "and that it is not recorded"
[ "$(cat "$W"/etc/ledger/*.jsonl | wc -l)" -eq "$lines" ]
verdict $? "nothing was"
[ "$(stat -c %s "$W/etc/ledger/reserve")" -eq "$reserve" ]
verdict $? "for it the reserve is not touched"
# Of an approval the last page of the file may still take the record.
approve_as bob "$C" >"$W/out" 2>&1
[ "$(stat -c %s "$W/etc/ledger/reserve")" -eq "$reserve" ]
verdict $? "nor for an approval"
expect_admitted "what may land is recorded, and lands" push_as alice more:main
[ "$(records decision)" -gt 0 ] && grep -h '"type":"landing"' \
    "$W"/etc/ledger/*.jsonl | grep -q "\"new\":\"$MORE\""
verdict $? "landing and all"
left=$(stat -c %s "$W/etc/ledger/reserve")
[ "$left" -lt "$reserve" ] && [ "$left" -gt 0 ]
verdict $? "by some of the reserve"
foureyes doctor >"$W/out" 2>&1
says "$left of the 4194304 bytes kept for admitted changes are left" \
    "doctor says so"
check "the chain holds" foureyes verify --chain "$W/etc/ledger"
rm "$W/etc/filler"
change_as alice last
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "with room again" push_as alice last:main
[ "$(stat -c %s "$W/etc/ledger/reserve")" -eq 4194304 ]
verdict $? "it is taken again"
umount "$W/etc" 2>/dev/null || umount -l "$W/etc"
done_testing

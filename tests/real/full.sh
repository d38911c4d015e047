#!/bin/sh
# A disk that is full: what cannot be recorded does not happen.
if [ "${1:-}" != inside ]; then
	. "$(dirname "$0")/lib.sh"
	[ "$(id -u)" -eq 0 ] || skip_all "needs root, to make a small disk"
	unshare --mount --propagation private true 2>/dev/null ||
	    skip_all "needs the right to make a mount namespace"
	TEST_DIR=$W unshare --mount --propagation private \
	    sh "$src/tests/real/full.sh" inside
	exit $?
fi
shift
. "$(dirname "$0")/lib.sh"
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
umount "$W/etc" 2>/dev/null || umount -l "$W/etc"
done_testing

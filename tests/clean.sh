#!/bin/sh
# clean.sh - does it work on a machine that has nothing?
#
# In a Debian 12 of its own (room.sh), with git and make and a clone of this
# checkout's HEAD (CLEAN_DIRTY=1: the files as they are now): `make demo` and
# `make check`.  Needs root and debootstrap.
set -eu

cd "$(dirname "$0")/.."
. tests/room.sh
why=$(room_can) || {
	echo "clean.sh: $why" >&2
	exit 3
}
room_make git,make,ca-certificates

git clone -q --no-hardlinks . "$root/foureyes"
if [ -n "${CLEAN_DIRTY:-}" ]; then
	git ls-files -co --exclude-standard -z |
	    tar -c --null --ignore-failed-read -T - -f - 2>/dev/null |
	    tar -x -C "$root/foureyes" -f -
fi

ROOM_DIR=/foureyes
status=0
for target in ${CLEAN_TARGETS:-demo check}; do
	echo "=== make $target"
	inside "make $target" || status=1
done
exit $status

#!/bin/sh
# clean.sh - does it work on a machine that has nothing?
#
# Makes a Debian 12 with debootstrap in a temporary directory, puts git and make
# into it and a clone of this checkout's HEAD (CLEAN_DIRTY=1: the files as they
# are now), and runs `make demo` and `make check` there.  Nothing of this
# machine is seen inside but that clone, /proc and /dev.  The mirror is the one
# this machine's apt is configured with.  Needs root and debootstrap.
set -eu

cd "$(dirname "$0")/.."
[ "$(id -u)" -eq 0 ] || {
	echo "clean.sh: needs root: sudo make clean-room" >&2
	exit 3
}
command -v debootstrap >/dev/null || {
	echo "clean.sh: needs debootstrap: apt-get install debootstrap" >&2
	exit 3
}

suite=bookworm
# shellcheck disable=SC2016  # fields of apt's
mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' \
    'Created-By: Packages' | awk -v s=$suite '$2 == s { print $1; exit }')
[ -n "$mirror" ] || {
	echo "clean.sh: this machine's apt knows no source for $suite" >&2
	exit 3
}

room=$(mktemp -d "${TMPDIR:-/tmp}/foureyes-clean.XXXXXX")
cleanup() {
	for mount in proc sys dev/pts dev; do
		umount "$room/root/$mount" 2>/dev/null || true
	done
	umount "$room/root" 2>/dev/null || true
	if grep -q " $room" /proc/mounts; then
		echo "clean.sh: still mounted, left alone: $room" >&2
	else
		rm -rf --one-file-system "$room"
	fi
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

root=$room/root
mkdir "$root"
# A mount of its own, so that tests can make private mounts inside.
mount --bind "$root" "$root"
mount --make-private "$root"
debootstrap --variant=minbase --include=git,make,ca-certificates "$suite" \
    "$root" "$mirror" >"$room/debootstrap.log" 2>&1 || {
	tail -20 "$room/debootstrap.log" >&2
	exit 3
}
mount -t proc proc "$root/proc"
if [ ! -c "$root/dev/null" ]; then
	mknod -m 666 "$root/dev/null" c 1 3
fi

# apt inside reads this machine's sources, options and certificates.
rm -f "$root"/etc/apt/sources.list
mkdir -p "$root/etc/apt/sources.list.d" "$root/etc/apt/apt.conf.d"
printf 'deb %s %s main\n' "$mirror" "$suite" \
    >"$root/etc/apt/sources.list"
apt-config dump Acquire | grep -Ei '^Acquire::(https?|Check)' \
    >"$root/etc/apt/apt.conf.d/00host" || true
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
cp /etc/hosts "$root/etc/hosts" 2>/dev/null || true
[ ! -d /usr/local/share/ca-certificates ] ||
    cp -r /usr/local/share/ca-certificates/. \
    "$root/usr/local/share/ca-certificates/"
chroot "$root" update-ca-certificates >/dev/null 2>&1 || true

git clone -q --no-hardlinks . "$root/foureyes"
if [ -n "${CLEAN_DIRTY:-}" ]; then
	git ls-files -co --exclude-standard -z |
	    tar -c --null --ignore-failed-read -T - -f - 2>/dev/null |
	    tar -x -C "$root/foureyes" -f -
fi

# inside COMMAND: with nothing of this machine's environment.
inside() {
	chroot "$root" env -i HOME=/root TERM=dumb \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    sh -c "cd /foureyes && $1"
}
status=0
for target in ${CLEAN_TARGETS:-demo check}; do
	echo "=== make $target"
	inside "make $target" || status=1
done
exit $status

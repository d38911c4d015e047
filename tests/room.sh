# shellcheck shell=sh
# room.sh - a Debian 12 that has nothing, in a temporary directory; to be
# sourced by what runs in one.
#
#	room_make INCLUDE	make it, with these packages; sets $room, $root;
#				in memory, if twice ROOM_MB megabytes are free
#	inside COMMAND		run there with nothing of this machine's
#				environment, in $ROOM_DIR (/)
#
# Made by debootstrap, which needs root.  Nothing of this machine is seen inside
# but /proc, /dev and what the caller puts there.  The mirror is the one this
# machine's apt is configured with.

room_name=${0##*/}

room_cleanup() {
	for mount in proc sys dev/pts dev; do
		umount "$room/root/$mount" 2>/dev/null || true
	done
	umount "$room/root" 2>/dev/null || true
	if grep -q " $room" /proc/mounts; then
		echo "$room_name: still mounted, left alone: $room" >&2
	else
		rm -rf --one-file-system "$room"
	fi
}

# Can this machine make one?  Says why not.
room_can() {
	[ "$(id -u)" -eq 0 ] || {
		echo "needs root"
		return 1
	}
	command -v debootstrap >/dev/null || {
		echo "needs debootstrap: apt-get install debootstrap"
		return 1
	}
}

room_make() {
	suite=bookworm
	# shellcheck disable=SC2016  # fields of apt's
	mirror=$(apt-get indextargets --format '$(SITE) $(RELEASE)' \
	    'Created-By: Packages' |
	    awk -v s=$suite '$2 == s { print $1; exit }')
	[ -n "$mirror" ] || {
		echo "$room_name: this machine's apt knows no source for" \
		    "$suite" >&2
		return 3
	}
	room=$(mktemp -d "${TMPDIR:-/tmp}/foureyes-room.XXXXXX")
	trap room_cleanup EXIT
	trap 'exit 1' HUP INT TERM
	root=$room/root
	mkdir "$root"
	# A mount of its own, so that tests can make private mounts inside.
	memory=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
	if [ -z "${ROOM_MB:-}" ] ||
	    [ "${memory:-0}" -lt $((2 * ROOM_MB)) ] ||
	    ! mount -t tmpfs -o "size=${ROOM_MB}m,mode=755" room "$root"; then
		mount --bind "$root" "$root"
	fi
	mount --make-private "$root"
	debootstrap --variant=minbase --include="$1" "$suite" \
	    "$root" "$mirror" >"$room/debootstrap.log" 2>&1 || {
		tail -20 "$room/debootstrap.log" >&2
		return 3
	}
	mount -t proc proc "$root/proc"
	if [ ! -c "$root/dev/null" ]; then
		mknod -m 666 "$root/dev/null" c 1 3
	fi
	mkdir -p "$root/dev/pts"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts \
	    "$root/dev/pts"
	ln -sf pts/ptmx "$root/dev/ptmx"
	# apt inside reads this machine's sources, options and certificates.
	rm -f "$root"/etc/apt/sources.list
	mkdir -p "$root/etc/apt/sources.list.d" "$root/etc/apt/apt.conf.d"
	printf 'deb %s %s main\n' "$mirror" "$suite" \
	    >"$root/etc/apt/sources.list"
	apt-config dump Acquire | grep -Ei '^Acquire::(https?|Check)' \
	    >"$root/etc/apt/apt.conf.d/00host" || true
	cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
	cp /etc/hosts "$root/etc/hosts" 2>/dev/null || true
	if [ -d /usr/local/share/ca-certificates ]; then
		mkdir -p "$root/usr/local/share/ca-certificates"
		cp -r /usr/local/share/ca-certificates/. \
		    "$root/usr/local/share/ca-certificates/"
	fi
	chroot "$root" update-ca-certificates >/dev/null 2>&1 || true
}

inside() {
	chroot "$root" env -i HOME=/root TERM=dumb \
	    DEBIAN_FRONTEND=noninteractive \
	    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	    sh -c "cd ${ROOM_DIR:-/} && $1"
}

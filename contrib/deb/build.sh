#!/bin/sh
# build.sh STAGE OUT - Debian packages of what `make install` put into STAGE.
#
# foureyes is the hooks and commands, foureyesd the receiver.  What they depend
# on is what their programs are linked with, found by dpkg-shlibdeps.  Nothing
# of /etc or /var is in a package: configuration and ledger are made by
# `foureyes init` and belong to whoever runs it, at upgrades too.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
stage=$(cd "$1" && pwd)
mkdir -p "$2"
out=$(cd "$2" && pwd)
version=$("$stage/usr/bin/foureyes" --version | sed 's/^foureyes //')
work=$(mktemp -d "${TMPDIR:-/tmp}/foureyes-deb.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# depends PROGRAM...: the packages of the libraries that they need.
depends() {
	mkdir -p "$work/debian"
	printf 'Source: foureyes\n\nPackage: foureyes\nArchitecture: any\n' \
	    >"$work/debian/control"
	(cd "$work" && dpkg-shlibdeps -O "$@" 2>"$work/shlibdeps.log") |
	    sed -n 's/^shlibs:Depends=//p' | grep . || {
		cat "$work/shlibdeps.log" >&2
		return 1
	}
}

# package NAME DEPENDS: from $work/NAME, with control and scripts of its own.
package() {
	name=$1
	tree=$work/$name
	mkdir -p "$tree/DEBIAN" "$tree/usr/share/doc/$name"
	find "$tree/usr/share/man" -type f -name '*.[158]' \
	    -exec gzip -9n {} + 2>/dev/null || true
	sed -e "s/@VERSION@/$version/" -e "s/@DEPENDS@/$2/" \
	    -e "s/@ARCHITECTURE@/$(dpkg --print-architecture)/" \
	    -e "s/@SIZE@/$(du -sk --exclude=DEBIAN "$tree" | cut -f1)/" \
	    "$here/$name.control" >"$tree/DEBIAN/control"
	for script in preinst postinst prerm postrm; do
		[ ! -e "$here/$name.$script" ] ||
		    install -m 755 "$here/$name.$script" \
		        "$tree/DEBIAN/$script"
	done
	(cd "$tree" && find usr -type f -print0 | sort -z |
	    xargs -0 md5sum) >"$tree/DEBIAN/md5sums"
	find "$tree" -type d -exec chmod 755 {} +
	dpkg-deb --root-owner-group -Zgzip --build "$tree" \
	    "$out/${name}_${version}_$(dpkg --print-architecture).deb" >/dev/null
	echo "$out/${name}_${version}_$(dpkg --print-architecture).deb"
}

# move PACKAGE PATH...: below usr, from what was staged.
move() {
	name=$1
	shift
	for path in "$@"; do
		[ -e "$work/all/usr/$path" ] || {
			echo "build.sh: nothing was installed at usr/$path" >&2
			exit 1
		}
		mkdir -p "$work/$name/usr/$(dirname "$path")"
		mv "$work/all/usr/$path" "$work/$name/usr/$path"
	done
}

cp -a "$stage" "$work/all"
for unit in "$work"/all/usr/share/foureyes/systemd/*; do
	case ${unit##*/} in
	foureyesd*) name=foureyesd ;;
	*) name=foureyes ;;
	esac
	mkdir -p "$work/$name/usr/lib/systemd/system"
	mv "$unit" "$work/$name/usr/lib/systemd/system/"
done
rmdir "$work/all/usr/share/foureyes/systemd"
move foureyesd bin/foureyesd share/man/man8/foureyesd.8
mv "$work/all/usr/bin" "$work/foureyes/usr/bin"
mkdir -p "$work/foureyes/usr/share"
mv "$work"/all/usr/share/* "$work/foureyes/usr/share/"
rm -rf "$work/foureyes/usr/share/man/man8"
strip --strip-unneeded "$work"/foureyes/usr/bin/foureyes* \
    "$work"/foureyesd/usr/bin/*

package foureyes "$(depends "$work/foureyes/usr/bin/foureyes" \
    "$work/foureyes/usr/bin/foureyes-workbook")"
package foureyesd "$(depends "$work/foureyesd/usr/bin/foureyesd")"

#!/bin/sh
# ghes-environment.sh --gate https://HOST[:PORT] --secret FILE [--ca FILE]
#                     [--address IP] [--program FILE] [--shell FILE] OUT.tar.gz
#
# The environment that GitHub Enterprise Server runs pre-receive hooks in: a
# directory tree as a tar archive, with one static program, its settings, the
# secret it is known by, and the authority that vouches for foureyesd.  The
# server takes it with
#
#	ghe-hook-env-create foureyes OUT.tar.gz
#
# and the script for the repository of hooks is printed.  Without --ca the
# certificates of this machine are taken; --address is for servers that can look
# up no name in there.  The server asks for a /bin/sh, which the hook does not
# use: --shell, by default /bin/busybox where that is static.
set -eu

usage() {
	sed -n '2,3s/^# //p' "$0" >&2
	exit 2
}

gate='' secret='' ca='' address='' program='' shell=''
while [ $# -gt 1 ]; do
	case $1 in
	--gate) gate=$2 ;;
	--secret) secret=$2 ;;
	--ca) ca=$2 ;;
	--address) address=$2 ;;
	--program) program=$2 ;;
	--shell) shell=$2 ;;
	*) usage ;;
	esac
	shift 2
done
[ $# -eq 1 ] || usage
[ -n "$secret" ] || usage
out=$1
case $gate in
https://*) ;;
*) usage ;;
esac
[ -n "$program" ] || program=$(command -v foureyes-static)
[ -n "$ca" ] || ca=/etc/ssl/certs/ca-certificates.crt
# What is not static would not start in there.
is_static() {
	[ -x "$1" ] && ! LC_ALL=C ldd "$1" 2>/dev/null | grep -q '=>\|ld-linux'
}
is_static "$program" || {
	echo "ghes-environment.sh: '$program' is no static program" >&2
	exit 3
}
if [ -z "$shell" ] && is_static /bin/busybox; then
	shell=/bin/busybox
fi

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
umask 022
mkdir -p "$tree/usr/bin" "$tree/etc/foureyes" "$tree/bin" "$tree/tmp"
chmod 755 "$tree"
cp "$program" "$tree/usr/bin/foureyes"
strip "$tree/usr/bin/foureyes" 2>/dev/null || :
chmod 755 "$tree/usr/bin/foureyes"
# Whoever runs hooks in there reads it, and nobody else comes there.
cp "$secret" "$tree/etc/foureyes/gate.secret"
cp "$ca" "$tree/etc/foureyes/gate.pem"
chmod 444 "$tree"/etc/foureyes/gate.*
{
	echo 'version: 1'
	echo "gate: \"$gate\""
	echo 'gate_secret_file: /etc/foureyes/gate.secret'
	echo 'gate_ca_file: /etc/foureyes/gate.pem'
	[ -z "$address" ] || echo "gate_address: \"$address\""
	echo 'server: {kind: ghes}'
} >"$tree/etc/foureyes/foureyes.yaml"
if [ -n "$shell" ]; then
	cp "$shell" "$tree/bin/sh"
	chmod 755 "$tree/bin/sh"
else
	echo 'ghes-environment.sh: no /bin/sh is in it: give one by --shell' >&2
fi
tar --create --gzip --file "$out" --directory "$tree" --sort=name \
    --owner=0 --group=0 --numeric-owner .
cat <<'HOOK'
#!/usr/bin/foureyes hook-file
hook pre-receive
config /etc/foureyes
HOOK

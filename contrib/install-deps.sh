#!/bin/sh
# install-deps.sh GROUP... - install the Debian packages a target needs.
#
# Only what dpkg-query does not find is asked of apt-get, so a machine that has
# everything is left alone and needs no network.  Run as root it installs; run
# as anybody else it prints the command to type and fails.  Services that come
# with a package (sshd, lighttpd) are kept from starting while it runs: the
# tests start their own, on ports of their own.
#
# Groups: build, run, test, foreign (JGit and dulwich), page (a browser for the
# auditor's page, and from npm what drives it), forge (from npm what webhooks
# and forges' interfaces are checked against), office (what opens a pack's
# workbook), servers (Git servers that
# hooks are tried in, and a database), deb (packages of ours), room (a Debian that has
# nothing), lint, valgrind, fuzz.
set -eu

packages() {
	case $1 in
	build)
		echo gcc libc6-dev make libgit2-dev libhttp-parser-dev \
		    libpcre2-dev libmbedtls-dev zlib1g-dev libjansson-dev \
		    libyaml-dev libsqlite3-dev libssl-dev \
		    libcurl4-openssl-dev libxlsxwriter-dev \
		    libmicrohttpd-dev libpq-dev
		;;
	run) echo git openssh-client gpgv libcurl4 libxlsxwriter4 \
	    libmicrohttpd12 libpq5 ;;
	test) echo git curl jq libcmocka-dev openssh-client openssh-server lighttpd \
	    gnupg gpgv sqlite3 openssl python3 \
	    python3-jsonschema ;;
	page)
		echo chromium fonts-dejavu-core poppler-utils
		command -v node >/dev/null 2>&1 || echo nodejs
		command -v npm >/dev/null 2>&1 || echo npm
		;;
	forge)
		command -v node >/dev/null 2>&1 || echo nodejs
		command -v npm >/dev/null 2>&1 || echo npm
		;;
	office) echo libreoffice-calc-nogui ;;
	foreign) echo jgit-cli default-jre-headless python3-dulwich ;;
	servers) echo gitolite3 nginx-light fcgiwrap rsyslog rsyslog-gnutls \
	    postgresql-15 iproute2 ;;
	deb) echo dpkg-dev binutils ;;
	room) echo debootstrap ;;
	bench) echo webhook nginx-light postgresql-15 ;;
	lint) echo clang-format clang-tidy cppcheck shellcheck mandoc ;;
	valgrind) echo valgrind libc6-dbg ;;
	fuzz) echo clang libclang-rt-dev ;;
	*)
		echo "install-deps.sh: no group '$1'" >&2
		exit 2
		;;
	esac
}

is_installed() {
	# shellcheck disable=SC2016  # the format is dpkg-query's
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null |
	    grep -q '^install ok installed'
}

if [ $# -eq 0 ]; then
	echo "usage: install-deps.sh GROUP..." >&2
	exit 2
fi

missing=
for group in "$@"; do
	wanted=$(packages "$group")
	if ! command -v dpkg-query >/dev/null 2>&1; then
		echo "install-deps.sh: not Debian; group $group needs: $wanted" >&2
		continue
	fi
	for p in $wanted; do
		is_installed "$p" || missing="$missing $p"
	done
done

# What comes from npm lies in build/<group>, as the lock file in tests/<group>
# has it.  Where that cannot be had the tests that need it are skipped, and say
# so.
npm_modules() {
	group=$1
	top=$(cd "$(dirname "$0")/.." && pwd)
	to=$top/build/$group
	from=$top/tests/$group
	if cmp -s "$from/package-lock.json" "$to/package-lock.json" &&
	    [ -d "$to/node_modules" ]; then
		return 0
	fi
	mkdir -p "$to"
	cp "$from/package.json" "$from/package-lock.json" "$to/"
	(cd "$to" && npm ci --no-audit --no-fund --ignore-scripts \
	    --loglevel=error >/dev/null) || {
		rm -f "$to/package-lock.json"
		echo "install-deps.sh: npm could not install what the tests of" \
		    "group $group need" >&2
	}
}
after() {
	for group in page forge; do
		case $wanted_groups in
		*" $group "*) npm_modules "$group" ;;
		esac
	done
}
wanted_groups=" $* "
trap after EXIT
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "these packages are missing; install them and run this again:" >&2
	echo "    sudo $command" >&2
	exit 1
fi

policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	trap 'rm -f "$policy"; after' EXIT
	trap 'exit 1' HUP INT TERM
fi
export DEBIAN_FRONTEND=noninteractive
echo "installing:$missing"
# shellcheck disable=SC2086  # a list of package names
if ! apt-get install -s -qq --no-install-recommends $missing \
    >/dev/null 2>&1; then
	apt-get update -qq
fi
$command -qq >/dev/null

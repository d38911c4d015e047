# shellcheck shell=sh
# lib.sh - what every script of tests/real begins with: . "$(dirname "$0")/lib.sh"
#
# Gives it a place of its own ($W), an installation, people with keys, a bare
# repository behind a door (local, http, ssh: lib_servers.sh) and TAP:
#
#	site [DOOR]			everything below; `payments` with a main
#	change_as alice topic		one commit on a branch, pushed; its hash: $C
#	approve_as bob "$C" [OPTION]...	a signed tag, by contrib/git-approve
#	push_as alice topic:main	a push; says what the server said
#	expect_admitted WHAT COMMAND...
#	expect_refused CODE WHAT COMMAND...	fails, with that finding code
#	check WHAT COMMAND...		succeeds
#	done_testing			the last line of the script
set -u

src=${FOUREYES_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
PATH=$src/build/${VARIANT:-release}:$PATH
W=${TEST_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/foureyes-real.XXXXXX")}
mkdir -p "$W/home" "$W/srv" "$W/keys"
cd "$W" || exit 3
export HOME="$W/home" FOUREYES_CONFIG="$W/etc" GIT_CONFIG_NOSYSTEM=1
export LC_ALL=C TZ=UTC GIT_TERMINAL_PROMPT=0 PATH
unset SSH_AUTH_SOCK SSH_CONNECTION GATEWAY_INTERFACE REMOTE_USER
printf '[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n' \
    >"$HOME/.gitconfig"
# shellcheck source=tests/real/lib_servers.sh
. "$src/tests/real/lib_servers.sh"

tests=0
failures=0
PEOPLE='alice bob carol dave erin deploy-bot'
export REPO=payments

finish() {
	stop_servers
	[ -n "${TEST_DIR:-}" ] || [ -n "${KEEP:-}" ] || rm -rf "$W"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

skip_all() {
	echo "1..0 # SKIP $*"
	exit 0
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# verdict OK WHAT: one line of TAP; what was said stands below a failure.
verdict() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
		return 0
	fi
	echo "not ok $tests - $2"
	head -60 "$W/out" | sed 's/^/# /'
	failures=$((failures + 1))
	return 1
}

check() {
	what=$1
	shift
	"$@" >"$W/out" 2>&1
	verdict $? "$what"
}

# check_not WHAT STATUS COMMAND...: ends with that status.
check_not() {
	what=$1
	wanted=$2
	shift 2
	"$@" >"$W/out" 2>&1
	[ $? -eq "$wanted" ]
	verdict $? "$what"
}

# says PATTERN: the last command said it.
says() {
	grep -Eq -e "$1" "$W/out"
	verdict $? "${2:-it says $1}"
}

# With a file $TRANSCRIPT: what pushers were told is added to it.
transcribe() {
	[ -z "${TRANSCRIPT:-}" ] || {
		echo "== $*"
		cat "$W/out"
	} >>"$TRANSCRIPT"
}

expect_admitted() {
	check "$@"
	transcribe admitted "$@"
}

expect_refused() {
	code=$1
	what=$2
	shift 2
	if "$@" >"$W/out" 2>&1; then
		verdict 1 "$what (was admitted)"
	elif grep -Eq "foureyes: .*($code): " "$W/out"; then
		verdict 0 "$what"
	else
		verdict 1 "$what (not $code)"
	fi
	transcribe refused "$what" "$@"
}

done_testing() {
	echo "1..$tests"
	[ "$failures" -eq 0 ]
	exit $?
}

# git_as PERSON ARGUMENT...: Git in that person's clone, with their identity.
git_as() {
	person=$1
	shift
	TEST_PUSHER=$person GIT_SSH_COMMAND="$(ssh_command "$person")" \
	    git -C "$W/$person" "$@"
}

push_as() {
	person=$1
	shift
	git_as "$person" push origin "$@"
}

fetch_all() {
	for person in $PEOPLE; do
		git_as "$person" fetch -q origin
	done
}

# commit_as PERSON PATH MESSAGE: one more commit on what is checked out; $C.
commit_as() {
	mkdir -p "$(dirname "$W/$1/$2")"
	date +%N >>"$W/$1/$2"
	git_as "$1" add -A
	git_as "$1" commit -q -m "$3"
	# shellcheck disable=SC2034  # the scripts use it
	C=$(git_as "$1" rev-parse HEAD)
}

PLAN='Rollback-Plan: revert this commit and put the build before it live again'

# change_as PERSON BRANCH [PATH [MESSAGE]]: a branch with one commit, pushed.
change_as() {
	git_as "$1" fetch -q origin
	git_as "$1" checkout -q -B "$2" origin/main
	commit_as "$1" "${3:-$2.txt}" "${4:-PAY-1 change $2

$PLAN}"
	push_as "$1" -q "+$2" || echo "# change_as $1 $2: could not push"
}

# in_own_mounts WHAT_FOR SCRIPT [WORD]: SCRIPT goes on only where its mounts are
# nobody else's: it is run again there with the word "inside" (a script hands on
# its own words).
in_own_mounts() {
	[ "${3:-}" != inside ] || return 0
	[ "$(id -u)" -eq 0 ] || skip_all "needs root, $1"
	unshare --mount --propagation private true 2>/dev/null ||
	    skip_all "needs the right to make a mount namespace"
	TEST_DIR=$W unshare --mount --propagation private sh "$2" inside
	exit $?
}

# good NAME: a change of alice's that bob approved; its hash: $C.
good() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "$1 is approved"
}

# approve_as PERSON COMMIT [OPTION]...: for main, unless an option says else.
approve_as() {
	person=$1
	commit=$2
	shift 2
	case " $* " in
	*' --for '*) ;;
	*) set -- --for main "$@" ;;
	esac
	(cd "$W/$person" && git_as "$person" fetch -q origin &&
	    TEST_PUSHER=$person GIT_SSH_COMMAND="$(ssh_command "$person")" \
	    "$src/contrib/git-approve" --repository "$REPO" --yes "$@" "$commit")
}

on_server() {
	git -C "$W/srv/$REPO.git" "$@"
}

# records TYPE: how many of them the ledger holds.
records() {
	cat "$W"/etc/ledger/*.jsonl | grep -c "\"type\":\"$1\""
}

# anew NAME OLD NEW [TYPE]: a copy of the ledger in which OLD is NEW in the last
# record of TYPE that has it, and all links are right again.
anew() {
	rm -rf "${W:?}/$1"
	cp -r "$W/etc/ledger" "$W/$1"
	copy=$W/$1
	shift
	python3 "$src/tests/real/anew.py" "$copy" "$@"
}

# shellcheck source=tests/real/lib_site.sh
. "$src/tests/real/lib_site.sh"

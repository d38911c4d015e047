#!/bin/sh
# mutate.sh [FILE]... - the golden cases notice each change of a condition.
#
# Each condition of the rules (src/core/{approval,approvals,bench,judge,rule_*}.c, or the
# files named) is changed in turn (tests/lint/mutants.pl), and at least one
# golden case must fail.  What survives is listed, and the exit status is 1.
# Changes that change nothing are listed at the end of this file, with the
# reason.  Takes some minutes.
set -eu
cd "$(dirname "$0")/../.."

CC=${CC:-gcc}
JOBS=${JOBS:-2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags='-std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Iinclude -O0 -w'
libs='-ljansson -lyaml -lcrypto -lcmocka'
export CC work flags libs

[ $# -gt 0 ] || set -- src/core/approval.c src/core/approvals.c \
    src/core/bench.c src/core/judge.c src/core/rule_*.c

# name FILE: its object's name.
name() {
	echo "$1" | tr '/' '_' | sed 's/\.c$//'
}

mkdir "$work/whole"
for source in src/base/*.c src/core/*.c tests/golden/golden.c; do
	# shellcheck disable=SC2086  # flags are several words
	$CC $flags -c -o "$work/whole/$(name "$source").o" "$source"
done
# shellcheck disable=SC2086
$CC -o "$work/golden" "$work"/whole/*.o $libs
"$work/golden" >/dev/null 2>&1 || {
	echo "mutate: golden cases fail as it is"
	exit 1
}

# one SOURCE N: says "survives", "killed" or "stillborn".
cat >"$work/one" <<'SH'
object=$(echo "$1" | tr '/' '_' | sed 's/\.c$//').o
here=$work/$object.d/$2
$CC $flags -c -o "$here.o" "$here.c" 2>/dev/null || {
	echo "$2 stillborn"
	exit 0
}
others=$(ls "$work"/whole/*.o | grep -v "/$object$")
$CC -o "$here.golden" $others "$here.o" $libs
if timeout 10 "$here.golden" >/dev/null 2>&1; then
	echo "$2 survives"
else
	echo "$2 killed"
fi
rm -f "$here.golden" "$here.o"
SH

sed -n '/^# ---- equivalent ----/,$s/^# \(src.*\)/\1/p' "$0" >"$work/allowed"
status=0
total=0
for source in "$@"; do
	d=$work/$(name "$source").o.d
	mkdir "$d"
	perl tests/lint/mutants.pl "$source" "$d" >"$d/list"
	cut -f 1 "$d/list" |
	    xargs -n 1 -P "$JOBS" sh "$work/one" "$source" >"$d/fates"
	total=$((total + $(wc -l <"$d/list")))
	sed -n 's/ survives$//p' "$d/fates" | sort -n |
	    while read -r n; do
		awk -F '\t' -v n="$n" -v s="$source" '$1 == n {
			printf "%s:%s: %s -> %s\n", s, $2, $3, $4
		}' "$d/list"
	done >"$d/survivors"
	while IFS= read -r line; do
		if ! sed 's/ | .*//' "$work/allowed" | grep -qxF -- \
		    "$(echo "$line" | sed 's/:[0-9]*:/:/')"; then
			echo "survives: $line"
			status=1
		fi
	done <"$d/survivors"
done
echo "$total changes tried"
exit $status

# ---- equivalent ----
# One a line: file, colon, what became what, bar, why nothing changes.
# src/core/bench.c: entry != NULL -> 1 | the gate was found in that entry
# src/core/rule_secret.c: gate != NULL -> 1 | landed_on names gates of the entry only, policy_read() sees to that
# src/core/rule_owners.c: const struct owned *fact = i < c->owned_count ? &c->owned[i] : NULL; -> const struct owned *fact = i <= c->owned_count ? &c->owned[i] : NULL; | reads one behind the end, which is the sanitizers' to find
# src/core/rule_review.c: if (best == CARRIED_NOT || a->carried < best) -> if (best == CARRIED_NOT || a->carried <= best) | of two that are equal either is the nearest
# src/core/rule_tests.c: (*at == NULL || k->seq > (*at)->seq)) -> (*at == NULL || k->seq >= (*at)->seq)) | no two checks have one record

#!/bin/sh
# check_lonely.sh - each rule decides something.
#
# Builds the golden test once for each src/core/rule_*.c with that rule
# answering MET whatever it is given, and demands a golden case that is refused
# as it stands and would then be admitted.  The rule's object is kept and only
# its name made weak, so whatever else stands in that file goes on as it was.
# What each condition decides is for mutate.sh to find.
set -eu
cd "$(dirname "$0")/../.."

B=build/${VARIANT:-release}
CC=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
golden=$(ls tests/golden/golden*.c 2>/dev/null || true)
[ -n "$golden" ] || {
	echo "check_lonely: there is no tests/golden/golden*.c"
	exit 1
}
test=$B/test/$(basename "$golden" .c)
link=$(make -s --no-print-directory print-STATIC)

# outcomes PROGRAM: "CASE OUTCOME", a line each.
outcomes() {
	"$1" --outcomes 2>/dev/null | sed -n 's/^outcome //p' | sort
}

"$test" >/dev/null 2>&1 || {
	echo "check_lonely: golden cases fail as it is"
	exit 1
}
outcomes "$test" >"$work/whole"

# stub CONTROL FILE: a rule that is content with everything.
stub() {
	change=NULL
	args='struct bench *b'
	if grep -q "^void rule_$1(struct bench \*b, const" \
	    include/core/rule.h; then
		change=c
		args="$args, const struct change *c"
	fi
	cat >"$2" <<C
#include "core/rule.h"
void rule_$1($args);
void
rule_$1($args)
{
	finding_add(b, $change, "$1", MET, "$1.replaced", "replaced");
}
C
}

status=0
for source in src/core/rule_*.c; do
	control=$(basename "$source" .c)
	control=${control#rule_}
	grep -q "^rule_$control(" "$source" || continue
	stub "$control" "$work/stub.c"
	objects=$(find "$B/base" "$B/core" -name '*.o' |
	    grep -v "/core/rule_$control\.o$")
	objcopy --weaken-symbol="rule_$control" \
	    "$B/core/rule_$control.o" "$work/weak.o"
	# shellcheck disable=SC2086  # lists of files and options
	$CC -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Iinclude \
	    -no-pie -o "$work/golden" "$golden" "$work/stub.c" \
	    "$work/weak.o" $objects $link -lcmocka
	outcomes "$work/golden" | join "$work/whole" - |
	    grep ' REFUSED ADMITTED' >"$work/freed" || {
		echo "$source: no golden case is refused by this rule alone"
		status=1
	}
done
exit $status

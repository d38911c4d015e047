#!/bin/sh
# check_sizes.sh - a function has at most 60 lines, a file at most 400.
#
# A function is what stands between a brace alone in the first column and the
# next one that closes there; its head is not counted.  Tests are free: a table
# of cases is as long as it has to be.
set -eu
cd "$(dirname "$0")/../.."

# shellcheck disable=SC2016  # the program is awk's
find src include -name '*.[ch]' | sort | xargs awk '
function file_end() {
	if (lines > 400) {
		printf "%s: %d lines, at most 400\n", last, lines; fail = 1
	}
}
FNR == 1 { file_end(); last = FILENAME; start = 0 }
{ lines = FNR }
/^[a-z_].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/^.*[ *]/, "", name) }
/^{$/ { start = FNR }
/^}$/ && start {
	if (FNR - start - 1 > 60) {
		printf "%s:%d: %s has %d lines, at most 60\n", FILENAME,
		    start, name, FNR - start - 1
		fail = 1
	}
	start = 0
}
END { file_end(); exit fail }'

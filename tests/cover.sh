#!/bin/sh
# cover.sh BUILD - lines and branches that the tests of that build reached, for
# each file of core and edge and for each floor.
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
root=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for source in src/base/*.c src/core/*.c src/edge/*.c; do
	object=$build/${source#src/}
	object=${object%.c}.o
	[ -e "${object%.o}.gcda" ] || {
		echo "File '$source' not run"
		continue
	}
	(cd "$work" && gcov -b -o "$object" "$root/$source" 2>/dev/null) |
	    sed "s|'$root/|'|"
done | awk -v q="'" '
/^File/ { split($0, part, q); file = part[2] }
/not run$/ { printf "%-34s not run at all\n", file; next }
file !~ /^src\// { next }
/^Lines executed/ { split($0, p, /[:% ]+/); lines = p[3]; n = p[5] }
/^Branches executed/ { split($0, p, /[:% ]+/); total = p[5] }
/^Taken at least once/ {
	split($0, p, /[:% ]+/); taken = p[5]; of = p[7]
	split(file, d, "/"); floor = d[2]
	printf "%-34s lines %6.2f%% of %4d  branches %6.2f%% of %4d\n", file,
	    lines, n, taken, of
	ln[floor] += n; lh[floor] += n * lines / 100
	bn[floor] += of; bh[floor] += of * taken / 100
	file = ""
}
/^No branches/ && file != "" {
	printf "%-34s lines %6.2f%% of %4d\n", file, lines, n; file = ""
}
END {
	for (f in ln)
		printf "floor %-28s lines %6.2f%%          branches %6.2f%%\n",
		    f, 100 * lh[f] / ln[f], bn[f] ? 100 * bh[f] / bn[f] : 100
}'

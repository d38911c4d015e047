#!/bin/sh
# check_docs.sh - finding codes mean the same everywhere.
#
# The codes in src/ are those in docs/controls.md.  Each code that a rule gives
# (src/core/{approval,judge,rule_*}.c) stands in a golden verdict, and golden
# verdicts hold no other codes than src/.  A case named in a row of
# docs/controls.md holds the row's code in its verdict.  The same of the checks
# that doctor and the watch make.
set -eu
cd "$(dirname "$0")/../.."

# Those of the rules, by their files, and those of what comes before any rule.
controls=$(printf '%s\n' src/core/rule_*.c | sed 's/.*rule_//; s/\.c$/|/' |
    tr -d '\n')'policy|evidence|record|object|push'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# codes FILE...: those that are a string of their own in code.  What a getter
# of base/tree.h is given is a path into a document.
codes() {
	cat "$@" | tr '\n' ' ' |
	    sed -E 's/(tree|shape|payload|forge)_[a-z]+\([^";]*"[^"]*"//g' |
	    grep -oE "\"($controls)\.[a-z][a-z-]*\"" | tr -d '"' |
	    grep -v '\.yaml$' | sort -u
}
find src -name '*.c' | sort >"$work/sources"
# shellcheck disable=SC2046  # a list of files
codes $(cat "$work/sources") >"$work/code"
codes src/core/approval.c src/core/judge.c src/core/rule_*.c >"$work/rules"
find tests/golden -name verdict.json -exec cat {} + |
    grep -oE "\"code\":\"[a-z.-]*\"" | cut -d '"' -f 4 |
    sort -u >"$work/golden"
grep -oE "^\| \`($controls)\.[a-z][a-z-]*\` \|" docs/controls.md |
    tr -d '|` ' | sort >"$work/rows"
sort -u "$work/rows" >"$work/docs"

status=0
# only HERE THERE WORDS: complains of what is in one set and not in another.
only() {
	if comm -23 "$work/$1" "$work/$2" | sed "s|$|: $3|" | grep .; then
		status=1
	fi
}
only rules golden 'given by a rule, in no golden verdict'
only golden code 'in a golden verdict, not in src'
only code docs 'in src, no row of docs/controls.md'
only docs code 'a row of docs/controls.md, not in src'
if uniq -d "$work/rows" | sed 's|$|: two rows of docs/controls.md|' |
    grep .; then
	status=1
fi

# shellcheck disable=SC2016  # the backquotes are Markdown's
grep -oE "^\| \`[a-z.-]*\` \|.*\| \`[a-z]*/[a-z-]*\` \|$" docs/controls.md |
    sed -E 's/^\| `([a-z.-]*)`.*`([a-z]*\/[a-z-]*)` \|$/\1 \2/' >"$work/shown"
while read -r code case; do
	grep -qsF "\"code\":\"$code\"" "tests/golden/$case/verdict.json" || {
		echo "docs/controls.md: $case does not show $code"
		status=1
	}
done <"$work/shown"

# Checks of guards: those of src/core/checkup.c are those of the table.
sed -n '/^static const struct check_kind/,/^};/p' src/core/checkup.c |
    grep -oE '\{"[a-z]+\.[a-z-]+"' | tr -d '{"' | sort >"$work/checks"
# shellcheck disable=SC2016  # the backquotes are Markdown's
sed -n '/^## Checks of guards/,$p' docs/controls.md |
    grep -oE '^\| `[a-z]+\.[a-z-]+`' | tr -d '|` ' | sort >"$work/guards"
only checks guards 'a check of src/core/checkup.c, no row of docs/controls.md'
only guards checks 'a check of docs/controls.md, not in src/core/checkup.c'
exit $status

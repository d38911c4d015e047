#!/bin/sh
# check_docs.sh - the finding codes in src/core, in tests/golden and in
# docs/controls.md are the same sets.
set -eu
cd "$(dirname "$0")/../.."

controls='peer|review|staging|rollback|environment|emergency|owners|ticket|policy|evidence|secret|tests|freeze|record'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# In code a finding code is a string of its own; in a golden case it is one in
# its verdict; in the table it is set as code.
grep -rhoE "\"($controls)\.[a-z][a-z-]*\"" src/core |
    tr -d '"' | sort -u >"$work/code"
find tests/golden -name 'verdict.*' -exec cat {} + |
    grep -oE "($controls)\.[a-z][a-z-]*" | sort -u >"$work/golden"
touch "$work/docs"
[ ! -e docs/controls.md ] ||
    grep -oE "\`($controls)\.[a-z][a-z-]*\`" docs/controls.md |
    tr -d '`' | sort -u >"$work/docs"

status=0
# only HERE THERE WORDS: complains of what is in one set and not in another.
only() {
	if comm -23 "$work/$1" "$work/$2" | sed "s|$|: $3|" | grep .; then
		status=1
	fi
}
only code golden 'in src/core, in no golden verdict'
only code docs 'in src/core, not in docs/controls.md'
only golden code 'in a golden verdict, not in src/core'
only docs code 'in docs/controls.md, not in src/core'
exit $status

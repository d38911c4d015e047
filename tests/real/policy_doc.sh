#!/bin/sh
# policy-doc: the policy in force as a text, each clause of it; golden output.
# shellcheck source=tests/real/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir "$W/etc"
cp "$src"/config/policy.yaml "$src"/config/people.yaml "$W/etc/"
cat >"$W/etc/foureyes.yaml" <<'YAML'
version: 1
origin: example.com/foureyes
ledger: /var/lib/foureyes/ledger
index: /var/lib/foureyes/index.db
seal_key: /etc/foureyes/seal.key
server: {kind: http, root: /srv/git}
receiver: {sources: {hub: {kind: github, secret_files: [/etc/foureyes/secret]}}}
YAML
# doc [OPTION...]: into $W/doc.md.
doc() {
	foureyes policy-doc "$@" >"$W/doc.md"
}
# has TEXT: a line of the last one holds it.
has() {
	check "${2:-it has: $1}" grep -Fq -e "$1" "$W/doc.md"
}
# A table has as many bars in each row as in its head; escaped ones aside.
is_sound() {
	check "$1: every row has its table's columns" python3 - "$W/doc.md" <<-'PY'
		import re, sys
		bars = 0
		for line in open(sys.argv[1]):
		    n = len(re.findall(r'(?<!\\)\|', line))
		    if not line.startswith('|'):
		        assert n == 0, line
		        bars = 0
		    elif bars == 0:
		        bars = n
		    assert n == bars, line
	PY
	# shellcheck disable=SC2016  # the inner shell's
	check "$1: every code stands in docs/controls.md" sh -c '
		grep -oE "\`[a-z]+\.[a-z-]+\`" "$1" | grep -v "\.yaml" |
		    sort -u | while read -r code; do
			grep -qF "| $code |" "$2" || { echo "$code"; exit 1; }
		done' sh "$W/doc.md" "$src/docs/controls.md"
}

# The samples, to the letter but for digests and version.
check "the sample policy" doc --as-of 2026-11-25
# shellcheck disable=SC2016  # the backquotes are Markdown's
sed -E 's/`[0-9a-f]{64}`/`DIGEST`/; s/foureyes [0-9][^:]*:/foureyes VERSION:/' \
    "$W/doc.md" >"$W/got.md"
check "is the golden one" diff "$src/tests/real/policy_doc.md" "$W/got.md"
is_sound samples
doc --as-of 2026-11-25
cp "$W/doc.md" "$W/again.md"
# shellcheck disable=SC2016  # the inner shell's
check "and the same once more" sh -c 'foureyes policy-doc \
    --as-of 2026-11-25 | cmp - "$1"' sh "$W/again.md"
check "its digests are those of the files" grep -q "$(sha256sum \
    "$W/etc/policy.yaml" | cut -d' ' -f1)" "$W/doc.md"

# What is not so must be said.
cat >"$W/etc/policy.yaml" <<'YAML'
version: 1
mode: observe
repositories:
  - match: ["**"]
    gates:
      main:
        refs: ["refs/heads/main"]
        approvals: {count: 3, groups: [release], coauthors: allow, presence: required}
        ticket: {pattern: "(PAY|OPS)-[0-9]+`x"}
        tests: [ci/test]
        unknown_contributors: allow
        secrets: {scan: false}
      free:
        refs: ["refs/heads/free/*"]
        mode: enforce
YAML
cat >"$W/etc/people.yaml" <<'YAML'
version: 1
people:
  alice:
    name: "Alice | [x](http://example.com) <b>*"
    emails: [alice@example.com]
    groups: [release]
  bob: {emails: [bob@example.com], groups: [release], expires: 2026-11-01}
YAML
check "another policy" doc --as-of 2026-11-25
is_sound another
has 'Mode: observe.'
has '**Observed only: changes are judged and recorded, and never refused.**'
check "one gate of two" [ "$(grep -c 'Observed only' "$W/doc.md")" -eq 1 ]
has '**There is none.** No change goes past the rules'
has 'told by a source that is asked of tests'
has '**Not looked for here.**'
has 'who is not in people.yaml is let in'
has 'Co-authors may approve.'
has 'needs a security key that was touched'
has "A ticket like \`(PAY\\|OPS)-[0-9]+'x\` is named."
has "| \`main\` | 3 | 1 | 0 | 1 | 1 | **cannot be met** |"
has 'Alice \| \[x\](http://example.com) \<b\>\*'
has '1 whose rights have ended are left out.'
check_not "bob's have ended" 1 grep -q 'bob' "$W/doc.md"
check "before that they had not" doc --as-of 2026-10-31
has "| \`bob\` |" "bob is there"
has 'for people of no group only'

check_not "a day that is none" 2 foureyes policy-doc --as-of today
echo 'mode: maybe' >>"$W/etc/policy.yaml"
check_not "an unsound policy has no document" 3 foureyes policy-doc
done_testing

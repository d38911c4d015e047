#!/bin/sh
# audit: a history with known answers, every figure; and histories that are odd.
# shellcheck source=tests/real/lib.sh
. "$(dirname "$0")/lib.sh"
unset FOUREYES_CONFIG
etc="$W/etc"

make_keys
DOOR=local
python3 "$src/tests/real/audit_history.py" "$W/old.git" >"$W/names" || exit 3
commit_of() {
	sed -n "s/^$1=//p" "$W/names"
}
# sign_as PERSON NAME TARGET [REPOSITORY [DECISION]]: refs/tags/foureyes/...
sign_as() {
	printf 'Looked at it.\n\nFoureyes-Repository: %s\nFoureyes-Target: %s\nFoureyes-Decision: %s\n' \
	    "${4:-old}" "$3" "${5:-approve}" |
	    git -C "$W/old.git" -c gpg.format=ssh -c user.name="$1" \
	    -c user.email="$1@example.com" -c user.signingKey="$W/keys/$1.pub" \
	    tag -s --cleanup=verbatim -F - "foureyes/$1-$2-${5:-approve}-${4:-old}" \
	    "$(commit_of "$2")"
}
main=refs/heads/main
sign_as bob s7 $main
sign_as alice self $main
sign_as bob s8 $main
# None of these says yes to a step of this line.
sign_as mallory alone $main
sign_as bob alone refs/heads/other
sign_as bob alone $main elsewhere
sign_as bob alone $main old object
sign_as erin alone $main
sign_as bob s2 $main

people_yaml >"$W/people.yaml"
policy_main </dev/null >"$W/policy.yaml"
audit() {
	foureyes audit "$W/old.git" --policy "$W/policy.yaml" \
	    --people "$W/people.yaml" "$@"
}
# is PATH VALUE: what summary.json has there.
is() {
	check "$1 is $2" python3 - "$1" "$2" "${3:-$W/out1/summary.json}" <<-'PY'
		import json, sys
		value = json.load(open(sys.argv[3]))
		for key in sys.argv[1].split('.'):
		    value = value[int(key) if key.isdigit() else key]
		print(json.dumps(value))
		sys.exit(json.dumps(value) != sys.argv[2])
	PY
}
# row NAME COLUMN VALUE: what changes.csv has of that step.
row() {
	check "$1: $2 is '$3'" python3 - "$(commit_of "$1")" "$2" "$3" \
	    "${4:-$W/out1/changes.csv}" <<-'PY'
		import csv, sys
		commit, column, wanted, path = sys.argv[1:]
		rows = list(csv.DictReader(open(path, newline='')))
		got = [r[column] for r in rows if r['new'] == commit]
		print(got)
		sys.exit(got != [wanted])
	PY
}

check "it was asked, and answers" audit --out "$W/out1"
says 'assessment, nothing was enforced' "marked as an assessment"
check "the summary is the file's" grep -q 'nothing was enforced' \
    "$W/out1/summary.txt"
for file in changes.csv people.yaml summary.txt summary.json; do
	check "$file is marked" grep -q 'assessment, nothing was enforced' \
	    "$W/out1/$file"
done

# ---- every figure ----
is assessment '"assessment, nothing was enforced"'
is ref '"refs/heads/main"'
is gate '"main"'
is tip "\"$(commit_of tip)\""
is changes 22
is commits 32
is roots 1
is single 13
is merges 8
is merge.mechanical 3
is merge.hand_made 2
is merge.conflict 1
is merge.octopus 1
is merge.unrelated 1
is merge.too_slow 0
is merge.unreadable 0
is approval.proven 2
is approval.claimed_by_trailer 1
is approval.claimed_by_lander 8
is approval.none 10
is approval.unknown 1
is approval.alone 9
is approval.tags 9
is approval.tags_good 5
is rollback_plan.real 4
is rollback_plan.placeholder 1
is rollback_plan.absent 17
is ticket 3
is request 2
is by_forge 2
is malformed 1
is unread 0
is dated_in_future 1
is outcome.would_have_landed 2
is outcome.claims_only 1
is outcome.would_have_been_refused 18
is outcome.cannot_be_said 1
is people.identities 6
is people.known 2
is people.persons 1
is people.machines 1
is whole true
is stopped_before null
is malformed_commits.0.commit "\"$(commit_of malformed)\""
is worst.hand_made.0.commit "\"$(commit_of dropped)\""
is worst.hand_made.1.commit "\"$(commit_of hand)\""
is worst.conflict.0.commit "\"$(commit_of conflict)\""

# ---- each step's own answer ----
row alone approval none
row alone ticket PAY-1
row alone findings 'review.unreviewed-commit; rollback.absent'
row alone outcome would-have-been-refused
row trailer approval claimed-by-trailer
row trailer claimed_approvers bob
row trailer plan real
row trailer outcome claims-only
row lander approval claimed-by-lander
row lander lander bob
row own approval none
row own claimed_approvers ''
row mechanical merge mechanical
row mechanical commits 2
row mechanical plan placeholder
row hand merge hand-made
row hand by_hand evil.c
row conflict merge conflict
row conflict by_hand c.c
row dropped merge hand-made
row dropped by_hand s4.c
row octopus merge octopus
row octopus commits 3
row signed approval proven
row signed approvers bob
row signed approved_commits "$(commit_of s7)"
row signed outcome would-have-landed
row self approval none
row squash approval proven
row squash approved_commits "$(commit_of s8)"
row squash lander ''
row forge request '#13'
row forge approval none
row crossed merge mechanical
row crossed commits 3
row joined merge unrelated
row malformed approval unknown
row malformed remarks 'malformed commits; date not known'
row malformed outcome cannot-be-said
row future time 2106-02-07T06:28:23.000Z
row future description "'=HYPERLINK(1)"
row future remarks 'dated in the future'
row future requester "\\xE9ve \\u{001B}[31m=1 <@eve;\\u{003D}1@example.com>"
row tip mode 'assessment, nothing was enforced'

check "lines less one are rows, and no cell is a formula" \
    python3 - "$W/out1/changes.csv" <<'PY'
import csv, sys
data = open(sys.argv[1], 'rb').read()
rows = list(csv.reader(data.decode().splitlines()))
assert data.count(b'\n') == len(rows) == 23, data.count(b'\n')
assert all(len(r) == len(rows[0]) for r in rows)
for cell in (c for r in rows for c in r):
    assert not cell[:1] or cell[0] not in '=+-@\t', cell
    assert all(ord(c) >= 32 and ord(c) != 127 for c in cell), cell
PY

# ---- staging first ----
is staging.0.ref '"refs/heads/production"'
is staging.0.steps 2
is staging.0.not_staged 0
is staging.1.ref '"refs/tags/v1"'
is staging.1.not_staged 0
is staging.2.ref '"refs/tags/v2"'
is staging.2.not_staged 1
is staging.2.examples.0.commit "\"$(commit_of hand)\""
git -C "$W/old.git" update-ref -d refs/heads/staging
check "without a staging ref" audit
says "'staging' has no ref +2 " "it says that there is none"

# ---- people.yaml is one to start from ----
export FOUREYES_CONFIG="$etc"
check "an installation" foureyes init "$etc"
check "takes the people.yaml" foureyes apply "$W/out1/people.yaml"
check "and is sound" foureyes check
unset FOUREYES_CONFIG
check "with nobody known" foureyes audit "$W/old.git" --out "$W/out2"
is people.known 0 "$W/out2/summary.json"
is people.persons 3 "$W/out2/summary.json"
is approval.proven 0 "$W/out2/summary.json"
check "one person of two addresses and one name" \
    grep -A4 '^  alice-example:$' "$W/out2/people.yaml"
says 'alice@old.example.com'
check "a machine of its own" grep -A9 '^machines:$' "$W/out2/people.yaml"
says '77\+deploy\[bot\]@users.example.com'
check "a forge's address is nobody's" \
    grep -q '^# for server.web_committers: "noreply@github.com"' \
    "$W/out2/people.yaml"
FOUREYES_CONFIG="$etc" check "it is taken too" \
    foureyes --config "$etc" apply "$W/out2/people.yaml"
check "and is sound" foureyes --config "$etc" check

# ---- a period ----
audit --since 2025-01-20 --out "$W/out3" >"$W/out" 2>&1
is changes 11 "$W/out3/summary.json"
is dated_before 1 "$W/out3/summary.json"
row past remarks 'dated before the period' "$W/out3/changes.csv"
row signed commits 2 "$W/out3/changes.csv"
row signed merge mechanical "$W/out3/changes.csv"
check_not "a day that is none" 2 audit --since 2025-02-30
check_not "a day to come" 2 audit --since 2999-01-01
says 'lies in the future'

# 120 commits dated back lie on top of what is asked for.
cp -r "$W/old.git" "$W/dated.git"
{
	echo 'reset refs/heads/main'
	echo "from $(commit_of tip)"
	i=0
	while [ $i -lt 120 ]; do
		printf '\ncommit refs/heads/main\n'
		printf 'committer Eve <eve@example.com> 86400 +0000\n'
		printf 'data 4\nold\nM 644 inline old\ndata <<.\n%s\n.\n' $i
		i=$((i + 1))
	done
} | git -C "$W/dated.git" fast-import --quiet
check_not "dating commits back hides nothing in silence" 3 \
    foureyes audit "$W/dated.git" --since 2025-01-20 --json
says '"changes":0,.*"beyond":8,'
check_not "nor from who reads" 3 foureyes audit "$W/dated.git" \
    --since 2025-01-20
says 'incomplete: 8 changes that claim to be of the period'

# ---- what is given wrongly ----
check_not "a directory that holds an audit" 3 audit --out "$W/out1"
check_not "no such ref" 2 audit --ref nowhere
check_not "no such repository" 3 foureyes audit "$W/nowhere"
check_not "a repository at which nothing is asked" 2 \
    audit --repository sandbox/x
says 'asks nothing'
echo 'version: 1' >"$W/bad.yaml"
check_not "an unsound policy" 3 foureyes audit "$W/old.git" \
    --policy "$W/bad.yaml"
check_not "another ref, by its short name" 0 audit --ref s8 --json
says '"changes":14,'

# ---- odd repositories ----
git init -q --bare "$W/empty.git"
check "a repository without commits" foureyes audit "$W/empty.git" \
    --out "$W/out4"
says 'no commits'
is changes 0 "$W/out4/summary.json"
check "has a table without rows" [ "$(wc -l <"$W/out4/changes.csv")" -eq 1 ]
check "and nobody" grep -q '^people: {}$' "$W/out4/people.yaml"
git clone -q --bare --depth 3 "file://$W/old.git" "$W/shallow.git"
check_not "a shallow clone" 3 foureyes audit "$W/shallow.git" --json
says '"shallow":true'
says '"cut":"'
echo "$(commit_of tip) $(commit_of root)" >"$W/old.git/info/grafts"
check "grafts change nothing" audit --json
says '"grafts":true.*"changes":22,'
rm "$W/old.git/info/grafts"

# A commit is gone in the middle of what a step brought.
cp -r "$W/old.git" "$W/torn.git"
gone=$(commit_of s9)
rm -f "$W/torn.git/objects/$(echo "$gone" | cut -c1-2)/$(echo "$gone" |
    cut -c3-)"
check_not "a commit that is missing" 3 foureyes audit "$W/torn.git" --json
says '"changes":22,'
says '"unread":2,' "the step that lacks it, and a merge that needs it"

# ---- interrupted ----
git init -q --bare "$W/long.git"
python3 "$src/tests/bench/audit_history.py" 6000 50 |
    git -C "$W/long.git" fast-import --quiet --done
foureyes audit "$W/long.git" --out "$W/whole" >/dev/null 2>&1
mkdir "$W/half"
foureyes audit "$W/long.git" --out "$W/half" >"$W/out" 2>&1 &
pid=$!
while [ ! -s "$W/half/changes.csv" ] && kill -0 $pid 2>/dev/null; do
	sleep 0.01
done
kill -INT $pid 2>/dev/null
wait $pid
stopped=$?
if [ "$stopped" -eq 0 ]; then
	skip "interrupted" "it was done before"
else
	check "interrupted, it could not find out" [ $stopped -eq 3 ]
	check "it says where" grep -q 'stopped by hand before [0-9a-f]\{40\}' \
	    "$W/half/summary.txt"
	check "and keeps what it had" python3 - "$W" <<-'PY'
		import sys
		half = open(sys.argv[1] + '/half/changes.csv').readlines()
		whole = open(sys.argv[1] + '/whole/changes.csv').readlines()
		assert 1 < len(half) < len(whole), (len(half), len(whole))
		assert half == whole[:len(half)]
	PY
fi
done_testing

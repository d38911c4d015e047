#!/bin/sh
# One push, judged where the hook runs and judged by foureyesd: the same words
# and the same record, but for its place in the log and the time.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"
handover_site local

here() {
	foureyes --config "$W/hooks" uninstall "$W/srv/$REPO.git" >"$W/out" 2>&1
	# The same program as judges there: a decision names it.
	foureyes install --program "$(command -v foureyes)" "$W/srv/$REPO.git" \
	    >"$W/out" 2>&1
	# No ref moves at main, so that each push can be made again.
	cat >"$W/srv/$REPO.git/hooks/update" <<-'HOOK'
		#!/bin/sh
		case $1 in refs/heads/topic* | refs/foureyes/*) exit 0 ;; esac
		exit 1
	HOOK
	chmod +x "$W/srv/$REPO.git/hooks/update"
}
there() {
	foureyes uninstall "$W/srv/$REPO.git" >"$W/out" 2>&1
	foureyes --config "$W/hooks" install "$W/srv/$REPO.git" >"$W/out" 2>&1
}

# plain FILE: what is of the moment, left out.
plain() {
	python3 - "$1" <<-'PYTHON'
		import json, sys
		for line in open(sys.argv[1]):
		    r = json.loads(line)
		    if r["type"] != "decision":
		        continue
		    asked = r["asked"]
		    r = json.loads(line.replace(asked, "NOW"))
		    for key in ("seq", "time", "prev", "asked"):
		        r.pop(key, None)
		    print(json.dumps(r, sort_keys=True))
	PYTHON
}

# judged WHERE NAME PERSON REFSPEC...: words and new decisions, in $W/NAME.*
judged() {
	"$1"
	name=$2
	shift 2
	before=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
	push_as "$@" 2>&1 | grep '^remote: foureyes' | sed 's/record [0-9]*/record N/; s/[0-9-]*T[0-9:.]*Z/TIME/' >"$W/$name.words"
	cat "$W"/etc/ledger/*.jsonl | tail -n "+$((before + 1))" >"$W/lines"
	plain "$W/lines" >"$W/$name.records"
}

# same WHAT PERSON REFSPEC...: both ways, and what is recorded is the same.
same() {
	same_what=$1
	shift
	judged here local "$@"
	judged there handed "$@"
	check "$same_what: the same words" cmp "$W/local.words" "$W/handed.words"
	check "$same_what: the same records" cmp "$W/local.records" "$W/handed.records"
	check "$same_what: some" test -s "$W/local.records" -a -s "$W/local.words"
}

here
change_as alice topic-one
approved bob
same 'admitted' alice topic-one:main
change_as alice topic-two
git_as alice merge -q --no-ff -m "PAY-2 both

$PLAN" topic-one
push_as alice -q topic-two
C=$(git_as alice rev-parse topic-two)
approved carol
same 'a merge' alice topic-two:main
onto alice topic-three
for n in 1 2 3 4 5 6; do
	mkdir -p "$W/alice/dir$n/deep/er"
	seq $((n * 1000)) >"$W/alice/dir$n/deep/er/file"
	commit_as alice "dir$n/deep/er/more" "PAY-3 part $n

$PLAN"
done
push_as alice -q topic-three
approved bob
same 'many commits, with files that are asked for' alice topic-three:main
# Large enough for the merge to be tried in a process of its own first.
onto alice topic-large
seq 60000 >"$W/alice/large.txt"
commit_as alice large-1 "PAY-8 a large file

$PLAN"
git_as alice checkout -q -b topic-large-too
sed -i 's/^59999$/the end/' "$W/alice/large.txt"
commit_as alice large-2 "PAY-8 its end

$PLAN"
git_as alice checkout -q topic-large
sed -i 's/^2$/the start/' "$W/alice/large.txt"
commit_as alice large-3 "PAY-8 its start

$PLAN"
git_as alice merge -q --no-ff -m "PAY-8 both ends

$PLAN" topic-large-too
push_as alice -q topic-large
C=$(git_as alice rev-parse topic-large)
approved bob
same 'a merge of a large file' alice topic-large:main
onto carol topic-four
commit_as carol 'four.txt' 'PAY-4 quick'
push_as carol -q topic-four
same 'an emergency' carol -o emergency=INC-7 -o 'reason=the shop is closed for everybody' topic-four:main
approved bob
same 'several refs' alice topic-one:main topic-three:topic-six

# A refusal that says the same again is named, and not repeated.
onto alice topic-bad
commit_as alice 'bad.txt' 'no plan at all'
push_as alice -q topic-bad
judged here local alice topic-bad:main
judged there handed alice topic-bad:main
check 'a refusal: the same words' cmp "$W/local.words" "$W/handed.words"
check 'and it is known to be the same' grep -q '"kind":"repeat"' "$W/lines"
check 'the log is whole' foureyes verify --chain
check 'and replays' foureyes replay --all
done_testing

#!/bin/sh
# What /api/v1 tells of a real ledger, and that it can be checked from that
# alone; asked without a server (tests/page/ask.c).
. "$(dirname "$0")/lib.sh"
ask_program=$src/build/${VARIANT:-release}/test/ask
[ -e "$ask_program" ] || skip_all "there is no $ask_program: make tests"
site local

# ask PATH [ETAG]: body in $W/body, status and headers in $W/head.
ask() {
	"$ask_program" "$W/etc" "$@" >"$W/body" 2>"$W/head"
}
# answers STATUS NAME PATH...
answers() {
	wanted=$1
	what=$2
	shift 2
	ask "$@"
	check "$what" [ "$(cut -f1 "$W/head")" = "$wanted" ]
}
# holds NAME JQ-EXPRESSION
holds() {
	jq -e "$2" "$W/body" >"$W/out" 2>&1
	verdict $? "$1"
}

answers 200 "of nothing that landed" /api/v1/changes
holds "there are no changes" '.changes == [] and .next == null'

change_as alice one
approve_as bob "$C" >"$W/out" 2>&1
ONE=$C
expect_admitted "a change lands" push_as alice one:main
change_as bob two
expect_refused peer.none "another is refused" push_as bob two:main
TWO=$C
change_as alice three
approve_as bob "$C" >"$W/out" 2>&1
THREE=$C
expect_admitted "a third lands" push_as alice three:main

answers 200 "the changes" /api/v1/changes
holds "newest first" ".changes | map(.new) == [\"$THREE\", \"$ONE\"]"
holds "with who did what" '.changes[1] | .requester == "alice" and
    .approvers == ["bob"] and .contributors == ["alice"] and
    .outcome == "ADMITTED" and .gate == "main" and
    (.rollback_plan | length) > 5 and .decision_seq < .landing_seq'
answers 200 "the first page of one" "/api/v1/changes?count=1"
holds "has the newest" "(.changes | map(.new)) == [\"$THREE\"]"
next=$(jq -r .next "$W/body")
answers 200 "the next page" "/api/v1/changes?count=1&cursor=$next"
holds "has the other" "(.changes | map(.new)) == [\"$ONE\"]"
holds "and is the last" '.next == null'
answers 200 "behind it" "/api/v1/changes?cursor=1"
holds "is nothing" '.changes == [] and .next == null'
for query in "repository=$REPO" "gate=main" "repository=$REPO&gate=main" \
    "outcome=ADMITTED" "from=2020-01-01" "to=2100-01-01" \
    "from=2020-01-01T00:00:00Z&to=2100-01-01"; do
	answers 200 "asked by $query" "/api/v1/changes?$query"
	holds "both are told" '.changes | length == 2'
done
for query in "repository=other" "gate=production" "outcome=REFUSED" \
    "from=2100-01-01" "to=2020-01-01" "repository=$REPO&gate=mai"; do
	answers 200 "asked by $query" "/api/v1/changes?$query"
	holds "none is told" '.changes == []'
done
for query in cursor=0 cursor=01 cursor=-1 cursor=x cursor=1e3 count=0 \
    count=501 count= from=yesterday to=2020-13-01 outcome=admitted \
    "repository=a b" "cursor=99999999999999999999"; do
	answers 400 "refused: $query" "/api/v1/changes?$query"
	holds "and says why" '.error | length > 5'
done

id=$REPO/main/$(echo "$ONE" | cut -c1-12)
answers 200 "the life of a change" "/api/v1/changes/$id"
holds "is its own" ".change == \"$id\" and .row.new == \"$ONE\""
holds "has its attributes" '.attributes.content.result == "PASS" and
    .attributes.approver_apart.result == "PASS"'
holds "its findings" '[.findings[] | select(.standing == "MET") | .control] |
    index("peer") and index("review") and index("rollback")'
holds "and its records, from the push on" '[.records[] | .type +
    "." + (.kind // "")] | index("observation.push") == 0 and
    index("observation.approval") and index("decision.") and
    index("landing.")'
answers 200 "one that was refused" \
    "/api/v1/changes/$REPO/main/$(echo "$TWO" | cut -c1-12)"
holds "has no row, and its findings" '.row == null and
    ([.findings[] | select(.standing == "UNMET") | .code] |
    index("peer.none")) != null'
answers 404 "one that is not there" "/api/v1/changes/$REPO/main/000000000000"
for id in x a/b a/b/c "$REPO/main/" "$REPO/main/$ONE" "a b/main/000000000000" \
    "/main/000000000000" "$REPO/main/00000000000g"; do
	answers 400 "no change: $id" "/api/v1/changes/$id"
done

answers 200 "the controls" /api/v1/controls
holds "each gate's" '[.repositories[].gates[] | select(.gate == "main") |
    .controls[] | select(.control == "peer") | .asked] == [true]'
holds "no review is owed" '.reviews_owed == []'

# The ledger's lines.
last=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
answers 200 "records" "/api/v1/records?from=3&count=4"
check "are the ledger's, byte for byte" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | sed -n 3,6p | cmp - '$W/body'"
check "and where the next ones are" [ "$(cut -f4 "$W/head")" = \
    "from=7&count=4" ]
answers 200 "the last ones" "/api/v1/records?from=$last&count=1000"
check "one line" [ "$(wc -l <"$W/body")" -eq 1 ]
check "no next ones" [ -z "$(cut -f4 "$W/head")" ]
answers 200 "none behind" "/api/v1/records?from=$((last + 1))"
check "no line" [ ! -s "$W/body" ]
answers 400 "not so many" "/api/v1/records?from=1&count=1001"
answers 400 "from nothing" "/api/v1/records?from=0"

# A proof, checked by nothing but a shell, coreutils and openssl.
foureyes seal >"$W/out" 2>&1 || verdict 1 "sealed"
answers 200 "the checkpoint" /api/v1/checkpoint
check "is the one beside the ledger" cmp "$W/body" "$W/etc/ledger/checkpoint"
jq -r 'select(.type == "key") | .pem // .public' "$W"/etc/ledger/*.jsonl \
    >"$W/seal.pub"
for seq in 1 2 7 "$last"; do
	answers 200 "the proof of record $seq" "/api/v1/proof/$seq"
	cp "$W/body" "$W/proof"
	foureyes prove "$seq" >"$W/own" 2>"$W/out"
	check "is the one that foureyes prove makes" cmp "$W/own" "$W/proof"
	check "and holds by sha256sum and openssl" \
	    sh "$src/tests/real/lib_prove.sh" "$W/proof" "$W/seal.pub" \
	    "$seq"
done
answers 404 "no proof of what is not sealed" "/api/v1/proof/$((last + 1))"
answers 400 "nor of no number" /api/v1/proof/x
answers 404 "nor of none" /api/v1/proof/
answers 404 "nothing else" /api/v1/else
answers 404 "nor above" /api/v1

# 304, as long as nothing is new.
ask /api/v1/checkpoint
etag=$(cut -f3 "$W/head")
answers 304 "what is known is not told again" /api/v1/checkpoint "$etag"
check "nor has it a body" [ ! -s "$W/body" ]
answers 304 "among others, and weak" /api/v1/checkpoint "\"a\", W/$etag"
change_as alice four
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "one more lands" push_as alice four:main
answers 304 "a checkpoint stays as it is" /api/v1/checkpoint "$etag"
foureyes seal >"$W/out" 2>&1 || verdict 1 "sealed again"
answers 200 "what is new is told" /api/v1/checkpoint "$etag"

# An index that is gone is made again.
rm -f "$W"/etc/index.db*
answers 200 "without an index" /api/v1/changes
holds "all three" '.changes | length == 3'
done_testing

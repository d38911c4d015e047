#!/bin/sh
# K11: promotion, release tags, backports.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
SOAK=1s
site local
BACK='redeploy the build that ran before this one'
SAME=

# The standard policy, with release lines that are born on main.
with_lines() {
	policy_main </dev/null | sed "s/soak: $SOAK,/soak: $SOAK,$SAME/
	/^      staging:/i\\
      lines:\\
        refs: [\"refs/heads/line/*\"]\\
        born_from: [main]\\
        approvals: {count: 1, groups: [engineers]}"
}
with_lines | use_policy

land() {
	change_as alice "$1"
	{
		approve_as bob "$C" && push_as alice "$1:refs/heads/main"
	} >"$W/out" 2>&1 || verdict 1 "$1 must land"
}
stage() {
	push_as alice -q "$1:refs/heads/staging" >"$W/out" 2>&1 ||
	    verdict 1 "$1 must be on staging"
	sleep 1.2
}
yes() {
	approve_as "$1" "$2" --for "$3" >"$W/out" 2>&1 ||
	    verdict 1 "$1 must be able to approve $2 for $3"
}
promote() {
	push_as alice -o "rollback-plan=$BACK" "$@"
}
last_decision() {
	cat "$W"/etc/ledger/*.jsonl | grep '"type":"decision"' | tail -1
}

# ---- L01: production without staging
land one
ONE=$C
yes bob "$ONE" refs/heads/production
expect_refused staging.not-staged "L01: approved, on main, never on staging" \
    promote "$ONE:refs/heads/production"
says 'no staging record' "L01: in these words"
says "$(printf '%.12s' "$ONE")" "L01: for that commit"
check "L01: it was not made" [ "$(tip refs/heads/production)" = "$zeros" ]
expect_refused staging.not-staged "L01+ nor in one push with staging" \
    promote "$ONE:refs/heads/staging" "$ONE:refs/heads/production"
expect_refused staging.not-staged "L01+ nor the other way round, atomic" \
    promote --atomic "$ONE:refs/heads/production" "$ONE:refs/heads/staging"
check "L01+ an ungated branch named staging/x" \
    push_as alice -q "$ONE:refs/heads/staging-2"
expect_refused staging.not-staged "L01+ is not staging" \
    promote "$ONE:refs/heads/production"
on_server update-ref refs/heads/staging "$ONE"
expect_refused '[a-z]*\.[a-z-]*' "L01+ put on staging by hand: that is drift" \
    promote "$ONE:refs/heads/production"
on_server update-ref -d refs/heads/staging
stage "$ONE"
change_as alice two
expect_refused review.not-landed "L01+ a child of what was staged" \
    promote "$C:refs/heads/production"
expect_refused 'staging.not-staged|review.not-landed' \
    "L01+ a parent of what was staged" \
    promote "$ONE~1:refs/heads/production"
expect_admitted "L01: lawful, after staging" promote "$ONE:refs/heads/production"

# ---- L02: a commit that was made again
land two
S=$C
stage "$S"
git_as alice fetch -q origin
git_as alice checkout -q -f -B rebuilt origin/main
git_as alice commit -q --allow-empty -m "PAY-1 the same content

$PLAN"
P=$(git_as alice rev-parse HEAD)
push_as alice -q rebuilt
approve_as bob "$P" >"$W/out" 2>&1
push_as alice -q "$P:refs/heads/main" >"$W/out" 2>&1 ||
    verdict 1 "an approved commit without content must land"
yes bob "$P" refs/heads/production
expect_refused staging.not-staged "L02: the tree was staged, the commit was not" \
    promote "$P:refs/heads/production"
git_as alice checkout -q -f -B aside "$S~1"
git_as alice read-tree -u --reset "$S"
git_as alice commit -q -m "PAY-1 the same content elsewhere

$PLAN"
Q=$(git_as alice rev-parse HEAD)
push_as alice -q aside
yes bob "$Q" refs/heads/production
SAME=' same: tree,'
with_lines | use_policy
expect_refused review.not-landed \
    "L02+ same: tree is no way for what never landed on main" \
    promote "$Q:refs/heads/production"
expect_admitted "L02: by same: tree it is admitted" \
    promote "$P:refs/heads/production"
last_decision >"$W/out"
says "$P.*$S|$S.*$P" "L02: the record has both"
land byte
expect_refused staging.not-staged "L02: one byte more was never staged" \
    promote "$C:refs/heads/production"
SAME=
with_lines | use_policy
stage "$C"
yes bob "$C" refs/heads/production
expect_admitted "L02+ staged itself it is" promote "$C:refs/heads/production"

# ---- L04: a release tag on what never reached main
change_as alice feature
F=$C
yes bob "$F" refs/tags/v1.0
git_as alice tag -f v1.0 "$F" >"$W/out"
expect_refused review.not-landed "L04: a lightweight tag on a feature commit" \
    promote refs/tags/v1.0
git_as alice tag -f -a -m "Release

$PLAN" v1.0 "$F" >"$W/out"
expect_refused review.not-landed "L04: an annotated one" promote refs/tags/v1.0
git_as alice tag -f -s -m "Release" v1.0 "$F" >"$W/out"
expect_refused review.not-landed "L04+ a signed one" promote refs/tags/v1.0
land landed
L=$C
git_as alice tag -f v1.0 "$L~1" >"$W/out"
change_as alice topic-a
commit_as alice topic-b.txt "PAY-1 b"
INNER=$(git_as alice rev-parse HEAD~1)
push_as alice -q topic-a
approve_as bob "$C" >"$W/out" 2>&1
push_as alice -q topic-a:refs/heads/main >"$W/out" 2>&1
expect_refused review.not-landed \
    "L04+ a commit within a change is reachable, and has not landed" \
    promote "$INNER:refs/tags/v1.0"
check "L04: no tag was made" [ "$(tip refs/tags/v1.0)" = "$zeros" ]

# ---- L05: tags are not commits
git_as alice fetch -q origin
R=$(git_as alice rev-parse origin/main)
stage "$R"
for name in v1.0 v1.1 v1.2 v1.3; do
	yes bob "$R" "refs/tags/$name"
done
git_as alice -c user.name='CI server' -c user.email=ci@build.example.com \
    tag -f -a -m "Release 1.0

$PLAN" v1.0 "$R" >"$W/out"
expect_admitted "L05: a tagger who is neither author nor committer" \
    promote refs/tags/v1.0
git_as alice tag -f -a -m "a tag of a tag" v1.1 v1.0 >"$W/out" 2>&1
expect_admitted "L05: a tag of a tag" promote refs/tags/v1.1
last_decision >"$W/out"
says "\"landed\":\"$R\"" "L05: stands for the commit behind it"
echo release >"$W/alice/blob"
B=$(git_as alice hash-object -w blob)
rm "$W/alice/blob"
git_as alice tag -f v2 "$B" >"$W/out"
expect_refused object.no-commit "L05: a blob named v2" promote refs/tags/v2
git_as alice tag -f -a -m "a blob" v2 "$B" >"$W/out"
expect_refused object.no-commit "L05+ a tag of a blob" promote refs/tags/v2
git_as alice tag -f -a -m "a tree" v2 "$R^{tree}" >"$W/out"
expect_refused object.no-commit "L05+ a tag of a tree" promote refs/tags/v2
id=$R
type=commit
i=0
while [ $i -lt 12 ]; do
	id=$(printf 'object %s\ntype %s\ntag t%s\ntagger c <c@x.test> 1 +0000\n\nt\n' \
	    "$id" "$type" "$i" | git_as alice mktag)
	type=tag
	i=$((i + 1))
done
check_not "L05+ tags of tags, twelve deep" 1 promote "$id:refs/tags/v1.2"
says '8|tags of tags' "L05+ naming the limit"
# tag_as FORMAT: an odd tag object on $R.
tag_as() {
	# shellcheck disable=SC2059  # it is a format
	printf "$1" "$R" | tr '\001' '\000' |
	    git_as alice hash-object -w --literally -t tag --stdin
}
good='object %s\ntype commit\ntag v1.2\ntagger c <c@x.test> 1 +0000\n\nRelease\n'
nul=$(printf '\001')
while IFS='|' read -r what format; do
	N=$(tag_as "$format")
	pack "$N" | wire alice "$zeros $N refs/tags/v1.2" >"$W/out" 2>&1
	[ "$(tip refs/tags/v1.2)" = "$zeros" ]
	verdict $? "L05+ a malformed tag: $what"
	says 'object.malformed' "L05+ and for that"
done <<ROWS
a NUL in the message|object %s\ntype commit\ntag v1.2\ntagger c <c@x.test> 1 +0000\n\nRelease${nul}$PLAN\n
two addresses|object %s\ntype commit\ntag v1.2\ntagger c <c@x.test> <d@x.test> 1 +0000\n\nRelease\n
two taggers|object %s\ntype commit\ntag v1.2\ntagger c <c@x.test> 1 +0000\ntagger d <d@x.test> 1 +0000\n\nRelease\n
a second object line|object %s\ntype commit\ntag v1.2\nobject $F\ntagger c <c@x.test> 1 +0000\n\nRelease\n
no name|object %s\ntype commit\ntag \ntagger c <c@x.test> 1 +0000\n\nRelease\n
ROWS
N=$(tag_as "$(echo "$good" | sed 's/tag v1.2/tag v9.9/')")
expect_refused object.malformed "L05+ a tag object by another name than its ref" \
    promote "$N:refs/tags/v1.2"
N=$(tag_as 'object %s\ntype commit\ntag v1.2\n\nRelease\n')
expect_admitted "L05+ an old tag without a tagger" promote "$N:refs/tags/v1.2"

# ---- L06: release tags stand
V=$(tip refs/tags/v1.0)
land later
stage "$C"
yes bob "$C" refs/tags/v1.0
expect_refused environment.tag-moved "L06: v1.0 is forced elsewhere" \
    promote -f "$C:refs/tags/v1.0"
expect_refused 'environment.(deletion|tag-moved)' "L06: v1.0 is deleted" \
    push_as alice :refs/tags/v1.0
expect_refused '[a-z]*\.[a-z-]*' "L06+ deleted and made again in one push" \
    promote -f "$C:refs/tags/v1.0" :refs/tags/v1.1
on_server update-ref -d refs/tags/v1.0
expect_refused environment.tag-moved \
    "L06: deleted by hand and made again elsewhere" \
    promote "$C:refs/tags/v1.0"
expect_admitted "L06+ lawful: made again where it was" \
    push_as alice "$V:refs/tags/v1.0"
git_as alice tag -f -a -m "another tag object on the same commit

$PLAN" v1.0 "$R" >"$W/out"
expect_refused environment.tag-moved "L06+ another tag object on its commit" \
    promote -f refs/tags/v1.0
git_as carol fetch -q origin
expect_refused 'environment\.[a-z-]*|emergency\.[a-z-]*' \
    "L06+ not even in an emergency" push_as carol -f -o emergency=INC-7 \
    -o reason="the release must point at the other commit now" \
    "$R~1:refs/tags/v1.0"
check "L06: v1.0 is where it was" [ "$(tip refs/tags/v1.0)" = "$V" ]
# A glob as target: literally the gate's, and for one tag.
approve_as bob "$C" --for 'refs/tags/v*' >"$W/out" 2>&1
expect_admitted "L06+ approved for refs/tags/v*: the first tag" \
    promote "$C:refs/tags/v3.0"
expect_refused 'peer\.[a-z-]*' "L06+ spends it: the second" \
    promote "$C:refs/tags/v3.1"
approve_as bob "$C" --for 'refs/tags/*' >"$W/out" 2>&1
expect_refused 'peer\.[a-z-]*' "L06+ another glob is nothing" \
    promote "$C:refs/tags/v3.2"

# ---- L07: cherry-picks to a release line
base=$(git_as alice rev-parse origin/main)
expect_admitted "L07: a line is cut on main" \
    push_as bob "$base:refs/heads/line/1"
land fix
FIX=$C
git_as bob fetch -q origin
git_as bob checkout -q -f -B pick "$base"
git_as bob cherry-pick "$FIX" >"$W/out" 2>&1
PICK=$(git_as bob rev-parse HEAD)
push_as bob -q pick
expect_refused 'peer\.[a-z-]*' "L07: approval for main is none for the line" \
    push_as bob "$PICK:refs/heads/line/1"
says "$(printf '%.12s' "$PICK")" "L07: the new commit is to be approved"
expect_refused 'peer\.[a-z-]*|review\.[a-z-]*' \
    "L07+ nor does the approved commit itself come by it" \
    push_as alice -f "$FIX:refs/heads/line/1"
git_as bob fetch -q origin
(approve_as bob "$PICK" --for refs/heads/line/1) >"$W/out" 2>&1
expect_refused 'peer.(committer|first-pusher|none)' "L07: by who picked it" \
    push_as bob "$PICK:refs/heads/line/1"
(approve_as alice "$PICK" --for refs/heads/line/1) >"$W/out" 2>&1
expect_refused 'peer.(author|count|none|committer|first-pusher)' \
    "L07: by the author of what was picked" \
    push_as bob "$PICK:refs/heads/line/1"
says 'alice.*author' "L07: who is named as that"
yes carol "$PICK" refs/heads/line/1
expect_admitted "L07: by somebody else" push_as bob "$PICK:refs/heads/line/1"
git_as bob checkout -q -f -B back origin/main
git_as bob merge -q --no-ff -m "Merge the line back" "$PICK" >"$W/out" 2>&1
expect_refused 'review\.[a-z-]*|peer\.[a-z-]*' \
    "L07+ merged back to main: that asks for main's own approval" \
    push_as bob back:refs/heads/main
expect_refused environment.deletion "L07+ a line is not deleted" \
    push_as bob :refs/heads/line/1

# ---- L08: a revert
git_as alice fetch -q origin
git_as alice checkout -q -f -B revert origin/main
git_as alice revert --no-edit HEAD >"$W/out" 2>&1
git_as alice commit -q --amend -m "Revert the fix"
C=$(git_as alice rev-parse HEAD)
push_as alice -q revert
expect_refused peer.none "L08: a revert is a change too" \
    push_as alice "$C:refs/heads/main"
git_as carol fetch -q origin
emergency() {
	push_as carol "$@" "$C:refs/heads/main"
}
expect_refused 'peer.none' "L08: an incident alone" emergency -o emergency=INC-8
expect_refused 'peer.none' "L08: a reason alone" \
    emergency -o reason="payments fail since the fix went live"
expect_refused 'peer.none|emergency\.[a-z-]*' "L08: no real reason" \
    emergency -o emergency=INC-8 -o reason=n/a
expect_refused 'emergency\.[a-z-]*|peer.none' "L08: by somebody outside the lane" \
    push_as alice -o emergency=INC-8 -o "rollback-plan=$BACK" \
    -o reason="payments fail since the fix went live" "$C:refs/heads/main"
expect_admitted "L08: with incident, reason and plan" \
    emergency -o emergency=INC-8 -o "rollback-plan=$BACK" \
    -o reason="payments fail since the fix went live"
says 'EMERGENCY' "L08: loudly"
foureyes due >"$W/out" 2>&1
says "$(printf '%.12s' "$C")" "L08: and its review is due"
expect_refused 'review.not-in-full' "L08+ until then it is not promoted" \
    promote "$C:refs/heads/staging"

# ---- other ways to production
(approve_as bob "$C") >"$W/out" 2>&1
land button
M=$C
before=$(tip refs/heads/production)
tree=$(git_as alice rev-parse "$M^{tree}")
# button TREE PARENT...: what a forge's merge button would make.
button() {
	tree=$1
	shift
	# shellcheck disable=SC2046  # words
	set -- $(printf -- '-p %s ' "$@")
	git_as alice commit-tree "$@" -m "Merge for production" "$tree"
}
git_as alice fetch -q origin
stage "$M"
yes bob "$M" refs/heads/production
git_as alice checkout -q -f -B other "$before"
commit_as alice other.txt "PAY-1 other"
O=$C
git_as alice checkout -q -f "$before"
for merge in "$O^{tree} $before $M" "$tree $before $O" "$tree $M $before" \
    "$tree $before $M $O" "$tree $before $before" "$tree $before"; do
	# shellcheck disable=SC2086,SC2046  # words
	N=$(button $(for id in $merge; do git_as alice rev-parse "$id"; done))
	expect_refused 'review\.[a-z-]*|staging\.[a-z-]*|environment\.[a-z-]*' \
	    "L+ not what a merge button makes: $merge" \
	    promote -f "$N:refs/heads/production"
done
N=$(button "$tree" "$before" "$M")
expect_admitted "L+ lawful: the gate's tip, what was staged, and its tree" \
    promote "$N:refs/heads/production"
land brief
push_as alice -q "$C:refs/heads/staging" >"$W/out" 2>&1
land next
push_as alice -q "$C:refs/heads/staging" >"$W/out" 2>&1
sleep 1.2
# make_button COMMIT: onto production, as a forge makes it; $N.
make_button() {
	N=$(button "$(git_as alice rev-parse "$1^{tree}")" \
	    "$(tip refs/heads/production)" "$(git_as alice rev-parse "$1")")
}
make_button "$C~1"
yes bob "$C~1" refs/heads/production
expect_refused 'staging.soak' "L+ it was the tip of staging for a moment" \
    promote "$N:refs/heads/production"
make_button "$C"
yes alice "$C" refs/heads/production
expect_refused 'peer\.[a-z-]*' "L+ who lands it does not approve it" \
    promote "$N:refs/heads/production"
yes bob "$C" refs/heads/production
expect_refused rollback.absent "L+ the plan of one of several changes is not the plan" \
    push_as alice "$N:refs/heads/production"
expect_admitted "L+ lawful: with a plan of its own" \
    promote "$N:refs/heads/production"
check "L: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

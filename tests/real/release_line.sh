#!/bin/sh
# release_line.sh - a release line: cut from what landed on main, back-ported
# to under approval, merged back where main accepts the line, and retired.  And
# what an insider tries with each of these.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
bare=$W/srv/$REPO.git
LINE=refs/heads/release/1

# policy_lines: main accepts the lines; they are born on main.
LINE_MORE='approvals: {count: 1, groups: [engineers]}'
policy_lines() {
	echo 'accepts: [lines]' | policy_main |
	    sed "/^      staging:/i\\
      lines:\\
        refs: [\"refs/heads/release/*\"]\\
        born_from: [main]\\
        landers: [engineers]\\
        delete: {groups: [platform]}\\
        rollback: {within: 10}\\
        $LINE_MORE"
}
policy_lines | use_policy

# on_line PERSON BRANCH LINE [PATH]: a commit on the line's tip, pushed; $C.
on_line() {
	git_as "$1" fetch -q origin
	git_as "$1" checkout -q -f -B "$2" "origin/release/$3"
	commit_as "$1" "${4:-$2.txt}" "PAY-1 change $2

$PLAN"
	push_as "$1" -q "+$2" >"$W/out" 2>&1 || verdict 1 "$1 pushes $2"
}

# lands_on LINE PERSON BRANCH APPROVER: made, approved for the line, landed.
lands_on() {
	on_line "$2" "$3" "$1"
	approved "$4" --for "refs/heads/release/$1"
	push_as "$2" "$3:refs/heads/release/$1" >"$W/out" 2>&1 ||
	    verdict 1 "$3 lands on line $1"
}

# merge_as PERSON BRANCH WHAT: WHAT merged into main as a machine would; $C.
merge_as() {
	git_as "$1" fetch -q origin
	git_as "$1" checkout -q -f -B "$2" origin/main
	git_as "$1" merge -q --no-ff -m "PAY-1 merge $2

$PLAN" "$3" >"$W/out" 2>&1 || verdict 1 "$1 can merge $3"
	C=$(git_as "$1" rev-parse HEAD)
	push_as "$1" -q "+$2" >"$W/out" 2>&1 || verdict 1 "$1 pushes $2"
}

# cut NUMBER: a new line at main's tip, by bob.
cut() {
	git_as bob fetch -q origin
	push_as bob "$(on_server rev-parse main):refs/heads/release/$1" \
	    >"$W/out" 2>&1 || verdict 1 "line $1 can be cut"
}

tip() {
	on_server rev-parse -q --verify "$1"
}

# ---- cut, back-port, merge back ----

lands "a line is cut where main has landed" bob "$(tip main):$LINE"
decided '"code":"environment.born"' "by what landed there"
change_as alice fix
approved bob
lands "a fix on main" alice fix:main
FIX=$C
git_as bob fetch -q origin
git_as bob checkout -q -f -B pick origin/release/1
git_as bob cherry-pick "$FIX" >"$W/out" 2>&1 || verdict 1 "it can be picked"
C=$(git_as bob rev-parse HEAD)
push_as bob -q pick
stops peer.none "a back-port is not approved by what was on main" \
    bob "pick:$LINE"
approved carol --for "$LINE"
lands "approved for the line it lands" bob "pick:$LINE"
lands_on 1 alice own bob
OWN=$C

merge_as bob back origin/release/1
stops 'peer.(none|other-target)' "the merge itself is approved by nobody" bob back:main
says 'review.accepted' "though what it brings landed under approval"
says "$(printf 'approve: *%s' "$C")" "what is to be approved is the merge"
says 'who: .*alice' "by whoever had a part in the line, too"
policy_main </dev/null | sed "/^      staging:/i\\
      lines:\\
        refs: [\"refs/heads/release/*\"]\\
        born_from: [main]" | use_policy
approved alice
stops peer.author "where main does not accept the line she is an author" \
    bob back:main
policy_lines | use_policy
approved bob
lands "where it does she may approve the merge" bob back:main
decided "\"id\":\"$OWN\"[^}]*\"place\":\"accepted\"[^}]*\"accepted_gate\":\"lines\"" \
    "the record says by what each commit is covered"
decided '"contributors":\[\]' "and that nobody in it had a part in the merge"
approve_as alice "$OWN" --for "$LINE" >"$W/out" 2>&1

lands_on 1 alice more bob
C=$(tip $LINE)
approved alice
merge_as carol again origin/release/1
lands "or the line's tip is approved for main, and merged by a machine" \
    carol again:main
lands_on 1 alice third bob
C=$(tip $LINE)
approved carol
merge_as carol mine origin/release/1
stops peer.lander "of what nobody made the lander is no peer" carol mine:main
lands "another lands it" bob origin/mine:main

# What was approved for main need not hold the line's commits.
lands_on 1 alice squashed bob
merge_as bob whole origin/release/1
git_as alice fetch -q origin
C=$(git_as alice commit-tree "origin/whole^{tree}" -p origin/main \
    -m "PAY-1 the line as one commit

$PLAN")
push_as alice -q "$C:refs/heads/squash"
approved carol
lands "a merge with exactly the tree that was approved" bob whole:main

# ---- who would slip something in with it ----

lands_on 1 alice fourth bob
C=$(tip $LINE)
approved alice
git_as bob fetch -q origin
git_as bob checkout -q -f -B evil origin/main
git_as bob merge -q --no-ff --no-commit origin/release/1 >"$W/out" 2>&1
echo door >"$W/bob/door.txt"
git_as bob add -A
git_as bob commit -q -m "PAY-1 merge with a door

$PLAN"
stops 'review.unreviewed-commit' "a merge that brings more than the line" \
    bob evil:main
C=$(git_as bob rev-parse evil)
push_as bob -q evil
approved bob
stops 'peer\.(author|committer)' "whose maker has a part in it" bob evil:main

on_line alice door 1
git_as bob fetch -q origin
merge_as bob stranger origin/door
approved alice
stops peer.author "what has not landed on the line brings its author" \
    bob stranger:main

# One push for both: what lands on the line with it has not landed yet.
C=$(git_as alice rev-parse door)
approved bob --for "$LINE"
stops peer.author "landed on the line by the same push" \
    bob stranger:main "$(git_as alice rev-parse door):$LINE"

# A state in the middle of what landed, that nobody judged.
cut 2
on_line alice in 2
IN=$C
git_as alice rm -q in.txt
commit_as alice out.txt "PAY-1 out again

$PLAN"
push_as alice -q "HEAD:refs/heads/out"
approved bob --for refs/heads/release/2
lands "two commits land as one change" alice HEAD:refs/heads/release/2
merge_as bob middle "$IN"
approved alice
stops peer.author "its first alone is no state that landed" bob middle:main

# In an emergency nobody approved it, until somebody did.
cut 3
on_line carol urgent 3
lands "an emergency on the line" carol -o emergency=INC-3 \
    -o reason='card payments fail' urgent:refs/heads/release/3
URGENT=$C
merge_as bob unseen origin/release/3
approved carol
stops peer.author "what nobody approved brings its author" bob unseen:main
UNSEEN=$C
C=$URGENT
approved alice --for refs/heads/release/3
C=$UNSEEN
lands "once it was reviewed it does not" bob unseen:main

# Objected to since.
cut 4
lands_on 4 alice objected bob
approve_as carol "$C" --for 'refs/heads/release/*' --object >"$W/out" 2>&1 ||
    verdict 1 "carol objects"
OBJECTED=$C
merge_as bob doubtful origin/release/4
approved alice
stops peer.author "what was objected to since, by the line's glob" \
    bob doubtful:main
DOUBTFUL=$C
C=$OBJECTED
approve_as carol "$C" --for 'refs/heads/release/*' --withdraw >"$W/out" 2>&1
approve_as carol "$C" --for refs/heads/release/4 --object >"$W/out" 2>&1 ||
    verdict 1 "carol objects by its name"
C=$DOUBTFUL
stops peer.author "also by the line's name" bob doubtful:main
approve_as carol "$OBJECTED" --for refs/heads/release/4 --withdraw \
    >"$W/out" 2>&1
lands "taken back" bob doubtful:main

# Gone back from since: it is in no tip any more.
cut 9
lands_on 9 alice left bob
LEFT=$C
lands "the line goes back by its lane" bob -f -o reason='it fails at once' \
    "$LEFT~1:refs/heads/release/9"
merge_as bob gone-back "$LEFT"
approved alice
stops peer.author "what the line was taken back from" bob gone-back:main

# Where main moves on by the line itself, each change is looked at for itself.
cut 8
on_line alice step 8
FIRST=$C
commit_as alice step-2.txt "PAY-1 and on

$PLAN"
push_as alice -q HEAD:refs/heads/step >"$W/out" 2>&1
approved bob --for refs/heads/release/8
lands "two commits as one change" alice HEAD:refs/heads/release/8
approved carol
C=$FIRST
approved alice
lands "main moves on by them" bob origin/release/8:main
check "as one change: its first part was no change that landed" sh -c \
    "grep -h '\"type\":\"decision\"' '$W'/etc/ledger/*.jsonl | tail -1 |
        grep -o '\"id\":\"payments/main/[0-9a-f]*\"' | sort -u | wc -l |
        grep -qx 1"

# Adopted as it was, observed only, without approvals: not under approval.
git_as alice fetch -q origin
git_as alice checkout -q -f -B old origin/main
commit_as alice adopted.txt "PAY-1 before the line was known

$PLAN"
push_as alice -q old
on_server update-ref refs/heads/release/5 old
foureyes adopt "$REPO" >"$W/out" 2>&1 || verdict 1 "line 5 can be adopted"
merge_as bob taken origin/release/5
approved alice
stops peer.author "what was adopted was not approved" bob taken:main

cut 6
LINE_MORE='mode: observe\
        approvals: {count: 1}'
policy_lines | use_policy
on_line alice looked 6
expect_admitted "observed only, it is let through" \
    push_as alice looked:refs/heads/release/6
merge_as bob seen origin/release/6
approved alice
stops peer.author "what would have been refused was not approved" bob seen:main
LINE_MORE='environments: [lines]'
policy_lines | use_policy
on_line alice free 6
lands "a line that asks for no approval" alice free:refs/heads/release/6
LINE_MORE='approvals: {count: 1, groups: [engineers]}'
policy_lines | use_policy
stops peer.author "what nobody was asked about" bob seen:main

# Of another repository.
cut 7
REPO=orders
git init -q --bare -b main "$W/srv/orders.git"
git_as alice push -q "$W/srv/orders.git" "origin/main:refs/heads/main" \
    >"$W/out" 2>&1
{
	foureyes install "$W/srv/orders.git" && foureyes adopt orders
} >"$W/out" 2>&1 || verdict 1 "a second repository can be set up"
on_line alice elsewhere 7
git_as alice push -q "$W/srv/orders.git" \
    "origin/main:refs/heads/release/7" >"$W/out" 2>&1 ||
    verdict 1 "its line can be cut"
git_as alice push -q "$W/srv/orders.git" elsewhere >"$W/out" 2>&1
git_as bob fetch -q origin
tag_as bob foureyes/there "$(statement refs/heads/release/7)"
git_as bob push -q "$W/srv/orders.git" \
    "$T:refs/foureyes/approvals/$C/there" >"$W/out" 2>&1 ||
    verdict 1 "bob approves it there"
git_as alice push -q "$W/srv/orders.git" "elsewhere:refs/heads/release/7" \
    >"$W/out" 2>&1 || verdict 1 "it lands there"
REPO=payments
merge_as bob abroad origin/elsewhere
approved alice
stops peer.author "what landed on a line of another repository" bob abroad:main

LINE_MORE='approvals: {count: 1}'
policy_lines | use_policy
foureyes check >"$W/out" 2>&1
says "gate 'main' accepts what landed on 'lines', which asks less" \
    "check warns where the line asks less"
LINE_MORE='approvals: {count: 1, groups: [engineers]}'
policy_lines | use_policy

# ---- and the line retires ----

stops environment.not-held "a line that main does not hold yet is not deleted" \
    dave ":$LINE"
says 'merge it there first|merge it$' "and what to do"
C=$(tip $LINE)
approved alice
merge_as carol last origin/release/1
lands "the rest of it is merged" carol last:main
stops environment.lander "one that it holds goes by those who may delete" \
    bob ":$LINE"
says 'who may: dave' "who are named"
T1=$(tip $LINE)
lands "the line is retired" dave ":$LINE"
says "environment.retired: .*" "by the ref that holds it"
check "it is gone" [ -z "$(tip $LINE)" ]
decided '"retirement":{"held":"yes","ref":"refs/heads/main"' "as the record says"
check "verify finds nothing wrong" foureyes verify
on_line alice late 2
stops 'review\.[a-z-]*|environment\.[a-z-]*' "made again elsewhere it is a move from there" \
    alice "late:$LINE"
stops environment.lander "made again by one who may not move it" \
    dave "$T1:$LINE"
lands "a lander makes it again where it was" bob "$T1:$LINE"
decided '"gone":true' "which the record says"

done_testing

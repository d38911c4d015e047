#!/bin/sh
# retired.sh - who would lose history by deleting a gated ref.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
bare=$W/srv/$REPO.git

policy_lines() {
	policy_main </dev/null | sed "/^      staging:/i\\
      lines:\\
        refs: [\"refs/heads/release/*\"]\\
        born_from: [main]\\
        approvals: {count: 1, groups: [engineers]}\\
        delete: {groups: [platform]}\\
        rollback: {within: 10}"
}
policy_lines | use_policy

# line NUMBER: cut at main's tip, with a commit of its own; $C.
line() {
	git_as alice fetch -q origin
	push_as alice "$(on_server rev-parse main):refs/heads/release/$1" \
	    >"$W/out" 2>&1 || verdict 1 "line $1 is cut"
	git_as alice fetch -q origin
	git_as alice checkout -q -f -B "own-$1" "origin/release/$1"
	commit_as alice "own-$1.txt" "PAY-1 line $1

$PLAN"
	push_as alice -q "own-$1" >"$W/out" 2>&1
	approved bob --for "refs/heads/release/$1"
	push_as alice "own-$1:refs/heads/release/$1" >"$W/out" 2>&1 ||
	    verdict 1 "line $1 moves on"
}

# ---- held by each other ----

line 1
stops 'environment.not-held' "a line nothing holds" dave :refs/heads/release/1
git_as alice fetch -q origin
lands "a second line is cut at main" alice \
    "$(on_server rev-parse main):refs/heads/release/2"
approve_as bob "$C" --for refs/heads/release/2 >"$W/out" 2>&1
lands "and comes to the same commit" alice own-1:refs/heads/release/2
stops environment.not-held "two lines that hold each other do not go at once" \
    dave :refs/heads/release/1 :refs/heads/release/2

hold_updates
: >"$W/hold-1"
push_as dave :refs/heads/release/1 >"$W/out-1" 2>&1 &
first=$!
i=0
until [ -e "$W/held-1" ] || [ $i -ge 80 ]; do
	sleep 0.1
	i=$((i + 1))
done
check "one goes, and has not gone yet" [ -e "$W/held-1" ]
stops environment.not-held "then the other stays" dave :refs/heads/release/2
rm -f "$W/hold-1"
check "it is gone" wait "$first"
stops environment.not-held "and the other still stays" dave :refs/heads/release/2
rm -f "$bare/hooks/update"

# ---- held by what is not there, or not gated ----

git_as alice fetch -q origin
push_as alice -q "$C:refs/heads/keep" >"$W/out" 2>&1
stops environment.not-held "a ref that is not gated holds nothing" \
    dave :refs/heads/release/2
push_as alice -q "$C:refs/tags/keep" >"$W/out" 2>&1
stops environment.not-held "nor does such a tag" dave :refs/heads/release/2
approve_as bob "$C" >"$W/out" 2>&1
lands "main takes it" alice "$C:main"
M=$(on_server rev-parse main)
on_server update-ref refs/heads/main "$M~1"
stops 'environment.not-held' "main was moved from it by hand" \
    dave :refs/heads/release/2
on_server update-ref refs/heads/main "$M"
lands "and is back" dave :refs/heads/release/2

# ---- held where nothing is held ----

observed() {
	policy_main </dev/null | sed "/^      staging:/i\\
      lines:\\
        refs: [\"refs/heads/release/*\"]\\
        born_from: [main]\\
        approvals: {count: 1, groups: [engineers]}\\
        delete: {groups: [platform]}\\
      loose:\\
        refs: [\"refs/heads/loose\", \"refs/heads/loose-2\"]\\
        mode: observe\\
        approvals: {count: 1}\\
        born_from: [lines]"
}
line 5
observed | use_policy
git_as alice fetch -q origin
push_as alice -q "$C:refs/heads/loose" >"$W/out" 2>&1 ||
    verdict 1 "a ref that is only observed"
stops environment.not-held "a gate that is only observed holds nothing" \
    dave :refs/heads/release/5
observed | sed '/mode: observe/d' | use_policy
lands "one that is enforced does" dave :refs/heads/release/5
line 7
push_as alice -q "$C:refs/heads/loose-2" >"$W/out" 2>&1 ||
    verdict 1 "another such ref"
policy_lines | use_policy
stops environment.not-held "one that was gated once does not" \
    dave :refs/heads/release/7

# ---- a review that is owed ----

line 6
git_as carol fetch -q origin
git_as carol checkout -q -f -B urgent origin/release/6
commit_as carol urgent.txt "PAY-1 at once

$PLAN"
lands "an emergency on a line" carol -o emergency=INC-6 \
    -o reason='card payments fail' urgent:refs/heads/release/6
URGENT=$C
approve_as bob "$URGENT" >"$W/out" 2>&1
lands "which main takes" alice "$URGENT:main"
lands "the line goes" dave :refs/heads/release/6
foureyes due >"$W/out" 2>&1
says "$URGENT" "its review is owed all the same"
C=$URGENT
approved alice --for refs/heads/release/6
check "and can be done" foureyes due

# ---- drift on the line ----

line 3
approve_as bob "$C" >"$W/out" 2>&1
lands "main takes line 3" alice "$C:main"
git_as alice checkout -q -f -B astray "$C"
commit_as alice astray.txt 'by hand'
push_as alice -q astray >"$W/out" 2>&1
on_server update-ref refs/heads/release/3 "$C"
stops environment.not-held "what was put on the line by hand would be lost" \
    dave :refs/heads/release/3
git_as dave fetch -q origin
T3=$(git_as alice rev-parse own-3)
expect_admitted "put back" push_as dave -f "$T3:refs/heads/release/3"
lands "it goes" dave :refs/heads/release/3

# ---- not a way round anything else ----

stops environment.deletion "main has no delete, whoever holds it" dave :main
line 4
approve_as bob "$C" >"$W/out" 2>&1
lands "main takes line 4" alice "$C:main"
lands "line 4 goes" dave :refs/heads/release/4
T4=$C
git_as alice fetch -q origin
git_as alice checkout -q -f -B other "$T4~1"
commit_as alice other.txt "PAY-1 another history

$PLAN"
push_as alice -q other
approve_as bob "$C" --for refs/heads/release/4 >"$W/out" 2>&1
stops 'environment.(never-live|not-fast-forward)' \
    "made again beside where it was, though that is approved" \
    alice -f other:refs/heads/release/4
git_as alice checkout -q -f -B on "$T4"
commit_as alice on.txt "PAY-1 from there

$PLAN"
push_as alice -q on
stops 'peer\.[a-z-]*' "made again further on, that is new" \
    alice on:refs/heads/release/4
approve_as bob "$C" --for refs/heads/release/4 >"$W/out" 2>&1
lands "and goes on from there when it is approved" alice \
    on:refs/heads/release/4
check "reconcile agrees" foureyes reconcile "$REPO"

done_testing

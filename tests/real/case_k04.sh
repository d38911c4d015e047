#!/bin/sh
# Words that split on purpose, names set by what is sourced, texts that look like
# expansions and are none.
# shellcheck disable=SC2016,SC2034,SC2046,SC2059,SC2086,SC2154,SC2181
# K04: which commits and ranges are judged.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
site local
bare=$W/srv/$REPO.git

# Beside the standard gates one for release lines, born on main.
policy_main </dev/null | sed '/^      staging:/i\
      lines:\
        refs: ["refs/heads/release", "refs/heads/line/*"]\
        born_from: [main]\
        approvals: {count: 1, groups: [engineers]}' | use_policy

admitted() {
	cat "$W"/etc/ledger/*.jsonl | grep '"type":"decision"' |
	    grep -c '"outcome":"ADMITTED'
}

land() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1
	push_as alice -q "$1:main" >>"$W/out" 2>&1 || verdict 1 "$1 must land"
}

# three BRANCH: alice, on main, with three commits nobody has seen.
three() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$1" origin/main
	for part in a b c; do
		commit_as alice "$1-$part.txt" "PAY-1 $part of $1

$PLAN"
	done
}

# ---- D01: a new branch
three new-line
expect_refused 'review.unreviewed-commit' \
    "D01: a new gated branch with three unapproved commits" \
    push_as alice new-line:release
says '3 commits' "D01: all three are named"
check "D01: it was not made" [ "$(tip refs/heads/release)" = "$zeros" ]
expect_refused 'environment.not-adopted|review.unreviewed-commit' \
    "D01+ an unborn ref of a gate without a birthplace" \
    push_as alice new-line:master
expect_admitted "D01+ a line born at main's tip is lawful" \
    push_as alice origin/main:refs/heads/line/1
on_server update-ref refs/heads/line/there main
expect_refused environment.not-adopted \
    "D01+ a line that is there, and nobody adopted, is not born again" \
    push_as alice new-line:refs/heads/line/there
push_as alice -q "$C:refs/heads/kept" || verdict 1 "it could not be kept"
pack | wire alice "$zeros $C refs/heads/line/there" >"$W/out" 2>&1
says 'environment.not-adopted' "D01+ not by claiming it is not there"
on_server update-ref -d refs/heads/line/there
git_as alice checkout -q --orphan rootless
git_as alice commit -q -m "PAY-1 a history of its own

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q rootless
approve_as bob "$C" --for refs/heads/line/2 >"$W/out" 2>&1
expect_refused '[a-z]*\.[a-z-]*' \
    "D01+ a line born of no history at all, though approved" \
    push_as alice rootless:refs/heads/line/2
check "D01+ it was not made" [ "$(tip refs/heads/line/2)" = "$zeros" ]

# ---- D02: the first push to an empty repository
REPO=empty
git init -q --bare -b main "$W/srv/empty.git"
foureyes install "$W/srv/empty.git" >"$W/out" 2>&1
git init -q "$W/fifty"
i=0
while [ $i -lt 50 ]; do
	echo "commit refs/heads/main"
	echo "committer alice <alice@example.com> $((1700000000 + i)) +0000"
	printf 'data 3\nc%02d\n' $i
	printf 'M 644 inline f%s\ndata 1\nx\n' $i
	i=$((i + 1))
done | git -C "$W/fifty" fast-import --quiet
# first: push main of `fifty` to the empty repository.
first() {
	TEST_PUSHER=alice git -C "$W/fifty" push "$W/srv/empty.git" main
}
expect_refused environment.not-adopted \
    "D02: the first push to an empty repository" first
check "D02: nothing was made" [ "$(tip refs/heads/main)" = "$zeros" ]
sed '/match: \["\*\*"\]/a\    first_push: baseline' "$W/policy.yaml" >"$W/fp"
cp "$W/policy.yaml" "$W/strict.yaml"
use_policy <"$W/fp"
before=$(records adopted)
expect_admitted "D02: the same where the policy takes a baseline" first
check "D02: as one record" [ "$(records adopted)" -eq $((before + 1)) ]
check "D02: with pusher and tip" grep -q \
    '"type":"adopted".*"repository":"empty".*"new":"'"$(tip main)"'"' \
    "$W"/etc/ledger/*.jsonl
tail -1 "$W"/etc/ledger/*.jsonl >"$W/out"
says 'alice' "D02: who pushed it is in it"
commit_on_fifty() {
	git -C "$W/fifty" reset -q --hard main
	echo "$1" >"$W/fifty/$1"
	git -C "$W/fifty" add -A
	git -C "$W/fifty" -c user.name=alice -c user.email=alice@example.com \
	    commit -q -m "PAY-1 $1"
}
commit_on_fifty second
expect_refused 'peer.none' "D02+ a baseline is taken once" first
on_server update-ref -d refs/heads/main
expect_refused 'peer.none|review.unreviewed-commit' \
    "D02+ and not again after the ref was deleted by hand" first
use_policy <"$W/strict.yaml"
REPO=payments

# ---- D03: no new objects
git_as alice fetch -q origin
git_as alice checkout -q -B feature origin/main
commit_as alice c1.txt "PAY-1 c1

$PLAN"
commit_as alice c2.txt "PAY-1 c2

$PLAN"
check "D03: an ungated branch takes the commits" push_as alice feature
expect_refused peer.none "D03: they are judged when no object is new" \
    push_as alice feature:main
says '2 commits' "D03: both of them"
expect_refused peer.none "D03+ as part of a push whose objects are new" \
    push_as alice feature:main feature:refs/heads/more
for where in refs/remotes/origin/main refs/pull/1/head refs/changes/1/1/1 \
    refs/keep-around/x refs/stash refs/notes/x refs/original/refs/heads/main \
    refs/worktree/x refs/bisect/bad; do
	push_as alice -q "feature:$where" >"$W/out" 2>&1
done
expect_refused peer.none "D03+ whatever ref held them before" \
    push_as alice feature:main
on_server repack -q -a -d
on_server pack-refs --all
expect_refused peer.none "D03+ packed, refs and all" push_as alice feature:main
mkdir "$W/a:store with \"quotes"
mv "$bare/objects/pack" "$W/a:store with \"quotes"
mkdir "$bare/objects/pack"
echo "$W/a:store with \"quotes" >"$bare/objects/info/alternates"
expect_refused peer.none "D03+ borrowed from a path with a colon" \
    push_as alice feature:main
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "D03+ approved, it lands from there" push_as alice feature:main
cp -r "$W/a:store with \"quotes/pack" "$bare/objects"
rm "$bare/objects/info/alternates"

# A relay: the quarantine holds what the store has already.
git_as alice fetch -q origin
content again.txt
N=$(plain | raw_as alice commit)
wire_as alice refs/heads/again "$N" "$N" $(objects_of "$T") >"$W/out" 2>&1
expect_refused peer.none "D03+ sent a second time, in a pack of its own" \
    wire_as alice refs/heads/main "$N" "$N" $(objects_of "$T")
check "D03+ and its first pusher is the first one" \
    yes_to "$N"
expect_admitted "D03+ lawful: approved, sent a second time" \
    wire_as alice refs/heads/main "$N" "$N" $(objects_of "$T")

# ---- D05: backward
land forward-1
land forward-2
expect_refused environment.backward "D05: back to the grandparent" \
    push_as alice -f "$C~2:main"
expect_refused environment.backward "D05+ back by one, atomic, with others" \
    push_as alice -f --atomic "$C~1:main" "$C:refs/heads/other-ref"
check "D05: main did not move" [ "$(tip main)" = "$C" ]
expect_refused environment.deletion "D05+ deleted" push_as alice :main
expect_refused environment.deletion "D05+ deleted, among harmless ones" \
    push_as alice "$C:refs/heads/x1" :main "$C:refs/heads/x2"

# ---- D06: shallow
git init -q "$W/deep"
i=0
while [ $i -lt 5 ]; do
	git -C "$W/deep" -c user.name=alice -c user.email=alice@example.com \
	    commit -q --allow-empty -m "deep $i"
	i=$((i + 1))
done
for setting in false true; do
	on_server config receive.shallowUpdate $setting
	rm -rf "$W/flat"
	git clone -q --depth 1 "file://$W/deep" "$W/flat"
	before=$(admitted)
	expect_refused 'object.history-incomplete' \
	    "D06: from a shallow clone, shallowUpdate $setting" \
	    env TEST_PUSHER=alice git -C "$W/flat" push -f "$bare" \
	    HEAD:refs/heads/main
	check "D06: no admitted decision remains ($setting)" \
	    [ "$(admitted)" -eq "$before" ]
	expect_refused 'object.history-incomplete' \
	    "D06+ a new gated ref from it, shallowUpdate $setting" \
	    env TEST_PUSHER=alice git -C "$W/flat" push -f "$bare" \
	    HEAD:refs/heads/release
	check_not "D06+ an ungated ref must not cut the server's history off" \
	    1 env TEST_PUSHER=alice git -C "$W/flat" push "$bare" \
	    HEAD:refs/heads/flat
	check "D06+ the repository is whole ($setting)" \
	    [ ! -s "$bare/shallow" ]
done
# A clone that is shallow and pushes what the server can join is lawful.
on_server config receive.shallowUpdate false
rm -rf "$W/flat"
git clone -q --depth 1 "file://$bare" "$W/flat"
git -C "$W/flat" -c user.name=alice -c user.email=alice@example.com \
    commit -q --allow-empty -m "PAY-1 from a shallow clone

$PLAN"
C=$(git -C "$W/flat" rev-parse HEAD)
check "D06+ a shallow clone may push a branch that joins" \
    env TEST_PUSHER=alice git -C "$W/flat" push "$bare" HEAD:refs/heads/joins
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "D06+ and land what was approved" \
    env TEST_PUSHER=alice git -C "$W/flat" push "$bare" HEAD:refs/heads/main
on_server rev-parse main~2 >"$bare/shallow"
change_as alice cut
approve_as bob "$C" >"$W/out" 2>&1
expect_refused object.history-incomplete "D06+ a server that is shallow itself" \
    push_as alice cut:main
check_not "D06+ doctor says so" 1 foureyes doctor "$REPO"
says 'unshallow' "D06+ and the way out"
rm "$bare/shallow"
expect_admitted "D06+ whole again, it lands" push_as alice cut:main

# ---- D07: replacement refs
change_as alice approved
A=$C
approve_as bob "$A" >"$W/out" 2>&1
git_as alice checkout -q -B evil origin/main
commit_as alice evil.txt "PAY-1 evil

$PLAN"
E=$C
push_as alice -q evil
expect_refused policy.replace "D07: a replacement ref is not pushed" \
    push_as alice "$E:refs/replace/$A"
expect_refused policy.replace "D07+ nor among others, nor deleted" \
    push_as alice "$E:refs/heads/y1" "$E:refs/replace/$A" "$E:refs/heads/y2"
explain() {
	foureyes explain "$REPO" "$(tip main)" "$1" refs/heads/main
}
# words: what was said, but for the warning of such refs.
words() {
	sed '/grafts or refs\/replace/d'
}
for id in "$A" "$E" "$(tip main)"; do
	explain "$id" >"$W/before" 2>&1
	before=$?
	for way in "$E" "$A"; do
		[ "$way" != "$id" ] || continue
		on_server update-ref "refs/replace/$id" "$way"
		explain "$id" >"$W/after" 2>&1
		[ $? -eq $before ] &&
		    words <"$W/after" | diff "$W/before" - >"$W/out"
		verdict $? "D07: the same words with a replacement on the server"
		on_server update-ref -d "refs/replace/$id"
	done
done
on_server update-ref "refs/replace/$E" "$A"
expect_refused peer.none "D07+ evil replaced by what was approved" \
    push_as alice evil:main
on_server update-ref -d "refs/replace/$E"
on_server update-ref "refs/replace/$(on_server rev-parse "$A^{tree}")" \
    "$(on_server rev-parse "$E^{tree}")"
on_server update-ref "refs/replace/$(tip main)" "$E"
expect_admitted "D07+ approved, with its tree and its base replaced" \
    push_as alice "$A:main"
foureyes doctor "$REPO" >"$W/out" 2>&1
says 'refs/replace' "D07+ doctor says that there are such refs"
on_server for-each-ref --format='delete %(refname)' refs/replace |
    on_server update-ref --stdin

# ---- D08: grafts
three grafted
push_as alice -q grafted
approve_as bob "$C" >"$W/out" 2>&1
commit_as alice on-top.txt "PAY-1 unapproved, on top

$PLAN"
explain_push() {
	push_as alice -o explain grafted:main
}
for graft in "$C" "$C $(tip main)" "$(tip main)" "$C~1 $(tip main~1)"; do
	: >"$bare/info/grafts"
	for id in $graft; do
		printf '%s ' "$(git_as alice rev-parse "$id")"
	done | sed 's/ $/\n/' >"$bare/info/grafts"
	expect_refused review.unreviewed-commit \
	    "D08: unapproved commits under a graft file" \
	    push_as alice grafted:main
	says "$(printf '%.12s' "$C")" "D08: the commit is named"
	rm "$bare/info/grafts"
done
echo "$C" >"$bare/info/grafts"
push_as alice grafted:main >"$W/out" 2>&1
says 'foureyes: .*grafts' "D08: the push is told that grafts exist"
foureyes doctor "$REPO" >"$W/out" 2>&1
says 'grafts or refs/replace' "D08: so is doctor"
rm "$bare/info/grafts"

# ---- D09: HEAD
change_as alice bad
on_server symbolic-ref HEAD refs/heads/main
expect_refused peer.none "D09: HEAD at good main, the push is bad" \
    push_as alice bad:main
on_server update-ref refs/heads/good-branch "$A"
on_server symbolic-ref HEAD refs/heads/good-branch
expect_refused peer.none "D09+ HEAD at another branch" push_as alice bad:main
on_server update-ref --no-deref HEAD "$A"
expect_refused peer.none "D09+ HEAD at what was approved" \
    push_as alice bad:main
on_server symbolic-ref HEAD refs/heads/main
check_not "D09+ HEAD itself is no ref to push to" 1 wire_as alice HEAD "$C"
check "D09+ main did not move" [ "$(tip main)" = "$A" ]

# ---- several gated refs, in any order
land several
push_as alice -q "$C:refs/heads/line/a" "$C:refs/heads/line/b"
change_as alice pair
bad=$C
for order in "pair:main pair:refs/heads/line/a origin/main:refs/heads/z1" \
    "origin/main:refs/heads/z2 pair:refs/heads/line/a pair:main" \
    "pair:main :refs/heads/line/b" ":refs/heads/line/b pair:main" \
    "pair:refs/heads/line/a pair:refs/heads/line/b pair:main"; do
	for atomic in --no-atomic --atomic; do
		# shellcheck disable=SC2086  # a list of refspecs
		expect_refused peer.none "D+ two gated refs ($atomic $order)" \
		    push_as alice $atomic $order
	done
done
approve_as bob "$bad" >"$W/out" 2>&1
# Approved for main: that is nothing for the line, nor does main's landing in
# the same push make it something.
expect_refused 'peer\.[a-z-]*|review\.[a-z-]*' \
    "D+ main is approved, the line is not" \
    push_as alice "$bad:main" "$bad:refs/heads/line/a"
check "D+ neither moved" [ "$(tip main)" = "$(tip refs/heads/line/a)" ]
expect_admitted "D+ alone, main lands" push_as alice "$bad:main"

pack | wire alice "$(tip main) $bad refs/heads/main" \
    "$(tip main) $A refs/heads/main" >"$W/out" 2>&1
says 'twice|malformed|multiple' "D+ main twice in one push is refused"
check "D+ and stays" [ "$(tip main)" = "$bad" ]

# ---- dates that lie
git_as alice fetch -q origin
git_as alice checkout -q -f -B liars origin/main
for date in 0 4102444800 1 4102444801 1700000000 32503680000; do
	GIT_AUTHOR_DATE="@$date +0000" GIT_COMMITTER_DATE="@$date +0000" \
	    commit_as alice "liars-$date.txt" "PAY-1 in $date

$PLAN"
done
expect_refused peer.none "D+ commits of all ages" push_as alice liars:main
says '6 commits' "D+ each of them is seen"
git_as alice checkout -q -f -B sandwich origin/main
GIT_COMMITTER_DATE='@32503680000 +0000' commit_as alice sand.txt "PAY-1 sand

$PLAN"
GIT_COMMITTER_DATE='@1 +0000' git_as alice merge -q --no-ff \
    -m "PAY-1 wich" liars~1
expect_refused peer.none "D+ and of a merge between the ages" \
    push_as alice sandwich:main
says '7 commits' "D+ each of them too"

# ---- what maintenance leaves behind
on_server repack -q -a -d --write-midx --write-bitmap-index
on_server commit-graph write --reachable 2>"$W/out"
on_server pack-refs --all
on_server multi-pack-index write
change_as alice tended
expect_refused peer.none "D+ with a multi-pack-index and a commit-graph" \
    push_as alice tended:refs/heads/main
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "D+ and lawful work goes on" \
    push_as alice tended:refs/heads/main
bad=$C
head -c 200 /dev/urandom >"$bare/objects/info/commit-graph"
rm -rf "$bare/objects/info/commit-graphs"
change_as alice graphless 2>"$W/out"
expect_refused peer.none "D+ a commit-graph of garbage changes nothing" \
    push_as alice graphless:refs/heads/main
rm -f "$bare/objects/info/commit-graph"
C=$(git_as alice rev-parse pair)

# ---- symbolic refs onto gated refs
on_server symbolic-ref refs/heads/one-deep refs/heads/main
on_server symbolic-ref refs/heads/two-deep refs/heads/one-deep
on_server symbolic-ref refs/tags/aside refs/heads/two-deep
on_server symbolic-ref refs/heads/unborn refs/heads/line/unborn
change_as alice sly
for alias in refs/heads/one-deep refs/heads/two-deep refs/tags/aside; do
	expect_refused peer.none "D+ a symbolic ref to main: $alias" \
	    push_as alice -f "sly:$alias"
	expect_refused 'environment.deletion|peer.none|policy\.[a-z-]*' \
	    "D+ deleted through it: $alias" push_as alice ":$alias"
done
expect_refused 'review.unreviewed-commit|peer.none' \
    "D+ a symbolic ref to a gated ref not yet born" \
    push_as alice sly:refs/heads/unborn
check_not "D+ main and its alias in one push" 1 \
    push_as alice sly:main sly:refs/heads/two-deep
on_server symbolic-ref refs/heads/loop-a refs/heads/loop-b
on_server symbolic-ref refs/heads/loop-b refs/heads/loop-a
check_not "D+ a loop of symbolic refs" 1 push_as alice sly:refs/heads/loop-a
check "D+ main did not move" [ "$(tip main)" = "$bad" ]
on_server update-ref refs/heads/plain main
rm "$bare/refs/heads/plain"
ln -s main "$bare/refs/heads/plain"
check_not "D+ a symbolic ref as old Git made them, a link" 1 \
    push_as alice sly:refs/heads/plain
check "D+ main did not move by it" [ "$(tip main)" = "$bad" ]
rm "$bare/refs/heads/plain"
for alias in refs/heads/one-deep refs/heads/two-deep refs/tags/aside \
    refs/heads/unborn refs/heads/loop-a refs/heads/loop-b; do
	on_server symbolic-ref -d "$alias"
done

# ---- deleted and made again, moved with the hooks off
on_server update-ref -d refs/heads/main
expect_refused 'peer.none|review.unreviewed-commit' \
    "D+ main is gone, and made again elsewhere" push_as alice sly:main
says "$(printf '%.12s' "$C")" "D+ judged from the ledger's tip"
expect_admitted "D+ made again where it was" push_as alice "$bad:refs/heads/main"
mv "$bare/hooks" "$bare/hooks.off"
on_server update-ref refs/heads/main "$C"
mv "$bare/hooks.off" "$bare/hooks"
git_as alice fetch -q origin
git_as alice checkout -q -B upon origin/main
commit_as alice upon.txt "PAY-1 upon it

$PLAN"
push_as alice -q upon
approve_as bob "$C" >"$W/out" 2>&1
drift=$(records drift)
approve_as bob "$C" >"$W/out" 2>&1
push_as alice upon:main >"$W/out" 2>&1
status=$?
says 'drift' "D+ moved with the hooks off: the gap is named"
check "D+ and recorded" [ "$(records drift)" -gt "$drift" ]
check "D+ the approval of the whole stretch from the ledger's tip covers it" \
    [ $status -eq 0 ]

# ---- D10: SHA-256
git init -q --bare -b main --object-format=sha256 "$W/srv/long.git"
check_not "D10: install says that SHA-256 is not supported" 3 \
    foureyes install "$W/srv/long.git"
says '[Ss][Hh][Aa]-?256' "D10: by name"
check_not "D10: doctor says so" 1 foureyes doctor "$W/srv/long.git"
says '[Ss][Hh][Aa]-?256' "D10: by name too"
cp -r "$bare/hooks/." "$W/srv/long.git/hooks/"
git init -q --object-format=sha256 "$W/long"
git -C "$W/long" -c user.name=alice -c user.email=alice@example.com \
    commit -q --allow-empty -m "PAY-1 long"
for ref in refs/heads/main refs/heads/free; do
	check_not "D10: a push to it is refused ($ref)" 1 \
	    env TEST_PUSHER=alice git -C "$W/long" push "$W/srv/long.git" \
	    "HEAD:$ref"
	says 'could not check.*' "D10: as one that could not be checked"
	says '[Ss][Hh][Aa]-?256' "D10: naming the reason"
done
git -C "$W/srv/long.git" fetch -q "$W/long" HEAD:refs/heads/main
check_not "D10: an update is" 1 env TEST_PUSHER=alice git -C "$W/long" push \
    -f "$W/srv/long.git" "HEAD:main" "HEAD:refs/heads/other"
check_not "D10: a deletion is" 1 env TEST_PUSHER=alice git -C "$W/long" push \
    "$W/srv/long.git" :main
rm -rf "$W/srv/long.git"

# Rows no Git sends: the hook by hand, as Git would run it.
by_hand() {
	printf '%b' "$1" | (cd "$bare" && TEST_PUSHER=alice GIT_DIR=. \
	    ./hooks/pre-receive)
}
old=$(tip main)
while IFS='	' read -r what row; do
	check_not "D10: a row is malformed: $what" 1 by_hand "$row"
	says 'could not check|malformed|no .old new ref|SHA-256' "D10: and named"
done <<ROWS
39 digits	$old $(echo "$bad" | cut -c2-) refs/heads/main\n
64 digits in a SHA-1 repository	$old$(echo "$zeros" | cut -c1-24) $bad$(echo "$zeros" | cut -c1-24) refs/heads/main\n
no digits	$old ${bad%?}g refs/heads/main\n
capitals	$old $(echo "$bad" | tr a-f A-F) refs/heads/main\n
two lengths	$old $bad$(echo "$zeros" | cut -c1-24) refs/heads/main\n
no name	$old $bad \n
a tab	$old	$bad refs/heads/main\n
an empty row	\n
a NUL in the name	$old $bad refs/heads/main\0x\n
ROWS
check "D10: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

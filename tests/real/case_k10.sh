#!/bin/sh
# K10: size and time.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
site local
bare=$W/srv/$REPO.git

# within SECONDS WHAT COMMAND...: succeeds, and in less than that.
within() {
	most=$1
	what=$2
	shift 2
	begun=$(date +%s%N)
	"$@" >"$W/out" 2>&1
	status=$?
	took=$((($(date +%s%N) - begun) / 1000000))
	[ $status -eq 0 ] && [ $took -lt $((most * 1000)) ]
	verdict $? "$what: under $most s ($took ms)"
}

# lean: the hook may have 256 MiB of memory from now on.
lean() {
	mv "$bare/hooks/pre-receive" "$bare/hooks/real"
	printf '#!/bin/sh\nulimit -v 262144\nexec %s\n' "$bare/hooks/real" \
	    >"$bare/hooks/pre-receive"
	chmod 755 "$bare/hooks/pre-receive"
}

# history COUNT: that many commits on main of a new repository $W/long.
history() {
	rm -rf "$W/long"
	git init -q "$W/long"
	i=0
	awk -v n="$1" 'BEGIN {
		for (i = 0; i < n; i++) {
			print "commit refs/heads/main"
			printf "committer alice <alice@example.com> %d +0000\n",
			    1400000000 + i * 60
			s = "PAY-1 commit " i " of a long history\n"
			printf "data %d\n%s\n", length(s), s
			printf "M 644 inline d%d/f%d\ndata %d\n%d\n", i % 37,
			    i % 211, length(i ""), i
		}
	}' | git -C "$W/long" fast-import --quiet
}

# ---- J01: very many refs
change_as alice one
BAD=$C
i=0
for count in 25 500 3000; do
	git_as alice for-each-ref --format='delete %(refname)' refs/many |
	    git_as alice update-ref --stdin
	i=0
	while [ $i -lt $((count - 1)) ]; do
		echo "create refs/many/$count/$i $BAD"
		i=$((i + 1))
	done | git_as alice update-ref --stdin
	expect_refused peer.none "J01: $count refs, one of them main" \
	    push_as alice "refs/many/$count/*:refs/heads/many/$count/*" \
	    one:refs/heads/main
	says "$BAD" "J01: as it is alone"
	check "J01: none of $count was made" sh -c "
	    [ -z \"\$(git -C '$bare' for-each-ref refs/heads/many)\" ]"
	check "J01: the hook says it in few lines" sh -c "
	    [ \"\$(grep -c 'remote: ' '$W/out')\" -lt 60 ]"
done
expect_refused 'review\.[a-z-]*|environment\.[a-z-]*' \
    "J01: 3,000 gated refs that nobody may make" \
    push_as alice "refs/many/3000/*:refs/tags/v*"
says 'and [0-9]+ more' "J01: some are named, and how many more"
check "J01: none was made" sh -c "
    [ -z \"\$(git -C '$bare' for-each-ref refs/tags)\" ]"
within 60 "J01: 3,000 ungated refs" \
    push_as alice -q "refs/many/3000/*:refs/heads/many/*"
check "J01: all were made" [ "$(on_server for-each-ref refs/heads/many |
    wc -l)" -eq 2999 ]
approve_as bob "$BAD" >"$W/out" 2>&1
git_as alice for-each-ref --format='delete %(refname)' \
    'refs/many/3000/[13-9]*' | git_as alice update-ref --stdin
expect_admitted "J01: lawful: main, approved, among a thousand others" \
    push_as alice "refs/many/3000/*:refs/heads/again/*" one:refs/heads/main

# ---- J02: time
sed -i '/^server:/i\deadline: 1s' "$W/etc/foureyes.yaml"
foureyes check >"$W/out" 2>&1 || verdict 1 "a deadline of a second"
# busy FILE: somebody holds its lock for ten seconds.
busy() {
	flock -o "$1" sleep 10 &
	holder=$!
	sleep 0.3
}
free() {
	kill "$holder" 2>/dev/null
	wait "$holder" 2>/dev/null
}
# in_time WHAT: refused, said so, and soon enough.
in_time() {
	begun=$(date +%s%N)
	push_as alice "$C:refs/heads/main" >"$W/out" 2>&1
	status=$?
	took=$((($(date +%s%N) - begun) / 1000000))
	[ $status -ne 0 ] && [ $took -lt 4500 ]
	verdict $? "$1: refused in time ($took ms)"
	says 'foureyes: ' "J02: and says why"
	check "J02: main did not move" [ "$(tip main)" != "$C" ]
}
change_as alice late
approve_as bob "$C" >"$W/out" 2>&1
busy "$W/etc/ledger/lock"
in_time "J02: the ledger's lock is held for ten seconds"
free
check "J02: no half-written record" foureyes verify --chain "$W/etc/ledger"
busy "$W/etc/index.db.witness"
before=$(records landing)
check "J02+ the witness's is: that is told, and the change is in" \
    push_as alice "$C:refs/heads/main"
says 'landing could not be recorded' "J02+ in these words"
free
change_as alice later
push_as alice "$C:refs/heads/main" >"$W/out" 2>&1
check "J02+ and the next push records the landing" \
    [ "$(records landing)" -eq $((before + 1)) ]
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "J02: and when nothing is in the way it lands" \
    push_as alice "$C:refs/heads/main"

# A merge that takes long: two histories of one large file without a common
# line, which the machine would have to compare line by line.
git_as alice fetch -q origin
git_as alice checkout -q -f -B base-of-slow origin/main
awk 'BEGIN { for (i = 0; i < 60000; i++) print i % 7, i % 11, "line" }' \
    >"$W/alice/slow.txt"
git_as alice add slow.txt
git_as alice commit -q -m "PAY-1 a large file

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q base-of-slow
approve_as bob "$C" >"$W/out" 2>&1
push_as alice -q "$C:refs/heads/main" >"$W/out" 2>&1 ||
    verdict 1 "the large file must land"
for side in left right; do
	git_as alice checkout -q -f -B "slow-$side" "$C"
	awk -v s="$side" 'BEGIN {
		srand(s == "left" ? 1 : 2)
		for (i = 0; i < 60000; i++)
			print int(rand() * 9), int(rand() * 9), "line"
	}' >"$W/alice/slow.txt"
	git_as alice commit -q -a -m "PAY-1 $side

$PLAN"
	push_as alice -q "slow-$side"
done
left=$(git_as alice rev-parse slow-left)
right=$(git_as alice rev-parse slow-right)
approve_as bob "$left" >"$W/out" 2>&1
approve_as bob "$right" >"$W/out" 2>&1
push_as alice -q "$left:refs/heads/main" >"$W/out" 2>&1 ||
    verdict 1 "the left side must land"
tree=$(git_as alice rev-parse "$right^{tree}")
C=$(git_as alice commit-tree -p "$left" -p "$right" -m "PAY-1 merge

$PLAN" "$tree")
in_time "J02: a merge that takes its time"
sed -i '/^deadline:/d' "$W/etc/foureyes.yaml"

# Large and quick: each side changes a line of its own.
git_as alice fetch -q origin
for line in 10 59990; do
	git_as alice checkout -q -f -B "line-$line" origin/main
	sed -i "${line}s/.*/changed in $line/" "$W/alice/slow.txt"
	git_as alice commit -q -a -m "PAY-1 line $line

$PLAN"
	push_as alice -q "line-$line"
	approve_as bob "$(git_as alice rev-parse HEAD)" >"$W/out" 2>&1
done
push_as alice -q line-10:refs/heads/main >"$W/out" 2>&1 ||
    verdict 1 "the first line must land"
git_as alice fetch -q origin
git_as alice checkout -q -f -B both origin/main
git_as alice merge -q --no-ff -m "PAY-1 both" line-59990
expect_admitted "J02+ lawful: a large file that is merged at once" \
    push_as alice both:refs/heads/main

# ---- J03: long histories
REPO=first
bare=$W/srv/first.git
git init -q --bare -b main "$bare"
foureyes install "$bare" >"$W/out" 2>&1
lean
history 24000
first() {
	TEST_PUSHER=alice git -C "$W/long" push -q "$bare" main:refs/heads/main
}
expect_refused environment.not-adopted \
    "J03: 24,000 commits to an unborn gated ref, in 256 MiB" first
check "J03: it was not made" [ "$(tip refs/heads/main)" = "$zeros" ]
policy_main </dev/null | sed '/match: \["\*\*"\]/a\    first_push: baseline' |
    use_policy
within 20 "J03: the same where the policy takes a baseline, in 256 MiB" first
check "J03: one record of it" [ "$(cat "$W"/etc/ledger/*.jsonl |
    grep '"type":"adopted"' | grep -c '"repository":"first"')" -eq 1 ]
policy_main </dev/null | use_policy
git -C "$W/long" commit -q --allow-empty -m "PAY-1 10,001" 2>/dev/null
git -C "$W/long" -c user.name=alice -c user.email=alice@example.com \
    commit -q --allow-empty -m "PAY-1 one more"
expect_refused peer.none "J03+ then one commit is judged as one" first
says '1 commit' "J03+ and no other"
REPO=large
bare=$W/srv/large.git
git init -q --bare -b main "$bare"
history 41000
git -C "$W/long" push -q "$bare" main
foureyes install "$bare" >"$W/out" 2>&1
within 20 "J03: 41,000 commits are adopted" foureyes adopt large
lean
git -C "$W/long" -c user.name=alice -c user.email=alice@example.com \
    commit -q --allow-empty -m "PAY-1 one more

$PLAN"
C=$(git -C "$W/long" rev-parse HEAD)
one_more() {
	TEST_PUSHER=alice git -C "$W/long" push -q "$bare" "main:$1"
}
within 1 "J03: a branch of one commit, beside 41,000" one_more refs/heads/topic
begun=$(date +%s%N)
expect_refused peer.none "J03: and to main, unapproved" one_more refs/heads/main
took=$((($(date +%s%N) - begun) / 1000000))
check "J03: under five seconds too ($took ms)" [ $took -lt 5000 ]
git -C "$W/bob" remote add large "$bare"
git -C "$W/bob" fetch -q large topic
(cd "$W/bob" && TEST_PUSHER=bob "$src/contrib/git-approve" --for main \
    --repository large --remote large --yes "$C") >"$W/out" 2>&1 ||
    verdict 1 "it could not be approved"
within 1 "J03: approved, it lands" one_more refs/heads/main
awk 'BEGIN { for (i = 0; i < 10100; i++) {
	print "commit refs/heads/over"
	print "committer alice <alice@example.com> 1700000000 +0000"
	print "data 2\nx"
	if (i == 0) print "from refs/heads/main^0"
} }' | git -C "$W/long" fast-import --quiet
expect_refused '[a-z]*\.[a-z-]*' "J03+ 10,100 new commits at once to main" \
    sh -c "TEST_PUSHER=alice git -C '$W/long' push '$bare' over:refs/heads/main"
says '10000' "J03+ naming the limit"
within 20 "J03+ they are no burden on a branch" sh -c \
    "TEST_PUSHER=alice git -C '$W/long' push -q '$bare' over:refs/heads/over"

# ---- J04: a mirror
REPO=mirror
bare=$W/srv/mirror.git
git init -q --bare -b main "$bare"
foureyes install "$bare" >"$W/out" 2>&1
rm -rf "$W/long"
history 50
{
	id=$(git -C "$W/long" rev-parse main)
	i=0
	while [ $i -lt 1339 ]; do
		[ $i -ge 548 ] || echo "create refs/tags/t$i $id"
		echo "create refs/heads/h$i $id"
		[ $i -ge 200 ] || echo "create refs/pull/$i/head $id"
		i=$((i + 1))
	done
} | git -C "$W/long" update-ref --stdin
mirror() {
	TEST_PUSHER=alice git -C "$W/long" push --mirror "$bare" "$@"
}
expect_refused environment.not-adopted "J04: a mirror with an unborn main" mirror
check "J04: and nothing of it was made" [ -z "$(on_server for-each-ref)" ]
git -C "$bare" fetch -q "$W/long" main:refs/heads/main
foureyes adopt mirror >"$W/out" 2>&1
within 20 "J04: 548 tags, 1,339 heads and refs/pull in one go" mirror
check "J04: all are there" [ "$(on_server for-each-ref | wc -l)" -eq 2088 ]
git -C "$W/long" update-ref -d refs/tags/t7
git -C "$W/long" update-ref refs/tags/v1 main
expect_refused staging.not-staged "J04: with a release tag in it, that is judged" \
    mirror
check "J04: and the others did not move" \
    [ "$(tip refs/tags/t7)" != "$zeros" ]
git -C "$W/long" update-ref -d refs/tags/v1
git -C "$W/long" update-ref -d refs/heads/main
expect_refused environment.deletion "J04+ a mirror that deletes main" mirror
check "J: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

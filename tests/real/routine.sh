#!/bin/sh
# routine.sh - what a listed machine may land without being looked at, and what
# people try to land by it.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
bare=$W/srv/$REPO.git
BOT=deploy-bot
ENTRY='{machines: [deploy-bot], paths: ["deps/*", "versions.txt"], max_files: 3}'

policy_routine() {
	echo "routine: [$ENTRY]" | policy_main |
	    sed 's/min_words: 5}/min_words: 5, machines: revert}/
	/^      staging:/i\
      lines:\
        refs: ["refs/heads/release/*"]\
        born_from: [main]\
        approvals: {count: 1, groups: [engineers]}\
        routine: ['"$ENTRY"']'
}
policy_routine | use_policy

# bot_on BRANCH: the bot stands on a new branch from the newest main.
bot_on() {
	onto $BOT "$1"
	mkdir -p "$W/$BOT/deps"
}

# bot_commits PATH...: one commit that writes these; $C.
bot_commits() {
	for path in "$@"; do
		mkdir -p "$(dirname "$W/$BOT/$path")"
		date +%N >>"$W/$BOT/$path"
	done
	bot_records
}

# bot_records [GIT OPTION]...: what lies there becomes a commit; $C.
bot_records() {
	git_as $BOT add -A
	git_as $BOT commit -q -m "PAY-1 newer versions" "$@" >"$W/out" 2>&1 ||
	    verdict 1 "the bot can commit"
	C=$(git_as $BOT rev-parse HEAD)
}

# ordinary WHAT BRANCH: it is no routine change, and nobody has approved it.
ordinary() {
	stops 'peer\.none|peer\.other-commit' "$1" $BOT "$2:main"
	decided '"code":"peer.not-routine"' "$1: says why"
}

# ---- lawful ----

bot_on one
bot_commits deps/a.lock versions.txt
lands "a listed machine lands listed files" $BOT one:main
says 'peer.routine: a routine change of deploy-bot: 2 files' "said to be routine"
decided '"code":"peer.routine"' "listed apart"
decided '"code":"review.routine"' "with its own word for review"
decided '"code":"rollback.revert"' "git revert is its plan"
decided '"code":"peer.by-machines"' "told to be by machines only"
bot_on two
bot_commits deps/a.lock
bot_commits deps/b.lock
git_as $BOT rm -q versions.txt
bot_records
lands "three commits, three files, one of them gone" $BOT two:main
change_as alice other
approved bob
lands "somebody lands something else" alice other:main
git_as $BOT checkout -q -f -B three 'origin/main~1'
bot_commits deps/c.lock
git_as $BOT fetch -q origin
git_as $BOT merge -q --no-ff -m "PAY-1 update" origin/main >"$W/out" 2>&1
lands "what landed meanwhile is merged in by a machine" $BOT three:main

# ---- what it changes ----

bot_on outside
bot_commits deps/a.lock src/main.c
ordinary "a path outside the list" outside
says "'src/main.c' is none of deps/" "which path"
bot_on below
bot_commits deps/sub/a.lock
ordinary "a directory below, where * does not go" below
bot_on hidden
bot_commits deps/a.lock src/door.c
git_as $BOT rm -q src/door.c
bot_records
ordinary "put in by one commit and taken out by the next" hidden
bot_on renamed
git_as $BOT mv base.txt deps/base.txt
bot_records
ordinary "a file brought in from outside the list" renamed
bot_on link
ln -s ../base.txt "$W/$BOT/deps/link"
bot_records
ordinary "a symbolic link" link
says "'deps/link' is no regular file" "which one"
bot_on module
git_as $BOT update-index --add --cacheinfo "160000,$C,deps/module"
git_as $BOT commit -q -m "PAY-1 newer versions"
ordinary "a submodule" module
bot_on run
printf '#!/bin/sh\n' >"$W/$BOT/deps/run"
chmod +x "$W/$BOT/deps/run"
bot_records
ordinary "an executable file" run
bot_on mode
chmod +x "$W/$BOT/deps/a.lock"
bot_records
ordinary "a listed file made executable" mode
bot_on turn
rm "$W/$BOT/deps/a.lock"
ln -s ../base.txt "$W/$BOT/deps/a.lock"
bot_records
rm "$W/$BOT/deps/a.lock"
git_as $BOT checkout -q origin/main -- deps/a.lock
bot_commits deps/b.lock
ordinary "a listed file made a link and back" turn
bot_on many
bot_commits deps/1 deps/2 deps/3 deps/4
ordinary "one file too many" many
says '4 files, and 3 are allowed' "how many"
bot_on spread
bot_commits deps/1 deps/2
git_as $BOT rm -q deps/1 deps/2
bot_commits deps/3 deps/4
ordinary "as many in commits of which each has few" spread
bot_on none
git_as $BOT commit -q --allow-empty -m "PAY-1 nothing"
ordinary "nothing at all" none
bot_on key
ssh-keygen -q -t ed25519 -N '' -f "$W/leak" && cp "$W/leak" "$W/$BOT/deps/a.lock"
bot_records
stops secret.found "a private key in a listed file" $BOT key:main

# Where main has moved a file, a merge follows it.
git_as $BOT fetch -q origin
onto alice moved
seq 1 40 >"$W/alice/deps/long.lock"
git_as alice add -A
git_as alice commit -q -m "PAY-1 a long one

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q moved
approved bob
lands "a long file" alice moved:main
bot_on follows
sed -i 's/^20$/twenty/' "$W/$BOT/deps/long.lock"
bot_records
onto alice away
mkdir -p "$W/alice/src"
git_as alice mv deps/long.lock src/long.c
git_as alice commit -q -m "PAY-1 away with it

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q away
approved bob
lands "is moved" alice away:main
git_as $BOT fetch -q origin
git_as $BOT merge -q --no-ff -m "PAY-1 update" origin/main >"$W/out" 2>&1
check "what the machine changed went with it" [ -e "$W/$BOT/src/long.c" ]
ordinary "then it changes what is not listed" follows
says "'src/long.c' is none of" "which is said"
onto alice linked
ln -s ../base.txt "$W/alice/deps/ln"
git_as alice add -A
git_as alice commit -q -m "PAY-1 a link

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q linked
approved bob
lands "a link that somebody approved" alice linked:main
bot_on over
rm "$W/$BOT/deps/ln"
echo file >"$W/$BOT/deps/ln"
bot_records
ordinary "a file in place of a link" over

# ---- who made it ----

bot_on written
git_as alice fetch -q origin
git_as alice checkout -q -f -B written origin/main
mkdir -p "$W/alice/deps"
echo door >>"$W/alice/deps/a.lock"
git_as alice add -A
by $BOT $BOT@example.com git_as alice commit -q -m "PAY-1 newer versions"
C=$(git_as alice rev-parse HEAD)
stops 'peer.none' "the machine's name on what alice pushes" alice written:main
push_as alice -q written
git_as $BOT fetch -q origin
ordinary "and where the machine pushes it on" "origin/written"
says 'first brought by somebody else' "it is known who brought it"
bot_on merged
bot_commits deps/b.lock
git_as $BOT merge -q --no-ff -m "PAY-1 more" origin/written >"$W/out" 2>&1
ordinary "hidden in a merge" merged
bot_on picked
git_as $BOT cherry-pick origin/written >"$W/out" 2>&1
git_as $BOT commit -q --amend --reset-author -m "PAY-1 even newer versions"
ordinary "copied by the machine under its own name" picked
says "has a part in" "the same patch was somebody's before"
bot_on author
echo more >>"$W/$BOT/deps/a.lock"
bot_records --author 'alice <alice@example.com>'
ordinary "the machine commits what alice wrote" author
bot_on nobodys
echo more >>"$W/$BOT/deps/a.lock"
bot_records --author 'x <x@there.example>'
stops 'peer.unknown-contributor' "or somebody nobody knows" $BOT nobodys:main
bot_on together
echo more >>"$W/$BOT/deps/a.lock"
bot_records -m 'Co-authored-by: bob <bob@example.com>'
ordinary "or names bob as co-author" together
bot_on mixed
bot_commits deps/b.lock
push_as $BOT -q mixed
git_as alice fetch -q origin
git_as alice checkout -q -f -B mixed origin/mixed
commit_as alice deps/c.lock "PAY-1 one more"
push_as alice -q mixed
git_as $BOT fetch -q origin
ordinary "a human's commit on top of the machine's" origin/mixed
bot_on human
bot_commits deps/b.lock
push_as $BOT -q human
git_as alice fetch -q origin
stops peer.none "what the machine made, and alice lands" alice origin/human:main
onto alice clean
git_as alice merge -q --no-ff -m "PAY-1 update" origin/human >"$W/out" 2>&1
push_as alice -q clean
git_as $BOT fetch -q origin
ordinary "a clean merge that alice made of it" origin/clean
git_as $BOT checkout -q -f -B evil origin/main
git_as $BOT merge -q --no-ff --no-commit origin/human >"$W/out" 2>&1
date +%N >>"$W/$BOT/deps/a.lock"
bot_records
ordinary "a merge that a hand made, though on listed files" evil

# ---- who approves it instead ----

bot_on many
bot_commits deps/1 deps/2 deps/3 deps/4
push_as $BOT -q +many
approved alice
stops peer.owner "too many files, approved by who answers for the machine" \
    $BOT many:main
approved bob
stops rollback.absent "then git revert is no plan of it" $BOT many:main
expect_admitted "approved by somebody else, with a plan" push_as $BOT \
    -o rollback-plan='take the files before it from the mirror' many:main
decided '"code":"peer.count"' "as an ordinary change"
bot_on stopped
bot_commits deps/a.lock
push_as $BOT -q stopped
approve_as bob "$C" --object >"$W/out" 2>&1 || verdict 1 "bob objects"
stops peer.objection "an objection stops it" $BOT stopped:main

# ---- elsewhere ----

echo 'accepts: [lines]' | policy_main | sed '/^      staging:/i\
      lines:\
        refs: ["refs/heads/release/*"]\
        born_from: [main]\
        approvals: {count: 1, groups: [engineers]}\
        routine: ['"$ENTRY"']' | use_policy
lands "a line" alice "$(on_server rev-parse main):refs/heads/release/1"
bot_on line
bot_commits deps/b.lock
lands "a routine change on a line" $BOT line:refs/heads/release/1
onto bob back
git_as bob merge -q --no-ff -m "PAY-1 merge the line

$PLAN" origin/release/1 >"$W/out" 2>&1
C=$(git_as bob rev-parse HEAD)
push_as bob -q back
approved alice
stops peer.owner "landed there without approval, it is not accepted here" \
    bob back:main
bot_on last
bot_commits deps/a.lock
stops 'peer.(none|other)[a-z-]*' "where the gate lists no machine any more" \
    $BOT last:main

done_testing

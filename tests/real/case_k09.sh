#!/bin/sh
# K09: hook environment and installation.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
site local
bare=$W/srv/$REPO.git

# wrap COMMAND...: the hook is run by that, as other tools do; unwrap.
wrap() {
	mv "$bare/hooks/pre-receive" "$bare/hooks/real"
	{
		echo '#!/bin/sh'
		echo "exec $* '$bare/hooks/real'"
	} >"$bare/hooks/pre-receive"
	chmod 755 "$bare/hooks/pre-receive"
}
unwrap() {
	mv "$bare/hooks/real" "$bare/hooks/pre-receive"
}

# good NAME: an approved change, not landed: $C.
good() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "$1 could not be approved"
}

# fresh NAME: an approved change, but its commit comes in a pack once more.
decisions() {
	cat "$W"/etc/ledger/*.jsonl | grep '"type":"decision"' | tail -1
}

# ---- I01: quarantine
change_as alice unseen
git_as alice commit -q --amend -m "PAY-1 never pushed before

$PLAN"
C=$(git_as alice rev-parse HEAD)
expect_refused peer.none "I01: one new commit is read from the quarantine" \
    push_as alice "$C:refs/heads/main"
says "$C" "I01: by its id"
while read -r what how; do
	wrap "$how"
	for ref in refs/heads/main refs/heads/free; do
		check_not "I01: $what ($ref)" 1 push_as alice "$C:$ref"
		says 'could not check|history-incomplete' \
		    "I01: as one that could not be checked"
	done
	unwrap
done <<HOW
nothing_but_a_path env -i PATH="\$PATH" GIT_DIR="$bare"
no_environment env -i PATH="\$PATH"
no_object_directory env -u GIT_OBJECT_DIRECTORY -u GIT_QUARANTINE_PATH
no_git_directory env -u GIT_DIR
another_quarantine env GIT_QUARANTINE_PATH="$W/alice/.git/objects"
a_quarantine_that_is_not_there env GIT_QUARANTINE_PATH="$W/nowhere"
no_alternates env -u GIT_ALTERNATE_OBJECT_DIRECTORIES
another_object_directory env GIT_OBJECT_DIRECTORY="$W/bob/.git/objects"
another_repository env GIT_DIR="$W/alice/.git"
HOW
wrap env -u GIT_QUARANTINE_PATH
expect_refused peer.none "I01+ a server that names only where objects go" \
    push_as alice "$C:refs/heads/main"
unwrap
# shellcheck disable=SC2016  # for the hook
printf '#!/bin/sh\ncd / && GIT_DIR=%s exec %s/hooks/real\n' "$bare" "$bare" \
    >"$W/elsewhere"
wrap sh "$W/elsewhere"
expect_refused peer.none "I01+ from another directory, by an absolute path" \
    push_as alice "$C:refs/heads/main"
unwrap
approve_as bob "$C" >"$W/out" 2>&1
says 'commit-unknown|fetch' "I01: nothing of a refused push stayed"

# ---- I02: nothing is written to the repository before acceptance
on_server for-each-ref >"$W/before"
push_as alice "$C:refs/heads/main" >"$W/out" 2>&1
on_server for-each-ref | diff "$W/before" - >"$W/out"
verdict $? "I02: a refused push leaves every ref as it was"
good mark
# shellcheck disable=SC2016  # for the hook
printf '#!/bin/sh\nmv %s/etc/ledger %s/away\n' "$W" "$W" >"$bare/hooks/update"
chmod 755 "$bare/hooks/update"
push_as alice mark:refs/heads/main >"$W/out" 2>&1
rm "$bare/hooks/update"
says 'landing could not be recorded' \
    "I02: what fails after acceptance is said to the pusher"
check "I02: the ref moved all the same" [ "$(tip main)" = "$C" ]
mv "$W/away" "$W/etc/ledger"
before=$(records landing)
change_as alice next
push_as alice next:refs/heads/main >"$W/out" 2>&1
check "I02: the next push records the landing" \
    [ "$(records landing)" -eq $((before + 1)) ]
check "I02: and no drift" [ "$(records drift)" -eq 0 ]

# ---- I04: variables of Git that leak
git init -q --bare -b main "$W/srv/other.git"
git -C "$W/srv/other.git" fetch -q "$bare" main:main
{
	foureyes install "$W/srv/other.git" && foureyes adopt other
} >"$W/out" 2>&1 || verdict 1 "the other repository is set up"
cp -r "$W/srv/other.git" "$W/other.before"
leak() {
	env GIT_DIR="$W/srv/other.git" GIT_WORK_TREE="$W/bob" \
	    GIT_OBJECT_DIRECTORY="$W/bob/.git/objects" \
	    GIT_ALTERNATE_OBJECT_DIRECTORIES="$W/nowhere" \
	    GIT_INDEX_FILE="$W/nowhere" GIT_COMMON_DIR="$W/srv/other.git" \
	    GIT_QUARANTINE_PATH="$W/nowhere" GIT_CONFIG_COUNT=1 \
	    GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0="$W/nowhere" \
	    GIT_CONFIG="$W/nowhere" "$@"
}
for command in "doctor $REPO" "adopt $REPO" "install $REPO" \
    "explain $REPO $(tip main) $C refs/heads/main" "adopt --all --dry-run" \
    "adopt $REPO refs/heads/main" "verify"; do
	# shellcheck disable=SC2086  # a command and its words
	foureyes $command >"$W/plain" 2>&1
	status=$?
	# shellcheck disable=SC2086
	leak foureyes $command >"$W/leaked" 2>&1
	[ $? -eq $status ] && diff "$W/plain" "$W/leaked" >"$W/out"
	verdict $? "I04: the same answer: foureyes $command"
done
check "I04: the other repository is untouched" sh -c "
    diff -r '$W/srv/other.git/hooks' '$W/other.before/hooks' &&
    diff '$W/srv/other.git/config' '$W/other.before/config' &&
    diff '$W/srv/other.git/HEAD' '$W/other.before/HEAD'"
good leak
while read -r what how; do
	wrap "$how"
	expect_refused '[a-z]*\.[a-z-]*' "I04+ $what: refused as ever" \
	    push_as alice "next:refs/heads/main"
	unwrap
done <<HOW
grafts_by_variable env GIT_GRAFT_FILE="$W/nowhere" GIT_REPLACE_REF_BASE=refs/heads/
configuration_by_variable env GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.bare GIT_CONFIG_VALUE_0=false
a_work_tree env GIT_WORK_TREE="$W/bob" GIT_INDEX_FILE="$W/nowhere"
a_home_of_somebody env HOME="$W/nowhere" XDG_CONFIG_HOME="$W/nowhere"
another_configuration env FOUREYES_CONFIG="$W/nowhere"
a_locale env LC_ALL=tr_TR.UTF-8 LANG=C TZ=Asia/Tokyo
HOW
wrap env FOUREYES_CONFIG="$W/nowhere" LC_ALL=tr_TR.UTF-8 TZ=Asia/Tokyo \
    GIT_WORK_TREE="$W/bob"
expect_admitted "I04+ and lawful work lands as ever" \
    push_as alice leak:refs/heads/main
unwrap
wrap env GIT_NAMESPACE=x
check_not "I04+ a namespace by variable" 1 push_as alice next:refs/heads/free
unwrap
wrap env GIT_SHALLOW_FILE=/dev/null
check_not "I04+ a history that somebody says is cut off" 1 \
    push_as alice next:refs/heads/main
unwrap

# ---- I06: what goes round the hook
main=$(tip main)
on_server update-ref refs/heads/main "$main~1"
check "I06: moved by update-ref: a drift record" [ "$(records drift)" -eq 1 ]
check_not "I06: watch finds it as well" 1 foureyes watch --once
says 'drift: payments refs/heads/main' "I06: and names the ref"
moved=$(grep -h '"type":"drift"' "$W"/etc/ledger/*.jsonl | grep -c '"ref":')
check "I06: one record of it, whoever sees it" [ "$moved" -eq 1 ]
check_not "I06: doctor says so" 1 foureyes doctor "$REPO"
says 'refs/heads/main' "I06: of which ref"
expect_admitted "I06: put back" push_as alice "$main:refs/heads/main"
check "I06: doctor is content" foureyes doctor "$REPO"
good round
mv "$bare/hooks" "$W/hooks.away"
git_as alice push -q origin round:refs/heads/main
mv "$W/hooks.away" "$bare/hooks"
check_not "I06: moved with the hooks away: doctor" 1 foureyes doctor "$REPO"
check "I06: and what must be refused is tried" sh -c \
    "mv '$bare/hooks' '$W/hooks.away'; foureyes watch --self-test; r=\$?; \
     mv '$W/hooks.away' '$bare/hooks'; exit \$((r == 1 ? 0 : 9))"
check_not "I06: verify: not complete" 1 foureyes verify
says '[Cc]omplete' "I06: by that word"
before=$(records drift)
git_as alice fetch -q origin
push_as alice origin/main:refs/heads/staging >"$W/out" 2>&1
expect_refused review.not-landed "I06+ what came round has not landed" \
    push_as alice origin/main:refs/heads/staging
change_as alice after-round
push_as alice after-round:refs/heads/main >"$W/out" 2>&1
check "I06: the next push to it records the drift" \
    [ "$(records drift)" -gt "$before" ]
expect_admitted "I06+ put back to what the ledger knows" \
    push_as alice -f "$main:refs/heads/main"
on_server update-ref -d refs/heads/main
check "I06+ deleted by hand: a record" \
    grep -q '"type":"drift".*"new":"0\{40\}"' "$W"/etc/ledger/*.jsonl
expect_admitted "I06+ and made again where it was" \
    push_as alice "$main:refs/heads/main"
for hook in pre-receive reference-transaction post-receive; do
	chmod -x "$bare/hooks/$hook"
	check_not "I06+ $hook without its execute bit: doctor" 1 \
	    foureyes doctor "$REPO"
	chmod 755 "$bare/hooks/$hook"
done
on_server config core.hooksPath /nonexistent
check_not "I06+ core.hooksPath: doctor" 1 foureyes doctor "$REPO"
says 'hooksPath' "I06+ and names it"
on_server config --unset core.hooksPath
git config --global core.hooksPath /nonexistent
check_not "I06+ in the hook user's own file: doctor" 1 foureyes doctor "$REPO"
git config --global --unset core.hooksPath

# ---- I07: several refs
change_as alice three
for specs in "three:refs/heads/main three:refs/heads/a1 three:refs/heads/a2" \
    "three:refs/heads/b1 three:refs/heads/b2 three:refs/heads/main" \
    "three:refs/heads/c1 three:refs/heads/main three:refs/heads/c2"; do
	# shellcheck disable=SC2086  # a list of refspecs
	expect_refused peer.none "I07: one of three is bad: $specs" \
	    push_as alice $specs
done
check "I07: none of them was made" sh -c "
    ! git -C '$bare' for-each-ref refs/heads | grep -E '/[abc][12]\$'"
# The hook reads all its input, or Git would die of a broken pipe.
i=0
rows=
while [ $i -lt 2000 ]; do
	rows="$rows$zeros $C refs/heads/many/$i\\n"
	i=$((i + 1))
done
(cd "$bare" && printf '%b' "junk\\n$rows" | {
	TEST_PUSHER=alice GIT_DIR=. ./hooks/pre-receive
	cat >"$W/rest"
} >"$W/out" 2>&1)
check "I07: all rows are read though the first is wrong" [ ! -s "$W/rest" ]

# ---- I08: a failure is not a verdict
expect_class() {
	what=$1
	shift
	check_not "$what" 1 "$@"
	says 'could-not-check|could not check' "... as one that could not be checked"
	grep -E 'foureyes: .*peer\.(none|count)' "$W/out" >"$W/class"
	[ ! -s "$W/class" ]
	verdict $? "... and not as one that nobody approved"
}
good corrupt
object=$bare/objects/$(echo "$C" | sed 's,^..,&/,')
[ -e "$object" ] || {
# shellcheck disable=SC2012  # our own names
	on_server unpack-objects -q <"$(ls "$bare"/objects/pack/*.pack | head -1)"
}
cp "$object" "$W/object"
chmod 644 "$object"
printf 'garbage' >"$object"
expect_class "I08: a corrupt commit" push_as alice "corrupt:refs/heads/main"
decisions >"$W/out"
says 'push.could-not-check' "I08: distinct in the log too"
cp "$W/object" "$object"
tree=$(on_server rev-parse "$C^{tree}")
object=$bare/objects/$(echo "$tree" | sed 's,^..,&/,')
cp "$object" "$W/object"
chmod 644 "$object"
head -c 20 "$W/object" >"$object"
check_not "I08+ a corrupt tree" 1 push_as alice "corrupt:refs/heads/main"
cp "$W/object" "$object"
expect_admitted "I08: and when it is whole, it lands" \
    push_as alice corrupt:refs/heads/main
good config
mv "$W/etc/policy.yaml" "$W/away"
expect_class "I08: no policy" push_as alice config:refs/heads/main
mkdir "$W/etc/policy.yaml"
expect_class "I08: a policy that is a directory" \
    push_as alice config:refs/heads/main
rmdir "$W/etc/policy.yaml"
ln -s "$W/away" "$W/etc/policy.yaml"
expect_class "I08+ one that is a symbolic link" \
    push_as alice config:refs/heads/main
rm "$W/etc/policy.yaml"
mv "$W/away" "$W/etc/policy.yaml"
chmod g+w "$W/etc/policy.yaml"
expect_class "I08+ one that a group may write" \
    push_as alice config:refs/heads/main
chmod g-w "$W/etc/policy.yaml"
chmod g+w "$W/etc"
expect_class "I08+ a directory that a group may write" \
    push_as alice config:refs/heads/main
check_not "I08+ doctor says so" 1 foureyes doctor
chmod 755 "$W/etc"
mkdir "$W/etc/index.db.d"
sed -i "s,^index: .*,index: $W/etc/index.db.d/none/index.db," \
    "$W/etc/foureyes.yaml"
expect_class "I08+ an index that cannot be made" \
    push_as alice config:refs/heads/main
sed -i "s,^index: .*,index: $W/etc/index.db," "$W/etc/foureyes.yaml"
head -c 4096 /dev/urandom >"$W/etc/index.db"
rm -rf "$W"/etc/index.db-* "$W/etc/index.db.d"
change_as alice unlike
expect_refused peer.none "I08+ an index of garbage decides nothing" \
    push_as alice unlike:refs/heads/main
expect_admitted "I08+ either way" push_as alice config:refs/heads/main
# The old id is nowhere: the ledger's tip was pruned away.
git_as alice fetch -q origin
old=$(tip main)
good pruned
mv "$bare/objects/$(echo "$old" | sed 's,^..,&/,')" "$W/object" 2>/dev/null &&
    {
	expect_class "I08: the ledger's tip is not there" \
	    push_as alice "pruned:refs/heads/main"
	mv "$W/object" "$bare/objects/$(echo "$old" | sed 's,^..,&/,')"
}
expect_admitted "I08: and again it lands" push_as alice pruned:refs/heads/main

# ---- I09: the pusher
good nine
as() {
	name=$1
	shift
	env "TEST_PUSHER=$name" git -C "$W/alice" push "$@" origin \
	    nine:refs/heads/main
}
expect_refused environment.pusher-unknown "I09: no pusher" \
    env -u TEST_PUSHER git -C "$W/alice" push origin nine:refs/heads/main
expect_refused environment.pusher-unknown "I09: an empty one" as ''
for odd in 'alice
' 'alice
bob' 'al	ice' "$(printf 'alice\rbob')"; do
	check_not "I09: one with a line break" 1 as "$odd"
	says 'no login' "I09: and it says so"
done
for name in ' alice' 'alice ' Alice ALICE 'alice@example.com' alice/ ../alice \
    'alice,bob' '*' "$(printf 'alic\303\251')" \
    "$(head -c 300 /dev/zero | tr '\0' a)"; do
	check_not "I09+ not quite alice: $(echo "$name" | head -c 20)" 1 \
	    as "$name"
done
for option in pusher=bob user=carol TEST_PUSHER=alice GL_USERNAME=alice \
    'reason=I am alice' emergency=INC-1; do
	expect_refused environment.pusher-unknown \
	    "I09: a push option names nobody: $option" as mallory -o "$option"
done
expect_refused environment.pusher-unknown "I09+ nor does another variable" \
    env REMOTE_USER=alice GL_USER=alice GL_USERNAME=alice GIT_PUSHER=alice \
    GITEA_PUSHER_NAME=alice USER=alice LOGNAME=alice GIT_AUTHOR_NAME=alice \
    GIT_COMMITTER_EMAIL=alice@example.com SSH_USER_AUTH=/dev/null \
    TEST_PUSHER=mallory git -C "$W/alice" push origin nine:refs/heads/main
expect_admitted "I09: alice herself" as alice

# ---- which repository
good name
git clone -q --bare "$bare" "$W/srv/$REPO"
check_not "I+ two repositories with one name" 1 \
    push_as alice name:refs/heads/main
says 'one name' "I+ and it says so"
mv "$W/srv/$REPO" "$W/aside"
ln -s "$bare" "$W/srv/public.git"
expect_admitted "I+ by a symbolic link it is the repository it leads to" \
    git_as alice push "$W/srv/public.git" name:refs/heads/main
decisions >"$W/out"
says "\"repository\":\"$REPO\"" "I+ by its own name"
rm "$W/srv/public.git"
mv "$bare" "$W/srv/moved.git"
ln -s "$W/srv/moved.git" "$bare"
change_as alice moved
check_not "I+ a repository that was moved is another" 1 \
    push_as alice moved:refs/heads/main
rm "$bare"
mkdir "$W/outside"
mv "$W/srv/moved.git" "$W/outside/$REPO.git"
ln -s "$W/outside/$REPO.git" "$bare"
check_not "I+ one that lies outside of the root" 1 \
    push_as alice moved:refs/heads/main
says 'below server.root' "I+ and it says so"
rm "$bare"
mv "$W/outside/$REPO.git" "$bare"

# A repository with a work tree, into which people push.
git init -q -b main "$W/srv/tree"
git -C "$W/srv/tree" fetch -q "$bare" main
git -C "$W/srv/tree" reset -q --hard FETCH_HEAD
git -C "$W/srv/tree" config receive.denyCurrentBranch updateInstead
{
	foureyes install "$W/srv/tree" && foureyes adopt tree
} >"$W/out" 2>&1
verdict $? "I+ a repository with a work tree is adopted"
git_as alice fetch -q "$W/srv/tree" main
git_as alice checkout -q -f -B in-tree FETCH_HEAD
commit_as alice in-tree.txt "PAY-1 into a work tree

$PLAN"
expect_refused peer.none "I+ and judged" \
    git_as alice push "$W/srv/tree" in-tree:main
says '"?tree|--repository tree' "I+ by its name"
mkdir "$W/linked"
git -C "$W/srv/tree" worktree add -q --detach "$W/srv/second" main
expect_refused '[a-z]*\.[a-z-]*|could not check' \
    "I+ through a second work tree of it" \
    git_as alice push "$W/srv/second" in-tree:main
check "I+ its main did not move" [ "$(git -C "$W/srv/tree" rev-parse main)" = \
    "$(git_as alice rev-parse in-tree~1)" ]

# ---- I03: somebody else's repository
if [ "$(id -u)" -ne 0 ]; then
	skip "I03: a repository of another user" "needs root"
else
	good uid
	chmod -R a+rwX "$W/srv" "$W/etc"
	chmod 755 "$W" "$W/etc"
	chmod 644 "$W"/etc/*.yaml
	chmod -R a+rX "$W/alice" "$W/home"
	printf '[safe]\n\tdirectory = *\n' >>"$HOME/.gitconfig"
	chown -R 1234:1234 "$bare"
	as_5678() {
		setpriv --reuid 5678 --regid 5678 --clear-groups \
		    env TEST_PUSHER=alice HOME="$W/home" git -C "$W/alice" \
		    push "$bare" uid:refs/heads/main
	}
	check_not "I03: it belongs to one user, the hook is another's" 1 as_5678
	says "$bare" "I03: the path is named"
	says '1234' "I03: and whose it is"
	says '5678' "I03: and who we are"
	says 'owner' "I03: and the way out"
	check "I03: main did not move" [ "$(tip main)" != "$C" ]
	foureyes doctor "$REPO" >"$W/out" 2>&1
	says '1234' "I03: doctor reports it beforehand"
fi
check "I: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

#!/bin/sh
# What Git asks of reference-transaction before and after, by the program
# without libraries: nothing is done where nothing is to be done, and all of it
# where there was a hook before ours.
. "$(dirname "$0")/lib.sh"
command -v foureyes-static >/dev/null ||
    skip_all "there is no foureyes-static in this variant"
site local
bare=$W/srv/$REPO.git
hook=$bare/hooks/reference-transaction
program=$(command -v foureyes-static)

# asked STATE [FILE]: as Git asks, with what is read and done in $W/trace.
asked() {
	(cd "$bare" && echo "$ZERO $ZERO refs/heads/x" |
	    GIT_DIR=. strace -f -o "$W/trace" "$program" hook-file "${2:-$hook}" "$1")
}
# calls NAME: how many of them there were.
calls() {
	grep -c " $1(" "$W/trace"
}
ZERO=0000000000000000000000000000000000000000

check "hooks run it" grep -qx "#!$program hook-file" "$hook"
if strace -o /dev/null true 2>/dev/null; then
	check "prepared" asked prepared
	check "took six calls of the system" [ "$(wc -l <"$W/trace")" -le 6 ]
	check "aborted" asked aborted
	check "as few" [ "$(wc -l <"$W/trace")" -le 6 ]
	check "committed, of a ref that is asked nothing of" asked committed
	check "reads the configuration" [ "$(calls openat)" -gt 1 ]
	check "and neither the log nor the repository" \
	    [ "$(grep -c 'jsonl\|index\.db\|packed-refs' "$W/trace")" -eq 0 ]
	many=0
	for n in 1 2 3 4 5 6 7 8 9; do
		many="$many$many"
		echo "$ZERO $ZERO refs/heads/x$n"
	done >"$W/in"
	one=$(wc -l <"$W/trace")
	(cd "$bare" && GIT_DIR=. strace -f -o "$W/trace" "$program" hook-file \
	    "$hook" committed <"$W/in")
	check "nine of them cost a look at each, and no more" \
	    [ "$(wc -l <"$W/trace")" -le $((one + 9 * 2)) ]
else
	skip "nothing is traced here" "strace may not"
fi

# ---- a hook that was there before is asked, whatever the state ----

# shellcheck disable=SC2016  # the hook expands them
printf '#!/bin/sh\necho "$1" >>"%s/states"\n[ "$1" != prepared ]\n' "$W" \
    >"$bare/hooks/reference-transaction.before-foureyes"
chmod 755 "$bare/hooks/reference-transaction.before-foureyes"
cp "$hook" "$W/kept"
echo "before reference-transaction.before-foureyes" >>"$hook"
change_as alice stopped >"$W/out" 2>&1
check_not "which refuses to prepare" 1 on_server rev-parse -q --verify \
    refs/heads/stopped
check "and heard of it" grep -qx prepared "$W/states"
check "and that it came to nothing" grep -qx aborted "$W/states"
cat "$W/kept" >"$hook"
check "without it" push_as alice stopped:refs/heads/stopped

# ---- what is no hook of ours is told, early or not ----

printf '#!/bin/sh\n' >"$W/foreign"
check_not "another file" 3 "$program" hook-file "$W/foreign" prepared
printf '#!/bin/sh\nhook reference-transaction\nconfig here\n' >"$W/foreign"
check_not "one with no directory" 3 "$program" hook-file "$W/foreign" prepared
check_not "none" 3 "$program" hook-file "$W/none" prepared
says 'No such file' "is told"

# ---- the same verdicts by either program ----

good static
expect_admitted "a change lands" push_as alice static:main
foureyes install --program "$(command -v foureyes)" "$REPO" >"$W/out" 2>&1
check "by the other program" grep -qx "#!$(command -v foureyes) hook-file" "$hook"
check "doctor is content" foureyes doctor "$REPO"
good dynamic
expect_admitted "one lands as well" push_as alice dynamic:main
check "two landings by transactions" [ "$(records landing)" -eq 2 ]

# ---- where accounts are asked for it is not taken ----

sed -i 's/, pusher: TEST_PUSHER//' "$W/etc/foureyes.yaml"
foureyes install "$REPO" >"$W/out" 2>&1
check "a door that asks for the account has foureyes itself" \
    grep -qx "#!$(command -v foureyes) hook-file" "$hook"
done_testing

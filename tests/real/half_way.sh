#!/bin/sh
# Pushes that stop half way, and pushes at the same time: what is decided and
# what lands are two things, and each is in the log once.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git
hooks=$bare/hooks
MAIN=refs/heads/main

# around HOOK TEXT: instead of the hook, a script; "run_it" runs ours.
around() {
	[ -e "$hooks/$1.ours" ] || mv "$hooks/$1" "$hooks/$1.ours"
	printf '#!/bin/sh\nrun_it() { "%s" "$@"; }\n%s\n' \
	    "$hooks/$1.ours" "$2" >"$hooks/$1"
	chmod 755 "$hooks/$1"
}
# as_before HOOK
as_before() {
	mv "$hooks/$1.ours" "$hooks/$1"
}

# with TYPE PATTERN...: how many records of that type hold all these.
with() {
	grep -h "\"type\":\"$1\"" "$W"/etc/ledger/*.jsonl >"$W/records"
	shift
	for pattern; do
		grep -e "$pattern" "$W/records" >"$W/records.fewer"
		mv "$W/records.fewer" "$W/records"
	done
	wc -l <"$W/records"
}
is() {
	check "$1" [ "$2" -eq "$3" ]
}

# ---- once, whoever sees it ----

good once
expect_admitted "with all three hooks" push_as alice once:main
is "one landing" "$(with landing "\"new\":\"$C\"")" 1
is "told by the transaction" \
    "$(with landing "\"new\":\"$C\"" '"witness":"transaction"')" 1
chmod -x "$hooks/reference-transaction"
good post
push_as alice -q post:main >"$W/out" 2>&1
is "without a transaction's hook, post-receive tells it" \
    "$(with landing "\"new\":\"$C\"" '"witness":"post-receive"')" 1
chmod -x "$hooks/post-receive"
good later
LATER=$C
push_as alice -q later:main >"$W/out" 2>&1
is "without either, nobody does" "$(with landing "\"new\":\"$C\"")" 0
chmod +x "$hooks/post-receive" "$hooks/reference-transaction"
push_as alice -q "$C:refs/heads/elsewhere" >"$W/out" 2>&1
good next
expect_admitted "the next push finds it" push_as alice next:main
is "as a landing" \
    "$(with landing "\"new\":\"$LATER\"" '"witness":"found"')" 1
is "and no drift" "$(records drift)" 0

# ---- killed ----

# The hook dies when the decision is on disk and before git has its answer.
good unanswered
# shellcheck disable=SC2016
around pre-receive 'run_it "$@"; kill -9 $$'
check_not "the hook is killed after it has decided" 1 \
    push_as alice unanswered:main
as_before pre-receive
is "the decision is there" "$(with decision "\"new\":\"$C\"" ADMITTED)" 1
is "without a landing" "$(with landing "\"new\":\"$C\"")" 0
expect_admitted "the same push again" push_as alice unanswered:main
is "is another decision" "$(with decision "\"new\":\"$C\"" ADMITTED)" 2
is "and one landing" "$(with landing "\"new\":\"$C\"")" 1

# receive-pack dies when the ref has moved and before anybody was told.
good untold
# shellcheck disable=SC2016
around reference-transaction '[ "$1" != committed ] || kill -9 $PPID'
check_not "receive-pack is killed after the move" 128 \
    push_as alice untold:main
as_before reference-transaction
check "main has moved" [ "$(on_server rev-parse main)" = "$C" ]
is "nobody has told" "$(with landing "\"new\":\"$C\"")" 0
UNTOLD=$C
git_as bob fetch -q origin
check_not "a push to another gate" 1 push_as bob "$UNTOLD~1:refs/tags/v1"
is "finds the landing" \
    "$(with landing "\"new\":\"$UNTOLD\"" '"witness":"found"')" 1
is "and no drift" "$(records drift)" 0

# killed BRANCH: a push to main that dies when it is decided.
killed() {
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nkill -9 $PPID\n' >"$hooks/update"
	chmod 755 "$hooks/update"
	push_as alice "$1:main" >"$W/out" 2>&1
	rm "$hooks/update"
}

# A decision serves its own push: not what somebody does later.
good lapsed
LAPSED=$C
killed lapsed
is "one that did not land" "$(with decision "\"new\":\"$C\"" ADMITTED)" 1
good overtakes
expect_admitted "another lands" push_as alice overtakes:main
on_server update-ref $MAIN "$LAPSED"
is "the first has lapsed: by hand it is drift" \
    "$(with drift "\"new\":\"$LAPSED\"")" 1
expect_admitted "put back" push_as alice "+$C:$MAIN"

good old
killed old
printf '%s\n' "$C" >"$bare/$MAIN"
touch -d '+20 minutes' "$bare/$MAIN"
OLD=$C
good after-old
expect_refused 'review\.[a-z-]*' "after ten minutes a decision is no more" \
    push_as alice "$C:refs/heads/staging"
is "what moved then is drift" "$(with drift "\"new\":\"$OLD\"")" 1
foureyes account "$REPO" $MAIN --reason "moved by hand for this test" \
    >"$W/out" 2>&1 || verdict 1 "account"

# ---- withheld, and only some of it ----

good withheld
WITHHELD=$C
check_not "one good ref and one bad" 1 \
    push_as alice withheld:main "$C:refs/heads/staging"
is "the good one is withheld" \
    "$(with decision "\"new\":\"$C\"" '"withheld":true')" 1
on_server update-ref $MAIN "$WITHHELD"
is "and lands by nobody's hand" "$(with drift "\"new\":\"$WITHHELD\"")" 1
is "ever" "$(with landing "\"new\":\"$WITHHELD\"")" 0
expect_admitted "put back" push_as alice "+$OLD:$MAIN"
expect_admitted "it lands by a push of its own" push_as alice withheld:main

# shellcheck disable=SC2016
printf '#!/bin/sh\n[ "$1" != refs/heads/staging ]\n' >"$hooks/update"
chmod 755 "$hooks/update"
good part-2
check_not "git takes one ref and not the other" 1 \
    push_as alice part-2:main "$WITHHELD:refs/heads/staging"
rm "$hooks/update"
is "the one landed" "$(with landing "\"new\":\"$C\"" $MAIN)" 1
check "is where it should be" [ "$(on_server rev-parse main)" = "$C" ]

# ---- at the same time ----

# Both are decided before either moves.
# shellcheck disable=SC2016
around pre-receive 'run_it "$@" || exit 1
: >"$DIR/decided.$$"
i=0
while [ "$(ls "$DIR"/decided.* | wc -l)" -lt 2 ] && [ $i -lt 100 ]; do
	sleep 0.05
	i=$((i + 1))
done'
DIR=$W/both
mkdir "$DIR"
export DIR
good left
LEFT=$C
good right
RIGHT=$C
rm -f "$DIR"/decided.*
push_as alice left:main >"$W/left" 2>&1 &
push_as bob "$RIGHT:main" >"$W/right" 2>&1 &
git_as bob fetch -q origin
wait
M=$(on_server rev-parse main)
is "two pushes to one ref: both are admitted" \
    "$(with decision "\"new\":\"\($LEFT\|$RIGHT\)\"" ADMITTED)" 2
is "one lands" "$(with landing "\"new\":\"\($LEFT\|$RIGHT\)\"")" 1
is "it is the one that is there" "$(with landing "\"new\":\"$M\"")" 1
as_before pre-receive

# One of two refs is stale when its turn comes.
good first
FIRST=$C
good stale
# shellcheck disable=SC2016
around pre-receive 'run_it "$@" || exit 1
[ -e "$DIR/second" ] || {
	: >"$DIR/second"
	unset GIT_QUARANTINE_PATH $(git rev-parse --local-env-vars)
	git -C "$W/alice" push -q origin first:main
}'
export W
check_not "a push that is overtaken" 1 \
    push_as alice stale:main "$WITHHELD:refs/heads/staging"
as_before pre-receive
is "the other landed" "$(with landing "\"new\":\"$FIRST\"" $MAIN)" 1
is "the stale one did not" "$(with landing "\"new\":\"$C\"")" 0
check "staging moved all the same" \
    [ "$(on_server rev-parse staging)" = "$WITHHELD" ]
is "and that is a landing" \
    "$(with landing "\"new\":\"$WITHHELD\"" refs/heads/staging)" 1
is "nothing of this is drift" "$(with drift "\"new\":\"\($FIRST\|$C\)\"")" 0

# ---- what the hooks are told need not be so ----

# tell HOOK OLD NEW REF [WORD]: as git would.
tell() {
	hook=$1
	line="$2 $3 $4"
	shift 4
	(cd "$bare" && printf '%s\n' "$line" |
	    GIT_DIR=. TEST_PUSHER=alice "hooks/$hook" "$@") >"$W/out" 2>&1
}
drift=$(records drift)
landings=$(records landing)
NOW=$(on_server rev-parse main)
tell pre-receive "$OLD" "$LATER" $MAIN
is "an old value that is invented is no drift" "$(records drift)" "$drift"
tell post-receive "$OLD" "$LATER" $MAIN
tell reference-transaction "$OLD" "$LATER" $MAIN committed
is "nor is old news" "$(records drift)" "$drift"
tell post-receive "$LATER" "$NOW" $MAIN
tell reference-transaction "$LATER" "$NOW" $MAIN committed
is "what is told twice has landed once" "$(records landing)" "$landings"
check "a line that is none of ours" \
    tell reference-transaction "ref:$MAIN" "ref:refs/heads/x" HEAD committed
check "an aborted transaction" \
    tell reference-transaction "$OLD" "$LATER" $MAIN aborted
check "a word of later versions" \
    tell reference-transaction "$OLD" "$LATER" $MAIN preparing
is "none of it is a record" "$(($(records drift) + $(records landing)))" \
    $((drift + landings))
check_not "half a line" 1 tell pre-receive "$OLD" "$LATER" ''
says 'refused'
tell pre-receive "$(printf %040d 0)" "$(printf %040d 0)" $MAIN
says 'environment.deletion' "the deletion of a gated ref is one"

# ---- the index goes while a push is under way ----

good between
# shellcheck disable=SC2016
around pre-receive 'run_it "$@" || exit 1; rm -f "$W"/etc/index.db*'
expect_admitted "the index is gone between decision and landing" \
    push_as alice between:main
as_before pre-receive
is "the landing is there" "$(with landing "\"new\":\"$C\"")" 1
good before
rm -f "$W"/etc/index.db*
expect_admitted "gone before" push_as alice before:main
is "the landing is there" "$(with landing "\"new\":\"$C\"")" 1
check "doctor finds every ref where it belongs" foureyes doctor "$REPO"
check "the chain holds" foureyes verify --chain "$W/etc/ledger"

# ---- many at once ----

good many
i=0
while [ $i -lt 12 ]; do
	push_as alice -q "many:refs/heads/many-$i" >/dev/null 2>&1 &
	i=$((i + 1))
done
i=0
while [ $i -lt 4 ]; do
	push_as alice -q many:main >/dev/null 2>&1 &
	i=$((i + 1))
done
wait
is "twelve refs came" "$(on_server for-each-ref 'refs/heads/many-*' | wc -l)" 12
is "main landed once" "$(with landing "\"new\":\"$C\"")" 1
check "one chain" foureyes verify --chain "$W/etc/ledger"

# ---- a log that is not ours to write ----

[ "$(id -u)" -eq 0 ] || {
	skip "somebody else's log" "needs root"
	done_testing
}
# as_nobody COMMAND...
as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}
good foreign
chmod 755 "$W"
printf '[safe]\n\tdirectory = *\n' >>"$HOME/.gitconfig"
chmod -R a+rX "$W/home" "$W/etc"
chmod -R o+rwX "$W/etc"/index.db*
chown -R 65534:65534 "$bare" "$W/alice"
push_as_nobody() {
	TEST_PUSHER=alice as_nobody git -C "$W/alice" push origin "$@"
}
check_not "the log is somebody else's" 1 push_as_nobody foreign:main
says "/etc/ledger/.* is closed to user 65534" "and the message names it"
says 'refused' "and says that it is refused"
check "main did not move" [ "$(on_server rev-parse main)" != "$C" ]
chown -R 65534 "$W/etc/ledger" "$W"/etc/index.db* "$W/etc"
chmod 500 "$W/etc/ledger"
chmod 400 "$W"/etc/ledger/*.jsonl
check_not "the log is not writable" 1 push_as_nobody foreign:main
says "/etc/ledger/.*jsonl. is closed to" "and the message names it"
chmod 700 "$W/etc/ledger"
chmod 600 "$W"/etc/ledger/*.jsonl
expect_admitted "when it is, the change lands" push_as_nobody foreign:main
done_testing

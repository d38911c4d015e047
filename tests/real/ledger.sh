#!/bin/sh
# The log: everything is in it, and whatever is done to it shows.
. "$(dirname "$0")/lib.sh"
site local

change_as alice topic
push_as alice -q topic:main >"$W/out" 2>&1
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "a change lands" push_as alice topic:main
for type in opened policy people settings adopted observation decision \
    landing; do
	check "a record of type $type" [ "$(records $type)" -ge 1 ]
done
approve_as carol "$C" >"$W/out" 2>&1
git_as deploy-bot fetch -q origin
check "a deployment is told" sh -c "cd '$W/deploy-bot' && TEST_PUSHER=deploy-bot \
    foureyes deployed main '$C' --repository '$REPO' --result success"
for kind in push approval deployment; do
	check "an observation of a $kind" grep -q "\"kind\":\"$kind\"" \
	    "$W"/etc/ledger/*.jsonl
done
check "the signed tag itself is in it" sh -c "grep -h '\"kind\":\"approval\"' \
    '$W'/etc/ledger/*.jsonl | tail -1 | sed 's/.*\"tag\":\"\([^\"]*\)\".*/\1/' |
    base64 -d | grep -q '^object $C'"
check "the policy's text as it stands" sh -c "grep -h '\"type\":\"policy\"' \
    '$W'/etc/ledger/*.jsonl | tail -1 |
    grep -q \"\$(sha256sum <'$W/etc/policy.yaml' | cut -d' ' -f1)\""
check "a refusal is a record too" grep -q '"outcome":"REFUSED"' \
    "$W"/etc/ledger/*.jsonl

# shellcheck disable=SC2016  # for the inner shell
check "each line names the hash of the one before" sh -c '
	prev=$(printf "%064d" 0)
	cat "$1"/*.jsonl | while IFS= read -r line; do
		printf "%s" "$line" | grep -q "\"prev\":\"$prev\"" || exit 1
		prev=$(printf "%s" "$line" | sha256sum | cut -d" " -f1)
	done' sh "$W/etc/ledger"
check "log shows it" foureyes log
says alice "with the pusher"
seq=$(grep -h '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -1 |
    sed 's/.*"seq":\([0-9]*\).*/\1/')
check "show shows a record" foureyes show "$seq"
check "and what is known of a commit" foureyes show "$C"
check "verify --chain" foureyes verify --chain "$W/etc/ledger"

# damage WHAT SED: that edit, made on a copy, is found and named by its line.
damage() {
	rm -rf "$W/copy"
	cp -r "$W/etc/ledger" "$W/copy"
	sed -i "$2" "$W"/copy/*.jsonl
	check_not "$1 is found" 1 foureyes verify --chain "$W/copy"
	says '[0-9]' "and named by its line"
}
damage "a changed byte" '4s/"v":1/"v":2/'
damage "a changed name" 's/bob/dan/'
damage "a dropped line" '3d'
damage "an inserted line" '3p'
damage "two lines swapped" '3{h;d};4{G}'

# The index is derived: gone, it comes back with the same answers.
foureyes log >"$W/before" 2>&1
rm -f "$W"/etc/index.db*
check "the index is deleted and log still answers" \
    sh -c "foureyes log >'$W/after'"
check "the same" cmp "$W/after" "$W/before"
rm -f "$W"/etc/index.db*
change_as alice again
approve_as bob "$C" >"$W/out" 2>&1
rm -f "$W"/etc/index.db*
expect_admitted "a push right after it was deleted" push_as alice again:main
printf 'not a database' >"$W/etc/index.db"
change_as alice garbage
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "and after it was overwritten" push_as alice garbage:main

# Twenty pushes at once: one log, no gap.
change_as alice many
i=0
while [ $i -lt 20 ]; do
	push_as alice -q "many:refs/heads/many-$i" >/dev/null 2>&1 &
	i=$((i + 1))
done
wait
i=0
while [ $i -lt 6 ]; do
	push_as alice -q many:main >/dev/null 2>&1 &
	i=$((i + 1))
done
wait
check "pushes at the same time keep one chain" \
    foureyes verify --chain "$W/etc/ledger"
done_testing

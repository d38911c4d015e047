#!/bin/sh
# A ledger in a real PostgreSQL that two nodes write: one sequence and one chain
# whoever appends, nothing is recorded while it cannot be reached, and what it
# lost is missed.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
# shellcheck source=tests/real/lib_shared.sh
. "$src/tests/real/lib_shared.sh"
NODES=b
database_make
site local
cp "$W"/etc/ledger/*.jsonl "$W/before"
share

# in_database TEXT: how many lines of records have that text.
in_database() {
	sql "select count(*) from foureyes.lines, lateral
	    regexp_split_to_table(convert_from(lines, 'UTF8'), E'\n') as line
	    where position('$1' in line) > 0"
}

settings_told() {
	foureyes log --newest 1 >/dev/null
	grep -c '"type":"settings".*"node":"' "$W"/etc/ledger/*.jsonl
}

same_bytes() {
	foureyes log --newest 1 && foureyes --config "$W/b" log --newest 1 &&
	    cmp "$W"/etc/ledger/*.jsonl "$W"/b/ledger/*.jsonl
}

# until_there: node a has noticed that the database is there again.
until_there() {
	for _ in $(seq 100); do
		foureyes log --newest 1 >"$W/out" 2>&1 && return
		sleep 0.1
	done
}

# ---- one ledger ----

good one
lands 'a push through a node' alice one:main
check 'its landing is in the database' \
    test "$(in_database '"type":"landing"')" -eq 1
check 'what was in the directory is there to the byte' \
    cmp -n "$(wc -c <"$W/before")" "$W/before" "$W"/etc/ledger/*.jsonl
check 'the log is whole' foureyes verify --chain
# Who may append and do nothing else.
sql 'create role writer login; grant usage on schema foureyes to writer;
    grant select, insert on foureyes.lines, foureyes.checkpoints to writer;
    grant select, update on foureyes.head to writer'
DATABASE_URL="postgresql://writer@/foureyes?host=$W/db"
node_make b
check 'another node has the same bytes' same_bytes
check 'and the same checkpoint' cmp "$W/etc/ledger/checkpoint" "$W/b/ledger/checkpoint"
check 'each has settings of its own' test "$(settings_told)" -eq 2
node_stop b
node_start b
check '  once' test "$(settings_told)" -eq 2

# ---- appending without it ----

sed -e 's/^gate:.*/gate: local/' -e "s,^ledger:.*,ledger: $W/etc/ledger," \
    -e '/^ledger_copy/d' -e '/^node/d' "$W/etc/foureyes.yaml" >"$W/alone.yaml"
mkdir "$W/alone"
cp "$W"/etc/p*.yaml "$W/alone/"
cp "$W/alone.yaml" "$W/alone/foureyes.yaml"
check_not 'the copy is appended to by nobody else' 3 \
    foureyes --config "$W/alone" adopt "$REPO"
says 'copy of a ledger that is shared'

programs_know() {
	ldd "$(command -v foureyes)" "$(command -v foureyes-static)" 2>&1 |
	    grep "$1"
}
check 'the programs of hooks know the C library' programs_know 'libc\.'
check_not '  and no database' 1 programs_know libpq
# asked_by_nobody WHAT [BODY]
asked_by_nobody() {
	chmod 666 "$W/etc.sock"
	setpriv --reuid nobody --regid nogroup --clear-groups curl -s \
	    --unix-socket "$W/etc.sock" -d "${2:-}" -w '%{http_code}' \
	    "http://localhost/v1/$1" >"$W/out" 2>&1
	chmod 660 "$W/etc.sock"
}
if [ "$(id -u)" -eq 0 ]; then
	asked_by_nobody catch-up
	says '403$' 'who may not write there may not ask'
	node_stop etc
	chgrp nogroup "$W/etc/ledger"
	node_start etc
	asked_by_nobody catch-up
	says '200$' 'who may write there may'
	asked_by_nobody checkpoint forged
	says '403$' '  and hands in no checkpoint, which is for those who seal'
	node_stop etc
	chgrp root "$W/etc/ledger"
	node_start etc
else
	skip 'who may not write there may not ask' 'needs another account'
fi
check_not 'nor is nonsense appended' 22 curl -s -f --unix-socket \
    "$W/etc.sock" --data-binary nonsense http://localhost/v1/append

cp "$W/b/foureyes.yaml" "$W/b.yaml"
sed -i 's,writer@/foureyes,writer@/other,' "$W/b/foureyes.yaml"
for _ in $(seq 40); do
	grep -q 'with a restart alone' "$W/serve-b.log" && break
	sleep 0.1
done
cp "$W/serve-b.log" "$W/out"
says 'where the ledger is kept changes with a restart' \
    'another database is not taken while it serves'
cp "$W/b.yaml" "$W/b/foureyes.yaml"

# ---- two nodes at once ----

check 'what a forge tells is stored' test "$(told_to etc one)" = 204
check '  once, whichever node it tells again' test "$(told_to b one)" = 200
check '  and is in the database' test "$(in_database '"delivery":"one"')" -eq 1

# released TAG: alice's annotated tag of $C, with a plan.
released() {
	git_as alice tag -f -a -m "Release

$PLAN" "$1" "$C" >/dev/null 2>&1
}
lands "a push to another gate" alice one:refs/heads/staging
sleep 1.2
approved erin --for 'refs/tags/v*'
released v1
released v2
push_as alice v1 >"$W/out-a" 2>&1 &
first=$!
push_by b alice v2 >"$W/out-b" 2>&1 &
second=$!
landed=0
wait "$first" && landed=$((landed + 1))
wait "$second" && landed=$((landed + 1))
cat "$W/out-a" "$W/out-b" >"$W/out"
check 'one word for one tag serves one of two nodes' test "$landed" -eq 1
cat "$W/out-a" "$W/out-b" >"$W/out"
says 'peer\.(in-use|spent)' '  and the other is told why not'

waiting=
for i in 1 2 3 4 5 6; do
	push_as alice -q "$C:refs/heads/a$i" >"$W/out-a$i" 2>&1 &
	waiting="$waiting $!"
	push_by b bob -q "$C:refs/heads/b$i" >"$W/out-b$i" 2>&1 &
	waiting="$waiting $!"
done
# shellcheck disable=SC2086  # words
wait $waiting
check 'twelve pushes at once by two nodes' \
    test "$(on_server for-each-ref 'refs/heads/[ab][1-6]' | wc -l)" -eq 12
check 'the same bytes at both' same_bytes
check '  which are whole' foureyes --config "$W/b" verify --chain
check 'seal, and the other node has it' foureyes seal
check '  when it looks' foureyes --config "$W/b" log --newest 1
check '  to the byte' cmp "$W/etc/ledger/checkpoint" "$W/b/ledger/checkpoint"
check '  and it verifies' foureyes --config "$W/b" verify

# ---- without the database ----

good two
database_stop
check_not 'without the database nothing lands' 1 push_as alice two:main
says "the database of the ledger" '  which is said'
check_not 'nor does a command record' 3 foureyes adopt "$REPO"
says 'the database of the ledger'
check_not 'doctor says so too' 1 foureyes doctor
says 'wrong: shared ledger: the database of the ledger'
database_start
until_there
lands 'when it is there again all goes on' alice two:main
foureyes doctor >"$W/out" 2>&1
says 'same [0-9]+ records' 'doctor finds it in order'
says 'waits for no replica' '  and what it lacks'
says 'could alter and delete' '  and what it should not be able to'
foureyes --config "$W/b" doctor >"$W/b.doctor" 2>&1
check_not '  which the other is not' 1 grep 'could alter and delete' "$W/b.doctor"
check 'nothing was lost, and nothing is twice' foureyes verify

# ---- a commit that comes late ----

waits_for() {
	sql "alter system set synchronous_standby_names = '$1'"
	sql 'select pg_reload_conf()' >/dev/null
}
# second_try: the first one is still on its way, and another one waits for it.
second_try() {
	for _ in $(seq 100); do
		[ "$(sql "select count(*) from pg_stat_activity
		    where wait_event_type = 'Lock'")" -eq 0 ] || return 0
		sleep 0.05
	done
	return 1
}
# wished: a line goes behind whatever is the newest.
wished() {
	printf '\0\0\0\1\0\0\0\0\0\0\1\233\0\0\0\0\0\0\0\1\0\0\0\27%s' \
	    '"type":"unheard","x":1}' >"$W/wish"
	curl -s -f --unix-socket "$W/etc.sock" --data-binary "@$W/wish" \
	    http://localhost/v1/append
}
waits_for nobody
sleep 0.5 # its checkpointer sees to that
wished >"$W/out" 2>&1 &
wishing=$!
check 'what was given up is tried again' second_try
waits_for ''
check '  and found, as it came late' wait "$wishing"
check '  once' test "$(in_database '"unheard"')" -eq 1

# ---- killed while it is written to ----

good three
database_kill
database_start
until_there
lands 'killed and back, all goes on' alice three:main

# ---- what the database lost ----

node_stop b
sql "create table public.head as select * from foureyes.head"
good four
lands 'answered' alice four:main
sql "delete from foureyes.lines where last > (select seq from public.head);
    update foureyes.head set (seq, digest, bytes) =
    (select seq, digest, bytes from public.head)"
change_as alice five >"$W/out" 2>&1
check_not 'a database that lost what was answered' 1 push_as alice five:main
says 'has lost what was answered, from record' '  is missed by who has it'
check_not 'doctor names the first record' 1 foureyes doctor
says 'has lost what was answered, from record [0-9]+'
node_stop etc
check 'who has it puts it back' foureyesd ledger restore
says 'put [0-9]+ records back'
node_start etc
node_start b
good five
lands 'and all goes on' alice five:main
check 'with the same bytes at both' same_bytes

# ---- what was altered there ----

node_stop b
sql "update foureyes.lines set lines = convert_to(replace(convert_from(lines,
    'UTF8'), '\"time\":\"2', '\"time\":\"1'), 'UTF8')
    where last = (select max(last) from foureyes.lines)"
rm -rf "$W/b/ledger" "$W/b"/index.db*
check_not 'a record that was altered there' 3 \
    timeout 10 foureyesd --config "$W/b" serve
says 'does not follow|has another record' '  is taken by nobody'
done_testing

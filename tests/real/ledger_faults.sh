#!/bin/sh
# Each system call on the way of a record to disk fails, or is the writer's
# last.  Whatever was answered is there afterwards, and nothing looks altered.
. "$(dirname "$0")/lib.sh"
fault=$src/build/${VARIANT:-release}/fault
[ -e "$fault/faults.so" ] || skip_all "tests/fault was not built"
[ "${VARIANT:-}" != san ] || skip_all "a sanitizer wants to be the first library"
mkdir "$W/place"
LEDGER=$W/place/ledger
ANSWERED=$W/answered
HIT=$W/hit
writer=0

bytes() {
	cat "$LEDGER"/*.jsonl | sha256sum
}

# with_fault HOW NTH RUN COMMAND...
with_fault() {
	how=$1
	nth=$2
	run=$3
	shift 3
	FAULT_HOW=$how FAULT_NTH=$nth FAULT_RUN=$run FAULT_DIR=$LEDGER \
	    FAULT_HIT=$HIT FAULT_CALLS=${CALLS:-} \
	    LD_PRELOAD=$fault/faults.so "$@"
}

# sound WHEN: complains unless the chain is fine, or torn at its end.
sound() {
	foureyes verify --chain "$LEDGER" >"$W/verify" 2>&1
	grep -q '^unaltered: yes' "$W/verify" && return 0
	echo "$1: $(head -1 "$W/verify")"
	return 1
}

# kept WHEN: what was answered with yes is there once.
kept() {
	while read -r answer w n _; do
		[ "$answer" = yes ] || continue
		count=$(cat "$LEDGER"/*.jsonl |
		    grep -c "\"writer\":$w,\"n\":$n}")
		[ "$count" -eq 1 ] && continue
		echo "$1: record $w $n is there $count times"
		return 1
	done <"$ANSWERED"
}

# prepare STATE: the ledger as the writer finds it.
prepare() {
	size=
	case $1 in
	torn) printf '{"v":1,"seq":' >>"$(newest)" ;;
	zeros) head -c 4096 /dev/zero >>"$(newest)" ;;
	unclaimed) rm -f "$LEDGER/sync" ;;
	full) size=1 ;;
	esac
}

newest() {
	find "$LEDGER" -name '*.jsonl' | sort | tail -1
}

# one STATE HOW NTH RUN: 0 fine, 1 complained, 2 there are not so many calls.
one() {
	when="$1, $2 at call $3"
	prepare "$1"
	before=$(bytes)
	rm -f "$HIT" "$ANSWERED"
	writer=$((writer + 1))
	with_fault "$2" "$3" "$4" \
	    "$fault/appender" "$LEDGER" 1 1 "$writer" "$ANSWERED" $size \
	    2>"$W/err"
	[ -e "$HIT" ] || return 2
	: >>"$ANSWERED"
	sound "$when" && kept "$when" || return 1
	if grep -q '^no ' "$ANSWERED" && [ "$(bytes)" != "$before" ]; then
		echo "$when: it is not as it was: $(cat "$ANSWERED")"
		return 1
	fi
	torn=$(grep -c 'torn' "$W/verify")
	sealed=$(cat "$LEDGER"/*.jsonl | grep -c '"type":"recovered"')
	writer=$((writer + 1))
	if ! "$fault/appender" "$LEDGER" 1 1 "$writer" "$ANSWERED"; then
		echo "$when: nothing can be appended: $(tail -1 "$ANSWERED")"
		return 1
	fi
	sound "$when, appended to" && kept "$when, appended to" || return 1
	now=$(cat "$LEDGER"/*.jsonl | grep -c '"type":"recovered"')
	[ "$torn" -eq 0 ] || [ "$now" -gt "$sealed" ] && return 0
	echo "$when: what was torn is not sealed"
	return 1
}

# each STATE HOW RUN: every call in turn, until there is none that is so late.
each() {
	state=$1
	nth=0
	while :; do
		nth=$((nth + 1))
		if one "$state" "$2" "$nth" "$3" >"$W/out" 2>&1; then
			continue
		elif [ $? -eq 2 ]; then
			break
		fi
		verdict 1 "$state: $2 at each of the calls (failed at $nth)"
		return
	done
	[ "$nth" -gt "${4:-10}" ]
	verdict $? "$state: $2 at each of $((nth - 1)) calls${5:-}"
}

# A ledger without a checkpoint, which another user would make.
check "a ledger" foureyes init --origin example.com/faults "$W/place"
rm -f "$LEDGER/checkpoint"

for state in plain torn unclaimed full; do
	for how in ENOSPC EIO before after; do
		each "$state" "$how" 1
	done
	CALLS=pwrite each "$state" short 1 1 " that write"
	CALLS=pwrite each "$state" torn 1 1 " that write"
done
each zeros before 1
each plain EIO 0 10 " and all behind it"
each full ENOSPC 0 10 " and all behind it"

# P02: the last record cut at each of its bytes, as a crash leaves it.
cp "$(newest)" "$W/whole"
last=$(tail -1 "$W/whole" | wc -c)
lines=$(wc -l <"$W/whole")
cut=1
while [ $cut -lt "$last" ]; do
	head -c "-$cut" "$W/whole" >"$(newest)"
	rm -f "$LEDGER/sync"
	foureyes verify --chain "$LEDGER" >"$W/out" 2>&1
	grep -q "torn tail" "$W/out" || break
	writer=$((writer + 1))
	"$fault/appender" "$LEDGER" 1 1 "$writer" "$ANSWERED" || break
	head -n $((lines - 1)) "$(newest)" | cmp -s - "$W/before" ||
	    [ $cut -eq 1 ] || break
	head -n $((lines - 1)) "$(newest)" >"$W/before"
	tail -2 "$(newest)" | grep -q '"type":"recovered"' || break
	cut=$((cut + 1))
done
[ $cut -eq "$last" ]
verdict $? "P02: cut at each of $last bytes it is torn, sealed, and nothing before is lost"

# P10: locks that cannot be had, or that everybody gets.
for how in ENOLCK EBADF yes; do
	before=$(bytes)
	rm -f "$HIT" "$ANSWERED"
	CALLS=flock with_fault "$how" 1 0 \
	    "$fault/appender" "$LEDGER" 1 1 0 "$ANSWERED" 2>/dev/null
	cp "$ANSWERED" "$W/out"
	says '^no .*(cannot be locked|can be locked twice at once)' \
	    "P10: where flock answers $how nothing is written"
	[ "$(bytes)" = "$before" ]
	verdict $? "P10: not a byte"
done

# crowd HOW CALLS RUN: four writers, one of whom is struck, again and again.
crowd() {
	nth=1
	while :; do
		when="four writers, $1 at call $nth"
		rm -f "$HIT" "$ANSWERED"
		writer=$((writer + 4))
		CALLS=$2 with_fault "$1" "$nth" "$3" "$fault/appender" \
		    "$LEDGER" 4 4 "$writer" "$ANSWERED" 2>"$W/err"
		[ -e "$HIT" ] || break
		writer=$((writer + 4))
		{
			sound "$when" && kept "$when" &&
			    "$fault/appender" "$LEDGER" 1 1 "$writer" \
			        "$ANSWERED" && sound "$when, appended to" &&
			    kept "$when, appended to"
		} >"$W/out" 2>&1 || break
		nth=$((nth + ${4:-1}))
	done
	[ ! -e "$HIT" ] && [ "$nth" -ge 3 ]
	verdict $? "four writers: $1 of $2, in one of them, at each of $nth"
}
crowd EIO fdatasync 1
crowd before fdatasync 1
crowd after fdatasync 1
crowd before pwrite,flock 1 2
crowd EIO fdatasync,pwrite,ftruncate 3 2

# The same under pushes: what was refused did not move, what moved is recorded.
rm -rf "$W/place"
site local
LEDGER=$W/etc/ledger
# Faults are preloaded, which a program without libraries does not take.
foureyes uninstall "$REPO" >"$W/out" 2>&1
check "with the program that has libraries" \
    foureyes install --program "$(command -v foureyes)" "$REPO"
change_as alice topic
approve_as bob "$C" >"$W/out" 2>&1

# pushed HOW NTH: a push with that fault, and a clean one where it failed.
pushed() {
	rm -f "$HIT"
	with_fault "$1" "$2" 1 git -C "$W/alice" push -q origin topic:main \
	    >"$W/said" 2>&1
	answer=$?
	at=$(on_server rev-parse main)
	sound "$when" || return 1
	if [ "$answer" -eq 0 ] && [ "$at" != "$C" ]; then
		echo "$when: it said yes and did not move"
		return 1
	fi
	if [ "$at" = "$C" ] && ! grep -h '"type":"decision"' \
	    "$LEDGER"/*.jsonl | grep "\"new\":\"$C\"" |
	    grep -q '"outcome":"ADMITTED"'; then
		echo "$when: it moved and no decision is there"
		return 1
	fi
	[ "$at" = "$C" ] || push_as alice -q topic:main || return 1
	change_as alice topic
	approve_as bob "$C" >"$W/said" 2>&1 || return 1
	[ -e "$HIT" ] || return 2
}

export TEST_PUSHER=alice
for how in EIO before after ENOSPC; do
	nth=1
	while :; do
		when="a push, $how at call $nth"
		pushed "$how" "$nth" >"$W/out" 2>&1 || break
		nth=$((nth + 3))
	done
	[ ! -e "$HIT" ] && [ "$nth" -gt 12 ]
	verdict $? "P04: a push, $how at each third of $nth calls"
done
check "the chain holds" foureyes verify --chain "$LEDGER"

# P01: two hundred hooks at once, each with a commit of its own.
bare=$W/srv/$REPO.git
before=$(records observation)
tree=$(on_server rev-parse 'main^{tree}')
i=0
while [ $i -lt 200 ]; do
	c=$(on_server -c user.name=alice -c user.email=alice@example.com \
	    commit-tree -p main -m "PAY-1 number $i" "$tree")
	echo "0000000000000000000000000000000000000000 $c refs/heads/many-$i"
	i=$((i + 1))
done >"$W/pushes"
(
	cd "$bare" || exit 3
	while read -r line; do
		(
			echo "$line" | TEST_PUSHER=alice GIT_DIR=. \
			    ./hooks/pre-receive 2>>"$W/hooks.err" ||
			    echo "$line" >>"$W/hooks.failed"
		) &
	done <"$W/pushes"
	wait
)
cat "$W/hooks.err" >"$W/out"
[ ! -e "$W/hooks.failed" ]
verdict $? "P01: two hundred hooks at once all answer yes"
[ $(($(records observation) - before)) -eq 200 ]
verdict $? "P01: two hundred records"
check "P01: and one chain" foureyes verify --chain "$LEDGER"
done_testing

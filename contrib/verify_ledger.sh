#!/bin/sh
# verify_ledger.sh DIRECTORY - verify the chain of a foureyes ledger with
# nothing but sha256sum (or shasum) and a shell.
#
# Each line names, as "prev", the SHA-256 of the line before it without its
# newline; the first names 64 zeros.  seq counts from 1.  A segment's name is
# the seq of its first line.  Exit status: 0 the chain holds, 1 it does not,
# 2 used wrongly.  It starts a process or two for each line: for large ledgers
# verify-ledger is quicker.
set -u
LC_ALL=C
export LC_ALL

say() {
	printf '%s\n' "$1"
	exit 1
}

digest() {
	if command -v sha256sum >/dev/null; then
		printf '%s' "$1" | sha256sum
	else
		printf '%s' "$1" | shasum -a 256
	fi | cut -c 1-64
}

if [ $# -ne 1 ] || [ ! -d "$1" ]; then
	echo "usage: ${0##*/} DIRECTORY" >&2
	exit 2
fi
d='[0-9]'
seq=0 torn=
prev=0000000000000000000000000000000000000000000000000000000000000000
for file in "$1"/$d$d$d$d$d$d$d$d$d$d$d$d$d$d$d$d$d$d$d$d.jsonl; do
	name=${file##*/}
	[ -f "$file" ] || say "'$1' holds no ledger"
	[ -z "$torn" ] || say "altered: $torn, and another segment follows"
	[ "$name" = "$(printf '%020d.jsonl' $((seq + 1)))" ] ||
		say "dropped: '$name' does not follow seq $seq"
	number=0 at=0
	while IFS= read -r line || {
		[ -z "$line" ] || torn="torn tail at byte $at of '$name'"
		false
	}; do
		number=$((number + 1)) seq=$((seq + 1))
		where="line $number of '$name'"
		time=$d$d$d$d-$d$d-${d}${d}T$d$d:$d$d:$d$d.$d$d${d}Z
		# shellcheck disable=SC2254  # $time is a pattern
		case $line in
		'{"v":1,"seq":'$seq',"time":"'$time'","prev":"'$prev'","type":"'*'}') ;;
		'{"v":1,"seq":'$seq',"time":"'*)
			say "altered: $where, or the line before it" ;;
		'{"v":1,"seq":'[1-9]*)
			say "dropped or inserted: $where, expected seq $seq" ;;
		*)
			say "altered: $where is not a record of a ledger" ;;
		esac
		prev=$(digest "$line")
		at=$((at + ${#line} + 1))
	done <"$file"
	# A shell cannot hold NULs: behind the last line they are a torn tail.
	if [ -z "$torn" ] && [ "$(wc -c <"$file")" -ne "$at" ]; then
		[ "$(tail -c "+$((at + 1))" "$file" | tr -d '\0' | wc -c)" -eq 0 ] ||
			say "altered: '$name' has NULs in its lines"
		torn="torn tail at byte $at of '$name'"
	fi
done
echo "unaltered: $seq lines"
echo "newest: $prev"
[ -z "$torn" ] || echo "$torn"

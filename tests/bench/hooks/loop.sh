#!/bin/bash
# The usual hook: every new commit, one by one, must name a ticket.
zero=0000000000000000000000000000000000000000
while read -r old new ref; do
	[ "$new" != $zero ] || continue
	range=$old..$new
	[ "$old" != $zero ] || range="$new --not --all"
	# shellcheck disable=SC2086
	for commit in $(git rev-list $range); do
		message=$(git log -1 --format='%an <%ae>%n%B' "$commit")
		case $message in
		*PAY-*) ;;
		*)
			echo "$ref: $commit names no ticket" >&2
			exit 1
			;;
		esac
	done
done

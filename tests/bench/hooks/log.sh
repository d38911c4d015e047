#!/bin/sh
# As few processes as a shell needs: author, message and changed paths of all
# new commits from one git log.
while read -r old new _; do
	git log --raw --no-abbrev --format='%H %an <%ae>%n%B' "$old..$new" |
	    grep -c 'PAY-' >/dev/null || exit 1
done

#!/bin/sh
# Evidence refs go when the ledger has held their tags, to the byte, for long.
. "$(dirname "$0")/lib.sh"
site local

bare=$W/srv/$REPO.git
refs() {
	git -C "$bare" for-each-ref --format='%(refname)' refs/foureyes/ | wc -l
}
# age DAYS: the whole ledger becomes so much older, and chains again.
age() {
	python3 "$src/tests/real/age.py" "$W/etc/ledger" "$1"
	rm -f "$W"/etc/index.db*
}

change_as alice topic
approve_as bob "$C"
first=$C
expect_admitted "a change lands" push_as alice topic:main
[ "$(refs)" -eq 1 ]
verdict $? "its approval is a ref"
check "what is young stays" foureyes tidy
says "0 evidence refs are gone, 1 are younger than 30 days"
age 29
check "at 29 days too" foureyes tidy
says "1 are younger"
age 2
change_as alice later
approve_as bob "$C"
[ "$(refs)" -eq 2 ]
verdict $? "a young one beside it"
check "dry, it would go" foureyes tidy --dry-run
says "would go" && says "1 evidence refs would go, 1 are younger"
[ "$(refs)" -eq 2 ]
verdict $? "and stays"

# The ref holds another tag than the record.
ref=$(git -C "$bare" for-each-ref --format='%(refname)' \
    "refs/foureyes/approvals/$first/")
tag=$(git -C "$bare" rev-parse "$ref")
other=$(git -C "$bare" cat-file tag "$tag" | sed '/^-----BEGIN/,$d' |
    git -C "$bare" hash-object -t tag -w --stdin)
git -C "$bare" update-ref "$ref" "$other"
check "another tag in its place" foureyes tidy
says "not in the ledger as it stands there, stays"
[ "$(refs)" -eq 2 ]
verdict $? "stays"
git -C "$bare" update-ref "$ref" "$tag"
git -C "$bare" update-ref "refs/foureyes/approvals/$first/copy" "$tag"
check "a ref that no push brought" foureyes tidy "$REPO"
says "copy: not in the ledger"
says "1 evidence refs are gone, 1 are younger than 30 days, 1 are not"
check_not "what was recorded is gone" 1 \
    git -C "$bare" rev-parse -q --verify "$ref"
git -C "$bare" update-ref -d "refs/foureyes/approvals/$first/copy"
check "once more" foureyes tidy
says "0 evidence refs are gone, 1 are younger"

# The ledger's copy is what counts.
age 31
check "the other one goes too" foureyes tidy
says "1 evidence refs are gone"
[ "$(refs)" -eq 0 ]
verdict $? "no ref is left"
git_as alice fetch -q
expect_admitted "and its approval serves all the same" \
    push_as alice later:main
foureyes verify --chain "$W/etc/ledger" >"$W/out" 2>&1
says "unaltered: yes" "the chain holds"
done_testing

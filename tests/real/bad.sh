#!/bin/sh
# Bad input: a clear error or a refusal, and nothing lost.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git

# refuses_policy WHAT SED: that edit of a sound policy is not put in force.
cp "$W/policy.yaml" "$W/sound.yaml"
before=$(sha256sum "$W/etc/policy.yaml")
refuses_policy() {
	sed "$2" "$W/sound.yaml" >"$W/broken.yaml"
	cp "$W/broken.yaml" "$W/policy.yaml"
	if foureyes apply "$W/policy.yaml" >"$W/out" 2>&1; then
		verdict 1 "$1 is refused"
		return
	fi
	verdict 0 "$1 is refused"
	says 'policy\.yaml:[0-9]+:[0-9]+: ' "with its place"
}
refuses_policy "an unknown key" 's/rollback_plan:/rolback_plan:/'
refuses_policy "a double key" 's/^version: 1/version: 1\nversion: 1/'
refuses_policy "a wrong type" 's/count: 1/count: [1]/'
refuses_policy "a count of none" 's/count: 1/count: 0/'
refuses_policy "no YAML at all" 's/^mode:.*/mode: [/'
refuses_policy "a ref in two gates" 's,"refs/heads/staging","refs/heads/main",'
check "what was in force still is" \
    [ "$before" = "$(sha256sum "$W/etc/policy.yaml")" ]
cp "$W/sound.yaml" "$W/policy.yaml"
check "check says so" foureyes check

# shut WHAT: no push of a good change lands while something is broken.
change_as alice good
GOOD=$C
approve_as bob "$GOOD" >"$W/out" 2>&1
shut() {
	check_not "$1: the push is refused" 1 push_as alice good:main
	says 'foureyes: ' "and says why"
	check "main did not move" [ "$(on_server rev-parse main)" != "$GOOD" ]
}
for file in policy people foureyes; do
	mv "$W/etc/$file.yaml" "$W/away"
	shut "no $file.yaml"
	printf '\001: [\n' >"$W/etc/$file.yaml"
	shut "an unreadable $file.yaml"
	mv "$W/away" "$W/etc/$file.yaml"
done
mv "$W/etc/ledger" "$W/away"
shut "no ledger"
mkdir "$W/etc/ledger"
shut "an empty ledger directory"
rmdir "$W/etc/ledger"
mv "$W/away" "$W/etc/ledger"

# A push that is killed between the decision and the move of the ref.
# shellcheck disable=SC2016  # for the hook
printf '#!/bin/sh\nkill -9 $PPID\n' >"$bare/hooks/update"
chmod 755 "$bare/hooks/update"
push_as alice good:main >"$W/out" 2>&1
rm "$bare/hooks/update"
check "a push killed half way moved nothing" \
    [ "$(on_server rev-parse main)" != "$GOOD" ]
check "and left a log that holds" foureyes verify --chain "$W/etc/ledger"
expect_admitted "the next one lands" push_as alice good:main

# Hundreds of refs.
specs=
i=0
while [ $i -lt 300 ]; do
	specs="$specs good:refs/tags/v$i"
	i=$((i + 1))
done
# shellcheck disable=SC2086  # a list of refspecs
expect_refused '[a-z]*\.[a-z-]*' "300 gated refs nobody may make" \
    push_as alice $specs
check "in a screenful or so" [ "$(wc -c <"$W/out")" -lt 200000 ]

# A message of a megabyte, and one over the limit.
big() {
	change_as alice "$1"
	head -c "$2" /dev/zero | tr '\0' x | fold -w 72 |
	    cat - "$W/plan" >"$W/message"
	git_as alice commit -q --amend -F "$W/message"
	C=$(git_as alice rev-parse HEAD)
	push_as alice -q -f "$1"
	approve_as bob "$C" >"$W/out" 2>&1
}
printf '\n\n%s\n' "$PLAN" >"$W/plan"
big large 1000000
expect_admitted "a message of a megabyte" push_as alice large:main
big huge 3000000
check_not "a message over the limit is refused" 1 push_as alice huge:main

# Hostile bytes.
git_as alice fetch -q origin
git_as alice checkout -q -B hostile origin/main
GIT_AUTHOR_NAME=$(printf 'A\033[31mlice\r') GIT_AUTHOR_EMAIL=alice@example.com \
    commit_as alice "$(printf 'na\033me\tx')" \
    "$(printf 'subject \033[2J\007 with bells')"
push_as alice -q hostile
expect_refused 'peer.none|rollback.absent' "hostile bytes in names" \
    push_as alice hostile:main
check "none of them reach the terminal" \
    sh -c "! tr -d '\n\t' <'$W/out' | LC_ALL=C grep -q '[[:cntrl:]]'"
expect_refused '[a-z]*\.[a-z-]*' "a ref name of other letters" \
    push_as alice "hostile:refs/tags/v$(printf '\303\251\360\237\230\200')"

# Traps of Git itself.
change_as alice trap
on_server update-ref "refs/replace/$C" "$(on_server rev-parse main)"
expect_refused peer.none "a replace ref hides nothing" push_as alice trap:main
on_server update-ref -d "refs/replace/$C"
expect_refused '[a-z]*\.[a-z-]*' "a namespace by name" \
    push_as alice trap:refs/namespaces/x/refs/heads/main
check_not "a namespace by environment" 1 push_as alice \
    --receive-pack='env GIT_NAMESPACE=x git-receive-pack' trap:refs/heads/main
N=$(git_as alice cat-file commit trap | sed '/^author/p' |
    git_as alice hash-object -t commit -w --stdin --literally)
check_not "a commit with two authors" 1 push_as alice "$N:main"
B=$(git_as alice rev-parse trap:base.txt)
check_not "a ref at a blob" 1 push_as alice "$B:refs/tags/v-blob"

REPO='with blank'
make_repository
foureyes install "$W/srv/$REPO.git" >"$W/out" 2>&1
verdict $((! $?)) "a repository whose name has a blank is not installed to"
says 'blank.*no name' "and it says why"
REPO='with:colon'
make_repository
foureyes install "$W/srv/$REPO.git" >"$W/out" 2>&1
foureyes adopt "$REPO" >>"$W/out" 2>&1
git_as alice remote add colon "$W/srv/$REPO.git"
git_as alice fetch -q colon
git_as alice checkout -q -B colon colon/main
commit_as alice colon.txt "PAY-1 in a path with a colon

$PLAN"
expect_refused peer.none "a repository whose path has a colon" \
    git_as alice push colon colon:main
done_testing

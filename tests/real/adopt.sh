#!/bin/sh
# adopt and account: baselines, and movements that nobody decided on.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git
MAIN=$(on_server rev-parse main)

# Old refs of every gate: branches, a light tag, an annotated one, a tag of one.
git -C "$bare" branch -q staging main
git -C "$bare" tag v1 main
git -C "$bare" -c user.name=old -c user.email=o@example.com \
    tag -a -m two v2 main
git -C "$bare" -c user.name=old -c user.email=o@example.com \
    tag -a -m three v3 v2 2>/dev/null
git -C "$bare" branch -q topic main
check "adopt --dry-run" foureyes adopt --dry-run --all
says 'refs/tags/v1 would be taken' "says what it would take"
check "and takes nothing" [ "$(records adopted)" -eq 1 ]
check "adopt --ref" foureyes adopt --ref 'refs/tags/*' "$REPO"
check "takes what the glob fits" [ "$(records adopted)" -eq 4 ]
check "a tag stands for its commit" sh -c "foureyes log --json \
    --type adopted --ref refs/tags/v3 |
    grep '\"subject\":\"$MAIN\",\"landed\":\\[\"$MAIN\"\\]'"
check "adopt the rest" foureyes adopt --all
check "which is one" [ "$(records adopted)" -eq 5 ]
check "not what is at no gate" \
    sh -c "! foureyes log --type adopted | grep topic"
check "once more" foureyes adopt --all
says 'nothing to adopt' "there is nothing"
for key in '"reviewed":false' '"first":true' '"in_order":true' \
    '"person":"dave"'; do
	check "the record has $key" sh -c "foureyes log --json \
	    --type adopted --newest 1 | grep '$key'"
done

# What no commit stands behind is no baseline.
blob=$(git -C "$bare" hash-object -w --stdin </dev/null)
git -C "$bare" update-ref refs/tags/v-blob "$blob"
check_not "a tag on a blob" 1 foureyes adopt "$REPO"
says 'holds no commit' "is not adopted"
git -C "$bare" update-ref -d refs/tags/v-blob

check_not "a ref at no gate" 2 foureyes adopt "$REPO" refs/heads/topic
check_not "a ref not written in full" 2 foureyes adopt "$REPO" heads/main
check_not "nothing named" 2 foureyes adopt
check_not "all, and one by name" 2 foureyes adopt --all "$REPO"
check_not "a ref that is not there" 1 foureyes adopt "$REPO" refs/heads/master
git -C "$bare" symbolic-ref refs/heads/master refs/heads/main
check_not "a symbolic ref" 2 foureyes adopt "$REPO" refs/heads/master
says 'refs/heads/main' "the one it stands for is named"
git -C "$bare" symbolic-ref -d refs/heads/master
check "a ref that is where the ledger has it" \
    foureyes adopt "$REPO" refs/heads/main
check "needs no adoption" [ "$(records adopted)" -eq 5 ]

# Drift, explained or adopted again: an exception, with its number of commits.
moved() {
	for n in 1 2 3; do
		tree=$(git -C "$bare" rev-parse "main^{tree}")
		next=$(echo "$1 $n" | git -C "$bare" -c user.name=x \
		    -c user.email=x@example.com commit-tree "$tree" \
		    -p "$(on_server rev-parse main)")
		git -C "$bare" -c core.hooksPath=/nowhere \
		    update-ref refs/heads/main "$next"
	done
}
moved unseen
check_not "doctor finds what moved unseen" 1 foureyes doctor "$REPO"
says 'wrong: payments: refs/heads/main: .*foureyes account' \
    "and names the way out"
check_not "verify too" 1 foureyes verify
says 'complete: no: 1 of' "says that it has no record"
check_not "a placeholder explains nothing" 2 \
    foureyes account "$REPO" refs/heads/main --reason n/a
check "account" foureyes account "$REPO" refs/heads/main \
    --reason 'restored from the backup of the night'
check "drift was recorded on the way" [ "$(records drift)" -eq 1 ]
check "explained" sh -c "$(printf '%s' 'foureyes log --json --newest 1 \
    --type explained | grep "\"reason\":\"restored from"')"
check "and adopted, with the commits it took in" sh -c "foureyes log \
    --json --newest 1 --type adopted |
    grep '\"first\":false,\"unreviewed\":3'"
check_not "nothing is left to explain" 1 foureyes account "$REPO" \
    refs/heads/main --reason 'restored from the backup of the night'
check "doctor is content" foureyes doctor "$REPO"
check "verify is" foureyes verify
moved again
check "adopt REPO REF takes it again" foureyes adopt \
    --reason 'moved by the migration script' "$REPO" refs/heads/main
says '3 commit.* that nobody reviewed' "loudly"
check_not "a ref without a baseline has nothing to explain" 1 foureyes \
    account "$REPO" refs/tags/v9 --reason 'moved by the migration script'

# An admitted landing that no hook saw is a landing, not drift.
change_as alice seen
approve_as bob "$C" >"$W/out" 2>&1
mv "$bare/hooks/reference-transaction" "$bare/hooks/post-receive" "$W"
push_as alice seen:main >"$W/out" 2>&1
mv "$W/reference-transaction" "$W/post-receive" "$bare/hooks"
landings=$(records landing)
check "adopt of a ref that landed unseen" \
    foureyes adopt "$REPO" refs/heads/main
says 'where the ledger has it' "adopts nothing"
check "and finds the landing" [ "$(records landing)" -eq $((landings + 1)) ]

# Somebody who is in no administration group.
sed -i 's/^    groups: \[platform\]/    groups: [others]/' "$W/people.yaml"
foureyes apply "$W/people.yaml" >"$W/out" 2>&1
moved third
check "an account by somebody else is taken" foureyes account "$REPO" \
    refs/heads/main --reason 'nobody of the platform was there'
says 'WARNING: .*exception' "and said to be an exception"
check "and recorded as not in order" sh -c "foureyes log --json \
    --newest 1 --type explained | grep '\"in_order\":false'"
sed -i "s/ \[dave, $(id -un)\]/ dave/" "$W/people.yaml"
foureyes apply "$W/people.yaml" >"$W/out" 2>&1
moved fourth
check "and by nobody of people.yaml" foureyes account "$REPO" \
    refs/heads/main --reason 'nobody of the platform was there'
check "with the account's name" sh -c "foureyes log --json --newest 1 \
    --type explained |
    grep '\"account\":\"$(id -un)\",\"person\":null,\"in_order\":false'"

on_server update-ref -d refs/heads/main
check "a gated ref that is gone is explained" foureyes account "$REPO" \
    refs/heads/main --reason 'it was deleted by mistake'
says 'made again it goes on from [0-9a-f]{12}' "and made again where it was"
check_not "once" 1 foureyes account "$REPO" refs/heads/main \
    --reason 'it was deleted by mistake'
check_not "there is nothing to adopt" 1 foureyes adopt "$REPO" refs/heads/main
says 'make it again at [0-9a-f]{40}'
done_testing

#!/bin/sh
# Words that split on purpose, names set by what is sourced, texts that look like
# expansions and are none.
# shellcheck disable=SC2016,SC2034,SC2046,SC2059,SC2086,SC2154,SC2181
# K05: content hidden in merges, squashes and gitlinks.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
site local
uncovered='review.unreviewed-commit'
n=0

# feature NAME [PATH]: alice's change, approved by bob: its tip $F.
feature() {
	change_as alice "$1" "${2:-$1.txt}"
	F=$C
	approve_as bob "$F" >"$W/out" 2>&1 || verdict 1 "$1 could not be approved"
}

# move_main: another change lands meanwhile.
move_main() {
	n=$((n + 1))
	change_as bob "meanwhile-$n"
	{
		approve_as alice "$C" && push_as bob "meanwhile-$n:main"
	} >"$W/out" 2>&1 || verdict 1 "main could not be moved"
	git_as alice fetch -q origin
	git_as alice checkout -q -f -B landing origin/main
}

# amend_merge COMMAND...: the merge commit alice is on, changed by that.
amend_merge() {
	(cd "$W/alice" && "$@")
	git_as alice add -A
	git_as alice commit -q --amend --no-edit
}

tree_of() {
	git_as alice rev-parse "$1^{tree}"
}

# commit_tree MESSAGE TREE PARENT...: prints the commit.
commit_tree() {
	message=$1
	tree=$2
	shift 2
	set -- $(printf -- '-p %s ' "$@")
	git_as alice commit-tree "$@" -m "$message

$PLAN" "$tree"
}

# ---- E01: a merge brings what is in neither parent
feature one
move_main
git_as alice merge -q --no-ff -m "Merge the change" "$F"
amend_merge sh -c 'echo "int main(void){}" >backdoor.c'
N=$(git_as alice rev-parse HEAD)
expect_refused $uncovered "E01: a merge that brings a file of its own" \
    push_as alice "$N:main"
says "$(printf '%.12s' "$N")" "E01: the merge is named"
says 'backdoor.c' "E01: and the extra path"
for edit in 'rm one.txt' 'chmod +x one.txt' 'git rm -q -f base.txt' \
    'ln -sf one.txt link' 'printf "\n" >>base.txt' \
    'mv base.txt other.txt' 'rm one.txt; ln -s /etc/passwd one.txt'; do
	git_as alice reset -q --hard origin/main
	git_as alice merge -q --no-ff -m "Merge the change" "$F"
	amend_merge sh -c "$edit"
	expect_refused $uncovered "E01+ a merge with an edit: $edit" \
	    push_as alice "$(git_as alice rev-parse HEAD):main"
done
git_as alice reset -q --hard origin/main
T=$(git_as alice merge-tree --write-tree origin/main "$F")
swapped=$(commit_tree Merge "$T" "$F" "$(git_as alice rev-parse origin/main)")
git_as alice checkout -q -B evil origin/main
commit_as alice evil.txt "PAY-1 evil"
E=$C
for parents in "$E $F" "origin/main $E $F" "origin/main $F $E" \
    "origin/main $E" "$F $E"; do
	set --
	for parent in $parents; do
		set -- "$@" "$(git_as alice rev-parse "$parent")"
	done
	N=$(git_as alice cat-file commit HEAD | {
		echo "tree $T"
		printf 'parent %s\n' "$@"
		sed '1,/^parent/d'
	} | raw_as alice commit)
	expect_refused '[a-z]*\.[a-z-]*' \
	    "E01+ the right tree, other parents: $parents" \
	    push_as alice -f "$N:main"
done
git_as alice checkout -q -f -B landing origin/main
git_as alice merge -q --no-ff -m "Merge the change" "$F"
expect_admitted "E01+ lawful: the mechanical merge" push_as alice landing:main

# ---- E03: clean merges keep an approval
feature three
move_main
git_as alice checkout -q -B updated "$F"
git_as alice merge -q -m "Bring main in" origin/main
amend_merge sh -c 'printf x >>base.txt'
expect_refused $uncovered "E03: an update merge with one byte more" \
    push_as alice updated:main
git_as alice reset -q --hard "$F"
git_as alice merge -q -m "Bring main in" origin/main
M=$(git_as alice rev-parse HEAD)
expect_admitted "E03: an update merge as it comes" push_as alice updated:main
cat "$W"/etc/ledger/*.jsonl | grep '"type":"decision"' | tail -1 >"$W/out"
says "\"commit\":\"$F\".*\"carried\":\"clean-merge\"" \
    "E03: the record says a clean merge of what was approved"
says "\"new\":\"$M\"" "E03: and what landed"

# ---- E04: more than two parents
for name in oct-a oct-b oct-c; do
	feature "$name"
	eval "$(echo "$name" | tr - _)=$F"
done
move_main
git_as alice merge -q -m "All of them" "$oct_a" "$oct_b" "$oct_c"
N=$(git_as alice rev-parse HEAD)
check "E04: it has four parents" [ "$(git_as alice rev-list --parents -1 "$N" |
    wc -w)" -eq 5 ]
expect_refused $uncovered "E04: an octopus of three approved branches" \
    push_as alice "$N:main"
says 'merge of 4' "E04: and why"
push_as alice -q "$N:refs/heads/octopus"
approve_as bob "$N" >"$W/out" 2>&1
expect_admitted "E04: the same, approved itself" push_as alice "$N:main"

# ---- E05: submodules
A=$(printf 'a%.0s' $(seq 40))
B=$(printf 'b%.0s' $(seq 40))
# link MODE ID PATH: an entry without a work tree.
link() {
	git_as alice update-index --add --cacheinfo "$1,$2,$3"
}
links() {
	printf '[submodule "lib"]\n\tpath = lib\n\turl = %s\n' "$1" \
	    >"$W/alice/.gitmodules"
	git_as alice add .gitmodules
}
# landed_links: the gitlinks of the newest decision.
last_decision() {
	cat "$W"/etc/ledger/*.jsonl | grep '"type":"decision"' | tail -1
}
git_as alice checkout -q -f -B sub origin/main
git_as alice clean -qfd
links https://example.com/lib.git
link 160000 "$A" lib
git_as alice commit -q -m "PAY-1 a submodule

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q sub
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "E05: a submodule, approved" push_as alice sub:main
last_decision >"$W/out"
says "$A" "E05: the record has where it points"
link 160000 "$B" lib
git_as alice commit -q -m "PAY-1 move it

$PLAN"
C=$(git_as alice rev-parse HEAD)
expect_refused peer.none "E05: only a gitlink moves" push_as alice "$C:main"
last_decision >"$W/out"
says "$A.*$B" "E05: the record says from where to where"
git_as alice reset -q --hard origin/main
links https://evil.example.net/lib.git
git_as alice commit -q -m "PAY-1 another address

$PLAN"
C=$(git_as alice rev-parse HEAD)
expect_refused peer.none "E05: only .gitmodules changes" \
    push_as alice "$C:main"
last_decision >"$W/out"
says 'https://example.com/lib.git' "E05: the record has the address before"
says 'https://evil.example.net/lib.git' "E05: and after"

policy_main <<'YAML' | use_policy
owners:
  - {paths: ["lib", ".gitmodules"], count: 1, groups: [dba]}
YAML
git_as alice reset -q --hard origin/main
for to in "$B" "$A"; do
	link 160000 "$to" lib
	date +%N >>"$W/alice/there-and-back.txt"
	git_as alice add there-and-back.txt
	git_as alice commit -q -m "PAY-1 to $to

$PLAN"
done
C=$(git_as alice rev-parse HEAD)
push_as alice -q "$C:refs/heads/there-and-back"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused owners.count "E05: moved there and back in one push" \
    push_as alice "$C:main"
last_decision >"$W/out"
says "$A.*$B.*$B.*$A" "E05: the record has both moves"
approve_as carol "$C" >"$W/out" 2>&1
expect_admitted "E05: lawful with its owner" push_as alice "$C:main"

git_as alice fetch -q origin
git_as alice checkout -q -f -B mods origin/main
links https://evil.example.net/lib.git
git_as alice commit -q -m "PAY-1 there"
links https://example.com/lib.git
git_as alice commit -q -m "PAY-1 and back

$PLAN"
commit_as alice mods.txt "PAY-1 more"
push_as alice -q mods
approve_as bob "$C" >"$W/out" 2>&1
expect_refused owners.count "E05+ .gitmodules there and back" \
    push_as alice mods:main

# In a merge that was approved itself: against each parent it is a change.
git_as alice checkout -q -f -B side origin/main
commit_as alice side.txt "PAY-1 side"
git_as alice checkout -q -f -B sub-merge origin/main
commit_as alice sub-merge.txt "PAY-1 line"
git_as alice merge -q --no-ff --no-commit side >/dev/null
links https://evil.example.net/lib.git
link 160000 "$B" lib
git_as alice commit -q -m "Merge"
git_as alice revert --no-commit -m 1 HEAD
git_as alice checkout -q HEAD -- side.txt
git_as alice commit -q -m "PAY-1 put it back

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q sub-merge
approve_as bob "$C" >"$W/out" 2>&1
expect_refused owners.count "E05+ both, in a merge, put back behind it" \
    push_as alice sub-merge:main

# A gitlink where a file was, a directory; of odd names; very many of them.
git_as alice checkout -q -f -B kinds origin/main
commit_as alice kind/file.txt "PAY-1 a directory"
git_as alice rm -q -r --cached kind
link 160000 "$B" kind
git_as alice commit -q -m "PAY-1 becomes a gitlink"
git_as alice rm -q --cached kind
git_as alice add kind/file.txt
git_as alice commit -q -m "PAY-1 and a directory again

$PLAN"
C=$(git_as alice rev-parse HEAD)
push_as alice -q kinds
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "E05+ a directory was a gitlink meanwhile" \
    push_as alice kinds:main
last_decision >"$W/out"
says "kind.*$B" "E05+ that is in the record"

git_as alice fetch -q origin
git_as alice checkout -q -f -B many origin/main
i=0
while [ $i -lt 1500 ]; do
	printf '160000 %s\ta-many/%04d\n' "$A" $i
	i=$((i + 1))
done | git_as alice update-index --index-info
git_as alice commit -q -m "PAY-1 very many"
git_as alice update-index --add --cacheinfo "160000,$B,lib"
git_as alice commit -q -m "PAY-1 and one that has an owner"
git_as alice rm -q -r --cached a-many
git_as alice update-index --add --cacheinfo "160000,$A,lib"
git_as alice commit -q -m "PAY-1 none of it

$PLAN"
echo x >"$W/alice/many.txt"
git_as alice add many.txt
git_as alice commit -q --amend --no-edit
C=$(git_as alice rev-parse HEAD)
push_as alice -q "$C:refs/heads/many"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused '[a-z]*\.[a-z-]*' \
    "E05+ an owner's gitlink among more than are written down" \
    push_as alice "$C:main"
says 'owners.count|gitlinks|submodules' "E05+ for what it is"
policy_main </dev/null | use_policy

# ---- E06: squash and rebase
change_as alice six
commit_as alice six-b.txt "PAY-1 b"
commit_as alice six-c.txt "PAY-1 c"
push_as alice -q six
F=$C
approve_as bob "$F" >"$W/out" 2>&1
move_main
main=$(git_as alice rev-parse origin/main)
T=$(git_as alice merge-tree --write-tree "$main" "$F")
git_as alice checkout -q -f -B squash origin/main
git_as alice merge -q --squash "$F" >/dev/null
printf x >>"$W/alice/six-b.txt"
git_as alice commit -q -a -m "PAY-1 squashed

$PLAN"
expect_refused $uncovered "E06: a squash that differs by one byte" \
    push_as alice squash:main
S=$(commit_tree "PAY-1 squashed" "$T" "$main")
for lie in "$main^" "$F"; do
	N=$(commit_tree "PAY-1 squashed" "$T" "$(git_as alice rev-parse "$lie")")
	check_not "E06+ the right tree on another parent: $lie" 1 \
	    push_as alice "$N:main"
done
N=$(GIT_AUTHOR_NAME=carol GIT_AUTHOR_EMAIL=carol@example.com \
    commit_tree "PAY-1 squashed" "$T" "$main")
expect_refused review.stranger-author "E06+ a squash in a stranger's name" \
    push_as alice "$N:main"
empty=$(commit_tree "PAY-1 nothing" "$(tree_of "$main")" "$main")
N=$(commit_tree "PAY-1 squashed" "$T" "$empty")
expect_refused $uncovered "E06+ a squash upon an empty commit" \
    push_as alice "$N:main"
N=$(commit_tree "PAY-1 nothing on top" "$T" "$S")
expect_refused $uncovered "E06+ and an empty commit upon a squash" \
    push_as alice "$N:main"
expect_admitted "E06: a squash as it comes" push_as alice "$S:main"
last_decision >"$W/out"
says "$F" "E06: the record has what was approved"
says "\"new\":\"$S\"" "E06: and what landed"
git_as alice checkout -q -f -B again "$S"
git_as alice revert --no-edit HEAD >/dev/null
git_as alice revert --no-edit HEAD >/dev/null
expect_refused "$uncovered|peer.spent|peer.none" \
    "E06+ reverted, and the same squash once more" push_as alice again:main
change_as alice twice
F=$C
approve_as bob "$F" >"$W/out" 2>&1
git_as alice checkout -q -f -B twice-over origin/main
git_as alice merge -q --no-ff -m "Merge" "$F"
git_as alice revert --no-edit -m 1 HEAD >/dev/null
git_as alice revert --no-edit HEAD >/dev/null
expect_refused "$uncovered|peer.spent|peer.none" \
    "E06+ merged, reverted and merged again in one push" \
    push_as alice twice-over:main

change_as alice rebase-a
commit_as alice rebase-b.txt "PAY-1 b"
push_as alice -q rebase-a
F=$C
approve_as bob "$F" >"$W/out" 2>&1
move_main
git_as alice checkout -q -B rebased "$F"
git_as alice rebase -q origin/main
for edit in "printf x >>rebase-b.txt" "printf x >>base.txt"; do
	git_as alice checkout -q -B rebased-bad rebased
	amend_merge sh -c "$edit"
	expect_refused $uncovered "E06+ a rebase with an edit: $edit" \
	    push_as alice rebased-bad:main
done
git_as alice checkout -q -B dropped rebased~1
expect_refused $uncovered "E06+ a rebase that lost a commit" \
    push_as alice dropped:main
git_as alice checkout -q -B swapped origin/main
git_as alice cherry-pick rebased rebased~1 >/dev/null
expect_refused $uncovered "E06+ a rebase in another order" \
    push_as alice swapped:main
expect_admitted "E06+ lawful: the rebase as it comes" push_as alice rebased:main
check "E: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

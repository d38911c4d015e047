#!/bin/sh
# Work grows with what is new, not with what is there.  Counted, not timed: what
# need not be opened is taken away, and what is written is counted.  The same at
# its real size: make big.
. "$(dirname "$0")/lib.sh"
site local
policy_main <<'YAML' | use_policy
YAML
bare=$W/srv/$REPO.git
A() { git_as alice "$@"; }
at() { A rev-parse "$1"; }
written() { cat "$W"/etc/ledger/*.jsonl | wc -l; }

# wide DIRS EDIT: twenty files in each of so many directories, for fast-import.
wide() {
	awk -v dirs="$1" -v edit="$2" 'BEGIN {
		for (d = 0; d < dirs; d++)
			for (f = 0; f < 20; f++) {
				text = "file " d " " f "\n"
				if (d >= edit && f == 7)
					text = "edited " text
				printf "M 100644 inline a%02d/f%02d\ndata %d\n%s\n",
					d, f, length(text), text
			}
	}'
}

# made BRANCH START: a commit of what fast-import reads.
made() {
	{
		printf 'commit refs/heads/%s\n' "$1"
		printf 'committer alice <alice@example.com> 1700000000 +0000\n'
		message=$(printf 'PAY-1 %s\n\n%s' "$1" "$PLAN")
		printf 'data %d\n%s\n' "${#message}" "$message"
		printf 'from %s\n' "$(at "$2")"
		cat
	} | A fast-import --quiet --force
	push_as alice -q "$1"
	approve_as bob "$(at "$1")" >"$W/out" 2>&1
}

wide 40 99 | made wide origin/main
expect_admitted "eight hundred files" push_as alice wide:main
printf 'M 100644 inline a00/f07\ndata 5\nmine\n\n' | made one wide
wide 40 1 | made many wide
expect_admitted "one line in thirty-nine of forty directories" \
    push_as alice many:main

merged=$(A merge-tree --write-tree many one)
N=$(A commit-tree -p many -p one -m "PAY-2 merge one

$PLAN" "$merged")

# All loose; then without the directories that one side alone changed.
mkdir "$W/packs"
find "$bare/objects/pack" -type f -exec mv {} "$W/packs" \;
for pack in "$W/packs"/*.pack; do
	[ ! -e "$pack" ] || on_server unpack-objects -q <"$pack"
done
gone=0
for tree in $({
	A ls-tree many
	A ls-tree wide
} | awk '$2 == "tree" && $4 != "a00" { print $3 }'); do
	at=$(echo "$tree" | sed 's,^..,&/,')
	[ ! -e "$bare/objects/$at" ] || {
		rm -f "$bare/objects/$at"
		gone=$((gone + 1))
	}
done
check "trees were taken away" [ "$gone" -ge 39 ]
cannot_list() {
	! on_server ls-tree -r -d --name-only "$1"
}
check "whoever opens all directories misses them" cannot_list "$(at many)"
expect_admitted "a merge opens only what both sides changed" \
    push_as alice "$N:refs/heads/main"

# What is written grows with pushes, not with refs.
before=$(written)
i=0
set --
while [ $i -lt 100 ]; do
	set -- "$@" "wide:refs/heads/many-$i"
	i=$((i + 1))
done
check "a hundred branches in one push" push_as alice -q "$@"
check "one record at most for all of them" \
    [ "$(written)" -le $((before + 1)) ]

# A whole history, to a place that nobody adopted.
other=$W/srv/team/import.git
git init -q --bare -b main "$other"
foureyes install "$other" >"$W/out" 2>&1
i=0
while [ $i -lt 300 ]; do
	printf 'commit refs/heads/long\ncommitter alice <alice@example.com> %d +0000\n' \
	    $((1600000000 + i))
	printf 'data 1\nx\nM 100644 inline f\ndata %d\n%d\n' ${#i} $i
	i=$((i + 1))
done | A fast-import --quiet
before=$(written)
expect_refused environment.not-adopted "a whole history to a gate without a beginning" \
    A push "$other" long:main
check "two records at most of its three hundred commits" \
    [ "$(written)" -le $((before + 2)) ]
done_testing

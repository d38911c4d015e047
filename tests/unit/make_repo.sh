#!/bin/sh
# make_repo.sh DIR SCENARIO: a repository for test_repo*.c to read.
# What a test asks for by name is a ref refs/t/<name>.
set -eu
dir=$1
scenario=$2
mkdir -p "$dir"
HOME=$dir
GIT_CONFIG_NOSYSTEM=1
GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org
GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@example.org
GIT_DIR=$dir/r.git
export HOME GIT_CONFIG_NOSYSTEM GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL \
	GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL GIT_DIR
git init -q --bare -b main "$GIT_DIR"
git config advice.nestedTag false

# tree PATH:CONTENT... -> its id; MODE and ID may be given as =MODE,ID,PATH
tree() {
	rm -f "$dir/index"
	for f; do
		case $f in
		=*) entry=${f#=} ;;
		*) entry=100644,$(printf '%s' "${f#*:}" |
			git hash-object -w --stdin),${f%%:*} ;;
		esac
		GIT_INDEX_FILE=$dir/index git update-index --add \
			--cacheinfo "$entry"
	done
	GIT_INDEX_FILE=$dir/index git write-tree
}

# commit NAME DATE TREE PARENT-NAME...
commit() {
	name=$1 date=$2 tree=$3
	shift 3
	for p; do
		shift
		set -- "$@" -p "refs/t/$p"
	done
	id=$(echo "$name" | GIT_AUTHOR_DATE="@$date +0000" \
		GIT_COMMITTER_DATE="@$date +0000" \
		git commit-tree "$@" "$tree")
	git update-ref "refs/t/$name" "$id"
}

# A line c1..c5, a topic t1 t2 from c2, and the merge m of both.
line() {
	for i in 1 2 3 4 5; do
		set -- "$@" "f$i:$i"
		parent=c$((i - 1))
		[ "$i" = 1 ] && parent=
		# shellcheck disable=SC2086
		commit "c$i" $((1000000 + i * 100)) "$(tree "$@")" $parent
	done
	commit t1 1000210 "$(tree f1:1 f2:2 d/t:1)" c2
	commit t2 1000220 "$(tree f1:1 f2:2 d/t:2)" t1
	commit m 1000600 "$(tree f1:1 f2:2 f3:3 f4:4 f5:5 d/t:2)" c5 t2
	git update-ref refs/heads/main refs/t/m
}

case $scenario in
empty) ;;
line)
	line
	git tag -a -m one v1 refs/t/c3
	git tag -a -m two v2 v1
	git tag -a -m blob vblob "$(git rev-parse refs/t/c3:f1)"
	last=refs/t/c1
	for i in 1 2 3 4 5 6 7 8 9; do
		git tag -a -m deep "deep$i" "$last"
		last=deep$i
	done
	git symbolic-ref refs/heads/alias refs/heads/main
	git symbolic-ref refs/heads/s1 refs/heads/alias
	git symbolic-ref refs/heads/unborn refs/heads/nobody
	git symbolic-ref refs/heads/loop refs/heads/loop2
	git symbolic-ref refs/heads/loop2 refs/heads/loop
	;;
push)
	# What main holds is packed; q1 q2 lie in a quarantine.
	line
	git repack -adq
	quarantine=$GIT_DIR/objects/tmp_objdir-incoming-1
	mkdir -p "$quarantine"
	GIT_OBJECT_DIRECTORY=$quarantine
	GIT_ALTERNATE_OBJECT_DIRECTORIES=$GIT_DIR/objects
	export GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
	commit q1 1000700 "$(tree f1:1 q:1)" m
	commit q2 1000800 "$(tree f1:1 q:2)" q1
	git rev-parse refs/t/q1 >"$dir/q1"
	git rev-parse refs/t/q2 >"$dir/q2"
	git update-ref -d refs/t/q1
	git update-ref -d refs/t/q2
	;;
borrow)
	# b.git borrows from r.git, whose name is made to need quoting.
	line
	odd="$dir/a:b \"c\" d.git"
	mv "$GIT_DIR" "$odd"
	GIT_DIR=$dir/b.git
	git init -q --bare "$GIT_DIR"
	printf '"%s/objects"\n' "$dir/a:b \\\"c\\\" d.git" \
		>"$GIT_DIR/objects/info/alternates"
	git update-ref refs/t/m \
		"$(GIT_DIR=$odd git rev-parse refs/t/m)"
	;;
lies)
	# The line, but: c3 claims 2001, t1 the far future, c4 before all.
	commit c1 1700000100 "$(tree f:1)"
	commit c2 1700000200 "$(tree f:2)" c1
	commit c3 981173106 "$(tree f:3)" c2
	commit c4 1 "$(tree f:4)" c3
	commit c5 1700000500 "$(tree f:5)" c4
	commit t1 7258118400 "$(tree f:2 t:1)" c2
	commit t2 1 "$(tree f:2 t:2)" t1
	commit m 1700000600 "$(tree f:5 t:2)" c5 t2
	commit n 5 "$(tree f:6 t:2)" m
	;;
cross)
	# Criss-cross: two merge bases.  And an octopus, and a second root.
	commit o 100 "$(tree a:1 b:1 x:1)"
	commit a1 200 "$(tree a:2 b:1)" o
	commit b1 210 "$(tree a:1 b:2)" o
	commit a2 300 "$(tree a:2 b:2)" a1 b1
	commit b2 310 "$(tree a:2 b:2)" b1 a1
	commit a3 400 "$(tree a:2 b:2 c:1)" a2
	commit b3 410 "$(tree a:2 b:2 d:1)" b2
	commit p 220 "$(tree a:1 b:1 p:1)" o
	commit oct 500 "$(tree a:2 b:2 p:1)" a1 b1 p
	commit root 50 "$(tree z:1)"
	# Two bases, and only merging them first tells who changed x.
	commit x1 200 "$(tree a:1 b:1 x:2)" o
	commit y1 210 "$(tree a:1 b:1 x:1 y:1)" o
	commit x2 300 "$(tree a:1 b:1 x:2 y:1)" x1 y1
	commit y2 310 "$(tree a:1 b:1 x:3 y:1)" y1 x1
	;;
merges)
	body=$(printf '%s\n' one two three four five six seven eight)
	more=$(printf '%s\n' one two three four five six seven eight nine)
	gitlink='=160000,1111111111111111111111111111111111111111,sub'
	gitlink2='=160000,2222222222222222222222222222222222222222,sub'
	commit base 100 "$(tree "old:$body" a:1 d/x:1 d/y:1 "$gitlink")"
	commit other 200 "$(tree "old:$body" a:1 d/x:1 d/y:1 n:1 "$gitlink")" \
		base
	commit edit 200 "$(tree "old:$more" a:1 d/x:1 d/y:1 "$gitlink")" base
	commit moved 200 "$(tree "new/place:$body" a:1 d/x:1 d/y:1 "$gitlink")" \
		base
	commit a2 200 "$(tree "old:$body" a:2 d/x:1 d/y:1 "$gitlink")" base
	commit a3 200 "$(tree "old:$body" a:3 d/x:1 d/y:1 "$gitlink")" base
	commit nod 200 "$(tree "old:$body" a:1 "$gitlink")" base
	commit addd 200 "$(tree "old:$body" a:1 d/x:1 d/y:1 d/z:1 "$gitlink")" \
		base
	commit noold 200 "$(tree a:1 d/x:1 d/y:1 "$gitlink")" base
	commit gone 200 "$(tree "old:$body" a:1 d/x:1 "$gitlink")" base
	commit sub 200 "$(tree "old:$body" a:1 d/x:1 d/y:1 "$gitlink2")" base
	commit file 200 "$(tree "old:$body" a:1 d/x:1 d/y:1 e:1 "$gitlink")" \
		base
	commit dir 200 "$(tree "old:$body" a:1 d/x:1 d/y:1 e/e:1 "$gitlink")" \
		base
	commit root 50 "$(tree z:1)"
	;;
doubtful)
	# What must not be answered before libgit2 is asked.
	body=$(printf '%s\n' one two three four five six seven eight)
	more=$(printf '%s\n' one two three four five six seven eight nine)
	less=$(printf '%s\n' zero one two three four five six seven eight)
	commit base 100 "$(tree "old:$body" d/s/f:1 a:1)"
	commit moved 200 "$(tree "t:$body" d/s/f:1 a:1)" base
	commit same 200 "$(tree "old:$body" "t:$body" d/s/f:1 a:1)" base
	commit file 200 "$(tree "old:$body" d/s:2 a:1)" base
	commit more 200 "$(tree "old:$body" d/s/f:1 d/s/g:1 a:1)" base
	# A directory as git no longer writes it: its first file, or the
	# others, are group-writable.
	odd() {
		mode=$1 rest=$2
		shift 2
		for f; do
			printf '%s blob %s\t%s\n' "$mode" "$(printf '%s' "${f#*:}" |
				git hash-object -w --stdin)" "${f%%:*}"
			mode=$rest
		done | git mktree >"$dir/odd"
		printf '040000 tree %s\to\n' "$(cat "$dir/odd")" | git mktree
	}
	oddities() {
		commit "$1" 100 "$(odd "$2" "$3" a:1 x:1 y:1 "z:$body")"
		commit "$1x" 200 "$(odd "$2" "$3" a:1 x:2 y:1 "z:$body")" "$1"
		commit "$1y" 200 "$(odd "$2" "$3" a:1 x:1 y:2 "z:$body")" "$1"
		commit "$1z" 200 "$(odd "$2" "$3" a:1 x:1 y:1 "z:$more")" "$1"
		commit "$1w" 200 "$(odd "$2" "$3" a:1 x:1 y:1 "z:$less")" "$1"
	}
	oddities head 100664 100644
	oddities tail 100644 100664
	;;
wide)
	# Four hundred directories, of which few differ.
	awk -v dirs=20 'BEGIN {
		body = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
		from = "from refs/t/base\n"
		commit("base", "")
		for (i = 0; i < dirs; i++)
			for (k = 0; k < dirs; k++) {
				put("a" i "/b" k "/f", "file " i " " k "\n")
				put("a" i "/b" k "/g", body)
			}
		commit("ours", from)
		for (i = 1; i < dirs; i++)
			for (k = 0; k < dirs; k++)
				put("a" i "/b" k "/f", "ours " i " " k "\n")
		commit("theirs", from); put("a0/b0/f", "theirs\n")
		commit("beside", from); put("a3/b3/new", "beside\n")
		commit("moved", from); print "R a4/b4/g a4/b5/h"
		commit("first", from); put("a5/b5/g", "zero\n" body)
		commit("last", from); put("a5/b5/g", body "eight\n")
	}
	function commit(name, from) {
		printf "commit refs/t/%s\ncommitter C <c@x> 1 +0000\n", name
		printf "data 1\nx\n%s", from
	}
	function put(path, text) {
		printf "M 100644 inline %s\ndata %d\n%s\n", path,
			length(text), text
	}' | git fast-import --quiet
	;;
many)
	# Thirty paths that both sides changed.
	for side in base a b; do
		set --
		for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 \
			21 22 23 24 25 26 27 28 29 30; do
			set -- "$@" "f$i:$side"
		done
		parent=base
		[ "$side" = base ] && parent=
		# shellcheck disable=SC2086
		commit "$side" 100 "$(tree "$@")" $parent
	done
	;;
*)
	echo "make_repo.sh: no scenario '$scenario'" >&2
	exit 2
	;;
esac

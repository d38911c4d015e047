#!/bin/sh
# Words that split on purpose, names set by what is sourced, texts that look like
# expansions and are none.
# shellcheck disable=SC2016,SC2034,SC2046,SC2059,SC2086,SC2154,SC2181
# K07: hostile or odd object bytes.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
site local
GOING_BACK='redeploy the build that ran before this one'

# refused WHAT SED: the commit so edited is on the server, approved, and does
# not land for what it is.  The commit and the defect are named.
refused() {
	odd "$2"
	expect_refused object.malformed "$1" wire_as alice refs/heads/main "$N"
	says "$(printf '%.12s' "$N")" "... and the commit is named"
}

# allowed WHAT SED: the same lands.
allowed() {
	odd "$2"
	expect_admitted "$1" wire_as alice refs/heads/main "$N"
}

# never WHAT SED: not even on a branch of its own.
never() {
	content "odd-$n_odd.txt"
	N=$(plain | sed "$2" | raw_as alice commit)
	# shellcheck disable=SC2046  # a list of ids
	check_not "$1" 1 wire_as alice refs/heads/odd/never "$N" "$N" \
	    $(objects_of "$T")
	says 'malformed|bogus|bad ' "... for what it is"
}

# terminal WHAT: what was said last holds no control byte.
terminal() {
	tr -d '\n\t' <"$W/out" | LC_ALL=C grep -q '[[:cntrl:]]'
	[ $? -ne 0 ]
	verdict $? "$1"
}

nul=$(printf '\001')

# ---- G01
odd "/^Rollback-Plan/d; s/^PAY-1.*/PAY-1 subject$nul Rollback-Plan: revert this and deploy again/"
expect_refused object.malformed "G01: a plan behind a NUL" \
    wire_as alice refs/heads/main "$N"
says 'NUL' "G01: and it says so"
refused "G01: a trailer behind a NUL" \
    "s/^PAY-1.*/&\n\n${nul}Co-authored-by: bob <bob@example.com>/"
refused "G01+ a NUL at the very end" "\$s/\$/$nul/"
refused "G01+ in a name" "s/^author alice/author al${nul}ice/"
refused "G01+ in an address" "s/^author alice <alice/&$nul/"
refused "G01+ in an unknown header" "s/^\$/X-note: a${nul}b\n/;t;"
never "G01+ instead of the first line's end" "s/^\(tree .*\)/\1$nul/"

# ---- G03
refused "G03: two addresses of one author" \
    's/^author alice/author A <bob@example.com>/'
refused "G03: the other way round" \
    's/^\(author alice <alice@example.com>\)/\1 <bob@example.com>/'
says 'address' "G03: and it says so"
refused "G03+ of a committer" \
    's/^\(committer alice <alice@example.com>\)/\1 <bob@example.com>/'
refused "G03+ one inside the other" \
    's/^author alice <alice@example.com>/author a <b <bob@example.com>>/'
refused "G03+ brackets the wrong way" \
    's/^author alice <alice@example.com>/author alice >bob@example.com</'
refused "G03+ no bracket at the end" \
    's/^author alice <alice@example.com>/author alice <alice@example.com/'
refused "G03+ an empty address" 's/^author alice <.*>/author alice <>/'
refused "G03+ an address of blanks" 's/^author alice <.*>/author alice <  >/'
refused "G03+ no address" 's/^author alice <.*>/author alice/'
refused "G03+ a blank at the edge, which some readers cut off" \
    's/^author alice <\(.*\)>/author alice < \1>/'
refused "G03+ at the other edge" 's/^committer alice <\(.*\)>/committer alice <\1 >/'
refused "G03+ a tab there" "s/^author alice <\(.*\)>/author alice <\1	>/"
refused "G03+ a second > behind the date" \
    's/^\(author .*\) +0000/\1 +0000 <bob@example.com>/'

# ---- G04
refused "G04: no author" '/^author/d'
refused "G04: a line break within the address" \
    's/^author alice <alice@example.com>/author alice <alice\n@example.com>/'
refused "G04: a date of twenty digits" \
    's/^author \(.*\) 1700000000/author \1 99999999999999999999/'
refused "G04+ no committer" '/^committer/d'
refused "G04+ two authors" 's/^author .*/&\n&/'
refused "G04+ two committers" 's/^committer .*/&\n&/'
refused "G04+ author behind committer" '/^author/{h;d};/^committer/G'
refused "G04+ two trees" 's/^tree .*/&\n&/'
refused "G04+ a second tree further down" "s/^committer .*/&\ntree $T/"
refused "G04+ a parent behind the author" '/^parent/{h;d};/^author/G'
refused "G04+ a second author behind the committer" \
    's/^committer .*/&\nauthor bob <bob@example.com> 1700000000 +0000/'
refused "G04+ a committer in capitals besides" \
    's/^committer .*/&\n Committer bob <bob@example.com> 1 +0000\n&/'
refused "G04+ a folded author" 's/^author .*/&\n <bob@example.com> 1 +0000/'
never "G04+ an id in capitals" '/^tree/y/abcdef/ABCDEF/'
never "G04+ an id with a blank behind it" 's/^parent .*/& /'
refused "G04+ a carriage return behind the headers" 's/^author .*/&\r/'
never "G04+ behind all of them, the empty line too" '1,5s/$/\r/'
refused "G04+ a tab for a blank" 's/^author alice/author	alice/'
refused "G04+ two blanks" 's/^author \(.*\)> /author \1>  /'
refused "G04+ no blank before the address" 's/^author alice </author alice</'
refused "G04+ a header whose key is none" 's/^committer .*/&\n\x1bkey value/'
refused "G04+ two encodings" 's/^committer .*/&\nencoding latin1\nencoding UTF-8/'
refused "G04+ two signatures" \
    's/^committer .*/&\ngpgsig one\n two\ngpgsig three\n four/'
refused "G04+ two signatures for the other hash" \
    's/^committer .*/&\ngpgsig-sha256 one\ngpgsig-sha256 two/'
refused "G04+ a signature before the author" 's/^author .*/gpgsig one\n&/'
odd '/^$/,$d'
expect_refused rollback.absent "G04+ no empty line: no message, and no plan" \
    wire_as alice refs/heads/main "$N"
check "G04: no line of the log has an empty author" sh -c \
    "! grep -E '\"written\":\"\"' '$W'/etc/ledger/*.jsonl"
check "G04: a log that holds" foureyes verify --chain "$W/etc/ledger"

# ---- G06
refused "G06: the date -1" 's/^author \(.*\) 1700000000/author \1 -1/'
refused "G06: the zone +051800" 's/^committer \(.*\) +0000/committer \1 +051800/'
refused "G06+ a date with a zero in front" \
    's/^author \(.*\) 1700000000/author \1 01700000000/'
refused "G06+ a plus before it" 's/^author \(.*\) 1700000000/author \1 +1700000000/'
refused "G06+ a fraction" 's/^author \(.*\) 1700000000/author \1 1700000000.5/'
refused "G06+ in hexadecimal" 's/^author \(.*\) 1700000000/author \1 0x6553f100/'
refused "G06+ over 64 bits" \
    's/^author \(.*\) 1700000000/author \1 18446744073709551617/'
refused "G06+ no date" 's/^author \(.*\) 1700000000 +0000/author \1/'
refused "G06+ no zone" 's/^author \(.*\) +0000/author \1/'
refused "G06+ zone UTC" 's/^author \(.*\) +0000/author \1 UTC/'
refused "G06+ zone 0000" 's/^author \(.*\) +0000/author \1 0000/'
refused "G06+ zone +000" 's/^author \(.*\) +0000/author \1 +000/'
refused "G06+ zone +00a0" 's/^author \(.*\) +0000/author \1 +00a0/'
refused "G06+ more behind the zone" 's/^author \(.*\) +0000/author \1 +0000 x/'
allowed "G06: the date 4294967296" \
    's/^author \(.*\) 1700000000/author \1 4294967296/'
allowed "G06: the year 2050" 's/ 1700000000/ 2524608000/'
allowed "G06: the zone -3407" 's/^author \(.*\) +0000/author \1 -3407/'
allowed "G06: the zone +2400" 's/^committer \(.*\) +0000/committer \1 +2400/'
allowed "G06+ the year 2106" 's/ 1700000000/ 4291747200/'
allowed "G06+ the beginning of time" 's/ 1700000000/ 0/'
allowed "G06+ the last second of 63 bits" \
    's/^author \(.*\) 1700000000/author \1 9223372036854775807/'
foureyes log >"$W/out" 2>&1
terminal "G06: the log can be shown"

# ---- G07
allowed "G07: ISO-8859-1 with its header" \
    's/^committer .*/&\nencoding ISO-8859-1/;s/^PAY-1.*/PAY-1 gr\xfc\xdfe/'
allowed "G07: and without" 's/^PAY-1.*/PAY-1 gr\xfc\xdfe an alle/'
allowed "G07: a name with the byte 0xE9" 's/^author alice/author alic\xe9/'
allowed "G07+ a lone continuation, an overlong slash, a surrogate" \
    's/^PAY-1.*/PAY-1 \x80 \xc0\xaf \xed\xa0\x80 \xf5\x80\x80\x80/'
allowed "G07+ UTF-8, said so" 's/^committer .*/&\nencoding utf-8/'
allowed "G07+ Shift_JIS" 's/^committer .*/&\nencoding Shift_JIS/;s/^PAY-1.*/PAY-1 \x93\xfa/'
# Readers who decode see other text, line ends among it, than the bytes are.
for encoding in UTF-7 utf7 UTF-16LE UCS-2 ISO-2022-JP HZ-GB-2312 IBM037 \
    EBCDIC-US UTF-7-IMAP klingon ''; do
	refused "G07+ a message in $encoding" \
	    "s/^committer .*/&\\nencoding $encoding/;s/^PAY-1.*/PAY-1 +AAo-/"
done
printf '\344\n' >"$W/latin"
content mixed.txt
cp "$W/latin" "$W/alice/latin.txt"
printf '\377\376a\0' >"$W/alice/wide.txt"
git_as alice add -A
T=$(git_as alice write-tree)
N=$(plain | raw_as alice commit)
# shellcheck disable=SC2046  # a list of ids
approved_odd "$N" "$N" $(objects_of "$T")
expect_admitted "G07: files of mixed encodings" \
    wire_as alice refs/heads/main "$N"
check "G07: the log is UTF-8 throughout" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | iconv -f UTF-8 -t UTF-8 >/dev/null"
check "G07: as JSON" sh -c \
    "foureyes log --json | iconv -f UTF-8 -t UTF-8 >/dev/null"

# ---- G08
allowed "G08: ESC in a name" 's/^author alice/author A \x1b[2K\x1b[1A/'
allowed "G08: CR in a name" 's/^committer alice/committer a\rlice/'
allowed "G08: a terminal's title in the message" \
    's/^PAY-1.*/PAY-1 \x1b]0;owned\x07 title/'
allowed "G08+ C1, backspace, bidirectional and no-width characters" \
    's/^PAY-1.*/PAY-1 \xc2\x9b2J a\x08b \xe2\x80\xae abc \xe2\x80\x8b d\x7f/'
odd 's/^author alice/author \x1b[2Kalice/;/^Rollback-Plan/s/.*/Rollback-Plan: n\/a \x1b[2J/'
expect_refused 'rollback\.[a-z-]*' "G08: in what a refusal shows" \
    wire_as alice refs/heads/main "$N"
terminal "G08: none of it reaches the pusher"
lines=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
check "G08: one record is one line" \
    [ "$(cat "$W"/etc/ledger/*.jsonl | grep -c '^{"v":1,"seq":[0-9]*,.*}$')" \
    -eq "$lines" ]
check "G08: without a control byte" sh -c \
    "! cat '$W'/etc/ledger/*.jsonl | tr -d '\n' | LC_ALL=C grep -q '[[:cntrl:]]'"
for command in log 'log --json' due "show $N" "show $lines" 'show --json 3'; do
	# shellcheck disable=SC2086  # a command and its options
	foureyes $command >"$W/out" 2>&1
	terminal "G08: nor of: foureyes $command"
done

# ---- G09
change_as alice lines
{
	git_as alice log -1 --format=%B
	seq 1 2000 | sed 's/.*/* commit & of a squash/'
	printf '\n%s\n' "$PLAN"
} >"$W/message"
git_as alice commit -q --amend -F "$W/message"
C=$(git_as alice rev-parse HEAD)
push_as alice -q -f lines
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "G09: a message of 2,000 lines" push_as alice lines:main
change_as alice heavy
{
	echo "PAY-1 heavy"
	echo
	head -c 20000000 /dev/zero | tr '\0' x | fold -w 70
} >"$W/message"
git_as alice commit -q --amend -F "$W/message"
C=$(git_as alice rev-parse HEAD)
# 512 MiB for git and hook together; the message alone is 20 MB.
check_not "G09: a message of 20 MB is refused" 1 sh -c "
    ulimit -v 524288
    cd '$W/alice' && TEST_PUSHER=alice git push origin heavy:refs/heads/main"
says 'limit|longer|bytes' "G09: naming the limit"
says 'foureyes' "G09: by us"
check_not "G09+ a header of 20 MB" 1 sh -c "
    cd '$W/alice' && {
	git cat-file commit heavy | sed '/^\$/,\$d'
	printf 'x-note '; head -c 20000000 /dev/zero | tr '\0' y; echo; echo; echo m
    } >'$W/raw'
    c=\$(git hash-object -t commit -w --literally '$W/raw') &&
    TEST_PUSHER=alice git push origin \$c:refs/heads/main"
says 'limit|longer|bytes' "G09+ naming the limit"
many=$(seq 1 1500 | sed "s/.*/parent $(tip main)/")
content many-parents
N=$({ echo "tree $T"; echo "$many"; plain | sed '1,2d'; } | raw_as alice commit)
check_not "G09+ 1,500 parents" 1 wire_as alice refs/heads/main "$N" "$N" "$T"
says '1024|parents' "G09+ naming the limit"
check "G09: nothing of a commit is in the environment of what runs" true

# ---- an emergency turns none of it
content urgent.txt
N=$(plain | sed 's/^author alice <alice@example.com>/author alice <alice@example.com> <bob@example.com>/' |
    raw_as alice commit)
git_as carol fetch -q "$W/alice" "$N" 2>"$W/out" || {
	git_as alice update-ref refs/heads/urgent "$N"
	git_as carol fetch -q "$W/alice" urgent
}
expect_refused object.malformed "G+ malformed, in an emergency" \
    push_as carol -o emergency=INC-9 -o "rollback-plan=$GOING_BACK" \
    -o reason="payments are down since this morning" "$N:refs/heads/main"

# ---- trees
empty=$(printf '' | raw_as alice blob)
# octal HEX: as printf wants bytes.
octal() {
	for byte in $(echo "$1" | sed 's/../& /g'); do
		printf '\\%03o' "0x$byte"
	done
}
zero_b=$(octal "$empty")
# tree_of FORMAT: a tree of these entries, in this order.
tree_of() {
	# shellcheck disable=SC2059  # it is a format
	printf "$1" | git_as alice hash-object -w --literally -t tree --stdin
}
# odd_tree WHAT ENTRIES: an approved commit whose tree holds a tree `d` of them.
odd_tree() {
	content tree
	D=$(tree_of "$2")
	T=$(git_as alice ls-tree origin/main | {
		cat
		printf '040000 tree %s\td-%s\n' "$D" "$n_odd"
	} | git_as alice mktree --missing)
	N=$(plain | raw_as alice commit)
	approved_odd "$N" "$N" "$T" "$D" "$empty" ${3:-}
}
bad_tree() {
	odd_tree "$@"
	expect_refused object.malformed "$1" wire_as alice refs/heads/main "$N"
}
good_tree() {
	odd_tree "$1" "$2"
	expect_admitted "$1" wire_as alice refs/heads/main "$N"
}
good_tree "G+ a tree as git writes it" \
    "100644 a\0${zero_b}100755 b\0${zero_b}120000 c\0${zero_b}160000 m\0${zero_b}"
good_tree "G+ a file in front of a directory that begins like it" \
    "100644 a\0${zero_b}100644 a.b\0${zero_b}"
bad_tree "G+ a name twice" "100644 a\0${zero_b}100755 a\0${zero_b}"
bad_tree "G+ a name twice, not side by side" \
    "100644 a\0${zero_b}100644 b\0${zero_b}100644 a\0${zero_b}"
bad_tree "G+ not in order" "100644 b\0${zero_b}100644 a\0${zero_b}"
bad_tree "G+ a mode with a zero in front" "0100644 a\0${zero_b}"
bad_tree "G+ the mode 100664" "100664 a\0${zero_b}"
bad_tree "G+ the mode 100777" "100777 a\0${zero_b}"
bad_tree "G+ the mode 1" "1 a\0${zero_b}"
bad_tree "G+ the mode 060000, a device" "60000 a\0${zero_b}"
for name in . .. .git .GIT .Git 'git~1' 'GIT~1' '.git ' '.git.' '.git. .' \
    '.git::$INDEX_ALLOCATION' '.g\342\200\214it' '.git\342\200\217'; do
	bad_tree "G+ a file named $name" "100644 $name\0${zero_b}"
done
bad_tree "G+ a slash in a name" "100644 a/b\0${zero_b}"
content no-name
D=$(tree_of "100644 \0${zero_b}")
T=$(printf '040000 tree %s\td\n' "$D" | git_as alice mktree --missing)
N=$(plain | raw_as alice commit)
check_not "G+ an empty name" 1 wire_as alice refs/heads/main "$N" "$N" "$T" \
    "$D" "$empty"
for name in .gitignore .github git git~2 .gitx '...' '.git~' '-f' 'a b' \
    '\033[2J' '\r' '\377' 'con' 'a\\134b'; do
	good_tree "G+ a file named $name is a file" "100644 $name\0${zero_b}"
done
# A file and a directory of one name, with something between them.
inner=$(tree_of "100644 x\0${zero_b}")
both=$(octal "$inner")
bad_tree "G+ a file and a directory of one name" \
    "100644 a\0${zero_b}100644 a-b\0${zero_b}40000 a\0${both}" "$inner"
git_as alice checkout -q -f -B deep origin/main
D=$(tree_of "100644 x\0${zero_b}")
i=0
while [ $i -lt 300 ]; do
	D=$(printf '040000 tree %s\td\n' "$D" | git_as alice mktree --missing)
	i=$((i + 1))
done
T=$(git_as alice ls-tree origin/main | {
	cat
	printf '040000 tree %s\tz-deep\n' "$D"
} | git_as alice mktree)
P=$(git_as alice rev-parse origin/main)
N=$(plain | raw_as alice commit)
# shellcheck disable=SC2046  # a list of ids
approved_odd "$N" $(git_as alice rev-list --objects "$N" "^$P" | cut -d' ' -f1)
expect_refused '[a-z]*\.[a-z-]*' "G+ directories 300 deep" \
    wire_as alice refs/heads/main "$N"
says '256' "G+ naming the limit"
# What is added in one commit and gone in the next was there.
content gone
D=$(tree_of "100644 .git\0${zero_b}")
clean=$T
T=$(git_as alice ls-tree "$T" | {
	cat
	printf '040000 tree %s\tzz\n' "$D"
} | git_as alice mktree --missing)
first=$T
one=$(plain | raw_as alice commit)
P=$one
T=$clean
N=$(plain | sed 's/^PAY-1.*/PAY-1 it is gone/' | raw_as alice commit)
# shellcheck disable=SC2046  # a list of ids
approved_odd "$N" "$N" "$one" "$first" "$D" "$empty" $(objects_of "$clean")
expect_refused object.malformed "G+ a .git that the next commit takes away" \
    wire_as alice refs/heads/main "$N"

# ---- objects of the wrong kind
for kind in blob tree; do
	[ $kind = blob ] && id=$empty || id=$T
	content kind
	N=$(plain | sed "s/^parent .*/parent $id/" | raw_as alice commit)
	check_not "G+ a parent that is a $kind" 1 \
	    wire_as alice refs/heads/main "$N" "$N" "$T" "$empty"
	[ $kind = tree ] || {
		N=$(plain | sed "s/^tree .*/tree $id/" | raw_as alice commit)
		check_not "G+ a tree that is a $kind" 1 \
		    wire_as alice refs/heads/main "$N" "$N" "$empty"
	}
	check_not "G+ main at a $kind" 1 \
	    wire_as alice refs/heads/main "$id" "$id"
done

# ---- G05: old history is let alone
REPO=legacy
git init -q --bare -b main "$W/srv/legacy.git"
git init -q "$W/old"
old() {
	tr '\001' '\000' | git -C "$W/old" hash-object -w --literally \
	    -t commit --stdin
}
# shellcheck disable=SC2059  # they are formats
tree=$(printf "100644 a\0$zero_b" |
    git -C "$W/old" hash-object -w --literally -t tree --stdin)
git -C "$W/old" hash-object -w --stdin </dev/null >/dev/null
# shellcheck disable=SC2059
bad_tree=$(printf "100644 a\0${zero_b}100644 a\0$zero_b" |
    git -C "$W/old" hash-object -w --literally -t tree --stdin)
one=$(printf 'tree %s\ncommitter x <x@y> 1 +0000\n\nno author\n' "$tree" | old)
two=$(printf 'tree %s\nparent %s\nauthor x <a@y> <b@y> 1 +0000\ncommitter x <x@y> 1 +0000\n\ntwo\n' "$bad_tree" "$one" | old)
whole=$(printf '100644 blob %s\ta\n040000 tree %s\td\n' "$empty" "$bad_tree" |
    git -C "$W/old" mktree)
three=$(printf 'tree %s\nparent %s\nauthor x <a@y> 1 +051800\ncommitter x <x@y> -1 +0000\n\nth\001ree\n' "$whole" "$two" | old)
printf '%s\n' "$one" "$two" "$three" "$tree" "$bad_tree" "$whole" "$empty" |
    git -C "$W/old" pack-objects -q "$W/srv/legacy.git/objects/pack/pack" \
    >"$W/out" 2>&1
on_server update-ref refs/heads/main "$three"
{
	foureyes install "$W/srv/legacy.git" && foureyes adopt legacy
} >"$W/out" 2>&1
verdict $? "G05: a repository with malformed history is adopted"
says '3 .*malformed|malformed.* 3 ' "G05: its old defects are listed, once"
foureyes adopt legacy >"$W/out" 2>&1
grep -q malformed "$W/out"
[ $? -ne 0 ]
verdict $? "G05: and not again"
git_as alice remote add legacy "$W/srv/legacy.git"
git_as alice fetch -q legacy
git_as alice checkout -q -f -B good legacy/main
commit_as alice new.txt "PAY-1 new

$PLAN"
git_as alice push -q legacy good >"$W/out" 2>&1
git_as bob remote add legacy "$W/srv/legacy.git"
git_as bob config foureyes.remote legacy
git_as bob fetch -q legacy
(cd "$W/bob" && TEST_PUSHER=bob "$src/contrib/git-approve" --for main \
    --repository legacy --yes "$C") >"$W/out" 2>&1
expect_admitted "G05: one good commit on top, approved, lands" \
    git_as alice push legacy good:main
N=$(git_as alice cat-file commit HEAD | sed "s/^parent.*/parent $C/;s/^author .*/author a <a@x> <b@x> 1 +0000/" |
    raw_as alice commit)
expect_refused object.malformed "G05: a malformed one does not" \
    git_as alice push legacy "$N:refs/heads/main"
# The malformed tree comes to a topic from main, where it has landed.
git_as alice checkout -q -f -B topic "$one"
commit_as alice topic.txt "PAY-1 a topic of old

$PLAN"
git_as alice fetch -q legacy
T=$(git_as alice merge-tree --write-tree HEAD legacy/main)
C=$(git_as alice commit-tree -p HEAD -p legacy/main -m "Bring main in" "$T")
git_as alice push -q legacy "$C:refs/heads/topic" >"$W/out" 2>&1
git_as bob fetch -q legacy
(cd "$W/bob" && TEST_PUSHER=bob "$src/contrib/git-approve" --for main \
    --repository legacy --yes "$C") >"$W/out" 2>&1
expect_admitted "G05+ a merge that takes an old malformed tree along" \
    git_as alice push legacy "$C:refs/heads/main"
check "G: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

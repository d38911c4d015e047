# shellcheck shell=sh
# lib_odd.sh - objects and pushes that a well-behaved Git does not make.
#
#	content NAME		alice stands on main with a file of that name
#				added; $P is main, $T the tree
#	plain			the commit alice would make of that, raw
#	raw_as PERSON TYPE	what is read becomes an object, unlooked at; prints
#				its id
#	wire_as PERSON REF NEW [OBJECT]...	a push spoken by hand: nothing of
#				the client looks at what is sent
#	yes_to COMMIT [REF]	bob's signed approval, sent the same way
#	odd WHAT SED		plain, edited; on the server, approved; $N
#	tip REF			where it is on the server
#
# A byte 0x01 stands for a NUL, which no shell can hold.

zeros=0000000000000000000000000000000000000000

tip() {
	case $1 in
	refs/* | HEAD) name=$1 ;;
	*) name=refs/heads/$1 ;;
	esac
	on_server show-ref -s --verify "$name" 2>/dev/null || echo "$zeros"
}

content() {
	git_as alice fetch -q origin
	git_as alice checkout -q -f -B odd origin/main
	mkdir -p "$(dirname "$W/alice/$1")"
	echo "$1" >"$W/alice/$1"
	git_as alice add -A
	P=$(git_as alice rev-parse origin/main)
	T=$(git_as alice write-tree)
}

plain() {
	cat <<COMMIT
tree $T
parent $P
author alice <alice@example.com> 1700000000 +0000
committer alice <alice@example.com> 1700000000 +0000

PAY-1 an odd change

$PLAN
COMMIT
}

raw_as() {
	tr '\001' '\000' |
	    git_as "$1" hash-object -w --literally -t "$2" --stdin
}

pkt() {
	printf '%04x%s' $((${#1} + 4)) "$1"
}

# wire PERSON COMMAND...: the commands, a pack on standard input.  What the
# server knows is not listened to; what hooks say comes by standard error.
wire() {
	person=$1
	shift
	{
		for command; do
			pkt "$command"
		done
		printf 0000
		cat
	} | TEST_PUSHER=$person git receive-pack "$W/srv/$REPO.git" >/dev/null
}

# pack OBJECT...: these and no others, from alice's clone.
pack() {
	[ $# -eq 0 ] || printf '%s\n' "$@" |
	    git_as alice pack-objects --stdout -q
	[ $# -gt 0 ] || git_as alice pack-objects --stdout -q </dev/null
}

wire_as() {
	who=$1
	ref=$2
	new=$3
	shift 3
	pack "$@" | wire "$who" "$(tip "$ref") $new $ref"
	[ "$(tip "$ref")" = "$new" ]
}

yes_to() {
	git_as alice -c user.name=bob -c user.email=bob@example.com \
	    -c user.signingKey="$W/keys/bob.pub" tag -s -f -m "I read it

Foureyes-Repository: $REPO
Foureyes-Target: ${2:-refs/heads/main}
Foureyes-Decision: approve" foureyes/odd "$1" >/dev/null
	tag=$(git_as alice rev-parse refs/tags/foureyes/odd)
	git_as alice tag -d foureyes/odd >/dev/null
	wire_as bob "refs/foureyes/approvals/$1/$tag" "$tag" "$tag"
}

# objects_of TREE: the tree, what is in it, as far as Git can read that.
objects_of() {
	echo "$1"
	git_as alice ls-tree -r -t --object-only "$1"
}

n_odd=0
# approved_odd COMMIT [OBJECT]...: on a branch of its own, and approved.
approved_odd() {
	n_odd=$((n_odd + 1))
	one=$1
	{
		wire_as alice "refs/heads/odd/$n_odd" "$@" && yes_to "$one"
	} >"$W/out" 2>&1 || verdict 1 "$one could not be prepared"
}

odd() {
	content "odd-$n_odd.txt"
	N=$(plain | sed "$1" | raw_as alice commit)
	# shellcheck disable=SC2046  # a list of ids
	approved_odd "$N" "$N" $(objects_of "$T")
}

# shellcheck shell=sh
# lib_cases.sh - what the scripts case_k<nn>.sh need besides lib.sh: odd tags
# and commits, made by hand.
#
#	stops CODE WHAT PERSON REFSPEC...	refused, and no ref moved
#	no_move CODE WHAT COMMAND...		the same, of any push
#	lands WHAT PERSON REFSPEC...		admitted
#	approved PERSON [OPTION]...		an approval of $C, or the test says so
#	statement [TARGET [DECISION]]		the message of a statement
#	tag_as PERSON NAME MESSAGE [COMMIT]	a signed tag object: $T
#	send PERSON [CODE WHAT]			$T as evidence for $C
#	object_as PERSON TYPE FILE		any object, as it stands: $O
#
# Branches and commits are alice's unless it says otherwise.

# no_move CODE WHAT COMMAND...: refused with that code, and no ref moved.
no_move() {
	stops_what=$2
	stops_before=$(on_server for-each-ref)
	expect_refused "$@"
	[ "$stops_before" = "$(on_server for-each-ref)" ] ||
	    verdict 1 "$stops_what: a ref moved all the same"
}

# stops CODE WHAT PERSON REFSPEC...
stops() {
	stops_code=$1
	stops_what=$2
	shift 2
	git_as "$1" fetch -q origin
	no_move "$stops_code" "$stops_what" push_as "$@"
}

# push_called LOGIN PERSON REFSPEC...: from that person's clone, by that login.
push_called() {
	called=$1
	person=$2
	shift 2
	TEST_PUSHER=$called git -C "$W/$person" push origin "$@"
}

# lands WHAT PERSON REFSPEC...
lands() {
	lands_what=$1
	shift
	git_as "$1" fetch -q origin
	expect_admitted "$lands_what" push_as "$@"
}

# approved PERSON [OPTION]...: said aloud only when it fails.
approved() {
	approved_by=$1
	shift
	approve_as "$approved_by" "$C" "$@" >"$W/out" 2>&1 ||
	    verdict 1 "$approved_by could not approve $C $*"
}

# onto PERSON BRANCH: that person stands on a new branch from the newest main.
onto() {
	git_as "$1" fetch -q origin
	git_as "$1" checkout -q -B "$2" origin/main
}

# by NAME EMAIL COMMAND...: author and committer are these.
by() {
	by_name=$1
	by_email=$2
	shift 2
	GIT_AUTHOR_NAME=$by_name GIT_AUTHOR_EMAIL=$by_email \
	    GIT_COMMITTER_NAME=$by_name GIT_COMMITTER_EMAIL=$by_email "$@"
}

# shellcheck disable=SC2120  # both have defaults
statement() {
	cat <<MESSAGE
Looked at.

Foureyes-Repository: $REPO
Foureyes-Target: ${1-refs/heads/main}
Foureyes-Decision: ${2:-approve}
MESSAGE
}

# tag_as PERSON NAME MESSAGE [COMMIT]: signed with that person's key as Git has
# it set, dated $DATED if that is set.
tag_as() {
	git_as "$1" fetch -q origin
	printf '%s\n' "$3" >"$W/tag-message"
	GIT_COMMITTER_DATE="${DATED:-$(date +%s) +0000}" git_as "$1" tag -f \
	    -s --cleanup=verbatim -F "$W/tag-message" "$2" "${4:-$C}" \
	    >"$W/out" 2>&1 || verdict 1 "$1 could make the tag $2"
	T=$(git_as "$1" rev-parse "refs/tags/$2")
	git_as "$1" update-ref -d "refs/tags/$2"
}

sent=0

# send PERSON [CODE WHAT]: $T under a new name; refused with CODE if it is said.
send() {
	sent=$((sent + 1))
	send_ref=refs/foureyes/approvals/${SEND_AS:-$C}/sent-$sent
	if [ $# -eq 1 ]; then
		push_as "$1" "$T:$send_ref" >"$W/out" 2>&1 ||
		    verdict 1 "$1 could send the tag $T"
	else
		stops "$2" "$3" "$1" "$T:$send_ref"
	fi
}

object_as() {
	# shellcheck disable=SC2034  # the scripts use it
	O=$(git_as "$1" hash-object -t "$2" -w --stdin --literally <"$3")
}

# edit_as PERSON TYPE OBJECT SED...: an object with other bytes; it is $O.
edit_as() {
	edit_person=$1
	edit_type=$2
	edit_object=$3
	shift 3
	git_as "$edit_person" cat-file "$edit_type" "$edit_object" |
	    sed "$@" >"$W/edited"
	object_as "$edit_person" "$edit_type" "$W/edited"
}

# last_decision: the newest decision's line of the log.
last_decision() {
	grep -h '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -1
}

# decided PATTERN WHAT: the newest decision says so.
decided() {
	last_decision >"$W/out"
	grep -Eq -e "$1" "$W/out"
	verdict $? "$2"
}

# with_develop: the policy with one ref more in gate main.
with_develop() {
	sed 's,"refs/heads/master"\],"refs/heads/master"\, "refs/heads/develop"],'
}

# hold_updates: pushes of this server wait before a ref moves, as long as a file
# $W/hold-<the ref's end> is there ($W/held-... says that one waits), ten seconds
# at most; where $W/fail-<the ref's end> is there, it does not move.
hold_updates() {
	cat >"$W/srv/$REPO.git/hooks/update" <<-HOOK
		#!/bin/sh
		i=0
		while [ -e "$W/hold-\${1##*/}" ] && [ \$i -lt 100 ]; do
			: >"$W/held-\${1##*/}"
			sleep 0.1
			i=\$((i + 1))
		done
		[ ! -e "$W/fail-\${1##*/}" ]
	HOOK
	chmod +x "$W/srv/$REPO.git/hooks/update"
}

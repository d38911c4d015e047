#!/bin/sh
# Private keys and credentials do not land, and what was not looked at is said.
# Each is made here, so that none stands in a file of this repository.
. "$(dirname "$0")/lib.sh"
site local

# random CLASS COUNT: so many characters of it.
random() {
	tr -dc "$1" </dev/urandom | head -c "$2"
}

# token: a key id of the right shape, of nobody.
token() {
	echo "AK""IA$(random 'A-HJ-NP-Z2-7' 16)"
}

# onto_main NAME: alice stands on the newest main.
onto_main() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B "$1" origin/main
}

# with WORDS: what stands in alice's files becomes a commit; its hash: $C.
with() {
	git_as alice add -A
	git_as alice commit -q -m "PAY-1 ${1:-with a file}

$PLAN"
	C=$(git_as alice rev-parse HEAD)
}

# landed BRANCH WHAT: what alice stands on is approved and lands.
landed() {
	push_as alice -q "HEAD:refs/heads/topic-$1" >"$W/out" 2>&1
	approve_as bob "$C" >"$W/out" 2>&1
	shift
	expect_admitted "$1" push_as alice "HEAD:main"
}

# refused BRANCH WHAT: approved as it is, and refused for what it holds.
refused() {
	push_as alice -q "HEAD:refs/heads/topic-$1" >"$W/out" 2>&1
	approve_as bob "$C" >"$W/out" 2>&1
	shift
	expect_refused secret.found "$1" push_as alice "HEAD:main"
	SAID=$(cat "$W/out")
	if grep -q peer "$W/out"; then
		verdict 1 "nothing else is wrong with it"
	fi
}

# said PATTERN: the last refusal, its folded lines put together.
said() {
	printf '%s' "$SAID" | sed 's/^remote: *//' | tr -s ' \n' '  ' |
	    grep -q -e "$1"
	verdict $? "it says $1"
}

# nowhere TEXT WHAT: neither said nor in the log.
nowhere() {
	if printf '%s' "$SAID" | grep -qF -e "$1" ||
	    grep -rqF -e "$1" "$W"/etc/ledger; then
		verdict 1 "$2"
	else
		verdict 0 "$2"
	fi
}

# allowing DIGEST: it is in the list of main.
allowing() {
	echo "secrets: {allow: [$1]}" | policy_main | use_policy
}

sum() {
	sha256sum | cut -d' ' -f1
}

ssh-keygen -q -t ed25519 -N '' -f "$W/keys/leaked"
body=$(sed -n 2p "$W/keys/leaked")
onto_main key
mkdir -p "$W/alice/deploy"
cp "$W/keys/leaked" "$W/alice/deploy/id_ed25519"
with "a key"
KEY=$C
refused key "a private key is refused, approved or not"
said "commit $(printf '%.12s' "$KEY") adds an OpenSSH private key"
said 'deploy/id_ed25519, line 1'
nowhere "$body" "the key itself is nowhere"
allow=$(head -c -1 "$W/keys/leaked" | sum)
said "$allow"
git_as carol fetch -q origin
expect_refused secret.found "no emergency lets it in" \
    push_as carol -o emergency=INC-1 -o 'reason=payments are down for all' \
    "$KEY:main"
allowing "$allow"
landed key "a key that the list names by its lines lands"
policy_main </dev/null | use_policy

onto_main gone
token=$(token)
printf 'name = live\nid = %s\n' "$token" >"$W/alice/live.ini"
with "a token"
first=$C
rm "$W/alice/live.ini"
with "and out again"
refused gone "what is added and taken out in one push is found"
said "commit $(printf '%.12s' "$first") adds an AWS access key id: live.ini"
nowhere "$token" "the token itself is nowhere"
git_as alice reset -q --hard origin/main
git_as alice merge -q --squash "$C" >"$W/out" 2>&1
echo nothing >"$W/alice/nothing.txt"
with "nothing of it"
landed squashed "a squash without it lands"

onto_main line
printf 'one\r\ntoken: "%s"\r\n' "$token" >"$W/alice/two.yaml"
with "a line"
refused line "a token in a line"
allowing "$(printf 'token: "%s"' "$token" | sum)"
landed line "the list names the line, without its line end"
onto_main moved
git_as alice mv two.yaml three.yaml
with "moved"
policy_main </dev/null | use_policy
landed moved "a file that moves is not new"
onto_main copied
cp "$W/alice/three.yaml" "$W/alice/four.yaml"
with "copied"
landed copied "nor is a copy"
onto_main again
printf 'one\r\ntoken: "%s"\r\nmore\r\n' "$token" >"$W/alice/four.yaml"
with "changed"
refused changed "a new content with the same line is new"

onto_main blob
printf 'a: %s\nb: %s\n' "$(token)" "$(token)" >"$W/alice/both.txt"
with "two"
refused both "two in one file"
said '(and 1 more)'
allowing "$(sum <"$W/alice/both.txt")"
landed both "the list names the whole file"
policy_main </dev/null | use_policy

onto_main message
echo message >"$W/alice/message.txt"
token=$(token)
with "$token in a message"
refused message "a token in the message"
said 'its message'
nowhere "$token" "the message is withheld from the log"

onto_main path
echo path >"$W/alice/$token.txt"
with "a path"
refused path "a token that is a file's name"
nowhere "$token" "the name is withheld from the log"

onto_main link
ln -s "$(token)" "$W/alice/link"
with "a link"
refused link "a token that a symbolic link holds"

onto_main wide
printf 'id: %s\n' "$(token)" | iconv -t UTF-16LE >"$W/alice/wide.txt"
with "in UTF-16"
refused wide "a token in UTF-16"

# In a merge that was finished by hand, and what others had landed.
onto_main side
echo side >"$W/alice/side.txt"
with "a side"
side=$C
onto_main merged
git_as alice merge -q --no-ff --no-commit "$side" >"$W/out" 2>&1
token >"$W/alice/merged.txt"
with "merged, with one thing more"
refused merged "a token that only the merge holds"
said 'merged.txt, line 1'

# What is too large is said, and does not take long.
onto_main large
{
	head -c 20000000 /dev/zero | tr '\0' 'x'
	echo
	token
} >"$W/alice/large.txt"
with "large"
push_as alice -q "HEAD:refs/heads/topic-large" >"$W/out" 2>&1
approve_as bob "$C" >"$W/out" 2>&1
before=$(date +%s%N)
expect_admitted "20 MB are looked at in part" push_as alice "HEAD:main"
took=$((($(date +%s%N) - before) / 1000000))
[ "$took" -lt 3000 ]
verdict $? "and in less than three seconds (it took $took ms)"
check "the record says what was not looked at" \
    grep -q '"code":"secret.not-looked-at".*large.txt' "$W"/etc/ledger/*.jsonl
onto_main head
{
	token
	head -c 20000000 /dev/zero | tr '\0' 'x'
} >"$W/alice/head.txt"
with "its head"
refused head "the head of a large file is looked at"

# Where what landed is promoted, it was looked at before.
expect_admitted "main's tip is promoted, key and all" \
    push_as bob "origin/main:refs/heads/staging"
git_as bob fetch -q origin
git_as bob tag -f -m "$(token)" v1 origin/staging >"$W/out" 2>&1
expect_refused secret.found "a token in the message of a tag" \
    push_as bob refs/tags/v1
printf 'secrets: {scan: false}\n' | policy_main | use_policy
onto_main off
token >"$W/alice/off.txt"
with "not looked for"
landed off "a gate that does not look lets it in"
git_as bob fetch -q origin
expect_refused secret.found "and the next gate looks itself" \
    push_as bob "origin/main:refs/heads/staging"
done_testing

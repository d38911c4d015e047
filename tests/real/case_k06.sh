#!/bin/sh
# Words that split on purpose, names set by what is sourced, texts that look like
# expansions and are none.
# shellcheck disable=SC2016,SC2034,SC2046,SC2059,SC2086,SC2154,SC2181
# K06: ref names.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_odd.sh"
site local
bare=$W/srv/$REPO.git

land() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1
	push_as alice -q "$1:refs/heads/main" >>"$W/out" 2>&1 ||
	    verdict 1 "$1 must land"
}
land first
GOOD=$C

# ---- F01: a tag and a branch of one name
change_as alice bad
BAD=$C
push_as alice -q "$GOOD:refs/tags/main" >"$W/out" 2>&1
expect_refused peer.none "F01: refs/tags/main at a good commit, main at a bad" \
    push_as alice "$BAD:refs/heads/main"
says 'refs/heads/main' "F01: the full name is in the refusal"
push_as alice -q "$BAD:refs/tags/main" -f >"$W/out" 2>&1
expect_refused peer.none "F01: and the other way round" \
    push_as alice "$BAD:refs/heads/main"
check "F01: the tag of that name is no business of a gate" \
    [ "$(tip refs/tags/main)" = "$BAD" ]
for shadow in refs/remotes/main refs/remotes/origin/main refs/remotes/refs/main \
    refs/heads/heads/main refs/heads/refs/heads/main refs/heads/tags/v1 \
    refs/tags/heads/main; do
	check "F01+ a name beside it is another ref: $shadow" \
	    push_as alice -q "$BAD:$shadow"
	expect_refused peer.none "F01+ and main is main" \
	    wire_as alice refs/heads/main "$BAD"
done
for shadow in refs/heads/heads/main refs/heads/refs/heads/main \
    refs/tags/heads/main; do
	on_server update-ref -d "$shadow"
done
# A release tag is refs/tags/v*, not a branch of that name.
check "F01+ a branch named as a release tag" \
    push_as alice -q "$BAD:refs/heads/v1.0"
expect_refused '[a-z]*\.[a-z-]*' "F01+ is not the tag" \
    push_as alice "$BAD:refs/tags/v1.0"
approve_as bob "$BAD" --for refs/tags/main >"$W/out" 2>&1
expect_refused 'peer\.[a-z-]*' "F01+ approved for refs/tags/main" \
    push_as alice "$BAD:refs/heads/main"

# ---- F03: case
on_server config core.ignorecase true
for name in refs/heads/Main refs/heads/MAIN refs/heads/maIn refs/HEADS/main \
    REFS/heads/main refs/heads/Production refs/heads/STAGING \
    refs/Heads/main refs/tags/V1.0; do
	case $name in
	refs/tags/V1.0 | REFS/*) code='[a-z]*\.[a-z-]*' ;;
	*) code=policy.case ;;
	esac
	if [ "${name#REFS}" != "$name" ]; then
		check_not "F03+ no ref at all: $name" 1 \
		    wire_as alice "$name" "$BAD"
		continue
	fi
	expect_refused "$code" "F03: differs by case only: $name" \
	    wire_as alice "$name" "$BAD"
	check "F03: it was not made: $name" [ "$(tip "$name")" = "$zeros" ]
done
expect_refused policy.case "F03: refused with an approval too" sh -c "
    cd '$W/alice' && TEST_PUSHER=alice git push origin $GOOD:refs/heads/Main"
says 'by case' "F03: and it says so"

# ---- F04: no prefix, no substring
for name in refs/heads/release.task1 refs/heads/backmerge-main refs/heads/main2 \
    refs/heads/release/1 refs/heads/xmain refs/heads/main. refs/heads/main~ \
    refs/heads/mai refs/heads/masters refs/heads/my/main refs/heads/production2 \
    refs/heads/pre-staging refs/tags/xv1 refs/tags/release/v1; do
	case $name in
	*. | *~)
		check_not "F04+ no ref: $name" 1 wire_as alice "$name" "$BAD"
		continue
		;;
	esac
	check "F04: ungated: $name" push_as alice -q "$BAD:$name"
done
# A directory where the file is: git has the last word, and nothing moves.
check_not "F04+ below a gated ref: refs/heads/main/x" 1 \
    push_as alice "$BAD:refs/heads/main/x"
on_server pack-refs --all
check_not "F04+ below it when it is packed" 1 \
    push_as alice "$BAD:refs/heads/main/x"
check "F04: main is where it was" [ "$(tip refs/heads/main)" = "$GOOD" ]
expect_refused '[a-z]*\.[a-z-]*' "F04+ v* does not cross a slash, v1 is gated" \
    push_as alice "$BAD:refs/tags/v1"
check "F04+ refs/tags/v/1 is not" push_as alice -q "$BAD:refs/tags/v/1"

# Globs of characters, and both ends.
policy_main </dev/null | sed 's|"refs/heads/main", |"refs/heads/main", "refs/heads/rel-*", "refs/heads/d/**", |' |
    use_policy
for name in refs/heads/rel-1 refs/heads/rel- refs/heads/d/x refs/heads/d/x/y; do
	expect_refused '[a-z]*\.[a-z-]*' "F04+ a glob matches: $name" \
	    push_as alice "$BAD:$name"
done
for name in refs/heads/rel-1/x refs/heads/xrel-1 refs/heads/d2/x \
    refs/tags/rel-1 refs/heads/D2/x; do
	check "F04+ and is anchored: $name" push_as alice -q "$BAD:$name"
done
expect_refused '[a-z]*\.[a-z-]*' "F04+ of another case: Rel-1" \
    push_as alice "$BAD:refs/heads/Rel-1"
expect_refused '[a-z]*\.[a-z-]*' "F04+ of another case: D/x" \
    push_as alice "$BAD:refs/heads/D/x"
policy_main </dev/null | use_policy

# ---- F05: other letters
cyrillic=$(printf 'refs/heads/m\320\260in')
check "F05: a Cyrillic letter makes another branch" \
    push_as alice -q "$BAD:$cyrillic"
check "F05: main is where it was" [ "$(tip refs/heads/main)" = "$GOOD" ]
i=0
for bytes in '\344' '\355\240\200' '\303' '\303\251' 'e\314\201' \
    '\342\200\213main' '\342\200\256niam' '\377' '\302\205' '\360\237\230\200'; do
	i=$((i + 1))
	name=$(printf "refs/heads/b$i-$bytes")
	check "F05+ odd bytes make another branch ($i)" \
	    wire_as alice "$name" "$BAD"
	name=$(printf "refs/tags/v$i-$bytes")
	expect_refused '[a-z]*\.[a-z-]*|could not check' \
	    "F05+ a gated one is refused ($i)" wire_as alice "$name" "$BAD"
	tr -d '\n\t' <"$W/out" | LC_ALL=C grep -q '[[:cntrl:]]'
	[ $? -ne 0 ]
	verdict $? "F05+ and reaches the terminal as text ($i)"
done
check "F05: the log is UTF-8 and holds" foureyes verify --chain "$W/etc/ledger"
check "F05: every line of it" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | iconv -f UTF-8 -t UTF-8 >/dev/null"

# ---- F06: options and shell text
for name in 'refs/heads/-x' 'refs/heads/$(id>x)' 'refs/heads/m;x' \
    'refs/heads/--upload-pack=y' 'refs/heads/`touch${IFS}x`' \
    'refs/heads/a|b' 'refs/heads/&' "refs/heads/it's" 'refs/heads/"q"' \
    'refs/heads/%s%n' 'refs/heads/a,b' 'refs/heads/{a}' 'refs/heads/@' \
    'refs/heads/<b>' 'refs/heads/=1+1' 'refs/tags/-d'; do
	check "F06: a branch like any other: $name" \
	    wire_as alice "$name" "$BAD"
done
policy_main </dev/null | sed 's|"refs/heads/staging"|"refs/heads/staging", "refs/heads/-*", "refs/heads/$(*"|' |
    use_policy
for name in 'refs/heads/-y' 'refs/heads/$(id>y)'; do
	expect_refused '[a-z]*\.[a-z-]*' "F06: gated like any other: $name" \
	    wire_as alice "$name" "$BAD"
done
policy_main </dev/null | use_policy
check "F06: nothing ran" sh -c "! find '$W' -type f \( -name x -o -name y \
    -o -name '' \) | grep -v /refs/ | grep ."

# ---- F07: refs of evidence
change_as alice seven
check "F07: an approval" approve_as bob "$C"
ref=$(on_server for-each-ref --format='%(refname)' \
    "refs/foureyes/approvals/$C")
tag=$(tip "$ref")
expect_refused 'evidence\.[a-z-]*' "F07: it is not deleted" \
    push_as alice ":$ref"
expect_refused 'evidence\.[a-z-]*' "F07: nor by who gave it" push_as bob ":$ref"
approve_as carol "$C" >"$W/out" 2>&1
other=$(on_server for-each-ref --format='%(objectname)' \
    "refs/foureyes/approvals/$C" | grep -v "$tag")
git_as carol fetch -q origin 'refs/foureyes/*:refs/foureyes/*'
expect_refused 'evidence\.[a-z-]*' "F07: nor overwritten by another" \
    push_as carol -f "$other:$ref"
pack | wire carol "$tag $zeros $ref" "$zeros $other $ref" >"$W/out" 2>&1
check "F07+ nor deleted and made again in one push" [ "$(tip "$ref")" = "$tag" ]
check "F07: both are there" [ "$(on_server for-each-ref \
    "refs/foureyes/approvals/$C" | wc -l)" -eq 2 ]
for name in refs/foureyes/x refs/foureyes/approvals refs/foureyes/approvals/x \
    "refs/foureyes/approvals/$C" "refs/foureyes/Approvals/$C/x" \
    "refs/foureyes/approvals/$(echo "$C" | tr a-f A-F)/x" \
    refs/foureyes/deployments/staging/x refs/Foureyes/approvals/x \
    "refs/foureyes/policy" "refs/foureyes/approvals/$C/x/y/../z"; do
	check_not "F07+ no place for evidence: $name" 1 \
	    wire_as bob "$name" "$tag"
done
check "F07: notes are nobody's evidence" \
    push_as alice -q "$BAD:refs/notes/commits"
check "F07: and may be forced, without rules for their messages" \
    push_as alice -q -f "$GOOD:refs/notes/commits"
change_as alice race
for person in bob carol; do
	approve_as "$person" "$C" >"$W/race.$person" 2>&1 &
	eval "race_$person=\$!"
done
wait "$race_bob" && wait "$race_carol"
verdict $? "F07: two approvals at one moment"
check "F07: both are recorded" [ "$(cat "$W"/etc/ledger/*.jsonl |
    grep '"type":"observation"' | grep -c "\"commit\":\"$C\"")" -eq 2 ]
expect_admitted "F07: and count" push_as alice race:refs/heads/main

# ---- length, kinds of refs, nothing moved
long() {
	printf '%s' "$1"
	head -c $(($2 - ${#1})) /dev/zero | tr '\0' x | sed 's/.\{100\}/&\//g' |
	    head -c $(($2 - ${#1}))
}
name=$(long refs/heads/ 254)z
check "F+ 255 bytes are a name" wire_as alice "$name" "$BAD"
check_not "F+ 256 are too many" 1 wire_as alice "${name}z" "$BAD"
says '255' "F+ and the limit is named"
name=$(long refs/tags/v 254 | sed 's|x/x|xxx|g')z
check_not "F+ 255 bytes, gated" 1 wire_as alice "$name" "$BAD"
says 'foureyes: production' "F+ is judged by its gate"
check_not "F+ 256 bytes, gated" 1 wire_as alice "${name}z" "$BAD"
name=refs/heads/$(head -c 4000 /dev/zero | tr '\0' x)
check_not "F+ 4,000 bytes" 1 wire_as alice "$name" "$BAD"
for name in refs/pull/7/head refs/pull/7/merge refs/merge-requests/1/head \
    refs/changes/01/1/1 refs/remotes/origin/main refs/for/main refs/drafts/x \
    refs/heads/refs/replace/x refs/users/alice/x; do
	check "F+ stated default: ungated: $name" push_as alice -q "$BAD:$name"
done
for name in refs/replace/x refs/namespaces/a/refs/heads/main HEAD FETCH_HEAD \
    ORIG_HEAD refs/../HEAD refs/heads/../heads/main refs/heads//main \
    ./refs/heads/main refs/heads/main.lock refs/heads/.main \
    'refs/heads/main ' 'refs/heads/ma in' refs/heads/ma^in refs; do
	check_not "F+ no ref to have: $name" 1 wire_as alice "$name" "$BAD"
done
on_server config transfer.hideRefs refs/hidden
on_server config receive.denyCurrentBranch ignore
change_as alice last
expect_refused peer.none "F+ after all of it, main is main" \
    push_as alice "$C:refs/heads/main"
cp "$W/policy.yaml" "$W/standard.yaml"
sed 's|match: \["\*\*"\]|match: ["other/**"]|' "$W/standard.yaml" | use_policy
expect_refused policy.no-repository "F+ a repository without an entry" \
    push_as alice "$BAD:refs/heads/free"
use_policy <"$W/standard.yaml"
check "F: a log that holds" foureyes verify --chain "$W/etc/ledger"
done_testing

#!/bin/sh
# Ten refusals, and then literally what each of them says: it must work.
#
# The lines that help are taken out of what the pusher saw and typed as they
# stand, by the person they are for: nothing here knows another command.
. "$(dirname "$0")/lib.sh"
site local
policy_main <<'YAML' | use_policy
owners:
  - {paths: ["db/migrations/**"], count: 1, groups: [dba]}
ticket: {pattern: "PAY-[0-9]+"}
YAML

# remote: what the server said last, as the pusher reads it, continued lines
# joined (narrow keeps it).
remote() {
	sed -n 's/^remote: \{0,1\}//p' "$W/refusal" | sed 's/ *$//' |
	    sed -e ':a' -e '/\\$/{N;s/\\\n *//;ta' -e '}'
}

# line HEAD: what stands behind "  HEAD:".
line() {
	remote | sed -n "s/^  $1: *//p" | head -1
}

# first_of HEAD: the first person named there.
first_of() {
	line "$1" | sed 's/[, ].*//'
}

# type_as PERSON LINE: the line, typed in that person's clone.
type_as() {
	echo "# $1 types: $2" >>"$W/typed"
	(cd "$W/$1" && TEST_PUSHER=$1 sh -c "$2") >"$W/typed.out" 2>&1 || {
		sed 's/^/# /' "$W/typed.out"
		return 1
	}
}

# approver_does [HEAD]: both lines of "they:", by the first one who may.
approver_does() {
	who=$(first_of "${1:-who}")
	approve=$(remote | sed -n 's/^ *\(foureyes approve .*\)/\1/p' | head -1)
	type_as "$who" "$(line they)" && type_as "$who" "$approve --yes"
}

# narrow: fits a terminal; object ids and commands may be longer than a line.
narrow() {
	cp "$W/out" "$W/refusal"
	remote | grep -v -e 'git push' -e 'foureyes approve' |
	    awk 'length > 100 { wide = 1 } END { exit wide }'
	verdict $? "$1: fits 100 columns"
	remote | head -10 | grep -q '^foureyes: '
	verdict $? "$1: begins with what is wrong"
}

: 1 nobody approved, and the server has not kept the commit
git_as alice checkout -q -B one origin/main
commit_as alice one.txt "PAY-1 one

$PLAN"
expect_refused peer.none "1. nobody approved" push_as alice one:main
narrow 1
check "1. what the pusher is told to type" type_as alice "$(line you)"
check "1. what the approver is told to type" approver_does
expect_admitted "1. now it lands" push_as alice one:main

: 2 approved by the author
change_as alice two
approve_as alice "$C" >"$W/out" 2>&1
expect_refused peer.author "2. the author's own yes" push_as alice two:main
narrow 2
says "does not: alice for" "2. the approval that does not count is shown"
check "2. what the approver is told to type" approver_does
expect_admitted "2. now it lands" push_as alice two:main

: 3 no plan
change_as alice three three.txt "PAY-3 without a plan"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused rollback.absent "3. no plan" push_as alice three:main
narrow 3
check "3. the line with the plan, as it stands, lands it" \
    type_as alice "$(line plan)"

: 4 an amended commit
change_as alice four
approve_as bob "$C" >"$W/out" 2>&1
commit_as alice four.txt "PAY-4 one more

$PLAN"
expect_refused review.unreviewed-commit "4. a commit more than was approved" \
    push_as alice four:main
narrow 4
check "4. what the pusher is told to type" type_as alice "$(line you)"
check "4. what the approver is told to type" approver_does
expect_admitted "4. now it lands" push_as alice four:main

: 5 a path with owners
change_as alice five db/migrations/5.sql
approve_as bob "$C" >"$W/out" 2>&1
expect_refused owners.count "5. a path of the dba" push_as alice five:main
narrow 5
check "5. what the owner is told to type" approver_does owners
expect_admitted "5. now it lands" push_as alice five:main

: 6 production before staging
approve_as erin "$C" --for production -m "Rollback-Plan: deploy the build before this one again" \
    >"$W/out" 2>&1
expect_refused staging.not-staged "6. not on staging yet" \
    push_as alice "$C:refs/heads/production"
narrow 6
check "6. what comes first, typed as it stands" type_as alice "$(line first)"
sleep 2
expect_admitted "6. now it lands" push_as alice "$C:refs/heads/production"

: 7 production before main
change_as alice seven
expect_refused review.not-landed "7. it has not landed on main" \
    push_as alice seven:production
narrow 7
approve_as bob "$C" >"$W/approve.out" 2>&1
check "7. what comes first, typed as it stands" type_as alice "$(line first)"

: 8 not a lander, who may is told
git_as carol fetch -q origin
expect_refused environment.lander "8. carol may not land on production" \
    push_as carol "$C:refs/heads/production"
narrow 8
says "who may: alice" "8. who may is named"

: 9 an emergency, by a member
git_as carol fetch -q origin
git_as carol checkout -q -B nine origin/main
commit_as carol nine.txt "PAY-9 fix it now"
expect_refused peer.none "9. nobody there at night" push_as carol nine:main
narrow 9
emergency=$(remote | sed -n 's/^ *\(git push -o emergency.*\)/\1/p')
check "9. the emergency line, as it stands, lands it" \
    type_as carol "$emergency"

: 10 its review is overdue
policy=$(REVIEW_WITHIN=1s policy_main </dev/null)
echo "$policy" | use_policy
git_as carol checkout -q -B ten origin/main
git_as carol fetch -q origin
git_as carol reset -q --hard origin/main
commit_as carol ten.txt "PAY-10 fix it again"
push_as carol -o emergency=INC-10 -o reason="the checkout page is down" \
    ten:main >"$W/out" 2>&1
sleep 2
change_as alice eleven
approve_as bob "$C" >"$W/out" 2>&1
expect_refused emergency.overdue "10. an overdue review shuts the gate" \
    push_as alice eleven:main
narrow 10
check "10. what the reviewer is told to type" approver_does
expect_admitted "10. now it lands" push_as alice eleven:main
done_testing

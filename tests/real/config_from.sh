#!/bin/sh
# Policy and people as code: a gated repository holds both files; what is pushed
# is checked whole, what landed is taken over.
. "$(dirname "$0")/lib.sh"
site local
cat >>"$W/etc/foureyes.yaml" <<YAML
config_from: {repository: payments, ref: refs/heads/main, path: foureyes}
YAML

# files COMMIT_MESSAGE: both files as they stand in $W, as a change of alice's.
files() {
	git_as alice fetch -q origin
	git_as alice checkout -q -B config origin/main
	mkdir -p "$W/alice/foureyes"
	cp "$W/new/policy.yaml" "$W/new/people.yaml" "$W/alice/foureyes/"
	commit_as alice foureyes/stamp "$1

$PLAN"
	push_as alice -q +config >"$W/out" 2>&1
}
mkdir "$W/new"
cp "$W/etc/policy.yaml" "$W/etc/people.yaml" "$W/new/"

good plain
expect_refused push.config-unsound "without the files nothing lands there" \
    push_as alice plain:main
says "there is no file .foureyes/policy.yaml"
files "PAY-1 as it is"
check "bob approves" approve_as bob "$C"
expect_admitted "with them it does" push_as alice config:main
check "in force they are already" foureyes apply --landed
says 'policy.yaml is in force as it landed'

sed -i 's/min_words: 5/min_words: 7/' "$W/new/policy.yaml"
files "PAY-2 longer plans"
expect_refused peer.none "a change of the policy has its approvals" \
    push_as alice config:main
check "bob approves" approve_as bob "$C"
expect_admitted "then it lands" push_as alice config:main
check_not "in force is still the old one" 1 \
    grep -q 'min_words: 7' "$W/etc/policy.yaml"
check_not "doctor says so" 1 foureyes doctor
says 'policy.yaml of .* has landed and is not in force: foureyes apply --landed'
check "it is taken over" foureyes apply --landed
says 'policy.yaml is in force as it landed, in '
says 'policy.yaml is in force, as record' "as a record of the log"
check "whole" cmp "$W/new/policy.yaml" "$W/etc/policy.yaml"
check "again there is nothing to do" foureyes apply --landed

sed -i 's/^mode: enforce/mode: enfroce/' "$W/new/policy.yaml"
files "PAY-3 a slip"
check "bob did not see it" approve_as bob "$C"
expect_refused push.config-unsound "what is not sound is refused" \
    push_as alice config:main
says 'policy.yaml:2:1' "with the place"
git_as carol fetch -q origin
git_as carol checkout -q -B slip "$C"
expect_refused push.config-unsound "by an emergency too" push_as carol \
    -o emergency=INC-1 -o "reason=the policy stands in everybody's way" slip:main
cp "$W/etc/policy.yaml" "$W/new/policy.yaml"
sed -i 's/^  bob:/  robert:/' "$W/new/people.yaml"
files "PAY-4 another name"
check "carol approves" approve_as carol "$C"
expect_admitted "people too" push_as alice config:main
check "are taken over" foureyes apply --landed
check "as they landed" grep -q '^  robert:' "$W/etc/people.yaml"

# By the ledger's tip, never by the ref.
git -C "$W/srv/$REPO.git" update-ref -d refs/heads/main
check "a ref that moved by itself decides nothing" foureyes apply --landed
says 'people.yaml is in force as it landed'
check_not "a file and --landed" 2 foureyes apply --landed "$W/new/people.yaml"
done_testing

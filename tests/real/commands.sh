#!/bin/sh
# The commands: what they answer, and with which exit status.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git

check "check" foureyes check
says 'main' "tells what is in force"
check_not "an unknown command is used wrongly" 2 foureyes frobnicate
check_not "no command too" 2 foureyes
check_not "an unknown option too" 2 foureyes log --frobnicate
check_not "no configuration: could not find out" 3 \
    foureyes --config "$W/nowhere" check
check_not "an option without its value" 2 foureyes log --type
check_not "an option twice" 2 foureyes log --type a --type b
check_not "an option's value where it takes none" 2 foureyes log --json=1
check_not "too many words" 2 foureyes show 1 2
check_not "--config without a directory" 2 foureyes --config
check "help" foureyes help
for command in init check apply install uninstall adopt account doctor due \
    explain log show verify approve object withdraw deployed rollback hook; do
	check "help $command" foureyes help $command
	cp "$W/out" "$W/help"
	[ $command = hook ] || check "$command --help says the same" \
	    sh -c "foureyes $command --help | cmp - '$W/help'"
done
check_not "help of nothing" 2 foureyes help frobnicate
check "--version" foureyes --version
check "--config goes before the environment" env FOUREYES_CONFIG=/nowhere \
    foureyes --config "$W/etc" check
check_not "answers that cannot be written are no answers" 3 \
    sh -c 'foureyes check >/dev/full'
check "check --json" sh -c 'foureyes check --json | grep "^{\"sound\":true"'

change_as alice topic
OLD=$(on_server rev-parse main)
before=$(records decision)
check_not "explain says no" 1 \
    foureyes explain "$REPO" "$OLD" "$C" refs/heads/main
says 'peer.none' "and why"
check "and records nothing" [ "$before" -eq "$(records decision)" ]
approve_as bob "$C" >"$W/out" 2>&1
foureyes explain "$REPO" "$OLD" "$C" refs/heads/main >"$W/out" 2>&1
says 'peer.count' "explain counts the approval"
expect_admitted "a landing" push_as alice topic:main

# log and show.
check "log --json is the ledger, line for line" \
    sh -c "foureyes log --json | cmp - '$W'/etc/ledger/*.jsonl"
check "log --newest" sh -c "foureyes log --newest 3 >'$W/three' &&
    foureyes log | tail -3 | cmp - '$W/three'"
check "more of them than there are" sh -c "foureyes log --newest 9999 |
    cmp - '$W/all' 2>/dev/null || [ \$(foureyes log --newest 9999 | wc -l) \
    -eq \$(cat '$W'/etc/ledger/*.jsonl | wc -l) ]"
check "log --type" \
    [ "$(foureyes log --type decision | wc -l)" -eq "$(records decision)" ]
check "log --ref" sh -c '! foureyes log --ref refs/heads/staging | grep .'
check "log --repository" \
    sh -c "! foureyes log --repository other | grep . &&
    foureyes log --repository '$REPO' --type landing | grep ADMITTED"
check_not "log --newest of no number" 2 foureyes log --newest 0
check_not "or more than can be kept" 2 foureyes log --newest 100001
number() {
	foureyes log --type "$1" --newest 1 | sed 's/^[^ ]* *\([0-9]*\).*/\1/'
}
check "show of a decision" foureyes show "$(number decision)"
for words in 'ADMITTED by alice' 'gate main, mode enforce' \
    'pushed by alice \(login alice\)' 'approved +PAY-1 change topic' \
    'first-pusher +alice' 'approval by bob .* exact, record [0-9]+: counts' \
    'rollback plan \(commit' 'a revert would apply cleanly' \
    'MET +peer.count' 'rules [0-9]'; do
	says "$words"
done
check "show of an approval" foureyes show "$(number observation)"
says 'approve by bob' "says whose it is"
check "show of a policy" foureyes show "$(number policy)"
says '\| administration: ' "is its text"
check "show --json" sh -c "foureyes show --json $(number landing) |
    grep '^{.*\"type\":\"landing\".*}\$'"
check "show of a commit" foureyes show "$C"
for words in 'pushed by alice' 'approve by bob' 'decision ' 'landing '; do
	says "$words" "tells of: $words"
done
foureyes show "$C" >"$W/long"
check "by its first digits" sh -c "foureyes show $(echo "$C" | cut -c1-9) |
    cmp - '$W/long'"
check_not "by too few of them" 2 foureyes show "$(echo "$C" | cut -c1-6)x"
check_not "show of a number that is not there: no" 1 foureyes show 999999
check_not "of a commit that is not" 1 \
    foureyes show 1234567890123456789012345678901234567890
check_not "of neither" 2 foureyes show main
check "nothing is due" foureyes due
check "a repository by its path" foureyes doctor "$bare"

# apply: checked with the others, in place at once, recorded.
check "apply" foureyes apply "$W/people.yaml"
texts=$(records people)
echo '# a remark' >>"$W/people.yaml"
check "of a new text" foureyes apply "$W/people.yaml"
check "is a record" [ "$(records people)" -eq $((texts + 1)) ]
check "and in force" cmp "$W/people.yaml" "$W/etc/people.yaml"
check "again" foureyes apply "$W/people.yaml"
check "is none" [ "$(records people)" -eq $((texts + 1)) ]
mkdir "$W/sound"
cp "$W"/etc/*.yaml "$W/sound"
check "apply of settings" foureyes apply "$W/sound/foureyes.yaml"
sed -i '/^server/d' "$W/sound/foureyes.yaml"
sed -i 's/local: alice/ssh: alice/' "$W/sound/people.yaml"
check_not "a login of no door" 1 foureyes apply "$W/sound/people.yaml"
printf 'people: [\n' >"$W/etc/people.yaml"
check_not "an unsound file in force" 1 foureyes check
check_not "is not cured by just anything" 1 foureyes apply "$W/sound/people.yaml"
check_not "nor by another file" 1 foureyes apply "$W/policy.yaml"
check "but by a sound one" foureyes apply "$W/people.yaml"
rm "$W/etc/people.yaml"
check "also where it is missing" foureyes apply "$W/people.yaml"
sed 's/^        rollback_plan.*/&\n        ticket: {pattern: "[A-Z"}/' \
    "$W/policy.yaml" >"$W/sound/policy.yaml"
check_not "a pattern that does not compile" 1 \
    foureyes apply "$W/sound/policy.yaml"
says 'policy.yaml:[0-9]+:[0-9]+: .*compile' "is named with its place"
cp "$W/sound/policy.yaml" "$W/etc/policy.yaml"
check_not "check finds it as well" 1 foureyes check
check_not "and check --json" 1 foureyes check --json
says '"sound":false,"error":"policy.yaml:' "says where"
cp "$W/policy.yaml" "$W/etc/policy.yaml"
mv "$W/etc/seal.key" "$W/seal.away"
check_not "check of a sealing key that is missing" 1 foureyes check
says '^wrong: seal_key: .*No such file' "is named"
mv "$W/seal.away" "$W/etc/seal.key"
check "and there again" foureyes check
check_not "apply of a file that is not there" 3 \
    foureyes apply "$W/nowhere/policy.yaml"
check_not "apply of something else" 2 foureyes apply /dev/null
done_testing

#!/bin/sh
# Hooks are switched off and refs moved behind our back: the next hook and
# `foureyes reconcile` name each movement, from where to where and between which
# times; the gate stays shut until it is put back, approved or explained.  P13,
# P14.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git
hooks=$bare/hooks
MAIN=refs/heads/main

# newest TYPE: the last record of that type.
newest() {
	grep -h "\"type\":\"$1\"" "$W"/etc/ledger/*.jsonl | tail -1
}

tip() {
	on_server rev-parse -q --verify "$MAIN"
}

# put VALUE [REF]: into the ref's file, by hand; no hook of anybody's runs.
put() {
	mkdir -p "$(dirname "$bare/${2:-$MAIN}")"
	printf '%s\n' "$1" >"$bare/${2:-$MAIN}"
}

lines() {
	cat "$W"/etc/ledger/*.jsonl | wc -l
}

# foreign NAME: a commit nobody reviewed, on the server; its hash: $C.
foreign() {
	change_as carol "$1" "$1.txt" "PAY-9 nobody looked at $1

$PLAN"
}

# names WHAT REF OLD NEW: reconcile tells of that drift; once more adds nothing.
names() {
	way=$1
	check_not "$way: reconcile says no" 1 foureyes reconcile
	says "$REPO: $2: drift: $(short "$3") to $(short "$4")" \
	    "$way: from where to where"
	says 'after 2[0-9-]*T[0-9:]*Z \(record [0-9]+\) and before 2[0-9-]*T' \
	    "$way: between which times"
	newest drift >"$W/out"
	says "\"ref\":\"$2\",\"old\":\"$3\",\"new\":\"$4\"" \
	    "$way: it is a record"
	says '"since":"2[^"]*","since_record":[1-9]' "$way: with the times"
	before=$(lines)
	check_not "$way: again" 1 foureyes reconcile --json
	says '"written":0' "$way: which writes nothing new"
	check "$way: not a line" [ "$(lines)" -eq "$before" ]
}

short() {
	case $1 in
	00000000*) echo nothing ;;
	*) echo "$1" | cut -c1-12 ;;
	esac
}

# is_shut WHAT: an approved change on top is refused, for what drifted in.
is_shut() {
	kept=$C
	git_as bob fetch -q origin
	git_as bob checkout -q -B ordinary "$(tip)"
	commit_as bob ordinary.txt "PAY-8 an ordinary change

$PLAN"
	push_as bob -q +ordinary >"$W/out" 2>&1
	expect_refused '(review|peer|environment)\.[a-z-]*' "$1: the gate is shut" \
	    push_as bob ordinary:main
	C=$kept
}

all_stand() {
	check "$1: and all is as the ledger has it" foureyes reconcile
	says ': [0-9]* where .* 0 drifted' "$1: nothing drifts"
}

# put_back TIP WHAT: the first way out.
put_back() {
	git_as alice fetch -q origin
	expect_admitted "$2: put back" push_as alice "+$1:$MAIN"
	all_stand "$2"
}

check "at first everything stands" foureyes reconcile
says '^1 gated refs of 1 repositories, as of record [0-9]*: 1 where'
says 'payments: gate production: empty-gate' "an empty gate is told"
good first
expect_admitted "a change lands" push_as alice first:main
M=$C
check "and stands" foureyes reconcile

# ---- hooks off, in three ways ----

foreign bits
chmod -x "$hooks"/*
push_as carol -q bits:main >"$W/out" 2>&1
chmod +x "$hooks"/*
names "execute bit off" "$MAIN" "$M" "$C"
is_shut "execute bit off"
put_back "$M" "execute bit off"

foreign path
mkdir "$W/no-hooks"
git -C "$bare" config core.hooksPath "$W/no-hooks"
push_as carol -q path:main >"$W/out" 2>&1
git -C "$bare" config --unset core.hooksPath
names "core.hooksPath" "$MAIN" "$M" "$C"
put_back "$M" "core.hooksPath"

foreign moved
mv "$hooks" "$W/hooks.away"
push_as carol -q moved:main >"$W/out" 2>&1
mv "$W/hooks.away" "$hooks"
is_shut "another hooks directory"
check "another hooks directory: the next hook wrote it down" \
    sh -c "grep -h '\"type\":\"drift\"' '$W'/etc/ledger/*.jsonl | tail -1 |
        grep -q '\"old\":\"$M\",\"new\":\"$C\"\\|\"new\":\"$(tip)\"'"
names "another hooks directory" "$MAIN" "$M" "$(tip)"
git_as carol fetch -q origin
git_as carol checkout -q -B emergency "$(tip)"
commit_as carol emergency.txt "PAY-7 repair the cards

$PLAN"
expect_admitted "the emergency lane is open meanwhile" push_as carol \
    -o emergency=INC-7 -o "reason=the cards do not work" emergency:main
newest landing >"$W/out"
says "\"old\":\"$M\",\"new\":\"$C\"" "from the ledger's tip"
M=$C
all_stand "an emergency"
approve_as bob "$C" >"$W/out" 2>&1

# ---- refs moved on the server ----

foreign update
chmod -x "$hooks/reference-transaction"
on_server update-ref $MAIN "$C"
chmod +x "$hooks/reference-transaction"
names "update-ref" $MAIN "$M" "$C"
is_shut "update-ref"
put_back "$M" "update-ref"

foreign file
put "$C"
names "a file edited by hand" $MAIN "$M" "$C"
is_shut "a file edited by hand"
put "$M"
all_stand "put back by hand"
newest drift >"$W/out"
says "\"new\":\"$M\".*\"from\":\"$C\"" "which is a record of its own"

foreign packed
on_server pack-refs --all
sed "s|^$M $MAIN|$C $MAIN|" "$bare/packed-refs" >"$W/packed"
cp "$W/packed" "$bare/packed-refs"
names "packed-refs edited" $MAIN "$M" "$C"
is_shut "packed-refs edited"
check "packed-refs edited: doctor says so" \
    sh -c '! foureyes doctor | grep -q "main.*ok"'
check_not "a reason is asked" 2 foureyes account "$REPO" $MAIN --reason n/a
check "packed-refs edited: an administrator explains it" foureyes account \
    "$REPO" $MAIN --reason "the operators moved it by a script in the night"
newest explained >"$W/out"
says "\"new\":\"$C\",\"drift\":[1-9]" "the explanation names the drift"
newest adopted >"$W/out"
says '"first":false,"unreviewed":1' "which stays an exception, with its commit"
all_stand "explained"
M=$C
check_not "once" 1 foureyes account "$REPO" $MAIN \
    --reason "the operators moved it by a script in the night"
is_free() {
	good "free-$1"
	expect_admitted "$1: and it goes on" push_as alice "free-$1:main"
	M=$C
}
is_free explained

# ---- an older copy of the repository ----

cp -R "$bare" "$W/backup.git"
OLD=$M
good newer
expect_admitted "after the backup a change lands" push_as alice newer:main
M=$C
mv "$bare" "$W/lost.git"
cp -R "$W/backup.git" "$bare"
names "a restored backup" $MAIN "$M" "$OLD"
expect_admitted "a restored backup: put forward again" \
    git_as alice push origin "$M:$MAIN"
all_stand "a restored backup"
rm -rf "$W/backup.git" "$W/lost.git"

# ---- no plain ref any more ----

on_server update-ref refs/heads/elsewhere "$M"
rm -f "$bare/$MAIN"
printf 'ref: refs/heads/elsewhere\n' >"$bare/$MAIN"
check_not "a symbolic ref planted: reconcile says no" 1 foureyes reconcile
says 'main: gate main: alias: it is a symbolic ref to refs/heads/elsewhere' \
    "though it holds the same"
newest drift >"$W/out"
says '"symbolic":"refs/heads/elsewhere"' "it is a record"
before=$(lines)
check_not "again" 1 foureyes reconcile
check "once" [ "$(lines)" -eq "$before" ]
change_as alice symbolic
expect_refused policy.alias "the gate is shut" push_as alice symbolic:main
on_server symbolic-ref --delete $MAIN
on_server update-ref $MAIN "$M"
all_stand "a symbolic ref taken out"

put "not an id"
check_not "a file of nonsense: reconcile says no" 1 foureyes reconcile
says 'main: gate main: unreadable: .*holds neither' "and which"
rm -f "$bare/$MAIN"
sed "/ refs.heads.main\$/d" "$bare/packed-refs" >"$W/packed"
cp "$W/packed" "$bare/packed-refs"
names "a ref deleted" $MAIN "$M" 0000000000000000000000000000000000000000
put_back "$M" "a ref deleted"
rm -f "$bare/$MAIN"
check "a ref deleted: an administrator explains it" foureyes account "$REPO" \
    $MAIN --reason "the branch was to be made anew after the crash"
all_stand "gone and explained"
good again
expect_admitted "made again, it goes on from its last tip" \
    push_as alice again:main
M=$C
all_stand "made again"

# ---- what nobody pushes to ----

use_site() {
	policy_main <<'YAML' | sed 's|"refs/heads/staging"|"refs/heads/staging", "refs/heads/rel/*"|' | use_policy
YAML
}
use_site
on_server update-ref refs/heads/rel/1 "$M"
check "a glob's ref is adopted" foureyes adopt "$REPO" refs/heads/rel/1
CUT=$M
foreign globbed
STRAY=$C
put "$C" refs/heads/rel/1
good unrelated
expect_admitted "a push elsewhere" push_as alice unrelated:main
M=$C
names "a glob's ref" refs/heads/rel/1 "$CUT" "$STRAY"
check "a glob's ref is explained" foureyes account "$REPO" refs/heads/rel/1 \
    --reason "the release was cut by hand in the night"

git init -q --bare -b main "$W/srv/quiet.git"
git -C "$bare" push -q "$W/srv/quiet.git" "$M:$MAIN"
check_not "a repository nobody adopted" 1 foureyes reconcile
says 'quiet: refs/heads/main: no baseline: foureyes adopt quiet'
foureyes adopt quiet >"$W/out" 2>&1
all_stand "two repositories"
git -C "$W/srv/quiet.git" update-ref $MAIN "$M~1"
check_not "nobody pushes to it" 1 foureyes reconcile
says "quiet: $MAIN: drift: $(short "$M") to " "and it is found"
git -C "$W/srv/quiet.git" update-ref $MAIN "$M"
check "one repository alone" foureyes reconcile quiet
says '^1 gated refs of 1 repo' "is looked at alone"
git -C "$W/srv/quiet.git" symbolic-ref HEAD refs/heads/other
check "HEAD at no gate is told" foureyes reconcile
says 'quiet: HEAD: head: it stands for refs/heads/other, which is at no gate'
mv "$W/srv/quiet.git" "$W/quiet.git"
check_not "a repository that is gone" 1 foureyes reconcile
says 'quiet: missing: the ledger knows it'
check_not "which is not provable" 3 foureyes verify
says 'complete: not provable: 1 repositories or refs are not there'
mv "$W/quiet.git" "$W/srv/quiet.git"
mkdir "$W/srv/sandbox"
git init -q --bare "$W/srv/sandbox/x.git"
check "what is not gated is not compared" foureyes reconcile
sed 's/"\*\*"/"payments"/' "$W/policy.yaml" >"$W/policy.narrow"
use_policy <"$W/policy.narrow"
check_not "a repository without an entry" 0 foureyes reconcile --json
says '"note":"no-entry","repository":"quiet"'
use_site

# ---- there and back, where Git keeps a log of the ref ----

git -C "$bare" config core.logAllRefUpdates always
chmod -x "$hooks"/*
foreign and-back
on_server update-ref $MAIN "$C"
on_server update-ref $MAIN "$M"
git -C "$bare" config --unset core.logAllRefUpdates
rm -f "$W/srv/quiet.git/hooks/"*
check_not "there and back, unseen: only looked at" 1 \
    foureyes reconcile --dry-run "$REPO"
says "by git.s word: $(short "$M") to $(short "$C") at 2" "Git's log names it"
check_not "verify says that it is not complete" 1 foureyes verify
says 'complete: no: .* 1 movements are known to git alone' "and why"
before=$(lines)
check_not "written" 1 foureyes reconcile "$REPO"
check "there and back are two records" [ "$(lines)" -eq $((before + 2)) ]
newest drift >"$W/out"
says "\"old\":\"$M\",\"new\":\"$M\".*\"from\":\"$C\"" "the last one back"
grep -h '"witness":"reflog"' "$W"/etc/ledger/*.jsonl >"$W/out"
says "\"new\":\"$C\".*\"git\":{\"reflog\":" "by Git's word"
check "then all stands" foureyes reconcile "$REPO"
check "and nothing more is written" [ "$(lines)" -eq $((before + 2)) ]
chmod +x "$hooks"/*

# ---- decided, and nobody saw it land: P13, P14 ----

drift=$(records drift)
for hook in reference-transaction post-receive; do
	mv "$hooks/$hook" "$hooks/$hook.ours"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\n[ "$1" = prepared ] || kill -9 $$\n' >"$hooks/$hook"
	chmod 755 "$hooks/$hook"
done
good unseen
push_as alice -q unseen:main >"$W/out" 2>&1
check "P14: it landed" [ "$(tip)" = "$C" ]
check "P14: the hooks that tell were killed; not looked at yet" \
    sh -c "! grep -q '\"type\":\"landing\".*\"new\":\"$C\"' '$W'/etc/ledger/*.jsonl"
check "P14: verify takes the decision for it" foureyes verify
says 'complete: yes: .* 1 of them by decisions whose landing'
check "P14: reconcile finds it" foureyes reconcile
says "$REPO: $MAIN: landed at $(short "$C") by a decision, and nobody had seen"
newest landing >"$W/out"
says "\"new\":\"$C\".*\"witness\":\"found\"" "P14: which is a landing, found"
before=$(lines)
check "P14: once" foureyes reconcile
check "P14: and no more" [ "$(lines)" -eq "$before" ]
for hook in reference-transaction post-receive; do
	mv "$hooks/$hook.ours" "$hooks/$hook"
done
M=$C
check "P14: no drift" [ "$(records drift)" -eq "$drift" ]

good never
mv "$hooks/pre-receive" "$hooks/pre-receive.ours"
printf '#!/bin/sh\n"%s" "$@" && exit 1\n' "$hooks/pre-receive.ours" \
    >"$hooks/pre-receive"
chmod 755 "$hooks/pre-receive"
push_as alice -q never:main >"$W/out" 2>&1
mv "$hooks/pre-receive.ours" "$hooks/pre-receive"
check "P13: admitted, and it never moved: open" foureyes reconcile --decisions
says "$MAIN to $(short "$C"): open" "P13: it may still land"
NEVER=$C
good other
expect_admitted "P13: another lands" push_as alice other:main
check "P13: the first has lapsed" foureyes reconcile --decisions
says "$MAIN to $(short "$NEVER"): lapsed"
says "$MAIN to $(short "$C"): landed \(record [0-9]+\)"
says 'refused$' "P13: and refusals are told apart"
check "P13: in JSON too" foureyes reconcile --decisions --json
says "\"new\":\"$NEVER\",\"outcome\":\"ADMITTED\",\"end\":\"lapsed\""
put "$NEVER"
check_not "P13: what has lapsed does not land later" 1 foureyes reconcile
says "$MAIN: drift: $(short "$C") to $(short "$NEVER")"
put "$C"
all_stand "at last"
check "the chain holds" foureyes verify --chain "$W/etc/ledger"
done_testing

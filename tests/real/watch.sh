#!/bin/sh
# watch: each guard is broken once; it is written down once, and once more when
# it stands again.  Nothing else is written.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_pack.sh
. "$src/tests/real/lib_pack.sh"
site local
report_key
bare=$W/srv/$REPO.git

lines() {
	cat "$W"/etc/ledger/*.jsonl | wc -l
}

# newest_check CHECK: its last record.
newest_check() {
	grep -h "\"type\":\"drift\",\"check\":\"$1\"" "$W"/etc/ledger/*.jsonl |
	    tail -1
}

# stands CHECK STATE [MORE]: its newest record says so.
stands() {
	newest_check "$1" >"$W/out"
	says "\"state\":\"$2\"" "$1: $2"
	[ -z "${3:-}" ] || says "$3" "$1: $3"
}

# quiet WHAT: looking again writes nothing.
quiet() {
	before=$(lines)
	foureyes watch --once >"$W/said" 2>&1
	cp "$W/said" "$W/out"
	[ "$(lines)" -eq "$before" ]
	verdict $? "$1: once more, and nothing is written"
}

# broken CHECK [TEXT]: as it was broken just now.
broken() {
	before=$(lines)
	check_not "$1 is broken: watch says no" 1 foureyes watch --once
	says "^fail: $1 of " "$1: it is named"
	[ "$(lines)" -eq $((before + 1)) ]
	verdict $? "$1: in one record"
	stands "$1" fail "${2:-}"
	quiet "$1"
}

# mended CHECK: as it was put right just now.
mended() {
	before=$(lines)
	foureyes watch --once >"$W/out" 2>&1
	says "^pass: $1 of " "$1: it stands again"
	[ "$(lines)" -eq $((before + 1)) ]
	verdict $? "$1: in one record"
	stands "$1" pass '"was":"fail".*"since":"2[^"]*","since_record":[1-9]'
	quiet "$1 mended"
}

# What a fresh installation lacks is told once.
foureyes watch --once >"$W/out" 2>&1
says '^fail: ledger.held of ' "no checkpoint is held elsewhere: told"
says '^pass: program.same of ' "the program as it is now is written down"
says '^pass: config.policy of ' "and the policy"
quiet "a first look"

for hook in pre-receive post-receive reference-transaction; do
	mv "$bare/hooks/$hook" "$W/away"
	broken hook.there "\"repository\":\"$REPO\",\"subject\":\"$REPO\""
	mv "$W/away" "$bare/hooks/$hook"
	mended hook.there
done
chmod -x "$bare/hooks/pre-receive"
broken hook.runs 'execute bit'
chmod 775 "$bare/hooks/pre-receive"
foureyes watch --once >"$W/out" 2>&1
quiet "another fault of the same check"
stands hook.runs fail
chmod 755 "$bare/hooks/pre-receive"
mended hook.runs
cp "$bare/hooks/pre-receive" "$W/away"
sed -i "s,^config .*,config $W/nowhere," "$bare/hooks/pre-receive"
broken hook.ours
cp "$W/away" "$bare/hooks/pre-receive"
mended hook.ours
git -C "$bare" config core.hooksPath "$W/nowhere"
broken hook.path 'git never looks'
git -C "$bare" config --unset core.hooksPath
mended hook.path
git -C "$bare" config receive.shallowUpdate true
broken git.settings shallowupdate
git -C "$bare" config --unset receive.shallowUpdate
mended git.settings
on_server rev-parse main >"$bare/shallow"
broken git.format 'history is cut off'
rm "$bare/shallow"
mended git.format

# ---- repositories and refs ----
git -C "$bare" tag v0 main
broken repository.baseline 'foureyes adopt'
foureyes adopt "$REPO" >"$W/out" 2>&1
mended repository.baseline
mv "$bare/HEAD" "$W/away"
git init -q --bare "$W/srv/new.git"
foureyes watch --once >"$W/out" 2>&1
says '^fail: hook.there of new' "a repository nobody installed is found"
rm -r "$W/srv/new.git"
mv "$W/away" "$bare/HEAD"
foureyes watch --once >"$W/out" 2>&1
says '^gone: hook.there of new' "gone with the repository"
foureyes watch --once >"$W/out" 2>&1
quiet "after that"
mv "$bare" "$W/away"
foureyes watch --once >"$W/out" 2>&1
says "^fail: repository.there of $REPO" "a repository that is not there any more"
mv "$W/away" "$bare"
mended repository.there
old=$(on_server rev-parse main)
git -C "$bare" tag -d v0 >"$W/out" 2>&1
foureyes watch --once >"$W/out" 2>&1
says '^drift: payments refs/tags/v0: ' "a ref that moved is a drift record of its own"
git -C "$bare" tag v0 "$old"
foureyes watch --once >"$W/out" 2>&1
quiet "put back"

# ---- the rules ----
policy_main </dev/null | sed 's/match: \["\*\*"\]/match: ["other"]/' >"$W/other.yaml"
cp "$W/etc/policy.yaml" "$W/right.yaml"
foureyes apply --as policy.yaml "$W/other.yaml" >"$W/out" 2>&1
check_not "no entry fits: watch says no" 1 foureyes watch --once
says "^fail: repository.known of $REPO" "no entry of the policy fits"
foureyes apply --as policy.yaml "$W/right.yaml" >"$W/out" 2>&1
foureyes watch --once >"$W/out" 2>&1
says "^pass: repository.known of $REPO" "one fits again"
quiet "the policy was applied, and not merely changed"
sed -i 's/^mode: enforce/mode: enforce # by hand/;1a # by hand' "$W/etc/policy.yaml"
foureyes watch --once >"$W/out" 2>&1
says '^fail: config.policy of installation: .*foureyes watch --accept' \
    "a policy changed by hand"
quiet "a policy changed by hand"
check "it is accepted" foureyes watch --accept config.policy \
    --reason "typed by an administrator while apply was not there"
foureyes watch --once >"$W/out" 2>&1
says '^pass: config.policy of ' "and stands, by that record"
quiet "accepted"
check_not "there is nothing to accept twice" 2 foureyes watch \
    --accept config.policy --reason "typed by an administrator again"
check_not "what is broken is mended, not accepted" 2 foureyes watch \
    --accept hook.there --subject "$REPO" --reason "we do not need any hook"
MODE=observe
policy_main </dev/null | use_policy
foureyes watch --once >"$W/out" 2>&1
says '^fail: gate.enforced of ' "a gate that only observes"
MODE=enforce
policy_main </dev/null | sed '/approvals: {count: 1, groups: \[engineers\]/d; /approvals: {.*engineers/d' | use_policy
foureyes watch --once >"$W/out" 2>&1
says '^fail: gate.peer of .*:main: ' "a gate without a second person"
says '^pass: gate.enforced of ' "and it enforces again"
policy_main </dev/null | use_policy
foureyes watch --once >"$W/out" 2>&1
says '^pass: gate.peer of ' "somebody else is asked again"

# ---- the program ----
cp "$(command -v foureyes)" "$W/program"
foureyes install --program "$W/program" "$REPO" >"$W/out" 2>&1
foureyes watch --once >"$W/out" 2>&1
says '^pass: program.same of .*/program' "another program is written down"
echo >>"$W/program"
foureyes watch --once >"$W/out" 2>&1
says '^fail: program.same of .*/program' "its bytes are not what they were"
echo >>"$W/program"
foureyes watch --once >"$W/out" 2>&1
says '^fail: program.same of .*/program' "and other bytes again are told again"
quiet "the same other bytes"
check "the new one is accepted" foureyes watch --accept program.same \
    --subject "$W/program" --reason "upgraded by the package of today"
foureyes watch --once >"$W/out" 2>&1
says '^pass: program.same of .*/program' "and stands"
foureyes install "$REPO" >"$W/out" 2>&1
foureyes watch --once >"$W/out" 2>&1
quiet "the program that is installed"

# ---- who pushes, ledger, clock ----
good known
push_as alice -q known:main >"$W/out" 2>&1
foureyes watch --once >"$W/out" 2>&1
quiet "a push of somebody"
mv "$W/etc/ledger/checkpoint" "$W/away"
foureyes watch --once >"$W/out" 2>&1
says '^(fail|unknown): ledger.sealed of ' "no checkpoint"
mv "$W/away" "$W/etc/ledger/checkpoint"
mended_seal() {
	foureyes watch --once >"$W/out" 2>&1
	says '^pass: ledger.sealed of ' "$1"
}
mended_seal "it is there again"
touch -d '3 days ago' "$W/etc/ledger/checkpoint"
broken ledger.sealed 'run foureyes seal on a timer'
touch "$W/etc/ledger/checkpoint"
mended ledger.sealed
touch -d 'now + 1 hour' "$W/etc/ledger/sync"
foureyes doctor >"$W/out" 2>&1
says '^warning: clock: .*ahead of it' "a file system that is ahead"

# ---- does the watch watch ----
tries() {
	cat "$W"/etc/ledger/*.jsonl | grep -c '"check":"watch.self-test"'
}
tip=$(on_server rev-parse main)
decisions=$(cat "$W"/etc/ledger/*.jsonl | grep -c '"type":"decision"')
check "a push that must be refused is" foureyes watch --self-test
says '^pass: watch.self-test of installation: of 1 gated .* each refused' "and told"
foureyes watch --self-test >"$W/out" 2>&1
check "each time is a record, for who asks whether it is done" [ "$(tries)" -eq 2 ]
check "but no decision" [ "$decisions" -eq \
    "$(cat "$W"/etc/ledger/*.jsonl | grep -c '"type":"decision"')" ]
cat >"$W/yes" <<'SH'
#!/bin/sh
exit 0
SH
chmod 755 "$W/yes"
mv "$bare/hooks/pre-receive" "$W/away"
cp "$W/yes" "$bare/hooks/pre-receive"
check_not "another hook that lets all through" 1 foureyes watch --self-test
says '^fail: watch.self-test .*was not refused by foureyes' "is found out"
printf '#!/bin/sh\nexit 1\n' >"$bare/hooks/pre-receive"
check_not "and one that refuses all" 1 foureyes watch --self-test
rm "$bare/hooks/pre-receive"
check_not "no hook" 1 foureyes watch --self-test
says 'git finds no hook' "is found out"
mv "$W/away" "$bare/hooks/pre-receive"
mkdir -p "$W/elsewhere"
cp "$W/yes" "$W/elsewhere/pre-receive"
git -C "$bare" config core.hooksPath "$W/elsewhere"
check_not "hooks elsewhere" 1 foureyes watch --self-test
git -C "$bare" config --unset core.hooksPath
check "as it should be" foureyes watch --self-test
check "nothing was moved by any of it" [ "$(on_server rev-parse main)" = "$tip" ]
check "the refusal is told in words" sh -c \
    "foureyes log --type drift --newest 1 | grep 'watch.self-test'"

# ---- what is made of it ----
today=$(date -u +%Y-%m-%d)
check "a report" foureyes report --from 2020-01-01 --to 2100-01-01 --out "$W/pack"
cp "$W/pack/exceptions.csv" "$W/out"
says '^guard-off-[0-9]*,guard-off,.*hook.there of payments: payments: pre-receive: there is no such hook.*,closed,2[^,]*,[1-9]' \
    "an interval without a hook is an exception, and closed"
says '^guard-off-[0-9]*,guard-off,.*ledger.held of .*,(open|overdue),,' \
    "what still does not stand is open"
fails=$(cat "$W"/etc/ledger/*.jsonl | grep '"check":' |
    grep -c '"state":"\(fail\|unknown\)"')
check "each is there once" \
    [ "$(grep -c '^guard-' "$W/pack/exceptions.csv")" -eq "$fails" ]
check "a report of a later period" foureyes report \
    --from "$(date -u -d tomorrow +%Y-%m-%d)" --to 2100-01-01 --out "$W/later"
cp "$W/later/exceptions.csv" "$W/out"
says '^guard-off-[0-9]*,guard-off,.*ledger.held of .*,(open|overdue),,' \
    "has what did not stand before, and still does not"
check_not "and nothing that stood again before" 1 grep -q hook.there "$W/out"
check_not "no check is a change" 1 grep -q hook.there "$W/pack/changes.csv"
foureyes digest --from "$today" --to 2100-01-01 >"$W/out" 2>&1
says 'Guards that fell' "the page for the week tells"
says 'fail: hook.there of payments' "of each"
foureyes log --type drift >"$W/out" 2>&1
says 'hook.there of payments: pass, was fail' "the log says it in words"
foureyes log --type explained >"$W/out" 2>&1
says 'program.same of .*/program is taken for right' "and what was accepted"
check "the ledger is whole" foureyes verify --chain "$W/etc/ledger"
done_testing

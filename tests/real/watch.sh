#!/bin/sh
# watch: each guard is broken once; it is written down once, and once more when
# it stands again.  Nothing else is written.
. "$(dirname "$0")/lib.sh"
site local
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
done_testing

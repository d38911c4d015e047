#!/bin/sh
# How long the ledger keeps its records: what may go, two persons' signatures,
# and what is left, which still verifies and still decides.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git
ledger=$W/etc/ledger

good() {
	change_as alice "$1"
	approve_as bob "$C" >"$W/out" 2>&1 || verdict 1 "$1 is approved"
}
lines() {
	cat "$ledger"/*.jsonl | wc -l
}
segments() {
	find "$ledger" -name '*.jsonl' | wc -l
}

# aged DAYS SIZE: the ledger as it would be had its first records been written
# so long ago, in segments of SIZE lines; the newest SIZE lines stay as they are.
cat >"$W/aged.py" <<'PY'
import datetime, hashlib, os, re, sys
where, days, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
lines = []
for name in sorted(os.listdir(where)):
    if name.endswith(".jsonl"):
        lines += open(os.path.join(where, name)).read().splitlines()
        os.unlink(os.path.join(where, name))
prev, out, stamp = "0" * 64, [], "%Y-%m-%dT%H:%M:%S.%fZ"
for n, line in enumerate(lines):
    time = re.match(r'\{"v":1,"seq":\d+,"time":"([^"]*)"', line).group(1)
    if n < len(lines) - size:
        then = datetime.datetime.strptime(time, stamp)
        then -= datetime.timedelta(days=days)
        line = line.replace(time, then.strftime(stamp)[:-4] + "Z", 1)
    line = re.sub(r'"prev":"[0-9a-f]{64}"', '"prev":"%s"' % prev, line, count=1)
    prev = hashlib.sha256(line.encode()).hexdigest()
    out.append(line)
for at in range(0, len(out), size):
    path = os.path.join(where, "%020d.jsonl" % (at + 1))
    open(path, "w").write("".join(l + "\n" for l in out[at:at + size]))
    os.chmod(path, 0o660)
PY
aged() {
	python3 "$W/aged.py" "$ledger" "$1" "$2"
	rm -f "$W"/etc/index.db* "$ledger/checkpoint" "$ledger/sync"
}

people_of_platform() {
	groups_of() {
		case $1 in
		alice | bob) echo engineers, release ;;
		carol) echo engineers, dba, incident-commanders, platform ;;
		dave | erin) echo platform ;;
		deploy-bot) echo deployers, platform ;;
		esac
	}
	use_people </dev/null
}
people_of_platform
foureyes watch --once >"$W/out" 2>&1
says '^pass: program.same of ' "the watch takes the program as it is"
good first
OLD=$C
expect_admitted "a change lands" push_as alice first:main
on_server update-ref refs/tags/v1 "$C"
check "a tag is taken as it is" foureyes adopt "$REPO" refs/tags/v1
change_as carol incident
INCIDENT=$C
expect_admitted "an emergency" push_as carol -o emergency=INC-1 \
    -o "reason=the cards do not work" incident:main
good withdrawn
WITHDRAWN=$C
for name in a b c d e f g h; do
	good "$name"
	push_as alice -q "$name:main" >"$W/out" 2>&1
done
check "nothing may go at first" foureyes retain
says 'nothing may go; records are kept for 730d'
check_not "nor be signed" 1 foureyes retain --statement

aged 1000 12
check "the ledger is old now" foureyes verify --chain
segments=$(segments)
check "what an emergency owes keeps its record" foureyes retain
says 'stay: the review of the emergency in record [0-9]+ is owed'
says 'stay: what is older stays'
approve_as alice "$INCIDENT" >"$W/out" 2>&1
check "once it is done" foureyes retain
check "what may go is listed" foureyes retain
says 'records 1 to 12, .*: may go'
says 'stay: the newest two segments always stay'
check "in JSON" foureyes retain --json
says '"first":1,"last":12,.*"may_go":true'

hold() {
	{
		policy_main </dev/null
		printf 'retention:\n  %s\n' "$1"
	} | use_policy
}
hold 'hold: [{from: 2001-01-01, reason: "case 12"}]'
check "a legal hold" foureyes retain
says 'records 1 to 12.*stay: on hold: case 12'
hold 'keep: 1095d'
check "a longer time" foureyes retain
says 'records 1 to 12.*stay: it is not old enough'
{
	policy_main </dev/null
	printf 'retention:\n  keep: 364d\n'
} >"$W/policy.short"
check_not "less than a year is refused" 1 foureyes apply --as policy.yaml \
    "$W/policy.short"
hold 'keep: 365d'

# ---- two persons ----

check "the statement" sh -c "foureyes retain --statement >'$W/statement'"
cp "$W/statement" "$W/out"
says '^records 1 to [0-9]*$'
says '^root [0-9a-f]{64}$'
sign_as() {
	cp "${2:-$W/statement}" "$W/by-$1"
	rm -f "$W/by-$1.sig"
	ssh-keygen -q -Y sign -n "${3:-foureyes-prune}" -f "$W/keys/$1" \
	    "$W/by-$1" 2>/dev/null
}
for person in alice carol dave erin deploy-bot mallory; do
	sign_as "$person"
done
prune() {
	foureyes retain --prune "${3:-$W/statement}" "$W/by-$1.sig" \
	    "$W/by-$2.sig"
}
before=$(lines)
check_not "one person twice" 1 prune dave dave
says "both signatures are dave's"
check_not "no administrator" 1 prune dave alice
says 'alice is no person of the policy'
check_not "a machine" 1 prune deploy-bot dave
check_not "a stranger" 1 prune dave mallory
says 'people.yaml has nobody with the key'
sign_as erin "$W/statement" git
check_not "signed for another purpose" 1 prune dave erin
sed 's/^records 1 to .*/records 1 to 12/' "$W/statement" >"$W/shorter"
sign_as erin
check_not "another span than was signed" 1 prune dave erin "$W/shorter"
check "not a line was written" [ "$(lines)" -eq "$before" ]
check "and all files are there" [ "$(segments)" -eq "$segments" ]

# ---- interrupted, and gone on with ----

cp -R "$W/etc" "$W/kept"
mkdir "$ledger/pruned.new"
check_not "stopped before the mark" 3 prune dave erin
says 'recorded as [0-9]+, and not done'
check "the ledger verifies" foureyes verify --chain
rmdir "$ledger/pruned.new"
check "gone on with" foureyes retain --resume
says '[1-9] more files are taken away'
check "it verifies" foureyes verify --chain
says 'were taken away, as record [0-9]+ tells, with two signatures'
cp "$W"/kept/ledger/00000000000000000013.jsonl "$ledger"
check "stopped between two files, it verifies" foureyes verify --chain
check_not "it is exported, though nobody sealed it" 1 \
    foureyes ledger export "$W/exported"
says 'not provable: there is no checkpoint'
check "  with what says where it begins" cmp "$ledger/pruned" "$W/exported/pruned"
check "  and holds together" foureyes verify --chain "$W/exported"
check "and is gone on with" foureyes retain --resume
says '1 more files are taken away'
rm -rf "${W:?}/etc" && cp -R "$W/kept" "$W/etc"

# ---- done ----

# told PROGRAM: one who is told by it, of every record from the first on.
told() {
	sed -i '/^alerts:/,$d' "$W/etc/foureyes.yaml"
	echo "alerts: [{name: away, kind: mail, to: a@example.com, gather: 0s, sender: f@example.com, records: all, from: start, program: $1}]" \
	    >>"$W/etc/foureyes.yaml"
}
cp "$W/etc/foureyes.yaml" "$W/untold.yaml"
told /bin/false
check_not "somebody is told of every record, and does not listen" 1 \
    foureyesd alert --once
cp "$W/untold.yaml" "$W/etc/foureyes.yaml"
check "two administrators sign" prune dave erin
says 'files are taken away \(record [0-9]+\)'
cp "$W/out" "$W/said"
check "files are gone" [ "$(segments)" -lt "$segments" ]
check "the first one too" [ ! -e "$ledger/00000000000000000001.jsonl" ]
told /bin/true
check "who listens again is told what is left" foureyesd alert --once
foureyes doctor >"$W/out" 2>&1
says 'alerts: away: .*; [1-9][0-9]* were taken away before they were told' \
    "and what is not, is counted"
cp "$W/untold.yaml" "$W/etc/foureyes.yaml"
check "it verifies" foureyes verify --chain
says 'unaltered: yes: .*the first [0-9]+ of them were taken away'
check "again changes nothing" foureyes retain --resume
says 'nothing to go on with'
foureyes watch --once >"$W/out" 2>&1
check_not "what the watch took for right stays known" 1 \
    grep -Eq '(program.same|ledger.held|config.[a-z]*) of' "$W/out"
check "all stands" foureyes reconcile
says ': 2 where the ledger has them.* 0 drifted' "the old tag too"
check "an index made anew knows as much" sh -c \
    "rm -f '$W'/etc/index.db* && foureyes reconcile"
good next
expect_admitted "and changes land" push_as alice next:main
on_server update-ref -d refs/tags/v1
check_not "what is gone is still missed" 1 foureyes reconcile
says 'refs/tags/v1: drift: [0-9a-f]{12} to nothing'
on_server update-ref refs/tags/v1 "$OLD"

# An old yes is not new because nobody remembers it.
GIT_COMMITTER_DATE='2001-02-03T04:05:06Z' git_as bob tag -s -m "yes

Foureyes-Repository: payments
Foureyes-Target: refs/heads/main
Foureyes-Decision: approve" foureyes/old "$WITHDRAWN" >"$W/out" 2>&1
expect_refused evidence.pruned "a yes as old as what is gone" push_as bob \
    "foureyes/old:refs/foureyes/approvals/$WITHDRAWN/old"

# ---- and cheated ----

cp -R "$ledger" "$W/copy"
sed -i 's/"person":"erin","key"/"person":"alice","key"/' "$W"/copy/*.jsonl
check_not "another name in the record" 1 foureyes verify --chain "$W/copy"
rm -rf "$W/copy" && cp -R "$ledger" "$W/copy"
first=$(find "$W/copy" -name '*.jsonl' | sort | head -1)
rm -f "$first"
check_not "one more file taken away" 1 foureyes verify --chain "$W/copy"
says 'older segments are missing'
rm -rf "$W/copy" && cp -R "$ledger" "$W/copy"
rm -f "$W/copy/pruned"
check_not "the mark taken away" 1 foureyes verify --chain "$W/copy"
rm -rf "$W/copy" && cp -R "$W/kept/ledger" "$W/copy"
cp "$ledger/pruned" "$W/copy/pruned"
rm -f "$W/copy/00000000000000000001.jsonl"
check_not "a mark without a record" 1 foureyes verify --chain "$W/copy"
says 'and no record tells of a pruning'

# An auditor's pack of what is left.
echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
check "a pack of what is left reconciles" foureyes report --from 2020-01-01 \
    --to 2100-01-01 --out "$W/pack"
landings=$(grep '"type":"\(landing\|drift\)"' "$W/pack/records.jsonl" |
    grep -v '"check":' | grep -vc '"carried":[0-9]')
check "carried copies are no second landing" \
    [ "$(($(wc -l <"$W/pack/changes.csv") - 1))" -eq "$landings" ]
done_testing

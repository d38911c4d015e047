#!/bin/sh
# Who may do what: since the last review, unused, leavers still in; signed for,
# and overdue.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
site local
report_key
sign() {
	rm -f "$2.sig"
	ssh-keygen -q -Y sign -n foureyes-signoff -f "$W/keys/$1" "$2" 2>/dev/null
}

check "without a review it is shown all the same" foureyes access
says '^  bob: approve at main of \*\* \(group engineers\)' "who may approve"
says '^  erin: land at production of \*\* \(group release\)' "who may move"
says '^  carol: declare an emergency \(group incident-commanders\)' "who declares"
says '^  dave: administer \(group platform\)'
says '^  \+ bob: approve' "all of it is new"
good fee
expect_admitted "alice lands what bob approved" push_as alice fee:main
foureyes access | sed -n '/^Not used/,$p' >"$W/unused"
check_not "what was used is not called unused" 1 \
    grep '^  bob: approve at main' "$W/unused"
check_not "nor the landing" 1 grep '^  alice: land at main' "$W/unused"
cp "$W/unused" "$W/out"
says '^  erin: land at production' "what was not is"

printf '# who works here\nalice\nbob@example.com\ncarol\ndave # on leave\n' >"$W/staff"
check_not "leavers still in" 1 foureyes access --staff "$W/staff"
says '^  erin, erin@example.com$'
says 'In force and not in .*: 1$'

foureyes access --statement --remarks 'erin leaves in May' >"$W/access"
sign bob "$W/access"
check_not "no policy asks for it" 3 foureyes access --signed "$W/access" \
    "$W/access.sig"
says 'no access_review section'
{
	cat "$W/etc/policy.yaml"
	echo 'access_review: {groups: [release], every: 30d, within: 7d}'
} >"$W/policy.new"
use_policy <"$W/policy.new"
check "nothing is overdue yet" foureyes due
check "a ledger of forty days" \
    python3 "$src/tests/real/age.py" "$W/etc/ledger" 40
rm -f "$W/etc/index.db"*
check_not "unread so long" 1 foureyes due
says 'who may do what: .*OVERDUE'
says 'foureyes access --statement >access'
check_not "access says so too" 1 foureyes access
says 'OVERDUE'
check_not "and doctor" 1 foureyes doctor
says 'access_review.*nobody signed in time that who may do what was read'

foureyes access --statement --remarks 'erin leaves in May' >"$W/access"
sign carol "$W/access"
check_not "carol may not sign for it" 2 foureyes access --signed "$W/access" \
    "$W/access.sig"
sign bob "$W/access"
sed 's/^foureyes access 1/foureyes signoff 1/' "$W/access" >"$W/other"
sign bob "$W/other"
check_not "nor for another thing than was signed" 2 \
    foureyes access --signed "$W/other" "$W/other.sig"
check "bob signs" foureyes access --signed "$W/access" "$W/access.sig"
says 'bob signed for who may do what'
check_not "once" 2 foureyes access --signed "$W/access" "$W/access.sig"
says 'signed for already, as record'
check "nothing is owed" foureyes due
check "the log has it" foureyes log --type signoff
says 'bob signed'
check "since then nothing changed" foureyes access
says '^Changed since'
sed -n '/^Changed/,/^$/p' "$W/out" >"$W/changed"
cp "$W/changed" "$W/out"
says '^  nothing$'
groups_of() {
	case $1 in
	alice | bob) echo engineers, release ;;
	carol) echo engineers, dba ;;
	dave) echo platform ;;
	erin) echo release, incident-commanders ;;
	deploy-bot) echo deployers ;;
	esac
}
use_people </dev/null
foureyes log >"$W/out" 2>&1
change_as alice poke >"$W/out" 2>&1
check "what changed since" foureyes access
says '^  - carol: declare an emergency'
says '^  \+ erin: declare an emergency'
from=$(date -u -d '50 days ago' +%Y-%m-%d)
to=$(date -u -d tomorrow +%Y-%m-%d)
foureyes report --from "$from" --to "$to" --out "$W/pack" >"$W/out" 2>&1
cp "$W/pack/exceptions.csv" "$W/out"
says 'review-of-access' "the late one is an exception in the report"
says 'closed late'
done_testing

#!/bin/sh
# A repository that goes on under another name: told by an administrator, and by
# the server's own number.  What was recorded follows, and only to where it
# belongs.
. "$(dirname "$0")/lib.sh"
site local

# to NAME: the repository and everybody's remote get that name.
to() {
	for person in $PEOPLE; do
		git -C "$W/$person" remote set-url origin "$W/srv/$1.git"
	done
	REPO=$1
}
# landed NAME COMMIT: there is a landing of it.
landed() {
	cat "$W"/etc/ledger/*.jsonl | grep '"type":"landing"' |
	    grep "\"repository\":\"$1\"" | grep -q "\"new\":\"$2\""
}

good before
expect_admitted "a change lands under the first name" push_as alice before:main
check "and goes to staging" push_as alice before:staging
good waiting
WAITING=$C

# ---- by an administrator's word ----
mv "$W/srv/payments.git" "$W/srv/billing.git"
to billing
expect_refused environment.not-adopted "another name alone is another repository" \
    push_as alice waiting:main
check_not "what there never was is nobody's former name" 2 \
    foureyes adopt billing --was paymants
says 'knows of nothing' "and is said"
check_not "nor is its own" 2 foureyes adopt billing --was billing
check_not "a name goes with one repository" 2 foureyes adopt --all --was payments
cp -r "$W/srv/billing.git" "$W/srv/payments.git"
check_not "a copy is no rename" 2 foureyes adopt billing --was payments
says 'a copy is no rename' "and is said"
rm -r "$W/srv/payments.git"
check "adopt --was" foureyes adopt billing --was payments
says "it was 'payments'"
check_not "nothing was taken as baseline for it" 1 sh -c \
    "cat '$W'/etc/ledger/*.jsonl | grep '\"type\":\"adopted\"' |
	grep '\"repository\":\"billing\"'"
check_not "it is told once" 2 foureyes adopt billing --was payments
expect_admitted "an approval from before lands the change" \
    push_as alice waiting:main
check "as the new name's" landed billing "$WAITING"
expect_admitted "staging first, with what landed before" \
    push_as alice waiting:staging
check "the log of its main" foureyes log --repository billing
says 'payments' "knows the way back"
check "complete" foureyes verify
says 'complete: yes'
check "reconcile" foureyes reconcile
check "replay" foureyes replay

# ---- the old name, given again ----
git init -q --bare -b main "$W/srv/payments.git"
git -C "$W/alice" push -q "$W/srv/payments.git" origin/main:refs/heads/main
check "install" foureyes install payments
to payments
good again
expect_refused environment.not-adopted "who gets the old name begins with nothing" \
    push_as alice again:main
check "it is adopted as any other" foureyes adopt payments
expect_admitted "and goes on by itself" push_as alice again:main
to billing
git -C "$W/alice" fetch -q origin
expect_refused 'peer\.[a-z-]*|review\.[a-z-]*' \
    "an approval for it is nothing to the other" push_as alice again:main
mkdir "$W/away"
mv "$W/srv/payments.git" "$W/away/"
check_not "a history is not joined to another one" 2 \
    foureyes adopt billing --was payments
says 'a history of its own'
mv "$W/away/payments.git" "$W/srv/"

# ---- and back by another name ----
mv "$W/srv/billing.git" "$W/srv/ledgers.git"
to ledgers
good third
check "a second time" foureyes adopt ledgers --was billing
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "a change lands under the third name" push_as alice third:main
rm -f "$W/etc/index.db"*
check "with the index lost" foureyes verify
says 'complete: yes'
rm -f "$W/etc/report.key"
sed -i '/^report_key/d' "$W/etc/foureyes.yaml"
echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
foureyes rekey --report >"$W/out" 2>&1
foureyes seal >"$W/out" 2>&1
check "the report" foureyes report --from 2020-01-01 --to "$(date -u -d tomorrow +%F)" --out "$W/pack"
check "has each landing once" sh -c \
    "[ \"\$(grep -c 'refs/heads/main' '$W/pack/changes.csv')\" -ge 4 ]"
check_not "and nothing that it does not understand" 1 \
    grep -i 'unknown movement' "$W/pack/exceptions.csv"
done_testing

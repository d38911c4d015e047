#!/bin/sh
# Two Unix accounts with umask 077 push to one server, one log.
#
# The accounts exist only in a mount namespace of this test, with an
# /etc/passwd and an /etc/group of its own; nobody's machine gets new users.
. "$(dirname "$0")/lib.sh"
in_own_mounts "for two Unix accounts" "$src/tests/real/users.sh" "$@"

accounts() {
	cp /etc/passwd "$W/passwd"
	cp /etc/group "$W/group"
	uid=61001
	for person in git $PEOPLE; do
		echo "$person:x:$uid:61000::$W/home:/bin/sh" >>"$W/passwd"
		uid=$((uid + 1))
	done
	echo 'foureyes:x:61000:' >>"$W/group"
	chmod 644 "$W/passwd" "$W/group"
	mount --bind "$W/passwd" /etc/passwd && mount --bind "$W/group" /etc/group
}
accounts || skip_all "cannot put accounts of its own in place"

# as ACCOUNT COMMAND...: as that account, which lets nobody read its files.
as() {
	account=$1
	shift
	setpriv --reuid "$(id -u "$account")" --regid 61000 --clear-groups \
	    env HOME="$W/home" sh -c 'umask 077; exec "$@"' sh "$@"
}

site local
sed -i "s/, pusher: TEST_PUSHER//" "$W/etc/foureyes.yaml"

git -C "$W/srv/$REPO.git" config core.sharedRepository group
printf '[safe]\n\tdirectory = *\n' >>"$HOME/.gitconfig"

# What `init` for a server does with users and modes (contract.md section 1):
# the configuration is nobody's to write, ledger and index are the group's.
mkdir "$W/data"
mv "$W/etc/ledger" "$W"/etc/index.db* "$W/data"
sed -i "s,$W/etc/\(ledger\|index\),$W/data/\1," "$W/etc/foureyes.yaml"
chown -R git:foureyes "$W/data" "$W/srv"
chmod 755 "$W" "$W/etc"
mkdir -m 1777 "$W/tmp"
export TMPDIR="$W/tmp"
chmod 644 "$W"/etc/*.yaml
chmod -R g+rwX "$W/srv"
find "$W/srv" -type d -exec chmod g+s {} +
chmod 2770 "$W/data" "$W/data/ledger"
chmod -R a+rX "$W/home" "$W/keys"
chmod 755 "$W/keys"
for person in $PEOPLE; do
	chown -R "$person:foureyes" "$W/$person" "$W/keys/$person"
	chmod 600 "$W/keys/$person"
done

# in_clone PERSON COMMAND...: as their account, in their clone.
in_clone() {
	owner=$1
	shift
	(cd "$W/$owner" && as "$owner" "$@")
}

# land PERSON BRANCH APPROVER: a change by two accounts.
land() {
	in_clone "$1" git checkout -q -B "$2" origin/main
	in_clone "$1" sh -c "echo $2 >$2.txt"
	in_clone "$1" git add -A
	in_clone "$1" git commit -q -m "PAY-1 $2

$PLAN"
	C=$(in_clone "$1" git rev-parse HEAD)
	check "$1 pushes a branch" in_clone "$1" git push -q origin "$2"
	in_clone "$3" git fetch -q
	check "$3 approves it" in_clone "$3" "$src/contrib/git-approve" \
	    --for main --repository "$REPO" --yes "$C"
	expect_admitted "and $1 lands it" in_clone "$1" \
	    git push origin "$2:main"
}

land alice first bob
in_clone bob git fetch -q
land bob second alice
in_clone dave git fetch -q
expect_refused environment.lander "the account is who pushes" \
    in_clone dave git push origin origin/main:refs/heads/staging
check "every file of the log is group-writable and nobody else's" sh -c \
    "! find '$W/data/ledger' -type f ! -perm 0660 | grep ."
check "of the index too" sh -c \
    "! find '$W/data' -name 'index.db*' ! -perm 0660 | grep ."
check "the chain holds" foureyes verify --chain "$W/data/ledger"

# The pack: root's, made of a log whose files stay the hook user's.
echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
check "root makes an auditor's pack" foureyes report --from 2020-01-01 \
    --to 2100-01-01 --out "$W/pack"
check "whose files are all root's" \
    [ -z "$(find "$W/pack" ! -user root)" ]
check "and no file of the log is root's" \
    [ -z "$(find "$W/data" -user root)" ]
done_testing

#!/bin/sh
# doctor: each thing that switches enforcement off has its line.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git

# wrong THING, warns THING: doctor says so; then whatever it was is put right.
wrong() {
	check_not "$1" 1 foureyes doctor "$REPO"
	says "^wrong: $2" "is wrong: $2"
}
warns() {
	check "$1" foureyes doctor "$REPO"
	says "^warning: $2" "is a warning: $2"
}

check "all is well" foureyes doctor
says '^ok: payments: enforced' "and enforced"
check "nothing else is said" \
    sh -c "! foureyes doctor | grep -Ev '^ok: |^warning: held: no checkpoint'"
for hook in pre-receive post-receive reference-transaction; do
	chmod -x "$bare/hooks/$hook"
	wrong "$hook without its execute bit" "payments: $hook: .*execute bit"
	mv "$bare/hooks/$hook" "$W/away"
	wrong "no $hook" "payments: $hook: there is no such hook"
	mv "$W/away" "$bare/hooks/$hook"
	chmod 755 "$bare/hooks/$hook"
done
sed -i "s,^config .*,config $W/nowhere," "$bare/hooks/pre-receive"
wrong "a hook of a configuration that is gone" "payments: pre-receive: its conf"
foureyes install "$REPO" >"$W/out" 2>&1
cp -r "$W/etc" "$W/etc2"
foureyes --config "$W/etc2" install "$REPO" >"$W/out" 2>&1
warns "a hook of another configuration" "payments: pre-receive: it runs"
foureyes install "$REPO" >"$W/out" 2>&1
git -C "$bare" config core.hooksPath "$W/nowhere"
wrong "core.hooksPath" "payments: core.hooksPath"
git -C "$bare" config core.hooksPath "$bare/hooks"
check "core.hooksPath to where they are" foureyes doctor "$REPO"
git -C "$bare" config --unset core.hooksPath
git -C "$bare" config receive.advertisePushOptions false
warns "push options off" "payments: receive.advertisePushOptions"
git -C "$bare" config receive.advertisePushOptions true

chmod g+w "$bare/hooks/pre-receive"
warns "a hook that a group may write to" "payments: pre-receive: others"
chmod 755 "$bare/hooks/pre-receive"
git -C "$bare" config receive.shallowUpdate yes
warns "shallow pushes" "payments: receive.shallowupdate"
git -C "$bare" config receive.shallowUpdate no
check "no shallow pushes" foureyes doctor "$REPO"
check "is how it should be" sh -c "! grep '^warning: payments' '$W/out'"
git -C "$bare" config --unset receive.shallowUpdate
git -C "$bare" config receive.fsckObjects false
warns "no look at the form of objects" "payments: receive.fsckobjects"
git -C "$bare" config --unset receive.fsckObjects
for hidden in refs/foureyes refs refs/foureyes/approvals/ refs/heads/main; do
	git -C "$bare" config transfer.hideRefs "$hidden"
	warns "hidden: $hidden" "payments: transfer.hiderefs: '$hidden'"
done
git -C "$bare" config --unset transfer.hideRefs
git -C "$bare" config hook.mine.command /bin/true
warns "a hook of a newer Git's configuration" "payments: hook.mine.command"
git -C "$bare" config --unset hook.mine.command
if [ "$(id -u)" -eq 0 ]; then
	chown nobody "$bare"
	wrong "a repository of somebody else's" "payments: safe.directory"
	chown root "$bare"
else
	skip "a repository of somebody else's" "needs root"
fi
# A place where nothing is run: the kernel passes hooks over, and so does git.
cat >"$W/noexec.sh" <<'SH'
mount -t tmpfs -o noexec tmpfs "$1/hooks" && cp -p "$2"/* "$1/hooks/" &&
    foureyes doctor payments
SH
cp -rp "$bare/hooks" "$W/hooks"
if unshare -rm mount -t tmpfs -o noexec tmpfs "$W/hooks" 2>"$W/out"; then
	check_not "hooks on a file system without exec" 1 \
	    unshare -rm sh "$W/noexec.sh" "$bare" "$W/hooks"
	says '^wrong: payments: pre-receive: .*noexec' "are told"
else
	skip "hooks on a file system without exec" "no mount here"
fi
rm -r "$W/hooks"
on_server rev-parse main >"$bare/shallow"
wrong "a shallow repository" "payments: shallow"
rm "$bare/shallow"
git -C "$bare" update-ref "refs/replace/$(on_server rev-parse main)" main
warns "a replace ref" "payments: grafts"
git -C "$bare" update-ref -d "refs/replace/$(on_server rev-parse main)"
git init -q --bare "$W/lender.git"
echo "$W/lender.git/objects" >"$bare/objects/info/alternates"
warns "borrowed objects" "payments: alternates"
rm "$bare/objects/info/alternates"
cp "$bare/config" "$W/config"
printf '[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\trefStorage = reftable\n' \
    >>"$bare/config"
wrong "a format that is not supported" "payments: .*refstorage"
cp "$W/config" "$bare/config"

git -C "$bare" tag v0 main
wrong "a gated ref without a baseline" "payments: refs/tags/v0: .*foureyes adopt"
foureyes adopt "$REPO" >"$W/out" 2>&1
git -C "$bare" symbolic-ref refs/heads/alias refs/heads/main
warns "a symbolic ref to a gated one" "payments: refs/heads/alias: .*symbolic"
git -C "$bare" symbolic-ref -d refs/heads/alias
git -C "$bare" symbolic-ref HEAD refs/heads/elsewhere
warns "a HEAD at no gate" "payments: HEAD"
git -C "$bare" symbolic-ref HEAD refs/heads/main

git init -q --bare "$W/srv/new.git"
check_not "a repository nobody installed" 1 foureyes doctor
says '^wrong: new: pre-receive: there is no such hook' "is found by itself"
rm -r "$W/srv/new.git"
policy_main </dev/null | sed 's/match: \["\*\*"\]/match: ["other"]/' |
    use_policy
wrong "no entry of the policy" "payments: no entry of policy.yaml"
policy_main </dev/null | use_policy
MODE=observe
policy_main </dev/null | use_policy
warns "a policy that only observes" "policy: mode is observe"
MODE=enforce
policy_main </dev/null | use_policy

# The installation itself.
chmod 640 "$W/etc/seal.key"
wrong "a sealing key that others may read" "seal_key: .*chmod 0400"
mv "$W/etc/seal.key" "$W/away"
wrong "no sealing key" "seal_key: "
mv "$W/away" "$W/etc/seal.key"
chmod 400 "$W/etc/seal.key"
mv "$W/etc/ledger" "$W/away"
wrong "no ledger" "ledger: "
mv "$W/away" "$W/etc/ledger"
mv "$W/etc/ledger/lock" "$W/away"
wrong "no lock" "ledger: .*lock"
mv "$W/away" "$W/etc/ledger/lock"
chmod o+w "$W/etc/ledger"
wrong "a ledger that everybody may write to" "ledger: "
chmod o-w "$W/etc/ledger"
echo "revoked_keys: $W/nowhere" >>"$W/etc/foureyes.yaml"
wrong "a list of revoked keys that is not there" "revoked_keys: "
sed -i '/^revoked_keys/d' "$W/etc/foureyes.yaml"
chmod g+w "$W/etc/people.yaml"
wrong "people.yaml that others may write" "configuration: .*chmod go-w"
chmod g-w "$W/etc/people.yaml"
# What arrives: a push of which the server said nothing of who it was.
cp "$W/etc/foureyes.yaml" "$W/settings"
sed -i "s,^server:.*,server: {kind: local\, root: $W/srv\, pusher: NOT_SET}," \
    "$W/etc/foureyes.yaml"
good nobody
push_as alice -q nobody:main >"$W/out" 2>&1
cp "$W/settings" "$W/etc/foureyes.yaml"
wrong "a push of nobody knows whom" "payments: pusher: .*did not arrive"
push_as alice -q nobody:main >"$W/out" 2>&1
check "all is well again" foureyes doctor
check "--json is JSON" sh -c \
    "foureyes doctor --json | grep -q '^{\"wrong\":0,\"warnings\":1,.*}\$'"
done_testing

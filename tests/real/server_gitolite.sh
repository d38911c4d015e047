#!/bin/sh
# gitolite 3 behind a real sshd: hooks in LOCAL_CODE for all repositories, new
# ones too; and the same as a VREF.
. "$(dirname "$0")/lib.sh"
command -v gitolite >/dev/null 2>&1 ||
    skip_all "there is no gitolite; contrib/install-deps.sh servers"
[ -x /usr/sbin/sshd ] || skip_all "there is no sshd; contrib/install-deps.sh test"
DOOR=gitolite
G=$W/gitolite # the home of the account that runs it
LOCAL=$G/local
mkdir -p "$G/.ssh" "$LOCAL"
ln -s "$G/repositories" "$W/repositories"

settings_yaml() {
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
server: {kind: gitolite, root: $G/repositories, hooks: $LOCAL}
YAML
}
on_server() {
	git -C "$G/repositories/$REPO.git" "$@"
}
url_for() {
	echo "ssh://$(id -un)@127.0.0.1:$port/$REPO"
}
gitolite_as_itself() {
	HOME=$G gitolite "$@"
}
ssh_config_for_gitolite() {
	[ -e "$W/host_key" ] ||
	    ssh-keygen -q -t ed25519 -N '' -C host -f "$W/host_key"
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	cat >"$W/sshd_config" <<CONF
ListenAddress 127.0.0.1:$port
HostKey $W/host_key
PidFile none
AuthorizedKeysFile $G/.ssh/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
SetEnv HOME=$G
CONF
}
start_gitolite() {
	for attempt in 1 2 3 4 5; do
		port=$(random_port)
		ssh_config_for_gitolite
		/usr/sbin/sshd -D -e -f "$W/sshd_config" >>"$W/sshd.log" 2>&1 &
		pid=$!
		for tick in 1 2 3 4 5 6 7 8 9; do
			if GIT_SSH_COMMAND=$(ssh_command admin) git ls-remote \
			    "ssh://$(id -un)@127.0.0.1:$port/gitolite-admin" \
			    >/dev/null 2>>"$W/sshd.log"; then
				server_pids="$server_pids $pid"
				return 0
			fi
			kill -0 "$pid" 2>/dev/null || break
			sleep "0.$tick"
		done
		kill "$pid" 2>/dev/null
	done
	tail -20 "$W/sshd.log" | sed 's/^/# /'
	echo "Bail out! sshd does not start (attempt $attempt)"
	exit 3
}

# ---- a gitolite as Debian's, with people and a repository ----

make_keys
ssh-keygen -q -t ed25519 -N '' -C admin -f "$W/keys/admin"
printf '[user]\n\tname = gitolite\n\temail = gitolite@example.com\n' \
    >"$G/.gitconfig"
check "gitolite is set up" gitolite_as_itself setup -pk "$W/keys/admin.pub"
start_gitolite
admin() {
	GIT_SSH_COMMAND=$(ssh_command admin) git -C "$W/admin" \
	    -c user.name=admin -c user.email=admin@example.com "$@"
}
configure() {
	{
		printf 'repo gitolite-admin\n    RW+ = admin\n'
		cat
	} >"$W/admin/conf/gitolite.conf"
	for person in $PEOPLE mallory; do
		cp "$W/keys/$person.pub" "$W/admin/keydir/"
	done
	admin add -A && admin commit -q -m "as it is" && admin push -q origin HEAD
}
GIT_SSH_COMMAND=$(ssh_command admin) git clone -q \
    "ssh://$(id -un)@127.0.0.1:$port/gitolite-admin" "$W/admin" 2>>"$W/sshd.log"
configure <<CONF || echo "# not configured"
repo payments
    RW+ = @all
CONF
git init -q "$W/seed"
(cd "$W/seed" && seq 1 30 >base.txt && git add base.txt &&
    git -c user.name=old -c user.email=old@example.com \
        commit -q -m "before foureyes" &&
    GIT_SSH_COMMAND=$(ssh_command alice) \
        git push -q "$(url_for)" HEAD:refs/heads/main) ||
    echo "# not seeded"

foureyes init --origin example.com/foureyes "$W/etc" >"$W/init.out" 2>&1
settings_yaml >"$W/etc/foureyes.yaml"
people_yaml >"$W/etc/people.yaml"
use_people </dev/null
policy_main </dev/null | sed 's#match: \["sandbox/\*\*"\]#match: ["gitolite-admin", "testing"]#' |
    use_policy

# ---- install, with what remains to be done by hand ----

check_not "another kind than the door's" 3 foureyes install --server gitea "$REPO"
says "is of kind 'gitolite'"
check_not "doctor says that nothing is there" 1 foureyes doctor "$REPO"
says 'pre-receive: there is no such hook'
check "install" foureyes install --server gitolite
says "LOCAL_CODE => \"$LOCAL\"" "what remains is told"
says 'gitolite setup --hooks-only'
says 'git config --global receive.advertisePushOptions true'
check_not "which doctor looks at" 1 foureyes doctor "$REPO"
says 'gitolite setup --hooks-only' "hooks are not linked"
sed -i "s,^%RC = (,&\n    LOCAL_CODE => \"$LOCAL\"\,," "$G/.gitolite.rc"
check "by hand" gitolite_as_itself setup --hooks-only
HOME=$G git config --global receive.advertisePushOptions true
check "adopted" foureyes adopt "$REPO"
check "doctor finds it enforced" env HOME="$G" foureyes doctor "$REPO"
says 'payments: enforced'
check "again changes nothing" foureyes install --server gitolite
check "still enforced" env HOME="$G" foureyes doctor "$REPO"

# ---- pushes of several people ----

for person in $PEOPLE; do
	clone_as "$person"
done
change_as alice fee fee.txt
expect_refused peer.none "nobody approved" push_as alice fee:main
says 'foureyes: main: '
says '^remote:   approve: '
check "bob approves" approve_as bob "$C"
expect_admitted "with his approval it lands" push_as alice fee:main
check "the log has who pushed, by gitolite's word" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | grep '\"type\":\"landing\"' |
	grep '\"lander\":\"alice\"'"
check "witnessed by the transaction" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | grep '\"witness\":\"transaction\"'"
git_as alice commit -q --allow-empty -m "by whom"
expect_refused environment.pusher-unknown "by somebody people.yaml lacks" \
    env GIT_SSH_COMMAND="$(ssh_command mallory)" git -C "$W/alice" push \
    "$(url_for mallory)" HEAD:refs/heads/main
expect_refused environment.pusher-unknown "variables of the client's are nobody's word" \
    env GIT_SSH_COMMAND="$(ssh_command mallory) -o SetEnv=GL_USER=bob" \
    git -C "$W/alice" push "$(url_for mallory)" HEAD:refs/heads/main
change_as carol fix fix.txt
expect_admitted "push options arrive" push_as carol \
    -o emergency=INC-1 -o "reason=card payments fail for everybody" fix:main
says 'EMERGENCY'

pids=
for person in alice bob carol erin; do
	(change_as "$person" "at-once-$person"
	approve=$(case $person in bob) echo alice ;; *) echo bob ;; esac)
	approve_as "$approve" "$C"
	push_as "$person" "at-once-$person:refs/heads/staging" || :
	push_as "$person" "at-once-$person:main") >"$W/at-once.$person" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid"
done
check "four at once: the chain holds" foureyes verify --chain
check "at least one landed" sh -c \
    "grep -l 'admitted: refs/heads/main' '$W'/at-once.*"
check "and the ref is where the ledger has it" foureyes reconcile "$REPO"

# ---- a new repository ----

configure <<CONF
repo payments billing
    RW+ = @all
CONF
check "a new repository has them" [ -e \
    "$G/repositories/billing.git/hooks/pre-receive" ]
REPO=billing
expect_refused environment.not-adopted "it must be adopted" \
    git_as alice push "$(url_for alice)" fee:main
REPO=payments

# ---- out again ----

check "uninstall" foureyes uninstall --server gitolite
check "nothing of ours is left" [ -z "$(ls "$LOCAL/hooks/common")" ]
gitolite_as_itself setup --hooks-only >"$W/out" 2>&1
change_as erin free free.txt
expect_admitted "nothing is asked any more" push_as erin free:main

# ---- the same as a VREF ----

check "as a VREF" foureyes install --server gitolite --vref
says 'VREF/foureyes = @all'
configure <<CONF
repo payments
    RW+ = @all
    - VREF/foureyes = @all
CONF
check "what came meanwhile is accounted for" foureyes account "$REPO" \
    refs/heads/main --reason "the hooks were out for a test of them"
change_as alice vref vref.txt
expect_refused peer.none "a push is judged there too" push_as alice vref:main
check "bob approves" approve_as bob "$C"
expect_admitted "and admitted" push_as alice vref:main
check "the log has it" foureyes reconcile "$REPO"
check "the chain holds" foureyes verify --chain
done_testing

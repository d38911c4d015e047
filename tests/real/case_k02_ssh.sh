#!/bin/sh
# K02 and K03 at the ssh door: who pushes is the key that sshd let in, as long
# as that key is in force, and nothing that comes with the connection.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site ssh

# alices KEY: people.yaml with that for her keys.
alices() {
	people_yaml | awk -v key="$1" '/^  [a-z]/ { alice = $1 == "alice:" }
	    alice && /keys:/ { sub(/\[.*/, "[" key "]") } { print }' \
	    >"$W/people.yaml"
	take people.yaml
}
key=$(cut -d' ' -f1,2 "$W/keys/alice.pub")

change_as alice b07
approved bob
alices "{key: \"$key\", until: 2026-01-01}"
stops environment.pusher-unknown "C03+: a key whose time has ended" \
    alice b07:main
alices "{key: \"$key\", until: 2999-01-01}"
no_move environment.pusher-unknown "B07: a key that sshd knows and we do not" \
    env GIT_SSH_COMMAND="$(ssh_command mallory)" REMOTE_USER=alice \
    git -C "$W/alice" -c user.name=alice push -o pusher=alice origin b07:main
says 'SHA256:' "B07: is named by its fingerprint"
printf 'SendEnv REMOTE_USER GIT_* TEST_PUSHER SSH_USER_AUTH\n' >"$W/ssh_config"
no_move environment.pusher-unknown "B07+: variables of the client name nobody" \
    env GIT_SSH_COMMAND="$(ssh_command mallory |
        sed "s,-F none,-F $W/ssh_config,")" \
    REMOTE_USER=alice TEST_PUSHER=alice GIT_COMMITTER_NAME=alice \
    SSH_USER_AUTH="$W/keys/alice.pub" git -C "$W/alice" push origin b07:main
lands "B07: the lawful twin" alice b07:main
done_testing

#!/bin/sh
# GitHub Enterprise Server: its hook runs in a chroot that holds nothing but our
# archive, with the variables that such a server sets, and nothing else of this
# machine.  The server is an imitation; the push, the chroot and foureyesd are
# not.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"

into=$(PATH=$PATH:/usr/sbin command -v chroot)
[ "$(id -u)" -eq 0 ] || into="/usr/bin/unshare --user --map-root-user $into"
mkdir "$W/env"
# The archive's own program is the first to run in there.
REPO=acme/payments
rmdir "$W/srv"
mkdir "$W/env/srv"
ln -s env/srv "$W/srv"
site local
PORT=$(free_port)
mkdir "$W/secrets"
(umask 077 && echo "the secret of ghes" >"$W/secrets/ghes")
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=gate -addext subjectAltName=DNS:gate.example.com \
    -keyout "$W/gate.key" -out "$W/gate.pem" 2>"$W/out"
TLS="tls: {certificate: $W/gate.pem, key: $W/gate.key}"
HOSTS="hosts:
    hub:
      secret_files: [$W/secrets/ghes]
      server: {kind: ghes, logins: local, web_committers: [noreply@ghe.example.com]}"
daemon_settings >"$W/etc/foureyes.yaml"

check 'the archive is made' "$src/contrib/ghes-environment.sh" \
    --gate "https://gate.example.com:$PORT" --secret "$W/secrets/ghes" \
    --ca "$W/gate.pem" --address 127.0.0.1 \
    --shell "$(command -v foureyes-static)" "$W/env.tar.gz"
cp "$W/out" "$W/hook"
check_not 'a program with shared libraries is not taken' 3 \
    "$src/contrib/ghes-environment.sh" --gate https://h \
    --secret "$W/secrets/ghes" --program "$(command -v foureyes)" "$W/other.tar.gz"
tar -xzf "$W/env.tar.gz" -C "$W/env"
check 'it holds one program, its settings and no library' test "$(cd "$W/env" &&
    find . -type f ! -path './srv/*' | sort | tr '\n' ' ')" = \
    './bin/sh ./etc/foureyes/foureyes.yaml ./etc/foureyes/gate.pem ./etc/foureyes/gate.secret ./usr/bin/foureyes '
# shellcheck disable=SC2086  # a command and its options
$into "$W/env" /usr/bin/foureyes --version >"$W/out" 2>&1 ||
    skip_all "needs the right to chroot"

# What such a server does with a push: the hook of the repository of hooks, in
# the environment, with its own paths.
grep -A9 '^#!' "$W/hook" >"$W/env/srv/pre-receive"
chmod 755 "$W/env/srv/pre-receive"
foureyes uninstall "$W/srv/$REPO.git" >"$W/out" 2>&1
cat >"$W/srv/$REPO.git/hooks/pre-receive" <<HOOK
#!/bin/bash
inside() { printf '%s' "\${1//$(printf %s "$W/env" | sed 's,/,\\/,g')/}"; }
cd /
set -- GIT_DIR="/srv/$REPO.git" \\
    GIT_OBJECT_DIRECTORY="\$(inside "\$GIT_OBJECT_DIRECTORY")" \\
    GIT_QUARANTINE_PATH="\$(inside "\$GIT_QUARANTINE_PATH")" \\
    GIT_ALTERNATE_OBJECT_DIRECTORIES="\$(inside "\$GIT_ALTERNATE_OBJECT_DIRECTORIES")" \\
    GIT_USER_AGENT=git/2.39.5 GITHUB_REPO_NAME=$REPO GITHUB_REPO_PUBLIC=false \\
    GITHUB_USER_IP=192.0.2.1 GITHUB_USER_LOGIN="\$TEST_PUSHER" \\
    \${TEST_VIA:+GITHUB_VIA="\$TEST_VIA"}
for ((i = 0; i < \${GIT_PUSH_OPTION_COUNT:-0}; i++)); do
	name=GIT_PUSH_OPTION_\$i
	set -- "\$@" "\$name=\${!name}"
done
exec env -i GIT_PUSH_OPTION_COUNT="\${GIT_PUSH_OPTION_COUNT:-0}" "\$@" \\
    timeout 5 2>/dev/null $into "$W/env" /srv/pre-receive
HOOK
chmod +x "$W/srv/$REPO.git/hooks/pre-receive"
on_server config receive.advertisePushOptions true
daemon_start

change_as alice one
stops peer.none 'nobody approved' alice one:main
says "approve: $C PAY-1 change one" 'and what is to be typed, as ever'
approved bob
lands 'approved' alice one:main
decided '"repository":"acme/payments".*"pusher":\{"person":"alice","login":"alice"' \
    'repository and pusher are what the server said'
# No hook runs after a push there.
good two
lands 'the next push' alice two:main
check 'finds the landing that nobody told of' \
    grep -q '"type":"landing".*"witness":"found"' "$W"/etc/ledger/*.jsonl
change_as carol three
lands 'an emergency' carol -o emergency=INC-1 -o 'reason=all is down and must be up' three:main
decided 'ADMITTED_AS_EMERGENCY' 'is told by push options'
daemon_stop
check_not 'foureyesd is down: refused' 1 push_as alice "$(git_as alice rev-parse one):refs/heads/x"
says 'decided by foureyesd .*, and there is no answer'
done_testing

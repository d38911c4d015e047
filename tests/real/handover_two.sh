#!/bin/sh
# Two Git servers of two kinds hand over to one foureyesd, at once: one log, and
# what one server says of who pushes is nothing at the other's doors.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"
site local
PORT=$(free_port)
mkdir -p "$W/secrets"
(umask 077 && echo "the secret of east" >"$W/secrets/east" &&
    echo "the secret of west" >"$W/secrets/west")
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
    -subj /CN=gate -addext subjectAltName=DNS:gate.example.com \
    -keyout "$W/gate.key" -out "$W/gate.pem" 2>"$W/out"
TLS="tls: {certificate: $W/gate.pem, key: $W/gate.key}"
HOSTS="hosts:
    east:
      secret_files: [$W/secrets/east]
      server: {kind: local, root: $W/srv, pusher: TEST_PUSHER}
    west:
      secret_files: [$W/secrets/west]
      server: {kind: gitea, logins: local}"
daemon_settings >"$W/etc/foureyes.yaml"

# server_of NAME SECRET: the settings of its hooks, in $W/<name>.
server_of() {
	MORE="gate_secret_file: $W/secrets/$2
gate_ca_file: $W/gate.pem
gate_address: 127.0.0.1
deadline: 30s" hook_settings "https://gate.example.com:$PORT"
	mv "$W/hooks" "$W/$1"
}
server_of east east
server_of west west
server_of false west # has the other's secret
sed -i 's/kind: local.*/kind: gitea}/' "$W/west/foureyes.yaml"

foureyes uninstall "$W/srv/$REPO.git" >"$W/out" 2>&1
foureyes --config "$W/east" install "$W/srv/$REPO.git" >"$W/out" 2>&1
mkdir "$W/srv2"
git clone -q --bare "$W/srv/$REPO.git" "$W/srv2/shop.git"
for hook in pre-receive post-receive reference-transaction; do
	# shellcheck disable=SC2016  # the hook's own
	printf '#!/bin/sh\nGITEA_REPO_USER_NAME=acme GITEA_REPO_NAME=shop GITEA_PUSHER_NAME=$TEST_PUSHER\nexport GITEA_REPO_USER_NAME GITEA_REPO_NAME GITEA_PUSHER_NAME\nexec foureyes hook-file "%s" "$@"\n' \
	    "$W/west/$hook" >"$W/srv2/shop.git/hooks/$hook"
	printf '#\nhook %s\nconfig %s\n' "$hook" "$W/west" >"$W/west/$hook"
	chmod +x "$W/srv2/shop.git/hooks/$hook"
done
git -C "$W/srv2/shop.git" config receive.advertisePushOptions true
use_policy <<YAML
$(sed 's/^  - match: \["\*\*"\]/&\n    first_push: baseline/' "$W/policy.yaml")
YAML
daemon_start

# The other server's repository is known by the name that it says.
for who in alice bob; do
	git_as $who remote add west "$W/srv2/shop.git"
	git_as $who fetch -q west
done
change_as alice begin
check_not 'west is not taken for east: an approval counts at one of them' 1 \
    git_as alice push west begin:main
says 'acme/shop|environment\.|peer\.|adopt' '  it is refused as acme/shop'
check 'its decision names it' grep -q '"type":"decision".*"repository":"acme/shop"' \
    "$W"/etc/ledger/*.jsonl
check_not 'and says nothing of payments' 1 \
    grep -q '"type":"decision".*"repository":"payments"' "$W"/etc/ledger/*.jsonl

# With west's secret a hook is west: its variables are believed for west's doors.
mv "$W/east" "$W/kept"
cp -r "$W/false" "$W/east"
check_not 'a local hook with the secret of west' 1 push_as alice begin:main
says 'did not say which repository' '  is asked what a Gitea would say'
rm -rf "$W/east"
mv "$W/kept" "$W/east"

# Both at once, several people, branches that are no gate's.
many() {
	for n in 1 2 3 4 5; do
		TEST_PUSHER=$1 git -C "$W/$1" push -q "$2" "begin:refs/heads/$1-$n" \
		    >>"$W/$1.log" 2>&1 || echo "failed $n" >>"$W/$1.failed"
	done
}
git_as bob fetch -q origin
git_as bob branch -q begin origin/begin
many alice origin &
a=$!
many bob west &
b=$!
wait $a
wait $b
cat "$W/alice.log" "$W/bob.log" >"$W/out" 2>/dev/null
check 'pushes to both at once are all taken' test ! -e "$W/alice.failed" -a ! -e "$W/bob.failed"
approved bob
lands 'and a change of east lands' alice begin:main
check 'one log, whole' foureyes verify --chain
done_testing

# shellcheck shell=sh disable=SC2154
# lib_receiver.sh - an installation with a receiver, for receiver*.sh and
# case_k12.sh, case_k13.sh; read after lib.sh.
#
#	receiver_site			configuration, secrets; `hub` (github),
#					one source of each other kind, `ci` (generic)
#	receiver_start			foureyesd on a free port: $HTTP
#	receiver_stop			SIGTERM, and waited for
#	stored				how many observations the ledger has
#	taps				lines "ok WHAT" and "not ok WHAT" from
#					standard input become tests
receiver=
SECRETS=$W/secrets
CI_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw

receiver_yaml() {
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
server: {kind: local, root: $W/srv}
receiver:
  listen: "127.0.0.1:$RECEIVER_PORT"
  socket: $W/foureyesd.sock
${TLS:-}
  sources:
    hub: {kind: github, secret_files: [$SECRETS/hub], repositories: {"acme/*": "*"}}
    lab: {kind: gitlab, secret_files: [$SECRETS/lab, $SECRETS/lab-signing], repositories: {"acme/*": "*"}}
    tea: {kind: gitea, secret_files: [$SECRETS/tea], repositories: {"acme/*": "*"}}
    forge: {kind: forgejo, secret_files: [$SECRETS/forge], repositories: {"acme/*": "*"}}
    bucket: {kind: bitbucket, secret_files: [$SECRETS/bucket], repositories: {"acme/*": "*"}}
    center: {kind: bitbucket-dc, secret_files: [$SECRETS/center], repositories: {"acme/*": "*"}}
    ci: {kind: generic, secret_files: [${CI_FILES:-$SECRETS/ci}], tells: [tests, deployments]}
YAML
}

receiver_site() {
	export DOOR=local
	mkdir -p "$SECRETS"
	(umask 077
	for s in hub lab tea forge bucket center; do
		printf 'the secret of %s, long' "$s" >"$SECRETS/$s"
	done
	echo "$CI_SECRET" >"$SECRETS/ci"
	echo whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX >"$SECRETS/lab-signing")
	RECEIVER_PORT=$(free_port)
	HTTP=http://127.0.0.1:$RECEIVER_PORT
	make_keys
	foureyes init --origin example.com/foureyes "$W/etc" \
	    >"$W/init.out" 2>&1 || {
		sed 's/^/# /' "$W/init.out"
		exit 3
	}
	receiver_yaml >"$W/etc/foureyes.yaml"
	people_yaml >"$W/etc/people.yaml"
	use_people </dev/null
	policy_main </dev/null | use_policy
}

receiver_start() {
	foureyesd serve >>"$W/serve.log" 2>&1 &
	receiver=$!
	for _ in $(seq 100); do
		curl -s -o /dev/null "${HEALTH:-$HTTP/healthz}" && return 0
		kill -0 "$receiver" 2>/dev/null || break
		sleep 0.05
	done
	sed 's/^/# /' "$W/serve.log"
	echo "Bail out! the receiver did not start"
	exit 3
}

receiver_stop() {
	kill -TERM "$receiver" 2>/dev/null
	wait "$receiver"
}
receiver_kill() {
	[ -z "$receiver" ] || kill -KILL "$receiver" 2>/dev/null
	wait "$receiver" 2>/dev/null
}
trap 'receiver_kill; finish' EXIT

# SIGHUP, and wait for what it says: was all taken?
receiver_reload() {
	before=$(grep -c 'read again\|stays as it was' "$W/serve.log")
	kill -HUP "$receiver"
	for _ in $(seq 100); do
		now=$(grep -c 'read again\|stays as it was' "$W/serve.log")
		[ "$now" -gt "$before" ] && break
		sleep 0.05
	done
	grep 'read again\|stays as it was' "$W/serve.log" | tail -1 |
	    grep -q 'read again'
}

# client PROGRAM [WORD]...: Python with receiver_client.py at hand.
client() {
	program=$1
	shift
	RECEIVER_PORT=$RECEIVER_PORT SECRETS=$SECRETS \
	    PYTHONPATH=$src/tests/real python3 -c "import sys
from receiver_client import *
$program" "$@"
}

# python_taps FILE [WORD]...: what it says becomes tests; it must come to its
# end.
python_taps() {
	RECEIVER_PORT=$RECEIVER_PORT SECRETS=$SECRETS \
	    PYTHONPATH=$src/tests/real python3 -u "$src/tests/real/$1" \
	    >"$W/taps" 2>"$W/taps.err" || {
		tail -3 "$W/taps.err" | sed 's/^/# /'
		echo "not ok $1 came to its end" >>"$W/taps"
	}
	taps <"$W/taps"
}

stored() {
	cat "$W"/etc/ledger/*.jsonl | grep -c '"type":"observation"'
}

taps() {
	while read -r line; do
		printf '%s\n' "$line" >"$W/out"
		case $line in
		'ok '*) verdict 0 "${line#ok }" ;;
		*) verdict 1 "${line#not ok }" ;;
		esac
	done
}

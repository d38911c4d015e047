#!/bin/sh
# Hooks of a host elsewhere: over TLS, known by a secret, with doors of its own.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"

# certificate NAME: signed by an authority of that name's own.
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -days 2 -subj "/CN=$1" -addext "subjectAltName=DNS:$2" \
	    -keyout "$W/$1.key" -out "$W/$1.pem" 2>"$W/out"
}

# gate_settings [NAME [SECRET [CA]]]: foureyes.yaml of the hooks.
gate_settings() {
	MORE="gate_secret_file: $W/secrets/${2:-east}
gate_ca_file: $W/${3:-gate}.pem
gate_address: 127.0.0.1" hook_settings "https://${1:-gate.example.com}:$PORT"
}

site local
PORT=$(free_port)
mkdir -p "$W/secrets"
(umask 077 && echo "the secret of east" >"$W/secrets/east" &&
    echo "guessed" >"$W/secrets/other" && : >"$W/secrets/empty")
certificate gate gate.example.com
certificate other gate.example.com
TLS="tls: {certificate: $W/gate.pem, key: $W/gate.key}"
HOSTS="hosts:
    east:
      secret_files: [$W/secrets/empty, $W/secrets/east]
      server: {kind: local, root: $W/srv, pusher: TEST_PUSHER}
    west: {accounts: [nobody]}"
daemon_settings >"$W/etc/foureyes.yaml"
gate_settings
hand_over "$W/srv/$REPO.git"
daemon_start

change_as alice one
stops peer.none 'nobody approved, told over TLS' alice one:main
approved bob
lands 'approved' alice one:main
decided '"pusher":\{"person":"alice","login":"alice"' 'who pushed, as handed over'
check 'the landing is told' grep -q '"type":"landing".*"new":"'"$C" \
    "$W"/etc/ledger/*.jsonl

# no_answer WHAT PATTERN: a push is refused for want of an answer, and nothing
# is recorded.
no_answer() {
	before=$(cat "$W"/etc/ledger/*.jsonl | wc -l)
	check_not "$1" 1 push_as alice two:main
	says "$2"
	cat "$W/out" >>"$W/told"
	check 'and nothing is recorded' \
	    test "$before" -eq "$(cat "$W"/etc/ledger/*.jsonl | wc -l)"
}

good two
gate_settings gate.example.com other
no_answer 'a wrong secret' 'does not take it \(401\): no host of'
gate_settings gate.example.com empty
no_answer 'an empty secret' 'holds no secret'
check_not 'the secret stands in no log and no answer' 1 \
    grep -q "secret of east" "$W/serve.log" "$W/told"
gate_settings gate.example.com east other
no_answer 'another authority' 'certificate is not taken: self.signed'
gate_settings elsewhere.example.com
no_answer 'another name' 'certificate is not taken: hostname mismatch'
gate_settings
daemon_stop
no_answer 'foureyesd is down' 'Connection refused'
daemon_start
lands 'and lands when all is as it was' alice two:main
done_testing

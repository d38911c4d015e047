#!/bin/sh
# The receiver as a service: nothing is lost, whatever ends it or stands in its
# way; TLS, reload, sockets handed over, floods.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"

receiver_site
drive() {
	RECEIVER_PORT=$RECEIVER_PORT SECRETS=$SECRETS \
	    python3 "$src/tests/real/receiver.py" "$@"
}

# lost FILE: numbers that were answered 2xx and of which there is no record.
lost() {
	cat "$W"/etc/ledger/*.jsonl | grep -o '"delivery":"n-[0-9]*"' |
	    grep -o '[0-9]*' | sort >"$W/there"
	sort "$1" | comm -23 - "$W/there" | sed 's/^/lost: /'
}
nothing_lost() {
	lost "$1" >"$W/lost"
	cat "$W/lost"
	[ ! -s "$W/lost" ] && [ -s "$1" ]
}
once_each() {
	[ -z "$(uniq -d "$W/there")" ]
}

receiver_start
check "10,000 connections that say nothing, and one is served" \
    drive idle 10000
# The most it ever had is bounded by RECEIVER_MEMORY; what it has freed it does
# not keep, be it a minute later (LISTEN_QUIET is 2 s).
kilobytes() {
	awk -v what="$1:" '$1 == what { print $2 }' "/proc/$receiver/status"
}
small() {
	[ "$(kilobytes VmHWM)" -le 262144 ]
}
given_back() {
	for _ in $(seq 600); do
		[ "$(kilobytes VmRSS)" -le 32768 ] && return 0
		sleep 0.1
	done
	return 1
}
check "many at once from one address are refused beyond the limit" client '
held = [socket.create_connection(("127.0.0.1", PORT)) for _ in range(400)]
time.sleep(0.5)
open_ = 0
for s in held:
    s.setblocking(False)
    try:
        s.recv(1)
    except BlockingIOError:
        open_ += 1
    except OSError:
        pass
print(open_)
sys.exit(not 200 <= open_ <= 256)'
check "bodies beyond all memory are answered 503, not taken" client '
import threading, urllib.request
got = []
def held():
    return int(urllib.request.urlopen(f"http://127.0.0.1:{PORT}/metrics").read()
               .decode().split("\nfoureyes_connections ")[1].split()[0])
for _ in range(600):
    try:
        if held() < 64:
            break
    except OSError:
        pass
    time.sleep(0.05)
def one(n):
    body = b"[" + b" " * (24 << 20)
    try:
        got.append(post("/hooks/ci", body, {}, connect())[0])
    except OSError:
        got.append(0)
ts = [threading.Thread(target=one, args=(n,)) for n in range(12)]
[t.start() for t in ts]; [t.join() for t in ts]
print(got)
sys.exit(not set(got) <= {401, 503} or tell(status_body(0x5050), "after")[0] != 204)'
[ "${VARIANT:-release}" = san ] || {
	check "never beyond 256 MB" small
	check "and what was freed goes back" given_back
}
check "metrics count what came" sh -c "curl -s $HTTP/metrics |
    grep -q 'deliveries_total{source=\"ci\",answer=\"204\",reason=\"stored\"} [1-9]'"
check "it is well" curl -sf "$HTTP/healthz"
receiver_stop

done_testing

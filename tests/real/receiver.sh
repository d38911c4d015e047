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

# ---- kill -9 ----
from=0
: >"$W/acked"
for round in 1 2 3 4 5 6; do
	receiver_start
	had=$(wc -l <"$W/acked")
	drive many "$W/acked" $from 5000 >"$W/many" 2>&1 &
	driver=$!
	for _ in $(seq 400); do
		[ "$(wc -l <"$W/acked")" -gt "$had" ] && break
		sleep 0.05
	done
	sleep "0.$round"
	receiver_kill
	wait $driver
	from=$((from + 5000))
done
check "killed six times: nothing that was answered is lost" \
    nothing_lost "$W/acked"
check "and nothing is there twice" once_each
receiver_start
# What was not answered is sent again, and so is what was.
again() {
	drive many "$W/acked2" 0 400 && nothing_lost "$W/acked2" && once_each
}
check "all of it again: once each" again
check "the ledger is whole" foureyes verify "$W/etc/ledger" --chain

# ---- SIGHUP and SIGTERM ----
drive steady 3 100000 >"$W/steady" 2>&1 &
driver=$!
for _ in 1 2 3 4 5 6 7 8; do
	sleep 0.3
	receiver_reload || echo not >>"$W/notread"
done
check "SIGHUP eight times: not one request is lost" wait $driver
check "and all were taken" [ ! -e "$W/notread" ]
sed 's/ hub: / hub_: /' "$W/etc/foureyes.yaml" >"$W/renamed"
cp "$W/renamed" "$W/etc/foureyes.yaml"
receiver_reload
# shellcheck disable=SC2120  # check() passes them
answers() {
	[ "$(curl -s -o "$W/answer" -w '%{http_code}' -X POST -d '{}' \
	    -H 'Content-Type: application/json' "$HTTP$1")" = "$2" ]
}
check "a source that was renamed is not known by its old name" \
    answers /hooks/hub 404
check "but by its new one" answers /hooks/hub_ 401
sed 's/ hub_: / hub__: /' "$W/etc/foureyes.yaml" >"$W/renamed"
cp "$W/renamed" "$W/etc/foureyes.yaml"
for _ in $(seq 100); do
	answers /hooks/hub__ 401 && break
	sleep 0.05
done
check "a file that was put in place is taken without a signal" \
    answers /hooks/hub__ 401
cp "$W/etc/foureyes.yaml" "$W/renamed"
sed 's/ hub__: / hub_: /' "$W/renamed" >"$W/etc/foureyes.yaml"
receiver_reload
echo 'nonsense: 1' >>"$W/etc/foureyes.yaml"
check_not "what is unsound is not taken" 1 receiver_reload
check "and what was there is served" answers /hooks/hub_ 401
receiver_yaml >"$W/etc/foureyes.yaml"
receiver_reload
drive many "$W/acked3" 200000 3000 >"$W/many" 2>&1 &
driver=$!
for _ in $(seq 400); do
	[ -s "$W/acked3" ] && break
	sleep 0.05
done
check "SIGTERM: it ends well" receiver_stop
wait $driver
check "what was answered by then is there" nothing_lost "$W/acked3"

# ---- floods ----
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

# ---- a disk that is full ----
if [ "$(id -u)" -eq 0 ] && mkdir "$W/small" &&
    mount -t tmpfs -o size=6m tmpfs "$W/small" 2>/dev/null; then
	trap 'receiver_kill; umount "$W/small"; finish' EXIT
	cp -a "$W/etc/ledger" "$W/small/ledger" 2>/dev/null || :
	rm -rf "$W/small/ledger"
	mv "$W/etc" "$W/etc.kept"
	foureyes init --origin example.com/foureyes "$W/etc" >/dev/null
	mv "$W/etc/ledger" "$W/small/ledger"
	cp "$W"/etc.kept/*.yaml "$W/etc/"
	sed -i "s|^ledger: .*|ledger: $W/small/ledger|" "$W/etc/foureyes.yaml"
	receiver_start
	check "a disk that fills up: 503 in the end" sh -c "
	    dd if=/dev/zero of=$W/small/fill bs=64k 2>/dev/null; true"
	full() {
		drive many "$W/acked4" 300000 1500 | grep -q '503: [0-9]'
	}
	check "what cannot be stored is answered 503" full
	rm "$W/small/fill"
	check "with room again it is stored" client \
	    'sys.exit(tell(status_body(0xf0), "n-399999")[0] != 204)'
	receiver_stop
	cat "$W"/small/ledger/*.jsonl | grep -o '"delivery":"n-[0-9]*"' |
	    grep -o '[0-9]*' | sort >"$W/there"
	check "nothing half was left" foureyes verify "$W/small/ledger" --chain
	umount "$W/small"
	trap 'receiver_kill; finish' EXIT
	rm -rf "${W:?}/etc"
	mv "$W/etc.kept" "$W/etc"
else
	skip "a disk that is full" "needs root and tmpfs"
fi

# ---- TLS ----
certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -subj /CN=localhost -addext subjectAltName=DNS:localhost \
	    -days 30 -keyout "$W/new.key" -out "$W/new.pem" 2>/dev/null
	cat "$W/new.pem" >>"$W/both.pem"
	mv "$W/new.key" "$W/tls.key"
	mv "$W/new.pem" "$W/tls.pem"
}
certificate
TLS="  tls: {certificate: $W/tls.pem, key: $W/tls.key}"
receiver_yaml >"$W/etc/foureyes.yaml"
receiver_start_tls() {
	foureyesd serve >>"$W/serve.log" 2>&1 &
	receiver=$!
	for _ in $(seq 100); do
		curl -sk -o /dev/null "https://localhost:$RECEIVER_PORT/healthz" &&
		    return 0
		sleep 0.05
	done
	return 1
}
check "TLS: it starts" receiver_start_tls
s_client() {
	echo | openssl s_client -connect "localhost:$RECEIVER_PORT" "$@" \
	    -CAfile "$W/both.pem" 2>&1
}
check "TLS 1.2 and 1.3 are spoken" sh -c "
    echo | openssl s_client -connect localhost:$RECEIVER_PORT -tls1_2 2>&1 | grep -q 'Protocol *: TLSv1.2' &&
    echo | openssl s_client -connect localhost:$RECEIVER_PORT -tls1_3 2>&1 | grep -q 'TLSv1.3'"
older() {
	s_client "$1" -cipher 'ALL:@SECLEVEL=0' | grep -q 'Cipher is (NONE)'
}
check "TLS 1.1 is not" older -tls1_1
check "TLS 1.0 is not" older -tls1
plain() {
	! curl -s -m 3 "$HTTP/healthz"
}
check "nor anything plain" plain
serial() {
	s_client | openssl x509 -noout -serial
}
before=$(serial)
certificate
drive steady 3 400000 "$W/both.pem" >"$W/steady" 2>&1 &
driver=$!
sleep 1
check "a new certificate is taken on SIGHUP" receiver_reload
renewed() {
	[ -n "$before" ] && [ "$before" != "$(serial)" ]
}
check "and shown" renewed
check "not one request is lost meanwhile" wait $driver
echo nonsense >"$W/tls.pem"
check_not "nonsense is not taken" 1 receiver_reload
still() {
	s_client | grep -q 'Verify return code: 0'
}
check "what was there is still shown" still
receiver_stop
TLS=
receiver_yaml >"$W/etc/foureyes.yaml"

# ---- systemd ----
cat >"$W/activate.py" <<'P'
"""As systemd does it: a socket at descriptor 3, and a place to tell."""
import os
import socket
import sys
import time

notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(sys.argv[1])
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", 0))
s.listen(64)
port = s.getsockname()[1]
pid = os.fork()
if pid == 0:
    os.dup2(s.fileno(), 3)
    os.set_inheritable(3, True)
    os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()),
                      NOTIFY_SOCKET=sys.argv[1], WATCHDOG_USEC="1000000")
    os.execvp("foureyesd", ["foureyesd", "serve"])
s.close()
notify.settimeout(20)
seen = []
deadline = time.monotonic() + 20
while seen.count("WATCHDOG=1") < 2 and time.monotonic() < deadline:
    seen.append(notify.recv(200).decode())
os.environ["RECEIVER_PORT"] = str(port)
sys.path.insert(0, sys.argv[2])
import receiver_client
told = receiver_client.tell(receiver_client.status_body(0x5d), "systemd")[0]
os.kill(pid, 1)
while not seen[-1].startswith("RELOADING=1\nMONOTONIC_USEC=") and time.monotonic() < deadline:
    seen.append(notify.recv(200).decode())
os.kill(pid, 15)
while seen[-1] != "STOPPING=1" and time.monotonic() < deadline:
    seen.append(notify.recv(200).decode())
status = os.waitpid(pid, 0)[1]
print(seen, told, status)
sys.exit(seen[0] != "READY=1" or seen[-1] != "STOPPING=1" or told != 204 or status != 0)
P
check "systemd's socket is taken, and it hears of us" env \
    RECEIVER_PORT="$RECEIVER_PORT" SECRETS="$SECRETS" \
    python3 "$W/activate.py" "$W/notify" "$src/tests/real"

# ---- the clerk ----
receiver_start
# child PID: its first child; waited for.
child() {
	for _ in $(seq 100); do
		for f in /proc/[0-9]*/stat; do
			awk -v parent="$1" '$4 == parent { print $1; exit }' "$f" \
			    2>/dev/null
		done >"$W/children"
		[ -s "$W/children" ] && head -1 "$W/children" && return 0
		sleep 0.1
	done
	return 1
}
minder=$(child "$receiver")
clerk_is_back() {
	old=$(child "$minder") && kill -KILL "$old" || return 1
	for _ in $(seq 100); do
		[ "$(child "$minder")" != "$old" ] && return 0
		sleep 0.1
	done
	return 1
}
check "a clerk that is killed comes again" clerk_is_back
check "deliveries are taken meanwhile" client \
    'sys.exit(tell(status_body(0xc1), "clerk")[0] != 204)'
last=$(child "$minder")
receiver_kill
gone() {
	[ -n "$last" ] || return 1
	for _ in $(seq 100); do
		kill -0 "$last" 2>/dev/null || return 0
		sleep 0.1
	done
	return 1
}
check "and it ends when the receiver is killed" gone
done_testing

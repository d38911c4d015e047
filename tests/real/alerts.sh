#!/bin/sh
# Records are told: to rsyslog by TLS, to what takes OTLP, Splunk's events and
# webhooks, and by sendmail; all that a destination wants, at least once, in
# order, whatever happens to the other side or to us.
. "$(dirname "$0")/lib.sh"
[ -x /usr/sbin/rsyslogd ] ||
    skip_all "there is no rsyslogd; contrib/install-deps.sh servers"

T=$W/told
mkdir -p "$T"
export DOOR=local

# authority NAME: a root of its own.
authority() {
	openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$1 root" -days 30 \
	    -keyout "$T/$1-ca.key" -out "$T/$1-ca.pem" 2>/dev/null
}
# certificate NAME SUBJECT-ALT-NAME: by the authority `siem`.
certificate() {
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" \
	    -keyout "$T/$1.key" -out "$T/$1.csr" 2>/dev/null
	printf 'subjectAltName = %s\n' "$2" >"$T/$1.cnf"
	openssl x509 -req -in "$T/$1.csr" -CA "$T/siem-ca.pem" \
	    -CAkey "$T/siem-ca.key" -set_serial "$((serial += 1))" -days 30 \
	    -extfile "$T/$1.cnf" -out "$T/$1.pem" 2>/dev/null
}
serial=1
authority siem
authority other
certificate siem DNS:localhost
certificate ours DNS:foureyes.example.com

syslog_conf() {
	cat >"$T/rsyslog.conf" <<CONF
global(workDirectory="$T" maxMessageSize="64k"
       DefaultNetstreamDriver="gtls"
       DefaultNetstreamDriverCAFile="$T/siem-ca.pem"
       DefaultNetstreamDriverCertFile="$T/siem.pem"
       DefaultNetstreamDriverKeyFile="$T/siem.key")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1"
       StreamDriver.AuthMode="x509/certvalid" MaxSessions="50")
module(load="imudp")
input(type="imtcp" address="127.0.0.1" port="$tls_port")
input(type="imudp" address="127.0.0.1" port="$udp_port")
template(name="raw" type="string" string="%rawmsg%\n")
action(type="omfile" file="$T/syslog" template="raw")
CONF
}
free_port() {
	python3 -c 'import random, socket
while True:
    port = random.randrange(10000, 32000)
    try:
        with socket.socket() as s:
            s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass'
}
syslog_start() {
	/usr/sbin/rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid" \
	    >>"$T/rsyslog.log" 2>&1 &
	syslog=$!
	for _ in $(seq 100); do
		python3 -c "import socket
socket.create_connection(('127.0.0.1', $tls_port)).close()" 2>/dev/null && break
		sleep 0.05
	done
}
syslog_stop() {
	kill "$1" "$syslog" 2>/dev/null
	wait "$syslog" 2>/dev/null
}
syslog=
http=
stop_all() {
	[ -z "$syslog" ] || kill -KILL "$syslog" 2>/dev/null
	[ -z "$http" ] || kill -KILL "$http" 2>/dev/null
	finish
}
trap stop_all EXIT

python3 "$src/tests/real/alerts_server.py" "$T" &
http=$!
tls_port=$(free_port)
udp_port=$(free_port)
syslog_conf
syslog_start
for _ in $(seq 100); do
	[ -f "$T/port" ] && break
	sleep 0.05
done
at=http://127.0.0.1:$(cat "$T/port")
(umask 077
echo token-of-the-test >"$T/token"
echo "$at/chat/T00/B00/SECRET" >"$T/chat-url")

# A sendmail that keeps what it is given.
cat >"$T/sendmail" <<'SH'
#!/bin/sh
top=$(dirname "$0")
n=$(ls "$top" | grep -c '^mail[.]')
printf '%s\n' "$@" >"$top/argv.$n"
env >"$top/env.$n"
cat >"$top/mail.$n.part"
read -r status <"$top/mail-status" && [ "$status" -eq 0 ] || exit "${status:-75}"
mv "$top/mail.$n.part" "$top/mail.$n"
SH
chmod 755 "$T/sendmail"
echo 0 >"$T/mail-status"

site local
grep -v '^alerts:' "$W/etc/foureyes.yaml" >"$W/plain.yaml"
# alerts LINE...: what `alerts` holds from now on.
alerts() {
	{
		cat "$W/plain.yaml"
		echo 'alerts:'
		for line in "$@"; do
			echo "  - $line"
		done
	} >"$W/etc/foureyes.yaml"
}
SIEM="name: siem, kind: syslog, url: \"tls://localhost:$tls_port\", certificate: $T/ours.pem, key: $T/ours.key"
siem="{$SIEM, ca_file: $T/siem-ca.pem, records: all, from: start, body: record, most: 60000}"
otel="{name: otel, kind: otlp, url: \"$at/otel/v1/logs\", token_file: $T/token, records: all, from: start}"
splunk="{name: splunk, kind: splunk, url: \"$at/splunk/services/collector/event\", token_file: $T/token}"
chat="{name: chat, kind: webhook, url_file: $T/chat-url}"
mail="{name: mail, kind: mail, to: [security@example.com, audit@example.com], sender: foureyes@example.com, program: $T/sendmail, gather: 0s}"

tell() {
	foureyesd alert --once "$@"
}
ledger_lines() {
	cat "$W"/etc/ledger/*.jsonl
}
# until_siem COUNT: rsyslog writes when it likes.
until_siem() {
	for _ in $(seq 100); do
		[ "$(grep -c foureyes@32473 "$T/syslog" 2>/dev/null)" -ge "$1" ] &&
		    break
		sleep 0.05
	done
}

alerts "$siem" "$otel" "$splunk" "$chat" "$mail"
check "the configuration is sound" foureyes check
check "all are told what there is" tell
says '^siem: [0-9]+ told, none waits'
until_siem "$(ledger_lines | wc -l)"
ledger_lines >"$W/want"
sed -n 's/^<[0-9]*>1 [^[]*\[foureyes@32473 [^]]*\] //p' "$T/syslog" >"$W/have"
check "rsyslog has every record, whole and in order" cmp "$W/want" "$W/have"
done_testing

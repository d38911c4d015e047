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
syslog_start() {
	/usr/sbin/rsyslogd -n -f "$T/rsyslog.conf" -i "$T/rsyslog.pid" \
	    >>"$T/rsyslog.log" 2>&1 &
	syslog=$!
	for _ in $(seq 600); do
		python3 -c "import socket
socket.create_connection(('127.0.0.1', $tls_port)).close()" 2>/dev/null && break
		sleep 0.05
	done
}
syslog=
http=
clerk=
serve=
stop_all() {
	for pid in $syslog $http $clerk $serve; do
		kill -KILL "$pid" 2>/dev/null
	done
	finish
}
trap stop_all EXIT

python3 "$src/tests/real/alerts_server.py" "$T" &
http=$!
tls_port=$(free_port)
udp_port=$(free_port)
syslog_conf
syslog_start
for _ in $(seq 600); do
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
	for _ in $(seq 600); do
		[ "$(grep -c foureyes@32473 "$T/syslog" 2>/dev/null)" -ge "$1" ] &&
		    break
		sleep 0.05
	done
}


# seqs NAME: the numbers that came over HTTP, in the order they came.
seqs() {
	python3 - "$T/got.$1" <<'PY'
import json, sys
for line in open(sys.argv[1]):
    body = json.loads(line)["body"]
    if "resourceLogs" in body:
        for r in json.loads(body)["resourceLogs"]:
            for s in r["scopeLogs"]:
                for l in s["logRecords"]:
                    print({a["key"]: a["value"] for a in l["attributes"]}
                          ["foureyes.seq"]["intValue"])
    else:
        for event in body.splitlines():
            print(json.loads(event)["fields"]["seq"])
PY
}
# in_order FROM FILE: every number from FROM to the ledger's last, in order;
# twice is allowed for what was sent again.
in_order() {
	python3 - "$1" "$(ledger_lines | wc -l)" "$2" <<'PY'
import sys
first, last = int(sys.argv[1]), int(sys.argv[2])
have = [int(n) for n in open(sys.argv[3])]
new = []
for n in have:
    if n not in new:
        new.append(n)
if new != list(range(first, last + 1)):
    print("wanted", first, "to", last, "and have", new[:20], "...", new[-5:])
    sys.exit(1)
PY
}
answer() {
	echo "$2" >"$T/answer.$1"
}
field() {
	jq -r ".$2" "$W/etc/alerts/$1"
}
something() {
	date +'# %N' >>"$W/etc/people.yaml"
	foureyes reconcile >/dev/null
}

alerts "$siem" "$otel" "$splunk" "$chat" "$mail"
check "the configuration is sound" foureyes check
foureyes doctor >"$W/out" 2>&1
says "warning: alerts: siem: foureyesd has not begun yet"
chmod g+s "$W/etc"
check "all are told what there is" sh -c 'umask 077 && foureyesd alert --once'
says '^siem: [0-9]+ told, none waits'
stat -c %a "$W/etc/alerts" "$W/etc/alerts/siem" "$W/etc/alerts/.siem.lock" |
    tr '\n' ' ' >"$W/modes"
[ "$(cat "$W/modes")" = '2770 660 660 ' ]
verdict $? "how far is for whoever writes the index, whatever the umask"
says '^chat: 0 told, none waits' "from now on, where nothing else is said"
until_siem "$(ledger_lines | wc -l)"
ledger_lines >"$W/want"
sed -n 's/^<[0-9]*>1 [^[]*\[foureyes@32473 [^]]*\] //p' "$T/syslog" >"$W/have"
check "rsyslog has every record, whole and in order" cmp "$W/want" "$W/have"
jq -r '.body | fromjson | .resourceLogs[].scopeLogs[].logRecords[].body
    .stringValue' "$T/got.otel" >"$W/have"
check "and so has what takes OTLP" cmp "$W/want" "$W/have"
jq -r .authorization "$T/got.otel" | sort -u >"$W/out"
says '^Bearer token-of-the-test$'
[ ! -e "$T/got.splunk" ] && [ ! -e "$T/got.chat" ] && [ ! -e "$T/mail.0" ]
verdict $? "those told from now on have nothing"
check "a second time nothing is sent" tell
[ "$(wc -l <"$T/got.otel")" -eq 1 ]
verdict $? "indeed"

# ---- a refusal, by somebody who would like to say more ----

BAD='PAY-1 "] x <!channel> @all `
Subject: owned
Bcc: mallory@example.com
<13>1 - - - - - - injected'
change_as alice 'a"]b' a.txt "$BAD

$PLAN"
expect_refused 'review\..*' "a push is refused" push_as alice 'a"]b:main'
commit_as alice b.txt "$BAD"
TEST_PUSHER='mal"]lory <!here>' git -C "$W/alice" push origin 'a"]b:main' >"$W/out" 2>&1
verdict $((! $?)) "and one by nobody known"
check "all are told" tell
refusals=$(ledger_lines | grep -c '"type":"decision".*"outcome":"REFUSED"')
[ "$refusals" -ge 2 ]
verdict $? "refusals were recorded"
until_siem "$(ledger_lines | wc -l)"
[ "$(grep -c '' "$T/syslog")" -eq "$(ledger_lines | wc -l)" ]
verdict $? "a record is one message of syslog"
check_not "nothing became a message of its own" 1 grep -q '^<13>' "$T/syslog"
jq -r '.path + " " + .type, (.body | fromjson | .text)' "$T/got.chat" >"$W/out"
says '^/chat/T00/B00/SECRET application/json$' "chat has one message"
[ "$(grep -c '^warning: .#[0-9]* refusals: .*[^a-z]$' "$W/out")" -eq "$refusals" ]
verdict $? "with a line a refusal, as code"
check_not "in which nobody is called" 1 grep -q '<!' "$W/out"
jq -r '.authorization, (.body | split("\n")[] | select(. != "") | fromjson |
    .fields.alert + " " + .event.outcome + " " + .sourcetype)' \
    "$T/got.splunk" | sort -u >"$W/out"
says '^Splunk token-of-the-test$'
says '^refusals REFUSED foureyes:record$' "Splunk has events with the record"
sed '/^$/,$d' "$T/mail.0" >"$W/out"
says '^Subject: foureyes of example.com/foureyes: [0-9]+ alerts, refusals$'
says '^To: security@example.com,$'
[ "$(grep -c '^Subject:' "$W/out")" -eq 1 ] && ! grep -qi '^bcc' "$T/mail.0"
verdict $? "a mail has the headers that it has"
cat >"$W/want" <<'ARGV'
-i
-f
foureyes@example.com
--
security@example.com
audit@example.com
ARGV
check "and sendmail its words" cmp "$T/argv.0" "$W/want"
sed 's/=.*//' "$T/env.0" | sort | tr '\n' ' ' >"$W/out"
says '^(LC_ALL|OLDPWD|PATH|PWD|SHLVL|_| )*$' "and no environment of ours"

# ---- those that do not take it ----

# refused: one more record that all want.
refused() {
	commit_as alice c.txt "PAY-2 unapproved"
	push_as alice "$C:main" >/dev/null 2>&1
}
answer otel 401
answer splunk '429 after=77'
echo 75 >"$T/mail-status"
refused
check_not "not all take what there is" 1 tell
says '^otel: 2 wait: it answers with status 401: it does not take'
says '^splunk: 1 wait: it answers with status 429'
says "^mail: 1 wait: '.*sendmail' ends with status 75"
says '^chat: 3 told, none waits' "which holds up nobody else"
check_not "what is secret is not told" 1 grep -q 'SECRET\|token-of' "$W/out"
python3 - "$W/etc/alerts/splunk" <<'PY'
import datetime, json, sys
state = json.load(open(sys.argv[1]))
def at(key):
    return datetime.datetime.fromisoformat(state[key].replace("Z", "+00:00"))
sys.exit((at("not_until") - at("tried")).total_seconds() != 77)
PY
verdict $? "one that says when to come again is left alone until then"
check_not "doctor says so" 1 foureyes doctor
says 'wrong: alerts: otel: .* 2 wait: it answers with status 401.*--test otel'
says 'warning: alerts: splunk: .* 1 wait: .*429'
says 'ok: alerts: siem: told: '
before=$(wc -l <"$T/refused.otel")
refused
check "the clerk's own task does not fail for them" \
    foureyesd clerk --once alert
[ "$(wc -l <"$T/refused.otel")" -eq "$before" ]
verdict $? "and leaves them in peace"
sed -i 's/"not_until":"20[0-9]*/"not_until":"2099/' "$W/etc/alerts/otel"
check "after the clock was set back" foureyesd clerk --once alert
[ "$(wc -l <"$T/refused.otel")" -eq $((before + 1)) ]
verdict $? "nobody waits for years"
answer otel '200 reject=1'
answer splunk 200
echo 0 >"$T/mail-status"
check "they come back" tell
says '^otel: [0-9]+ told, none waits'
foureyes doctor >"$W/out" 2>&1
says 'ok: alerts: otel: .* 0 wait; 1 it says it rejected'
answer otel 200
seqs otel >"$W/have"
check "nothing was left out" in_order 1 "$W/have"
sort -n "$W/have" | uniq -d >"$W/out"
[ ! -s "$W/out" ]
verdict $? "nor told twice, as each answer came"

# What is too much for it: fewer, then one in words.
answer otel '200 most=2400'
for _ in 1 2 3 4 5 6; do
	something
done
check "one that takes little at once" tell otel
seqs otel >"$W/have"
check "has all of it" in_order 1 "$W/have"
tail -6 "$T/got.otel" | jq -r .body | grep -c foureyes.cut >"$W/out"
says '^[1-9]$' "what was too long in words"
answer otel 200

# ---- one that never answers ----

answer chat '200 hang'
refused
foureyesd clerk >"$W/clerk.log" 2>&1 &
clerk=$!
for _ in $(seq 600); do
	[ "$(seqs splunk | tail -1)" = "$(ledger_lines | wc -l)" ] && break
	sleep 0.05
done
seqs splunk | tail -1 >"$W/out"
says "^$(ledger_lines | wc -l)\$" "one that hangs holds up nobody"
[ "$(field chat seq)" -lt "$(field splunk seq)" ]
verdict $? "and is not told meanwhile"
kill "$clerk"
wait "$clerk"
verdict $? "the clerk ends when it is told to"
clerk=
answer chat 200
check "it is told later" tell chat

# ---- killed while a batch is on its way ----

answer otel '200 hang'
something
foureyesd alert --once otel >/dev/null 2>&1 &
teller=$!
for _ in $(seq 600); do
	children=$(cat "/proc/$teller/task/$teller/children" 2>/dev/null)
	[ -n "$children" ] && [ -e "$T/asked.otel" ] && break
	sleep 0.05
done
# shellcheck disable=SC2086  # a list of pids
kill -KILL "$teller" $children 2>/dev/null
wait "$teller" 2>/dev/null
answer otel 200
check "what was killed on its way" tell otel
seqs otel >"$W/have"
check "is told at least once, in order" in_order 1 "$W/have"

# ---- syslog, and nobody there for long ----

kill "$syslog"
wait "$syslog" 2>/dev/null
"$src/build/${VARIANT:-release}/fault/appender" "$W/etc/ledger" 8 250 1 \
    "$W/answered" >/dev/null 2>&1
[ "$(grep -c '^yes' "$W/answered")" -eq 2000 ]
verdict $? "2000 records while rsyslog is away"
check_not "it cannot be told" 1 tell siem
says '^siem: 20[0-9]{2} wait: .*(refused|connect)'
syslog_start
check "it is back" tell siem
says '^siem: [0-9]+ told, none waits'
until_siem "$(ledger_lines | wc -l)"
sed -n 's/^<[0-9]*>1 [^[]*\[foureyes@32473 seq="\([0-9]*\)".*/\1/p' \
    "$T/syslog" >"$W/have"
check "and has all of it, in order" in_order 1 "$W/have"

# Who it is, and who we are.
try() {
	alerts "{$1}"
	check_not "$2" 1 foureyesd alert --test siem
	says "$3"
}
try "$SIEM, ca_file: $T/other-ca.pem" "a certificate of another authority" \
    'its certificate is not taken'
try "name: siem, kind: syslog, url: \"tls://127.0.0.1:$tls_port\", ca_file: $T/siem-ca.pem, certificate: $T/ours.pem, key: $T/ours.key" \
    "a certificate for another name" 'its certificate is not taken: .*mismatch'
try "name: siem, kind: syslog, url: \"tls://localhost:$tls_port\", ca_file: $T/siem-ca.pem" \
    "without ours" "siem: 'tls://localhost"
alerts "{name: near, kind: syslog, url: \"udp://127.0.0.1:$udp_port\"}" "$chat"
check "by UDP, on this machine" foureyesd alert --test near
says '^near: it took a test'
for _ in $(seq 600); do
	grep -q ' test \[foureyes@32473 seq="0"' "$T/syslog" && break
	sleep 0.05
done
grep -c ' foureyes - test \[foureyes@32473 seq="0" ' "$T/syslog" >"$W/out"
says '^1$' "it came, and nothing of what was refused"
check "so does a test for chat" foureyesd alert --test chat
check_not "nobody of that name" 2 foureyesd alert --test nobody

# ---- another ledger in its place ----

alerts "$siem" "$chat"
sed -i 's/"sha256":"[0-9a-f]*"/"sha256":"'"$(printf '%064d' 1)"'"/' \
    "$W/etc/alerts/siem"
check_not "another record than was told last" 1 tell
says '^siem: .*is not in the ledger as it was: foureyes verify'
check_not "doctor says it" 1 foureyes doctor
says 'wrong: alerts: siem: .*foureyes verify'
rm "$W/etc/alerts/siem"
check "who removes the file begins anew" tell siem
says '^siem: [0-9]+ told, none waits'

# ---- an emergency's review falls due ----

port=$(free_port)
echo "receiver: {listen: \"127.0.0.1:$port\"}" >>"$W/plain.yaml"
alerts "$mail" "{name: late, kind: otlp, url: \"$at/late\", records: overdue}"
REVIEW_WITHIN=2s
policy_main </dev/null | use_policy
check "from now on" tell
git_as carol fetch -q origin
git_as carol checkout -q -B fire origin/main
commit_as carol fire.txt "PAY-9 fire

$PLAN"
expect_admitted "an emergency" push_as carol -o emergency=INC-1 \
    -o "reason=the payments of all customers stand still" "$C:main"
foureyesd serve >"$W/serve.log" 2>&1 &
serve=$!
for _ in $(seq 200); do
	[ -s "$T/got.late" ] && break
	sleep 0.05
done
jq -r '.body | fromjson | .resourceLogs[].scopeLogs[].logRecords[].body
    .stringValue' "$T/got.late" >"$W/out"
says '"check":"due.review".*"subject":"payments/main '"$(echo "$C" | cut -c1-12)"'".*"state":"fail"' \
    "when its review falls due, that is told"
for _ in $(seq 600); do
	cat "$T"/mail.* | grep -q '^overdue: ' && break
	sleep 0.05
done
cat "$T"/mail.* | grep '^emergencies: \|^overdue: ' >"$W/out"
says '^emergencies: payments refs/heads/main ADMITTED_AS_EMERGENCY by carol'
says '^overdue: due.review of payments/main '
curl -s "http://127.0.0.1:$port/metrics" >"$W/out"
says '^foureyes_alert_told_total\{to="late"\} 1$' "the metrics have it"
says '^foureyes_alert_failures\{to="mail"\} 0$'
kill "$serve"
wait "$serve"
verdict $? "foureyesd ends when it is told to"
serve=
check "the next look" foureyesd clerk --once
[ "$(wc -l <"$T/got.late")" -eq 1 ]
verdict $? "tells it no second time"
done_testing

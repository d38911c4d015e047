#!/bin/sh
# What is handed over was made to harm, or nobody answers: refused in words, and
# foureyesd goes on.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_cases.sh"
. "$src/tests/real/lib_handover.sh"
handover_site local

# says_to WHAT CASE PATTERN: an answer to that, and foureyesd lives.
# shellcheck disable=SC2016  # the inner shell's
says_to() {
	before=$(grep -c '"outcome":"ADMITTED' "$W"/etc/ledger/*.jsonl)
	python3 "$src/tests/real/handover_parcels.py" "$SOCKET" "$2" "$W/srv" \
	    >"$W/out" 2>&1
	says "$3" "$1"
	check '  foureyesd lives, and nothing was admitted' sh -c '
		kill -0 "$1" && curl -sf -o /dev/null --unix-socket "$2" \
		    http://localhost/healthz &&
		[ "$3" -eq "$(grep -c "\"outcome\":\"ADMITTED" "$4"/etc/ledger/*.jsonl)" ]
	' - "$daemon" "$SOCKET" "$before" "$W"
}

says_to 'rubbish' garbage '^503 '
check '  its log says why' grep -q "not of the form 'foureyes gate 1'" "$W/serve.log"
says_to 'nothing' nothing '^503 '
says_to 'cut off at many places' cut '^none is answered|^cut at'
says_to 'more than may be' huge '^413 |^closed '
says_to 'a hook that there is not' hook '^503 '
says_to 'a push of nobody' session '^404 '
says_to 'an object under the name of another' lie '^503 '
check '  its log says so' grep -q 'its content is not what its name says' "$W/serve.log"
says_to 'another object than was asked for' other '^503 '
says_to 'an object that is not there' twice '^200  foureyes'
says_to 'and its place is gone afterwards' twice '^404 '
says_to 'more pushes than are judged at once' leave '^503 '

if [ "$(id -u)" -eq 0 ]; then
	chmod 711 "$W"
	check_not 'another account by the socket' 22 setpriv --reuid 65534 --clear-groups \
	    curl -sf -o "$W/answer" -X POST --data x --unix-socket "$SOCKET" http://localhost/v1/gate
	setpriv --reuid 65534 --clear-groups curl -s -X POST --data x \
	    --unix-socket "$SOCKET" http://localhost/v1/gate >"$W/out" 2>&1
	says 'no host of receiver.hosts is known|Permission denied|^$'
else
	skip 'another account by the socket' 'needs root'
fi

# The places of those that never came back are free once their time is over.
sleep 6
good one
lands 'a push afterwards' alice one:main

good two
daemon_kill
check_not 'foureyesd was killed' 1 push_as alice two:main
says 'decided by foureyesd \(unix:.*\), and there is no answer'
says 'so it is refused; try again'

# Somebody else sits at the socket: takes it all and never answers, or answers
# what is no answer.
rm -f "$SOCKET"
MORE='deadline: 1s' hook_settings "unix:$SOCKET"
# other_daemon ANSWER
other_daemon() {
	python3 - "$SOCKET" "$1" <<-'PYTHON' &
		import os, socket, sys
		s = socket.socket(socket.AF_UNIX)
		if os.path.exists(sys.argv[1]):
		    os.unlink(sys.argv[1])
		s.bind(sys.argv[1])
		s.listen(5)
		kept = []
		while True:
		    c, _ = s.accept()
		    kept.append(c)
		    c.sendall(sys.argv[2].encode().decode("unicode_escape").encode())
		    if sys.argv[2]:
		        c.close()
	PYTHON
	other=$!
	while [ ! -S "$SOCKET" ]; do sleep 0.05; done
}
other_end() {
	kill "$other"
	wait "$other" 2>/dev/null
	rm -f "$SOCKET"
}
for case in '@nothing at all@no answer in time' 'HTTP/1.1 200 OK\r\n@cut off@without an answer|Connection reset|Broken pipe' \
    'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes@no parcel@not of the form|Connection reset|Broken pipe' \
    'SSH-2.0\r\n\r\n@no HTTP@is no foureyesd|Connection reset|Broken pipe'; do
	other_daemon "${case%%@*}"
	rest=${case#*@}
	check_not "somebody else answers: ${rest%%@*}" 1 push_as alice two:main
	says "${rest#*@}"
	says 'so it is refused'
	other_end
done
rm -f "$SOCKET"
daemon_start
lands 'and lands when foureyesd is back' alice two:main
check 'the log is whole' foureyes verify
done_testing

#!/bin/sh
# A hook that misses facts has foureyesd look again: an approval that stands at
# the forge alone lets a real push through, and what cannot be asked is said.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_forge.sh
. "$src/tests/real/lib_forge.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"

site local
forge_site approvals
# shellcheck disable=SC2119  # as it is
receiver_start

change_as alice approved
at_forge 7 "$C" APPROVED@5
expect_admitted 'a yes that only the forge knows lets a push through' \
    push_as alice approved:main
check 'it stands in the log as told when asked' grep -q \
    '"kind":"approval","source":"hub".*"via":"ask".*"decision":"approve"' \
    "$W"/etc/ledger/*.jsonl
n=$(records observation)
check 'the same is asked by hand' foureyesd look payments "$C"
says '"stored":0' 'and is stored once'
[ "$(records observation)" -eq "$n" ]
verdict $? 'as the log says'

change_as alice nobody
at_forge 8 "$C"
expect_refused peer.none 'nobody said yes' push_as alice nobody:main
! grep -q 'could not be asked' "$W/out"
verdict $? 'and everybody was asked'

# With the facts at hand nobody is asked.
good known
rm -f "$F/asked"
expect_admitted 'a signed yes needs no forge' push_as alice known:main
[ ! -e "$F/asked" ]
verdict $? 'and none is asked'
change_as alice secret-one secret.txt "PAY-1 a key

$PLAN"
openssl genrsa 2048 >"$W/alice/secret.txt" 2>"$W/out"
git_as alice add -A
git_as alice commit -q -m "PAY-1 a key

$PLAN"
expect_refused secret.found 'what no forge can help with' \
    push_as alice secret-one:main
[ ! -e "$F/asked" ]
verdict $? 'is not asked about'

change_as alice late
at_forge 9 "$C" APPROVED@5
forge_lies 'stall * 30'
expect_refused peer.none 'a forge that stalls lets nothing through' \
    push_as alice late:main
says 'a forge could not be asked: hub: could not check' 'and that is said'
forge_lies 'status */reviews* 502'
expect_refused peer.none 'nor does half an answer' push_as alice late:main
says 'a forge could not be asked: hub: could not check.*' 'as it is said'
forge_lies
receiver_stop
expect_refused peer.none 'foureyesd is down' push_as alice late:main
says 'foureyesd could not be asked: ' 'which has words of its own'

# Something that is no foureyesd.
rm -f "$W/foureyesd.sock"
python3 - "$W/foureyesd.sock" <<'PYTHON' &
import socket, sys
path = sys.argv[1]
s = socket.socket(socket.AF_UNIX)
s.bind(path)
s.listen(5)
while True:
    c, _ = s.accept()
    c.recv(65536)
    c.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n{"stored":1,')
    c.close()
PYTHON
server_pids="$server_pids $!"
for _ in $(seq 50); do
	[ ! -S "$W/foureyesd.sock" ] || break
	sleep 0.1
done
expect_refused peer.none 'half an answer of foureyesd' push_as alice late:main
says 'foureyesd could not be asked: it gave half an answer' 'is none'

done_testing

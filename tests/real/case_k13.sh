#!/bin/sh
# Kind K13: copies, order, size and framing of deliveries.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"
export CASES PORTS ROUND

receiver_site
receiver_start

begin=$(stored)
CASES='n01'
python_taps case_k13.py
check "N01 one record of it" [ "$(stored)" -eq $((begin + 1)) ]
receiver_stop
receiver_start
CASES='n01_again'
python_taps case_k13.py
check "N01 still one" [ "$(stored)" -eq $((begin + 1)) ]

# A second receiver with the same ledger.
first=$receiver
PORTS=$RECEIVER_PORT
cp -R "$W/etc" "$W/etc2"
RECEIVER_PORT=$(free_port)
sed "s/$PORTS/$RECEIVER_PORT/; s|foureyesd.sock|second.sock|" \
    "$W/etc/foureyes.yaml" >"$W/etc2/foureyes.yaml"
HEALTH=http://127.0.0.1:$RECEIVER_PORT/healthz
FOUREYES_CONFIG=$W/etc2 receiver_start
begin=$(stored)
PORTS="$PORTS $RECEIVER_PORT"
CASES=n03
for ROUND in 1 2 3 4 5; do
	python_taps case_k13.py
done
PORTS=$RECEIVER_PORT
for ROUND in 6 7 8; do
	python_taps case_k13.py
done
check "N03 one record a round" [ "$(stored)" -eq $((begin + 8)) ]
receiver_stop
receiver=$first
RECEIVER_PORT=${HTTP##*:}

begin=$(stored)
CASES='n06'
python_taps case_k13.py
check "N06 one record each" [ "$(stored)" -eq $((begin + 3)) ]
memory() {
	[ "$(awk '/VmHWM/ { print $2 }' "/proc/$receiver/status")" -le 262144 ]
}
[ "${VARIANT:-release}" = san ] ||
    check "N06 within 256 MB" memory

begin=$(stored)
CASES='n08 others'
python_taps case_k13.py
check "N08 what was refused is not stored" [ "$(stored)" -eq $((begin + 7)) ]
receiver_stop
check "the ledger is whole" foureyes verify "$W/etc/ledger" --chain
done_testing

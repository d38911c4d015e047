#!/bin/sh
# K14, forges that answer half, otherwise, or not at all: cases.md O01, O03, O04
# and O05, by real pushes.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_forge.sh
. "$src/tests/real/lib_forge.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"

site local
forge_site approvals
# shellcheck disable=SC2119  # as it is
receiver_start
# A page of GitHub's is 30 by default; it is at most 100, and may be less.
echo 30 >"$F/page-size"

# api_at ADDRESS: where the forge is asked from now on.
api_at() {
	sed "s|api: .*|api: $1|" "$W/foureyes.yaml" >"$W/etc/foureyes.yaml"
	receiver_stop
	# shellcheck disable=SC2119  # as it is
	receiver_start
}

change_as alice o01-objection
at_forge 1 "$C" APPROVED@5 CHANGES_REQUESTED@35
expect_refused peer.objection 'O01: an objection on page 2 is read' \
    push_as alice o01-objection:main
change_as alice o01-approval
at_forge 2 "$C" APPROVED@35
forge_lies 'status */reviews*page=2* 502'
expect_refused peer.none 'O01: page 2 answers 502: an incomplete answer is none' \
    push_as alice o01-approval:main
says 'could not check' 'and it is said that it could not be checked'
says 'retry after' 'and when to try again'
[ "$(cat "$W"/etc/ledger/*.jsonl | grep -c '"request":"2"')" -eq 0 ] ||
    ! cat "$W"/etc/ledger/*.jsonl | grep '"request":"2"' |
    grep -q '"kind":"approval"'
verdict $? 'and nothing of page 1 is kept'
forge_lies
expect_admitted 'O01: an approval on page 2 counts' \
    push_as alice o01-approval:main

change_as alice o01-short
at_forge 3 "$C" APPROVED@5
forge_lies 'elsewhere */reviews* http://127.0.0.1:1/'
expect_refused peer.none 'O01+: the next page is somewhere else' \
    push_as alice o01-short:main
says 'not where .api. is' 'as it says'
forge_lies 'endless */reviews*'
expect_refused peer.none 'O01+: there is always a next page' \
    push_as alice o01-short:main

change_as alice o03
at_forge 4 "$C" APPROVED@5
for lie in 'spent * ' 'status * 500' 'stall * 20' 'html * ' 'cut * ' \
    'redirect * http://127.0.0.1:1/' 'later * 90' 'deep * ' 'status * 404'; do
	forge_lies "$lie"
	expect_refused peer.none "O03: ${lie%% *}: could not check" \
	    push_as alice o03:main
	says 'a forge could not be asked: hub: could not check' 'is said so'
	tr '\n' ' ' <"$W/out" | grep -Eq 'retry +(remote: +)?after|retry.*after'
	verdict $? 'and when to try again'
done
forge_lies
expect_admitted 'O03: and then it answers' push_as alice o03:main

# O03: a certificate that nobody vouches for.
stop_servers
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$W/tls.key" \
    -out "$W/tls.pem" -days 2 -subj /CN=127.0.0.1 \
    -addext subjectAltName=IP:127.0.0.1 >"$W/out" 2>&1
forge_start tls --tls "$W/tls.pem" "$W/tls.key"
api_at "https://127.0.0.1:$FORGE_PORT"
change_as alice o03-tls
at_forge 5 "$C" APPROVED@5
expect_refused peer.none 'O03: a certificate that is not trusted' \
    push_as alice o03-tls:main
says 'could not check' 'is no answer'
[ ! -s "$F/asked" ]
verdict $? 'and no token was sent there'

# O04: there is no request at the forge, and somebody said yes here.
forge_start again
api_at "http://127.0.0.1:$FORGE_PORT"
change_as alice o04
echo "{\"sha\": \"$C\"}" | forge_says "$A/commits/$C"
echo '[]' | forge_says "$A/commits/$C/pulls"
echo '[]' | forge_says "$A/pulls"
expect_refused peer.none 'O04: no request, and nobody said yes' \
    push_as alice o04:main
! grep -q 'could not' "$W/out"
verdict $? 'which is no failure of the forge'
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted 'O04: a signed approval here is enough' push_as alice o04:main

# O05: merging is not approving.
change_as alice o05
STATE=closed at_forge 6 "$C"
sed -i 's/"merged_at": null/"merged_at": "2026-01-02T03:04:05Z", "merged_by": {"login": "bob", "id": 2}/' "$F/get$A/commits/$C/pulls.json"
expect_refused peer.none 'O05: merged by bob, reviewed by nobody' \
    push_as alice o05:main
at_forge 7 "$C" COMMENTED@3
expect_refused peer.none 'O05: a remark by bob is no yes' push_as alice o05:main
done_testing

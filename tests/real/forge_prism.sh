#!/bin/sh
# Each request that is made of GitHub is one that GitHub documents: its own
# OpenAPI description (npm's @octokit/openapi), served by Prism, which refuses
# every path, parameter, header and body that does not stand there.
set -u
src=${FOUREYES_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$src" || exit 3
asker=build/${VARIANT:-release}/test/asker
prism=build/forge/node_modules/.bin/prism
api=build/forge/node_modules/@octokit/openapi/generated/api.github.com.json
[ -x "$asker" ] || {
	echo "1..0 # SKIP there is no $asker: make tests"
	exit 0
}
if [ ! -x "$prism" ] || [ ! -f "$api" ]; then
	echo "1..0 # SKIP there is no Prism: contrib/install-deps.sh forge"
	exit 0
fi
W=$(mktemp -d)
port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
NO_COLOR=1 node "$prism" mock --errors --seed foureyes -h 127.0.0.1 -p "$port" "$api" \
    >"$W/log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null; wait $pid 2>/dev/null; rm -rf "$W"' EXIT
trap 'exit 1' HUP INT TERM
for _ in $(seq 400); do
	grep -q 'Prism is listening' "$W/log" && break
	kill -0 "$pid" 2>/dev/null || break
	sleep 0.1
done
n=0
failures=0
verdict() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
		return
	fi
	echo "not ok $n - $2"
	cat "$W/said" "$W/part" | cut -c1-300 | sed 's/^/# /'
	failures=$((failures + 1))
}

# asks WHAT PATTERN... -- KIND QUESTION REPOSITORY [SUBJECT]: exactly these
# requests are made, and each is documented.
asks() {
	what=$1
	shift
	: >"$W/wanted"
	while [ "$1" != -- ]; do
		echo "$1" >>"$W/wanted"
		shift
	done
	shift
	kind=$1
	shift
	lines=$(wc -l <"$W/log")
	# Where something is behind the host, nothing is added there.
	"$asker" "$kind" "http://127.0.0.1:$port/." "$@" >"$W/said" 2>&1
	sleep 0.2
	tail -n "+$((lines + 1))" "$W/log" >"$W/part"
	bad=0
	! grep -Eq 'did not pass|NO_PATH|NO_METHOD|No path|Violation|UNPROCESS' "$W/part" || bad=1
	while read -r pattern; do
		grep -Eq "$pattern" "$W/part" || bad=1
	done <"$W/wanted"
	verdict "$bad" "$what"
}

grep -q 'Prism is listening' "$W/log"
verdict $? 'the description is served'
S=6dcb09b5b57875f334f61aebed695e2e4193db5e
R=/repos/acme/pay
# What it would say to a request that GitHub does not document.
curl -s -X POST -H 'Content-Type: application/json' -H 'Authorization: Bearer x' \
    -d '{"state": "well"}' "http://127.0.0.1:$port$R/statuses/$S" |
    grep -q UNPROCESSABLE
verdict $? 'a body that does not fit is refused'
asks 'requests of a commit' "get $R/commits/$S " "get $R/commits/$S/pulls " \
    -- github of acme/pay "$S"
asks 'one request' "get $R/pulls/7 " -- github request acme/pay 7
asks 'what people said of it' "get $R/pulls/7/reviews " \
    -- github reviews acme/pay 7
asks 'statuses and checks' "get $R/commits/$S/status " \
    "get $R/commits/$S/check-runs " -- github statuses acme/pay "$S"
D=a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d
asks 'deployments, and how they went' "get $R/deployments " \
    "get $R/deployments/1/statuses " -- github deployments acme/pay "$D"
asks 'open requests' "get $R/pulls " -- github open acme/pay
asks 'what protects a branch' "get $R/rules/branches/main " \
    "get $R/branches/main/protection " \
    -- github protection acme/pay refs/heads/main
asks 'a status is set' "post $R/statuses/$S " -- github post acme/pay "$S"
asks 'an App asks for its token' "get $R/installation " \
    'post /app/installations/1/access_tokens ' -- app token acme/pay
asks 'deliveries of late' "get $R/hooks " "get $R/hooks/[0-9]+/deliveries " \
    -- github deliveries acme/pay \
    ''
echo "1..$n"
[ "$failures" -eq 0 ]

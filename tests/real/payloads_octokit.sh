#!/bin/sh
# What GitHub documents that it sends (npm's @octokit/webhooks-examples), and,
# where they lie, payloads that were recorded of other forges: each is read, or
# is ignored for a reason.
set -u
src=${FOUREYES_SRC:-$(cd "$(dirname "$0")/../.." && pwd)}
cd "$src" || exit 3

reader=build/${VARIANT:-release}/test/payload_reader
examples=build/forge/node_modules/@octokit/webhooks-examples
recorded=${FOUREYES_SHARED:-../shared/data}/payloads
[ -x "$reader" ] || {
	echo "1..0 # SKIP there is no $reader: make tests"
	exit 0
}
set --
[ -d "$examples" ] && set -- "$@" "$examples"
[ -d "$recorded" ] && set -- "$@" "$recorded"
[ $# -gt 0 ] || {
	echo "1..0 # SKIP there are no examples: contrib/install-deps.sh forge"
	exit 0
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 tests/payloads/recorded.py "$reader" "$work" "$@"

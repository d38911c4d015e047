#!/bin/sh
# Other people's Git: JGit and dulwich push, and are refused and admitted alike.
. "$(dirname "$0")/lib.sh"
site http

jgit_push() {
	(cd "$W/alice" && jgit push "$(url_for alice)" "$1")
}

dulwich_push() {
	(cd "$W/alice" && python3 - "$(url_for alice)" "$1" <<'PY'
import sys
from dulwich import porcelain
from dulwich.errors import GitProtocolError
url, spec = sys.argv[1:]
try:
    porcelain.push(".", url, spec.encode(), errstream=sys.stderr.buffer)
except (GitProtocolError, porcelain.Error) as error:
    sys.exit(str(error))
PY
	)
}

# try_client NAME FUNCTION: one refused and one admitted push.
try_client() {
	change_as alice "$1"
	"$2" "refs/heads/$1:refs/heads/main" >"$W/out" 2>&1
	check "$1: a change nobody approved does not land" \
	    [ "$(on_server rev-parse main)" != "$C" ]
	approve_as bob "$C" >"$W/out" 2>&1
	"$2" "refs/heads/$1:refs/heads/main" >"$W/out" 2>&1
	[ "$(on_server rev-parse main)" = "$C" ]
	verdict $? "$1: approved, it lands"
}

if command -v jgit >/dev/null; then
	try_client jgit jgit_push
else
	skip "jgit" "no jgit; contrib/install-deps.sh foreign"
fi
if python3 -c 'import dulwich' 2>/dev/null; then
	try_client dulwich dulwich_push
else
	skip "dulwich" "no dulwich; contrib/install-deps.sh foreign"
fi
done_testing

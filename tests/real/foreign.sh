#!/bin/sh
# Other people's Git: JGit and dulwich push, and are refused and admitted alike.
. "$(dirname "$0")/lib.sh"
site http

# Debian's jgit leaves parts out of its class path that it asks for itself, and
# takes a password from .netrc only.
jgit_parts() {
	printf '%s:' /usr/share/java/org.eclipse.jgit.*.jar \
	    /usr/share/java/httpc*.jar /usr/share/java/commons-*.jar
}

jgit_push() {
	echo "machine 127.0.0.1 login alice password secret-of-alice" \
	    >"$HOME/.netrc"
	(cd "$W/alice" && JGIT_CLASSPATH=$(jgit_parts) \
	    JAVA_TOOL_OPTIONS=-Duser.home=$HOME jgit push "$(url_for alice)" "$1")
}

dulwich_push() {
	(cd "$W/alice" && /usr/bin/python3 - "$(url_for alice)" "$1" <<'PY'
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
	says 'foureyes: .*peer\.none: ' "$1: the pusher is told why not"
	check "$1: and it does not land" \
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
if /usr/bin/python3 -c 'import dulwich' 2>/dev/null; then
	try_client dulwich dulwich_push
else
	skip "dulwich" "no dulwich; contrib/install-deps.sh foreign"
fi
done_testing

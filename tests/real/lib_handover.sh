# shellcheck shell=sh
# lib_handover.sh - a gate elsewhere, for handover*.sh; read after lib.sh.
#
#	handover_site [DOOR]	site(), and then: foureyesd keeps the ledger and
#				judges; the hooks of $REPO hand over to it
#	hook_settings GATE	foureyes.yaml of the hooks, in $W/hooks
#	daemon_settings		foureyes.yaml of foureyesd, with $HOSTS
#	daemon_start, daemon_stop, daemon_kill
daemon=
SOCKET=$W/foureyesd.sock

hook_settings() {
	pusher=
	[ "$DOOR" != local ] || pusher=', pusher: TEST_PUSHER'
	mkdir -p "$W/hooks"
	cat >"$W/hooks/foureyes.yaml" <<-YAML
		version: 1
		gate: $1
		server: {kind: $DOOR, root: $W/srv$pusher}
		${MORE:-}
	YAML
}

daemon_settings() {
	settings_yaml
	cat <<-YAML
		receiver:
		  listen: "127.0.0.1:$PORT"
		  socket: $SOCKET
		  ${TLS:-}
		  ${HOSTS:-}
	YAML
}

daemon_start() {
	foureyesd --config "$W/etc" serve >>"$W/serve.log" 2>&1 &
	daemon=$!
	for _ in $(seq 100); do
		[ -S "$SOCKET" ] && curl -s -o /dev/null \
		    --unix-socket "$SOCKET" http://localhost/healthz && return 0
		kill -0 "$daemon" 2>/dev/null || break
		sleep 0.05
	done
	sed 's/^/# /' "$W/serve.log"
	echo "Bail out! foureyesd did not start"
	exit 3
}

daemon_stop() {
	[ -z "$daemon" ] || kill -TERM "$daemon" 2>/dev/null
	wait "$daemon" 2>/dev/null
	daemon=
}

daemon_kill() {
	[ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
	wait "$daemon" 2>/dev/null
	daemon=
}
trap 'daemon_kill; finish' EXIT

# hand_over REPO: its hooks are those of $W/hooks from now on.
hand_over() {
	{
		foureyes uninstall "$1" &&
		    foureyes --config "$W/hooks" install "$1"
	} >"$W/out" 2>&1 || {
		sed 's/^/# /' "$W/out"
		echo "Bail out! the hooks were not put in"
		exit 3
	}
}

# shellcheck disable=SC2120  # has a default
handover_site() {
	site "${1:-local}"
	PORT=$(free_port)
	daemon_settings >"$W/etc/foureyes.yaml"
	hook_settings "unix:$SOCKET"
	hand_over "$W/srv/$REPO.git"
	daemon_start
}

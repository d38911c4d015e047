# shellcheck shell=sh disable=SC2154
# lib_shared.sh - one PostgreSQL and the nodes that share its ledger, for
# shared*.sh; read after lib.sh and lib_handover.sh.
#
#	database_make		a database on a socket in a directory of its own
#	database_start, database_stop, database_kill
#	sql TEXT		as its owner
#	share			the ledger of site() goes there; $W/etc is node a
#	node_make NAME		one more, with configuration $W/NAME and the same
#				repositories, as of a storage they share
#	node_start NAME, node_stop NAME
#	push_by NAME PERSON ARGUMENT...	a push that this node takes
PG=/usr/lib/postgresql/15/bin
postmaster=

# PostgreSQL does not run as root.
AS_POSTGRES=
[ "$(id -u)" -ne 0 ] ||
    AS_POSTGRES='setpriv --reuid postgres --regid postgres --clear-groups'

database_make() {
	[ -x "$PG/postgres" ] || skip_all "needs PostgreSQL 15"
	chmod 711 "$W"
	mkdir -m 755 "$W/db"
	[ "$(id -u)" -ne 0 ] || chown postgres:postgres "$W/db"
	# shellcheck disable=SC2086  # a command and its options
	$AS_POSTGRES "$PG/initdb" -D "$W/db/data" -U foureyes -A trust \
	    --no-sync --no-locale -E UTF8 >"$W/db.log" 2>&1 || {
		sed 's/^/# /' "$W/db.log"
		echo "Bail out! no database was made"
		exit 3
	}
	database_start
	createdb -h "$W/db" -U foureyes foureyes
}

database_start() {
	# shellcheck disable=SC2086  # a command and its options
	$AS_POSTGRES "$PG/postgres" -D "$W/db/data" -k "$W/db" -h '' \
	    -c shared_buffers=16MB -c max_connections=30 \
	    >>"$W/db.log" 2>&1 </dev/null &
	postmaster=$!
	for _ in $(seq 200); do
		psql -X -q -h "$W/db" -U foureyes -c 'select 1' postgres \
		    >/dev/null 2>&1 && return 0
		kill -0 "$postmaster" 2>/dev/null || break
		sleep 0.05
	done
	sed 's/^/# /' "$W/db.log"
	echo "Bail out! PostgreSQL did not start"
	exit 3
}

# database_stop [SIGNAL]: QUIT is at once, and without a goodbye.
database_stop() {
	[ -z "$postmaster" ] || kill "-${1:-INT}" "$postmaster" 2>/dev/null
	wait "$postmaster" 2>/dev/null
	postmaster=
}

# Nobody of it gets to say goodbye.
database_kill() {
	kill -STOP "$postmaster"
	# shellcheck disable=SC2046  # words
	kill -KILL $(cat "/proc/$postmaster/task/$postmaster/children") \
	    "$postmaster" 2>/dev/null
	wait "$postmaster" 2>/dev/null
	postmaster=
}

sql() {
	psql -X -q -A -t -h "$W/db" -U foureyes -v ON_ERROR_STOP=1 -c "$1" foureyes
}

DATABASE_URL="postgresql://foureyes@/foureyes?host=$W/db"

# node_settings NAME ROOT
node_settings() {
	cat <<-YAML
		version: 1
		origin: example.com/foureyes
		ledger: "$DATABASE_URL"
		ledger_copy: $W/$1/ledger
		node: $1
		index: $W/$1/index.db
		seal_key: $W/$1/seal.key
		gate: unix:$W/$1.sock
		server: {kind: local, root: $2, pusher: TEST_PUSHER}
		receiver:
		  socket: $W/$1.sock
		  sources:
		    hub: {kind: github, secret_files: [$W/hub], repositories: {"acme/*": "*"}}
	YAML
}

# The hooks read node a's own configuration: it says where they hand over.
share() {
	(umask 077 && printf 'the secret of the hub' >"$W/hub")
	node_settings etc "$W/srv" >"$W/etc/foureyes.yaml"
	foureyesd ledger create >"$W/out" 2>&1 || {
		sed 's/^/# /' "$W/out"
		echo "Bail out! the ledger did not go into the database"
		exit 3
	}
	node_start etc
}

node_make() {
	mkdir "$W/$1" "$W/hooks_$1"
	cp "$W/etc/policy.yaml" "$W/etc/people.yaml" "$W/$1/"
	node_settings "$1" "$W/srv" >"$W/$1/foureyes.yaml"
	for hook in "$W/srv/$REPO.git/hooks"/*; do
		sed "s,^config .*,config $W/$1," "$hook" \
		    >"$W/hooks_$1/$(basename "$hook")"
	done
	chmod +x "$W/hooks_$1"/*
	node_start "$1"
}

push_by() {
	by=$1
	shift
	pushes=$1
	shift
	git_as "$pushes" push \
	    --receive-pack="git -c core.hooksPath=$W/hooks_$by receive-pack" \
	    origin "$@"
}

# told_to NAME DELIVERY: a request is opened; says the status.
told_to() {
	printf '{"action":"opened","number":1,"pull_request":{"id":1,"number":1,"state":"open","title":"One","user":{"login":"alice","id":1,"type":"User"},"body":"","merged_at":null,"draft":false,"head":{"ref":"one","sha":"%s"},"base":{"ref":"main","sha":"%s"}},"repository":{"id":77,"name":"%s","full_name":"acme/%s","default_branch":"main"},"sender":{"login":"alice","id":1,"type":"User"}}' \
	    "$C" "$C" "$REPO" "$REPO" >"$W/payload"
	signature=$(openssl dgst -sha256 -mac HMAC -macopt \
	    "key:$(cat "$W/hub")" -r <"$W/payload" | cut -d' ' -f1)
	curl -s -o "$W/told" -w '%{http_code}' --unix-socket "$W/$1.sock" \
	    -H 'Content-Type: application/json' -H 'X-GitHub-Event: pull_request' \
	    -H "X-GitHub-Delivery: $2" \
	    -H "X-Hub-Signature-256: sha256=$signature" \
	    --data-binary "@$W/payload" http://localhost/hooks/hub
}

node_start() {
	foureyesd --config "$W/$1" serve >>"$W/serve-$1.log" 2>&1 &
	eval "node_$1=$!"
	for _ in $(seq 100); do
		[ -S "$W/$1.sock" ] && curl -s -o /dev/null --unix-socket \
		    "$W/$1.sock" http://localhost/healthz && return 0
		eval "kill -0 \$node_$1" 2>/dev/null || break
		sleep 0.05
	done
	sed 's/^/# /' "$W/serve-$1.log"
	echo "Bail out! foureyesd of $1 did not start"
	exit 3
}

# node_stop NAME [SIGNAL]
node_stop() {
	eval "stopped=\${node_$1:-}"
	[ -z "$stopped" ] || kill "-${2:-TERM}" "$stopped" 2>/dev/null
	[ -z "$stopped" ] || wait "$stopped" 2>/dev/null
	eval "node_$1="
}

shared_over() {
	for node in etc ${NODES:-}; do
		node_stop "$node" KILL
	done
	database_stop QUIT
	finish
}
trap shared_over EXIT

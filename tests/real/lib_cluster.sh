# shellcheck shell=sh disable=SC2154
# lib_cluster.sh - machines on a network of their own, and a PostgreSQL with a
# synchronous standby among them, for cluster*.sh; read after lib.sh.
#
#	own_network SCRIPT [WORD]	the script goes on in a network that is
#					nobody else's, where that can be had;
#					$NETWORK is `yes` or why not
#	machine NAME ADDRESS		one more on it, with files of its own in
#					$W/NAME; without a network the loopback
#					stands for all of them
#	home_of NAME			what it calls the directory of its files:
#					$W/here on each, or $W/NAME without a
#					network
#	on NAME COMMAND...		run there; paths are absolute
#	link_cut NAME, link_mend NAME
#
#	cluster_can			is there a PostgreSQL 15? says why not
#	database_primary NAME		made and started there
#	database_standby NAME OF	a copy that follows, and that the other
#					waits for
#	database_kill NAME		every process of it, at once
#	database_promote NAME
#	sql NAME SQL			as who owns the database
#
# A machine is a network and a mount namespace held by a process, with one link
# to a bridge in the namespace of the script: nothing of this machine's network
# is touched, and all of it is gone when the processes are.  An ordinary user
# has them in a user namespace that maps him to himself.
#
# PostgreSQL does not run as root: there it runs as `postgres`.

PG=/usr/lib/postgresql/15/bin
holders=

cluster_can() {
	[ -x "$PG/postgres" ] || {
		echo "no PostgreSQL 15; contrib/install-deps.sh servers"
		return 1
	}
}

network_can() {
	command -v ip >/dev/null || {
		echo "no ip; contrib/install-deps.sh servers"
		return 1
	}
	# shellcheck disable=SC2016  # for the shell that is started
	own_namespaces sh -c 'ip link add fe0 type bridge &&
	ip link add fe1 type veth peer name fe2 &&
	unshare --net --mount mount --bind "$1" "$1"' network "$W" \
	    >"$W/network.log" 2>&1 || {
		echo "this machine lets us make no network:" \
		    "$(head -1 "$W/network.log")"
		return 1
	}
}

own_namespaces() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare --net "$@"
	else
		unshare --net --map-current-user --keep-caps "$@"
	fi
}

own_network() {
	if [ "${2:-}" = inside ]; then
		NETWORK=yes
		ip link set lo up
		ip link add fe0 type bridge
		ip address add 10.77.0.254/24 dev fe0
		ip link set fe0 up
		return 0
	fi
	if NETWORK=$(network_can); then
		TEST_DIR=$W own_namespaces sh "$1" inside
		exit $?
	fi
}

# machine NAME ADDRESS
machine() {
	mkdir -p "$W/$1" "$W/here"
	if [ "$NETWORK" != yes ]; then
		eval "address_$1=127.0.0.1 holder_$1="
		return 0
	fi
	# shellcheck disable=SC2016  # for the shell that is started
	unshare --net --mount sh -c 'mount --bind "$1" "$2" && : >"$1/is-there" &&
	    exec sleep 300' machine "$W/$1" "$W/here" >"$W/$1.log" 2>&1 </dev/null &
	holder=$!
	holders="$holders $holder"
	for _ in $(seq 200); do
		[ ! -e "$W/$1/is-there" ] || break
		sleep 0.01
	done
	ip link add "to-$1" type veth peer name eth0 netns "$holder"
	ip link set "to-$1" master fe0 up
	eval "address_$1=$2 holder_$1=$holder"
	on "$1" ip link set lo up
	on "$1" ip address add "$2/24" dev eth0
	on "$1" ip link set eth0 up
}

address_of() {
	eval "echo \"\$address_$1\""
}

# home_of NAME: where its own files are, for who runs there.
home_of() {
	if [ "$NETWORK" = yes ]; then
		echo "$W/here"
	else
		echo "$W/$1"
	fi
}

on() {
	eval "there=\${holder_$1:-}"
	shift
	if [ -n "$there" ]; then
		nsenter --root --net --mount --target "$there" "$@"
	else
		"$@"
	fi
}

# on_and_stay NAME COMMAND...: the last thing that a shell does.
on_and_stay() {
	eval "there=\${holder_$1:-}"
	shift
	[ -z "$there" ] || exec nsenter --root --net --mount --target "$there" "$@"
	exec "$@"
}

link_cut() {
	ip link set "to-$1" down
}
link_mend() {
	ip link set "to-$1" up
}

machines_gone() {
	for pid in $holders; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	holders=
}

# ---- PostgreSQL ----

# It does not run as root.
AS_POSTGRES=
[ "$(id -u)" -ne 0 ] ||
    AS_POSTGRES='setpriv --reuid postgres --regid postgres --clear-groups'

port_of() {
	eval "echo \"\$port_$1\""
}

# database_place NAME: its directory, and that of its socket.
database_place() {
	mkdir -p "$W/db"
	chmod 711 "$W"
	chmod 755 "$W/db"
	mkdir -m 700 "$W/db/$1" "$W/db/$1.s"
	[ "$(id -u)" -ne 0 ] ||
	    chown postgres:postgres "$W/db/$1" "$W/db/$1.s"
	if [ "$NETWORK" = yes ]; then
		eval "port_$1=5432"
	else
		eval "port_$1=$(free_port)"
	fi
	database_certificate "$1"
}

# page_block LANGUAGE N: the N-th such block of docs/servers/cluster.md.
page_block() {
	awk -v begin="\`\`\`$1" -v wanted="$2" '
	$0 == "```" { inside = 0 }
	inside { print }
	$0 == begin { inside = ++count == wanted }' \
	    "$src/docs/servers/cluster.md"
}

# A certificate for its address, which is also what nodes trust.
database_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -days 2 -subj "/CN=$1" \
	    -addext "subjectAltName=IP:$(address_of "$1")" \
	    -keyout "$W/db/$1.key" -out "$W/db/$1.pem" 2>"$W/openssl.log"
	cat "$W/db/$1.pem" >>"$W/db/ca.pem"
	chmod 600 "$W/db/$1.key"
	chmod 644 "$W/db/$1.pem" "$W/db/ca.pem"
	[ "$(id -u)" -ne 0 ] || chown postgres:postgres "$W/db/$1.key"
}

# database_conf NAME: what is said of each of them.
database_conf() {
	cat >"$W/conf" <<-CONF
		listen_addresses = '$(address_of "$1")'
		port = $(port_of "$1")
		unix_socket_directories = '$W/db/$1.s'
		shared_buffers = 16MB
		max_connections = 40
		synchronous_standby_names = ''
		ssl = on
		ssl_cert_file = '$W/db/$1.pem'
		ssl_key_file = '$W/db/$1.key'
	CONF
	page_block ini 1 >>"$W/conf"
	# shellcheck disable=SC2086  # a command and its options
	$AS_POSTGRES tee -a "$W/db/$1/postgresql.auto.conf" <"$W/conf" >/dev/null
}

# database_start NAME: until it answers.
database_start() {
	# shellcheck disable=SC2086  # a command and its options
	on_and_stay "$1" $AS_POSTGRES "$PG/postgres" -D "$W/db/$1" \
	    >>"$W/db-$1.log" 2>&1 </dev/null &
	started=$!
	eval "postmaster_$1=$started"
	for _ in $(seq 300); do
		sql "$1" 'select 1' >/dev/null 2>&1 && return 0
		kill -0 "$started" 2>/dev/null || break
		sleep 0.05
	done
	sed 's/^/# /' "$W/db-$1.log"
	echo "Bail out! PostgreSQL did not start"
	exit 3
}

# sql NAME SQL [OPTION]...: by its socket, as its superuser.
sql() {
	asked=$1
	said=$2
	shift 2
	psql -X -q -A -t -h "$W/db/$asked.s" -p "$(port_of "$asked")" -U postgres \
	    -v ON_ERROR_STOP=1 "$@" -c "$said" "${IN:-postgres}"
}

# sql_file NAME: what stands on standard input, a statement after the other.
sql_file() {
	psql -X -q -h "$W/db/$1.s" -p "$(port_of "$1")" -U postgres \
	    -v ON_ERROR_STOP=1 -f - "${IN:-postgres}"
}

database_primary() {
	database_place "$1"
	# shellcheck disable=SC2086  # a command and its options
	$AS_POSTGRES "$PG/initdb" -D "$W/db/$1" -U postgres -A trust --no-sync \
	    --no-locale -E UTF8 --no-instructions >"$W/db-$1.log" 2>&1 || {
		sed 's/^/# /' "$W/db-$1.log"
		echo "Bail out! no database was made"
		exit 3
	}
	cat >"$W/hba" <<-CONF
		local all postgres trust
		hostssl foureyes foureyes samenet scram-sha-256
		hostssl replication replicator samenet scram-sha-256
	CONF
	# shellcheck disable=SC2086  # a command and its options
	$AS_POSTGRES tee "$W/db/$1/pg_hba.conf" <"$W/hba" >/dev/null
	database_conf "$1"
	database_start "$1"
	sql "$1" "create role replicator login replication password 'follows'"
}

database_standby() {
	database_place "$1"
	# shellcheck disable=SC2086  # a command and its options
	PGPASSWORD=follows on "$1" $AS_POSTGRES "$PG/pg_basebackup" \
	    -D "$W/db/$1" --no-sync -c fast -X stream -R \
	    -d "host=$(address_of "$2") port=$(port_of "$2") user=replicator application_name=$1" \
	    >"$W/db-$1.log" 2>&1 || {
		sed 's/^/# /' "$W/db-$1.log"
		echo "Bail out! no copy of the database was made"
		exit 3
	}
	database_conf "$1"
	database_start "$1"
	sql "$2" "alter system set synchronous_standby_names = '$1'"
	sql "$2" 'select pg_reload_conf()' >/dev/null
	for _ in $(seq 100); do
		[ "$(sql "$2" 'select sync_state from pg_stat_replication')" = sync ] &&
		    return 0
		sleep 0.05
	done
	echo "Bail out! the copy does not follow"
	exit 3
}

# Nobody of it gets to say goodbye.
database_kill() {
	eval "postmaster=\${postmaster_$1:-}"
	[ -n "$postmaster" ] || return 0
	kill -STOP "$postmaster" 2>/dev/null
	# shellcheck disable=SC2046  # words
	kill -KILL $(cat "/proc/$postmaster/task/$postmaster/children" \
	    2>/dev/null) "$postmaster" 2>/dev/null
	wait "$postmaster" 2>/dev/null
	eval "postmaster_$1="
}

database_promote() {
	sql "$1" 'select pg_promote(true, 20)'
}

databases_gone() {
	for place in "$W"/db/*.s; do
		[ -d "$place" ] || continue
		database_kill "$(basename "$place" .s)"
	done
}
trap 'databases_gone; machines_gone; finish' EXIT

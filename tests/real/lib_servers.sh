# shellcheck shell=sh
# lib_servers.sh - the doors a repository is reached through.
#
#	start_server DOOR	local: none; http: git http-backend behind
#				lighttpd; ssh: an sshd, both on the loopback
#	url_for PERSON		the repository's address for them
#
# Over http a person is the user of basic authentication (REMOTE_USER); over
# ssh, the key (ExposeAuthInfo); by path, the variable TEST_PUSHER, because
# every push of the test has the same Unix account.

server_pids=

stop_servers() {
	for pid in $server_pids; do
		kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	server_pids=
}

ssh_command() {
	echo "ssh -F none -i $W/keys/$1 -o IdentitiesOnly=yes" \
	    "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null" \
	    "-o LogLevel=ERROR -o BatchMode=yes"
}

url_for() {
	case $DOOR in
	local) echo "$W/srv/$REPO.git" ;;
	http) echo "http://$1:secret-of-$1@127.0.0.1:$port/git/$REPO.git" ;;
	ssh) echo "ssh://$(id -un)@127.0.0.1:$port$W/srv/$REPO.git" ;;
	esac
}

# Below those that connections are given by themselves.
free_port() {
	python3 -c 'import random, socket
while True:
    port = random.randrange(10000, 32000)
    try:
        with socket.socket() as s:
            s.bind(("127.0.0.1", port))
        print(port)
        break
    except OSError:
        pass'
}

random_port() {
	echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 30000))
}

http_config() {
	: >"$W/web-users"
	for person in $PEOPLE mallory; do
		echo "$person:secret-of-$person" >>"$W/web-users"
	done
	mkdir -p "$W/www" "$W/upload"
	cat >"$W/lighttpd.conf" <<CONF
server.modules = ("mod_auth", "mod_authn_file", "mod_alias", "mod_setenv",
    "mod_cgi")
server.document-root = "$W/www"
server.upload-dirs = ("$W/upload")
server.bind = "127.0.0.1"
server.port = $port
server.errorlog = "$W/http.log"
auth.backend = "plain"
auth.backend.plain.userfile = "$W/web-users"
alias.url = ("/git" => "$(git --exec-path)/git-http-backend")
\$HTTP["url"] =~ "^/git/" {
	auth.require = ("" => ("method" => "basic", "realm" => "git",
	    "require" => "valid-user"))
	setenv.add-environment = ("GIT_PROJECT_ROOT" => "$W/srv",
	    "GIT_HTTP_EXPORT_ALL" => "1", "HOME" => "$HOME")
	cgi.assign = ("" => "")
}
CONF
}

ssh_config() {
	[ -e "$W/host_key" ] ||
	    ssh-keygen -q -t ed25519 -N '' -C host -f "$W/host_key"
	cat "$W"/keys/*.pub >"$W/authorized_keys"
	# Started by root, sshd wants the directory of its unprivileged half.
	[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
	cat >"$W/sshd_config" <<CONF
ListenAddress 127.0.0.1:$port
HostKey $W/host_key
PidFile none
AuthorizedKeysFile $W/authorized_keys
ExposeAuthInfo yes
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
SetEnv GIT_CONFIG_GLOBAL=$HOME/.gitconfig
CONF
}

# answers: does the server speak for this repository?
answers() {
	case $DOOR in
	http) git ls-remote "$(url_for alice)" >/dev/null 2>>"$W/http.log" ;;
	ssh) GIT_SSH_COMMAND=$(ssh_command alice) \
	    git ls-remote "$(url_for alice)" >/dev/null 2>>"$W/sshd.log" ;;
	esac
}

have_server() {
	case $1 in
	http) [ -x /usr/sbin/lighttpd ] ;;
	ssh) [ -x /usr/sbin/sshd ] ;;
	*) : ;;
	esac
}

start_server() {
	DOOR=$1
	[ "$DOOR" != local ] || return 0
	have_server "$DOOR" ||
	    skip_all "no server for $DOOR; contrib/install-deps.sh test"
	for attempt in 1 2 3 4 5; do
		port=$(random_port)
		"${DOOR}_config"
		case $DOOR in
		http) /usr/sbin/lighttpd -D -f "$W/lighttpd.conf" \
		    >>"$W/http.log" 2>&1 & ;;
		ssh) /usr/sbin/sshd -D -e -f "$W/sshd_config" \
		    >>"$W/sshd.log" 2>&1 & ;;
		esac
		pid=$!
		for tick in 1 2 3 4 5 6 7 8 9 10; do
			if answers; then
				server_pids="$server_pids $pid"
				return 0
			fi
			kill -0 "$pid" 2>/dev/null || break
			sleep "0.$tick"
		done
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	echo "# attempt $attempt: the server for $DOOR does not start"
	tail -20 "$W"/*.log | sed 's/^/# /'
	exit 3
}

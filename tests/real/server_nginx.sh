#!/bin/sh
# git http-backend behind nginx and fcgiwrap, with basic authentication, and
# several people pushing at once.
. "$(dirname "$0")/lib.sh"
command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] ||
    skip_all "there is no nginx; contrib/install-deps.sh servers"
[ -x /usr/sbin/fcgiwrap ] ||
    skip_all "there is no fcgiwrap; contrib/install-deps.sh servers"

# fcgiwrap has children, and neither they nor it end by SIGTERM.
stop_servers() {
	for pid in $server_pids; do
		children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
		# shellcheck disable=SC2086  # a list of pids
		kill -KILL "$pid" $children 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	server_pids=
}
have_server() {
	:
}
nginx_config() {
	: >"$W/web-users"
	for person in $PEOPLE mallory; do
		printf '%s:%s\n' "$person" \
		    "$(openssl passwd -apr1 "secret-of-$person")" >>"$W/web-users"
	done
	rm -f "$W/fcgi.sock"
	cat >"$W/nginx.conf" <<CONF
daemon off;
$([ "$(id -u)" -ne 0 ] || echo "user root;")
pid $W/nginx.pid;
error_log $W/nginx.log;
worker_processes 2;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path $W/nginx-body;
	proxy_temp_path $W/nginx-proxy;
	fastcgi_temp_path $W/nginx-fcgi;
	uwsgi_temp_path $W/nginx-uwsgi;
	scgi_temp_path $W/nginx-scgi;
	client_max_body_size 0;
	server {
		listen 127.0.0.1:$port;
		location ~ ^/git(/.*) {
			auth_basic "git";
			auth_basic_user_file $W/web-users;
			fastcgi_pass unix:$W/fcgi.sock;
			fastcgi_param SCRIPT_FILENAME $(git --exec-path)/git-http-backend;
			fastcgi_param GIT_PROJECT_ROOT $W/srv;
			fastcgi_param GIT_HTTP_EXPORT_ALL "";
			fastcgi_param HOME $HOME;
			fastcgi_param PATH_INFO \$1;
			fastcgi_param REMOTE_USER \$remote_user;
			fastcgi_param REMOTE_ADDR \$remote_addr;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_param CONTENT_TYPE \$content_type;
			fastcgi_param CONTENT_LENGTH \$content_length;
			fastcgi_param GATEWAY_INTERFACE CGI/1.1;
			fastcgi_param HTTP_CONTENT_ENCODING \$http_content_encoding;
			fastcgi_param HTTP_GIT_PROTOCOL \$http_git_protocol;
		}
	}
}
CONF
}
start_server() {
	for attempt in 1 2 3 4 5; do
		port=$(random_port)
		nginx_config
		/usr/sbin/fcgiwrap -c 4 -s "unix:$W/fcgi.sock" 2>>"$W/fcgi.log" &
		fcgi=$!
		PATH=$PATH:/usr/sbin nginx -c "$W/nginx.conf" 2>>"$W/nginx.log" &
		pid=$!
		for tick in 1 2 3 4 5 6 7 8 9; do
			if git ls-remote "$(url_for alice)" >/dev/null \
			    2>>"$W/http.log"; then
				server_pids="$server_pids $pid $fcgi"
				return 0
			fi
			kill -0 "$pid" 2>/dev/null || break
			sleep "0.$tick"
		done
		kill "$pid" "$fcgi" 2>/dev/null
	done
	tail -20 "$W"/*.log | sed 's/^/# /'
	echo "Bail out! nginx does not start (attempt $attempt)"
	exit 3
}
site http

change_as alice fee fee.txt
expect_refused peer.none "nobody approved" push_as alice fee:main
says '^remote:   approve: '
check "bob approves" approve_as bob "$C"
expect_admitted "with his approval it lands" push_as alice fee:main
check "pushed by whom nginx let in" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | grep '\"type\":\"landing\"' |
	grep '\"lander\":\"alice\"'"
git_as alice commit -q --allow-empty -m "whose"
expect_refused environment.pusher-unknown "a header of the client's is nobody's word" \
    git_as alice -c http.extraHeader='Remote-User: bob' \
    push "$(url_for mallory)" HEAD:main
change_as carol fix fix.txt
expect_admitted "push options arrive" push_as carol \
    -o emergency=INC-1 -o "reason=card payments fail for everybody" fix:main
says EMERGENCY

pids=
for person in alice bob carol erin; do
	(change_as "$person" "at-once-$person"
	approve=$(case $person in bob) echo alice ;; *) echo bob ;; esac)
	approve_as "$approve" "$C"
	push_as "$person" "at-once-$person:main") >"$W/at-once.$person" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid"
done
check "four at once: at least one landed" sh -c \
    "grep -l 'admitted: refs/heads/main' '$W'/at-once.*"
check "the chain holds" foureyes verify --chain
check "and the ref is where the ledger has it" foureyes reconcile "$REPO"
done_testing

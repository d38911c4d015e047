# shellcheck shell=sh
# lib_forge.sh - a forge of ours to ask, and what stands in it.
#
#	forge_start NAME		starts it; its files: $F, its port: $FORGE_PORT
#	forge_says PATH <<JSON		the answer to GET PATH
#	forge_lies LINE...		see forge_server.py; none: it tells the truth
#	reviews_json N STATE@PLACE...	N reviews of commit $HEAD, remarks but those
#	forge_site [TELLS]		foureyes.yaml with a receiver and `hub`, a GitHub
#					that is asked; logins there are the people's ids
#	at_forge NUMBER COMMIT STATE@PLACE...	an open request with that head,
#					and its reviews, by bob
#	request_json NUMBER		a request of GitHub's with head $HEAD

# shellcheck disable=SC2154,SC2034  # by lib.sh; for the scripts
forge_start() {
	F=$W/forge-$1
	mkdir -p "$F/get"
	shift
	python3 "$src/tests/real/forge_server.py" "$F" "$@" 2>"$F/errors" &
	server_pids="${server_pids:-} $!"
	for _ in $(seq 100); do
		[ -s "$F/port" ] && break
		sleep 0.1
	done
	FORGE_PORT=$(cat "$F/port")
}

forge_says() {
	mkdir -p "$F/get/$(dirname "$1")"
	cat >"$F/get/$1.json"
}

forge_lies() {
	printf '%s\n' "$@" >"$F/lies"
}

asked() {
	grep -c "$1" "$F/asked"
}

request_json() {
	cat <<JSON
{"number": $1, "id": 9$1, "state": "${STATE:-open}", "draft": false,
 "title": "PAY-1 change", "body": "text", "merged_at": null,
 "updated_at": "2026-01-02T03:04:05Z", "merge_commit_sha": null,
 "user": {"login": "${OPENER:-alice}", "id": 1, "type": "User"},
 "head": {"sha": "$HEAD", "ref": "topic"},
 "base": {"sha": "$BASE", "ref": "main", "repo": {"id": 77}}}
JSON
}

# By bob, number 2, whatever is not a remark of somebody else's.
reviews_json() {
	count=$1
	shift
	printf '['
	for n in $(seq "$count"); do
		state=COMMENTED who=carol
		for one in "$@"; do
			[ "${one#*@}" != "$n" ] || {
				state=${one%@*}
				who=bob
			}
		done
		[ "$n" -eq 1 ] || printf ','
		printf '{"id": %s, "state": "%s", "commit_id": "%s", ' \
		    "$n" "$state" "$HEAD"
		printf '"submitted_at": "2026-01-02T03:%02d:05Z", ' "$n"
		printf '"user": {"login": "%s", "id": 2, "type": "User"}}' "$who"
	done
	printf ']'
}

forge_site() {
	mkdir -p "$W/secrets"
	(umask 077
	echo "the secret of hub, long" >"$W/secrets/hub"
	echo secret-token >"$W/secrets/token")
	RECEIVER_PORT=$(free_port)
	HTTP=http://127.0.0.1:$RECEIVER_PORT
	forge_start hub
	{
		settings_yaml
		cat <<YAML
receiver:
  listen: "127.0.0.1:$RECEIVER_PORT"
  socket: $W/foureyesd.sock
  sources:
    hub:
      kind: ${KIND:-github}
      secret_files: [$W/secrets/hub]
      api: http://127.0.0.1:$FORGE_PORT
      token_file: $W/secrets/token
      tells: [${1:-approvals}]
      repositories: {"acme/*": "*"}
YAML
	} >"$W/foureyes.yaml"
	cp "$W/foureyes.yaml" "$W/etc/foureyes.yaml"
	people_yaml | sed 's/logins: {local: \([a-z-]*\)}/logins: {local: \1, hub: \1}/' \
	    >"$W/people.yaml"
	take people.yaml
	A=/api/v3/repos/acme/$REPO
	BASE=$(printf '%040d' 8)
}

at_forge() {
	number=$1 HEAD=$2
	shift 2
	echo "{\"sha\": \"$HEAD\"}" | forge_says "$A/commits/$HEAD"
	echo "[$(request_json "$number")]" | forge_says "$A/commits/$HEAD/pulls"
	reviews_json 37 "$@" | forge_says "$A/pulls/$number/reviews"
}

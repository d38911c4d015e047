# shellcheck shell=sh
# lib_told.sh - an installation that tells verdicts to a simulated forge.
#
#	told_site		people, policy, the forge with acme/payments, the
#				receiver and its clerk, a clone for each person
#	at_forge WHAT [QUERY]	what somebody does there (forge_sim.py); its answer
#				is in $A, of a new request in $N too; a text of
#				theirs comes on standard input
#	topic_as PERSON NAME [FILE]	a commit on a new branch, pushed; its hash: $C
#	settle			until the clerk has nothing left to do
#	expect_status COMMIT GATE STATE PATTERN WHAT
#
# shellcheck disable=SC2154,SC2034  # by lib.sh; for the scripts

TOKEN=a-token-that-nobody-may-see

told_people() {
	printf 'version: 1\npeople:\n'
	for person in alice bob carol dave erin; do
		login=
		[ "$person" != dave ] || login=", local: [$(id -un)]"
		cat <<YAML
  $person:
    emails: [$person@example.com]
    logins: {hub: [$person]$login}
    keys: [$(keys_of "$person")]
    groups: [$(groups_of "$person")]
YAML
	done
}

told_settings() {
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
report_key: $W/etc/report.key
receiver:
  listen: "127.0.0.1:$told_port"
  socket: $W/etc/foureyesd.sock
  page: "https://changes.example.com"
  token_key_file: $W/secrets/links
  sources:
    hub:
      kind: github
      secret_files: [$W/secrets/hub]
      api: "http://127.0.0.1:$FORGE_PORT/api/v3"
      token_file: $W/secrets/token
      repositories: {"acme/*": "*"}
      mirrors: $W/mirrors
      ${MIRROR_MORE:-}
YAML
}

told_policy() {
	cat <<YAML
version: 1
administration: {groups: [platform]}
repositories:
  - match: ["**"]
    first_push: baseline
    gates:
      main:
        refs: ["refs/heads/main"]
        approvals: {count: 1, groups: [engineers]}
        rollback_plan: {required: true, min_words: 5}
      production:
        refs: ["refs/heads/production"]
        landed_on: main
        approvals: {count: 1, groups: [release]}
        rollback_plan: {required: true}
emergency:
  groups: [incident-commanders]
  valid_for: 4h
  review_within: 24h
  overdue: block
YAML
}

forge_repository() {
	bare=$F/git/acme/payments.git
	mkdir -p "$F/git/acme"
	git init -q --bare -b main "$bare"
	git -C "$bare" config http.receivepack true
	git init -q "$W/seed"
	(cd "$W/seed" && seq 1 30 >base.txt && git add base.txt &&
	    git -c user.name=old -c user.email=old@example.com \
	    commit -q -m "before foureyes" &&
	    git push -q "$bare" HEAD:refs/heads/main HEAD:refs/heads/production)
	rm -rf "$W/seed"
}

forge_address() {
	echo "http://$1:secret-of-$1@127.0.0.1:$FORGE_PORT/acme/payments.git"
}

forge_clone() {
	git clone -q "$(forge_address "$1")" "$W/$1"
	git_as "$1" config user.name "$1"
	git_as "$1" config user.email "$1@example.com"
	git_as "$1" config gpg.format ssh
	git_as "$1" config user.signingKey "$W/keys/$1.pub"
	git_as "$1" config foureyes.repository payments
}

wait_for_file() {
	for _ in $(seq 100); do
		[ -s "$1" ] && return 0
		sleep 0.1
	done
	return 1
}

start_forge() {
	F=$W/forge
	mkdir -p "$F"
	python3 "$src/tests/real/forge_sim.py" "$F" \
	    "http://127.0.0.1:$told_port/hooks/hub" "$W/secrets/hub" \
	    "$TOKEN" 2>"$F/errors" &
	server_pids="$server_pids $!"
	wait_for_file "$F/port" || exit 3
	FORGE_PORT=$(cat "$F/port")
}

start_receiver() {
	foureyesd --config "$W/etc" serve >"$W/foureyesd.log" 2>&1 &
	receiver_pid=$!
	server_pids="$server_pids $receiver_pid"
}

told_site() {
	DOOR=local
	make_keys
	told_port=$(random_port)
	mkdir -p "$W/secrets"
	chmod 700 "$W/secrets"
	head -c 32 /dev/urandom | base64 >"$W/secrets/hub"
	head -c 32 /dev/urandom | base64 >"$W/secrets/links"
	echo "$TOKEN" >"$W/secrets/token"
	chmod 600 "$W/secrets"/*
	foureyes init --origin example.com/foureyes "$W/etc" >"$W/init.out" 2>&1
	start_forge
	told_settings >"$W/etc/foureyes.yaml"
	told_people >"$W/etc/people.yaml"
	told_policy >"$W/etc/policy.yaml"
	check "the configuration is sound" foureyes check
	forge_repository
	start_receiver
	for person in alice bob carol dave erin; do
		forge_clone "$person"
	done
}

at_forge() {
	A=$(curl -s -S --data-binary @- "http://127.0.0.1:$FORGE_PORT/do/$1?$2")
	[ "$1" != open ] || N=$A
}

topic_as() {
	file=${3:-$2.txt}
	git_as "$1" fetch -q origin
	git_as "$1" checkout -q -b "$2" origin/main
	echo "$2 by $1" >>"$W/$1/$file"
	git_as "$1" add "$file"
	git_as "$1" commit -q -m "$2: a change" \
	    -m "Rollback-Plan: revert this commit and deploy the one before it"
	git_as "$1" push -q origin "$2"
	C=$(git_as "$1" rev-parse HEAD)
}

# The newest status of that commit for that gate: state, description.
status_of() {
	[ -e "$F/statuses" ] || return 0
	awk -F '\t' -v commit="$1" -v context="foureyes/$2" \
	    '$1 == commit && $2 == context { s = $3 " " $4 }
	     END { print s }' "$F/statuses"
}

expect_status() {
	for _ in $(seq 150); do
		status_of "$1" "$2" >"$W/out"
		if grep -Eq "^$3 .*$4" "$W/out"; then
			verdict 0 "$5"
			return
		fi
		sleep 0.1
	done
	tail -5 "$W/foureyesd.log" >>"$W/out"
	verdict 1 "$5 (wanted $3: $4)"
}

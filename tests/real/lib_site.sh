# shellcheck shell=sh
# lib_site.sh - a try-out installation, its people, and a repository with a main.
#
#	site [DOOR]		all of it, from nothing
#	use_policy <<YAML	put another policy in force
#	use_people <<YAML	people.yaml again, with what stands there at its end
#	policy_main OPTIONS	the standard policy with gate main replaced

groups_of() {
	case $1 in
	alice | bob) echo engineers, release ;;
	carol) echo engineers, dba, incident-commanders ;;
	dave) echo platform ;;
	erin) echo release ;;
	deploy-bot) echo deployers ;;
	esac
}

# What a script may say otherwise, before use_people.
keys_of() {
	echo "\"$(cut -d' ' -f1,2 "$W/keys/$1.pub")\""
}
emails_of() {
	echo "$1@example.com"
}
more_of() {
	:
}

# The account that runs the commands of the test is dave, of the platform.
person_yaml() {
	login=$1
	[ "$1" != dave ] || login="[dave, $(id -un)]"
	logins="local: $login"
	[ "$DOOR" = local ] || [ "$DOOR" = ssh ] ||
	    logins="$logins, $DOOR: $1"
	cat <<YAML
  $1:
    emails: [$(emails_of "$1")]
    logins: {$logins}
    keys: [$(keys_of "$1")]
    groups: [$(groups_of "$1")]
YAML
	more_of "$1"
}

people_yaml() {
	printf 'version: 1\npeople:\n'
	for person in alice bob carol dave erin; do
		person_yaml "$person"
	done
	printf 'machines:\n'
	person_yaml deploy-bot
	echo '    owner: alice'
}

settings_yaml() {
	pusher=
	[ "$DOOR" != local ] || pusher=', pusher: TEST_PUSHER'
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
server: {kind: $DOOR, root: $W/srv$pusher}
YAML
}

# The contract's policy, with waiting times a test can afford.
MAIN_APPROVALS='count: 1, groups: [engineers]'
policy_main() {
	cat <<YAML
version: 1
mode: ${MODE:-enforce}
administration: {groups: [platform]}
repositories:
  - match: ["sandbox/**"]
    gates: {}
  - match: ["**"]
    gates:
      main:
        refs: ["refs/heads/main", "refs/heads/master"]
        approvals: {$MAIN_APPROVALS}
        rollback_plan: {required: true, min_words: 5}
$(sed 's/^/        /')
      staging:
        refs: ["refs/heads/staging"]
        landed_on: main
        landers: [engineers]
      production:
        refs: ["refs/heads/production", "refs/tags/v*"]
        landed_on: main
        after: {gate: staging, soak: ${SOAK:-1s}, deployment: ${DEPLOYMENT:-optional}, told_by: [deployers]}
        approvals: {count: 1, groups: [release]}
        rollback_plan: {required: true}
        rollback: {groups: [release], within: 10}
        landers: [release]
emergency:
  groups: [incident-commanders]
  valid_for: 4h
  review_within: ${REVIEW_WITHIN:-24h}
  overdue: block
YAML
}

# take FILE: put it in force, or end the test.
take() {
	foureyes apply "$W/$1" >"$W/out" 2>&1 || {
		sed 's/^/# /' "$W/out"
		echo "Bail out! $1 was not taken"
		exit 3
	}
}

use_policy() {
	cat >"$W/policy.yaml"
	take policy.yaml
}

# use_people: people.yaml once more, with groups, keys and so on as they are
# said to be now; the words on standard input stand at its end.
use_people() {
	{
		people_yaml
		cat
	} >"$W/people.yaml"
	take people.yaml
}

make_keys() {
	for person in $PEOPLE mallory; do
		ssh-keygen -q -t ed25519 -N '' -C "$person" -f "$W/keys/$person"
	done
}

# clone_as PERSON: their clone, $W/<person>, set up as they would have it.
clone_as() {
	TEST_PUSHER=$1 GIT_SSH_COMMAND="$(ssh_command "$1")" \
	    git clone -q "$(url_for "$1")" "$W/$1"
	git_as "$1" config user.name "$1"
	git_as "$1" config user.email "$1@example.com"
	git_as "$1" config gpg.format ssh
	git_as "$1" config user.signingKey "$W/keys/$1.pub"
	git_as "$1" config foureyes.repository "$REPO"
}

# make_repository: bare, with one commit on main from before foureyes.
make_repository() {
	bare=$W/srv/$REPO.git
	mkdir -p "$(dirname "$bare")"
	git init -q --bare -b main "$bare"
	git init -q "$W/seed"
	(cd "$W/seed" && seq 1 30 >base.txt && git add base.txt &&
	    git -c user.name=old -c user.email=old@example.com \
	    commit -q -m "before foureyes" &&
	    git push -q "$bare" HEAD:refs/heads/main)
	rm -rf "$W/seed"
}

site() {
	DOOR=${1:-local}
	make_keys
	foureyes init --origin example.com/foureyes "$W/etc" >"$W/init.out" 2>&1 || {
		sed 's/^/# /' "$W/init.out"
		echo "1..0 not set up"
		exit 3
	}
	settings_yaml >"$W/etc/foureyes.yaml"
	people_yaml >"$W/etc/people.yaml"
	use_people </dev/null
	policy_main </dev/null | use_policy
	make_repository
	{
		foureyes install "$W/srv/$REPO.git" && foureyes adopt "$REPO"
	} >"$W/out" 2>&1 || {
		sed 's/^/# /' "$W/out"
		echo "Bail out! the repository was not set up"
		exit 3
	}
	start_server "$DOOR"
	for person in $PEOPLE; do
		clone_as "$person"
	done
}

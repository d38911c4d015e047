# shellcheck shell=sh
# lib_imitated.sh - servers that do not run here: what they call and set is
# imitated, and their repositories are reached by a path.
#
#	as_server PERSON COMMAND...	the script's own: with the environment
#					that this server gives for them
#	imitated_site			keys, an empty installation with the
#					script's settings_yaml and person_yaml
#	seeded PATH [COMMAND...]	one commit on main, pushed by COMMAND
#	clones_of PATH PERSON...	their clones, set up as they would have them
#
# Sourced behind lib.sh, whose git_as and approve_as it replaces.

git_as() {
	person=$1
	shift
	as_server "$person" git -C "$W/$person" "$@"
}

approve_as() {
	person=$1
	commit=$2
	shift 2
	(cd "$W/$person" && git_as "$person" fetch -q origin &&
	    as_server "$person" "${src:?}/contrib/git-approve" --for main \
	        --repository "$REPO" --yes "$@" "$commit")
}

# Logins of the server's kind, $KIND, and of whoever runs the commands.
person_yaml() {
	login=$1
	[ "$1" != dave ] || login=$(id -un)
	cat <<YAML
  $1:
    emails: [$(emails_of "$1")]
    logins: {$KIND: $1, local: $login}
    keys: [$(keys_of "$1")]
    groups: [$(groups_of "$1")]
YAML
}

imitated_site() {
	make_keys
	foureyes init --origin example.com/foureyes "$W/etc" \
	    >"$W/init.out" 2>&1
	settings_yaml >"$W/etc/foureyes.yaml"
	people_yaml >"$W/etc/people.yaml"
	use_people </dev/null
}

seeded() {
	to=$1
	shift
	git init -q "$W/seed"
	(cd "$W/seed" && seq 1 30 >base.txt && git add base.txt &&
	    git -c user.name=old -c user.email=old@example.com \
	        commit -q -m "before foureyes" &&
	    "$@" git push -q "$to" HEAD:refs/heads/main)
}

clones_of() {
	from=$1
	shift
	for person in "$@"; do
		git clone -q "$from" "$W/$person"
		git -C "$W/$person" config user.name "$person"
		git -C "$W/$person" config user.email "$person@example.com"
		git -C "$W/$person" config gpg.format ssh
		git -C "$W/$person" config user.signingKey \
		    "$W/keys/$person.pub"
	done
}

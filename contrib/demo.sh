#!/bin/sh
# demo.sh [FOUREYES] - watch foureyes work, on throw-away directories.
#
# Makes an installation, three people with keys and a bare repository under one
# temporary directory, plays the main story before the reader's eyes, and takes
# everything away again.  Each step prints the command that is typed and what
# it really says.  KEEP=1 leaves the directory.  Every step is checked: the
# demo fails when something does not happen as told.
set -eu

program=${1:-foureyes}
case $program in
*/*) program=$(cd "$(dirname "$program")" && pwd)/$(basename "$program") ;;
esac
contrib=$(cd "$(dirname "$0")" && pwd)
command -v "$program" >/dev/null || {
	echo "demo.sh: no program '$program'; build it with make" >&2
	exit 3
}

top=$(mktemp -d "${TMPDIR:-/tmp}/foureyes-demo.XXXXXX")
cleanup() {
	if [ -n "${KEEP:-}" ]; then
		echo "kept: $top"
	else
		rm -rf "$top"
	fi
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

for name in $(env | sed -n 's/^\(GIT_[A-Z_0-9]*\)=.*/\1/p'); do
	unset "$name"
done
unset SSH_AUTH_SOCK SSH_CONNECTION GATEWAY_INTERFACE
PATH=$(dirname "$program"):$contrib:$PATH
export PATH HOME="$top" LC_ALL=C TZ=UTC GIT_CONFIG_NOSYSTEM=1
export FOUREYES_CONFIG="$top/etc"
printf '[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n' \
    >"$top/.gitconfig"

if [ -t 1 ]; then
	bold=$(printf '\033[1m')
	plain=$(printf '\033[0m')
else
	bold=
	plain=
fi

tell() {
	printf '\n%s\n' "$*" | fold -s -w 78
}

# run PERSON STATUS COMMAND: shows it as that person types it, runs it in their
# clone, shows what it says, and insists on how it ends (yes or no).
run() {
	person=$1
	expected=$2
	where=$top/$person
	[ -d "$where" ] || where=$top
	printf '\n%s%s$ %s%s\n' "$bold" "$person" "$3" "$plain"
	ended=yes
	(cd "$where" && PUSHER=$person sh -c "$3") >"$top/said" 2>&1 || ended=no
	# Git pads the server's lines to the width of a terminal it cannot see.
	sed "s|$top|...|g; s/ *\$//; s/^/    /" "$top/said"
	if [ "$ended" != "$expected" ]; then
		echo "demo.sh: that should have ended otherwise" >&2
		exit 1
	fi
}

# quietly PERSON COMMAND: what the story does not need to show.
quietly() {
	(cd "$top/$1" && PUSHER=$1 sh -c "$2") >"$top/said" 2>&1 || {
		cat "$top/said"
		exit 1
	}
}

people() {
	printf 'version: 1\npeople:\n'
	for person in alice bob carol; do
		ssh-keygen -q -t ed25519 -N '' -C "$person" -f "$top/$person.key"
		cat <<YAML
  $person:
    emails: [$person@example.com]
    logins: {local: $person}
    keys: ["$(cut -d' ' -f1,2 "$top/$person.key.pub")"]
    groups: [engineers, release]
YAML
	done
	cat <<YAML
  admin:
    emails: [admin@example.com]
    logins: {local: $(id -un)}
    groups: [platform]
YAML
}

policy() {
	cat <<'YAML'
version: 1
administration: {groups: [platform]}
repositories:
  - match: ["**"]
    gates:
      main:
        refs: ["refs/heads/main"]
        approvals: {count: 1, groups: [engineers]}
        rollback_plan: {required: true}
      staging:
        refs: ["refs/heads/staging"]
        landed_on: main
        landers: [engineers]
      production:
        refs: ["refs/heads/production"]
        landed_on: main
        after: {gate: staging, soak: 2s}
        approvals: {count: 1, groups: [release]}
        landers: [release]
YAML
}

settings() {
	cat <<YAML
version: 1
origin: example.com/demo
ledger: $top/etc/ledger
index: $top/etc/index.db
seal_key: $top/etc/seal.key
server: {kind: local, root: $top/srv, pusher: PUSHER}
YAML
}

set_up() {
	mkdir "$top/srv"
	"$program" init "$top/etc" >/dev/null
	settings >"$top/etc/foureyes.yaml"
	people >"$top/people.yaml"
	policy >"$top/policy.yaml"
	git init -q --bare "$top/srv/payments.git"
	git init -q "$top/seed"
	(cd "$top/seed" && echo 'fee = 100' >fees.conf && git add . &&
	    git -c user.name=old -c user.email=old@example.com \
	    commit -q -m 'before foureyes' && git push -q "$top/srv/payments.git" main)
	rm -rf "$top/seed"
	for person in alice bob; do
		git clone -q "$top/srv/payments.git" "$top/$person"
		git -C "$top/$person" config user.name "$person"
		git -C "$top/$person" config user.email "$person@example.com"
		git -C "$top/$person" config gpg.format ssh
		git -C "$top/$person" config user.signingKey "$top/$person.key"
		git -C "$top/$person" config foureyes.repository payments
	done
}

tell "A bare repository, payments.git, with a main that has one commit. Alice," \
    "Bob and Carol are engineers with an SSH key each. The policy: main wants" \
    "one approval by somebody who had no part in the change, and a rollback" \
    "plan; production takes only what landed on main and ran on staging."
set_up
run admin yes "foureyes apply people.yaml && foureyes apply policy.yaml"
run admin yes "foureyes install srv/payments.git && foureyes adopt payments"

tell "1. Alice changes a fee, approves her own change, and pushes it to main."
quietly alice "git checkout -q -b fee"
run alice yes "echo 'fee = 90' > fees.conf; git commit -q -a -m 'Lower the fee

Rollback-Plan: revert this commit and deploy the build before it'"
run alice yes "git push -q origin fee"
run alice yes "git-approve --for main --yes fee 2>&1 | tail -1"
run alice no "git push origin fee:main"

tell "2. Bob looks at it and approves it: a signed tag, made with stock Git."
quietly bob "git fetch -q"
run bob yes "git-approve --for main --yes origin/fee"

tell "3. Alice pushes again, the same commit, and it lands."
run alice yes "git push origin fee:main"

tell "4. Production is held back until staging has run this very commit."
run alice no "git push origin fee:production"
run alice yes "git push origin fee:staging"
quietly bob "git fetch -q"
run bob yes "git-approve --for production --yes origin/fee 2>&1 | tail -1"
tell "(it has to stay there for two seconds; a real policy says minutes or days)"
sleep 2.5
run alice yes "git push origin fee:production"

tell "5. All of it is in the change log: refusals, approvals, landings."
run admin yes "foureyes log"
run admin yes "foureyes verify --chain etc/ledger"

tell "6. Somebody with a copy of the log rewrites history: one name, in one line."
quietly . "cp -r etc/ledger forged"
run admin yes "sed -i 's/\"bob\"/\"rob\"/' forged/*.jsonl"
run admin no "foureyes verify --chain forged"

tell "That is the whole of it. \`make check\` runs everything that must hold;" \
    "README.md says how to put it in front of a repository of yours."

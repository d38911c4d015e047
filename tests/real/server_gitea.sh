#!/bin/sh
# Gitea and Forgejo, imitated: the delegates that they write into each
# repository, and the environment that they push in.  They do not run here; what
# they do is written from their own sources as docs/servers/gitea.md says.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_imitated.sh"
DOOR=local
KIND=${KIND:-gitea}

settings_yaml() {
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
server: {kind: $KIND, root: $W/srv, web_committers: [noreply@gitea.example.com]}
YAML
}
# delegate REPO NAME: runs what lies in NAME.d, all of it, and fails with the
# first that failed.
delegate() {
	mkdir -p "$1/hooks/$2.d"
	cat >"$1/hooks/$2" <<'SH'
#!/bin/bash
data=$(cat)
status=
dir=$(dirname "$0")
for hook in "$dir/$(basename "$0").d"/*; do
	test -x "$hook" && test -f "$hook" || continue
	echo "$data" | "$hook"
	status="$status $?"
done
for s in $status; do
	[ "$s" -eq 0 ] || exit "$s"
done
SH
	printf '#!/bin/sh\ncat >/dev/null\nexit 0\n' >"$1/hooks/$2.d/gitea"
	chmod 755 "$1/hooks/$2" "$1/hooks/$2.d/gitea"
}
new_repository() {
	mkdir -p "$W/srv/acme"
	git init -q --bare -b main "$W/srv/$1.git"
	for name in pre-receive post-receive; do
		delegate "$W/srv/$1.git" "$name"
	done
}
# as_server PERSON COMMAND...: as its ssh and http front runs git.
as_server() {
	as=$1
	shift
	env GITEA_REPO_NAME="${REPO#*/}" GITEA_REPO_USER_NAME="${REPO%/*}" \
	    GITEA_REPO_ID="${ID:-7}" GITEA_REPO_IS_WIKI="${WIKI:-false}" \
	    GITEA_PUSHER_NAME="$as" GITEA_PUSHER_EMAIL="$as@example.com" \
	    GITEA_PUSHER_ID=3 GITEA_KEY_ID=5 \
	    GITEA_DEPLOY_KEY_ID="${DEPLOY_KEY:-0}" GITEA_PR_ID="${PR:-0}" \
	    GITEA_ROOT_URL=http://127.0.0.1/ \
	    SSH_ORIGINAL_COMMAND="${VIA:-git-receive-pack}" "$@"
}

export REPO=acme/payments
imitated_site
policy_main </dev/null | use_policy
new_repository "$REPO"
seeded "$W/srv/$REPO.git"
cp "$W/srv/$REPO.git/hooks/pre-receive" "$W/delegate"
check "install" foureyes install --server "$KIND" "$REPO"
check "beside its own" [ -x "$W/srv/$REPO.git/hooks/pre-receive.d/foureyes" ]
check "whose files are as they were" cmp "$W/delegate" \
    "$W/srv/$REPO.git/hooks/pre-receive"
check "adopted" foureyes adopt "$REPO"
check "doctor" foureyes doctor "$REPO"
says 'acme/payments: enforced'
# shellcheck disable=SC2086  # a list of people
clones_of "$W/srv/$REPO.git" $PEOPLE mallory
change_as alice fee fee.txt
expect_refused peer.none "nobody approved" push_as alice fee:main
says "foureyes approve $C --repository acme/payments --for refs/heads/main"
check "bob approves" approve_as bob "$C"
expect_admitted "with his approval it lands" push_as alice fee:main
check "pushed by whom it says" sh -c "cat '$W'/etc/ledger/*.jsonl |
	grep '\"type\":\"landing\"' | grep '\"lander\":\"alice\"' |
	grep '\"witness\":\"transaction\"'"
git_as mallory fetch -q origin
git_as mallory checkout -q -B evil origin/main
commit_as mallory evil.txt "evil"
expect_refused environment.pusher-unknown "by nobody who is known" \
    push_as mallory evil:main
DEPLOY_KEY=9
git_as alice fetch -q origin
git_as alice commit -q --allow-empty -m "by a key"
expect_refused environment.pusher-unknown "a deploy key is not its owner" \
    push_as alice HEAD:main
says 'deploy-key:9'
DEPLOY_KEY=0

# Its own merge: a push from a clone of its own, for whoever pressed the button.
change_as alice more more.txt
check "bob approves" approve_as bob "$C"
git_as erin fetch -q origin
git_as erin checkout -q -B merge origin/main
git -C "$W/erin" -c user.name=Gitea -c user.email=noreply@gitea.example.com \
    merge -q --no-ff -m "Merge pull request 'more' (#1)" origin/more
PR=41
VIA=gitea-internal
expect_admitted "the merge button" push_as erin merge:main
PR=0
VIA=git-receive-pack
check "its committer is nobody there" sh -c "cat '$W'/etc/ledger/*.jsonl |
	grep '\"type\":\"decision\"' | tail -1 | grep '\"lander\\|\"pusher\":{\"person\":\"erin\"'"

# Renamed there: its number is known, and everything follows.
change_as alice named named.txt
check "bob approves under the old name" approve_as bob "$C"
mv "$W/srv/$REPO.git" "$W/srv/acme/fees.git"
REPO=acme/fees
for person in $PEOPLE; do
	git -C "$W/$person" remote set-url origin "$W/srv/$REPO.git"
done
WIKI=true
git -C "$W/alice" fetch -q origin
expect_refused environment.not-adopted "its wiki is another repository" \
    push_as alice named:main
says 'adopt acme/fees.wiki'
WIKI=false
expect_admitted "under another name the approval counts" \
    push_as alice named:main
check "which is a record" sh -c "cat '$W'/etc/ledger/*.jsonl |
	grep '\"type\":\"renamed\",\"repository\":\"acme/fees\",\"was\":\"acme/payments\"'"
check "and one alone" [ "$(records renamed)" -eq 1 ]
check "complete" foureyes verify
ID=8
change_as alice other other.txt
check "bob approves" approve_as bob "$C"
expect_admitted "another number under that name changes nothing" \
    push_as alice other:main
ID=7

# A server made anew counts from the start.
kept=$REPO
git clone -q --bare "$W/srv/$REPO.git" "$W/srv/acme/shop.git"
for name in pre-receive post-receive; do
	delegate "$W/srv/acme/shop.git" "$name"
done
check "install" foureyes install --server "$KIND" acme/shop
change_as alice shop shop.txt
check "bob approves for acme/fees" approve_as bob "$C"
REPO=acme/shop
git -C "$W/alice" remote set-url origin "$W/srv/$REPO.git"
expect_refused environment.not-adopted \
    "the number of one that is still there renames nothing" \
    push_as alice shop:main
check "nor is that recorded" [ "$(records renamed)" -eq 1 ]
REPO=$kept
git -C "$W/alice" remote set-url origin "$W/srv/$REPO.git"
expect_admitted "and takes nothing from it" push_as alice shop:main

# New repositories have delegates alone, until they are swept in.
new_repository acme/billing
check "new ones are swept in" foureyes install --server "$KIND" --all
says 'acme/billing: the hooks are in'
check "uninstall" foureyes uninstall --server "$KIND" --all
check "leaves what was there" [ -x "$W/srv/$REPO.git/hooks/pre-receive.d/gitea" ]
check_not "and nothing of ours" 1 sh -c \
    "find '$W/srv' -path '*hooks*' -name '*foureyes*' | grep ."
done_testing

#!/bin/sh
# GitLab, imitated: Gitaly's way of running custom hooks, with the environment
# that it builds anew (docs/servers/gitlab.md), and repositories that lie under
# names which say nothing.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_imitated.sh"
DOOR=local
KIND=gitlab
CUSTOM=$W/custom_hooks
STORE=$W/store/@hashed/ab/cd/abcd.git

settings_yaml() {
	cat <<YAML
version: 1
origin: example.com/foureyes
ledger: $W/etc/ledger
index: $W/etc/index.db
seal_key: $W/etc/seal.key
server: {kind: gitlab, hooks: $CUSTOM}
YAML
}
# gitaly REPO: its own hooks, which run custom ones in order, stop at the first
# that fails, and pass on nothing of their environment but what is named here.
gitaly() {
	for name in pre-receive post-receive; do
		cat >"$1/hooks/$name" <<SH
#!/bin/bash
options=()
if [ "\${GIT_PUSH_OPTION_COUNT:-0}" -gt 0 ]; then
	options+=("GIT_PUSH_OPTION_COUNT=\$GIT_PUSH_OPTION_COUNT")
	for ((i = 0; i < GIT_PUSH_OPTION_COUNT; i++)); do
		value="GIT_PUSH_OPTION_\$i"
		options+=("\$value=\${!value}")
	done
fi
[ -z "\${GIT_OBJECT_DIRECTORY:-}" ] || options+=(
	"GIT_OBJECT_DIRECTORY=\$GIT_OBJECT_DIRECTORY"
	"GIT_ALTERNATE_OBJECT_DIRECTORIES=\$GIT_ALTERNATE_OBJECT_DIRECTORIES")
data=\$(cat)
cd "$1"
for hook in "$CUSTOM/$name.d"/*; do
	[ -x "\$hook" ] || continue
	[[ \$hook == *~ ]] && continue
	echo "\$data" | env -i HOME="\$HOME" PATH="\$PATH" TZ=UTC \\
	    GIT_EXEC_PATH="\${GIT_EXEC_PATH:-}" GIT_DIR="$1" \\
	    GL_ID="\$GL_ID" GL_USERNAME="\$GL_USERNAME" \\
	    GL_PROJECT_PATH="\$GL_PROJECT_PATH" GL_REPOSITORY=project-7 \\
	    GL_PROTOCOL="\$GL_PROTOCOL" "\${options[@]}" "\$hook" || exit 1
done
SH
		chmod 755 "$1/hooks/$name"
	done
}
as_server() {
	as=$1
	shift
	env GL_ID="${KEY:-user-3}" GL_USERNAME="$as" \
	    GL_PROJECT_PATH="$REPO" GL_PROTOCOL="${PROTOCOL:-ssh}" "$@"
}
on_server() {
	git -C "$STORE" "$@"
}

export REPO=acme/payments
imitated_site
policy_main </dev/null | sed 's/first_push: refuse//; s/match: \["\*\*"\]/match: ["**"]\n    first_push: baseline/' |
    use_policy
mkdir -p "$CUSTOM" "$(dirname "$STORE")"
git init -q --bare -b main "$STORE"
git -C "$STORE" config receive.advertisePushOptions true
gitaly "$STORE"
check "install" foureyes install --server gitlab
says "custom_hooks_dir" "what remains is told"
check_not "which takes no repository" 2 foureyes install --server gitlab "$REPO"
check "the first push is taken as baseline where the policy says so" \
    seeded "$STORE" as_server alice
# shellcheck disable=SC2086  # a list of people
clones_of "$STORE" $PEOPLE mallory
change_as alice fee fee.txt
expect_refused peer.none "nobody approved" push_as alice fee:main
says 'GL-HOOK-ERR: foureyes: main: peer.none: '
cp "$W/out" "$W/said"
check_not "every line is one that GitLab shows" 1 sh -c \
    "grep '^remote:' '$W/said' | grep -v '^remote: GL-HOOK-ERR: ' | grep -v '^remote: *$'"
check_not "and fits a terminal, but for what is typed" 1 sh -c \
    "sed 's/ *$//' '$W/said' | grep '^remote:.\{94\}' | grep -v '[0-9a-f]\{40\}'"
check "bob approves" approve_as bob "$C"
expect_admitted "with his approval it lands" push_as alice fee:main
cp "$W/out" "$W/said"
check_not "an answer that is no refusal has no prefix" 1 grep GL-HOOK-ERR \
    "$W/said"
check "pushed by whom it says, and witnessed" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | grep '\"type\":\"landing\"' |
	grep '\"lander\":\"alice\"' | grep '\"witness\":\"post-receive\"'"
git_as alice commit -q --allow-empty -m "by a key"
KEY=key-12
expect_refused environment.pusher-unknown "a deploy key is nobody's login" \
    push_as alice HEAD:main
says 'key-12'
KEY=user-3
change_as carol fix fix.txt
expect_admitted "push options arrive" push_as carol \
    -o emergency=INC-1 -o "reason=card payments fail for everybody" fix:main
says EMERGENCY
change_as erin web web.txt
check "bob approves" approve_as bob "$C"
PROTOCOL=web
expect_admitted "its own merge, one ref" push_as erin web:main
PROTOCOL=ssh
check "the chain holds" foureyes verify --chain
check "out again" foureyes uninstall --server gitlab
check_not "nothing of ours is left" 1 sh -c "find '$CUSTOM' -type f | grep ."
done_testing

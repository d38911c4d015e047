#!/bin/sh
# Observe mode; hooks that were there before; install and uninstall.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git

MODE=observe
policy_main </dev/null | use_policy
change_as alice seen
expect_admitted "observe lets through" push_as alice seen:main
says 'peer.none' "and says what it would have said"
check "the record says so" grep -q '"mode":"observe"' "$W"/etc/ledger/*.jsonl
expect_refused 'policy\.[a-z-]*|environment\.[a-z-]*|evidence\.[a-z-]*' \
    "an evidence ref of a wrong shape is refused all the same" \
    push_as alice seen:refs/foureyes/approvals/not-a-commit/x
MODE=enforce
policy_main </dev/null | use_policy

# By repository and by gate; the narrowest wins.
observed() {
	expect_admitted "$1: lets through" push_as alice "$2"
	says 'observed only' "$1: and says what would have been"
}
policy_main </dev/null | sed 's/  - match: \["\*\*"\]/&\n    mode: observe/' |
    use_policy
change_as alice in-repository
observed "by repository" in-repository:main
policy_main </dev/null | sed 's/      main:/&\n        mode: observe/' |
    use_policy
change_as alice at-gate
observed "by gate" at-gate:main
expect_refused 'staging.not-staged' "another gate of it still refuses" \
    push_as alice -o "rollback-plan=redeploy the build that ran before" \
    at-gate:refs/heads/production
expect_refused 'staging.not-staged' "and with it the whole push" push_as alice \
    at-gate:refs/heads/production at-gate:refs/tags/v1
MODE=observe
policy_main </dev/null | sed 's/      main:/&\n        mode: enforce/' |
    use_policy
change_as alice narrower
expect_refused peer.none "a gate that enforces, in an installation that does not" \
    push_as alice narrower:main
expect_admitted "while others observe" push_as alice narrower:refs/tags/v2
MODE=enforce
policy_main </dev/null | use_policy
C=$(on_server rev-parse main)
expect_refused review.not-in-full "what was only observed is not promoted" \
    push_as alice "$C:refs/heads/staging"

# A yes given afterwards is put on record at once, and outlives its own time.
for at in "$C" "$C~1" "$C~2"; do
	approve_as bob "$(on_server rev-parse "$at")" >"$W/out" 2>&1
done
check "three reviews are on record" sh -c \
    "cat '$W'/etc/ledger/*.jsonl | grep -c '\"kind\":\"review\"' | grep -qx 3"
check "half a year goes by" \
    python3 "$src/tests/real/age.py" "$W/etc/ledger" 180
rm -f "$W/etc/index.db"*
expect_admitted "what was reviewed is promoted" \
    push_as alice "$C:refs/heads/staging"

# Hooks that were there before.
check "uninstall" foureyes uninstall "$bare"
change_as alice free
expect_admitted "after which nothing is asked" push_as alice free:main
cat >"$bare/hooks/pre-receive" <<'HOOK'
#!/bin/sh
echo "the old hook ran"
while read -r old new ref; do
	[ "$ref" != refs/heads/forbidden ] || exit 1
done
HOOK
chmod 755 "$bare/hooks/pre-receive"
cp -p "$bare/hooks/pre-receive" "$W/old-hook"
check "install over it" foureyes install "$bare"
check "install again changes nothing" foureyes install "$bare"
change_as alice chained
expect_refused 'peer.none|environment.[a-z-]*|review.[a-z-]*' "ours decides" \
    push_as alice chained:main
expect_admitted "the old one still runs" push_as alice chained:refs/heads/x
says 'the old hook ran'
check_not "and still decides" 1 push_as alice chained:refs/heads/forbidden
check "uninstall puts it back" foureyes uninstall "$bare"
check "byte for byte" cmp "$bare/hooks/pre-receive" "$W/old-hook"
check "with its mode" [ -x "$bare/hooks/pre-receive" ]

check "install and doctor" sh -c \
    "foureyes install '$bare'; foureyes doctor '$REPO'; true"
chmod -x "$bare/hooks/pre-receive"
check_not "doctor finds a hook without its execute bit" 1 \
    foureyes doctor "$REPO"
done_testing

#!/bin/sh
# The copy of a repository: where the token is seen, and what ends a fetch.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_told.sh
. "$src/tests/real/lib_told.sh"
MIRROR_MORE='mirror_deadline: 3s'
told_site
copy=$W/mirrors/payments.git

# log_says PATTERN: foureyesd complains of it.
log_says() {
	for _ in $(seq 150); do
		grep -Eq "$1" "$W/foureyesd.log" && return 0
		sleep 0.1
	done
	tail -5 "$W/foureyesd.log"
	return 1
}

topic_as alice one
at_forge open "as=alice&head=one&base=main" </dev/null
expect_status "$C" main failure "" "a copy is made, with the token"
check "of the heads of requests too" \
    git --git-dir "$copy" rev-parse -q --verify refs/pull/1/head
grep -rqs "$TOKEN" "$W/mirrors"
[ $? -eq 1 ]
verdict $? "the token is nowhere in the copy"
grep -v "foureyes.bot" "$W/forge/gitted" | grep "git-upload-pack" |
    grep -q "payments.git.* None"
verdict $? "git asked without it first, and got it when the forge asked"

# ---- a forge that does not answer ----
at_forge stall "yes=1" </dev/null
at_forge edit "as=alice&n=1&base=main" </dev/null
found=
for _ in $(seq 100); do
	for pid in /proc/[0-9]*; do
		cat "$pid/cmdline" "$pid/environ" 2>/dev/null | tr '\0\n' '  '
		echo
	done | grep -v forge_sim >"$W/seen"
	if grep -q "fetch.*payments.git" "$W/seen"; then
		found=yes
		break
	fi
	sleep 0.05
done
[ -n "$found" ]
verdict $? "git fetches"
grep -q "$TOKEN" "$W/seen"
[ $? -eq 1 ]
verdict $? "and no process has the token among its words or in its environment"
check "a fetch that gets no answer ends by its deadline" \
    log_says "not done in time"
at_forge stall "yes=0" </dev/null

# ---- more than is taken ----
sed -i 's/^      mirrors:.*/&\n      mirror_max: 1/' "$W/etc/foureyes.yaml"
kill -HUP "$receiver_pid"
check "the configuration is read again" log_says "read again"
sleep 1
head -c 4000000 /dev/urandom >"$W/alice/large"
git_as alice add large
git_as alice commit -q -m "large"
git_as alice push -q origin one 2>/dev/null
large=$(git_as alice rev-parse HEAD)
check "a pack above mirror_max ends the fetch" log_says "index-pack|file size|File too large"
! git --git-dir "$copy" cat-file -e "$large" 2>/dev/null
verdict $? "and nothing of it is taken"
sed -i 's/mirror_max: 1$/mirror_max: 100/' "$W/etc/foureyes.yaml"
kill -HUP "$receiver_pid"
expect_status "$large" main failure "" "with more room it goes on by itself"

done_testing

#!/bin/sh
# watch, in foureyesd: what a forge protects is asked for when it tells that its
# settings were changed, and each change of how that stands is a record, once.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_told.sh
. "$src/tests/real/lib_told.sh"
told_site
openssl genrsa -traditional -out "$W/secrets/app" 2048 2>/dev/null
chmod 600 "$W/secrets/app"
sed -i "s,token_file: .*,app: {id: 4711; private_key_file: $W/secrets/app}," \
    "$W/etc/foureyes.yaml"
sed -i 's/4711;/4711,/' "$W/etc/foureyes.yaml"
check "the source is asked as an app" foureyes check
kill -HUP "$receiver_pid"

# protect RULE...: the forge's rules of each branch from now on.
protect() {
	rules=$(printf '%s\n' "$@" | paste -sd,)
	printf '[%s]' "$rules" | at_forge protect as=erin
}

# status APP CONTEXT
status() {
	printf '{"type":"required_status_checks","parameters":{%s[%s]}}' \
	    '"required_status_checks":' \
	    "{\"context\":\"$2\",\"integration_id\":$1}"
}

newest_of() {
	foureyes log --json --type drift |
	    grep "\"check\":\"forge.[a-z]*\".*\"subject\":\"hub payments$1\"" |
	    tail -1
}

# stands REF STATE TEXT WHAT: the newest record of what protects it.
stands() {
	for _ in $(seq 150); do
		newest_of "${1:+ refs/heads/$1}" >"$W/out"
		grep -Eq "\"state\":\"$2\".*$3" "$W/out" && break
		sleep 0.1
	done
	says "\"state\":\"$2\".*$3" "$4"
}

# A first change makes the repository known.
topic_as alice one
at_forge open "as=alice&head=one&base=main" </dev/null
expect_status "$C" main failure "nobody has approved" "requests are judged"
NO_FORCE='{"type":"non_fast_forward"}'
NO_DELETE='{"type":"deletion"}'
ALL="$(status 4711 foureyes/main),$(status 4711 foureyes/production)"
protect "$NO_FORCE" "$NO_DELETE"
stands main fail 'does not require the status foureyes/main' \
    "our status is not required: written down"
stands production fail 'does not require the status foureyes/production' \
    "of each gated branch"
protect "$ALL" "$NO_FORCE" "$NO_DELETE"
stands main pass '"was":"fail"' "it is required: it stands again"
stands production pass '"was":"fail"' "and so does the other"
protect "$ALL" "$NO_FORCE" "$NO_DELETE"
sleep 1
foureyes log --json --type drift | grep -c '"check":"forge.protection"' >"$W/out"
says '^4$' "nothing changed: no record more"
protect "$(status 5 foureyes/main)" "$(status 4711 foureyes/production)" \
    "$NO_FORCE" "$NO_DELETE"
stands main fail 'from others than our app' "another app's word would do"
protect "$ALL" "$NO_DELETE"
stands production fail 'force pushes' "force pushes are let through"
foureyes doctor >"$W/out" 2>&1
says '^wrong: hub payments refs/heads/production: .*force pushes' \
    "doctor tells what foureyesd found"
protect "$ALL" "$NO_FORCE" "$NO_DELETE"
stands production pass '"was":"fail"' "and that it stands again"

# The webhook by which it tells.
at_forge hook "active=0&code=200" </dev/null
foureyesd --config "$W/etc" clerk --once watch >"$W/out" 2>&1
stands '' fail '"text":"webhook: it is switched off' \
    "a webhook that is switched off"
at_forge hook "active=1&code=200" </dev/null
foureyesd --config "$W/etc" clerk --once watch >"$W/out" 2>&1
stands '' pass '"was":"fail"' "on again"
at_forge hook "active=1&code=502" </dev/null
foureyesd --config "$W/etc" clerk --once watch >"$W/out" 2>&1
stands '' fail 'answered with 502' "one that does not reach us"
at_forge hook "active=1&code=204" </dev/null
foureyesd --config "$W/etc" clerk --once watch >"$W/out" 2>&1
stands '' pass '"was":"fail"' "and one that does"

# What cannot be asked is not known, and that is no good news.
kill -9 "${server_pids%% "$receiver_pid"*}" 2>/dev/null
foureyesd --config "$W/etc" clerk --once watch >"$W/out" 2>&1
stands main unknown '"was":"pass"' "a forge that is not there: unknown"
done_testing

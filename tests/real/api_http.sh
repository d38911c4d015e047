#!/bin/sh
# What foureyesd tells readers over HTTP: with a token, with the headers that a
# browser needs, within bounds; and to nobody else anything.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_receiver.sh"
site local
TOKEN=$(openssl rand -hex 32)
KEY=$W/secrets/token-key
mkdir -p "$W/secrets"
(umask 077
{
	echo '# auditors'
	echo "$TOKEN"
} >"$W/secrets/readers"
openssl rand -hex 32 >"$KEY")
RECEIVER_PORT=$(free_port)
HTTP=http://127.0.0.1:$RECEIVER_PORT
cat >>"$W/etc/foureyes.yaml" <<YAML
receiver:
  listen: "127.0.0.1:$RECEIVER_PORT"
  page: "$HTTP"
  token_key_file: $KEY
  reader_files: [$W/secrets/readers]
YAML
change_as alice one
approve_as bob "$C" >"$W/out" 2>&1
ONE=$C
expect_admitted "a change lands" push_as alice one:main
change_as bob two
expect_refused peer.none "another is refused" push_as bob two:main
TWO=$C
foureyes seal >"$W/out" 2>&1 || verdict 1 "sealed"
receiver_start

# get PATH [CURL OPTION...]: body in $W/body, headers in $W/head.
get() {
	path=$1
	shift
	: >"$W/body"
	curl -s -o "$W/body" -D "$W/head" "$@" "$HTTP$path"
}
read_() {
	path=$1
	shift
	get "$path" -H "Authorization: Bearer $TOKEN" "$@"
}
status() {
	check "$2" [ "$(sed -n '1s/[^ ]* \([0-9]*\).*/\1/p' "$W/head")" = "$1" ]
}
header() {
	tr -d '\r' <"$W/head" | sed -n "s/^$1: //ip"
}

# Nobody is told anything.
for path in /api/v1/changes /api/v1/controls /api/v1/checkpoint \
    /api/v1/records /api/v1/proof/1 /api/v1/page /api/v1/nothing \
    "/api/v1/changes/$REPO/main/$(echo "$ONE" | cut -c1-12)"; do
	get "$path"
	status 401 "without a token: $path"
	check "and no data" [ "$(cat "$W/body")" = \
	    '{"error":"a reader'"'"'s token is needed"}' ]
done
check "it says how" [ "$(header WWW-Authenticate)" = 'Bearer realm="foureyes"' ]
for value in "Bearer ${TOKEN}0" "Bearer ${TOKEN%?}" "Basic $TOKEN" "$TOKEN" \
    "Bearer" "Bearer " "Bearer $TOKEN $TOKEN" "Bearer # auditors" \
    "Bearer $(echo "$TOKEN" | tr a-f A-F)"; do
	get /api/v1/changes -H "Authorization: $value"
	status 401 "no token: $(echo "$value" | cut -c1-9)..."
done
get /api/v1/changes -H "Authorization: Bearer $TOKEN" \
    -H "Authorization: Bearer $TOKEN"
status 401 "nor two of them"
get "/api/v1/changes?token=$TOKEN&access_token=$TOKEN"
status 401 "nor one in the address"
get /api/v1/changes -d '' -H "Authorization: Bearer $TOKEN"
check "nothing can be written" [ "$(sed -n '1s/[^ ]* \([0-9]*\).*/\1/p' \
    "$W/head")" = 405 ]

# With the token.
read_ /api/v1/changes
status 200 "the changes"
check "as JSON" [ "$(header Content-Type)" = application/json ]
check "the one that landed" [ "$(jq -r '.changes[].new' "$W/body")" = "$ONE" ]
check "nothing keeps it" [ "$(header Cache-Control)" = no-store ]
check "nothing guesses its type" \
    [ "$(header X-Content-Type-Options)" = nosniff ]
check "no address is passed on" [ "$(header Referrer-Policy)" = no-referrer ]
check "nobody frames it" sh -c "tr -d '\r' <'$W/head' |
    grep -qi \"^content-security-policy:.*frame-ancestors 'none'\""
etag=$(header ETag)
read_ /api/v1/changes -H "If-None-Match: $etag"
check "what is known is not told again, within the minute" \
    grep -Eq '^HTTP/1.1 (304|200)' "$W/head"
read_ /api/v1/checkpoint
etag=$(header ETag)
read_ /api/v1/checkpoint -H "If-None-Match: $etag"
status 304 "304 for the checkpoint"
check "without a body" [ ! -s "$W/body" ]
read_ /api/v1/checkpoint -I
status 200 "HEAD"
check "has the same tag" [ "$(header ETag)" = "$etag" ]
get /api/v1/checkpoint -H "authorization: bEaReR $TOKEN"
status 200 "the scheme in any case"
check "the checkpoint" cmp "$W/body" "$W/etc/ledger/checkpoint"
read_ "/api/v1/records?from=2&count=2"
check "records" sh -c "sed -n 2,3p '$W'/etc/ledger/*.jsonl | cmp - '$W/body'"
check "and where the next ones are" [ "$(header Link)" = \
    '</api/v1/records?from=4&count=2>; rel="next"' ]
id=$REPO/main/$(echo "$ONE" | cut -c1-12)
read_ "/api/v1/changes/$id"
check "a change by its path" [ "$(jq -r .change "$W/body")" = "$id" ]
read_ "/api/v1/changes/$(echo "$id" | sed 's,/,%2F,g')"
check "and with its slashes escaped" [ "$(jq -r .change "$W/body")" = "$id" ]
read_ "/api/v1/changes?repository=a%00b"
check "no NUL in a name" grep -Eq '^HTTP/1.1 400' "$W/head"
read_ "/api/v1/changes?count=x"
status 400 "a wrong word is told"
jq -r 'select(.type == "key") | .pem // .public' "$W"/etc/ledger/*.jsonl \
    >"$W/seal.pub"
read_ /api/v1/proof/3
cp "$W/body" "$W/proof"
check "a proof holds by sha256sum and openssl" \
    sh "$src/tests/real/lib_prove.sh" "$W/proof" "$W/seal.pub" 3

# The page has no data in it.
get /
status 200 "the page is for everybody"
check "and tells nothing" sh -c "! grep -q '$ONE\|$REPO\|alice' '$W/body'"
check "its policy is a header" sh -c "tr -d '\r' <'$W/head' |
    grep -i '^content-security-policy:' | grep \"connect-src 'self'\" |
    grep -q \"frame-ancestors 'none'\""
get /nothing
status 404 "nothing else is there"
read_ "/api/v1/page?days=30"
status 200 "its data, for a reader"
check "with the change" grep -q "$ONE" "$W/body"
check "and an end" grep -q 'id="end"' "$W/body"

# One change, by its own token.
token_of() {
	printf 'foureyes change\n%s' "$1" | openssl dgst -sha256 -mac HMAC -macopt \
	    "key:$(cat "$KEY")" -binary | base64 | tr '+/' '-_' | tr -d '=\n'
}
id2=$REPO/main/$(echo "$TWO" | cut -c1-12)
get "/change/$(token_of "$id2")?id=$id2"
status 200 "the page of a change"
check "explains what is in the way" grep -q 'peer.none' "$W/body"
check "and tells of no other" sh -c "! grep -q '$ONE' '$W/body'"
check "it has no script" sh -c "! grep -qi '<script' '$W/body'"
check "its policy allows none" sh -c "tr -d '\r' <'$W/head' |
    grep -i '^content-security-policy:' | grep -vq script-src"
get "/change/$(token_of "$id2")?id=$id"
status 404 "its token opens no other change"
get "/change/$(token_of "$id2")"
status 404 "nor none"
get "/change/x?id=$id2"
status 404 "another token opens nothing"
get "/change/$(token_of "<b>/main/000000000000")?id=%3Cb%3E/main/000000000000"
check "a name is no markup" sh -c "! grep -q '<b>' '$W/body'"
check "but told" grep -q '&lt;b&gt;' "$W/body"

# Tokens are read again.
NEW=$(openssl rand -hex 32)
echo "$NEW" >"$W/secrets/readers"
kill -HUP "$receiver"
sleep 1
read_ /api/v1/changes
status 401 "a token that was taken away opens nothing"
TOKEN=$NEW
read_ /api/v1/changes
status 200 "the new one does"
chmod 0644 "$W/secrets/readers"
kill -HUP "$receiver"
sleep 1
read_ /api/v1/changes
status 200 "a file that others may read changes nothing"
check "and is complained of" grep -q "readers" "$W/serve.log"
receiver_stop
check_not "nor is it begun with" 3 foureyesd serve
chmod 0600 "$W/secrets/readers"
printf 'short\n' >"$W/secrets/readers"
check_not "nor with a token that can be guessed" 3 foureyesd serve
done_testing

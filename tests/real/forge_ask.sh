#!/bin/sh
# What foureyesd takes from a forge, and what it takes for no answer: the whole
# of a list or nothing, from where it was told to ask and from nowhere else.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_forge.sh
. "$src/tests/real/lib_forge.sh"

HEAD=$(printf '%040d' 7)
BASE=$(printf '%040d' 8)
R=repos/acme/payments

foureyes init --origin example.com/foureyes "$W/etc" >"$W/init.out" 2>&1
forge_start hub
echo secret-token >"$W/token"
chmod 600 "$W/token"
DOOR=local
settings_yaml >"$W/etc/foureyes.yaml"
cat >>"$W/etc/foureyes.yaml" <<YAML
receiver:
  sources:
    hub:
      kind: github
      secret_files: [$W/token]
      api: http://127.0.0.1:$FORGE_PORT/
      token_file: $W/token
      tells: [approvals, tests, deployments]
YAML
A=/api/v3/$R

ask() {
	foureyesd ask hub acme/payments "$@"
}
whole() {
	check "$1" ask "$HEAD"
}
# no_answer WHAT WORDS: an error that says so, and nothing of what was got.
no_answer() {
	ask "$HEAD" >"$W/said" 2>"$W/out"
	[ $? -eq 3 ] && [ ! -s "$W/said" ] &&
	    grep -q "could not check at 'hub': .*retry after" "$W/out" &&
	    grep -Eq -e "$2" "$W/out" && ! grep -q secret-token "$W/out"
	verdict $? "$1"
	forge_lies
}

echo "{\"sha\": \"$HEAD\"}" | forge_says "$A/commits/$HEAD"
echo "[$(request_json 7)]" |
    forge_says "$A/commits/$HEAD/pulls"
echo '{"total_count": 1, "statuses": [{"context": "ci/test",
  "state": "success", "updated_at": "2026-01-02T03:04:05Z",
  "creator": {"login": "ci[bot]", "id": 5, "type": "Bot"}}]}' |
    forge_says "$A/commits/$HEAD/status"
echo "{\"total_count\": 1, \"check_runs\": [{\"name\": \"lint\",
  \"status\": \"completed\", \"conclusion\": \"skipped\",
  \"head_sha\": \"$HEAD\", \"completed_at\": \"2026-01-02T03:04:05Z\",
  \"app\": {\"id\": 3, \"slug\": \"actions\"}}]}" |
    forge_says "$A/commits/$HEAD/check-runs"
echo "[{\"id\": 31, \"sha\": \"$HEAD\", \"environment\": \"staging\"}]" |
    forge_says "$A/deployments"
echo '[{"id": 2, "state": "inactive", "creator": null},
 {"id": 1, "state": "success", "created_at": "2026-01-02T03:04:05Z",
  "creator": {"login": "deploy-bot", "id": 6, "type": "Bot"}}]' |
    forge_says "$A/deployments/31/statuses"
reviews_json 137 APPROVED@5 CHANGES_REQUESTED@135 |
    forge_says "$A/pulls/7/reviews"

whole 'a commit is asked about'
says '"kind":"request".*"request":"7".*"head":"0*7".*"target":"refs/heads/main"'
says '"decision":"approve","review":"5".*"commit":"0*7"' 'the approval of page 1'
says '"decision":"object","review":"135"' 'and the objection of page 2'
[ "$(grep -c '"kind":"review"' "$W/out")" -eq 2 ]
verdict $? 'remarks are no reviews'
says '"context":"ci/test","result":"success"' 'a status'
says '"context":"lint","result":"failure"' 'a check that was skipped is none that succeeded'
says '"result":"success","environment":"staging"' 'a deployment'
[ "$(grep -c '"kind":"deployment"' "$W/out")" -eq 1 ]
verdict $? 'and not that another one came behind it'
[ "$(asked 'Bearer secret-token')" -eq "$(wc -l <"$F/asked")" ]
verdict $? 'each time with the token'

forge_lies 'status */reviews*page=2* 502'
no_answer 'page 2 of the reviews answers 502: there is no page 1 either' '502'
forge_lies 'elsewhere */reviews* http://localhost:1/next'
no_answer 'the next page is at another host' 'not where .api. is'
forge_lies "elsewhere */reviews* http://127.0.0.1:1/next"
no_answer 'the next page is at another port' 'not where .api. is'
forge_lies "elsewhere */reviews* https://127.0.0.1:$FORGE_PORT/next"
no_answer 'the next page is by another scheme' 'not where .api. is'
forge_lies "elsewhere */reviews* http://127.0.0.1:$FORGE_PORT@localhost/"
no_answer 'the next page is at a host behind a user' 'not where .api. is'
forge_lies "redirect */pulls/7/reviews* http://127.0.0.1:$FORGE_PORT$A/other"
no_answer 'a redirect is not followed' 'leads elsewhere'
[ "$(asked "$A/other")" -eq 0 ]
verdict $? 'and nothing was asked there'
forge_lies 'endless */reviews*'
no_answer 'a list without an end' 'more than 50 pages'
forge_lies 'cut */reviews*'
no_answer 'an answer that is cut off' 'does not answer'
forge_lies 'html */reviews*'
no_answer '200 with a page to sign in' 'no JSON'
forge_lies 'not-json */reviews*'
no_answer 'an answer that is no JSON' 'answer'
forge_lies 'deep */reviews*'
no_answer 'an answer of a thousand levels' 'answer'
forge_lies 'big */reviews*'
no_answer 'an answer of 9 MiB' 'does not answer'
forge_lies 'spent */reviews*'
no_answer 'a quota that is used up' 'too many questions.*retry after 1[12][0-9] s'
forge_lies 'later */reviews* 17'
no_answer 'too many requests' 'too many questions.*retry after 17 s'
forge_lies 'status */reviews* 403'
no_answer '403 without a quota' '403: it is so'
forge_lies 'status */reviews* 404'
no_answer 'not found is not: no reviews' '404'
forge_lies 'status */reviews* 401'
no_answer 'a token that is not taken' 'token is not taken'
forge_lies 'status */reviews* 500'
no_answer 'a server that is broken' '500'
forge_lies 'status */status* 500'
no_answer 'statuses that cannot be had leave no reviews either' '500'

whole 'and then it answers again'

chmod 644 "$W/token"
check_not 'a token that others may read is not used' 3 ask "$HEAD"
says 'open to others'
chmod 600 "$W/token"
check_not 'a source that is not there' 2 foureyesd ask nobody acme/payments
done_testing

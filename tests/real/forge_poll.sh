#!/bin/sh
# What no webhook told, found by the clerk's clock: reviews of open requests, one
# that was dismissed since, deliveries that the forge could not make.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_forge.sh
. "$src/tests/real/lib_forge.sh"
# shellcheck source=tests/real/lib_receiver.sh
. "$src/tests/real/lib_receiver.sh"

site local
KIND=gitea forge_site approvals
A=/api/v1/repos/acme/$REPO

# tea_review DISMISSED: bob's approval of $C on request 7.
tea_review() {
	echo "[{\"id\": 5, \"state\": \"APPROVED\", \"commit_id\": \"$C\",
  \"dismissed\": $1, \"submitted_at\": \"2026-01-02T03:05:05Z\",
  \"user\": {\"login\": \"bob\", \"id\": 2}}]" | forge_says "$A/pulls/7/reviews"
}
poll() {
	foureyesd clerk --once ask
}
kept() {
	cat "$W"/etc/ledger/*.jsonl | grep -c "\"source\":\"hub\".*$1"
}

change_as alice topic
HEAD=$C
echo "[$(request_json 7)]" | forge_says "$A/pulls"
tea_review false
check 'the clerk asks' poll
[ "$(kept '"via":"ask".*"decision":"approve"')" -eq 1 ]
verdict $? 'an approval at first sight of the repository'
[ "$(kept '"via":"ask".*"title"')" -eq 1 ]
verdict $? 'and its request'
check 'once more' poll
[ "$(kept '"via":"ask"')" -eq 2 ]
verdict $? 'stores nothing twice'
tea_review true
check 'it was dismissed, which no webhook tells' poll
[ "$(kept '"decision":"withdraw"')" -eq 1 ]
verdict $? 'and is taken back'
expect_refused 'peer\.[a-z-]*' 'so it lets nothing through' push_as alice topic:main
tea_review false
check 'a forge that has it back' poll
[ "$(kept '"decision":"approve"')" -eq 1 ]
verdict $? 'is not believed: of one review the taking back is the last word'

forge_lies 'later * 30'
n=$(kept '"via":"ask"')
check 'a forge that wants to be left alone is no failure of the task' poll
says 'too many questions for now .retry after 30 s' 'and is named'
[ "$(kept '"via":"ask"')" -eq "$n" ]
verdict $? 'with nothing stored'
forge_lies

# GitHub's, with a hook of ours and one of somebody else's.
stop_servers
rm -rf "$F"
KIND=github forge_site approvals
A=/api/v3/repos/acme/$REPO
echo '[]' | forge_says "$A/pulls"
echo '[{"id": 1, "config": {"url": "https://four.example.com/hooks/hub"}},
 {"id": 2, "config": {"url": "https://ci.example.com/hooks"}}]' |
    forge_says "$A/hooks"
echo '[{"id": 11, "guid": "a", "status_code": 204},
 {"id": 12, "guid": "b", "status_code": 503},
 {"id": 13, "guid": "c", "status_code": 200},
 {"id": 14, "guid": "c", "status_code": 502}]' |
    forge_says "$A/hooks/1/deliveries"
check 'a repository of GitHub' poll
grep -q "$A/hooks/1/deliveries/12/attempts" "$F/posted"
verdict $? 'a delivery that failed is asked for again'
[ "$(wc -l <"$F/posted")" -eq 1 ] && [ "$(asked "$A/hooks/2/")" -eq 0 ]
verdict $? 'and nothing else'
done_testing

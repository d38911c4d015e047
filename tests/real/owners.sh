#!/bin/sh
# Owners of paths, and tickets.
. "$(dirname "$0")/lib.sh"
site local

policy_main <<'YAML' | use_policy
owners:
  - {paths: ["db/migrations/**"], count: 1, groups: [dba]}
YAML
change_as alice plain
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "a path without owners" push_as alice plain:main
change_as alice migration db/migrations/0001.sql
approve_as bob "$C" >"$W/out" 2>&1
expect_refused owners.count "a path of the dba, approved by another" \
    push_as alice migration:main
says 'db/migrations' "the refusal names the path"
approve_as carol "$C" >"$W/out" 2>&1
expect_admitted "approved by a dba as well" push_as alice migration:main
git_as alice fetch -q origin
git_as alice checkout -q -B away origin/main
git_as alice mv db/migrations/0001.sql elsewhere.sql
git_as alice commit -q -m "PAY-1 move it away

$PLAN"
push_as alice -q away
approve_as bob "$(git_as alice rev-parse HEAD)" >"$W/out" 2>&1
expect_refused owners.count "moving a file out of it is a change to it" \
    push_as alice away:main

change_as carol own db/migrations/0002.sql
approve_as bob "$C" >"$W/out" 2>&1
approve_as carol "$C" >"$W/out" 2>&1
expect_refused owners.count "an owner's yes to what is hers does not count" \
    push_as carol own:main
says '\(peer.author\)' "for she is its author"

# A submodule put there and taken out again changes no path in the end.
git_as alice fetch -q origin
git_as alice checkout -q -B sub origin/main
git_as alice update-index --add \
    --cacheinfo "160000,$(git_as alice rev-parse HEAD),db/migrations/sub"
git_as alice commit -q -m "PAY-1 a submodule

$PLAN"
LINK=$(git_as alice rev-parse HEAD)
git_as alice rm -q --cached db/migrations/sub
commit_as alice sub.txt "PAY-1 and away with it"
push_as alice -q sub
approve_as bob "$C" >"$W/out" 2>&1
expect_refused owners.count "a submodule there and back is seen" \
    push_as alice sub:main
check "and is in the record, with its commit" sh -c "grep -h gitlinks \
    '$W'/etc/ledger/*.jsonl | tail -1 | grep -q '\"commit\":\"$LINK\"'"
approve_as carol "$C" >"$W/out" 2>&1
expect_admitted "with the owner's yes it lands" push_as alice sub:main

policy_main <<'YAML' | use_policy
owners:
  - {paths: ["db/**"], count: 1, groups: [dba]}
  - {paths: ["**/*.sql"], count: 1, groups: [dba, release]}
YAML
change_as alice both db/0003.sql
approve_as carol "$C" >"$W/out" 2>&1
expect_admitted "one yes may content several owners" push_as alice both:main

policy_main <<'YAML' | use_policy
ticket: {pattern: "[A-Z]+-[0-9]+"}
YAML
change_as alice bare bare.txt "no ticket anywhere

$PLAN"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused ticket.missing "no ticket" push_as alice bare:main
change_as alice trailer trailer.txt "with a trailer

Ticket: PAY-12
$PLAN"
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "in a trailer" push_as alice trailer:main
change_as alice long long.txt "a ticket far out

Ticket: $(printf '%01000d' 0) PAY-13
$PLAN"
approve_as bob "$C" >"$W/out" 2>&1
expect_refused ticket.missing "a trailer is no place for a book" \
    push_as alice long:main
change_as alice squashed squashed.txt "PAY-14 the ticket is in the topic"
approve_as bob "$C" >"$W/out" 2>&1
git_as alice checkout -q -B squashed-up origin/main
git_as alice merge -q --squash "$C" >/dev/null
git_as alice commit -q -m "squashed

$PLAN"
expect_admitted "in the commit that was squashed" \
    push_as alice squashed-up:main
change_as alice subject
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "in the subject" push_as alice subject:main
done_testing

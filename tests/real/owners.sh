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
git_as alice checkout -q -B away origin/main
git_as alice fetch -q origin
git_as alice reset -q --hard origin/main
git_as alice mv db/migrations/0001.sql elsewhere.sql
git_as alice commit -q -m "PAY-1 move it away

$PLAN"
push_as alice -q away
approve_as bob HEAD >"$W/out" 2>&1
approve_as bob "$(git_as alice rev-parse HEAD)" >"$W/out" 2>&1
expect_refused owners.count "moving a file out of it is a change to it" \
    push_as alice away:main

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
change_as alice subject
approve_as bob "$C" >"$W/out" 2>&1
expect_admitted "in the subject" push_as alice subject:main
done_testing

#!/bin/sh
# K08: what a text says is a claim; what is a record in it is read as Git does.
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/real/lib_cases.sh
. "$src/tests/real/lib_cases.sh"
site local
none='peer.none|peer.other-commit'
n=0
crlf=$(printf '\r')
words='revert this commit and put the build before it live again'

# message MESSAGE: alice's change with exactly this message, pushed; $C, $B.
message() {
	n=$((n + 1))
	B=text-$n
	onto alice "$B"
	commit_as alice "$B.txt" placeholder
	printf '%s\n' "$1" >"$W/message"
	{
		git_as alice cat-file commit "$C" | sed '/^$/,$d'
		echo
		cat "$W/message"
	} >"$W/raw"
	object_as alice commit "$W/raw"
	C=$O
	push_as alice -q "+$C:refs/heads/$B" >"$W/out" 2>&1 ||
	    verdict 1 "$B was pushed"
}

# planned CODE WHAT MESSAGE: approved by bob; refused with CODE, "-" lands.
planned() {
	message "$3"
	approved bob
	if [ "$1" = - ]; then
		lands "$2" alice "$C:refs/heads/main"
	else
		stops "$1" "$2" alice "$C:refs/heads/main"
	fi
}

# told CODE WHAT MESSAGE: a tag of bob's with that message.
told() {
	tag_as bob foureyes/told "$3"
	if [ "$1" = - ]; then
		send bob
		lands "$2" alice "$C:refs/heads/main"
	else
		send bob "$1" "$2"
	fi
}

: H01 a line in prose is no trailer
planned rollback.absent "H01: a plan quoted in the middle" "PAY-1 a change

Rollback-Plan: $words

And so on."
planned rollback.absent "H01: one that is indented" "PAY-1 a change

 Rollback-Plan: $words"
planned rollback.absent "H01: one within a sentence" "PAY-1 a change

The template says
Rollback-Plan: $words
which we all know."
planned rollback.absent "H01: one in a quotation" "PAY-1 a change

> Rollback-Plan: $words"
planned rollback.absent "H01+: one as the subject" "Rollback-Plan: $words"
planned rollback.absent "H01+: one of other letters" "PAY-1 a change

$(printf 'R\320\276llback-Plan'): $words"
planned - "H01: the last paragraph" "PAY-1 a change

Rollback-Plan: $words
Signed-off-by: Alice <alice@example.com>"
change_as alice h01
told evidence.decision "H01: a statement in the middle of a tag" \
    "$(statement refs/heads/main)

And so on."
told evidence.decision "H01: one that is indented" \
    "$(statement refs/heads/main | sed 's/^F/ F/')"
told evidence.decision "H01: one behind quotation marks" \
    "$(statement refs/heads/main | sed 's/^F/> F/')"
told evidence.decision "H01+: a key of other letters" \
    "$(statement | sed "s/^Foureyes-Target/$(printf \
    'F\320\276ureyes-Target')/")"
told evidence.bytes "H01+: a target with a hidden character" \
    "$(statement "$(printf 'refs/heads/ma\342\200\213in')")"
told evidence.bytes "H01+: a value that is no UTF-8" \
    "$(statement "$(printf 'refs/heads/\377')")"
told - "H01+: keys in any case, as Git takes them" \
    "$(statement | sed 's/^Foureyes-Target:/FOUREYES-target :/')"

: H02 anybody can write a reviewer\'s line
planned_by() {
	message "PAY-1 a change

Rollback-Plan: $words
$1"
	stops "$none" "H02: $1" alice "$C:refs/heads/main"
}
planned_by "Reviewed-by: Carol <carol@example.com>"
planned_by "Approved-by: carol"
planned_by "Acked-by: Carol <carol@example.com>"
planned_by "Foureyes-Decision: approve"
message "PAY-1 a change

Rollback-Plan: $words
Emergency-Change: INC-1
Emergency-Reason: the checkout page is down"
stops "$none" "H02+: an emergency by somebody who may declare none" \
    alice "$C:refs/heads/main"
onto carol h02
commit_as carol h02.txt "PAY-1 a change

Emergency-Change: INC-1
Emergency-Reason: the checkout page is down"
push_as carol -q h02
stops "$none" "H02+: carol's emergency, pushed by alice" \
    alice "$C:refs/heads/main"
message "PAY-1 a change

The runbook says
Emergency-Change: INC-1
Emergency-Reason: the checkout page is down
to declare one.

Rollback-Plan: $words"
git_as carol fetch -q origin
git_as carol checkout -q -B h02-prose origin/main
by carol carol@example.com git_as carol commit -q --allow-empty \
    -m "$(cat "$W/message")"
stops "$none" "H02+: and one in prose, of her own" carol h02-prose:main

: H03 CRLF hides nothing
planned - "H03: a message of CRLF lines" "PAY-1 a change$crlf
$crlf
Rollback-Plan: $words$crlf
Ticket: PAY-1$crlf"
decided '"text":"revert this commit and put the build before it live again"' \
    "H03: the plan is recorded without the CR"
planned - "H03: a trailer of CRLF alone" "PAY-1 a change

Rollback-Plan: $words$crlf"
planned rollback.empty "H03+: an empty one with a CR" "PAY-1 a change

Rollback-Plan:$crlf"
planned - "H03+: a section of CRLF lines" "PAY-1 a change$crlf
$crlf
## Rollback plan$crlf
$crlf
$words$crlf"
change_as alice h03
told - "H03: a statement of CRLF lines" \
    "$(statement refs/heads/main | sed "s/\$/$crlf/")"
change_as alice h03-object
told - "H03+: CRLF does not make two of one line" \
    "$(statement refs/heads/main | sed "s/^\(Foureyes-.*\)/\1$crlf/")"
change_as alice h03-hidden
told 'evidence\.[a-z-]*' "H03+: a bare CR hides no second decision" \
    "$(statement refs/heads/main "object${crlf}Foureyes-Decision: approve")"

: H04 dashes
planned - "H04: below a heading underlined with dashes" "PAY-1 a change

Heading
-------
Text.

Rollback-Plan: $words"
planned rollback.absent "H04: below a line of three dashes" "PAY-1 a change

---

Rollback-Plan: $words"
planned - "H04+: above a line of three dashes" "PAY-1 a change

Rollback-Plan: $words
---
 base.txt | 1 +"
planned rollback.absent "H04+: below Git's scissors" "PAY-1 a change

# ------------------------ >8 ------------------------

Rollback-Plan: $words"
change_as alice h04
told evidence.decision "H04: a statement below three dashes" "Looked at.

---

$(statement | tail -3)"
told evidence.target "H04+: a target below them" \
    "$(statement | sed '/Target/d')
---
Foureyes-Target: refs/heads/main"
told - "H04+: what stands below them is not read" "$(statement refs/heads/main)
---
Foureyes-Decision: object"

: H05 folding
planned - "H05: a value that goes on with a blank" "PAY-1 a change

Rollback-Plan: revert this commit
 and put the build before it live again"
planned 'rollback.(absent|too-short)' "H05: one that goes on without" \
    "PAY-1 a change

Rollback-Plan: revert this commit
and put the build before it live again"
change_as alice h05
told 'evidence\.[a-z-]*' "H05+: a folded target is not the target" \
    "$(statement | sed 's,^Foureyes-Target: refs/heads/main,Foureyes-Target: refs/heads/\
 main,')"
told evidence.decision "H05+: a folded decision is none" \
    "$(statement | sed 's,^Foureyes-Decision: approve,Foureyes-Decision: approve\
 or object,')"
told - "H05+: a fold before the value is none" \
    "$(statement | sed 's,^Foureyes-Decision: approve,Foureyes-Decision:\
 approve,')"

: H06 merge tools drop trailers
message "PAY-1 a change

Rollback-Plan: $words
Reviewed-by: Carol <carol@example.com>"
approved bob
onto alice h06
git_as alice merge -q --squash "$C" >/dev/null
git_as alice commit -q -m "PAY-1 a change"
lands "H06: the copy has no trailers, the approved commit has" \
    alice h06:main
decided '"carried":"same-content"' "H06: it is the same content"
decided '"rollback_plan":{"where":"commit [0-9a-f]*"' \
    "H06: and the plan is the approved one"

# approved_plan WHAT LINES: bob's approval ends with these lines.
approved_plan() {
	message "PAY-1 a change without a plan"
	tag_as bob foureyes/plan "$2"
	send bob
	lands "$1" alice "$C:refs/heads/main"
}
approved_plan "H06+: a plan among the trailers of the approval" \
    "$(statement refs/heads/main)
Rollback-Plan: $words"
approved_plan "H06+: one that is all its text" "Rollback-Plan: $words

$(statement refs/heads/main | tail -3)"
approved_plan "H06+: a target among its trailers" \
    "$(statement refs/heads/main)
Rollback-To: $(on_server rev-parse main)"
message "PAY-1 a change without a plan"
tag_as bob foureyes/plan "Rollback-Plan: $words is what I miss.

$(statement refs/heads/main)"
send bob
stops rollback.absent "H06+: one quoted in its prose is none" \
    alice "$C:refs/heads/main"

: H07 a plan that is none
for word in N/A n.a. TBD tbd. none None. - -- ... todo 'to be done' nil \
    'not needed' 'same as above' XXX '*TBD*' "\`n/a\`" '<!-- revert it -->' \
    '???' "$(printf '\342\200\213')" "$(printf '\302\240 \302\240')"; do
	planned 'rollback.(placeholder|empty|template)' "H07: '$word'" \
	    "PAY-1 a change

Rollback-Plan: $word"
done
for word in N/A TBD 'to be done' '*TBD*' '???'; do
	planned 'rollback.(placeholder|empty|template)' \
	    "H07: '$word' below a heading" "PAY-1 a change

## Rollback plan

$word

## Tests
all of them"
done
planned rollback.empty "H07: white space alone" "PAY-1 a change

## Rollback plan

	  

## Risk
low"
policy_main <<'YAML' | sed '/rollback_plan: {required: true, min/d' | use_policy
rollback_plan:
  required: true
  min_words: 5
  placeholders:
    - "Describe in a sentence how this change is undone, and who does it."
    - "As usual: the on-call engineer knows."
YAML
planned 'rollback.(placeholder|template)' "H07: the template's sentence" \
    "PAY-1 a change

## Rollback plan

Describe in a sentence how this change is undone, and who does it."
says 'rollback' "H07: the refusal names what is asked"
planned 'rollback.(placeholder|template)' \
    "H07: in other letters, wrapped and marked up" "PAY-1 a change

## ROLLBACK PLAN (mandatory)

- *describe* in a sentence
  how this change is undone, and **who does it**"
planned 'rollback.(placeholder|template|too-short)' \
    "H07: with a word behind it" "PAY-1 a change

## Rollback plan

Describe in a sentence how this change is undone, and who does it. Yes."
planned - "H07: with a plan below it" "PAY-1 a change

## Rollback plan

Describe in a sentence how this change is undone, and who does it.
Run the migration backwards, then start the old image."
policy_main </dev/null | use_policy

planned rollback.too-short "H07+: one word said five times" "PAY-1 a change

Rollback-Plan: revert revert revert revert revert"
planned rollback.absent "H07+: a heading in a code block" "PAY-1 a change

\`\`\`
## Rollback plan
$words
\`\`\`"
planned rollback.absent "H07+: a heading in a comment" "PAY-1 a change

<!--
## Rollback plan
$words
-->"
planned 'rollback.(empty|placeholder)' "H07+: a plan hidden in a comment" \
    "PAY-1 a change

## Rollback plan
<!-- $words -->"
planned 'rollback.(empty|placeholder)' \
    "H07+: in a comment that does not end" "PAY-1 a change

## Rollback plan
<!-- $words"
planned rollback.absent "H07+: a heading in a quotation" "PAY-1 a change

> ## Rollback plan
> $words"
planned rollback.absent "H07+: a heading that only begins like it" \
    "PAY-1 a change

## Rollback planning meeting
$words"
planned - "H07+: a plan of commands in a code block" "PAY-1 a change

## Rollback plan

\`\`\`sh
kubectl rollout undo deployment/payments
kubectl rollout status deployment/payments --timeout=5m
\`\`\`"
planned - "H07+: a plan in German" "PAY-1 a change

Rollback-Plan: Den Commit zurücknehmen und das vorige Paket ausrollen"
planned - "H07+: one in Russian" "PAY-1 a change

Rollback-Plan: Откатить этот коммит и снова выложить предыдущую сборку"
planned - "H07+: one in Chinese" "PAY-1 a change

Rollback-Plan: 回滚此提交并重新部署上一个稳定版本的镜像"
planned - "H07+: one in Arabic" "PAY-1 a change

Rollback-Plan: التراجع عن هذا التغيير ونشر الإصدار السابق مرة أخرى"
for word in нет 无 暂无 なし 없음 keine; do
	planned 'rollback.(placeholder|empty)' "H07+: '$word' is none" \
	    "PAY-1 a change

Rollback-Plan: $word"
done

for to in ../../../../etc/passwd refs/heads/../../x HEAD @ main~1 \
    main.lock refs/foureyes/x "$(printf 'a\033[2Jb')"; do
	planned 'rollback.to-missing' "H07+: no target is '$to'" \
	    "PAY-1 a change

Rollback-To: $to"
done

: H09 labels, notes and names are no approval
change_as alice h09
git_as alice tag -a -m "approved" approved "$C"
git_as alice notes add -m "Approved-by: Carol" "$C" 2>/dev/null
push_as alice -q approved "$C:refs/heads/approved/by-carol" \
    refs/notes/commits >"$W/out" 2>&1 || verdict 1 "labels can be pushed"
stops "$none" "H09: a tag, a branch and a note that say approved" \
    alice h09:main
no_move "$none" "H09: a push option that says so" push_as alice \
    -o label=approved -o approved=carol -o approve \
    -o "Foureyes-Decision: approve" h09:main
approved bob
lands "H09: an approval" alice h09:main

: H09+ a ticket is named, not mentioned
policy_main <<'YAML' | use_policy
ticket: {pattern: "PAY-[0-9]+"}
YAML
planned ticket.missing "H09+: a ticket in prose" "a change

As PAY-17 says.

$PLAN"
planned ticket.missing "H09+: another trailer" "a change

$PLAN
See-also: PAY-17"
planned - "H09+: in the trailer" "a change

$PLAN
Ticket: PAY-17"
planned - "H09+: in the subject" "PAY-17 a change

$PLAN"
done_testing

#!/bin/sh
# The configuration as hooks take it: what check and apply leave beside the
# files counts exactly as long as it says what they say, and for nobody who may
# not write them.
. "$(dirname "$0")/lib.sh"
site local
image=$(echo "$W"/etc/compiled-*)

# gone: without it, hooks read the files.
gone() {
	rm -f "$W"/etc/compiled-*
}
# decided: the newest decision, without what differs each time.
decided() {
	grep -h '"type":"decision"' "$W"/etc/ledger/*.jsonl | tail -n 1 |
	    sed 's/^.*"type"/"type"/; s/[0-9a-f]\{12,64\}/H/g
		s/20[0-9-]*T[0-9:.]*Z/T/g; s/"\([a-z]*\)":[0-9][0-9]*/"\1":N/g'
}
# forged: the image again, in which bob has another key.
forged() {
	print=$(ssh-keygen -lf "$W/keys/bob.pub" | cut -d' ' -f2)
	other=SHA256:$(echo "$print" | cut -c8- | tr 'A-Za-z0-9+/' A)
	LC_ALL=C sed "s|$print|$other|g" "$W/kept" >"$image"
}

check "apply leaves one" [ -f "$image" ]
check "that its owner alone may write" \
    [ "$(stat -c %a "$image")" = 644 ]

# ---- the same verdict, with and without ----

good taken
expect_admitted "a change lands by it" push_as alice taken:main
decided | sed 's/taken//g' >"$W/decided.with"
gone
good passed
expect_admitted "and another without it" push_as alice passed:main
decided | sed 's/passed//g' >"$W/decided.without"
check "decided on the same facts" cmp "$W/decided.with" "$W/decided.without"
change_as alice unseen
expect_refused peer.none "nobody approved: refused without it" \
    push_as alice unseen:main
sed 's/[0-9]//g' "$W/out" >"$W/out.without"
foureyes check >"$W/out"
check "check leaves one again" [ -f "$image" ]
expect_refused peer.none "and refused with it" push_as alice unseen:main
sed 's/[0-9]//g' "$W/out" >"$W/out.with"
check "in the same words" cmp "$W/out.with" "$W/out.without"

# ---- it is what hooks take: one that says else is followed ----

cp -p "$image" "$W/kept"
good forged
forged
expect_refused 'peer\.[a-z-]*' "what stands in it counts" push_as alice forged:main
cat "$W/kept" >"$image"
expect_admitted "as it was made, it lets the change land" \
    push_as alice forged:main

# ---- and what stands in the files, as soon as they changed ----

good changed
sed -i 's/count: 1, groups: \[engineers\]/count: 2, groups: [engineers]/' \
    "$W/etc/policy.yaml"
expect_refused peer.count "a file that was edited counts at once" \
    push_as alice changed:main
check "though the image is there" [ -f "$image" ]
sed -i 's/count: 2, groups: \[engineers\]/count: 1, groups: [engineers]/' \
    "$W/etc/policy.yaml"
printf 'nonsense\n' >>"$W/etc/people.yaml"
check_not "a file that is not sound stops the push" 1 \
    push_as alice changed:main
says 'people.yaml:[0-9]+:' "with its place"
sed -i '$d' "$W/etc/people.yaml"
foureyes check >"$W/out"

# ---- nobody else's counts ----

cp -p "$image" "$W/kept"
forged
chmod g+w "$image"
expect_admitted "one that a group may write is passed over" \
    push_as alice changed:main
good stranger
if [ "$(id -u)" -eq 0 ]; then
	chmod g-w "$image"
	chown 65534 "$image"
	expect_admitted "and one that belongs to the hook user alone" \
	    push_as alice stranger:main
	good rooted
	chown 0 "$image"
	expect_refused 'peer\.[a-z-]*' "until it is root's" push_as alice rooted:main
else
	skip "only root gives files away"
fi
cat "$W/kept" >"$image"
done_testing

#!/bin/sh
# init: a try-out directory, every kind, nothing overwritten, and a server's.
if [ "${1:-}" != inside ]; then
	. "$(dirname "$0")/lib.sh"

	check "init" foureyes init "$W/etc"
	says '[0-9a-f]{64}' "prints the fingerprint"
	cp "$W/out" "$W/init.out"
	check "check passes right after" foureyes check
	check "verify too" foureyes verify
	says 'uncut: yes: by this machine.s own word.* 0 lie after it' \
	    "by the first checkpoint"
	for mode in "0400 seal.key" "2770 ledger" "0644 policy.yaml" \
	    "0660 index.db" "0660 ledger/checkpoint" "0660 ledger/lock"; do
		check "mode $mode" [ -n "$(find "$W/etc/${mode#* }" \
		    -maxdepth 0 -perm "${mode% *}")" ]
	done
	check "the fingerprint is the one openssl gives" grep -q "$(openssl \
	    pkey -in "$W/etc/seal.key" -pubout -outform DER | sha256sum |
	    cut -d' ' -f1)" "$W/init.out"
	check "and the key's record has it" grep -q \
	    "\"type\":\"key\".*$(grep -Eo '[0-9a-f]{64}' "$W/init.out" |
	    head -1)" "$W"/etc/ledger/*.jsonl

	# Whatever is there stays as it is.
	find "$W/etc" -type f -exec sha256sum {} + | sort >"$W/before"
	check_not "init again is refused" 3 foureyes init "$W/etc"
	find "$W/etc" -type f -exec sha256sum {} + | sort >"$W/after"
	check "and changes nothing" cmp "$W/before" "$W/after"
	for file in policy.yaml foureyes.yaml seal.key ledger index.db; do
		mkdir -p "$W/one"
		touch "$W/one/$file"
		check_not "nor beside a $file" 3 foureyes init "$W/one"
		check "which stays alone" [ "$(ls "$W/one")" = "$file" ]
		rm -r "$W/one"
	done
	mkdir -m 777 "$W/open"
	check_not "nor in a directory that everybody may write to" 3 \
	    foureyes init "$W/open"
	check "where nothing is made" [ -z "$(ls "$W/open")" ]

	for kind in http ssh local; do
		check "init --kind $kind" foureyes init --kind $kind \
		    --root "$W/srv" --origin example.com/$kind "$W/$kind"
		check "$kind: check" foureyes --config "$W/$kind" check
		check "$kind: the settings say so" \
		    grep -q "^  kind: $kind\$" "$W/$kind/foureyes.yaml"
		check "$kind: the checkpoint has the origin" grep -qx \
		    "example.com/$kind" "$W/$kind/ledger/checkpoint"
	done
	check_not "another kind is no kind" 2 foureyes init --kind x "$W/x"
	check_not "an origin with a blank is none" 2 \
	    foureyes init --origin 'a b' "$W/x"
	check_not "a quote in a path cannot be written down" 2 \
	    foureyes init "$W/a\"b"
	check "a relative path" foureyes init relative/deep
	check "becomes an absolute one" \
	    grep -q "^ledger: \"$W/relative/deep/ledger\"" \
	    relative/deep/foureyes.yaml

	# A checkpoint vouches for what lies before it.
	tail=$W/etc/ledger/checkpoint
	cp -r "$W/etc/ledger" "$W/cut"
	sed -i '$d' "$W"/cut/*.jsonl
	check_not "a ledger that was cut" 1 foureyes verify "$W/cut"
	says 'uncut: no: .*cut off' "shows against the checkpoint beside it"
	rm "$W/cut/checkpoint"
	check_not "without one" 1 foureyes verify "$W/cut"
	says 'uncut: not provable' "nothing is claimed"
	check "unless only the chain is asked" foureyes verify --chain "$W/cut"
	check_not "with the one kept elsewhere" 1 \
	    foureyes verify --chain --checkpoint "$tail" "$W/cut"
	cp -r "$W/etc/ledger" "$W/resealed"
	sed "2s/6/5/" "$tail" >"$W/resealed/checkpoint"
	check_not "a checkpoint that was altered" 1 \
	    foureyes verify "$W/resealed"
	says 'uncut: no' "does not hold"
	cp "$W/local/ledger/checkpoint" "$W/resealed/checkpoint"
	check_not "one of another ledger" 1 foureyes verify "$W/resealed"
	openssl pkey -in "$W/etc/seal.key" -pubout >"$W/seal.pub"
	openssl pkey -in "$W/http/seal.key" -pubout >"$W/other.pub"
	check "with the public key from elsewhere" \
	    foureyes verify --key "$W/seal.pub" "$W/etc/ledger"
	check_not "and with another" 1 \
	    foureyes verify --key "$W/other.pub" "$W/etc/ledger"

	if [ "$(id -u)" -ne 0 ] ||
	    ! unshare --mount --propagation private true 2>/dev/null; then
		skip "init of a server" "needs root and a mount namespace"
		done_testing
	fi
	TEST_DIR=$W SO_FAR="$tests $failures" unshare --mount \
	    --propagation private sh "$src/tests/real/init.sh" inside
	exit $?
fi
shift
. "$(dirname "$0")/lib.sh"
tests=${SO_FAR% *}
failures=${SO_FAR#* }
unset FOUREYES_CONFIG

# A machine of its own: accounts, /etc/foureyes and /var/lib/foureyes.
cp /etc/passwd "$W/passwd"
cp /etc/group "$W/group"
mount --bind "$W/passwd" /etc/passwd
mount --bind "$W/group" /etc/group
rm -rf "$W/sys"
mkdir -p "$W/sys/etc" "$W/sys/lib" /etc/foureyes /var/lib/foureyes
mount --bind "$W/sys/etc" /etc/foureyes
mount --bind "$W/sys/lib" /var/lib/foureyes

check_not "without the group nothing is set up" 3 foureyes init --root "$W/srv"
says 'groupadd' "and the way out is named"
check "nothing was made" [ -z "$(find "$W/sys" -mindepth 2)" ]
echo 'foureyes:x:61000:git' >>"$W/group"
printf '%s\n' 'git:x:61001:61001::/:/bin/sh' \
    'foureyes-seal:x:61002:61000::/:/bin/false' >>"$W/passwd"
chown 61001 "$W/srv"
chmod 755 "$W"
check "init of a server" foureyes init --root "$W/srv"
check "data is 2770 of the group" [ "$(stat -c '%a %u %g' \
    /var/lib/foureyes /var/lib/foureyes/ledger | sort -u)" = "2770 0 61000" ]
check "every file in it is 0660 of the group" [ "$(find /var/lib/foureyes \
    -type f -exec stat -c '%a %g' {} + | sort -u)" = "660 61000" ]
check "the key is the sealing user's" \
    [ "$(stat -c '%a %u' /etc/foureyes/seal.key)" = "400 61002" ]
check "check" foureyes check
check_not "doctor, as root, acts as the hook user" 0 foureyes doctor
says 'ok: hook_user: git' "which is the owner of the root"
says 'ok: ledger: can be locked' "and may append"
cat >"$W/policy.yaml" <<'YAML'
version: 1
administration: {groups: [platform]}
repositories: [{match: ["**"], gates: {}}]
YAML
check "apply, as root" foureyes apply "$W/policy.yaml"
check "leaves the file root's" \
    [ "$(stat -c %u /etc/foureyes/policy.yaml)" = 0 ]
check "and the log the group's" [ "$(find /var/lib/foureyes -type f \
    -exec stat -c '%a %g' {} + | sort -u)" = "660 61000" ]
cp /etc/group "$W/group.git"
sed 's/^foureyes:x:61000:git$/foureyes:x:61000:/' "$W/group.git" >/etc/group
check_not "a hook user outside the group" 1 foureyes doctor
says 'wrong: ledger: .*usermod' "is found"
umount /etc/foureyes /var/lib/foureyes
done_testing

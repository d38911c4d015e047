#!/bin/sh
# The sealing user's checkpoints: only ever an extension of the last one.
#
# The accounts git and sealer exist in a mount namespace of this test alone, as
# in users.sh; without the right to make one, everything is one user's, and
# what only two can show is skipped.
if [ "${1:-}" != inside ]; then
	. "$(dirname "$0")/lib.sh"
	if [ "$(id -u)" -eq 0 ] &&
	    unshare --mount --propagation private true 2>/dev/null; then
		TEST_DIR=$W unshare --mount --propagation private \
		    sh "$src/tests/real/seal.sh" inside
		exit $?
	fi
else
	shift
	. "$(dirname "$0")/lib.sh"
fi

two=false
if [ "$(id -u)" -eq 0 ]; then
	cp /etc/passwd "$W/passwd"
	cp /etc/group "$W/group"
	echo "git:x:61001:61000::$W/home:/bin/sh" >>"$W/passwd"
	echo "foureyes-seal:x:61002:61000::$W/home:/bin/sh" >>"$W/passwd"
	echo 'foureyes:x:61000:' >>"$W/group"
	chmod 644 "$W/passwd" "$W/group"
	mount --bind "$W/passwd" /etc/passwd 2>/dev/null &&
	    mount --bind "$W/group" /etc/group && two=true
fi

# as ACCOUNT COMMAND...: where there are two accounts.
as() {
	account=$1
	shift
	if $two; then
		setpriv --reuid "$account" --regid 61000 --clear-groups \
		    env HOME="$W/home" sh -c 'umask 027; exec "$@"' sh "$@"
	else
		"$@"
	fi
}

foureyes init --origin example.com/sealed "$W/etc" >"$W/out" 2>&1
ledger=$W/etc/ledger
if $two; then
	# As init for a server does it, below a directory of this test.
	chmod 755 "$W" "$W/etc" "$W/home"
	chown -R git:foureyes "$W/etc/ledger" "$W"/etc/index.db*
	chown -R foureyes-seal:foureyes "$W"/etc/seal.key*
	chown -R git:foureyes "$W/etc/repositories"
	chmod 2770 "$ledger"
	chmod g+w "$W"/etc/index.db*
	mkdir "$W/var"
	chown root:foureyes "$W/var"
	chmod 2770 "$W/var"
	mv "$ledger" "$W"/etc/index.db* "$W/var"
	ledger=$W/var/ledger
	sed -i "s,$W/etc/\(ledger\|index\),$W/var/\1," "$W/etc/foureyes.yaml"
fi

# record N: so many new ones, by the hook user: the people file changes.
record() {
	for _ in $(seq "$1"); do
		date +'# %N' >>"$W/etc/people.yaml"
		as git foureyes log --newest 1 >/dev/null
		as git foureyes reconcile >/dev/null
	done
}
seal() {
	as foureyes-seal foureyes seal "$@"
}
count() {
	cat "$ledger"/*.jsonl | wc -l
}
sealed() {
	sed -n 2p "$ledger/checkpoint"
}

if $two; then
	check_not "the hooks' account cannot read the key" 1 \
	    as git cat "$W/etc/seal.key"
	check_not "nor the seal's memory" 2 as git ls "$W/etc/seal.key.state"
	check_not "nor seal" 3 as git foureyes seal
else
	skip "who pushes cannot seal" "needs root, for two accounts"
fi

check "idle: the first seal stands" seal
says "6 records, nothing new"
echo '# looked at' >>"$W/etc/foureyes.yaml"
record 1
check "new records are sealed" seal
says "sealed 8 records, 2 of them new"
check "and that is what verify sees" foureyes verify "$ledger"
[ -f "$ledger/checkpoints/00000000000000000008" ]
verdict $? "each checkpoint is kept"
if $two; then
	check_not "where who pushes cannot delete it" 1 \
	    as git rm -f "$ledger/checkpoints/00000000000000000008"
	check "root seals as the key's owner" foureyes seal
	[ "$(stat -c %U "$ledger/checkpoint")" = foureyes-seal ]
	verdict $? "and leaves nothing of root's"
fi
record 2
check "sealed again, as JSON" seal --json
says '"records":10,"new":2'

# Proofs, looked at by a program that shares nothing with ours.
for n in 1 4 8 10; do
	check "record $n is proved" foureyes prove "$n" --out "$W/p"
	check "and a stranger agrees" \
	    python3 "$src/tests/real/check_proof.py" "$W/p"
	[ "$(cat "$W/out")" = "$(cat "$ledger"/*.jsonl | sed -n "${n}p")" ]
	verdict $? "it holds the record"
done
sed 's/^index 9$/index 8/' "$W/p" >"$W/q"
check_not "at another place it proves nothing" 1 \
    python3 "$src/tests/real/check_proof.py" "$W/q"
openssl pkey -in "$W/etc/seal.key" -pubout >"$W/seal.pub"
check "verify looks at it alone" foureyes verify --proof "$W/p" \
    --key "$W/seal.pub"
check_not "and at the other place too" 1 foureyes verify --proof "$W/q" \
    --key "$W/seal.pub"
openssl genpkey -algorithm ed25519 | openssl pkey -pubout >"$W/other.pub"
check_not "another key did not sign it" 1 foureyes verify --proof "$W/p" \
    --key "$W/other.pub"
check_not "there is no record 11" 2 foureyes prove 11
check "by an older checkpoint too" foureyes prove 7 --out "$W/p" \
    --checkpoint "$ledger/checkpoints/00000000000000000008"
check "the stranger agrees" python3 "$src/tests/real/check_proof.py" "$W/p"
check "that it only grew since" foureyes prove --consistency 8 --out "$W/p"
check "the stranger agrees" python3 "$src/tests/real/check_proof.py" "$W/p" \
    "$ledger/checkpoints/00000000000000000008"

check "verify too" foureyes verify --proof "$W/p" --key "$W/seal.pub" \
    --checkpoint "$ledger/checkpoints/00000000000000000008"
check_not "not since another checkpoint" 3 foureyes verify --proof "$W/p" \
    --key "$W/seal.pub" --checkpoint "$ledger/checkpoint"

# What lies beside the ledger is replaced by who may write there.
cp "$ledger/checkpoint" "$W/newest"
cp "$ledger/checkpoints/00000000000000000008" "$ledger/checkpoint"
check "an older checkpoint in its place" seal
says "was not the one that was made last"
[ "$(sealed)" = 10 ]
verdict $? "is put right"
rm "$ledger/checkpoint"
check "so is one that is gone" seal
cmp -s "$W/newest" "$ledger/checkpoint"
verdict $? "to the byte"

# A record that names a key which nobody introduced.
cp -a "$ledger" "$W/good"
restore() {
	rm -rf "$ledger"
	cp -a "$W/good" "$ledger"
}

record 3
cp "$ledger/checkpoint" "$W/newest"
as git python3 "$src/tests/real/rewrite.py" "$ledger" 9
foureyes verify --chain "$ledger" >"$W/out" 2>&1
says "unaltered: yes" "rewritten so that the chain is right"
check_not "it is not sealed" 1 seal
says "record 9 or one behind it, up to 10, is not what was sealed" \
    "and is said from where on"
says "as far as record 8"
cmp -s "$W/newest" "$ledger/checkpoint"
verdict $? "the checkpoint stays"
check_not "nor is it later" 1 seal
check_not "and nothing of it is proved" 1 foureyes prove 2
restore
record 3
as git python3 "$src/tests/real/rewrite.py" "$ledger" 12
check "what was not sealed yet could be rewritten" seal
cp -a "$ledger/." "$W/good/"

segment=$(ls "$ledger"/*.jsonl)
head -n 11 "$segment" >"$W/cut"
as git cp "$W/cut" "$segment"
as git rm "$ledger/sync"
check_not "cut short, it is not sealed" 1 seal
says "it ends with record 11, and 13 were sealed"
mv "$ledger/checkpoint" "$W/aside"
record 5
mv "$W/aside" "$ledger/checkpoint"
check_not "nor when as many are appended again" 1 seal
says "record 11 or one behind it, up to 13"
restore
sed '3s/people/poeple/' "$segment" >"$W/cut"
as git cp "$W/cut" "$segment"
check_not "nor with a broken chain, when it is looked at" 1 \
    foureyes verify "$ledger"
restore

# The memory.
state=$W/etc/seal.key.state
cp -a "$state" "$W/state"
chmod 750 "$state"
check_not "a memory that is open to others is refused" 3 seal
says "is open to others"
chmod 700 "$state"
chmod 640 "$state/state"
check_not "the file too" 3 seal
chmod 600 "$state/state"
if $two; then
	chown git "$state/state"
	check_not "somebody else's too" 3 foureyes seal
	says "belongs to another user|Permission denied"
	chown foureyes-seal "$state/state"
fi
sed -i 's/"records":13/"records":12/' "$state/state"
check_not "one that does not add up too" 1 seal
says "does not add up"
rm -rf "$state"
$two && install -d -o foureyes-seal -m 700 "$state"
check "without a memory the checkpoint beside it is the beginning" seal
says "begun from the checkpoint of 13 records"
rm -f "$state"/* "$ledger/checkpoint"
check_not "without both nothing is" 1 seal
says "no memory"
check_not "not even the checkpoint of another key" 1 sh -c "
    foureyes init --origin example.com/sealed '$W/other' >/dev/null &&
    cat '$W/other/ledger/checkpoint' >'$ledger/checkpoint' &&
    foureyes seal"
rm -rf "$state"
cp -a "$W/state" "$state"
rm -f "$ledger/checkpoint"
check "with the memory alone it goes on" seal
[ "$(sealed)" = "$(count)" ]
verdict $? "to the last record"

# Held elsewhere, as the sealing user; its directory is nobody else's.
as foureyes-seal git init -q --bare "$state/there.git"
sed -i '/^held:/d' "$W/etc/foureyes.yaml"
echo "held: [{name: there, kind: git, url: \"$state/there.git\"}]" \
    >>"$W/etc/foureyes.yaml"
record 1
check "what is sealed is sent, also when root seals" foureyes seal
says "^there: "
as foureyes-seal git -C "$state/there.git" show foureyes:checkpoint >"$W/there"
check "and is there" cmp "$W/there" "$ledger/checkpoint"
if $two; then
	[ "$(stat -c %U "$ledger/held/there")" = foureyes-seal ]
	verdict $? "nothing of it is root's"
	check_not "who pushes cannot write how far it is" 1 \
	    as git cp "$W/there" "$ledger/held/there"
	mv "$ledger/held" "$ledger/held.before"
	as git mkdir "$ledger/held"
	as git cp "$ledger/held.before/there" "$ledger/held/there"
	foureyes doctor >"$W/out" 2>&1
	says "wrong: held: there: .*not the sealing user's own directory" \
	    "a directory of theirs in its place tells nothing"
fi

# A memory put back from a copy, and a newer checkpoint with our signature.
cp -a "$state" "$W/older"
record 2
check "ours goes on" seal --here
rm -rf "$state"
cp -a "$W/older" "$state"
record 1
check "with an older memory it still does" seal --here
rm -rf "$state"
cp -a "$W/older" "$state"
as git python3 "$src/tests/real/rewrite.py" "$ledger" "$(($(count) - 2))"
check_not "but what the newer checkpoint has must be there" 1 seal --here
says "not those of the checkpoint beside it"
done_testing

#!/bin/sh
# The Debian packages, put into and taken out of a system that has nothing else:
# accounts, directories, what an upgrade and a removal leave alone.
. "$(dirname "$0")/lib.sh"
. "$src/tests/room.sh"
why=$(room_can) || skip_all "a Debian of its own $why"
command -v dpkg-shlibdeps >/dev/null 2>&1 ||
    skip_all "there is no dpkg-dev: contrib/install-deps.sh deb"
leave() {
	[ -z "${room:-}" ] || room_cleanup
	finish
}

# ---- make install, and the packages made of it ----

stage=$W/stage
check "make install DESTDIR=" make -s -C "$src" VARIANT="${VARIANT:-release}" \
    install DESTDIR="$stage" PREFIX=/usr
check "nothing of it names where it was built" sh -c \
    "! grep -rlI '$stage' '$stage'"
check "units start what was installed" sh -c \
    "! grep -r /usr/local '$stage/usr/share/foureyes/systemd'"
mv "$stage/usr/share/zsh/site-functions" \
    "$stage/usr/share/zsh/vendor-completions"
check "packages" "$src/contrib/deb/build.sh" "$stage" "$W/deb"
foureyes_deb=$(find "$W/deb" -name 'foureyes_*.deb')
daemon_deb=$(find "$W/deb" -name 'foureyesd_*.deb')
check_not "no package has configuration or ledger of its own" 1 sh -c \
    "dpkg-deb -c '$foureyes_deb' | grep -E ' \./(etc|var)/'"

export ROOM_MB=1500 # dpkg waits for the disk at every file
room_make ca-certificates || skip_all "no Debian could be made"
trap leave EXIT
mkdir "$root/deb"
cp "$W"/deb/*.deb "$root/deb/"
in_room() {
	inside "$1"
}

# ---- installed ----

check "apt takes both" in_room \
    'apt-get update -qq && apt-get install -y -qq --no-install-recommends \
	/deb/foureyes_*.deb /deb/foureyesd_*.deb'
check "the programs start" in_room \
    'foureyes --version && foureyesd --version && foureyes help'
check "accounts of hooks' helpers" in_room \
    'id -nG foureyes && id -nG foureyes-seal'
says '^foureyes$' "in the group that writes the ledger"
in_room 'stat -c "%a %U:%G %n" /etc/foureyes/secrets /var/lib/foureyes' \
    >"$W/out" 2>&1
says '^750 root:foureyes /etc/foureyes/secrets' "secrets are the group's"
says '^2770 root:foureyes /var/lib/foureyes' "and so is the ledger's place"
check "manual pages" in_room 'ls /usr/share/man/man1/foureyes.1.gz \
	/usr/share/man/man5/foureyes-ledger.5.gz \
	/usr/share/man/man8/foureyesd.8.gz'
check "completion for bash" in_room "bash -c '
	. /usr/share/bash-completion/completions/foureyes
	COMP_WORDS=(foureyes rep); COMP_CWORD=1; _foureyes
	echo \"\${COMPREPLY[@]}\"
	COMP_WORDS=(foureyes report --sa); COMP_CWORD=2; _foureyes
	echo \"\${COMPREPLY[@]}\"'"
says '^replay report$|^report replay$|^report$' "a command"
says '^--sample$' "its option"

# ---- used: a push that is refused ----

check "init, a repository, hooks" in_room '
	adduser --quiet --system --group --shell /bin/sh git &&
	adduser --quiet git foureyes &&
	install -d -o git -g git /srv/git &&
	foureyes init --hook-user git --root /srv/git --kind local \
	    /etc/foureyes >/root/init.out &&
	su git -c "git init -q --bare /srv/git/payments.git" &&
	foureyes install /srv/git/payments.git &&
	su git -c "git -C /tmp init -q work && cd /tmp/work &&
	    git -c user.name=A -c user.email=a@example.com commit -q \
		--allow-empty -m first"'
check_not "a push is refused" 1 in_room \
    'su git -c "cd /tmp/work && git push -q /srv/git/payments.git \
	HEAD:refs/heads/main"'
says 'foureyes: ' "by us"
check "and is in the log" in_room 'foureyes log --type decision'
says 'REFUSED'
summed='cd / && find etc/foureyes var/lib/foureyes -type f ! -name "*index.db*" \
	! -name "compiled-*" | sort | xargs sha256sum'
in_room "$summed" >"$W/before" 2>&1

# ---- upgraded, removed, purged ----

check "the next version" sh -c "
	dpkg-deb -R '$foureyes_deb' '$W/next' &&
	sed -i 's/^Version: .*/Version: 99/' '$W/next/DEBIAN/control' &&
	dpkg-deb --root-owner-group -Znone -b '$W/next' '$root/deb/next.deb' &&
	dpkg-deb -R '$daemon_deb' '$W/next-d' &&
	sed -i 's/^Version: .*/Version: 99/; s/foureyes (= [^)]*)/foureyes (= 99)/' \
	    '$W/next-d/DEBIAN/control' &&
	dpkg-deb --root-owner-group -Znone -b '$W/next-d' '$root/deb/next-d.deb'"
check "is put in its place" in_room 'dpkg -i /deb/next.deb /deb/next-d.deb'
in_room "$summed" >"$W/after" 2>&1
check "configuration and ledger are untouched" cmp "$W/before" "$W/after"
check_not "a push is refused still" 1 in_room \
    'su git -c "cd /tmp/work && git push -q /srv/git/payments.git \
	HEAD:refs/heads/main"'
says 'foureyes: '
in_room "$summed" >"$W/before" 2>&1
check "removed" in_room 'dpkg -r foureyesd foureyes'
check_not "the programs are gone" 1 in_room \
    'ls -d /usr/bin/foureyes* /usr/share/foureyes /usr/lib/systemd/system/foureyes* 2>/dev/null | grep .'
check_not "and what they compiled" 1 in_room \
    'ls /etc/foureyes/compiled-* 2>/dev/null | grep .'
check_not "a gated repository refuses without them" 1 in_room \
    'su git -c "cd /tmp/work && git push -q /srv/git/payments.git \
	HEAD:refs/heads/main"'
in_room "$summed" >"$W/after" 2>&1
check "configuration and ledger stay" cmp "$W/before" "$W/after"
check "purged" in_room 'dpkg -P foureyesd foureyes'
says 'left alone: /var/lib/foureyes' "it says what it leaves"
in_room "$summed" >"$W/after" 2>&1
check "the ledger stays even then" cmp "$W/before" "$W/after"
done_testing

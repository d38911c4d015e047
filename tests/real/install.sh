#!/bin/sh
# install and uninstall: what was there is kept, and comes back to the byte.
. "$(dirname "$0")/lib.sh"
site local
bare=$W/srv/$REPO.git

# picture: everything about the hooks and the config, to compare.
picture() {
	(cd "$bare" && find hooks config foureyes.installed \
	    -exec stat -c '%n %a %h' {} + 2>/dev/null | sort &&
	    find hooks config -type f -exec sha256sum {} + | sort)
}

check "uninstall what the site installed" foureyes uninstall "$REPO"
picture >"$W/plain"
check "uninstall again" foureyes uninstall "$REPO"
says 'nothing of ours' "finds nothing of ours"
check "install by name" foureyes install "$REPO"
picture >"$W/installed"
check "hooks are texts that name the program without libraries" grep -qx \
    "#!$(command -v foureyes-static || command -v foureyes) hook-file" "$bare/hooks/pre-receive"
check "and their configuration" \
    grep -qx "config $W/etc" "$bare/hooks/reference-transaction"
check "push options are on" \
    [ "$(git -C "$bare" config receive.advertisePushOptions)" = true ]
check "install by path, again" foureyes install "$bare"
picture >"$W/again"
check "changes nothing" cmp "$W/installed" "$W/again"
check "by a relative path" sh -c "cd '$W/srv' && foureyes install ./$REPO.git"
check "uninstall" foureyes uninstall "$bare"
picture >"$W/after"
check "is as it was" cmp "$W/plain" "$W/after"

# A config that somebody changed meanwhile keeps that change.
foureyes install "$REPO" >"$W/out" 2>&1
git -C "$bare" config gc.auto 0
check "uninstall after a change of the config" foureyes uninstall "$REPO"
check "keeps the change" [ "$(git -C "$bare" config gc.auto)" = 0 ]
check_not "and takes out ours" 1 \
    git -C "$bare" config receive.advertisePushOptions
git -C "$bare" config receive.advertisePushOptions false
cp "$bare/config" "$W/config"
foureyes install "$REPO" >"$W/out" 2>&1
check "a value that was there is overruled" \
    [ "$(git -C "$bare" config receive.advertisePushOptions)" = true ]
foureyes uninstall "$REPO" >"$W/out" 2>&1
check "and comes back" cmp "$bare/config" "$W/config"

# Hooks of every sort that were there.
printf '#!/bin/sh\necho linked ran\n' >"$W/linked"
chmod 755 "$W/linked"
ln -s "$W/linked" "$bare/hooks/post-receive"
printf '#!/bin/sh\nexit 1\n' >"$bare/hooks/pre-receive"
chmod 644 "$bare/hooks/pre-receive"
picture >"$W/plain"
check "install over a link, and over one that does not run" \
    foureyes install "$REPO"
says 'pre-receive.before-foureyes' "tells where the old one is"
change_as alice old
expect_admitted "the one that does not run refuses nothing" \
    push_as alice old:refs/heads/x
says 'linked ran' "and the link runs"
check "uninstall" foureyes uninstall "$REPO"
picture >"$W/after"
check "puts both back" cmp "$W/plain" "$W/after"
rm "$bare/hooks/post-receive" "$bare/hooks/pre-receive"

# No hooks at all.
rm -r "$bare/hooks"
check "install where there is no hooks/" foureyes install "$REPO"
check "and out again" foureyes uninstall "$REPO"
check "without a trace" [ ! -e "$bare/hooks" ]

# What cannot be done is refused, with the reason.
mkdir "$W/shared"
ln -s "$W/shared" "$bare/hooks"
check_not "a hooks/ that is a link" 3 foureyes install "$REPO"
says 'symbolic link' "is named"
check "and nothing is written through it" [ -z "$(ls "$W/shared")" ]
rm "$bare/hooks"
git -C "$bare" config core.hooksPath /elsewhere
check_not "core.hooksPath elsewhere" 3 foureyes install "$REPO"
says 'core.hooksPath' "is named"
git -C "$bare" config --unset core.hooksPath
git config --global core.hooksPath /elsewhere
check_not "in anybody's configuration that git reads" 3 \
    foureyes install "$REPO"
git config --global --unset core.hooksPath
check_not "another kind of server than the door's" 3 \
    foureyes install --server gitea "$REPO"
says "is of kind 'local'"
check_not "and one that never will" 2 foureyes install --server x "$REPO"
check_not "a repository that is not there" 3 foureyes install nobody/nothing
git init -q --bare "$W/outside.git"
check_not "one that is not below the root" 3 foureyes install "$W/outside.git"
check_not "no repository" 2 foureyes install
mkdir "$W/with blank"
cp "$(command -v foureyes)" "$W/with blank/foureyes"
check_not "a program in a path with a blank" 3 \
    "$W/with blank/foureyes" install "$REPO"
says 'blank' "is named"
long=$W/$(printf '%0230d' 0)
mkdir "$long"
cp "$(command -v foureyes)" "$long/foureyes"
check_not "and one in a path that is too long" 3 \
    "$long/foureyes" install "$REPO"

# The program moved: it is seen, and installing again cures it.
mkdir "$W/bin"
cp "$(command -v foureyes)" "$W/bin/foureyes"
check "install from elsewhere" "$W/bin/foureyes" install "$REPO"
rm "$W/bin/foureyes"
check_not "that program is gone" 1 foureyes doctor "$REPO"
says 'wrong: payments: pre-receive: the program' "and doctor says so"
check "install again" foureyes install "$REPO"
check "cures it" foureyes doctor "$REPO"

# Somebody put a hook of their own over ours.
printf '#!/bin/sh\n' >"$bare/hooks/pre-receive"
chmod 755 "$bare/hooks/pre-receive"
check_not "a hook over ours" 1 foureyes doctor "$REPO"
says 'wrong: payments: pre-receive: the hook is not ours' "is found"
check "installing keeps it and is on again" foureyes install "$REPO"
check "really" foureyes doctor "$REPO"
printf '#!/bin/sh\n' >"$bare/hooks/pre-receive"
check_not "two old hooks of one name" 3 foureyes install "$REPO"
says 'put one of them away' "are not guessed about"

# One directory for all repositories, and all of them one by one.
mkdir "$W/central"
check "a directory for all" foureyes install --hooks-dir "$W/central"
says "core.hooksPath $W/central" "and what remains to be set"
check_not "names no repository" 2 foureyes install --hooks-dir "$W/central" \
    "$REPO"
sed "s#root: #hooks: $W/central, root: #" "$W/etc/foureyes.yaml" >"$W/settings"
check "named in foureyes.yaml" foureyes apply --as foureyes.yaml "$W/settings"
check_not "doctor looks whether git is told so" 1 foureyes doctor "$REPO"
says "core.hooksPath: it is not set, so git never looks into $W/central"
git config --global core.hooksPath "$W/central"
git config --global receive.advertisePushOptions true
check "it is enforced" foureyes doctor "$REPO"
change_as alice central
check_not "a clone on that machine hears nothing of it" 1 sh -c \
    "git -C '$W/alice' commit --allow-empty -m quiet 2>&1 | grep foureyes"
expect_refused peer.none "a push is refused there" push_as alice central:main
check "out again" foureyes uninstall
check "without a trace" [ -z "$(ls "$W/central")" ]
git config --global --unset core.hooksPath
sed "s#hooks: $W/central, ##" "$W/etc/foureyes.yaml" >"$W/settings"
check "each its own again" foureyes apply --as foureyes.yaml "$W/settings"
rm -f "$bare"/hooks/*
git init -q --bare "$W/srv/team/other.git"
check "every one below the root" foureyes install --all
says 'team/other: the hooks are in'
check "have them" [ -x "$W/srv/team/other.git/hooks/pre-receive" ]
check "with another program" foureyes install --program /usr/bin/elsewhere "$REPO"
check "which they name" grep -qx '#!/usr/bin/elsewhere hook-file' \
    "$bare/hooks/pre-receive"
check_not "by a path from / on" 3 foureyes install --program elsewhere "$REPO"
check "out of all" foureyes uninstall --all
done_testing

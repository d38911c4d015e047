#!/bin/sh
# A year of a small company (tests/year/year.py: real pushes, another clock), its
# pack, and an auditor who has nothing but a shell, coreutils and openssl.
. "$(dirname "$0")/lib.sh"
clock=$src/build/${VARIANT:-release}/test/clock.so
[ -e "$clock" ] || skip_all "there is no $clock: make tests"

check "the year happens" env YEAR_CLOCK="$clock" YEAR_SOURCE="$src" \
    YEAR_ACCOUNT="$(id -un)" python3 "$src/tests/year/year.py" "$W"
[ "$failures" -eq 0 ] || done_testing

# then_ COMMAND...: under the year's clock.
then_() {
	LD_PRELOAD=$clock CLOCK_OFFSET=$(sed -n 's/^ "now": \(.*\),/\1/p' \
	    "$W/told.json") "$@"
}
pack() {
	name=$1
	shift
	then_ foureyes report --from 2025-01-01 --to 2026-01-01 \
	    --out "$W/$name" "$@"
}
check "its ledger holds" then_ foureyes verify
check "each decision is judged the same again" then_ foureyes replay
check "its pack is made" pack pack
check "and says what happened" python3 "$src/tests/year/check.py" "$W" \
    "$W/pack"
check "its OSCAL is valid" python3 "$src/tests/oscal/check.py" \
    "$W/pack/assessment-results.json"
as_of=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' \
    "$W/pack/about.json")
check "it is made again" pack again --until-seq "$as_of"
# Nobody's clock, and nothing of what was recorded since, is in these.
check "with the same bytes" sh -c "cd '$W/pack' && cut -c67- manifest.sha256 |
    grep -vx about.json | while read -r f; do
    cmp \"\$f\" \"$W/again/\$f\" || exit 1; done"

# A machine without foureyes: nothing is there but what VERIFY.txt asks for.
mkdir "$W/tools"
for tool in sh sha256sum openssl sed grep mktemp base64 basenc tail head cut \
    tr cat rm; do
	ln -s "$(command -v "$tool")" "$W/tools/$tool"
done
# walk DIR: what stands on lines that begin with four blanks.
walk() {
	sed -n 's/^    //p' "$1/VERIFY.txt" | grep -v 'seq":N' >"$W/steps"
	(cd "$1" && env -i PATH="$W/tools" TMPDIR="$W" sh "$W/steps" \
	    >"$W/walked" 2>&1)
	cat "$W/walked"
}
oks() {
	[ "$(grep -cx ok "$W/walked")" -eq "$1" ] || return 1
}
check "VERIFY.txt can be walked through" walk "$W/pack"
check "each of its four steps holds" oks 4
check "no word was missing" sh -c "! grep -i 'not found' '$W/walked'"

# One byte of each kind of file, and what finds it.
# spoil FILE SED: a copy of the pack with that change; $W/bad.
spoil() {
	rm -rf "$W/bad"
	cp -a "$W/pack" "$W/bad"
	sed -i "$2" "$W/bad/$1"
	check_not "a byte of $1" 1 cmp -s "$W/pack/$1" "$W/bad/$1"
	walk "$W/bad" >"$W/out"
}
spoil changes.csv '5s/alice/alicf/'
check "is found by the manifest" oks 3
spoil manifest.sha256 '3{s/^1/2/;t;s/^./1/}'
check "is found by the signature" grep -q 'Verification failure' "$W/walked"
spoil records.jsonl '100s/"time":"2025/"time":"2024/'
check "is found by the manifest, the chain and the root" oks 1
spoil checkpoint '2s/^./9/'
check "is found by the seal" oks 2

# The page, in a browser.
page=$src/tests/year/verdict.js
if ! [ -d "$src/build/page/node_modules/playwright-core" ] ||
    ! [ -x "${CHROMIUM:-/usr/bin/chromium}" ]; then
	skip "the page" "there is no browser: contrib/install-deps.sh page"
	done_testing
fi
check "the page is looked at" sh -c "node '$page' '$W/pack/index.html' \
    >'$W/verdicts'"
check "it is green" grep -qx good "$W/verdicts"
# A cell of the first table, readable in the file.
sed '0,/"alice"/s//"alicf"/' "$W/pack/index.html" >"$W/bad.html"
check_not "with one byte changed" 1 cmp -s "$W/pack/index.html" "$W/bad.html"
check "the page is looked at" sh -c "node '$page' '$W/bad.html' >'$W/verdicts'"
check "it is red" grep -qx bad "$W/verdicts"
done_testing

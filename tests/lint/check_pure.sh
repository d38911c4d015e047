#!/bin/sh
# check_pure.sh OBJECT... - core touches nothing.
#
# Every symbol core needs is its own, base's, or a function of libc that only
# looks at memory.  Run on release objects: sanitizers add symbols.
set -eu
[ $# -gt 0 ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/allowed" <<'LIST'
memcpy
memmove
memset
memcmp
memchr
strlen
strcmp
strncmp
strchr
strrchr
snprintf
vsnprintf
qsort
bsearch
abort
__memcpy_chk
__memmove_chk
__memset_chk
__snprintf_chk
__vsnprintf_chk
__stack_chk_fail
__assert_fail
_GLOBAL_OFFSET_TABLE_
LIST
nm --defined-only -g "$@" | awk 'NF == 3 { print $3 }' >>"$work/allowed"
sort -u "$work/allowed" -o "$work/allowed"
status=0
for object in "$@"; do
	nm -u "$object" | awk '$1 == "U" { print $2 }' | sort -u |
	    comm -23 - "$work/allowed" |
	    grep -Ev '^(err|pool|buf|text|digest|json|map|tree)_' |
	    sed "s|^|$object: core is not pure: |" >"$work/bad" || true
	if [ -s "$work/bad" ]; then
		cat "$work/bad"
		status=1
	fi
done
exit $status

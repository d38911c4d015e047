#!/bin/sh
# lib_prove.sh PROOF SEAL.PUB SEQ - a C2SP tlog-proof by a shell, coreutils
# and openssl alone: the record's line and the hashes lead to the root of the
# checkpoint, and the key signed that.
set -eu
proof=$1 key=$2 seq=$3
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT

hex() {
	od -An -v -tx1 | tr -d ' \n'
}
bytes() {
	echo "$1" | tr a-f A-F | basenc --base16 -d
}
join() {
	{
		printf '\1'
		bytes "$1$2"
	} | sha256sum | cut -d' ' -f1
}

sed '1,/^$/d' "$proof" >"$t/note"
sed '/^$/,$d' "$proof" >"$t/head"
sed '/^$/,$d' "$t/note" >"$t/text"
[ "$(sed -n 1p "$t/head")" = c2sp.org/tlog-proof@v1 ]
sed -n 's/^extra //p' "$t/head" | base64 -d >"$t/line"
at=$(sed -n 's/^index //p' "$t/head")
[ "$at" -eq $((seq - 1)) ]
grep -q "^{\"v\":1,\"seq\":$seq," "$t/line"

node=$({
	printf '\0'
	cat "$t/line"
} | sha256sum | cut -d' ' -f1)
last=$(($(sed -n 2p "$t/text") - 1))
sed 1,3d "$t/head" >"$t/path"
while read -r hash; do
	side=$(echo "$hash" | base64 -d | hex)
	if [ $((at & 1)) -eq 1 ] || [ "$at" -eq "$last" ]; then
		node=$(join "$side" "$node")
		while [ $((at & 1)) -eq 0 ] && [ "$at" -ne 0 ]; do
			at=$((at >> 1)) last=$((last >> 1))
		done
	else
		node=$(join "$node" "$side")
	fi
	at=$((at >> 1)) last=$((last >> 1))
done <"$t/path"
[ "$last" -eq 0 ]
[ "$(bytes "$node" | base64)" = "$(sed -n 3p "$t/text")" ]

origin=$(sed -n 1p "$t/text")
grep -F -- "$(printf '\342\200\224') $origin " "$t/note" |
    while read -r _ _ line; do
	    echo "$line" | base64 -d | tail -c +5 >"$t/sig"
    done
openssl pkeyutl -verify -rawin -pubin -inkey "$key" -in "$t/text" \
    -sigfile "$t/sig" >/dev/null

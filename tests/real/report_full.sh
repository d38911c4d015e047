#!/bin/sh
# A disk that fills while the auditor's pack is written: no pack, and no rest of
# one; never a pack that lacks a row.
. "$(dirname "$0")/lib.sh"
in_own_mounts "to make a small disk" "$src/tests/real/report_full.sh" "$@"
. "$src/tests/real/lib_pack.sh"
site local
report_key
change_as alice one
approve_as bob "$C" >"$W/out" 2>&1
push_as alice one:main >"$W/out" 2>&1
pack whole >"$W/out" 2>&1 || verdict 1 "a pack"
need=$(du -sk "$W/whole" | cut -f1)

mkdir "$W/small"
tried=0
refused=0
for part in 1 10 20 40 60 80 90 95; do
	mount -t tmpfs -o "size=$((need * part / 100 + 4))k,mode=755" none \
	    "$W/small" 2>/dev/null || skip_all "cannot mount a small disk"
	tried=$((tried + 1))
	if foureyes report --from 2020-01-01 --to 2100-01-01 \
	    --out "$W/small/pack" >"$W/out" 2>&1; then
		(cd "$W/small/pack" && sha256sum --quiet -c manifest.sha256) ||
		    verdict 1 "a pack that is there is whole"
	else
		refused=$((refused + 1))
		[ -z "$(ls -A "$W/small")" ] ||
		    verdict 1 "$part % leave nothing behind"
		grep -q 'No space left' "$W/out" ||
		    verdict 1 "$part % are told why"
	fi
	umount "$W/small"
done
check "a disk that is too small was refused each time but near the end" \
    [ "$refused" -ge 6 ]
check "the ledger is as it should be" foureyes verify --chain "$W/etc/ledger"
done_testing

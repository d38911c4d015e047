#!/usr/bin/env python3
"""rewrite.py LEDGER SEQ [WORD]: what an attacker with write access does.

Changes the free text of record SEQ (adds WORD to its type's object) and makes
the chain right again from there to the end, so that nothing but a checkpoint
shows it.  What `sync` remembers of the newest record goes too.  Works on ledgers
of one segment.
"""
import contextlib
import glob
import hashlib
import os
import sys


def main():
    path = sorted(glob.glob(sys.argv[1] + "/*.jsonl"))[0]
    seq, word = int(sys.argv[2]), (sys.argv[3:] + ["altered"])[0]
    lines = open(path, "rb").read().split(b"\n")[:-1]
    lines[seq - 1] = lines[seq - 1][:-1] + b',"%s":true}' % word.encode()
    for i in range(seq, len(lines)):
        at = lines[i].index(b'"prev":"') + len(b'"prev":"')
        prev = hashlib.sha256(lines[i - 1]).hexdigest().encode()
        lines[i] = lines[i][:at] + prev + lines[i][at + 64:]
    with open(path, "r+b") as f:
        f.write(b"".join(line + b"\n" for line in lines))
        f.truncate()
    with contextlib.suppress(FileNotFoundError):
        os.unlink(sys.argv[1] + "/sync")


main()

#!/usr/bin/env python3
"""anew.py LEDGER OLD NEW [TYPE [SEQ]]: a ledger written anew by an attacker.

In the last record of TYPE (observation) that has OLD in it, or in record SEQ,
OLD becomes NEW, everywhere in the line; and every link behind it is made right
again, so that the chain alone shows nothing.  For ledgers of one segment.
"""
import glob
import hashlib
import sys


def main():
    top, old, new = sys.argv[1:4]
    kind, seq = (sys.argv[4:] + ["observation", ""][len(sys.argv) - 4:])[:2]
    path = sorted(glob.glob(top + "/*.jsonl"))[-1]
    lines = open(path, encoding="utf-8").read().split("\n")[:-1]
    at = [n for n, line in enumerate(lines)
          if '"type":"%s"' % kind in line and old in line and
          (not seq or '"seq":%s,' % seq in line)][-1]
    lines[at] = lines[at].replace(old, new)
    for n in range(at + 1, len(lines)):
        last = hashlib.sha256(lines[n - 1].encode()).hexdigest()
        head, prev, tail = lines[n].partition('"prev":"')
        lines[n] = head + prev + last + tail[64:]
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


main()

#!/usr/bin/env python3
"""verify_ledger.py DIRECTORY - verify the chain of a foureyes ledger.

Shares nothing with foureyes.  A segment is a file <seq of its first line, 20
digits>.jsonl.  Each line names, as prev, the SHA-256 of the line before it
without the newline (64 zeros for the first).  Printed are the number of lines,
the SHA-256 of the newest, and the RFC 6962 tree hash over all lines, which is
what a checkpoint states.

Exit status: 0 the chain holds, 1 it does not, 2 used wrongly, 3 unreadable.
A torn tail (a writer died) is reported and is no tampering.
"""
import base64
import datetime
import hashlib
import json
import os
import re
import sys

SEGMENT = re.compile(r"[0-9]{20}\.jsonl\Z")
HEAD = re.compile(
    rb'\{"v":1,"seq":([1-9][0-9]*),"time":"([0-9]{4}-[0-9]{2}-[0-9]{2}'
    rb'T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3})Z","prev":"([0-9a-f]{64})",'
    rb'"type":"[a-z]+"[,}]')


class Bad(Exception):
    """The ledger is not what was written."""


class Tree:
    """The tree hash of RFC 6962 section 2.1, one leaf at a time."""

    def __init__(self):
        self.full = []  # (leaves, hash) of complete subtrees, largest first

    def add(self, line):
        size, node = 1, hashlib.sha256(b"\0" + line).digest()
        while self.full and self.full[-1][0] == size:
            node = hashlib.sha256(b"\1" + self.full.pop()[1] + node).digest()
            size *= 2
        self.full.append((size, node))

    def root(self):
        node = self.full[-1][1] if self.full else hashlib.sha256().digest()
        for _, left in reversed(self.full[:-1]):
            node = hashlib.sha256(b"\1" + left + node).digest()
        return node


def unique(pairs):
    if len(pairs) != len(dict(pairs)):
        raise ValueError("a key twice")
    return dict(pairs)


def check(where, line, seq, prev):
    head = HEAD.match(line)
    if not head:
        raise Bad(f"altered: {where} is not a record of a ledger")
    if int(head[1]) != seq:
        raise Bad(f"dropped or inserted: {where} has seq {int(head[1])}, "
                  f"expected {seq}")
    if head[3].decode() != prev:
        raise Bad(f"altered: {where} names another line before it than the "
                  f"one there; the one there, or {where}, was altered")
    try:
        datetime.datetime.fromisoformat(head[2].decode())
        json.loads(line.decode("utf-8"), object_pairs_hook=unique)
    except ValueError as error:
        raise Bad(f"altered: {where}: {error}") from error


def verify(directory):
    names = sorted(n for n in os.listdir(directory) if SEGMENT.match(n))
    if not names:
        raise Bad(f"'{directory}' holds no ledger")
    seq, prev, tree, torn = 0, "0" * 64, Tree(), None
    for name in names:
        if torn:
            raise Bad(f"altered: {torn}, and another segment follows")
        if int(name[:20]) != seq + 1:
            raise Bad(f"dropped: a segment before '{name}' is missing, or "
                      f"lines at its end: it ends with seq {seq}")
        with open(os.path.join(directory, name), "rb") as segment:
            at = 0
            for number, raw in enumerate(segment, 1):
                line = raw[:-1]
                last = name == names[-1] and not segment.peek(1)
                if not raw.endswith(b"\n") or (last and b"\0" in raw):
                    torn = f"torn tail at byte {at} of '{name}'"
                    break
                check(f"line {number} of '{name}'", line, seq + 1, prev)
                tree.add(line)
                seq, prev = seq + 1, hashlib.sha256(line).hexdigest()
                at += len(raw)
    return seq, prev, base64.b64encode(tree.root()).decode(), torn


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        count, newest, root, torn = verify(sys.argv[1])
    except Bad as bad:
        print(bad)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 3
    print(f"unaltered: {count} lines\nnewest: {newest}\nroot: {root}")
    if torn:
        print(torn)
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""check_proof.py PROOF [OLD-CHECKPOINT]: what a stranger makes of a proof file.

RFC 6962 by its definitions alone, written for the tests, so that nothing is
shared with what made the file.  Prints the record; status 1 when it proves
nothing.  The signature is openssl's affair.
"""
import base64
import hashlib
import sys


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root_of(leaf, index, size, path):
    if size == 1:
        return leaf if not path else None
    k = split(size)
    if not path:
        return None
    if index < k:
        left = root_of(leaf, index, k, path[:-1])
        return left and node(left, path[-1])
    right = root_of(leaf, index - k, size - k, path[:-1])
    return right and node(path[-1], right)


def roots_of(old, size, path, whole, old_root):
    """The roots of both lists, by the recursion that makes the proof."""
    if old == size:
        if whole:
            return (old_root, old_root) if not path else None
        return (path[0], path[0]) if len(path) == 1 else None
    if not path:
        return None
    k = split(size)
    if old <= k:
        both = roots_of(old, k, path[:-1], whole, old_root)
        return both and (both[0], node(both[1], path[-1]))
    both = roots_of(old - k, size - k, path[:-1], False, old_root)
    return both and (node(path[-1], both[0]), node(path[-1], both[1]))


def checkpoint(text):
    lines = text.split("\n")
    return int(lines[1]), base64.b64decode(lines[2])


def main():
    head, note = open(sys.argv[1], encoding="utf-8").read().split("\n\n", 1)
    lines = head.split("\n")
    size, root = checkpoint(note)
    if lines[0].startswith("old "):
        old_size, old_root = checkpoint(open(sys.argv[2], encoding="utf-8").read())
        path = [base64.b64decode(x) for x in lines[1:]]
        both = roots_of(old_size, size, path, True, old_root)
        return int(lines[0] != f"old {old_size}" or both != (old_root, root))
    record = base64.b64decode(lines[1].removeprefix("extra "))
    index = int(lines[2].removeprefix("index "))
    path = [base64.b64decode(x) for x in lines[3:]]
    leaf = hashlib.sha256(b"\x00" + record).digest()
    sys.stdout.write(record.decode() + "\n")
    return int(root_of(leaf, index, size, path) != root)


sys.exit(main())

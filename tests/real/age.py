#!/usr/bin/env python3
"""age.py LEDGER DAYS: the same ledger, written so many days before.

The time of each line goes back, and every link is made right again; what
records say of times stays.
"""
import datetime
import glob
import hashlib
import re
import sys

TIME = re.compile(rb'"time":"([^"]*)Z"')


def main():
    back = datetime.timedelta(days=float(sys.argv[2]))
    prev = b"0" * 64
    for path in sorted(glob.glob(sys.argv[1] + "/*.jsonl")):
        lines = open(path, "rb").read().split(b"\n")[:-1]
        for n, line in enumerate(lines):
            head = TIME.search(line)
            time = datetime.datetime.fromisoformat(head[1].decode()) - back
            text = time.isoformat(timespec="milliseconds").encode()
            line = line[:head.start(1)] + text + line[head.end(1):]
            at = line.index(b'"prev":"') + len(b'"prev":"')
            lines[n] = line[:at] + prev + line[at + 64:]
            prev = hashlib.sha256(lines[n]).hexdigest().encode()
        with open(path, "r+b") as f:
            f.write(b"".join(line + b"\n" for line in lines))
            f.truncate()


main()

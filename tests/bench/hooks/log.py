#!/usr/bin/env python3
"""A hook as it is usually written in Python: one git log for each ref."""
import json
import os
import re
import subprocess
import sys

ZERO = "0" * 40
for line in sys.stdin:
    old, new, ref = line.split()
    if new == ZERO:
        continue
    span = [old + ".." + new] if old != ZERO else [new, "--not", "--all"]
    out = subprocess.run(
        ["git", "log", "--format=%H%x00%an%x00%ae%x00%B%x01"] + span,
        check=True, stdout=subprocess.PIPE, text=True, errors="replace").stdout
    for commit in out.split("\x01")[:-1]:
        oid, name, email, message = commit.strip("\n").split("\x00")
        if not re.search(r"[A-Z]+-[0-9]+", message):
            print(json.dumps({"ref": ref, "commit": oid}), file=sys.stderr)
            sys.exit(1)

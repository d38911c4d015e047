"""report_ledger.py LEDGER CHANGES - more of what happened, for a bench.

LEDGER is a directory with one segment, in which one change was pushed, approved
and landed.  Its four records are written again CHANGES times, as other commits
by other people on later days, chained.  Git knows nothing of them.
"""
import glob
import hashlib
import json
import sys

ledger, count = sys.argv[1], int(sys.argv[2])
[segment] = glob.glob(ledger + "/*.jsonl")
with open(segment, "rb") as file:
    lines = file.read().splitlines()
records = [json.loads(line) for line in lines]
landing = next(i for i in reversed(range(len(records)))
               if records[i]["type"] == "landing")
decision = records[landing]["decision"] - 1
approval = max(i for i in range(decision)
               if records[i].get("kind") == "approval")
push = max(i for i in range(approval) if records[i].get("kind") == "push")
one = [lines[i].decode().split(',"type":', 1)[1]
       for i in (push, approval, decision, landing)]
commit, base = records[landing]["new"], records[landing]["old"]
seq = len(lines)
prev = hashlib.sha256(lines[-1]).hexdigest()
people = ("alice", "bob", "carol")


def oid(number):
    return hashlib.sha1(b"%d" % number).hexdigest()


with open(segment, "ab") as out:
    before = base
    for n in range(count):
        after = oid(n)
        minute = n * 5  # a change in five minutes, about a year of 100,000
        time = (f"2025-{minute // 43200 % 12 + 1:02}-"
                f"{minute // 1440 % 28 + 1:02}T{minute // 60 % 24:02}:"
                f"{minute % 60:02}:00.000Z")
        for what, body in enumerate(one):
            seq += 1
            body = (body.replace(commit, after).replace(base, before)
                    .replace(commit[:12], after[:12])
                    .replace("PAY-1 ", f"PAY-{n} "))
            if what == 3:
                body = body.replace(f'"decision":{decision + 1},',
                                    f'"decision":{seq - 1},')
            line = (f'{{"v":1,"seq":{seq},"time":"{time}","prev":"{prev}",'
                    f'"type":{body}').encode()
            prev = hashlib.sha256(line).hexdigest()
            out.write(line + b"\n")
        before = after

"""report_csv.py RECORDS OUT - changes.csv by Python's json and csv alone."""
import csv
import json
import sys

COLUMNS = (
    "change,time,repository,gate,ref,old,new,requester,contributors,approvers,"
    "approved_commits,description,rollback_plan,staging,emergency,outcome,"
    "findings,lander,decision_seq,landing_seq,policy,decided,approved_times,"
    "includes,deployed,deployer,mode").split(",")
decisions = {}


def names(people):
    return "; ".join(sorted({p.get("person") or p["written"]
                             for p in people}))


def row(d, c, landing):
    counted = [a for a in d["approvals"] if a.get("counted")]
    staging = [f["text"] for f in d["findings"] if f["control"] == "staging"
               and f["code"] != "staging.not-asked"]
    return (c["id"], landing["time"], d["repository"], d["gate"], d["ref"],
            c["before"], c["after"], c["requester"], names(c["contributors"]),
            "; ".join(sorted({a["person"] for a in counted})),
            "; ".join(sorted({a["commit"] for a in counted})),
            c["description"], c["rollback_plan"].get("text"),
            "".join(staging), (d.get("emergency") or {}).get("incident"),
            d["outcome"],
            "; ".join(f["code"] for f in d["findings"]
                      if f["standing"] in ("UNMET", "UNDECIDED")),
            d["pusher"]["person"], d["seq"], landing["seq"], d["policy"],
            d["time"], "; ".join(sorted({a["time"] for a in counted})),
            "; ".join(d.get("includes", [])), "", "", d["mode"])


with open(sys.argv[1], encoding="utf-8") as records, \
        open(sys.argv[2], "w", newline="", encoding="utf-8") as out:
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for line in records:
        record = json.loads(line)
        if record["type"] == "decision":
            decisions[record["seq"]] = record
        elif record["type"] == "landing":
            decision = decisions.pop(record["decision"])
            for change in decision["changes"]:
                table.writerow(row(decision, change, record))

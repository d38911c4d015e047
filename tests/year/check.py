"""check.py YEAR PACK - does the pack say what happened in the year?

What happened stands in YEAR/told.json, counted by who made it happen.
"""
import collections
import csv
import json
import re
import sys

year, pack = sys.argv[1:]
with open(f"{year}/told.json", encoding="utf-8") as told_file:
    told = json.load(told_file)
counts = told["counts"]
wrong = []


def table(name):
    with open(f"{pack}/{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def equal(what, there, wanted):
    if there != wanted:
        wrong.append(f"{what}: the pack says {there}, it was {wanted}")


def columns(rows, name):
    return collections.Counter(row[name] for row in rows)


changes = table("changes")
equal("changes", len(changes), counts["changes"])
kinds = columns(changes, "kind")
for kind, wanted in (("routine", counts["routine"]),
                     ("rollback", counts["rollbacks"]),
                     ("emergency", counts["emergencies"]),
                     ("out-of-band", counts["drift"])):
    equal(f"changes of kind {kind}", kinds[kind], wanted)
gates = columns(changes, "gate")
equal("changes on main", gates["main"],
      counts["landed main"] + counts["drift"])
equal("on staging", gates["staging"], counts["landed staging"])
equal("on production", gates["production"], counts["landed production"])
for repository, oid in told["production"].items():
    live = [r for r in changes if r["repository"] == repository and
            r["gate"] == "production"]
    equal(f"what is live of {repository}", live[-1]["new"], oid)

emergencies = table("emergencies")
states = columns(emergencies, "state")
equal("emergencies", len(emergencies), counts["emergencies"])
equal("reviewed in time", states["reviewed in time"],
      counts["reviewed in time"])
equal("reviewed late", states["reviewed late"], counts["reviewed late"])

exceptions = table("exceptions")
equal("each exception has its own name",
      len({row["exception"] for row in exceptions}), len(exceptions))
equal("exceptions", dict(columns(exceptions, "kind")), told["exceptions"])
for row in exceptions:
    if not row["owner"] or not row["due"]:
        wrong.append(f"{row['exception']} has no owner or no due date")

refusals = table("refusals")
equal("refusals", len(refusals), counts["refusals"])
equal("refusals that landed all the same, in mode observe",
      [r["outcome"] == "let through" for r in refusals],
      [r["mode"] == "observe" for r in refusals])
if not any(r["mode"] == "observe" for r in refusals):
    wrong.append("no refusal of mode observe is told")
codes = collections.Counter(
    c for r in refusals for c in r["findings"].split("; "))
for code, least in told["refused"].items():
    # A gate that is shut says so besides the finding that decides.
    if code != "environment.drift" and codes[code] < least:
        wrong.append(f"refused for {code} {least} times, told of "
                     f"{codes[code]}")
equal("deployments", len(table("deployments")), counts["deployments"])

# The week without hooks: between the last landing before it and its end.
[drift] = [r for r in exceptions if r["kind"] == "drift"]
equal("found when the hooks came back", drift["time"][:10], "2025-07-21")
equal("what was found", re.search("[0-9a-f]{12}", drift["what"])[0],
      told["notes"]["drift"][:12])
equal("how it stands", drift["state"], "closed")
[moved] = [r for r in changes if r["kind"] == "out-of-band"]
equal("its change", moved["new"], told["notes"]["drift"])
[adopted] = [r for r in exceptions if r["kind"] == "adopted"]
equal("commits taken in unreviewed",
      f"{counts['moved with hooks off']} commits" in adopted["what"], True)
with open(f"{pack}/records.jsonl", encoding="utf-8") as file:
    records = [json.loads(line) for line in file]
[record] = [r for r in records if r["type"] == "drift"]
equal("since when nobody can tell", record["since"] in drift["what"], True)
equal("open since before the hooks went off",
      record["since"] < told["notes"]["off_since"] < record["time"], True)

# Texts in force: the first ones of `init` are there too.
intervals = columns(table("policy/intervals"), "what")
equal("policies", intervals["policy"], counts["policy.yaml"] + 1)
equal("lists of people", intervals["people"], counts["people.yaml"] + 1)

# Who could approve what when.
access = table("access")
for person, at_start, at_end in (("ivan", False, False),
                                 ("judy", False, True),
                                 ("ken", False, True),
                                 ("alice", False, True)):
    held = [r for r in access if person in r.values()]
    if not held:
        wrong.append(f"access.csv does not know {person}")
    equal(f"{person} has rights at the end",
          any("at end" in " ".join(r.values()) for r in held), at_end)
    equal(f"{person} had rights before the ledger began",
          any("at start" in " ".join(r.values()) for r in held), at_start)

# Every row proves itself, and nothing that was asked is unknown.
by = {r["seq"]: r for r in records}
for row in changes:
    landing = by[int(row["landing_seq"])]
    if landing["time"] != row["time"] or landing["ref"] != row["ref"]:
        wrong.append(f"{row['change']} is not what its record says")
for row in table("attributes"):
    for name, value in row.items():
        if value == "UNKNOWN" and row["change"] != moved["change"]:
            wrong.append(f"{row['change']}: {name} is not known")
for row in table("reconciliation"):
    equal(f"{row['repository']} {row['gate']} reconciles", row["agrees"],
          "yes")

with open(f"{pack}/about.json", encoding="utf-8") as file:
    about = json.load(file)
equal("about.json", about["counts"]["changes"], counts["changes"])
equal("the period has ended", "incomplete" in about, False)
equal("uncut", about["verify"]["uncut"]["is"], "yes")
print("\n".join(wrong))
sys.exit(1 if wrong else 0)

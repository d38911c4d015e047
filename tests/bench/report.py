"""Figures as a table for people and as JSON, and how they stand to the targets.

A target that is not met is printed as such; nothing fails because of it.  Where
other work runs on the machine, the least of the rounds says more than their
median: a target is judged by medians, and its value by the least stands beside.
"""
import copy
import json
import os
import re
import statistics
import subprocess
import time

OURS = ("foureyes: ungated branch", "foureyes: main, pre-receive",
        "foureyes: main, no secrets scan", "foureyes: main, all three")


class Figure:
    """Medians of some pushes, in milliseconds."""

    def __init__(self, pushes):
        middle = statistics.median
        self.whole = middle(p.whole for p in pushes)
        self.hooks = middle(p.all_hooks() for p in pushes)
        self.gate = middle(p.of("pre-receive") for p in pushes)
        self.least_whole = min(p.whole for p in pushes)
        self.least = min(p.all_hooks() for p in pushes)
        self.least_gate = min(p.of("pre-receive") for p in pushes)

    def at_least(self):
        """The same with the least in the medians' place."""
        other = copy.copy(self)
        other.whole, other.hooks, other.gate = (
            self.least_whole, self.least, self.least_gate)
        return other

    def plain(self):
        return {"push_ms": round(self.whole, 3),
                "hooks_ms": round(self.hooks, 3),
                "pre_receive_ms": round(self.gate, 3),
                "least_push_ms": round(self.least_whole, 3),
                "least_hooks_ms": round(self.least, 3),
                "least_pre_receive_ms": round(self.least_gate, 3)}


def openssl_speed(text):
    """Verifications of Ed25519 in a second, as openssl speed prints them."""
    for line in text.splitlines():
        last = line.split()[-1:]
        if "(Ed25519)" in line and last and re.fullmatch(r"[\d.]+", last[0]):
            return float(last[0])
    raise SystemExit("openssl speed ed25519: not understood")


def time_of(words, times):
    """Seconds of one run, the median of several."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


# ---- the table ----

TITLES = {"commits": "commits in the push", "refs": "refs in the repository",
          "pushed refs": "refs in the push", "ledger": "records in the ledger"}
HEAD = "%-31s %9s %9s %9s %9s"
LINE = "%-31s %9.2f %9.2f %9.2f %9.2f"


def table(results):
    for key, rows in results.items():
        if key == "signatures":
            continue
        print("\n%s: %d" % (TITLES[key[0]], key[1]))
        print(HEAD % ("ms, medians of the rounds", "hooks", "(least)",
                      "pre-rec.", "push"))
        for name, figure in rows.items():
            print(LINE % (name, figure.hooks, figure.least, figure.gate,
                          figure.whole))


# ---- ratios and targets ----

def ratios(results):
    """How many times the others' hooks take ours, and ours a bare start."""
    for key, rows in results.items():
        if key[0] != "commits":
            continue
        gate = rows["foureyes: main, pre-receive"].gate
        print("\nbeside pre-receive on main, %d commits (%.2f ms):"
              % (key[1], gate))
        for name, figure in rows.items():
            if name in OURS or figure.hooks == 0:
                continue
            print("  %-30s %6.2fx" % (name, figure.hooks / gate))


class Targets:
    def __init__(self, results):
        self.results = results
        self.list = []

    def add(self, name, text, value, most=None, least=None):
        met = value <= most if most is not None else value >= least
        self.list.append({"target": name, "what": text,
                          "value": round(value, 3), "met": met,
                          "at_most": most, "at_least": least})

    def get(self, kind, n):
        return self.results.get((kind, n))

    def start(self):
        rows = self.get("commits", 1)
        free = rows["foureyes: ungated branch"].gate
        gate = rows["foureyes: main, pre-receive"].gate
        true = rows["static true"].hooks
        synced = rows["static true, one fdatasync"].hooks
        self.add("T1", "1 commit, ungated branch, pre-receive, ms", free,
                 most=1.5)
        self.add("T1", "the same / static true", free / true, most=3)
        self.add("T1", "1 commit on main, pre-receive, ms", gate, most=3)
        self.add("T1", "the same / static true with one fdatasync",
                 gate / synced, most=4)
        self.add("T1", "1 commit on main, all three hooks, ms",
                 rows["foureyes: main, all three"].hooks, most=5)

    def hundred(self):
        rows = self.get("commits", 100)
        gate = rows["foureyes: main, pre-receive"].gate
        paths = rows["foureyes: main, no secrets scan"].gate
        self.add("T2", "100 commits, paths, pre-receive, ms", paths, most=10)
        self.add("T2", "the same and what their files hold, ms", gate,
                 most=10)
        self.add("T2", "bash loop / paths",
                 rows["bash: git log -1 per commit"].hooks / paths, least=70)

    def many(self, n):
        rows = self.get("commits", n)
        if rows is None:
            return
        paths = rows["foureyes: main, no secrets scan"].gate
        git = rows["no hook"].whole
        if n >= 10000:
            self.add("T3", "%d commits, paths, commits a second" % n,
                     1000 * n / paths, least=25000)
            self.add("T3", "the same / one git log --raw",
                     paths / rows["sh: one git log --raw"].hooks, most=1.15)
        self.add("T4", "%d commits, hooks / the push without" % n,
                 rows["foureyes: ungated branch"].hooks / git, most=0.25)

    def refs(self):
        one, many = self.get("refs", 1), self.get("refs", 50000)
        if one is None or many is None:
            return
        for name in OURS[:2]:
            self.add("T5", "50,000 refs / 1 ref, %s" % name,
                     many[name].gate / one[name].gate, most=1.5)

    def pushed(self):
        one, many = self.get("pushed refs", 1), self.get("pushed refs", 100)
        if one is None:
            return
        name = "foureyes: ungated branch"
        self.add("T6", "100 refs in one push / 1 ref, pre-receive",
                 many[name].gate / one[name].gate, most=2)

    def signatures(self):
        s = self.results.get("signatures")
        if s is None:
            return
        self.add("T7", "signature checks / openssl speed ed25519",
                 s["ours"] / s["openssl"], least=0.85)
        self.add("T7", "signature checks / git verify-tag",
                 s["ours"] / s["git"], least=100)

    def all(self):
        self.start()
        self.hundred()
        self.many(1000)
        self.many(10000)
        self.refs()
        self.pushed()
        self.signatures()
        return self.list


def judge(results):
    """By medians, with the value by the least of the rounds."""
    least = {key: rows if key == "signatures" else
             {name: figure.at_least() for name, figure in rows.items()}
             for key, rows in results.items()}
    targets = Targets(results).all()
    for target, other in zip(targets, Targets(least).all()):
        target["by_least"] = other["value"]
        target["met_by_least"] = other["met"]
    return targets


def print_targets(targets):
    print("\ntargets%48s %9s %9s" % ("", "median", "(least)"))
    for t in targets:
        limit = "<= %g" % t["at_most"] if t["at_most"] is not None \
            else ">= %g" % t["at_least"]
        met = "met" if t["met"] else \
            "not met (by the least: met)" if t["met_by_least"] else "not met"
        print("  %-3s %-49s %9.2f %9.2f  %-9s %s"
              % (t["target"], t["what"], t["value"], t["by_least"], limit,
                 met))


def machine():
    words = {}
    with open("/proc/cpuinfo") as f:
        found = re.search(r"model name\s*:\s*(.*)", f.read())
    words["cpu"] = found.group(1) if found else "unknown"
    words["cpus"] = os.cpu_count()
    words["load"] = os.getloadavg()[0]
    words["kernel"] = os.uname().release
    words["git"] = subprocess.run(["git", "--version"], text=True,
                                  stdout=subprocess.PIPE).stdout.split()[-1]
    return words


def write(bench, path):
    results = bench.results
    targets = judge(results)
    table(results)
    signatures = results.get("signatures")
    if signatures:
        print("\nsignature checks a second: %.0f; openssl speed ed25519: %.0f; "
              "git verify-tag: %.0f" % (signatures["ours"],
                                        signatures["openssl"],
                                        signatures["git"]))
    ratios(results)
    print_targets(targets)
    for text in bench.skipped:
        print("skipped: " + text)
    plain = {"machine": machine(), "rounds": bench.options.rounds,
             "history": bench.options.history, "targets": targets,
             "skipped": bench.skipped}
    for key, rows in results.items():
        if key == "signatures":
            plain["signatures"] = rows
        else:
            plain["%s %d" % key] = {n: f.plain() for n, f in rows.items()}
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        json.dump(plain, f, indent=1)
        f.write("\n")
    print("\n(all figures: %s)" % path)

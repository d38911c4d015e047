"""Figures of pushes: a table for people, samples for the aims.

Where other work runs on the machine, the least of the rounds says more than
their median, and stands beside it.
"""
import os
import re
import statistics
import subprocess
import time

import figures

# Rows of the tables, and how figures call them.
SHORT = {"no hook": "none", "static true": "true",
         "static true, one fdatasync": "synced",
         "sh: one git log --raw": "sh", "python3: one git log": "python",
         "bash: git log -1 per commit": "bash",
         "gitolite: update hook": "gitolite",
         "foureyes: ungated branch": "open", "no hook, landing": "landing",
         "foureyes: main, pre-receive": "main",
         "foureyes: main, no secrets scan": "unscanned",
         "foureyes: main, all three": "all"}
OURS = ("foureyes: ungated branch", "foureyes: main, pre-receive",
        "foureyes: main, no secrets scan", "foureyes: main, all three")


class Figure:
    """Some pushes, one a round: samples and their medians, in milliseconds."""

    def __init__(self, pushes):
        middle = statistics.median
        self.samples = {
            "whole": [p.whole for p in pushes],
            "hooks": [p.all_hooks() for p in pushes],
            "gate": [p.of("pre-receive") for p in pushes],
            "connected": [p.connected for p in pushes]}
        self.whole = middle(self.samples["whole"])
        self.hooks = middle(self.samples["hooks"])
        self.gate = middle(self.samples["gate"])
        self.least = min(self.samples["hooks"])

def openssl_speed(text):
    """Verifications of Ed25519 in a second, as openssl speed prints them."""
    for line in text.splitlines():
        last = line.split()[-1:]
        if "(Ed25519)" in line and last and re.fullmatch(r"[\d.]+", last[0]):
            return float(last[0])
    raise SystemExit("openssl speed ed25519: not understood")


def times_of(words, times):
    """Seconds of each of several runs."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begin)
    return taken


# ---- the table ----

TITLES = {"push": "commits in the push", "refs": "refs in the repository",
          "many": "refs in the push", "long": "records in the ledger",
          "few": "people, a few entries", "crowd": "people, 1,000 entries"}
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


# ---- ratios ----

def ratios(results):
    """How many times the others' hooks take ours, and ours a bare start."""
    for key, rows in results.items():
        if key[0] != "push":
            continue
        if "foureyes: main, pre-receive" not in rows:
            continue
        gate = rows["foureyes: main, pre-receive"].gate
        print("\nbeside pre-receive on main, %d commits (%.2f ms):"
              % (key[1], gate))
        for name, figure in rows.items():
            if name in OURS or figure.hooks == 0:
                continue
            print("  %-30s %6.2fx" % (name, figure.hooks / gate))


def samples(results):
    """All of it as figures: push.main.1.gate and so on."""
    of = {}
    for key, rows in results.items():
        if key == "signatures":
            of.update({"signatures." + name: each
                       for name, each in rows.items()})
            continue
        kind, n = key
        for name, figure in rows.items():
            row = SHORT[name] + ("" if kind == "long" else ".%d" % n)
            of.update({"%s.%s.%s" % (kind, row, what):
                       [round(v, 4) for v in each]
                       for what, each in figure.samples.items()})
    return of


def linked(program):
    """Shared libraries that the loader finds for it, and those among them that
    are for networks."""
    done = subprocess.run(["ldd", program], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    names = re.findall(r"^\s+(\S+) =>", done.stdout, re.M)
    net = re.compile("ssl|tls|curl|krb|gss|ssh|nghttp")
    return {"push.libraries": [len(names)],
            "push.libraries_net": [len([n for n in names if net.search(n)])]}


def keep(results, path):
    """Where the samples go, after each thing that was measured."""
    figures.add(path, samples(results))


def write(bench):
    table(bench.results)
    s = bench.results.get("signatures")
    if s:
        print("\nsignature checks a second: %.0f; openssl speed ed25519: %.0f; "
              "git verify-tag: %.0f" % tuple(
                  statistics.median(s[name])
                  for name in ("ours", "openssl", "git")))
    ratios(bench.results)
    for text in bench.skipped:
        print("skipped: " + text)
    print("\n(all figures: %s)" % bench.options.json)

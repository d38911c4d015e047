#!/usr/bin/env python3
"""all.py - every part of the bench in turn, and which aims hold.

    all.py [--parts push,verify] [--bin build/release] [--seconds 1200]
           [--rounds 3] [--json build/bench.json]
    all.py --aims           the aims again, from what was measured last
    all.py --readme         the same into README.md, between its two marks

Parts are the rows of parts.csv: a command, the JSON it leaves below
build/bench, and about how many seconds it takes.  One that is not begun in the
time given is left out, one that takes thrice its seconds is ended; whatever
ends this program, what was measured by then is kept, and judged.  Aims are the
rows of aims.csv: a formula of figures (figures.py), and what it must be.
"""
import argparse
import csv
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
PLACE = os.path.join(TOP, "build", "bench")
MARKS = ("<!-- bench: begin -->\n", "<!-- bench: end -->\n")


def rows_of(name):
    with open(os.path.join(HERE, name), newline="") as f:
        return list(csv.DictReader(f))


class Stopped(Exception):
    pass


def stop(number, frame):
    raise Stopped()


# ---- the parts ----

def run_part(part, options, most):
    """Its table goes to build/bench/<part>.txt and is shown."""
    words = part["command"].format(bin=options.bin,
                                   rounds=options.rounds).split()
    log = os.path.join(PLACE, part["part"] + ".txt")
    with open(log, "w") as out:
        child = subprocess.Popen(words, cwd=TOP, stdout=out,
                                 stdin=subprocess.DEVNULL,
                                 start_new_session=True)
        try:
            status = child.wait(most)
        except subprocess.TimeoutExpired:
            status = "more than %d seconds" % most
        finally:
            if child.poll() is None:
                end(child)
    with open(log) as f:
        print(f.read(), flush=True)
    return None if status == 0 else "ended: %s" % status


def end(child):
    """It and what it started."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, number)
            child.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            pass


def run_parts(options):
    """Why not, for each part that did not come to its end."""
    begun, why = time.monotonic(), {}
    wanted = options.parts.split(",") if options.parts else None
    known = {part["part"] for part in options.table}
    for name in wanted or []:
        if name not in known:
            raise SystemExit("bench: no part '%s'; there are: %s"
                             % (name, ", ".join(sorted(known))))
    try:
        for part in options.table:
            name, seconds = part["part"], float(part["seconds"])
            if wanted and name not in wanted:
                continue
            left = options.seconds - (time.monotonic() - begun)
            if left < seconds and not wanted:
                why[name] = "no time left"
                continue
            print("=== %s" % name, flush=True)
            path = os.path.join(PLACE, part["json"])
            if os.path.exists(path):
                os.unlink(path)
            said = run_part(part, options, 3 * seconds)
            if said:
                why[name] = said
    except (KeyboardInterrupt, Stopped):
        print("bench: stopped; what was measured is kept", file=sys.stderr)
        why["the rest"] = "stopped"
    return why


# ---- the machine ----

def first(pattern, path):
    try:
        with open(path) as f:
            found = re.search(pattern, f.read(), re.M)
        return found.group(1) if found else "unknown"
    except OSError:
        return "unknown"


def machine():
    disk = subprocess.run(["df", "--output=fstype", PLACE], text=True,
                          stdout=subprocess.PIPE).stdout.split()[-1:]
    memory = first(r"MemTotal:\s*(\d+)", "/proc/meminfo")
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "processors": os.cpu_count(),
        "processor": first(r"model name\s*:\s*(.*)", "/proc/cpuinfo"),
        "memory_gb": round(int(memory) / 2**20) if memory.isdigit() else 0,
        "system": first(r'^PRETTY_NAME="(.*)"', "/etc/os-release"),
        "kernel": os.uname().release, "disk": "".join(disk),
        "git": subprocess.run(["git", "--version"], text=True,
                              stdout=subprocess.PIPE).stdout.split()[-1],
        "load_before": os.getloadavg()[0]}


# ---- the aims ----

class Aim:
    def __init__(self, row, measured):
        self.row, self.target = row, float(row["target"])
        self.most = row["must be"] == "at most"
        self.value = figures.Value(row["formula"], measured)

    def verdict(self):
        if self.value.missing:
            return "not measured"
        value, target = self.value.median, self.target
        if value <= target if self.most else value >= target:
            return "held"
        if target == 0 or value == 0:
            return "missed"
        ratio = value / target if self.most else target / value
        return "missed by %sx" % short(ratio)

    def numbers(self):
        """Median; least; quartiles."""
        if self.value.missing:
            return ["", "", ""]
        spread = self.value.spread
        if spread is None:
            return [short(self.value.median), "", ""]
        return [short(self.value.median), short(spread[0]),
                "%s to %s" % (short(spread[1]), short(spread[2]))]

    def words(self):
        return ([self.row["aim"], self.row["issue"], self.row["what"]] +
                self.numbers() + ["%s %g" % (self.row["must be"], self.target),
                                  self.verdict()])

    def plain(self):
        value = self.value
        return {"aim": self.row["aim"], "issue": self.row["issue"],
                "what": self.row["what"], "formula": self.row["formula"],
                "must_be": self.row["must be"], "target": self.target,
                "median": None if value.missing else value.median,
                "least_quartiles_most":
                    None if value.missing else value.spread,
                "verdict": self.verdict()}


def short(value):
    if abs(value) >= 1000:
        return "%d" % round(value)
    return "%.3g" % value


HEAD = ["aim", "issue", "what", "median", "least", "quartiles", "must be", ""]


def print_aims(aims):
    table = [HEAD] + [aim.words() for aim in aims]
    wide = [max(len(row[i]) for row in table) for i in range(len(HEAD))]
    print("\n=== aims")
    for row in table:
        print("  ".join(cell.ljust(n) for cell, n in zip(row, wide)).rstrip())
    for verdict in ("held", "missed", "not measured"):
        print("%d %s" % (sum(a.verdict().startswith(verdict) for a in aims),
                         verdict), end="\n" if verdict[0] == "n" else ", ")


# ---- README ----

# Rows of README's tables beside the aims: what, and the figure of each column.
PUSHES = [("no hook: the whole push", "none", "whole"),
          ("a static `true`", "true", "gate"),
          ("the same, with one sync", "synced", "gate"),
          ("sh, one `git log --raw`", "sh", "gate"),
          ("python3, one `git log`", "python", "gate"),
          ("bash, `git log -1` per commit", "bash", "gate"),
          ("gitolite's update hook", "gitolite", "hooks"),
          ("foureyes, ungated branch: pre-receive", "open", "gate"),
          ("foureyes, gated main: pre-receive", "main", "gate"),
          ("the same without the scan for secrets", "unscanned", "gate"),
          ("foureyes, gated main: all three hooks", "all", "hooks")]
COMMITS = (1, 5, 100, 1000, 10000)
SERVERS = ("foureyesd", "octokit", "webhook", "nginx", "bare")
CONNECTIONS = (1, 16, 64)


def line(cells):
    return "| " + " | ".join(cells) + " |\n"


def beside(head, rows, measured):
    """A table of medians; nothing where none of them was measured."""
    text = ""
    for what, names in rows:
        cells = [short(statistics.median(measured[name]))
                 if name in measured else "" for name in names]
        if any(cells):
            text += line([what] + cells)
    return line(head) + "|" + "---|" * len(head) + "\n" + text + "\n" \
        if text else ""


def peers(measured):
    return beside(
        ["hooks of a push, ms", "1 commit"] + ["%d" % n for n in COMMITS[1:]],
        [(what, ["push.%s.%d.%s" % (row, n, kind) for n in COMMITS])
         for what, row, kind in PUSHES], measured) + beside(
        ["deliveries a second", "1 connection"] +
        ["%d" % n for n in CONNECTIONS[1:]] +
        ["us of processor each", "MB"],
        [(name, ["receiver.%s.%d.rate" % (name, n) for n in CONNECTIONS] +
          ["receiver.%s.16.cpu_us" % name, "receiver.%s.64.rss_mb" % name])
         for name in SERVERS], measured)


def markdown(aims, about, measured):
    text = ("Measured on %(date)s by `make bench` on one machine in one go: "
            "%(processors)d processors (%(processor)s), %(memory_gb)d GB, "
            "%(system)s, %(disk)s, Git %(git)s; load %(load_before).1f when it "
            "began.  Times depend on the machine, ratios less so.\n\n"
            % about) + peers(measured)
    text += "| " + " | ".join(HEAD[:-1] + ["verdict"]) + " |\n"
    text += "|" + "---|" * len(HEAD) + "\n"
    for aim in aims:
        text += line(aim.words())
    return text


def write_readme(aims, about, measured):
    path = os.path.join(TOP, "README.md")
    with open(path) as f:
        whole = f.read()
    before, begin, rest = whole.partition(MARKS[0])
    _, last, after = rest.partition(MARKS[1])
    if not begin or not last:
        raise SystemExit("bench: README.md lacks the marks of the table")
    with open(path, "w") as f:
        f.write(before + begin + markdown(aims, about, measured) + last + after)


def main():
    p = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--parts", default="")
    p.add_argument("--bin", default="build/release")
    p.add_argument("--seconds", type=float, default=1200)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--json", default=os.path.join(TOP, "build", "bench.json"))
    p.add_argument("--aims", action="store_true")
    p.add_argument("--readme", action="store_true")
    options = p.parse_args()
    options.table, begun = rows_of("parts.csv"), time.time()
    os.makedirs(PLACE, exist_ok=True)
    signal.signal(signal.SIGTERM, stop)
    old = {}
    if os.path.exists(options.json):
        with open(options.json) as f:
            old = json.load(f)
    about, why = old.get("machine") or machine(), old.get("left_out", {})
    if not (options.aims or options.readme):
        about, why = machine(), run_parts(options)
    measured = {}
    for part in options.table:
        measured.update(figures.of_part(os.path.join(PLACE, part["json"])))
    aims = [Aim(row, measured) for row in rows_of("aims.csv")]
    with open(options.json + ".new", "w") as f:
        json.dump({"machine": about, "left_out": why,
                   "aims": [aim.plain() for aim in aims],
                   "figures": measured}, f, indent=1)
        f.write("\n")
    os.replace(options.json + ".new", options.json)
    if options.readme:
        write_readme(aims, about, measured)
        return
    print_aims(aims)
    for part in options.table:
        path = os.path.join(PLACE, part["json"])
        if os.path.exists(path) and os.path.getmtime(path) < begun and \
                not options.aims:
            print("of an earlier run, %s: %s" % (part["part"], time.strftime(
                "%Y-%m-%d %H:%M", time.gmtime(os.path.getmtime(path)))))
    for name, said in why.items():
        print("left out, %s: %s" % (name, said))
    print("(all figures: %s)" % options.json)


if __name__ == "__main__":
    main()

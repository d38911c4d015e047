#!/usr/bin/env python3
"""big.py FOUREYES MEASURED - pushes to a large repository, and what they take.

    --commits N       of its history (100000)
    --files N         in its tree (100000)
    --refs N          it has beside (50000)
    --rounds N        of each push; ways that are compared take turns (3)
    --only WORD,...   first, commits, merge, promotion, many, refs
    --work DIR        where it all happens (build/bench/big)
    --json FILE       where the figures go (build/bench/big.json)

Of each hook: milliseconds of the clock and of the processor, and the memory of
the process at its most.  Pushes bring commits that the server has from a topic
branch where they go to a gate, and else new ones.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "bench"))

import figures  # noqa: E402
from place import HOOKS, Site, empty, run, write  # noqa: E402

TOPICS = (1, 100, 1000, 10000)
ZERO = "0" * 40


class Large(Site):
    """`Site` with another history, and hooks that are measured."""

    def __init__(self, options):
        super().__init__(options.work, options.program, options.commits,
                         TOPICS)
        self.files, self.measured = options.files, options.measured
        self.log = self.path("measured")

    def make_client(self):
        stamp = "%d %d" % (self.commits, self.files)
        mark = self.path("client.is")
        if os.path.exists(mark) and open(mark).read() == stamp:
            return
        empty(self.client)
        self.git("init", "-q", "--bare", "-b", "main", self.client)
        maker = subprocess.Popen(
            [os.path.join(HERE, "generate.py"), str(self.commits),
             str(self.files)] + [str(n) for n in self.topics],
            stdout=subprocess.PIPE)
        subprocess.run(
            ["git", "-C", self.client, "fast-import", "--quiet",
             "--depth=20"], stdin=maker.stdout, check=True, env=self.env)
        if maker.wait() != 0:
            raise SystemExit("generate.py failed")
        self.git("-C", self.client, "repack", "-q", "-a", "-d", "-b")
        self.git("-C", self.client, "commit-graph", "write", "--reachable")
        write(mark, stamp)

    def make_server(self, refs):
        """A copy of the client's objects, with main and `refs` refs."""
        empty(os.path.dirname(self.server))
        self.git("init", "-q", "--bare", "-b", "main", self.server)
        for key, value in (("receive.advertisePushOptions", "true"),
                           ("gc.auto", "0"), ("receive.unpackLimit", "1")):
            self.git("-C", self.server, "config", key, value)
        if refs is None:
            return
        self.git("-C", self.client, "push", "-q", "file://" + self.server,
                 "main")
        self.git("-C", self.server, "repack", "-q", "-a", "-d", "-b")
        self.git("-C", self.server, "commit-graph", "write", "--reachable")
        self.git("-C", self.server, "update-ref", "refs/heads/staging", "main")
        self.set_refs(refs)

    def set_hooks(self, names, program=None):
        """Ours, or `program` before the push; both within `measured`."""
        where = os.path.join(self.server, "hooks")
        empty(where)
        self.env["MEASURED_LOG"] = self.log
        self.env["MEASURED_PROGRAM"] = program or self.program
        for name in names:
            path = os.path.join(where, name)
            if program is not None:
                os.symlink(self.measured, path)
            else:
                write(path, "#!%s hook-file\nhook %s\nconfig %s\n"
                      % (self.measured, name, self.etc), 0o755)

    def measure(self, specs, fine=True):
        """{name: number} of one push."""
        if os.path.exists(self.log):
            os.unlink(self.log)
        begin = time.perf_counter()
        done = subprocess.run(
            ["git", "-C", self.client, "push", "-q", "file://" + self.server]
            + specs, env=self.env, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        out = {"whole": 1000 * (time.perf_counter() - begin)}
        if (done.returncode == 0) != fine:
            raise SystemExit("%s:\n%s" % (specs, done.stdout))
        if not os.path.exists(self.log):
            return out
        sums = {"ms": 0, "cpu": 0, "kib": 0}
        for line in open(self.log):
            name, ms, cpu, kib, _ = line.split()
            sums["ms"] += float(ms)
            sums["cpu"] += float(cpu)
            sums["kib"] = max(sums["kib"], int(kib))
            if name == "pre-receive":
                out["gate_ms"], out["gate_cpu"] = float(ms), float(cpu)
                out["gate_kib"] = int(kib)
        out.update(sums)
        return out


class Big:
    def __init__(self, options):
        self.options, self.site = options, Large(options)
        self.samples = {}

    def say(self, text):
        print("big: " + text, file=sys.stderr, flush=True)

    def keep(self, row, measured):
        for name, number in measured.items():
            self.samples.setdefault("big.%s.%s" % (row, name), []).append(
                round(number, 3))

    def rounds(self, rows):
        """rows: [(name, state, ready, specs, fine)], once each a round."""
        for _ in range(self.options.rounds):
            for name, state, ready, specs, fine in rows:
                self.site.restore(state)
                ready()
                self.keep(name, self.site.measure(specs, fine))
        for name, *_ in rows:
            self.show(name)

    def show(self, row):
        cells = ["%s %.1f" % (key, statistics.median(
            self.samples["big.%s.%s" % (row, key)]))
            for key in ("whole", "gate_ms", "gate_cpu", "ms", "cpu", "kib")
            if "big.%s.%s" % (row, key) in self.samples]
        print("%-24s %s" % (row, "  ".join(cells)), flush=True)

    def ours(self):
        self.site.set_hooks(HOOKS)

    def none(self):
        self.site.set_hooks([])

    def log(self):
        self.site.set_hooks(["pre-receive"], os.path.join(
            os.path.dirname(HERE), "bench", "hooks", "log.sh"))

    # ---- states ----

    def make(self):
        site = self.site
        os.makedirs(site.work, exist_ok=True)
        self.say("a history of %d commits, %d files"
                 % (self.options.commits, self.options.files))
        site.make_client()
        site.make_server(None)
        site.make_installation()
        site.edit("policy.yaml", "scan: true", "scan: false")
        site.keep("empty")
        site.edit("policy.yaml", "first_push: refuse", "first_push: baseline")
        site.keep("trusting")
        site.make_server(1)
        site.make_installation()
        self.none()
        site.keep("plain")
        site.env.pop("MEASURED_LOG", None)
        self.adopt()
        site.keep("base")

    def adopt(self):
        site = self.site
        self.ours()
        begin = time.perf_counter()
        run(site.program, "adopt", "bench", env=site.env)
        self.keep("adopt", {"ms": 1000 * (time.perf_counter() - begin)})
        self.show("adopt")

    def landing(self):
        """Each topic is there, with an approval of its newest commit."""
        site = self.site
        site.restore("base")
        self.ours()
        site.env["MEASURED_LOG"] = site.log
        site.topics_approved()
        site.push("aside:refs/heads/aside")
        site.approve("aside")
        site.keep("scanned")
        site.edit("policy.yaml", "scan: true", "scan: false")
        run(site.program, "apply", os.path.join(site.etc, "policy.yaml"),
            env=site.env)
        site.keep("landing")

    # ---- what is measured ----

    def first(self):
        self.say("the whole history in one push")
        specs = ["main:refs/heads/main"]
        other = ["main:refs/heads/other"]
        self.rounds([
            ("first.none", "empty", self.none, specs, True),
            ("first.refused", "empty", self.ours, specs, False),
            ("first.baseline", "trusting", self.ours, specs, True),
            ("first.ungated", "empty", self.ours, other, True)])

    def commits(self):
        for n in TOPICS:
            if n > self.options.commits:
                continue
            self.say("%d commits" % n)
            main = ["p%d:refs/heads/main" % n]
            self.rounds([
                ("none.%d" % n, "plain", self.none, main, True),
                ("log.%d" % n, "plain", self.log, main, True),
                ("open.%d" % n, "base", self.ours,
                 ["p%d:refs/heads/other" % n], True),
                ("main.%d" % n, "landing", self.ours, main, True),
                ("scan.%d" % n, "scanned", self.ours, main, True)])

    def merge(self):
        self.say("a merge of a branch from a thousand commits ago")
        site = self.site
        tree = site.git("-C", site.client, "merge-tree", "--write-tree",
                        "main", "aside")
        commit = site.git(
            "-C", site.client, "-c", "user.name=dev0", "-c",
            "user.email=dev0@example.com", "commit-tree", "-p", "main", "-p",
            "aside", "-m", "PAY-1 merge aside\n\nRollback-Plan: revert this "
            "merge and deploy the build before it", tree)
        self.rounds([
            ("merge.none", "plain", self.none,
             [commit + ":refs/heads/main"], True),
            ("merge.main", "landing", self.ours,
             [commit + ":refs/heads/main"], True)])

    def promotion(self):
        n = max(n for n in TOPICS if n <= self.options.commits)
        self.say("a promotion of %d commits" % n)
        self.site.restore("landing")
        self.ours()
        self.site.push("p%d:refs/heads/main" % n)
        self.site.keep("landed")
        self.rounds([("promotion", "landed", self.ours,
                      ["p%d:refs/heads/staging" % n], True)])

    def many(self):
        for n in (1, 100, 1000):
            self.say("%d refs in one push" % n)
            specs = ["main~%d:refs/heads/many/b%d" % (i, i)
                     for i in range(n)]
            self.rounds([
                ("many.none.%d" % n, "plain", self.none, specs, True),
                ("many.open.%d" % n, "base", self.ours, specs, True)])

    def refs(self):
        for n in (1, self.options.refs):
            self.say("%d refs in the repository" % n)
            for state in ("base", "landing"):
                self.site.restore(state)
                self.site.set_refs(n)
                self.site.keep(state + "-refs")
            self.rounds([
                ("refs.main.%d" % n, "landing-refs", self.ours,
                 ["p1:refs/heads/main"], True),
                ("refs.open.%d" % n, "base-refs", self.ours,
                 ["p1:refs/heads/other"], True)])

    def run(self):
        only = self.options.only.split(",")
        self.make()
        if {"commits", "merge", "promotion", "refs"} & set(only):
            self.landing()
        for name in only:
            getattr(self, name)()
            figures.add(self.options.json, self.samples)


def main():
    p = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("program")
    p.add_argument("measured")
    p.add_argument("--commits", type=int, default=100000)
    p.add_argument("--files", type=int, default=100000)
    p.add_argument("--refs", type=int, default=50000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--only",
                   default="first,commits,merge,promotion,many,refs")
    p.add_argument("--work", default="build/bench/big")
    p.add_argument("--json", default="build/bench/big.json")
    options = p.parse_args()
    for name in ("program", "measured", "work", "json"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    os.umask(0o022)
    Big(options).run()


main()

#!/usr/bin/env python3
"""push.py - what the hooks cost a push, beside what others cost.

    --commits N,N     how many commits the measured pushes bring (1,5,100,1000,10000)
    --refs N,N        refs in the repository (1,10000,50000)
    --rounds N        rounds of each; in each round every row once (7; of pushes
                      of a thousand commits and more: 3)
    --history N       commits the repository has already (10000)
    --records N       records of the long ledger (100000;
                      0: none)
    --quick           1 and 100 commits, 3 rounds, nothing else
    --work DIR        where it all happens (build/bench/push)
    --json FILE       where the samples go (build/bench/push.json), after each
                      thing that was measured

A push to the gated main brings commits that the server has already, from the
topic branch they were pushed to, with one approval of the newest; all other
rows push commits that are new to the server.
"""
import argparse
import os
import subprocess
import sys

import figures
import push_figures
from gitolite import Gitolite
from place import HERE, HOOKS, Site, run, write
from pushes import push

LOOP_MOST = 1000  # commits that the loop of git log gets


class Row:
    """One thing to measure; `ready` leaves a server to push to."""

    def __init__(self, name, state, ready, target="refs/heads/main", url=None,
                 env=None):
        self.name, self.state, self.ready = name, state, ready
        self.target, self.url, self.env = target, url, env


class Bench:
    def __init__(self, options):
        self.options = options
        self.commits = [int(n) for n in options.commits.split(",")]
        topics = sorted(set(self.commits + [1, 5, 100]))
        self.site = Site(options.work, options.program, options.history,
                         topics)
        self.gitolite = Gitolite(self.site)
        self.skipped = []
        self.results = {}

    # ---- before ----

    def say(self, text):
        print("bench: " + text, file=sys.stderr, flush=True)

    def build_peers(self):
        source = os.path.join(HERE, "hooks", "nothing.c")
        self.nothing = self.site.path("nothing")
        self.synced = self.site.path("synced")
        run("gcc", "-O2", "-static", "-o", self.nothing, source)
        run("gcc", "-O2", "-static", "-DSYNCED=\"%s\"" % self.site.path("log"),
            "-o", self.synced, source)
        # This very Python: the one in PATH may be a script that looks for it.
        with open(os.path.join(HERE, "hooks", "log.py")) as f:
            text = f.read().split("\n", 1)[1]
        self.python = self.site.path("log.py")
        write(self.python, "#!%s\n%s" % (sys.executable, text), 0o755)

    def build_states(self):
        site = self.site
        self.say("a repository of %d commits" % self.options.history)
        site.forget()
        site.make_client()
        site.make_server(1000)
        site.set_hooks([])
        site.keep("plain")
        site.make_installation()
        site.adopt()
        site.keep("base")
        self.say("topics and their approvals")
        self.tag = site.topics_approved()
        site.keep("landing")
        site.edit("policy.yaml", "scan: true", "scan: false")
        run(site.program, "apply", os.path.join(site.etc, "policy.yaml"),
            env=site.env)
        site.keep("unscanned")
        self.gitolite_there = self.gitolite.make()
        if not self.gitolite_there:
            self.skipped.append("gitolite: " + self.gitolite.why_not)

    def rows(self):
        site = self.site

        def other(program):
            return lambda: site.set_hooks(["pre-receive"], program)

        def ours(names):
            return lambda: site.set_hooks(names)

        def script(name):
            return other(os.path.join(HERE, "hooks", name))

        rows = [
            Row("no hook", "plain", ours([])),
            Row("static true", "plain", other(self.nothing)),
            Row("static true, one fdatasync", "plain", other(self.synced)),
            Row("sh: one git log --raw", "plain", script("log.sh")),
            Row("python3: one git log", "plain", other(self.python)),
            Row("bash: git log -1 per commit", "plain", script("loop.sh")),
        ]
        if self.gitolite_there:
            rows.append(Row("gitolite: update hook", "plain",
                            self.gitolite.take_over, url=self.gitolite.url,
                            env=self.gitolite.env))
        return rows + [
            Row("foureyes: ungated branch", "base", ours(HOOKS),
                "refs/heads/other"),
            Row("no hook, landing", "landing", ours([])),
            Row("foureyes: main, pre-receive", "landing",
                ours(["pre-receive"])),
            Row("foureyes: main, no secrets scan", "unscanned",
                ours(["pre-receive"])),
            Row("foureyes: main, all three", "landing", ours(HOOKS)),
        ]

    # ---- measuring ----

    def once(self, row, specs, state=None):
        self.site.restore(state or row.state)
        row.ready()
        os.sync()
        return push(self.site, specs, row.url, row.env)

    def rounds(self, rows, specs_of, states=None, most=99):
        """All rows once in each round, in turn; what each push took."""
        taken = {row.name: [] for row in rows}
        for number in range(min(self.options.rounds, most)):
            turn = number % len(rows)
            for row in rows[turn:] + rows[:turn]:
                state = states and states.get(row.state)
                taken[row.name].append(
                    self.once(row, specs_of(row), state))
        return {name: push_figures.Figure(list_) for name, list_ in taken.items()}

    def measure_commits(self):
        for n in self.commits:
            self.say("pushes of %d commits" % n)
            rows = [row for row in self.rows()
                    if n <= LOOP_MOST or not row.name.startswith("bash")]
            self.results["push", n] = self.rounds(
                rows, lambda row: ["p%d:%s" % (n, row.target)],
                most=3 if n >= 1000 else 99)
            self.keep()

    def some_rows(self, *names):
        return [row for row in self.rows() if row.name in names]

    def measure_refs(self):
        rows = self.some_rows("no hook, landing", "foureyes: main, pre-receive",
                              "foureyes: main, all three",
                              "foureyes: ungated branch")
        for refs in [int(n) for n in self.options.refs.split(",")]:
            self.say("%d refs in the repository" % refs)
            states = {}
            for state in ("base", "landing"):
                self.site.restore(state)
                self.site.set_refs(refs)
                states[state] = "%s-refs" % state
                self.site.keep(states[state])
            self.results["refs", refs] = self.rounds(
                rows, lambda row: ["p1:" + row.target], states)

    def measure_many(self):
        rows = self.some_rows("no hook", "gitolite: update hook",
                              "foureyes: ungated branch")
        for refs in (1, 100):
            self.say("%d refs in one push" % refs)
            self.results["many", refs] = self.rounds(
                rows, lambda row: ["main~%d:refs/heads/many/b%d" % (i, i)
                                   for i in range(refs)])

    def measure_crowd(self):
        people, entries = 10000, 1000
        self.say("%d people, %d entries" % (people, entries))
        self.site.restore("landing")
        self.site.crowd(people, entries)
        self.site.keep("crowd")
        rows = self.some_rows("foureyes: main, pre-receive",
                              "foureyes: main, all three")
        self.results["few", 25] = self.rounds(
            rows, lambda row: ["p1:" + row.target])
        self.results["crowd", people] = self.rounds(
            rows, lambda row: ["p1:" + row.target], {"landing": "crowd"})

    def measure_ledger(self):
        self.say("a ledger of %d records" % self.options.records)
        self.site.restore("landing")
        self.site.lengthen_ledger(self.options.records)
        self.site.keep("long")
        rows = self.some_rows("foureyes: main, pre-receive",
                              "foureyes: main, all three")
        self.results["long", self.options.records] = self.rounds(
            rows, lambda row: ["p1:" + row.target], {"landing": "long"})

    def measure_signatures(self):
        self.say("signatures")
        tag = subprocess.run(
            ["git", "-C", self.site.client, "cat-file", "tag", self.tag],
            stdout=subprocess.PIPE, check=True).stdout
        ours, limit = [], []
        for _ in range(5):
            done = subprocess.run([self.options.signatures, "0.5"], input=tag,
                                  stdout=subprocess.PIPE, check=True)
            ours.append(float(done.stdout))
            limit.append(push_figures.openssl_speed(
                run("openssl", "speed", "-seconds", "1", "ed25519")))
        signers = self.site.path("signers")
        write(signers, "bob@example.com " +
              open(self.site.path("keys", "bob.pub")).read())
        git = push_figures.times_of(
            ["git", "-C", self.site.client, "-c",
             "gpg.ssh.allowedSignersFile=" + signers, "verify-tag", self.tag],
            5)
        self.results["signatures"] = {
            "ours": ours, "openssl": limit, "git": [1 / s for s in git]}

    def keep(self):
        push_figures.keep(self.results, self.options.json)

    def run(self):
        if os.path.exists(self.options.json):
            os.unlink(self.options.json)
        self.build_peers()
        self.build_states()
        figures.add(self.options.json,
                    push_figures.linked(self.site.hook_program))
        self.measure_commits()
        if not self.options.quick:
            self.measure_many()
            self.measure_refs()
            self.measure_crowd()
            if self.options.records:
                self.measure_ledger()
            self.measure_signatures()
        self.keep()


def parse():
    p = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("program")
    p.add_argument("signatures")
    p.add_argument("--commits", default="1,5,100,1000,10000")
    p.add_argument("--refs", default="1,10000,50000")
    p.add_argument("--rounds", type=int, default=7)
    p.add_argument("--history", type=int, default=10000)
    p.add_argument("--records", type=int, default=100000)
    p.add_argument("--quick", action="store_true")
    p.add_argument("--work", default="build/bench/push")
    p.add_argument("--json", default="build/bench/push.json")
    options = p.parse_args()
    if options.quick:
        options.commits, options.rounds = "1,100", 3
    for name in ("program", "signatures", "work", "json"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    return options


def main():
    options = parse()
    os.makedirs(options.work, exist_ok=True)
    os.umask(0o022)
    bench = Bench(options)
    bench.run()
    push_figures.write(bench)


main()

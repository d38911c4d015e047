#!/usr/bin/env python3
"""handover.py - what it costs a push that another process judges and records.

    --rounds N        pushes of each kind, in turn (15)
    --history N       commits the repository has already (1000)
    --work DIR        where it all happens (build/bench/handover)
    --json FILE       where the samples go (build/bench/handover.json)

Each push brings one approved commit to a gated main, by all three hooks:

    true          a static program that says yes, and nothing else
    local         the hooks judge and record by themselves
    unix          they hand over to foureyesd by its Unix socket (gate: unix:)
    postgresql    the same, and foureyesd keeps the ledger in a PostgreSQL on
                  the loopback (ledger: postgresql://)
"""
import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import figures
from place import HERE, HOOKS, REPOSITORY, Site, run, write
from pushes import push

PG = "/usr/lib/postgresql/15/bin/"
TREE_PATH = "handed-over.txt"


def wait_for(what, answers, child):
    for _ in range(400):
        if answers():
            return
        if child.poll() is not None:
            break
        time.sleep(0.025)
    raise SystemExit("handover: %s did not start" % what)


class Database:
    """A PostgreSQL of this bench alone; it does not run as root."""

    def __init__(self):
        self.place = tempfile.mkdtemp(prefix="foureyes-bench.")
        self.data = os.path.join(self.place, "data")
        self.account = {}
        if os.geteuid() == 0:
            self.account = dict(user="postgres", group="postgres",
                                extra_groups=[])
            shutil.chown(self.place, "postgres", "postgres")
        self.child = None

    def start(self):
        subprocess.run(
            [PG + "initdb", "-D", self.data, "-U", "foureyes", "-A", "trust",
             "--no-locale", "-E", "UTF8"], check=True, cwd="/",
            stdout=subprocess.DEVNULL, **self.account)
        self.child = subprocess.Popen(
            [PG + "postgres", "-D", self.data, "-k", self.place, "-h", ""],
            cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **self.account)
        wait_for("PostgreSQL", self.answers, self.child)
        run("createdb", "-h", self.place, "-U", "foureyes", "foureyes")

    def answers(self):
        return subprocess.run(
            ["psql", "-X", "-q", "-h", self.place, "-U", "foureyes", "-c",
             "select 1", "postgres"], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL).returncode == 0

    def url(self):
        return "postgresql://foureyes@/foureyes?host=" + self.place

    def stop(self):
        if self.child is not None:
            self.child.send_signal(signal.SIGINT)
            self.child.wait(20)
        shutil.rmtree(self.place, ignore_errors=True)


class Way(Site):
    """One way to have pushes judged."""

    def __init__(self, name, base, options, client):
        super().__init__(os.path.join(base, name), options.program,
                         options.history, [])
        self.name, self.client = name, client
        self.daemon_program = options.program + "d"
        self.daemon = None
        os.makedirs(self.work, exist_ok=True)

    def origin(self):
        with open(os.path.join(self.etc, "foureyes.yaml")) as f:
            return next(line.split()[1] for line in f
                        if line.startswith("origin:"))

    def settings(self, gate, ledger):
        write(os.path.join(self.etc, "foureyes.yaml"), (
            "version: 1\norigin: %s\nledger: %s\nindex: %s\n"
            "seal_key: %s\ngate: %s\nserver: {kind: local, root: %s, "
            "pusher: TEST_PUSHER}\n%s") % (
                self.origin(), ledger, self.path("etc", "index.db"),
                self.path("etc", "seal.key"), gate, self.path("srv"),
                "" if gate == "local" else
                "receiver:\n  socket: %s\n" % self.path("socket")))

    def make(self, database):
        self.make_server(100)
        self.make_installation()
        ledger = self.path("etc", "ledger")
        self.settings("local", ledger)
        self.set_hooks(HOOKS)
        if self.name == "true":
            return
        run(self.program, "adopt", REPOSITORY, env=self.env)
        if self.name == "local":
            return
        if self.name == "postgresql":
            ledger = "\"%s\"\nledger_copy: %s" % (database.url(), ledger)
        self.settings("unix:" + self.path("socket"), ledger)
        if self.name == "postgresql":
            run(self.daemon_program, "ledger", "create", env=self.env)
        self.daemon = subprocess.Popen(
            [self.daemon_program, "serve"], env=self.env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("foureyesd",
                 lambda: os.path.exists(self.path("socket")), self.daemon)

    def stop(self):
        if self.daemon is not None:
            self.daemon.terminate()
            self.daemon.wait(20)


def commits_on_main(site, count):
    """A row of commits, each with one file that is new."""
    list_, at = [], site.git("-C", site.client, "rev-parse", "main")
    for number in range(count):
        index = dict(site.env, GIT_INDEX_FILE=site.path("index"))
        git = ("git", "-C", site.client)
        blob = run(*git, "hash-object", "-w", "--stdin", env=index,
                   stdin="%d\n" % number)
        run(*git, "read-tree", at, env=index)
        run(*git, "update-index", "--add", "--cacheinfo",
            "100644,%s,%s" % (blob, TREE_PATH), env=index)
        tree = run(*git, "write-tree", env=index)
        who = dict(index, GIT_AUTHOR_NAME="dev0",
                   GIT_AUTHOR_EMAIL="dev0@example.com",
                   GIT_COMMITTER_NAME="dev0",
                   GIT_COMMITTER_EMAIL="dev0@example.com")
        at = run(*git, "commit-tree", "-p", at, "-m",
                 "PAY-1 change %d\n\nRollback-Plan: revert it and deploy the build "
                 "before it again" % number, tree, env=who)
        list_.append(at)
    return list_


def measure(ways, commits, json):
    """One push each in a round, in another order each time."""
    taken = {}
    for number, commit in enumerate(commits):
        turn = number % len(ways)
        for way in ways[turn:] + ways[:turn]:
            took = push(way, [commit + ":refs/heads/main"])
            if number == 0:
                continue  # what is made once
            for what, ms in (("gate", took.of("pre-receive")),
                             ("hooks", took.all_hooks()),
                             ("whole", took.whole)):
                taken.setdefault("handover.%s.%s" % (way.name, what),
                                 []).append(ms)
        figures.add(json, taken)
    return taken


def show(taken, ways):
    print("%-12s %21s %21s %9s" % ("", "pre-receive", "all hooks", "push"))
    base = "handover.local.%s"
    for way in ways:
        row = "%-12s" % way.name
        for what in ("gate", "hooks"):
            ours = statistics.median(taken["handover.%s.%s"
                                           % (way.name, what)])
            theirs = statistics.median(taken[base % what])
            row += " %7.2f ms %6.2f fold" % (ours, ours / theirs)
        row += " %6.1f ms" % statistics.median(
            taken["handover.%s.whole" % way.name])
        print(row)


def run_all(options):
    base = Site(options.work, options.program, options.history, [])
    os.makedirs(options.work, exist_ok=True)
    base.make_client()
    commits = commits_on_main(base, options.rounds + 1)
    names = ["true", "local", "unix"]
    database = None
    if os.path.exists(PG + "postgres"):
        database = Database()
        names.append("postgresql")
    else:
        print("handover: no PostgreSQL 15; left out", file=sys.stderr)
    ways = [Way(name, options.work, options, base.client) for name in names]
    try:
        if database:
            database.start()
        nothing = base.path("nothing")
        run("gcc", "-O2", "-static", "-o", nothing,
            os.path.join(HERE, "hooks", "nothing.c"))
        for way in ways:
            way.make(database)
            if way.name == "true":
                way.set_hooks(HOOKS, nothing)
            way.push(commits[-1] + ":refs/heads/topic")
            if way.name == "true":
                continue
            for commit in commits:
                way.approve(commit)
        show(measure(ways, commits, options.json), ways)
    finally:
        for way in ways:
            way.stop()
        if database:
            database.stop()


def main():
    read = argparse.ArgumentParser()
    read.add_argument("program")
    read.add_argument("--rounds", type=int, default=15)
    read.add_argument("--history", type=int, default=1000)
    read.add_argument("--work", default="build/bench/handover")
    read.add_argument("--json", default="build/bench/handover.json")
    options = read.parse_args()
    options.program = os.path.abspath(options.program)
    options.work = os.path.abspath(options.work)
    run_all(options)


if __name__ == "__main__":
    main()

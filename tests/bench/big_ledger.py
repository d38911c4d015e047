"""big_ledger.py ROOT BIN FEW MANY ROUNDS JSON - two ledgers, step by step.

Each round does the same on both sites, one after the other: a change is pushed,
approved and landed, the ledger is sealed, and it is looked at.  Told are the
medians of wall clock and processor time (all children's, Git's too), and
MANY / FEW of the latter.  What has to
read everything is measured once, and said to grow.
"""
import json
import os
import statistics
import subprocess
import sys
import time

PLAN = "Rollback-Plan: revert this commit and put the build before it live again"


class Site:
    def __init__(self, root, bin_, records):
        self.place = "%s/build/bench/big/%d" % (root, records)
        self.root, self.bin, self.records = root, bin_, records
        self.times = {}
        self.env = {
            "PATH": bin_ + ":" + os.environ["PATH"], "LC_ALL": "C",
            "TZ": "UTC", "HOME": self.place + "/home",
            "FOUREYES_CONFIG": self.place + "/etc", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0"}

    def run(self, words, person="alice", where=None, kept=None):
        """Runs it; under a name its times are kept."""
        env = dict(self.env, TEST_PUSHER=person)
        start = time.monotonic()
        child = subprocess.Popen(words, env=env, cwd=where,
                                 stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        out, complaint = child.stdout.read(), child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = status
        wall = time.monotonic() - start
        if status != 0:
            sys.exit("big_ledger: %s: %s" % (" ".join(words)[:200],
                                             complaint.decode()[-500:]))
        if kept is not None:
            self.times.setdefault(kept, []).append(
                (wall, used.ru_utime + used.ru_stime))
        return out.decode(errors="replace").strip()

    def git(self, person, *words, kept=None):
        return self.run(["git", "-C", "%s/%s" % (self.place, person), *words],
                        person, kept=kept)

    def foureyes(self, *words, kept=None):
        return self.run([self.bin + "/foureyes", *words], kept=kept)

    def ask(self, path, kept):
        self.run([self.bin + "/test/ask", self.place + "/etc", path],
                 kept=kept)

    def change(self, name):
        self.git("alice", "fetch", "-q", "origin")
        self.git("alice", "checkout", "-q", "-B", name, "origin/main")
        with open("%s/alice/%s.txt" % (self.place, name), "w") as f:
            f.write(name + "\n")
        self.git("alice", "add", "-A")
        self.git("alice", "commit", "-q", "-m",
                 "PAY-1 change %s\n\n%s" % (name, PLAN))
        self.git("alice", "push", "-q", "origin", "+" + name,
                 kept="push of a topic")
        commit = self.git("alice", "rev-parse", "HEAD")
        self.git("bob", "fetch", "-q", "origin")
        self.run([self.root + "/contrib/git-approve", "--yes", "--for", "main",
                  commit], "bob", self.place + "/bob", kept="approval")
        self.git("alice", "push", "-q", "origin", name + ":main",
                 kept="push to main, judged and landed")
        return commit

    def round(self, number):
        commit = self.change("big%d-%d" % (os.getpid(), number))
        half = str(self.records // 2)
        self.foureyes("seal", kept="seal")
        self.foureyes("verify", "--memory", self.place + "/memory",
                      self.place + "/etc/ledger",
                      kept="verify from the last checkpoint")
        self.foureyes("log", "--newest", "20", kept="log --newest 20")
        self.foureyes("show", half, kept="show of a record")
        self.foureyes("show", commit, kept="show of a commit")
        self.foureyes("due", kept="due")
        self.ask("/api/v1/changes", "first page of changes")
        self.ask("/api/v1/changes?cursor=" + half, "a page half-way down")
        self.ask("/api/v1/records?count=100&from=" + half, "100 records")

    def whole(self):
        """What reads all of it, once."""
        self.foureyes("verify", "--chain", self.place + "/etc/ledger",
                      kept="(whole) verify --chain")
        self.foureyes("prove", str(self.records // 2),
                      kept="(whole) prove of a record")


def main():
    root, bin_, few, many, rounds, out = sys.argv[1:]
    sites = [Site(root, bin_, int(n)) for n in (few, many)]
    for number in range(int(rounds) + 1):
        for site in sites:
            site.round(number)
        if number == 0:  # it fills the caches
            for site in sites:
                site.times.clear()
    for site in sites:
        site.whole()
    rows = {}
    print("%-34s %9s %9s %9s %9s %7s" % (
        "ms, medians", few, "(cpu)", many, "(cpu)", "cpu x"))
    for name in sites[0].times:
        (wall, cpu), (wall_many, cpu_many) = [
            [statistics.median(t[i] for t in site.times[name])
             for i in (0, 1)] for site in sites]
        rows[name] = {"few_ms": 1000 * wall, "few_cpu_ms": 1000 * cpu,
                      "many_ms": 1000 * wall_many,
                      "many_cpu_ms": 1000 * cpu_many,
                      "ratio": wall_many / wall,
                      "cpu_ratio": cpu_many / max(cpu, 1e-6)}
        print("%-34s %9.1f %9.1f %9.1f %9.1f %7.2f" % (
            name, 1000 * wall, 1000 * cpu, 1000 * wall_many, 1000 * cpu_many,
            rows[name]["cpu_ratio"]))
    with open(out, "w") as f:
        json.dump({"few": int(few), "many": int(many), "rounds": int(rounds),
                   "steps": rows}, f, indent=1)
        f.write("\n")


main()

#!/usr/bin/env python3
"""generate.py COMMITS FILES TOPIC... - a large repository for git fast-import.

FILES small files, ten in a directory and a hundred directories in each, in the
first commit of refs/heads/main; COMMITS in all on main, about three files
changed by each.  For each TOPIC (a number) refs/heads/p<TOPIC> with so many
commits on top of main; refs/heads/aside with one commit, of three files more,
on main a thousand commits ago.  The same arguments give the same bytes.
"""
import random
import sys

FIRST_SECOND = 1700000000
ASIDE = 1000


class Writer:
    def __init__(self, out, files):
        self.out, self.files = out, files
        self.random = random.Random(8)
        self.count = 0
        self.mark = 0

    def path(self, number):
        return "a%03d/b%02d/f%d.c" % (number // 1000, number // 10 % 100,
                                      number % 10)

    def content(self, number):
        return "/* %s */\nint f%d = %d;\n" % (
            self.path(number), number, self.random.getrandbits(32))

    def commit(self, ref, changed, start=None):
        who = self.count % 20
        person = "Developer %d <dev%d@example.com> %d +0100" % (
            who, who, FIRST_SECOND + 60 * self.count)
        self.count += 1
        self.mark += 1
        text = "PAY-%d change %08x\n\nRollback-Plan: revert this commit " \
            "and deploy the build before it\nTicket: PAY-%d\n" \
            "Signed-off-by: Developer %d <dev%d@example.com>\n" % (
                self.count, self.random.getrandbits(32), self.count, who, who)
        lines = ["commit %s\nmark :%d\nauthor %s\ncommitter %s\ndata %d\n%s" %
                 (ref, self.mark, person, person, len(text), text)]
        if start is not None:
            lines.append("from :%d\n" % start)
        for number in changed:
            data = self.content(number)
            lines.append("M 100644 inline %s\ndata %d\n%s" %
                         (self.path(number), len(data), data))
        self.out.write("".join(lines).encode())

    def some(self):
        return sorted({self.random.randrange(self.files)
                       for _ in range(self.random.choice((1, 2, 3, 3, 4, 5)))})


def main():
    commits, files = int(sys.argv[1]), int(sys.argv[2])
    w = Writer(sys.stdout.buffer, files)
    w.commit("refs/heads/main", range(files))
    for _ in range(commits - 1):
        w.commit("refs/heads/main", w.some())
    tip = w.mark
    w.commit("refs/heads/aside", range(files, files + 3), max(1, tip - ASIDE))
    for n in [int(a) for a in sys.argv[3:]]:
        start = tip
        for _ in range(n):
            w.commit("refs/heads/p%d" % n, w.some(), start)
            start = None


main()

#!/usr/bin/env python3
"""generate.py COMMITS TOPIC... - a repository for git fast-import.

Writes a linear history of COMMITS commits on refs/heads/main over 1,500 files
of 1 to 8 KB, about three of them changed by each commit, and for each TOPIC (a
number) a branch refs/heads/p<TOPIC> with so many commits on top of main.
Messages have some 400 bytes, with the trailers that people write.  The same
arguments give the same bytes.
"""
import random
import sys

FILES = 1500
DIRECTORIES = 30
DEVELOPERS = 20
WORDS = (
    "cache header socket retry limit parser index branch token queue buffer "
    "table window signal handle worker config report ledger commit record "
    "message reader writer option default timeout client server update"
).split()
FIRST_SECOND = 1700000000


class Writer:
    def __init__(self, out):
        self.out = out
        self.random = random.Random(4)
        self.count = 0

    def sentence(self, words):
        return " ".join(self.random.choice(WORDS) for _ in range(words))

    def path(self, number):
        return "src/d%02d/f%04d.c" % (number % DIRECTORIES, number)

    def new_file(self):
        lines, size = [], self.random.randint(1000, 8000)
        while size > 0:
            lines.append(self.sentence(8) + "\n")
            size -= len(lines[-1])
        return lines

    def message(self, who):
        body = "\n".join(self.sentence(9) for _ in range(2))
        return (
            "PAY-%d %s\n\n%s\n\n"
            "Rollback-Plan: revert this commit and deploy the build before it\n"
            "Ticket: PAY-%d\nChange-Id: I%040x\n"
            "Reviewed-by: Some Reviewer <reviewer@example.com>\n"
            "Signed-off-by: Developer %d <dev%d@example.com>\n"
        ) % (self.count, self.sentence(5), body, self.count,
             self.random.getrandbits(160), who, who)

    def data(self, text):
        raw = text.encode()
        self.out.write(b"data %d\n" % len(raw))
        self.out.write(raw)
        self.out.write(b"\n")

    def commit(self, ref, files, changed):
        who = self.random.randrange(DEVELOPERS)
        person = "Developer %d <dev%d@example.com> %d +0100" % (
            who, who, FIRST_SECOND + 60 * self.count)
        self.count += 1
        self.out.write(
            ("commit %s\nauthor %s\ncommitter %s\n"
             % (ref, person, person)).encode())
        self.data(self.message(who))
        for number in changed:
            self.out.write(
                ("M 100644 inline %s\n" % self.path(number)).encode())
            self.data("".join(files[number]))

    def edits(self, files):
        changed = set()
        for _ in range(self.random.choice((1, 2, 3, 3, 4, 5))):
            number = self.random.randrange(FILES)
            lines = files[number] = list(files[number])
            lines[self.random.randrange(len(lines))] = self.sentence(8) + "\n"
            changed.add(number)
        return sorted(changed)


def main():
    commits, topics = int(sys.argv[1]), [int(a) for a in sys.argv[2:]]
    w = Writer(sys.stdout.buffer)
    files = [w.new_file() for _ in range(FILES)]
    w.commit("refs/heads/main", files, range(FILES))
    for _ in range(commits - 1):
        w.commit("refs/heads/main", files, w.edits(files))
    for n in topics:
        ref, own = "refs/heads/p%d" % n, list(files)
        w.out.write(("reset %s\nfrom refs/heads/main\n\n" % ref).encode())
        for _ in range(n):
            w.commit(ref, own, w.edits(own))


main()

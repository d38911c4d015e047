#!/usr/bin/env python3
"""A history for `git fast-import`: main made of merges of short branches.

audit_history.py COMMITS [FILES] >STREAM

Every fourth commit is on main's first-parent line and merges a branch of three
that began some merges before; one of ten steps is a single commit instead.
The same arguments give the same bytes.
"""
import random
import sys

PEOPLE = 40
FIRST = 1_500_000_000


def main():
    total = int(sys.argv[1])
    files = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    out = sys.stdout.buffer
    rand = random.Random(1)
    clock = FIRST
    mark = 0

    def path(n):
        return 'src/d%02d/e%02d/file%04d.c' % (n % 23, n % 7, n)

    def ident(n):
        return 'Person %02d <p%02d@example.com>' % (n, n)

    def commit(branch, author, message, parents, changes):
        nonlocal clock, mark
        clock += 60
        mark += 1
        data = message.encode()
        lines = ['commit refs/heads/%s' % branch, 'mark :%d' % mark,
                 'author %s %d +0000' % (ident(author), clock),
                 'committer %s %d +0000' % (ident(author), clock),
                 'data %d' % len(data)]
        out.write('\n'.join(lines).encode() + b'\n' + data + b'\n')
        for word, parent in zip(['from'] + ['merge'] * 9, parents):
            out.write(b'%s :%d\n' % (word.encode(), parent))
        for name, content in changes:
            body = content.encode()
            out.write(b'M 100644 inline %s\ndata %d\n%s\n' %
                      (name.encode(), len(body), body))
        out.write(b'\n')
        return mark

    def text(n):
        return ''.join('line %d of version %d\n' % (i, n) for i in range(20))

    tip = commit('main', 0, 'Begin\n', [],
                 [(path(n), text(0)) for n in range(files)])
    tips = [tip]
    made = 1
    while made < total:
        author, merger = rand.randrange(PEOPLE), rand.randrange(PEOPLE)
        if rand.random() < 0.1:
            name = path(rand.randrange(files))
            tip = commit('main', author, 'PAY-%d direct\n' % made, [tip],
                         [(name, text(made))])
            made += 1
        else:
            side = tips[max(0, len(tips) - 1 - rand.randrange(8))]
            changes = []
            for _ in range(3):
                # One branch at a time has a file: merges are clean.
                name = path((made * 7919) % files)
                changes.append((name, text(made)))
                side = commit('topic', author, 'Change %s\n\nWhat it does, and '
                              'why.\n\nReviewed-by: %s\n' %
                              (name, ident(merger)), [side], changes[-1:])
                made += 1
            tip = commit('main', merger, "Merge branch 'topic-%d'\n" % made,
                         [tip, side], changes)
            made += 1
        tips = tips[-8:] + [tip]
    out.write(b'reset refs/heads/topic\nfrom %s\n\n' % (b'0' * 40))
    out.write(b'done\n')


main()

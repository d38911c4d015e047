#!/usr/bin/env python3
"""The history of audit.sh: each step is there for one answer.

audit_history.py REPO >NAMES

Makes a bare repository and prints NAME=COMMIT for each step.  Commits are
written byte by byte, so that there can be malformed ones.
"""
import subprocess
import sys

repo = sys.argv[1]
clock = 1_735_732_800  # 2025-01-01 12:00
names = {}
trees = {}

ALICE = b'Alice Example <alice@example.com>'
BOB = b'Bob Example <bob@example.com>'
OLD_ALICE = b'ALICE EXAMPLE <alice@old.example.com>'
FORGE = b'GitHub <noreply@github.com>'
PLAN = b'\nRollback-Plan: revert this commit and put the older build live\n'


def git(*words, data=None):
    return subprocess.run(('git', '-C', repo) + words, input=data, check=True,
                          stdout=subprocess.PIPE).stdout.strip().decode()


def tree(files):
    lines = []
    for name, content in sorted(files.items()):
        oid = git('hash-object', '-w', '--stdin', data=content.encode())
        lines.append('100644 blob %s\t%s\n' % (oid, name))
    return git('mktree', data=''.join(lines).encode())


def commit(name, parents, files, message, author=ALICE, by=None, date=None,
           raw_author=None):
    global clock
    clock += 86400
    at = b'%d +0000' % (clock if date is None else date)
    head = b'tree ' + tree(files).encode() + b'\n'
    for parent in parents:
        head += b'parent ' + names[parent].encode() + b'\n'
    head += b'author ' + (raw_author or author + b' ' + at) + b'\n'
    head += b'committer ' + (by or author) + b' ' + at + b'\n'
    names[name] = git('hash-object', '-w', '-t', 'commit', '--literally',
                      '--stdin', data=head + b'\n' + message)
    trees[name] = dict(files)


def on(name, **changes):
    """The files of a step, with some changed; '_' stands for a dot."""
    files = dict(trees[name])
    files.update({k.replace('_', '.'): v for k, v in changes.items()})
    return files


subprocess.run(('git', 'init', '-q', '--bare', repo), check=True)
lines = ''.join('line %d\n' % i for i in range(30))
commit('root', [], {'a.c': lines, 'b.c': lines, 'c.c': lines}, b'Begin\n')
commit('alone', ['root'], on('root', a_c='1\n' + lines), b'PAY-1 alone\n')
commit('trailer', ['alone'], on('alone', d_c='d\n'),
       b'Named by another\n\nReviewed-by: Bob Example <bob@example.com>' + PLAN)
commit('lander', ['trailer'], on('trailer', e_c='e\n'), b'Put by another\n',
       by=BOB)
commit('own', ['lander'], on('lander', f_c='f\n'),
       b'Own trailer\n\nReviewed-by: ' + OLD_ALICE + b'\n')

commit('s1', ['own'], on('own', s1_c='s\n'),
       b'Side one\n\nRollback-Plan: n/a\n')
commit('mechanical', ['own', 's1'], on('own', s1_c='s\n'), b'Merge s1\n',
       author=BOB)

commit('s2', ['own'], on('own', s2_c='s\n'), b'Side two\n')
commit('hand', ['mechanical', 's2'],
       on('mechanical', s2_c='s\n', evil_c='backdoor\n'), b'Merge s2\n',
       author=BOB)

commit('s3', ['hand'], on('hand', c_c='theirs\n' + lines), b'Side three\n')
commit('ours', ['hand'], on('hand', c_c='ours\n' + lines), b'In the way\n')
commit('conflict', ['ours', 's3'], on('ours', c_c='both\n' + lines),
       b'Merge s3\n', author=BOB)

# Takes nothing of what it merges: a merge of that name only.
commit('s4', ['conflict'], on('conflict', s4_c='s\n'), b'Side four\n')
commit('dropped', ['conflict', 's4'], on('conflict'), b'Merge s4\n',
       author=BOB)

commit('s5', ['dropped'], on('dropped', s5_c='s\n'), b'Side five\n')
commit('s6', ['dropped'], on('dropped', s6_c='s\n'), b'Side six\n')
commit('octopus', ['dropped', 's5', 's6'],
       on('dropped', s5_c='s\n', s6_c='s\n'), b'Merge s5 and s6\n', author=BOB)

# Signed by bob: by a tag of what was merged.
commit('s7', ['octopus'], on('octopus', s7_c='s\n'), b'Side seven\n' + PLAN)
commit('signed', ['octopus', 's7'], on('octopus', s7_c='s\n'), b'Merge s7\n')
# Signed by its own author.
commit('self', ['signed'], on('signed', g_c='g\n'), b'Self signed\n' + PLAN)
# A squash, whose branch bob signed.
commit('s8', ['self'], on('self', h_c='h\n'), b'Side eight\n' + PLAN)
commit('squash', ['self'], on('self', h_c='h\n'), b'Squashed (#12)\n' + PLAN,
       by=FORGE)
commit('forge', ['squash'], on('squash', i_c='i\n'),
       b'Merged by a button (#13)\n', by=FORGE)

# Two updates from main into the topic, by merges that cross.
commit('s9', ['forge'], on('forge', s9_c='s\n'), b'Side nine\n')
commit('between', ['forge'], on('forge', k_c='k\n'), b'Between\n')
commit('update', ['s9', 'between'], on('between', s9_c='s\n'),
       b'Update from main\n')
commit('crossed', ['between', 'update'], on('between', s9_c='s\n'),
       b'Merge s9\n', author=BOB)

commit('unrelated', [], {'z.c': 'z\n'}, b'Elsewhere\n')
commit('joined', ['crossed', 'unrelated'], on('crossed', z_c='z\n'),
       b'Join\n', author=BOB)

commit('malformed', ['joined'], on('joined', m_c='m\n'), b'No address\n',
       raw_author=b'Alice Example 1735732800 +0000')
commit('future', ['malformed'], on('malformed', n_c='n\n'), b'=HYPERLINK(1)\n',
       author=b'\xe9ve \x1b[31m=1 <@eve;=1@example.com>', date=2 ** 32 + 7)
commit('past', ['future'], on('future', o_c='o\n'), b'Clock was wrong\n',
       author=b'deploy[bot] <77+deploy[bot]@users.example.com>', date=86400)
commit('tip', ['past'], on('past', p_c='p\n'), b'Tip\n\nThe last.\n',
       author=OLD_ALICE)

for ref, name in (('heads/main', 'tip'), ('heads/staging', 'own'),
                  ('heads/production', 'alone'), ('tags/v1', 'own'),
                  ('tags/v2', 'hand'), ('heads/s8', 's8')):
    git('update-ref', 'refs/' + ref, names[name])
git('symbolic-ref', 'HEAD', 'refs/heads/main')
for name, oid in names.items():
    print('%s=%s' % (name, oid))

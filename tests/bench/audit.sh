#!/bin/sh
# tests/bench/audit.sh [FOUREYES [COMMITS [RUNS]]] - an assessment beside git.
#
# Makes a history (audit_history.py) below build/bench/audit, once, and times,
# each RUNS times in turn, keeping the best:
#
#	log	git log --first-parent -m --raw: the trees, compared
#	merges	git merge-tree of each merge on that line: merged again
#	audit	foureyes audit --out
#
# in seconds of processor time, since that does not depend on who else is at
# work.  Prints a table, and writes build/bench/audit/audit.json.  The ratio is
# audit / (log + merges); the aim is at most 1.15.
set -eu
cd "$(dirname "$0")/../.."

program=${1:-build/release/foureyes}
commits=${2:-80000}
runs=${3:-5}
for need in python3 git; do
	command -v "$need" >/dev/null || {
		echo "bench-audit: $need is needed" >&2
		exit 3
	}
done
for name in $(env | sed -n 's/^\(GIT_[A-Z_0-9]*\)=.*/\1/p'); do
	unset "$name"
done
unset FOUREYES_CONFIG
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C

place=build/bench/audit
repo=$place/$commits.git
mkdir -p "$place"
if [ ! -e "$repo/made" ]; then
	echo "bench-audit: making a history of $commits commits" >&2
	rm -rf "$repo"
	git init -q --bare "$repo"
	python3 tests/bench/audit_history.py "$commits" |
	    git -C "$repo" fast-import --quiet --done
	git -C "$repo" repack -adq
	touch "$repo/made"
fi
git -C "$repo" rev-list --first-parent --merges --parents refs/heads/main |
    awk 'NF == 3 { print $2 " " $3 }' >"$place/merges"

exec python3 - "$program" "$repo" "$place" "$runs" <<'PY'
import json, os, resource, shutil, subprocess, sys

program, repo, place, runs = sys.argv[1:4] + [int(sys.argv[4])]


def run(words, stdin=None):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(stdin or os.devnull) as given:
        subprocess.run(words, stdin=given, stdout=subprocess.DEVNULL,
                       check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime -
            before.ru_stime)


def log():
    return run(['git', '-C', repo, 'log', '--first-parent', '-m', '--raw',
                'refs/heads/main'])


def merges():
    return run(['git', '-C', repo, 'merge-tree', '--write-tree', '--stdin',
                '--no-messages'], place + '/merges')


def audit():
    shutil.rmtree(place + '/out', ignore_errors=True)
    return run([program, 'audit', repo, '--out', place + '/out'])


best, each = {}, {}
for _ in range(runs):
    for what in (log, merges, audit):
        took = what()
        each.setdefault('audit.%s.cpu' % what.__name__, []).append(took)
        best[what.__name__] = min(took, best.get(what.__name__, took))
with open(place + '/out/summary.json') as f:
    summary = json.load(f)
ratio = best['audit'] / (best['log'] + best['merges'])
result = {'commits': summary['commits'], 'changes': summary['changes'],
          'merges': summary['merges'], 'runs': runs,
          'seconds': {k: round(v, 3) for k, v in best.items()},
          'ratio': round(ratio, 3), 'aim': 1.15, 'figures': each}
with open(place + '/audit.json', 'w') as f:
    json.dump(result, f, indent=1)
    f.write('\n')
print('%d commits, %d changes, %d of them merges; best of %d, seconds of '
      'processor time' % (result['commits'], result['changes'],
                          result['merges'], runs))
for name, words in (('log', 'git log --first-parent -m --raw'),
                    ('merges', 'git merge-tree, each merge'),
                    ('audit', 'foureyes audit --out')):
    print('  %-34s %8.2f' % (words, best[name]))
print('  %-34s %8.2f   (aim: at most 1.15)' %
      ('audit / (log + merges)', ratio))
PY

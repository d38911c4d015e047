#!/bin/sh
# tests/bench/report.sh [FOUREYES [CHANGES [RUNS]]] - a pack beside a script.
#
# Makes a ledger of CHANGES changes (100,000) below build/bench/report, once, and
# times, each RUNS times in turn, keeping the best, in seconds of processor time:
#
#	changes	foureyes report --table changes: what python below makes, each
#		link checked twice, in bounded memory
#	tables	the CSV files of a pack and its records (report_tables.c)
#	pack	foureyes report: the page, workbook, OSCAL and manifest too
#	python	the same records into changes.csv by Python's json and csv
#	jq	the decisions among them into CSV by jq
#
# The cells that python and changes have in common must be the same.  Prints a
# table, and writes build/bench/report/report.json.  The aim for changes and for
# the tables: at most a fifth of python, a thirteenth of jq.
set -eu
cd "$(dirname "$0")/../.."
root=$PWD
program=$root/${1:-build/release/foureyes}
changes=${2:-100000}
runs=${3:-3}
for need in python3 git jq ssh-keygen; do
	command -v "$need" >/dev/null || {
		echo "bench-report: $need is needed" >&2
		exit 3
	}
done
place=$root/build/bench/report/$changes
PATH=$(dirname "$program"):$PATH
export PATH GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C TZ=UTC
unset SSH_AUTH_SOCK

# One change, as it is made every day.
one_change() {
	rm -rf "$place"
	mkdir -p "$place"
	# shellcheck source=/dev/null
	(
		TEST_DIR=$place
		export TEST_DIR
		. tests/real/lib.sh
		site local
		echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
		change_as alice one
		approve_as bob "$C"
		push_as alice one:main
	) >"$place.log" 2>&1
}
if [ ! -e "$place/made" ]; then
	echo "bench-report: making a ledger of $changes changes" >&2
	mkdir -p "$(dirname "$place")"
	(cd "$root" && FOUREYES_SRC=$root one_change)
	python3 tests/bench/report_ledger.py "$place/etc/ledger" "$changes"
	rm -f "$place"/etc/index.db* "$place/etc/ledger/checkpoint"
	rm -rf "$place/etc/ledger/checkpoints"
	# The index follows the ledger; that is not what is timed.
	FOUREYES_CONFIG=$place/etc foureyes log --newest 1 >/dev/null
	touch "$place/made"
fi
# Making a pack is a record too, in a segment of its own.
records=$place/etc/ledger/00000000000000000001.jsonl
tables=$(dirname "$program")/bench/report_tables

cat >"$place/jq" <<'JQ'
select(.type == "decision") | . as $d | .changes[] |
[.id, $d.time, $d.repository, $d.gate, $d.ref, .before, .after, .requester,
 ([.contributors[].person] | join("; ")),
 ([$d.approvals[] | select(.counted).person] | join("; ")),
 .description, .rollback_plan.text, $d.outcome, $d.pusher.person, $d.seq,
 $d.policy, $d.mode] | @csv
JQ

exec python3 - "$program" "$tables" "$place" "$records" "$changes" "$runs" <<'PY'
import csv, json, os, resource, shutil, subprocess, sys, time

program, tables, place, records, changes, runs = sys.argv[1:]
os.environ["FOUREYES_CONFIG"] = place + "/etc"
last = subprocess.check_output(["tail", "-1", records])
newest = str(json.loads(last)["seq"])
out = place + "/pack"


def run(words, to=os.devnull, fine=(0,)):
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(out + ".part", ignore_errors=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    with open(to, "wb") as answer:
        status = subprocess.run(words, stdout=answer,
                                stderr=subprocess.PIPE)
    assert status.returncode in fine, (words, status.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime + after.ru_stime -
            before.ru_stime, time.monotonic() - start)


def same_cells(ours, theirs):
    """Rows of both, as far as the other has columns; its rows are counted."""
    with open(ours, newline="", encoding="utf-8") as a, \
            open(theirs, newline="", encoding="utf-8") as b:
        rows = 0
        for mine, other in zip(csv.reader(a), csv.reader(b), strict=True):
            assert mine[:len(other)] == other, (mine, other)
            rows += 1
    return rows - 1


def resident(words):
    """MB resident at most, looked at again and again."""
    shutil.rmtree(out, ignore_errors=True)
    most = 0
    with subprocess.Popen(words, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as child:
        while child.poll() is None:
            try:
                with open(f"/proc/{child.pid}/status") as f:
                    text = f.read()
                if "VmHWM:" in text and "python" not in text.split()[1]:
                    most = max(most, int(text.split("VmHWM:")[1].split()[0]))
            except OSError:
                pass
            time.sleep(0.005)
    return most / 1024


def ways_of(until):
    period = ["--from", "2020-01-01", "--to", "2100-01-01", "--until-seq",
              until]
    return {
        "changes": [program, "report", *period, "--table", "changes"],
        "pack": [program, "report", *period, "--out", out]}


ways = {
    "changes": lambda: run(ways_of(newest)["changes"], place + "/changes.csv"),
    "tables": lambda: run([tables, place + "/etc", out]),
    # Git has none of the commits: 1, that it does not reconcile.
    "pack": lambda: run(ways_of(newest)["pack"], fine=(0, 1)),
    "python": lambda: run(["python3", "tests/bench/report_csv.py", records,
                           place + "/python.csv"]),
    "jq": lambda: run(["jq", "-r", "-f", place + "/jq", records],
                      place + "/jq.csv"),
}
each = {name: [] for name in ways}
for _ in range(int(runs)):
    for name, way in ways.items():
        each[name].append(way())
best, clock = ({name: min(took[i] for took in each[name]) for name in ways}
               for i in (0, 1))
rows = same_cells(place + "/changes.csv", place + "/python.csv")
tenth = str(int(newest) // 10)
memory = {"all": resident(ways_of(newest)["pack"]),
          "tenth": resident(ways_of(tenth)["pack"])}
with open(place + "/report.json", "w") as file:
    json.dump({"changes": int(changes), "seconds": best,
               "figures": {"pack.records": [int(newest)],
                           **{f"pack.memory.{name}": [mb]
                              for name, mb in memory.items()},
                           **{f"pack.{name}.{what}": [t[i] for t in took]
                              for name, took in each.items()
                              for i, what in enumerate(("cpu", "clock"))}}},
              file)
print(f"{changes} changes, {os.path.getsize(records) >> 20} MiB of records")
for name, seconds in best.items():
    print(f"{name:8} {seconds:7.2f} s   {seconds / best['tables']:6.2f} x "
          f"the tables   {clock[name]:7.2f} s by the clock")
print(f"{rows} rows of changes are those of python")
print(f"memory of the pack: {memory['all']:.1f} MB, of a tenth of the records "
      f"{memory['tenth']:.1f} MB")
for ours in ("changes", "tables"):
    for other, aim in (("python", 5), ("jq", 13)):
        ratio = best[other] / best[ours]
        print(f"{other} takes {ratio:.1f} x the processor time of {ours} "
              f"({clock[other] / clock[ours]:.1f} x by the clock), "
              f"aim {aim}: {'met' if ratio >= aim else 'NOT met'}")
PY

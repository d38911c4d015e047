#!/usr/bin/env python3
"""ledger_verify.py PLACE FOUREYES ROUNDS JSON - looking at a long ledger.

PLACE/etc is an installation whose ledger was filled by ledger_verify, with a
checkpoint; PLACE/bare the same segments without one.  Each way is run ROUNDS
times, in turn, so that what else the machine does falls on all of them; told
are the medians of wall clock and processor time, and the most memory.  Ratios
are to `openssl dgst -sha256` over the same bytes: of processor time on one
processor, of the clock for all of them.
"""
import glob
import json
import os
import statistics
import subprocess
import sys
import time

# How tests/bench/figures.py calls the ways.
FIGURES = {"chain, one processor": "chain_one",
           "chain and tree, one processor": "tree_one",
           "chain and tree": "tree", "all, signatures too": "all",
           "index made anew": "index"}


def run(words):
    """Wall seconds, processor seconds."""
    start = time.monotonic()
    with open(os.devnull, "w") as nothing:
        child = subprocess.Popen(words, stdout=nothing, stderr=nothing)
        _, status, used = os.wait4(child.pid, 0)
    child.returncode = status
    if status != 0:
        sys.exit(f"ledger_verify: {' '.join(words)[:200]}: status {status}")
    return time.monotonic() - start, used.ru_utime + used.ru_stime


def resident(words):
    """MB resident at most, by looking again and again (what wait4 tells
    begins with this interpreter's own)."""
    most = 0
    with open(os.devnull, "w") as nothing, subprocess.Popen(
            words, stdout=nothing, stderr=nothing) as child:
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


def main():
    place, foureyes, rounds, out = sys.argv[1:]
    bare, full = place + "/bare", place + "/etc/ledger"
    segments = sorted(glob.glob(full + "/*.jsonl"))
    config = [foureyes, "--config", place + "/etc"]
    one = ["taskset", "-c", "0"]

    def forget():
        for name in glob.glob(place + "/etc/index.db*"):
            os.unlink(name)

    ways = {
        "openssl": one + ["openssl", "dgst", "-sha256"] + segments,
        "chain, one processor": one + [foureyes, "verify", "--chain", bare],
        "chain": [foureyes, "verify", "--chain", bare],
        "chain and tree, one processor":
            one + [foureyes, "verify", "--chain", full],
        "chain and tree": [foureyes, "verify", "--chain", full],
        "all, signatures too": [foureyes, "verify", full],
        "replay": [foureyes, "replay", "--ledger", full],
        "index made anew": config + ["due"],
    }
    times = {name: [] for name in ways}
    for _ in range(int(rounds)):
        for name, words in ways.items():
            forget()
            times[name].append(run(words))
    ways["jq"] = one + ["jq", "-c", "."] + segments
    times["jq"] = [run(ways["jq"])]
    memory = {}
    for name, words in ways.items():
        forget()
        memory[name] = 0 if name == "jq" else resident(words)

    base = [statistics.median(t[i] for t in times["openssl"]) for i in (0, 1)]
    records = 0
    for name in segments:
        with open(name, "rb") as f:
            records += sum(1 for _ in f)
    size = sum(os.path.getsize(s) for s in segments)
    rows = {}
    print(f"{size / 1e6:.0f} MB of records")
    print(f"{'':30} {'clock':>8} {'cpu':>8} {'memory':>8} "
          f"{'clock':>7} {'cpu':>7}")
    print(f"{'':30} {'s':>8} {'s':>8} {'MB':>8} "
          f"{'/openssl':>7} {'/openssl':>7}")
    for name, runs in times.items():
        wall, cpu = (statistics.median(t[i] for t in runs) for i in (0, 1))
        rows[name] = {"clock": wall, "cpu": cpu, "memory_mb": memory[name],
                      "clock_ratio": wall / base[0],
                      "cpu_ratio": cpu / base[1]}
        print(f"{name:30} {wall:8.2f} {cpu:8.2f} {memory[name]:8.1f} "
              f"{wall / base[0]:7.2f} {cpu / base[1]:7.2f}")
    figures = {"verify.records": [records], "verify.megabytes": [size / 1e6]}
    for name, runs in times.items():
        way = "verify." + FIGURES.get(name, name)
        figures[way + ".clock"] = [t[0] for t in runs]
        figures[way + ".cpu"] = [t[1] for t in runs]
        figures[way + ".memory_mb"] = [memory[name]]
    with open(out, "w") as f:
        json.dump({"bytes": size, "rounds": int(rounds), "ways": rows,
                   "figures": figures}, f, indent=1)
        f.write("\n")


main()

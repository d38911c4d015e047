#!/usr/bin/env python3
"""figures.py - what parts of the bench measured, and what it comes to.

A part leaves JSON with a member "figures": {NAME: [SAMPLE, ...]}, one sample a
round, in the order of the rounds; NAME is words with dots between them, as
push.main.1.gate.  Ways that are compared take turns within a round, so that
what else the machine does falls on all of them.  Here they are read, added to,
and put in the place of names in a formula.

    figures.py JSON NAME=FILE...    adds samples, a number a line, to JSON
"""
import json
import os
import re
import statistics
import sys

NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
NUMBERS = re.compile(r"[0-9.e+\-*/(), ]*")


def add(path, figures):
    """To the JSON of a part; what stands there else stays."""
    whole = {}
    if os.path.exists(path):
        with open(path) as f:
            whole = json.load(f)
    whole.setdefault("figures", {}).update(figures)
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path + ".new", "w") as f:
        json.dump(whole, f, indent=1)
        f.write("\n")
    os.replace(path + ".new", path)


def of_part(path):
    """The figures that a part left; none if it left none."""
    try:
        with open(path) as f:
            return {name: samples for name, samples
                    in json.load(f).get("figures", {}).items() if samples}
    except (OSError, ValueError):
        return {}


def names_in(formula):
    return list(dict.fromkeys(NAME.findall(formula)))


def worked_out(formula, values):
    """The formula, with a number for each name.  Numbers, the four kinds of
    arithmetic, min and max: all that a table of aims needs."""
    text = NAME.sub(lambda m: "(%r)" % float(values[m.group()]), formula)
    if not NUMBERS.fullmatch(text.replace("min(", "(").replace("max(", "(")):
        raise SystemExit("figures: not a formula: " + formula)
    return eval(text, {"__builtins__": {}}, {"min": min, "max": max})


class Value:
    """Of a formula.  Where its figures come from the same rounds (or are one
    number): the median of the rounds' own values, their least, quartiles and
    most.  Else what it comes to with the medians."""

    def __init__(self, formula, figures):
        names = names_in(formula)
        self.missing = [n for n in names if n not in figures]
        if self.missing:
            return
        self.median = worked_out(formula, {
            n: statistics.median(figures[n]) for n in names})
        rounds = {len(figures[n]) for n in names} - {1}
        self.spread = None
        if len(rounds) == 1:
            each = sorted(worked_out(formula, {
                n: figures[n][i % len(figures[n])] for n in names})
                for i in range(min(rounds)))
            low, self.median, high = statistics.quantiles(
                each, n=4, method="inclusive")
            self.spread = [each[0], low, high, each[-1]]


def main():
    figures = {}
    for word in sys.argv[2:]:
        name, _, path = word.partition("=")
        with open(path) as f:
            figures[name] = [float(line) for line in f if line.strip()]
    add(sys.argv[1], figures)


if __name__ == "__main__":
    main()

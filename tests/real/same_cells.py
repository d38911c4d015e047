"""same_cells.py PACK.csv SHEET.csv - does a sheet say what a CSV file says?

The pack's cells are made harmless (include/app/csv.h); what they were made
from must stand in the sheet.  Its instants are written without T and Z there.
"""
import csv
import re
import sys

ESCAPES = {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}


def plain(cell):
    cell = cell[1:] if cell.startswith("'") else cell
    return re.sub(
        r"\\(?:u\{([0-9A-F]+)\}|(.))",
        lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES[m[2]], cell)


def shown(cell):
    instant = re.fullmatch(r"(\d{4}-\d\d-\d\d)T([0-9:.]{12})Z", cell)
    return f"{instant[1]} {instant[2]}" if instant else cell


with open(sys.argv[1], newline="", encoding="utf-8") as file:
    pack = [[plain(c) for c in row] for row in csv.reader(file)]
with open(sys.argv[2], newline="", encoding="utf-8") as file:
    sheet = list(csv.reader(file))
if len(pack) != len(sheet):
    sys.exit(f"{len(pack)} rows, and {len(sheet)} in the sheet")
for number, (here, there) in enumerate(zip(pack, sheet), 1):
    for name, a, b in zip(pack[0], here, there):
        if b not in (a, shown(a)):
            sys.exit(f"line {number}, {name}: {a!r}, in the sheet {b!r}")
    if len(here) != len(there):
        sys.exit(f"line {number}: {len(here)} cells, {len(there)}")

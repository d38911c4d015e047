#!/usr/bin/env python3
"""check_manuals.py - the manuals say what the programs take and give.

Options of each command (its table, its code, its section of the manual), keys
of the configuration, types of records, columns of each table of a pack,
variables of the environment, addresses and metrics of foureyesd: each that is
in the code has its place in docs/, and none is there that the code lacks.
"""
import glob
import os
import re
import sys

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
complaints = []


def read(*patterns):
    return "\n".join(open(name, encoding="utf-8").read()
                     for pattern in patterns for name in sorted(glob.glob(pattern)))


def joined(text):
    """C strings that stand side by side are one."""
    return re.sub(r'"\s*\n\s*"', "", text)


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def compare(here, there, what):
    for name in sorted(set(here) - set(there)):
        complaints.append("%s: %s" % (name, what))


def agree(code, docs, code_place, docs_place):
    compare(code, docs, "in %s, not in %s" % (code_place, docs_place))
    compare(docs, code, "in %s, not in %s" % (docs_place, code_place))


# ---- options ----

def options_in(text):
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))


def manual_options(block):
    return {"-" + name.replace("\\-", "-")
            for name in re.findall(r"\bFl (-?[a-z][a-z-]*)", block)}


def sections(manual):
    """Of each command (`approve | object' are two): the options of its heads,
    which begin with Nm, on the line of It or below it until Xc."""
    heads = re.findall(r"^\.It Xo\n\.Nm\n(.*?)^\.Xc$", manual, re.M | re.S)
    heads += re.findall(r"^\.It Nm (Cm .*)$", manual, re.M)
    found = {}
    for head in heads:
        names = re.match(r"\.?Cm ([a-z-]+(?: \| [a-z-]+)*)", head).group(1)
        for name in names.split(" | "):
            found.setdefault(name, set()).update(manual_options(head))
    return found


def check_options():
    main = joined(without_comments(read("src/app/main.c")))
    table = re.findall(r'\{"([a-z-]+)", (cmd_\w+),\s*"((?:[^"\\]|\\.)*)"', main)
    manual = sections(read("docs/foureyes.1"))
    for name, function, words in table:
        usage = options_in(words)
        where = "docs/foureyes.1, %s" % name
        if name not in manual:
            complaints.append("%s: a command without a section in "
                              "docs/foureyes.1" % name)
            continue
        agree(usage, manual[name], "src/app/main.c, %s" % name, where)
    compare(manual, [name for name, _, _ in table],
            "a section of docs/foureyes.1, no command")
    for function in sorted({function for _, function, _ in table}):
        usage = set().union(*(options_in(words) for _, other, words in table
                              if other == function))
        name = "src/app/%s.c" % function
        if not os.path.exists(name):
            continue
        code = set(re.findall(r'\.name = "(-[a-z-]+)"', read(name)))
        code |= set(re.findall(r'strcmp\(argv\[\w+\], "(--?[a-z-]+)"', read(name)))
        compare(code, usage, "read by %s, not in the table of src/app/main.c" % name)
    daemon = joined(read("src/app/daemon_main.c")).replace("\\n", "\n")
    manual = sections(read("docs/foureyesd.8"))
    usage = {}
    for name, words in re.findall(r"\[--config DIR\] ([a-z]+)(.*)$", daemon, re.M):
        usage.setdefault(name, set()).update(options_in(words))
    for name, words in usage.items():
        agree(words, manual.get(name, set()), "src/app/daemon_main.c, %s" % name,
              "docs/foureyesd.8, %s" % name)
    agree(usage, manual, "the table of src/app/daemon_main.c",
          "the sections of docs/foureyesd.8")


# ---- keys ----

def check_keys():
    code = set()
    for name in ("gate_read", "gate_secrets", "person_read", "policy_log",
                 "policy_read", "settings", "settings_door", "settings_host",
                 "source_read", "keeper", "alert"):
        text = without_comments(read("src/core/%s.c" % name))
        code |= set(re.findall(r'SHAPE_ROW\("([a-z_]+)"', text))
        code |= set(re.findall(r'\.key = "([a-z_]+)"', text))
    manual = read("docs/foureyes-policy.5", "docs/foureyesd.8")
    docs = set()
    for line in re.findall(r"^\.It (?:Ic|Cm) (.*)$", manual, re.M):
        docs |= set(re.findall(r"[a-z][a-z_]*", line.split(" Pq")[0].split(";")[0]))
    mentioned = set(re.findall(r"[a-z][a-z_]*", manual))
    compare(code, mentioned, "a key that src/core reads, not in "
            "docs/foureyes-policy.5")
    policy = read("docs/foureyes-policy.5")
    rows = set()
    for line in re.findall(r"^\.It Ic (.*)$", policy, re.M):
        rows |= set(re.findall(r"[a-z][a-z_]*", line.split(" Pq")[0].split(";")[0]))
    compare(rows, code, "a key of docs/foureyes-policy.5 that src/core does not read")
    samples = set(re.findall(r"^[#\s]*(?:- )?([a-z_]+):(?:\s|$)",
                             read("config/*.yaml"), re.M))
    return samples


# ---- types of records ----

def check_records():
    code = set()
    for name in glob.glob("src/*/*.c"):
        text = without_comments(open(name, encoding="utf-8").read())
        code |= set(re.findall(r'record_begin\(\w+, "([a-z-]+)"', text))
        if "oscal" not in name and "alert" not in name:
            code |= set(re.findall(r'json_key_text\([^,]+, "type", "([a-z-]+)"\)', text))
    text = read("docs/foureyes-ledger.5")
    docs = set(re.findall(r"^\.It Cm ([a-z]+)", text, re.M))
    compare(code, docs, "a type of record in src, not in docs/foureyes-ledger.5")
    return code, docs


# ---- tables ----

def tables():
    """Name of each table of a pack: its columns."""
    code = joined(without_comments(read("src/app/*.c")))
    lists = {name: re.findall(r'"([a-z_]+)"', body) for name, body in re.findall(
        r"\bconst char \*const (\w+_columns)\[\] = \{(.*?)\};", code, re.S)}
    return {name[:-len("_columns")]: columns for name, columns in lists.items()}


def check_columns():
    manual = read("docs/foureyes-pack.5")
    for name, columns in tables().items():
        part = re.search(r"^\.Ss %s\.csv$(.*?)(?=^\.S[sh] |\Z)" % name, manual,
                         re.M | re.S)
        if part is None:
            complaints.append("%s.csv: no section of docs/foureyes-pack.5" % name)
            continue
        docs = []
        for line in re.findall(r"^\.It Cm (.*)$", part.group(1), re.M):
            docs += re.findall(r"[a-z_]+", line)
        agree(columns, docs, "the table '%s'" % name,
              "docs/foureyes-pack.5, %s.csv" % name)
    row = re.findall(r'\w+\(j, "([a-z_]+)"', read("src/app/api_row.c").split("api_attributes")[0])
    if row != tables().get("changes", []):
        agree(row, tables().get("changes", []), "src/app/api_row.c", "the table 'changes'")
    named = set(re.findall(r"^\.Ss ([a-z]+)\.csv$", manual, re.M))
    compare(named, tables(), "a table of docs/foureyes-pack.5, none in src/app")


# ---- environment, addresses, metrics ----

# What Git, the system and systemd give, and what we tell our own children.
NOT_OURS = ("GIT_", "HOME", "NOTIFY_SOCKET", "WATCHDOG_", "LISTEN_",
            "FOUREYES_CREDENTIAL_")


def check_environment():
    code = joined(without_comments(read("src/app/*.c", "src/edge/*.c", "src/core/*.c")))
    names = set(re.findall(r'getenv\("([A-Z_]+)"\)', code))
    manual = read("docs/*.[158]")
    docs = set(re.findall(r"\bEv ([A-Z_]+)", manual))
    compare({name for name in names if not name.startswith(NOT_OURS)}, docs,
            "a variable that is read, not in docs/*.[158]")
    used = set(re.findall(r'"([A-Z][A-Z_]+)"', code))
    compare(docs, used, "a variable of docs/*.[158] that is not read")


def check_addresses():
    code = without_comments(read("src/app/receiver_routes.c", "src/app/api.c",
                                 "src/app/receiver_api.c"))
    paths = set(re.findall(r'"(/[a-z0-9/]*)"', code)) - {"/", "/api/v1/"}
    manual = read("docs/foureyesd.8")
    docs = set(re.findall(r"(?<![\w/:.<])(/(?:api/v1|v1|hooks|healthz|metrics|change)"
                          r"(?:/[a-z]+)?/?)", manual))
    strip = {path.rstrip("/") for path in paths}
    compare(strip, {path.rstrip("/") for path in docs},
            "an address of foureyesd, not in docs/foureyesd.8")
    compare({path.rstrip("/") for path in docs} - {"/api/v1"}, strip,
            "an address of docs/foureyesd.8 that foureyesd has not")


def check_metrics():
    code = joined(without_comments(read("src/app/receiver_metrics*.c", "src/app/*metric*.c")))
    names = set(re.findall(r'"([a-z_]+)",\s*"(?:counter|gauge|histogram)"', code))
    docs = set(re.findall(r"foureyes_([a-z_]+)", read("docs/foureyesd.8")))
    agree(names, docs, "the metrics of src/app", "docs/foureyesd.8")


check_options()
check_keys()
check_records()
check_columns()
check_environment()
check_addresses()
check_metrics()
print("\n".join(complaints), end="\n" if complaints else "")
sys.exit(1 if complaints else 0)

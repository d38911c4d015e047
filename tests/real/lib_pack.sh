# shellcheck shell=sh
# lib_pack.sh - what the scripts about the auditor's pack need besides lib.sh.
#
#	report_key		foureyes.yaml names the report key
#	pack NAME OPTION...	makes $W/NAME of all there is, or of what is asked
#	cell FILE ROW COLUMN	one cell; ROW 1 is the first behind the header
#	rows FILE		how many rows
#	forge PYTHON		the ledger with each record `r` (number n) as that
#				python makes it, chained anew; nothing is sealed
#	checks_row FILE		every cell against its record, by another reader

report_key() {
	echo "report_key: $W/etc/report.key" >>"$W/etc/foureyes.yaml"
	sed -i "s|^origin: .*|origin: $(sed -n \
	    's/.*"origin":"\([^"]*\)".*/\1/p' "$W"/etc/ledger/*.jsonl |
	    head -1)|" "$W/etc/foureyes.yaml"
}

pack() {
	name=$1
	shift
	rm -rf "${W:?}/$name"
	case " $* " in
	*" --from "* | *" --as-of "*) ;;
	*) set -- "$@" --from 2020-01-01 --to 2100-01-01 ;;
	esac
	foureyes report --out "$W/$name" "$@"
}

cell() {
	python3 - "$@" <<'PY'
import csv, sys
csv.field_size_limit(1 << 28)
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
print(rows[int(sys.argv[2]) - 1][sys.argv[3]])
PY
}

rows() {
	echo $(($(wc -l <"$1") - 1))
}

forge() {
	cat >"$W/forge.py" <<'PY'
import glob, hashlib, json, sys
path = sorted(glob.glob(sys.argv[1] + "/*.jsonl"))[0]
prev, out = "0" * 64, []
for n, line in enumerate(open(path, encoding="utf-8"), 1):
    r = json.loads(line)
    exec(sys.argv[2])
    r["prev"] = prev
    head = {k: r.pop(k) for k in ("v", "seq", "time", "prev")}
    text = json.dumps({**head, **r}, separators=(",", ":"), ensure_ascii=False)
    for c in "\x7f\u2028\u2029\u202e\u200b":
        text = text.replace(c, "\\u%04x" % ord(c))
    prev = hashlib.sha256(text.encode()).hexdigest()
    out.append(text)
open(path, "w", encoding="utf-8").write("".join(l + "\n" for l in out))
PY
	python3 "$W/forge.py" "$W/etc/ledger" "$1"
	rm -rf "$W"/etc/index.db* "$W/etc/ledger/checkpoint" \
	    "$W/etc/ledger/checkpoints"
}

checks_row() {
	cat >"$W/checks.py" <<'PY'
import csv, io, json, re, sys
csv.field_size_limit(1 << 28)
where = sys.argv[1]
records = {}
for line in open(where + "/records.jsonl", encoding="utf-8"):
    r = json.loads(line)
    records[r["seq"]] = r
raw = open(where + "/changes.csv", newline="", encoding="utf-8").read()
assert not re.search(r"\n[^\n]", raw.replace("\r\n", "")), "a bare break"

def back(cell):
    if cell.startswith("'"):
        cell = cell[1:]
    else:
        assert not cell.lstrip().startswith(tuple("=+-@\t\r")), cell
    def one(m):
        s = m.group(0)
        if s[1] == "u":
            return chr(int(s[3:-1], 16))
        return {"\\": "\\", "n": "\n", "r": "\r", "t": "\t"}[s[1]]
    return re.sub(r"\\u\{[0-9A-F]+\}|\\.", one, cell)

for row in csv.DictReader(io.StringIO(raw, newline="")):
    landing = records[int(row["landing_seq"])]
    d = records[landing["decision"]]
    c = [c for c in d["changes"] if c["id"] == back(row["change"])][0]
    known = {
        "time": landing["time"], "repository": d["repository"],
        "gate": d["gate"], "ref": d["ref"], "old": c["before"],
        "new": c["after"], "requester": c["requester"],
        "description": c["description"], "outcome": d["outcome"],
        "lander": d["pusher"]["person"], "policy": d["policy"],
        "decided": d["time"], "mode": d["mode"],
        "rollback_plan": c["rollback_plan"]["text"],
        "contributors": "; ".join(sorted({p.get("person") or p["written"]
            for p in c["contributors"]}, key=str.encode)),
        "approvers": "; ".join(sorted({a["person"] for a in d["approvals"]
            if a["counted"] and a["change"] == c["id"]})),
        "approved_commits": "; ".join(sorted({a["commit"]
            for a in d["approvals"]
            if a["counted"] and a["change"] == c["id"]})),
    }
    for name, wanted in known.items():
        if back(row[name]) != wanted:
            sys.exit("%s is %r, the record says %r" % (name,
                back(row[name]), wanted))
PY
	python3 "$W/checks.py" "$1"
}

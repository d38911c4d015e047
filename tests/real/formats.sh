#!/bin/sh
# assessment-results.json is valid OSCAL and names the pack's own files;
# vsa.jsonl says of each change what changes.csv says of it.
. "$(dirname "$0")/lib.sh"
. "$src/tests/real/lib_pack.sh"
python3 -c 'import jsonschema' 2>/dev/null ||
    skip_all "there is no python3-jsonschema: contrib/install-deps.sh test"
site local
report_key

change_as alice one
approve_as bob "$C" >"$W/out" 2>&1
ONE=$C
expect_admitted "a change lands" push_as alice one:main
check "a pack of that, with findings" pack p0 --findings
change_as carol hot
HOT=$C
expect_admitted "an emergency too" push_as carol -o emergency=INC-1 \
    -o "reason=card payments fail for every customer" hot:main
on_server update-ref refs/heads/main "$ONE"
check_not "somebody goes round" 1 foureyes reconcile

check "a pack" pack p1
check "it is valid OSCAL" python3 "$src/tests/oscal/check.py" \
    "$W/p1/assessment-results.json"
until=$(sed -n 's/.*"record":\([0-9]*\),"record_time.*/\1/p' "$W/p1/about.json")
check "with findings" pack p2 --findings --until-seq "$until"
check "it is valid too" python3 "$src/tests/oscal/check.py" \
    "$W/p2/assessment-results.json"
check "nothing at all" pack p3 --from 2001-01-01 --to 2001-02-01
check "is valid" python3 "$src/tests/oscal/check.py" \
    "$W/p3/assessment-results.json"
sed 's/"oscal-version"/"version-oscal"/' "$W/p1/assessment-results.json" \
    >"$W/bad.json"
check_not "what is no OSCAL is found" 1 python3 "$src/tests/oscal/check.py" \
    "$W/bad.json"

check "what it says of the pack is so" python3 - "$W/p1" "$W/p2" \
    "$W/p0" <<'PY'
import csv, hashlib, json, sys
here = sys.argv[1]
results = json.load(open(here + "/assessment-results.json"))
results = results["assessment-results"]
[result] = results["results"]
assert "findings" not in result, "a judgement that nobody asked for"
observed = result["observations"]
assert [o["title"][:4] for o in observed] == [
    f"CM-{n}" for n in range(1, 9)], observed
assert len({o["uuid"] for o in observed}) == 8
rows = list(csv.DictReader(open(here + "/controls.csv", newline="")))
for o in observed:
    props = {p["name"]: p["value"] for p in o["props"]}
    for row in rows:
        if row["control"] == props["control"]:
            assert (props["passed"], props["failed"]) == (
                row["pass"], row["fail"]), (props, row)
files = results["back-matter"]["resources"]
assert {f["title"] for f in files} >= {
    "changes.csv", "attributes.csv", "controls.csv", "policy/intervals.csv",
    "records.jsonl"}
for f in files:
    [link] = f["rlinks"]
    data = open(here + "/" + link["href"], "rb").read()
    assert hashlib.sha256(data).hexdigest() == link["hashes"][0]["value"]
uuids = {f["uuid"] for f in files}
assert results["import-ap"]["href"][1:] in uuids
assert all(e["href"][1:] in uuids
           for o in observed for e in o["relevant-evidence"])


def states(where):
    found = json.load(open(where + "/assessment-results.json"))
    found = found["assessment-results"]["results"][0]["findings"]
    return {f["title"]: f["target"]["status"]["state"] for f in found}


assert states(sys.argv[3])["peer approval"] == "satisfied"
assert states(sys.argv[3])["staging first"] == "not-satisfied", "not asked"
assert states(sys.argv[2])["peer approval"] == "not-satisfied"
PY

check "each change has its statement" python3 - "$W/p1" "$ONE" "$HOT" <<'PY'
import csv, json, sys
here, one, hot = sys.argv[1:]
rows = list(csv.DictReader(open(here + "/changes.csv", newline="")))
lines = [json.loads(l) for l in open(here + "/vsa.jsonl")]
assert len(rows) == len(lines) == 3, (len(rows), len(lines))
policies = {r["sha256"] for r in csv.DictReader(
    open(here + "/policy/intervals.csv", newline=""))}
for row, line in zip(rows, lines):
    [subject] = line["subject"]
    said = line["predicate"]
    assert line["_type"] == "https://in-toto.io/Statement/v1"
    assert subject["digest"] == {"gitCommit": row["new"]}
    assert subject["annotations"]["sourceRefs"] == [row["ref"]]
    if row["policy"]:
        assert said["policy"]["digest"]["sha256"] == row["policy"]
        assert row["policy"] in policies
said = [l["predicate"] for l in lines]
assert [rows[i]["kind"] for i in range(3)] == [
    "normal", "emergency", "out-of-band"], rows
assert [s["verificationResult"] for s in said] == [
    "PASSED", "FAILED", "FAILED"]
assert set(said[0]["verifiedLevels"]) == {
    "ORG_SOURCE_PEER_APPROVED", "ORG_SOURCE_CONTENT_REVIEWED",
    "ORG_SOURCE_ROLLBACK_PLAN"}, said[0]
assert said[1]["verifiedLevels"] == said[2]["verifiedLevels"] == ["FAILED"]
assert lines[0]["subject"][0]["digest"]["gitCommit"] == one
PY
done_testing

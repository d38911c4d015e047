#!/usr/bin/env python3
"""Writes the golden cases' facts.json and policy.yaml from short descriptions.

Run by hand, its output is committed; then `golden --write`, and look at each
verdict.json that is new.  A case is one of the ordinary updates below, which
would be admitted, with some facts changed: {"path.to.fact": value}, None takes
a fact away.  "change." stands for the only change, "approval." for its first
approval.
"""
import copy
import json
import os
import shutil

ROOT = os.path.dirname(os.path.abspath(__file__))

P = "1" * 40  # what the gated ref held
H = "a" * 40  # the approved commit
N = "b" * 40  # another commit, made from it
S = "e" * 40  # nobody approved this one
LIVE = "c" * 40  # was live before
TAG = "d" * 40

NOW = "2026-11-25T12:00:00.000Z"
KEY = {
    "alice": "SHA256:1A709oBqZAPAqNXcQ+AweCXYEoBZsYbKfeM6HAFisKE",
    "bob": "SHA256:uRXPeyONs1e9hVpeGuAVW8TvCpimlgYBvMYXKkt6BrI",
    "bob-old": "SHA256:i5/fp8ypUF74MMFKL1zI4WBMRQSutzlIT748sjDW5zs",
    "carol": "SHA256:Dlt8V0nkKDL8lrX/FO7RrxyqRQqAV35RHDVh/iQDGLc",
    "dave": "SHA256:kuaqzfLtquqqaWhZcb4J58qQYBL0RGSXCUe31+oxT94",
    "erin": "SHA256:ciYDyp64ImEEdzdIOuQnHc35inJ9Dy67EBcKWCrEs5g",
    "deploy-bot": "SHA256:mHUESeDeZmd0MegcvwidAU40qN3yCrDyI2kvzBB0cT4",
    "nobody": "SHA256:nJNz8c4ps+jy+yO8EvbZwNQHyPcHXT+TT84+M4LCamY",
}
GROUPS = {
    "alice": ["engineers", "release"],
    "bob": ["engineers"],
    "carol": ["engineers", "release", "incident-commanders"],
    "dave": ["dba", "incident-commanders"],
    "erin": ["engineers", "release", "deployers", "incident-commanders"],
}


# ---- the ordinary updates ----

def who(person):
    machine = {"machine": True} if person == "deploy-bot" else {}
    return {"person": person, "login": person, **machine}


def part(person, part, commit=H, **more):
    return {"person": person, "known": True,
            "written": person + "@example.com", "commit": commit,
            "part": part, **more}


def approval(person, commit=H, target="refs/heads/main", carried="exact",
             **more):
    a = {"record": 20, "person": person, "key": KEY[person],
         "repository": "payments", "commit": commit, "target": target,
         "time": "2026-11-24T09:00:00.000Z", "source": "git",
         "carried": carried, "in_force": "yes", "groups_known": "yes",
         "groups": GROUPS.get(person, []), "spent": "no",
         "after_fact": "no"}
    for k, v in more.items():
        if v is None:
            a.pop(k, None)
        else:
            a[k] = v
    return a


def objection(person, **more):
    return approval(person, carried="", record=21, **more)


def commit(id=H, place="approved", subject="Round amounts to cents", **more):
    return {"id": id, "subject": subject, "place": place, **more}


PLAN = {"state": "real", "where": "commit aaaaaaaaaaaa",
        "text": "Revert the commit and run the nightly job again",
        "approved": True}


def change(gate="main", last=H):
    return {"id": f"payments/{gate}/{last[:12]}", "before": P, "after": last,
            "description": "Round amounts to cents", "requester": "alice",
            "commits": [commit(last)],
            "contributors_known": "yes",
            "contributors": [part("alice", "author"),
                             part("alice", "first-pusher")],
            "approvals_known": "yes", "approvals": [approval("bob")],
            "paths_known": "yes", "path_count": 2,
            "owned": [{"touched": "no"}],
            "rollback_plan": dict(PLAN),
            "ticket": "PAY-7", "ticket_fits": "yes",
            "rehearsal": {"clean": "yes"}}


def update(gate, ref, move="forward", pusher="alice", new=H):
    return {"repository": "payments", "gate": gate, "ref": ref, "old": P,
            "new": new, "base": P, "landed": H, "asked": NOW,
            "mode": "enforce", "move": move, "pusher": who(pusher),
            "adopted": "yes", "gated": 1, "debts_known": "yes",
            "secrets": {"looked": "yes", "files": 2}}


def main():
    """Alice lands her commit on main; bob has approved it."""
    u = update("main", "refs/heads/main")
    u["changes"] = [change()]
    return u


def production():
    """Alice promotes bob's commit, which ran on staging; carol agreed."""
    u = update("production", "refs/heads/production")
    c = change("production")
    c["requester"] = "bob"
    c["contributors"] = [part("bob", "author"), part("bob", "first-pusher")]
    c["approvals"] = [approval("carol", target="refs/heads/production")]
    del c["owned"]
    u["changes"] = [c]
    u["promotes"] = True
    u["staging"] = {
        "commit": H, "landed": "yes", "landed_gate": "main",
        "landed_record": 40, "judged": "yes", "staged": "yes",
        "staged_record": 50, "staged_commit": H,
        "staged_at": "2026-11-25T10:00:00.000Z", "soaked": 3600000,
        "deployments_known": "yes", "deployments": [deployment()],
        "includes": ["payments/main/aaaaaaaaaaaa"]}
    return u


def deployment(person="deploy-bot", **more):
    machine = {"machine": True} if person == "deploy-bot" else {}
    return {"record": 51, "environment": "staging", "commit": H,
            "success": True, "person": person, **machine,
            "independent": "yes", "time": "2026-11-25T10:05:00.000Z", **more}


def staging():
    """Bob puts a commit of main on staging, which asks nothing more."""
    u = production()
    u.update(gate="staging", ref="refs/heads/staging", pusher=who("bob"))
    c = u["changes"][0]
    c.update(id="payments/staging/aaaaaaaaaaaa", approvals=[])
    for k in ("staged", "staged_record", "staged_commit", "staged_at",
              "soaked", "deployments", "deployments_known"):
        del u["staging"][k]
    return u


def tag():
    """Alice makes a release tag of bob's commit."""
    u = production()
    u.update(ref="refs/tags/v1.4", move="create", new=TAG)
    u["changes"][0]["approvals"][0]["target"] = "refs/tags/v1.4"
    del u["old"]
    del u["base"]
    return u


def back():
    """Alice takes production back to what was live before."""
    u = update("production", "refs/heads/production", "backward", new=LIVE)
    u["landed"] = LIVE
    u["promotes"] = True
    u["lane"] = {"taken": True, "to": LIVE, "live": "yes", "back": 1,
                 "left": "no", "clear": "yes",
                 "reason": "payments fail since the release",
                 "reason_state": "real"}
    return u


def back_by_commit():
    """The same by one new commit on top, with the tree of what was live."""
    u = back()
    u.update(move="forward", new=N)
    c = change("production", N)
    c.update(contributors=[part("alice", "author", N)], approvals=[])
    del c["owned"]
    u["changes"] = [c]
    return u


def emergency(u=None, person="carol"):
    """Carol lands what nobody approved, and says why."""
    if u is None:
        u = main()
        u["changes"][0].update(approvals=[], commits=[commit(H, "")])
    u["pusher"] = who(person)
    u["emergency"] = {
        "by": "push-option", "declarer": who(person), "incident": "INC-7",
        "incident_state": "real", "reason": "payments are down",
        "reason_state": "real", "time": NOW, "used": "no", "member": "yes"}
    return u


def told_before(u=None):
    """Dave's signed declaration, made before; alice pushes."""
    u = emergency(u)
    u["pusher"] = who("alice")
    u["emergency"].update(by="tag", declarer=who("dave"), key=KEY["dave"],
                          time="2026-11-25T11:00:00.000Z", record=60)
    return u


def debt(**more):
    return {"record": 30, "ref": "refs/heads/main", "commit": S,
            "declarer": "dave", "due": "2026-11-25T11:00:00.000Z", **more}


def deletion():
    u = update("main", "refs/heads/main", "delete", new="0" * 40)
    return u


def restored():
    u = update("main", "refs/heads/main", "restore", new=P)
    u.update(old=S, drift=S)
    return u


def first_push():
    u = update("main", "refs/heads/main", "create")
    for k in ("old", "base", "adopted"):
        del u[k]
    u["baseline"] = True
    u["changes"] = [change()]
    u["changes"][0].update(approvals=[], rollback_plan={}, ticket_fits="no")
    return u


# ---- policies that ask for one thing ----

def policy(main="", staging="", production="", entry="", rest=""):
    def gate(name, refs, body):
        lines = [f"      {name}:", f"        refs: [{refs}]"]
        return "\n".join(lines + ["        " + b for b in
                                  body.strip().splitlines()])
    out = ["version: 1", "repositories:", '  - match: ["**"]']
    if entry:
        out.append("    " + entry)
    out.append("    gates:")
    out.append(gate("main", '"refs/heads/main"', main))
    if production:
        out.append(gate("staging", '"refs/heads/staging"', staging))
        out.append(gate("production",
                        '"refs/heads/production", "refs/tags/v*"',
                        production))
    if rest:
        out.append(rest.strip())
    return "\n".join(out) + "\n"


def approvals(body):
    return policy(main="approvals: {%s}" % body)


def promoted(body, staging=""):
    return policy(staging=staging, production=body)


LANE = """emergency:
  groups: [incident-commanders]
  valid_for: 4h
  review_within: 24h"""


# ---- writing ----

def put(facts, path, value):
    keys = path.split(".")
    if keys[0] == "approval":
        keys[0:1] = ["changes", 0, "approvals", 0]
    elif keys[0] == "change":
        keys[0:1] = ["changes", 0]
    at = facts
    for k in keys[:-1]:
        if isinstance(at, list):
            at = at[int(k)]
        else:
            at = at.setdefault(k, {})
    last = int(keys[-1]) if isinstance(at, list) else keys[-1]
    if value is None:
        del at[last]
    else:
        at[last] = value


def pretty(value, indent=0):
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value:
        return flat
    if len(flat) + indent <= 150 and indent > 0:
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, list):
        inner = [pad + pretty(v, indent + 1) for v in value]
        return "[\n" + ",\n".join(inner) + "]"
    inner = [pad + json.dumps(k) + ": " + pretty(v, indent + 1)
             for k, v in value.items()]
    return "{\n" + ",\n".join(inner) + "}"


SEEN = set()


def case(name, words, facts, changed=None, policy=None, people=None):
    assert name not in SEEN, name
    SEEN.add(name)
    facts = {"case": words, **copy.deepcopy(facts)}
    for path, value in (changed or {}).items():
        put(facts, path, copy.deepcopy(value))
    folder = os.path.join(ROOT, name)
    os.makedirs(folder, exist_ok=True)
    for file, text in (("facts.json", pretty(facts) + "\n"),
                       ("policy.yaml", policy), ("people.yaml", people)):
        path = os.path.join(folder, file)
        if text is not None:
            with open(path, "w") as f:
                f.write(text)
        elif os.path.exists(path):
            os.remove(path)
    verdict = os.path.join(folder, "verdict.json")
    if "/sentences" in name and not os.path.exists(verdict):
        with open(verdict, "w") as f:
            f.write('"text":')  # golden --write fills it in, with texts


def tidy():
    """Folders that no description makes are gone."""
    for control in sorted(os.listdir(ROOT)):
        folder = os.path.join(ROOT, control)
        if not any(name.startswith(control + "/") for name in SEEN):
            continue
        for name in sorted(os.listdir(folder)):
            if f"{control}/{name}" not in SEEN:
                shutil.rmtree(os.path.join(folder, name))


def all_cases():
    import cases_environment
    import cases_review
    import cases_peer
    import cases_rest
    import cases_secret
    import cases_lanes
    import cases_told
    for module in (cases_environment, cases_review, cases_peer, cases_rest,
                   cases_secret, cases_lanes, cases_told):
        module.describe()


if __name__ == "__main__":
    import sys
    sys.modules["make"] = sys.modules["__main__"]
    sys.dont_write_bytecode = True
    sys.path.insert(0, ROOT)
    all_cases()
    tidy()

"""recorded.py READER WORK SOURCE... - payloads that forges sent or document.

SOURCE is the folder of npm's @octokit/webhooks-examples, or one of recorded
payloads: <kind>/<event>.json.  Each payload must be read or be ignored for a
reason, and no event may be unknown.  TAP, with a table by event in comments.
"""
import collections
import json
import os
import subprocess
import sys

READER, WORK = sys.argv[1:3]
KINDS = {"gitea": "gitea", "gitlab": "gitlab", "bitbucket": "bitbucket",
         "bitbucket-server": "bitbucket-dc"}
# What a file's name does not say.
GITEA = {"pull_request_review": "pull_request_comment",
         "pull_request_comment": "issue_comment"}
BITBUCKET = {
    "commit-comment-created": "repo:commit_comment_created",
    "issue-comment-created": "issue:comment_created",
    "issue-created": "issue:created",
    "issue-updated": "issue:updated",
    "pull-request-approval-removed": "pullrequest:unapproved",
    "pull-request-approved": "pullrequest:approved",
    "pull-request-comment-created": "pullrequest:comment_created",
    "pull-request-comment-deleted": "pullrequest:comment_deleted",
    "pull-request-comment-updated": "pullrequest:comment_updated",
    "pull-request-created": "pullrequest:created",
    "pull-request-declined": "pullrequest:rejected",
    "pull-request-merged": "pullrequest:fulfilled",
    "pull-request-updated": "pullrequest:updated",
    "repo-commit-status-created": "repo:commit_status_created",
    "repo-commit-status-updated": "repo:commit_status_updated",
    "repo-fork": "repo:fork",
    "repo-push": "repo:push",
    "repo-updated": "repo:updated",
}
KEPT = ("request", "review", "comment", "status", "deployment", "push",
        "protection", "renamed", "queued")
done = 0


def ok(holds, what):
    global done
    done += 1
    print(f"{'' if holds else 'not '}ok {done} - {what}", flush=True)


def event_of(kind, name):
    if kind == "gitea":
        name = name.removesuffix("-event").replace("-", "_")
        return GITEA.get(name, name)
    return BITBUCKET[name] if kind == "bitbucket" else ""


def read(kind, event, files):
    """What the reader says of each file: a list of lists of lines."""
    said = []
    for file in files:
        run = subprocess.run([READER, kind, event, file], check=False,
                             capture_output=True, text=True)
        lines = run.stdout.splitlines()
        if run.returncode not in (0, 1) or not lines:
            lines = [f"error: exit status {run.returncode}: {run.stderr}"]
        said.append(lines)
    return said


def tell(title, kind, files):
    """`files` by event, each read; what is refused or unknown is named."""
    wrong = []
    count = collections.Counter()
    print(f"# {title}")
    for event in sorted(files):
        kept = collections.Counter()
        for file, lines in zip(files[event], read(kind, event, files[event])):
            for line in lines:
                if line.startswith("error") or "not known" in line:
                    wrong.append(f"{file}: {line}")
                word = line.split(" ", 1)
                kept[line if word[0] == "ignored:" else word[0]] += 1
        count.update(kept)
        shown = ", ".join(f"{n} {what}" for what, n in sorted(kept.items()))
        print(f"#   {event or '(by body)':34} {len(files[event]):3}  {shown}")
    for line in wrong:
        print(f"# {line}")
    total = sum(len(f) for f in files.values())
    ok(not wrong and total > 0,
       f"{title}: each of {total} is read or ignored for a reason")
    return count


def examples(folder):
    for version in sorted(os.listdir(folder)):
        index = os.path.join(folder, version, "index.json")
        if not os.path.exists(index):
            continue
        files = collections.defaultdict(list)
        with open(index, encoding="utf-8") as f:
            events = json.load(f)
        for event in events:
            for i, body in enumerate(event["examples"]):
                path = os.path.join(WORK, f"{version}.{event['name']}.{i}")
                with open(path, "w", encoding="utf-8") as f:
                    json.dump(body, f, separators=(",", ":"))
                files[event["name"]].append(path)
        count = tell(f"octokit's examples, {version}", "github", files)
        if version == "api.github.com":
            ok(all(count[k] > 0 for k in KEPT), "there is each kind")


def recorded(folder):
    for name, kind in sorted(KINDS.items()):
        files = collections.defaultdict(list)
        here = os.path.join(folder, name)
        for file in sorted(os.listdir(here)) if os.path.isdir(here) else []:
            event = event_of(kind, file.removesuffix(".json"))
            files[event].append(os.path.join(here, file))
        if files:
            tell(f"recorded payloads, {name}", kind, files)


for source in sys.argv[3:]:
    if os.path.isdir(os.path.join(source, "api.github.com")):
        examples(source)
    else:
        recorded(source)
print(f"1..{done}")

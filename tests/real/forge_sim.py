#!/usr/bin/env python3
"""forge_sim.py DIR HOOK_URL SECRET_FILE TOKEN: a small forge of GitHub's shape.

Listens on a free port of loopback, written to DIR/port.

    /<owner>/<name>.git     Git's own http-backend; user:password is basic
                            authentication, the password "secret-of-<user>", or
                            the token of the tests as anybody
    /api/v3/repos/...       what is asked of its interface, with that token
    /do/<what>?...          what people do with the mouse, below

    /do/open?as=&head=&base=            body: the request's text; its number
    /do/review?as=&n=&state=            approved, changes_requested, commented
    /do/dismiss?as=&n=&of=              somebody's review
    /do/comment?as=&n=                  body: the comment's text
    /do/edit?as=&n=&base=               another target
    /do/close?as=&n=
    /do/merge?as=&n=&method=            merge, squash, rebase; evil=PATH adds one
    /do/queue?as=&n=                    a merge queue asks; the commit
    /do/quiet?yes=1                     webhooks are lost from now on
    /do/stall?yes=1                     Git does not answer
    /do/hook?active=&code=              its webhook, and how we answered it last
    /do/protect?as=                     body: the rules of each branch, as JSON

Repositories lie in DIR/git, statuses in DIR/statuses (a line each: commit,
context, state, description, target, tab between).  Each thing that happens is
told by a signed webhook to HOOK_URL, before /do/ answers.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import uuid

DIR, HOOK, SECRET, TOKEN = sys.argv[1:5]
ZERO = "0" * 40
NAME = "acme/payments"
lock = threading.RLock()
requests = {}
state = {"quiet": False, "stall": False, "reviews": 0, "rules": [],
         "hooks": []}
IDS = {}


def repo():
    return os.path.join(DIR, "git", NAME + ".git")


def git(*words, data=None, **env):
    out = subprocess.run(["git", "--git-dir", repo(), *words], input=data,
                         capture_output=True, check=True,
                         env={**os.environ, **env})
    return out.stdout.decode().strip()


def refs():
    lines = git("for-each-ref", "--format=%(refname) %(objectname)")
    return dict(line.split() for line in lines.splitlines())


def user(login):
    return {"login": login, "id": IDS.setdefault(login, 100 + len(IDS)),
            "type": "Bot" if login.endswith("[bot]") else "User"}


# ---- telling ----

def tell(event, body, who):
    if state["quiet"]:
        return
    body = {**body, "sender": user(who),
            "repository": {"id": 77, "full_name": NAME, "name": "payments",
                           "default_branch": "main",
                           "owner": {"login": "acme", "id": 7}}}
    data = json.dumps(body).encode()
    with open(SECRET, "rb") as f:
        key = f.read().rstrip(b"\n")
    sign = "sha256=" + hmac.new(key, data, hashlib.sha256).hexdigest()
    ask = urllib.request.Request(HOOK, data, {
        "Content-Type": "application/json", "X-GitHub-Event": event,
        "X-GitHub-Delivery": str(uuid.uuid4()), "X-Hub-Signature-256": sign,
        "User-Agent": "GitHub-Hookshot/sim"})
    for _ in range(20):
        try:
            with urllib.request.urlopen(ask, timeout=10) as answer:
                note("told", f"{event} {body.get('action', '')}"
                             f" {answer.status}")
                return
        except urllib.error.HTTPError as e:
            note("told", f"{event} {body.get('action', '')} {e.code}")
            if e.code != 503:
                return
        except OSError:
            pass
        time.sleep(0.1)
    note("told", f"{event}: nobody answers")


def note(name, line):
    with open(os.path.join(DIR, name), "a") as f:
        f.write(line + "\n")


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def shown(n):
    r = requests[n]
    return {"number": n, "id": 9000 + n, "state": r["state"], "draft": False,
            "title": r["title"], "body": r["body"], "user": user(r["opener"]),
            "updated_at": now(), "created_at": now(),
            "merged_at": now() if r["merged"] else None,
            "merged": r["merged"] is not None,
            "merged_by": user(r["merged"]) if r["merged"] else None,
            "merge_commit_sha": r["commit"],
            "head": {"sha": r["head"], "ref": r["ref"],
                     "repo": {"id": 77, "full_name": NAME}},
            "base": {"sha": refs().get("refs/heads/" + r["base"], ZERO),
                     "ref": r["base"], "repo": {"id": 77, "full_name": NAME}}}


def tell_request(action, n, who, **more):
    tell("pull_request", {"action": action, "number": n,
                          "pull_request": shown(n), **more}, who)


def tell_push(ref, old, new, who):
    commits = [] if new == ZERO else [{"id": new}]
    tell("push", {"ref": ref, "before": old, "after": new, "forced": False,
                  "created": old == ZERO, "deleted": new == ZERO,
                  "base_ref": None, "commits": commits,
                  "head_commit": commits[0] if commits else None,
                  "pusher": {"name": who, "email": who + "@example.com"}}, who)


def tell_moves(before, who):
    after = refs()
    for ref in sorted(set(before) | set(after)):
        old, new = before.get(ref, ZERO), after.get(ref, ZERO)
        if old == new or ref.startswith("refs/pull/"):
            continue
        tell_push(ref, old, new, who)
        for n, r in requests.items():
            if ref == "refs/heads/" + r["ref"] and r["state"] == "open" \
                    and new != ZERO:
                r["head"] = new
                git("update-ref", f"refs/pull/{n}/head", new)
                tell_request("synchronize", n, who, before=old, after=new)


# ---- what people do ----

def do_open(q, text):
    n = len(requests) + 1
    who = q["as"]
    head = refs()["refs/heads/" + q["head"]]
    requests[n] = {"head": head, "ref": q["head"], "base": q["base"],
                   "opener": who, "title": git("log", "-1", "--format=%s",
                                               head),
                   "body": text, "state": "open", "merged": None,
                   "commit": None, "reviews": []}
    git("update-ref", f"refs/pull/{n}/head", head)
    tell_request("opened", n, who)
    return n


def review(n, who, word, of=None):
    r = requests[n]
    if of is not None:
        one = [v for v in r["reviews"] if v["user"]["login"] == of][-1]
        one["state"] = word
    else:
        state["reviews"] += 1
        one = {"id": state["reviews"], "user": user(who), "state": word,
               "body": "", "commit_id": r["head"], "submitted_at": now(),
               "author_association": "MEMBER"}
        r["reviews"].append(one)
    action = "dismissed" if of is not None else "submitted"
    tell("pull_request_review", {"action": action, "review": one,
                                 "pull_request": shown(n)}, who)
    return one["id"]


def do_review(q, _):
    return review(int(q["n"]), q["as"], q["state"])


def do_dismiss(q, _):
    return review(int(q["n"]), q["as"], "dismissed", q["of"])


def do_comment(q, text):
    n = int(q["n"])
    tell("issue_comment", {
        "action": "created",
        "issue": {"number": n, "id": 9000 + n, "state": "open",
                  "user": user(requests[n]["opener"]),
                  "title": requests[n]["title"], "body": "",
                  "pull_request": {"url": "there is one"}},
        "comment": {"id": 5000 + n, "user": user(q["as"]), "body": text,
                    "created_at": now(), "author_association": "MEMBER"}},
         q["as"])
    return "told"


def do_edit(q, _):
    n = int(q["n"])
    was = requests[n]["base"]
    requests[n]["base"] = q["base"]
    tell_request("edited", n, q["as"], changes={"base": {"ref": {
        "from": was}}})
    return "told"


def do_close(q, _):
    n = int(q["n"])
    requests[n]["state"] = "closed"
    tell_request("closed", n, q["as"])
    return "told"


def identity(who):
    return {"GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": who + "@example.com",
            "GIT_COMMITTER_NAME": "GitHub",
            "GIT_COMMITTER_EMAIL": "noreply@github.com"}


def with_evil(tree, path):
    if not path:
        return tree
    blob = git("hash-object", "-w", "--stdin", data=b"nobody looked at this\n")
    with tempfile.TemporaryDirectory() as d:
        env = {"GIT_INDEX_FILE": os.path.join(d, "index")}
        git("read-tree", tree, **env)
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}",
            **env)
        return git("write-tree", **env)


def replay(base, head, who):
    """Each commit once more, on top of the base, by whoever pressed."""
    me = {k: v for k, v in identity(who).items() if "COMMITTER" in k}
    with tempfile.TemporaryDirectory() as d:
        tree = os.path.join(d, "tree")
        git("worktree", "add", "-q", "--detach", tree, base)
        subprocess.run(["git", "-C", tree, "cherry-pick", f"{base}..{head}"],
                       check=True, capture_output=True,
                       env={**os.environ, **me})
        out = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD"],
                             check=True, capture_output=True)
        git("worktree", "remove", "--force", tree)
    return out.stdout.decode().strip()


def make(q, base, r):
    head, who, method = r["head"], q["as"], q.get("method", "merge")
    if method == "rebase":
        return replay(base, head, who)
    tree = with_evil(git("merge-tree", "--write-tree", base, head),
                     q.get("evil"))
    parents = ["-p", base] + (["-p", head] if method == "merge" else [])
    maker = who if method == "merge" else r["opener"]
    text = f"Merge request {r['title']}\n\n{r['body']}\n" \
        if method == "merge" else f"{r['title']} (#)\n\n{r['body']}\n"
    return git("commit-tree", tree, *parents, "-F", "-", data=text.encode(),
               **identity(maker))


def do_merge(q, _):
    n = int(q["n"])
    r = requests[n]
    ref = "refs/heads/" + r["base"]
    base = refs()[ref]
    new = make(q, base, r)
    git("update-ref", ref, new, base)
    r.update(state="closed", merged=q["as"], commit=new)
    tell_push(ref, base, new, q["as"])
    tell_request("closed", n, q["as"])
    return new


def do_queue(q, _):
    n = int(q["n"])
    r = requests[n]
    base = refs()["refs/heads/" + r["base"]]
    new = make({**q, "method": "merge"}, base, r)
    ref = f"refs/heads/gh-readonly-queue/{r['base']}/pr-{n}-{base}"
    git("update-ref", ref, new)
    tell_push(ref, ZERO, new, q["as"])
    tell("merge_group", {"action": "checks_requested", "merge_group": {
        "head_sha": new, "head_ref": ref, "base_sha": base,
        "base_ref": "refs/heads/" + r["base"],
        "head_commit": {"id": new}}}, q["as"])
    return new


def do_quiet(q, _):
    state["quiet"] = q["yes"] == "1"
    return "so be it"


def do_stall(q, _):
    state["stall"] = q["yes"] == "1"
    return "so be it"


def do_hook(q, _):
    hook = {"id": 5, "active": q["active"] == "1", "events": ["*"],
            "config": {"url": HOOK, "insecure_ssl": "0"},
            "last_response": {"code": int(q["code"])}}
    state["hooks"] = [hook]
    return "so be it"


def do_protect(q, text):
    state["rules"] = json.loads(text)
    tell("repository_ruleset", {"action": "edited", "repository_ruleset":
         {"id": 1, "name": "main", "enforcement": "active", "node_id": str(uuid.uuid4())}}, q["as"])
    return "so be it"


# ---- the server ----

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        data = b""
        while True:
            size = int(self.rfile.readline(), 16)
            data += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return data

    def answer(self, status, data, kind="application/json", more=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for key, value in more:
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        self.serve()

    def do_POST(self):
        self.serve()

    def serve(self):
        url = urllib.parse.urlsplit(self.path)
        data = self.body()
        if url.path.startswith("/do/"):
            q = dict(urllib.parse.parse_qsl(url.query))
            with lock:
                done = globals()["do_" + url.path[4:]](q, data.decode())
            self.answer(200, f"{done}\n".encode(), "text/plain")
        elif url.path.startswith("/api/v3/"):
            self.api(url, data)
        else:
            self.git(url, data)

    # Git, by its own program.
    def who(self):
        words = self.headers.get("Authorization", "").split()
        if len(words) != 2 or words[0] != "Basic":
            return None
        name, _, word = base64.b64decode(words[1]).decode().partition(":")
        if word == TOKEN:
            return "foureyes[bot]"
        return name if word == "secret-of-" + name else None

    def git(self, url, data):
        who = self.who()
        note("gitted", f"{self.command} {self.path} {who}")
        while state["stall"]:
            time.sleep(0.1)
        if who is None:
            self.answer(401, b"", more=[("WWW-Authenticate",
                                         'Basic realm="git"')])
            return
        env = {**os.environ, "GIT_PROJECT_ROOT": os.path.join(DIR, "git"),
               "GIT_HTTP_EXPORT_ALL": "1", "REMOTE_USER": who,
               "PATH_INFO": url.path, "QUERY_STRING": url.query,
               "REQUEST_METHOD": self.command, "REMOTE_ADDR": "127.0.0.1",
               "CONTENT_TYPE": self.headers.get("Content-Type", ""),
               "CONTENT_LENGTH": str(len(data)),
               "HTTP_CONTENT_ENCODING":
                   self.headers.get("Content-Encoding", ""),
               "GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        writes = url.path.endswith("/git-receive-pack")
        with lock:
            before = refs() if writes else {}
            out = subprocess.run(["git", "http-backend"], input=data, env=env,
                                 capture_output=True, check=False).stdout
            if writes:
                tell_moves(before, who)
        head, _, rest = out.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")]
        fields = {key.lower(): value for key, value in lines}
        status = int(fields.pop("status", "200").split()[0])
        kind = fields.pop("content-type", "text/plain")
        self.answer(status, rest, kind)

    # Its interface.
    def api(self, url, data):
        note("api", f"{self.command} {url.path}")
        asks = self.headers.get("Authorization", "")
        if asks.startswith("Bearer ey") and "installation" in url.path:
            self.answer(200, json.dumps({
                "id": 1, "token": TOKEN,
                "expires_at": "2100-01-01T00:00:00Z"}).encode())
            return
        if self.headers.get("Authorization") not in ("Bearer " + TOKEN,
                                                     "token " + TOKEN):
            self.answer(401, b'{"message": "Bad credentials"}')
            return
        parts = url.path[len(f"/api/v3/repos/{NAME}/"):].split("/")
        with lock:
            found = self.found(parts, data)
        if found is None:
            self.answer(404, b'{"message": "Not Found"}')
        else:
            self.answer(*found)

    def found(self, parts, data):
        if self.command == "POST" and parts[0] == "statuses":
            s = json.loads(data)
            note("statuses", "\t".join([
                parts[1], s["context"], s["state"], s["description"],
                s.get("target_url") or ""]))
            return 201, b"{}"
        if parts[0] == "pulls" and len(parts) == 1:
            found = [shown(n) for n, r in requests.items()
                     if r["state"] == "open"]
        elif parts[0] == "pulls" and len(parts) == 2:
            found = shown(int(parts[1]))
        elif parts == ["hooks"]:
            found = state["hooks"]
        elif parts[:2] == ["rules", "branches"]:
            found = state["rules"]
        elif parts[-1] in ("reviews", "pulls", "statuses", "deployments"):
            found = []
        else:
            return None
        return 200, json.dumps(found).encode()


def main():
    os.makedirs(os.path.join(DIR, "git"), exist_ok=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with open(os.path.join(DIR, "port.new"), "w") as f:
        f.write(f"{server.server_port}\n")
    os.rename(os.path.join(DIR, "port.new"), os.path.join(DIR, "port"))
    server.serve_forever()


main()

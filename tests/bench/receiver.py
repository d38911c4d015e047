#!/usr/bin/env python3
"""receiver.py BIN DIR - deliveries a second, beside other receivers.

A pull_request_review of GitHub's own examples (about 22 KB) with a right
signature, each delivery another one, at 1, 16 and 64 connections, against

    foureyesd   signature, whole body read, recorded, on disk before the answer
    octokit     Node's http with @octokit/webhooks: signature, body; stores nothing
    webhook     Debian's webhook: signature by an equal rule; runs /bin/true
    nginx       reads the body and returns 204: what HTTP alone takes here
    bare        libmicrohttpd alone, likewise

Servers take turns within a round; each number is the median of the rounds.
A table on standard output, the same as JSON in build/bench/receiver.json.
Options: --rounds N --ms N --only NAME,... --connections 1,16,64
"""
import argparse
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
MODULES = os.path.join(TOP, "build/forge/node_modules")
SECRET = "a secret for the benchmark"
TICK = os.sysconf("SC_CLK_TCK")

NODE = """
import {createServer} from "node:http";
import {Webhooks, createNodeMiddleware} from "%s/@octokit/webhooks/dist-bundle/index.js";
const webhooks = new Webhooks({secret: process.env.SECRET});
webhooks.on("pull_request_review", ({payload}) => { payload.review.id; });
createServer(createNodeMiddleware(webhooks, {path: "/hooks/hub"})).listen(+process.env.PORT, "127.0.0.1");
"""

NGINX = """
daemon off; worker_processes 2; error_log %(dir)s/error.log; pid %(dir)s/pid;
events {worker_connections 4096;}
http {
  access_log off; client_body_temp_path %(dir)s/b; proxy_temp_path %(dir)s/p;
  fastcgi_temp_path %(dir)s/f; uwsgi_temp_path %(dir)s/u; scgi_temp_path %(dir)s/s;
  client_body_buffer_size 64k; keepalive_requests 1000000000;
  server {listen 127.0.0.1:%(port)d backlog=1024; location / {return 204;}}
}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def review():
    """One review as GitHub sends it, of a repository the policy knows."""
    path = os.path.join(MODULES, "@octokit/webhooks-examples/api.github.com/index.json")
    for kind in json.load(open(path)):
        if kind["name"] == "pull_request_review":
            for example in kind["examples"]:
                if example.get("action") == "submitted":
                    example["review"]["state"] = "approved"
                    return json.dumps(example, separators=(",", ":"))
    sys.exit("no example of a review")


class Server:
    path = "/hooks/hub"

    def __init__(self, a):
        self.dir = os.path.join(a.dir, self.name)
        shutil.rmtree(self.dir, ignore_errors=True)
        os.makedirs(self.dir)
        self.bin, self.port = a.bin, free_port()
        self.env = dict(os.environ, PORT=str(self.port), SECRET=SECRET)

    def start(self):
        self.log = open(os.path.join(self.dir, "log"), "ab")
        self.process = subprocess.Popen(self.words(), env=self.env, stdout=self.log,
                                        stderr=self.log, start_new_session=True)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit(f"{self.name} did not start: {open(self.log.name).read()}")

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.log.close()

    def pids(self):
        """Of its process group."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.getpgid(int(pid)) == self.process.pid:
                    yield pid
            except OSError:
                pass

    def used(self):
        """Seconds of processor, of it and children that ended; resident KB.

        Pages of files that its processes share count once."""
        seconds, kb, files = 0.0, 0, 0
        for pid in list(self.pids()):
            try:
                fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
                seconds += sum(int(x) for x in fields[11:15]) / TICK
                status = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
                kb += int(status["RssAnon"].split()[0]) + int(status["RssShmem"].split()[0])
                files = max(files, int(status["RssFile"].split()[0]))
            except (OSError, IndexError, KeyError):
                pass
        return seconds, kb + files


class Foureyesd(Server):
    name = "foureyesd"

    def __init__(self, a):
        super().__init__(a)
        etc = os.path.join(self.dir, "etc")
        subprocess.run([f"{self.bin}/foureyes", "init", "--origin", "example.com/bench", etc],
                       check=True, stdout=subprocess.DEVNULL)
        secret = os.path.join(self.dir, "secret")
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o600), "w") as f:
            f.write(SECRET)
        with open(f"{etc}/foureyes.yaml", "w") as f:
            f.write(f"""version: 1
origin: example.com/bench
ledger: {etc}/ledger
index: {etc}/index.db
seal_key: {etc}/seal.key
server: {{kind: local, root: {self.dir}}}
receiver:
  listen: "127.0.0.1:{self.port}"
  sources:
    hub: {{kind: github, secret_files: [{secret}]}}
""")
        self.etc = etc

    def words(self):
        return [f"{self.bin}/foureyesd", "--config", self.etc, "serve"]

    def check(self, stored):
        """Every 204 is a record, and the ledger is whole."""
        count = 0
        for f in os.listdir(f"{self.etc}/ledger"):
            if f.endswith(".jsonl"):
                with open(f"{self.etc}/ledger/{f}", "rb") as lines:
                    count += sum(b'"delivery":"load-' in line for line in lines)
        if count < stored:
            sys.exit(f"{stored} were answered 204 and {count} are there")
        subprocess.run([f"{self.bin}/foureyes", "verify", f"{self.etc}/ledger", "--chain"],
                       check=True, stdout=subprocess.DEVNULL)


class Octokit(Server):
    name = "octokit"

    def words(self):
        script = os.path.join(self.dir, "serve.mjs")
        open(script, "w").write(NODE % MODULES)
        return ["node", script]


class Webhook(Server):
    name = "webhook"

    def words(self):
        hooks = os.path.join(self.dir, "hooks.json")
        json.dump([{"id": "hub", "execute-command": "/bin/true", "success-http-response-code": 200,
                    "trigger-rule": {"match": {"type": "payload-hmac-sha256", "secret": SECRET,
                                               "parameter": {"source": "header",
                                                             "name": "X-Hub-Signature-256"}}}}],
                  open(hooks, "w"))
        return ["webhook", "-ip", "127.0.0.1", "-port", str(self.port), "-hooks", hooks]


class Nginx(Server):
    name = "nginx"

    def words(self):
        conf = os.path.join(self.dir, "nginx.conf")
        open(conf, "w").write(NGINX % {"dir": self.dir, "port": self.port})
        return ["nginx", "-p", self.dir, "-c", conf]


class Bare(Server):
    name = "bare"

    def words(self):
        return [f"{self.bin}/bench/receiver_bare", str(self.port)]


SERVERS = {s.name: s for s in (Foureyesd, Octokit, Webhook, Nginx, Bare)}


def measure(a, server, connections, body):
    before, _ = server.used()
    said = subprocess.run([f"{a.bin}/bench/receiver_load", str(server.port), server.path,
                           str(connections), str(a.ms), body, SECRET],
                          check=True, capture_output=True, text=True).stdout
    after, kb = server.used()
    r = json.loads(said)
    if r["refused"] or not r["answers"]:
        sys.exit(f"{server.name} refused: {said}")
    r["cpu_us"] = (after - before) * 1e6 / r["answers"]
    r["rss_mb"] = kb / 1024
    return r


def table(rows, connections):
    print(f"{'':10} {'connections':>11} {'a second':>9} {'p50 ms':>8} {'p99 ms':>8} "
          f"{'CPU us':>7} {'MB':>6}")
    for name in rows:
        for n in connections:
            r = rows[name][n]
            print(f"{name:10} {n:11} {r['per_second']:9.0f} {r['p50_ms']:8.2f} {r['p99_ms']:8.2f} "
                  f"{r['cpu_us']:7.0f} {r['rss_mb']:6.1f}")
    ours = rows.get("foureyesd")
    for name in rows:
        if ours and name != "foureyesd":
            print(f"foureyesd / {name}: " + ", ".join(
                f"{ours[n]['per_second'] / rows[name][n]['per_second']:.2f} at {n}" for n in connections))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("bin")
    p.add_argument("dir")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--ms", type=int, default=2000)
    p.add_argument("--only", default=",".join(SERVERS))
    p.add_argument("--connections", default="1,16,64")
    a = p.parse_args()
    a.bin = os.path.abspath(a.bin)
    connections = [int(n) for n in a.connections.split(",")]
    a.dir = os.path.abspath(a.dir)
    os.makedirs(a.dir, exist_ok=True)
    body = os.path.join(a.dir, "body.json")
    open(body, "w").write(review())
    seen = {name: {n: [] for n in connections} for name in a.only.split(",")}
    stored = 0
    servers = [SERVERS[name](a) for name in seen]
    for _ in range(a.rounds):
        for n in connections:
            for s in servers:
                s.start()
                r = measure(a, s, n, body)
                seen[s.name][n].append(r)
                if s.name == "foureyesd":
                    stored += r["stored"]
                s.stop()
    rows = {name: {n: {k: statistics.median(r[k] for r in runs) for k in runs[0]}
                   for n, runs in by.items()} for name, by in seen.items()}
    for s in servers:
        if s.name == "foureyesd":
            s.check(stored)
    table(rows, connections)
    os.makedirs(os.path.join(TOP, "build/bench"), exist_ok=True)
    with open(os.path.join(TOP, "build/bench/receiver.json"), "w") as f:
        json.dump({"bytes": os.path.getsize(body), "rounds": a.rounds, "ms": a.ms, "servers": rows,
                   "processors": os.cpu_count(),
                   "figures": {f"receiver.{name}.{n}.{k.replace('per_second', 'rate')}":
                               [r[k] for r in runs]
                               for name, by in seen.items() for n, runs in by.items()
                               for k in runs[0]}}, f, indent=1)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""held_server.py DIR: an endpoint and time stamp authorities, for held.sh.

Listens on a free port of loopback, written to DIR/port.

    PUT, POST /seal     kept as DIR/seal; wants the bearer token in DIR/token
    POST /tsa           a stamp, by `openssl ts -reply` with DIR/tsa.cnf
    POST /tsa-other     the same by another authority (DIR/other.cnf)
    POST /tsa-nonce     a stamp for another nonce
    POST /tsa-imprint   a stamp for another digest
    POST /tsa-replay    the stamp that was given first
    POST /tsa-junk      no stamp at all
    POST /stall         no answer
    POST /slow          one byte a second
"""
import http.server
import os
import subprocess
import sys
import time

DIR = sys.argv[1]


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, cwd=DIR,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def path(name):
    return os.path.join(DIR, name)


def stamp(query, config):
    open(path("query"), "wb").write(query)
    openssl("ts", "-reply", "-config", config, "-queryfile", "query", "-out", "reply")
    return open(path("reply"), "rb").read()


def other_query(query, imprint):
    """A query for the same digest with another nonce, or for another digest."""
    at = query.index(bytes.fromhex("0420")) + 2
    digest = query[at:at + 32] if not imprint else b"\x11" * 32
    if imprint:
        return query[:at] + digest + query[at + 32:]
    openssl("ts", "-query", "-digest", digest.hex(), "-sha256", "-cert", "-out", "other")
    return open(path("other"), "rb").read()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind="application/timestamp-reply"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def seal(self, body):
        token = open(path("token")).read().strip()
        if self.headers.get("Authorization") != "Bearer " + token:
            return self.answer(401)
        open(path("seal"), "wb").write(body)
        open(path("method"), "w").write(self.command)
        return self.answer(204)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path == "/seal":
            return self.seal(body)
        if self.path == "/stall":
            time.sleep(600)
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(600):
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(1)
        if self.path == "/tsa-junk":
            return self.answer(200, b"<html>welcome</html>")
        if self.path in ("/tsa-nonce", "/tsa-imprint"):
            body = other_query(body, self.path == "/tsa-imprint")
        config = "other.cnf" if self.path == "/tsa-other" else "tsa.cnf"
        reply = stamp(body, config)
        if not os.path.exists(path("first")):
            open(path("first"), "wb").write(reply)
        if self.path == "/tsa-replay":
            reply = open(path("first"), "rb").read()
        return self.answer(200, reply)

    do_PUT = do_POST


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
open(path("port.new"), "w").write(str(server.server_port))
os.rename(path("port.new"), path("port"))
server.serve_forever()

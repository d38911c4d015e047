#!/usr/bin/env python3
"""forge_server.py DIR [--tls CERT KEY]: a forge's interface that may lie.

Listens on a free port of loopback, written to DIR/port, and answers by files:

    DIR/get/<path>.json     the answer to GET <path>; a list comes in pages, by
                            `per_page`, `limit` or `pagelen`, with a Link header
    DIR/posted              one line a POST: path, a tab, the body
    DIR/asked               one line a request: method, path and query, a tab,
                            the Authorization or PRIVATE-TOKEN header
    DIR/lies                lines "WORD GLOB [VALUE]": what is wrong with the
                            answer to paths (with query) that the glob matches

Words: status N, stall, cut (half of what was promised), slow (a byte a second),
endless (there is always a next page), elsewhere URL (the next page is there),
redirect URL, html, deep, big, spent (403, a quota that is used up), later N
(429 and Retry-After), not-json, short (fewer than X-Total-Count says).
"""
import fnmatch
import http.server
import json
import os
import ssl
import sys
import time
import urllib.parse

DIR = sys.argv[1]


def path(name):
    return os.path.join(DIR, name)


def note(name, line):
    with open(path(name), "a") as f:
        f.write(line + "\n")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def lies(self):
        found = {}
        if os.path.exists(path("lies")):
            for line in open(path("lies")):
                words = line.split()
                if len(words) >= 2 and fnmatch.fnmatchcase(self.path, words[1]):
                    found[words[0]] = words[2] if len(words) > 2 else ""
        return found

    def say(self, status, body, kind="application/json; charset=utf-8", **fields):
        body = body if isinstance(body, bytes) else body.encode()
        length = fields.pop("length", len(body))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def here(self):
        return "%s://%s" % ("https" if TLS else "http", self.headers["Host"])

    def lie(self, lies):
        """An answer that is none; True when it was given."""
        if "stall" in lies:
            time.sleep(float(lies["stall"] or 600))
        if "slow" in lies:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            for _ in range(600):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(1)
        if "status" in lies:
            self.say(int(lies["status"]), json.dumps({"message": "it is so"}))
        elif "spent" in lies:
            self.say(403, json.dumps({"message": "rate limit exceeded"}),
                     x_ratelimit_remaining="0",
                     x_ratelimit_reset=str(int(time.time()) + 120))
        elif "later" in lies:
            self.say(429, json.dumps({"message": "slow down"}), Retry_After=lies["later"])
        elif "redirect" in lies:
            self.say(302, "", Location=lies["redirect"])
        elif "html" in lies:
            self.say(200, "<html>Sign in</html>", "text/html")
        elif "not-json" in lies:
            self.say(200, "[{]")
        elif "deep" in lies:
            self.say(200, "[" * 1000 + "]" * 1000)
        elif "big" in lies:
            self.say(200, b"[" + b" " * (9 << 20) + b"]")
        else:
            return False
        return True

    def page(self, full, query, lies):
        size = 30
        for name in ("per_page", "limit", "pagelen"):
            size = int(query.get(name, [size])[0])
        if os.path.exists(path("page-size")):
            size = min(size, int(open(path("page-size")).read()))
        at = int(query.get("page", ["1"])[0])
        fields = {"X_Total_Count": str(len(full) + (5 if "short" in lies else 0))}
        rest = {k: v[0] for k, v in query.items() if k != "page"}
        address = self.here() + urllib.parse.urlsplit(self.path).path
        if "elsewhere" in lies:
            fields["Link"] = '<%s>; rel="next"' % lies["elsewhere"]
        elif "endless" in lies or at * size < len(full):
            rest["page"] = str(at + 1)
            fields["Link"] = '<%s?%s>; rel="next", <%s?page=1>; rel="first"' % (
                address, urllib.parse.urlencode(rest), address)
        return (full if "endless" in lies else full[(at - 1) * size:at * size]), fields

    def do_GET(self):
        note("asked", "GET %s\t%s" % (self.path, self.headers.get(
            "Authorization", self.headers.get("PRIVATE-TOKEN", ""))))
        lies = self.lies()
        if self.lie(lies):
            return
        url = urllib.parse.urlsplit(self.path)
        name = path("get" + urllib.parse.unquote(url.path) + ".json")
        if not os.path.exists(name):
            return self.say(404, json.dumps({"message": "Not Found"}))
        body, fields = json.load(open(name)), {}
        query = urllib.parse.parse_qs(url.query)
        if isinstance(body, list):
            body, fields = self.page(body, query, lies)
        text = json.dumps(body).encode()
        if "cut" in lies:
            self.say(200, text[:len(text) // 2], length=len(text), **fields)
            self.close_connection = True
            return None
        return self.say(200, text, **fields)

    def do_POST(self):
        note("asked", "POST %s\t%s" % (self.path, self.headers.get(
            "Authorization", self.headers.get("PRIVATE-TOKEN", ""))))
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        note("posted", "%s\t%s" % (self.path, body.decode()))
        if self.lie(self.lies()):
            return
        url = urllib.parse.urlsplit(self.path)
        name = path("post" + urllib.parse.unquote(url.path) + ".json")
        if os.path.exists(name):
            self.say(201, open(name).read())
        else:
            self.say(201, "{}")


TLS = "--tls" in sys.argv
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if TLS:
    at = sys.argv.index("--tls")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[at + 1], sys.argv[at + 2])
    server.socket = context.wrap_socket(server.socket, server_side=True)
open(path("port.new"), "w").write(str(server.server_port))
os.rename(path("port.new"), path("port"))
server.serve_forever()

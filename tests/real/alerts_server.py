"""Takes alerts over HTTP for alerts.sh: OTLP, Splunk's collector, webhooks.

What comes to /NAME is answered as the file answer.NAME says, "STATUS" and
perhaps more: "after=SECONDS", "reject=COUNT", "most=BYTES" (413 beyond), "hang".
Where the status is 200, a line of got.NAME keeps it.
"""
import http.server
import json
import os
import sys
import threading
import time

top = sys.argv[1]
lock = threading.Lock()


class Taking(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def asked(self, name):
        try:
            with open(f"{top}/answer.{name}") as f:
                words = f.read().split()
        except FileNotFoundError:
            words = ["200"]
        more = dict(w.partition("=")[::2] for w in words[1:])
        return int(words[0]), more

    def do_POST(self):
        name = self.path.strip("/").split("/")[0]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, more = self.asked(name)
        open(f"{top}/asked.{name}", "w").close()
        if "hang" in more:
            time.sleep(60)
        if len(body) > int(more.get("most", len(body))):
            status = 413
        answer = {}
        if "reject" in more:
            answer = {"partialSuccess": {
                "rejectedLogRecords": more["reject"],
                "errorMessage": "too old"}}
        with lock:
            which = "got" if status == 200 else "refused"
            with open(f"{top}/{which}.{name}", "a") as f:
                f.write(json.dumps({
                    "path": self.path,
                    "authorization": self.headers.get("Authorization"),
                    "type": self.headers["Content-Type"],
                    "body": body.decode()}) + "\n")
        text = json.dumps(answer).encode()
        self.send_response(status)
        if "after" in more:
            self.send_header("Retry-After", more["after"])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Taking)
with open(f"{top}/port.part", "w") as f:
    f.write(str(server.server_port))
os.rename(f"{top}/port.part", f"{top}/port")
server.serve_forever()

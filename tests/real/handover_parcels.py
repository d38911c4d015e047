"""handover_parcels.py SOCKET CASE: what a hook could say to foureyesd, and one
that means harm does.  Prints the status of HTTP and the last text, if any."""
import hashlib
import http.client
import socket
import struct
import sys

class Unix(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

def part(kind, data):
    if isinstance(data, str):
        data = data.encode()
    return kind.encode() + struct.pack(">I", len(data)) + data

def thing(kind, content, name=None, flags=1):
    word = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}[kind]
    own = hashlib.sha1(word + b" %d\0" % len(content) + content).digest()
    return part("B", (name or own) + bytes([kind, flags | 4]) +
                struct.pack(">I", len(content)) + content), own

def ask(path, target, body):
    c = Unix(path)
    c.request("POST", target, body,
              {"Content-Type": "application/octet-stream"})
    r = c.getresponse()
    return r.status, r.getheader("Foureyes-Gate"), r.read()

def parts(data):
    at = 0
    while at + 5 <= len(data):
        n = struct.unpack(">I", data[at + 1:at + 5])[0]
        yield chr(data[at]), data[at + 5:at + 5 + n]
        at += 5 + n

BEGIN = part("F", "foureyes gate 1")
ZERO = "0" * 40

def push(new, refs="", repository="payments", hook="pre-receive"):
    return (BEGIN + part("H", hook) +
            part("P", sys.argv[3] + "/" + repository + ".git") +
            part("I", f"{ZERO} {new} refs/heads/main\n") +
            part("V", "TEST_PUSHER=alice") + part("L", bytes([1])) +
            part("R", "# pack-refs with: sorted \n" + refs))

def show(status, session, body):
    text = ""
    if status == 200:
        for kind, data in parts(body):
            if kind in "TX":
                text += data.decode("latin-1") if kind == "T" else str(data[0])
    print(status, "session" if session else "", text or body[:200])

def main():
    path, case = sys.argv[1:3]
    tip = "1" * 40
    whole = push(tip)
    if case == "garbage":
        show(*ask(path, "/v1/gate", b"\0" * 5000))
    elif case == "nothing":
        show(*ask(path, "/v1/gate", b""))
    elif case == "cut":
        for n in range(1, len(whole), 7):
            status, session, body = ask(path, "/v1/gate", whole[:n])
            if status == 200 and not session:
                show(status, session, body)
                return
            if session:
                print("cut at", n, "of", len(whole))
        print("none is answered")
    elif case == "huge":
        try:
            show(*ask(path, "/v1/gate", BEGIN + b"x" * (65 << 20)))
        except OSError as why:
            print("closed", why)
    elif case == "hook":
        show(*ask(path, "/v1/gate", push(tip, hook="update")))
    elif case == "session":
        show(*ask(path, "/v1/gate/" + "0" * 32, BEGIN))
    elif case == "lie":
        # The tip is asked for; what comes is another commit under its name.
        status, session, body = ask(path, "/v1/gate", whole)
        lie, _ = thing(1, b"tree " + b"2" * 40 + b"\n\nx\n",
                       bytes.fromhex(tip))
        show(*ask(path, "/v1/gate/" + session, BEGIN + lie))
    elif case == "other":
        status, session, body = ask(path, "/v1/gate", whole)
        other, _ = thing(3, b"x")
        show(*ask(path, "/v1/gate/" + session, BEGIN + other))
    elif case == "leave":
        # As many as there may be, and none of them ever comes back.
        for _ in range(70):
            status, session, body = ask(path, "/v1/gate", whole)
        show(status, session, body)
    elif case == "twice":
        # One push's place, taken by two at once, or after its end.
        status, session, body = ask(path, "/v1/gate", whole)
        gone = part("B", bytes.fromhex(tip) + bytes([0, 0]) +
                    struct.pack(">I", 0))
        for _ in range(100):
            status, again, body = ask(path, "/v1/gate/" + session,
                                      BEGIN + gone)
            if not again:
                break
        show(status, again, body)
        show(*ask(path, "/v1/gate/" + session, BEGIN + gone))

main()

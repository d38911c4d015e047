"""receiver_client.py - deliveries as forges and tools send them, and as others would.

    sent(port, source, body, **more) -> (status, headers, text)
    raw(port, bytes, ...) -> what came back until the connection was closed
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import select
import socket
import time

PORT = int(os.environ["RECEIVER_PORT"])
SECRETS = os.environ["SECRETS"]


def secret(name):
    data = open(os.path.join(SECRETS, name), "rb").read()
    return data[:-1] if data.endswith(b"\n") else data


def hexmac(key, body, kind=hashlib.sha256):
    return hmac.new(key, body, kind).hexdigest()


def standard(key, body, ident, when=None):
    """The headers of Standard Webhooks."""
    if key.startswith(b"whsec_"):
        key = base64.b64decode(key[6:])
    when = str(int(time.time() if when is None else when))
    signed = f"{ident}.{when}.".encode() + body
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": ident, "webhook-timestamp": when, "webhook-signature": "v1," + mac}


def status_body(n=0, **more):
    return json.dumps({"type": "status", "repository": "payments", "context": "ci",
                       "commit": f"{n:040x}", "state": "success", **more}).encode()


def connect(port=PORT, timeout=40):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)


def post(path, body, headers, connection=None):
    c = connection or connect()
    c.request("POST", path, body=body,
              headers={"Content-Type": "application/json", **headers})
    r = c.getresponse()
    text = r.read().decode()
    if connection is None:
        c.close()
    return r.status, r, text


def tell(body, ident, connection=None, key=None, when=None, **headers):
    """To the generic source `ci`."""
    signed = standard(key or secret("ci"), body, ident, when)
    return post("/hooks/ci", body, {**signed, **headers}, connection)


def raw(data, port=PORT, timeout=40, pieces=None, pause=0.0):
    """Send bytes as they stand; all that comes back."""
    s = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    got = b""
    try:
        s.sendall(data)
        for piece in pieces or []:
            if select.select([s], [], [], pause)[0]:
                break
            s.sendall(piece)
        while True:
            more = s.recv(65536)
            if not more:
                break
            got += more
    except (ConnectionError, socket.timeout, BrokenPipeError):
        pass
    finally:
        s.close()
    return got


def statuses(answer):
    """The status of each answer on a connection."""
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def check(what, right, detail=""):
    print(("ok " if right else "not ok ") + what + ("" if right else f": {detail}"), flush=True)

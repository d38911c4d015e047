"""What is sent for case_k13.sh: framing, size, copies."""
import threading

from receiver_client import *


def head(length=None, path="/hooks/ci", extra="", ident="k13", body=b"", method="POST"):
    signed = standard(secret("ci"), body, ident)
    lines = [f"{method} {path} HTTP/1.1", "Host: x", "Content-Type: application/json",
             *(f"{k}: {v}" for k, v in signed.items())]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n" + extra + "\r\n").encode()


def chunked(body, size=7):
    parts = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n\r\n"


TE = "Transfer-Encoding: chunked\r\n"
CLOSE = "Connection: close\r\n"


def answer_is(what, right, data, **more):
    got = statuses(raw(data, **more))
    check(f"N08 {what} is answered {right}", got == right, got)


def closed(what, data, **more):
    """Refused, and nothing behind it on that connection is answered."""
    good = status_body(0xbad)
    behind = head(len(good), ident="smuggled-" + what.replace(" ", "-"), body=good,
                  extra=CLOSE) + good
    got = raw(data + behind, **more)
    right = all(s in (400, 401, 408, 413, 431, 501, 505) for s in statuses(got))
    right = right and len(got) > 0
    check(f"N08 {what}: refused, and the connection is closed", right, got[:200])


def n08():
    body = status_body(8)
    for n, size in enumerate((1, 7, 1000)):
        b = status_body(0x80 + n)
        answer_is(f"a chunked body in pieces of {size}", [204],
                  head(extra=TE + CLOSE, ident=f"n08-{size}", body=b) + chunked(b, size))
    b = status_body(0x90)
    answer_is("a body in two parts", [204], head(len(b), ident="n08-parts", extra=CLOSE, body=b),
              pieces=[b[:10], b[10:]], pause=0.2)
    b1, b2 = status_body(0x91), status_body(0x92)
    answer_is("a pipelined pair", [204, 204],
              head(len(b1), ident="n08-p1", body=b1) + b1 +
              head(len(b2), ident="n08-p2", body=b2, extra=CLOSE) + b2)
    closed("both lengths", head(len(body), extra=TE, body=body) + chunked(body))
    closed("both lengths the other way",
           head(extra=TE + f"Content-Length: {len(body)}\r\n", body=body) + chunked(body))
    closed("a length twice", head(len(body), extra=f"Content-Length: {len(body)}\r\n", body=body) + body)
    closed("two lengths", head(len(body), extra="Content-Length: 5\r\n", body=body) + body)
    closed("two lengths in one", head(f"{len(body)}, {len(body)}", body=body) + body)
    closed("a length with a sign", head(f"+{len(body)}", body=body) + body)
    closed("a negative length", head(-1, body=body) + body)
    closed("a length in hex", head(hex(len(body)), body=body) + body)
    closed("a length too long", head("9" * 30, body=body) + body)
    closed("a length with a blank in it", head("1 0", body=body) + body)
    closed("a bad size line", head(extra=TE, body=body) + b"zz\r\n" + body + b"\r\n0\r\n\r\n")
    closed("a negative chunk", head(extra=TE, body=body) + b"-5\r\n" + body + b"\r\n0\r\n\r\n")
    closed("a chunk too long to count",
           head(extra=TE, body=body) + b"fffffffffffffffffff\r\n" + body + b"\r\n0\r\n\r\n")
    closed("a chunk without its end", head(extra=TE, body=body) +
           b"%x\r\n%sXX0\r\n\r\n" % (len(body), body))
    for coding in ("gzip, chunked", "chunked, identity", "identity", "xchunked", "chunked, chunked"):
        closed(f"the encoding '{coding}'", head(extra=f"Transfer-Encoding: {coding}\r\n", body=body)
               + chunked(body))
    closed("the encoding twice", head(extra=TE + TE, body=body) + chunked(body))
    closed("a blank before the colon", head(extra="Transfer-Encoding : chunked\r\n", body=body)
           + chunked(body))
    b = status_body(0xf01d)
    answer_is("a folded header", [204],
              head(len(b), extra="X-A: b\r\n c\r\n" + CLOSE, ident="n08-fold", body=b) + b)
    closed("a folded second length", head(len(body), extra="Transfer-Encoding:\r\n chunked\r\n",
                                          body=body) + body)
    closed("a name with a blank", head(len(body), extra="X A: b\r\n", body=body) + body)
    closed("no length", head(body=body) + body)
    closed("no name, and what follows", head(extra=": b\r\n" + f"Content-Length: {len(body)}\r\n",
                                             body=body) + body)
    closed("no name", head(len(body), extra=": b\r\n", body=body) + body)
    closed("a line without a colon", head(len(body), extra="nothing\r\n", body=body) + body)
    closed("two hosts", head(len(body), extra="Host: y\r\n", body=body) + body)
    closed("a bare return in a header", head(len(body), extra="X-A: b\rTransfer-Encoding: chunked\r\n",
                                             body=body) + body)
    closed("a head too large", head(len(body), extra="X-A: " + "a" * 70000 + "\r\n", body=body) + body)
    closed("a hundred headers", head(len(body), extra="X-A: b\r\n" * 100, body=body) + body)
    closed("no version", b"POST /hooks/ci\r\n\r\n")
    closed("another version", b"POST /hooks/ci HTTP/2.7\r\nHost: x\r\n\r\n")
    got = raw(b"\x16\x03\x01\x02\x00\x01\x00" + os.urandom(300), timeout=15)
    check("N08 noise is no delivery", statuses(got) in ([], [400], [408]), got[:100])
    b = status_body(0x99)
    got = raw(head(len(b) - 3, ident="n08-short", body=b, extra=CLOSE) + b)
    check("N08 a length shorter than the body: not authentic", statuses(got)[:1] == [401], got)
    t = time.monotonic()
    got = raw(head(len(body) + 5, ident="n08-long", body=body) + body, timeout=60)
    check("N08 a length longer than the body is answered 408", statuses(got) == [408], got)
    check("N08 and not before long, nor after very long", 5 < time.monotonic() - t < 60)
    answer_is("a body that drips", [408], head(len(body), ident="n08-drip", body=body),
              pieces=[body[i:i + 1] for i in range(60)], pause=0.6)
    answer_is("a head that drips", [408], b"POST /hooks/ci HTTP/1.1\r\n",
              pieces=[b"X-A: b\r\n"] * 25, pause=0.5)


def n06():
    for size in (156 * 1024, 5 << 20, 25 << 20):
        body = status_body(6, filler="")
        body = status_body(size, filler="x" * (size - len(body)))[:size]
        body = body[:-2] + b'"}' if not body.endswith(b'"}') else body
        got = tell(body, f"n06-{size}")
        check(f"N06 a body of {size} bytes is stored", got[0] == 204, got[0::2])
    body = b" " * ((25 << 20) + 1)
    got = tell(body, "n06-over")
    check("N06 one byte more is answered 413", got[0] == 413, got[0::2])
    got = statuses(raw(head(len(body), extra="Expect: 100-continue\r\n", body=b"")))
    check("N06 who asks before sending is told at once", got == [413], got)
    data = head(extra=TE + CLOSE, ident="n06-chunks", body=b"")
    got = statuses(raw(data + chunked(body, 1 << 20)))
    check("N06 and so are chunks", got == [413], got)
    got = statuses(raw(head(1 << 40, body=b"") + b"x"))
    check("N06 a length beyond all is answered 413", got == [413], got)


def n01():
    body = status_body(1)
    got = [tell(body, "n01")[0] for _ in range(3)]
    check("N01 a delivery three times: stored, then known", got == [204, 200, 200], got)


def n01_again():
    got = tell(status_body(1), "n01")[0]
    check("N01 and after a restart", got == 200, got)


def n03():
    body = status_body(3)
    ports = [int(p) for p in os.environ["PORTS"].split()]
    got, lock = [], threading.Lock()
    ready = threading.Barrier(20)

    def one(n):
        c = connect(ports[n % len(ports)])
        c.connect()
        ready.wait()
        status = tell(body, "n03-" + os.environ["ROUND"], connection=c)[0]
        with lock:
            got.append(status)
        c.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    check(f"N03 {len(ports)} receiver(s), 20 at once: one is stored",
          sorted(got) == [200] * 19 + [204], sorted(got))


def others():
    for what, path, method, status in (
            ("an unknown source", "/hooks/nobody", "POST", 404),
            ("no source", "/hooks/", "POST", 404),
            ("a source by a way round", "/hooks/../hooks/ci", "POST", 404),
            ("a source in upper case", "/hooks/CI", "POST", 404),
            ("a source and more", "/hooks/ci/", "POST", 404),
            ("GET", "/hooks/ci", "GET", 405), ("PUT", "/hooks/ci", "PUT", 405)):
        body = status_body(4)
        got = statuses(raw(head(len(body), path, ident="o", body=body, method=method, extra=CLOSE) + body))
        check(f"{what} is answered {status}", got == [status], got)
    for what, body in (("deeply nested", b'{"a":' * 100 + b"1" + b"}" * 100),
                       ("very deeply nested", b"[" * 100000),
                       ("a key twice", b'{"type":"status","type":"deployment"}'),
                       ("not UTF-8", b'{"type":"\xff"}'), ("a NUL", b'{"type":"\0"}'),
                       ("more behind", status_body(5) + b"x"), ("cut", status_body(5)[:-1]),
                       ("empty", b""), ("a NUL in a name", status_body(5, repository="pay\0ments")),
                       ("a BOM", b"\xef\xbb\xbf" + status_body(5))):
        got = tell(body, "bad-" + what.replace(" ", "-"))[0]
        check(f"N11 a body that is {what} is answered 400", got == 400, got)
    got = tell(status_body(7, repository="sand box"), "unmapped")[0]
    check("a repository nobody names is answered 200", got == 200, got)


if __name__ == "__main__":
    for name in os.environ["CASES"].split():
        globals()[name]()

"""receiver.py WHAT [WORD]...: deliveries over a time, for receiver.sh."""
import sys
import threading

from receiver_client import *


def many(path, first, count, workers=8):
    """Deliveries on several connections; the number of each 2xx is noted in a file."""
    lock, numbers = threading.Lock(), iter(range(first, first + count))
    statuses_seen = {}
    with open(path, "a") as acked:
        def run():
            c = connect(timeout=10)
            while True:
                with lock:
                    n = next(numbers, None)
                if n is None:
                    break
                try:
                    status, r, _ = tell(status_body(n), f"n-{n}", connection=c)
                except (OSError, http.client.HTTPException):
                    break
                with lock:
                    statuses_seen[status] = statuses_seen.get(status, 0) + 1
                    if status in (200, 204):
                        acked.write(f"{n}\n")
                        acked.flush()
                if r.getheader("Connection") == "close":
                    c.close()
                    c = connect(timeout=10)
            c.close()

        threads = [threading.Thread(target=run) for _ in range(workers)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
    print(statuses_seen)
    return statuses_seen


def steady(seconds, first, tls=None):
    """Without an end; false where one was not answered 2xx."""
    import ssl
    end, n, bad, c = time.monotonic() + seconds, first, [], None
    while time.monotonic() < end:
        try:
            if c is None and tls:
                c = http.client.HTTPSConnection(
                    "localhost", PORT, timeout=10, context=ssl.create_default_context(cafile=tls))
            elif c is None:
                c = connect(timeout=10)
            status, r, _ = tell(status_body(n), f"n-{n}", connection=c)
            if status not in (200, 204):
                bad.append(status)
            if r.getheader("Connection") == "close":
                c.close()
                c = None
        except (OSError, http.client.HTTPException) as e:
            bad.append(repr(e))
            c = None
        n += 1
    print(n - first, bad[:5])
    return not bad and n - first > 10


def idle(count):
    """Connections that say nothing, from addresses enough; then one that does."""
    held = []
    for n in range(count):
        s = socket.socket()
        s.settimeout(5)
        try:
            s.bind((f"127.0.{1 + n // 200 % 200}.{1 + n % 200}", 0))
            s.connect(("127.0.0.1", PORT))
            held.append(s)
        except OSError:
            s.close()
    print(len(held))
    return held


if __name__ == "__main__":
    what, words = sys.argv[1], sys.argv[2:]
    if what == "many":
        many(words[0], int(words[1]), int(words[2]))
    elif what == "steady":
        sys.exit(not steady(float(words[0]), int(words[1]), *words[2:]))
    elif what == "idle":
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
        held = idle(int(words[0]))
        ok = [tell(status_body(0x1d1e + n), f"idle-{n}")[0] for n in range(3)]
        print(ok)
        sys.exit(ok != [204] * 3)

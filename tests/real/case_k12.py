"""What is sent for case_k12.sh; one line of TAP's kind for each answer."""
from receiver_client import *

HUB = secret("hub")
BODY = json.dumps({"zen": "spaces  are kept", "n": 1.0, "u": "\u00e9", "hook_id": 1},
                  separators=(" , ", ": ")).encode()


def hub(value, body=BODY, ident=None, **more):
    headers = {"X-GitHub-Event": "ping", "X-GitHub-Delivery": ident or os.urandom(8).hex(), **more}
    if value is not None:
        headers["X-Hub-Signature-256"] = value
    return post("/hooks/hub", body, headers)


def m01():
    right = hexmac(HUB, BODY)
    for what, value, status in (
            ("the right signature", "sha256=" + right, 200),
            ("upper-case hex of it", "sha256=" + right.upper(), 200),
            ("none", None, 401), ("an empty one", "", 401), ("the prefix alone", "sha256=", 401),
            ("63 digits", "sha256=" + right[:63], 401), ("65 digits", "sha256=" + right + "0", 401),
            ("64 letters of two bytes", ("sha256=" + "\u00e9" * 64).encode(), 401),
            ("8 KB", "sha256=" + "0" * 8192, 401)):
        got = hub(value)[0]
        check(f"M01 {what} is answered {status}", got == status, got)
    head = (f"POST /hooks/hub HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"X-Hub-Signature-256: sha256={right}\r\nX-Hub-Signature-256: sha256={right}\r\n"
            f"Content-Length: {len(BODY)}\r\nConnection: close\r\n\r\n").encode()
    got = statuses(raw(head + BODY))
    check("M01 two headers are answered 401", got == [401], got)
    check("M01 the process is alive", hub("sha256=" + right)[0] == 200)


def m02():
    for what, body in (("spaces", b'{ "zen" :  "x" }'), ("escapes", b'{"zen":"\\u0078"}'),
                       ("1.0", b'{"zen":"x","n":1.0}'), ("key order", b'{"z":1,"zen":"x","a":2}'),
                       ("a line at the end", b'{"zen":"x"}\n')):
        got = hub("sha256=" + hexmac(HUB, body), body)
        check(f"M02 {what}: signed over the bytes received", got[0] == 200, got)
        other = json.dumps(json.loads(body), sort_keys=True).encode()
        got = hub("sha256=" + hexmac(HUB, other), body)
        check(f"M02 {what}: not over what they mean", got[0] == 401, got)


def m03():
    form = b"payload=%7B%22zen%22%3A%22x%22%7D"
    for kind in ("application/x-www-form-urlencoded", "text/plain", "application/jsonp",
                 "application/json; charset=latin-1", "application/json; x=y", ""):
        got = hub("sha256=" + hexmac(HUB, form), form, **{"Content-Type": kind})[0]
        check(f"M03 content type '{kind}' is answered 415", got == 415, got)
    body = b'{"zen":"x"}'
    for kind in ("application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'):
        got = hub("sha256=" + hexmac(HUB, body), body, **{"Content-Type": kind})[0]
        check(f"M03 content type '{kind}' is taken", got == 200, got)
    got = hub("sha256=" + hexmac(HUB, body), body, **{"Content-Encoding": "gzip"})[0]
    check("M03 a compressed body is answered 415", got == 415, got)


def m04():
    right = hexmac(HUB, BODY)
    _, r, text = hub("sha256=" + "0" * 64)
    said = text + str(r.getheaders())
    check("M04 the answer tells nothing of the right signature",
          right[:8] not in said and HUB.decode() not in said, said)


def m05():
    tea = secret("tea")
    body = json.dumps({"secret": tea.decode(), "ref": "refs/heads/x"}).encode()
    right, wrong = hexmac(tea, body), hexmac(b"something else", body)
    base = {"X-Gitea-Event": "fork", "X-Gitea-Delivery": "m05"}
    for what, more, status in (
            ("its own header", {"X-Gitea-Signature": right}, 200),
            ("and GitHub's", {"X-Gitea-Signature": right, "X-Hub-Signature-256": "sha256=" + right}, 200),
            ("and GitHub's wrong", {"X-Gitea-Signature": right, "X-Hub-Signature-256": "sha256=" + wrong}, 401),
            ("wrong, and GitHub's right", {"X-Gitea-Signature": wrong, "X-Hub-Signature-256": "sha256=" + right}, 401),
            ("GitHub's alone", {"X-Hub-Signature-256": "sha256=" + right}, 401),
            ("Gogs's alone", {"X-Gogs-Signature": right}, 401),
            ("a secret in the body", {}, 401)):
        got = post("/hooks/tea", body, {**base, **more})[0]
        check(f"M05 gitea: {what} is answered {status}", got == status, got)
    for name, header in (("forge", "X-Forgejo-Signature"), ("bucket", "X-Hub-Signature"),
                         ("center", "X-Hub-Signature")):
        prefix = "" if name == "forge" else "sha256="
        key = secret(name)
        got = post(f"/hooks/{name}", body, {header: prefix + hexmac(key, body)})[0]
        check(f"M05 {name}: its own header is right", got != 401, got)
        got = post(f"/hooks/{name}", body, {header: prefix + hexmac(tea, body)})[0]
        check(f"M05 {name}: by another source's secret it is wrong", got == 401, got)


def m08():
    body = b'{"zen":"x"}'
    sha1 = hexmac(HUB, body, hashlib.sha1)
    got = hub(None, body, **{"X-Hub-Signature": "sha1=" + sha1})[0]
    check("M08 SHA-1 alone is answered 401", got == 401, got)
    got = hub("sha256=" + hexmac(HUB, body), body, **{"X-Hub-Signature": "sha1=" + sha1})[0]
    check("M08 SHA-1 beside it does no harm", got == 200, got)


def gitlab():
    lab, body = secret("lab"), b'{"object_kind":"emoji"}'
    got = post("/hooks/lab", body, {"X-Gitlab-Token": lab.decode(), "X-Gitlab-Event": "Emoji Hook"})[0]
    check("GitLab's token is compared", got == 200, got)
    got = post("/hooks/lab", body, {"X-Gitlab-Token": "the secret of lab, lon", "X-Gitlab-Event": "Emoji Hook"})[0]
    check("another token is answered 401", got == 401, got)
    signed = standard(secret("lab-signing"), body, "lab-1")
    got = post("/hooks/lab", body, {**signed, "X-Gitlab-Event": "Emoji Hook"})[0]
    check("GitLab's signature is checked", got == 200, got)
    signed["webhook-signature"] = "v1," + "A" * 43 + "="
    got = post("/hooks/lab", body, {**signed, "X-Gitlab-Token": lab.decode(), "X-Gitlab-Event": "Emoji Hook"})[0]
    check("a wrong signature is not saved by the token", got == 401, got)


def generic():
    for what, more, status in (("now", {}, 204), ("too old", {"when": time.time() - 400}, 401),
                               ("too new", {"when": time.time() + 400}, 401),
                               ("by another secret", {"key": b"x" * 32}, 401)):
        got = tell(status_body(0x12), f"k12-{what}", **more)[0]
        check(f"Standard Webhooks {what} are answered {status}", got == status, got)


if __name__ == "__main__":
    for case in (m01, m02, m03, m04, m05, m08, gitlab, generic):
        case()

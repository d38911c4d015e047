#!/usr/bin/env python3
"""make.py - the golden ledgers: good ones, and what attackers make of them.

Each folder is a ledger: segments, `checkpoint`, `key.pem` (the key that the
auditor holds) and `expect`: what a verifier must answer, `unaltered` and
`uncut`, each yes, no or unknown.  `foureyes verify` and contrib/verify-ledger
are both held against them (tests/real/verifiers.sh).  Everything is made from
fixed seeds, so making it again changes no byte.
"""
import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ORIGIN = "example.com/golden"
ZERO = "0" * 64


def sha(data):
    return hashlib.sha256(data).digest()


class Key:
    """An Ed25519 key from a seed; openssl signs."""

    def __init__(self, seed):
        raw = sha(seed.encode())
        self.private = bytes.fromhex("302e020100300506032b657004220420") + raw
        self.der = self.run("pkey", "-inform", "DER", "-in", "key", "-pubout",
                            "-outform", "DER")
        body = base64.b64encode(self.der).decode()
        self.pem = (f"-----BEGIN PUBLIC KEY-----\n{body}\n"
                    "-----END PUBLIC KEY-----\n")
        self.print = sha(self.der).hex()

    def run(self, *words, text=b""):
        with tempfile.TemporaryDirectory() as top:
            for name, data in (("key", self.private), ("text", text)):
                with open(os.path.join(top, name), "wb") as out:
                    out.write(data)
            return subprocess.run(["openssl", *words], cwd=top, check=True,
                                  capture_output=True).stdout

    def sign(self, text):
        return self.run("pkeyutl", "-sign", "-inkey", "key", "-keyform", "DER",
                        "-rawin", "-in", "text", text=text)


def body(kind, **keys):
    return json.dumps({"type": kind, **keys}, separators=(",", ":"),
                      ensure_ascii=False)[1:]


def chain(bodies, prev=ZERO, first=1, minute=0):
    """Lines from bodies; a body may be (body, minute of its time)."""
    lines = []
    for n, text in enumerate(bodies):
        minute += 1
        if isinstance(text, tuple):
            text, minute = text
        line = (f'{{"v":1,"seq":{first + n},"time":"2026-03-01T'
                f'{minute // 60:02}:{minute % 60:02}:00.000Z",'
                f'"prev":"{prev}",{text}').encode()
        lines.append(line)
        prev = sha(line).hex()
    return lines


def root(lines):
    if not lines:
        return sha(b"")
    if len(lines) == 1:
        return sha(b"\0" + lines[0])
    k = 1
    while k * 2 < len(lines):
        k *= 2
    return sha(b"\1" + root(lines[:k]) + root(lines[k:]))


def note(lines, *keys, origin=ORIGIN, size=None):
    text = (f"{origin}\n{len(lines) if size is None else size}\n"
            f"{base64.b64encode(root(lines)).decode()}\n").encode()
    out = text + b"\n"
    for key in keys:
        mark = sha(origin.encode() + b"\n\1" + key.der[12:])[:4]
        blob = base64.b64encode(mark + key.sign(text)).decode()
        out += f"\u2014 {origin} {blob}\n".encode()
    return out


def key_body(key, by=None, signer=None):
    keys = {"purpose": "seal", "fingerprint": key.print, "public": key.pem}
    if by:
        text = (f"foureyes key v1\norigin {ORIGIN}\npurpose seal\n"
                f"key {key.print}\nsigned-by {by.print}\n").encode()
        keys["signed_by"] = by.print
        keys["signature"] = base64.b64encode(
            (signer or by).sign(text)).decode()
    return body("key", **keys,
                by={"account": "root", "person": None, "in_order": False})


FIRST, SECOND, STRANGER = Key("first"), Key("second"), Key("stranger")
OPENED = body("opened", origin=ORIGIN, program={"version": "0.1"},
              by={"account": "root", "person": None, "in_order": False})


def landing(n, lander="alice"):
    return body("landing", repository="payments", gate="main",
                ref="refs/heads/main", old=f"{n:040x}", new=f"{n + 1:040x}",
                decision=2, witness="transaction", outcome="ADMITTED",
                mode="enforce", landed=[], approved=[], lander=lander)


def bodies(count, **keys):
    return [OPENED, key_body(FIRST)] + [
        landing(n, **keys) for n in range(3, count + 1)]


def save(name, lines, sealed=None, expect="yes yes", key=FIRST, **more):
    """`more`: tail (bytes behind the lines), cut (seqs at which a segment
    begins), skip (segments left out)."""
    top = os.path.join(HERE, name)
    shutil.rmtree(top, ignore_errors=True)
    os.mkdir(top)
    files = {}
    cuts = sorted({1, *more.get("cut", ())})
    for at, begin in enumerate(cuts):
        end = cuts[at + 1] - 1 if at + 1 < len(cuts) else len(lines)
        files[f"{begin:020}.jsonl"] = b"".join(
            line + b"\n" for line in lines[begin - 1:end])
    files[f"{cuts[-1]:020}.jsonl"] += more.get("tail", b"")
    for begin in more.get("skip", ()):
        del files[f"{begin:020}.jsonl"]
    files["key.pem"] = key.pem.encode()
    files["expect"] = "unaltered {}\nuncut {}\n".format(
        *expect.split()).encode()
    if sealed is not None:
        files["checkpoint"] = sealed
    for file, data in files.items():
        with open(os.path.join(top, file), "wb") as out:
            out.write(data)


def good():
    lines = chain(bodies(12))
    save("good", lines, note(lines, FIRST))
    save("good-unsealed-tail", lines, note(lines[:7], FIRST))
    save("good-no-checkpoint", lines, expect="yes unknown")
    save("good-segments", lines, note(lines, FIRST), cut=(5, 9))
    save("good-torn", lines, note(lines, FIRST), tail=lines[3][:90])
    save("good-torn-nuls", lines, note(lines, FIRST), tail=b"\0" * 4096)
    back = chain(bodies(6) + [(landing(7), 1), landing(8)])
    save("good-clock-went-back", back, note(back, FIRST))
    odd = chain(bodies(4) + [body("observation", text="\u00e4 \" \\ %s",
                                  none=None, big=9007199254740993)])
    save("good-odd-texts", odd, note(odd, FIRST))
    turned = chain(bodies(6) + [key_body(SECOND, by=FIRST)] +
                   [landing(n) for n in range(8, 13)])
    save("good-key-rotated", turned, note(turned, SECOND), key=SECOND)
    save("good-two-signatures", turned, note(turned, STRANGER, SECOND),
         key=SECOND)


def attacked():
    lines = chain(bodies(12))
    sealed = note(lines, FIRST)

    def change(at, old, new):
        bad = list(lines)
        bad[at] = bad[at].replace(old, new)
        assert bad[at] != lines[at]
        return bad

    no = "no no"
    save("altered-person", change(5, b'"alice"', b'"mallo"'), sealed, no)
    save("altered-digit", change(8, b'"decision":2', b'"decision":3'), sealed,
         no)
    save("altered-time", change(5, b"T00:06", b"T00:07"), sealed, no)
    save("altered-last", change(11, b'"alice"', b'"mallo"'), sealed, "yes no")
    save("altered-space", change(5, b'"type":', b' "type":'), sealed, no)
    save("altered-impossible-date", change(11, b"03-01T", b"02-30T"), sealed,
         no)
    save("altered-prev", change(5, lines[4][-20:], lines[4][-20:] + b" ")
         if lines[4][-20:] in lines[5] else
         change(5, sha(lines[4]).hex().encode(), ZERO.encode()), sealed, no)
    save("dropped-middle", lines[:5] + lines[6:], sealed, no)
    save("dropped-first", lines[1:], sealed, no)
    save("inserted", lines[:6] + [lines[5]] + lines[6:], sealed, no)
    save("swapped", lines[:5] + [lines[6], lines[5]] + lines[7:], sealed, no)
    save("missing-segment", lines, sealed, no, cut=(5, 9), skip=(5,))
    save("missing-first-segment", lines, sealed, no, cut=(5, 9), skip=(1,))
    save("torn-in-the-middle", lines[:4] + [lines[4][:80]] + lines[4:],
         sealed, no)
    save("cut-tail", lines[:9], sealed, "yes no")
    save("cut-tail-no-checkpoint", lines[:9], None, "yes unknown")
    other = lines[:7] + chain([landing(n, "mallory") for n in range(8, 13)],
                              sha(lines[6]).hex(), 8, 7)
    save("rewritten-suffix", other, sealed, "yes no")
    save("rewritten-suffix-unsealed", other, note(lines[:7], FIRST))
    save("rewritten-from-the-first", chain(bodies(12, lander="mallory")),
         sealed, "yes no")
    save("resealed-by-a-stranger", other, note(other, STRANGER), "yes no")
    save("signature-missing", lines, sealed.split(b"\n\n")[0] + b"\n\n",
         "yes no")
    save("signature-altered", lines,
         sealed[:-20] + bytes([sealed[-20] ^ 1]) + sealed[-19:], "yes no")
    save("checkpoint-other-count", lines, note(lines, FIRST, size=11),
         "yes no")
    save("checkpoint-other-origin", lines,
         note(lines, FIRST, origin="example.com/other"), "yes no")
    save("checkpoint-unsigned-change", lines,
         sealed.replace(b"\n12\n", b"\n11\n"), "yes no")
    theirs = [OPENED, key_body(FIRST)] + [landing(n) for n in range(3, 7)]
    for name, key in (("key-not-introduced", key_body(STRANGER)),
                      ("key-introduced-by-itself",
                       key_body(STRANGER, by=STRANGER)),
                      ("key-signed-wrongly",
                       key_body(STRANGER, by=FIRST, signer=STRANGER))):
        turned = chain(theirs + [key] + [landing(n) for n in range(8, 13)])
        save(name, turned, note(turned, STRANGER), "yes no")


good()
attacked()

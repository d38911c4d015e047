#!/usr/bin/env python3
"""transcripts.py >docs/servers/transcripts.md

What a pusher sees at each kind of server: the first push that was refused and
the first that was admitted, as the tests of tests/real saw them.
"""
import os
import re
import subprocess
import sys
import tempfile

SERVERS = [
    ("A local path", "door_local.sh", "local", "bare repositories"),
    ("sshd with ExposeAuthInfo", "door_ssh.sh", "ssh", "Debian's sshd"),
    ("nginx with fcgiwrap", "server_nginx.sh", "http", "Debian's nginx"),
    ("gitolite 3", "server_gitolite.sh", "gitolite", "Debian's gitolite"),
    ("Gitea and Forgejo", "server_gitea.sh", "gitea", "imitated"),
    ("GitLab", "server_gitlab.sh", "gitlab", "imitated"),
    ("Bitbucket Data Center", "server_bitbucket.sh", "bitbucket-dc",
     "imitated"),
    ("GitHub Enterprise Server", "handover_https.sh", "ghes",
     "`gate: https:`, as its hook environment uses it"),
]
PUSH = re.compile(r"(?:push_as|git_as) (\w+) (?:push \S+ )?(\S+:\S+)$")


def run(script):
    with tempfile.NamedTemporaryFile("r") as out:
        subprocess.run(["tests/run", "tests/real/" + script], check=True,
                       stdout=sys.stderr,
                       env=dict(os.environ, TRANSCRIPT=out.name))
        return out.read()


def first(text, what):
    for part in text.split("== ")[1:]:
        head, _, said = part.partition("\n")
        pushed = PUSH.search(head)
        if head.startswith(what) and pushed:
            return "%s$ git push origin %s\n%s" % (
                pushed.group(1), pushed.group(2), said)
    raise SystemExit("no push was " + what)


def clean(said):
    said = re.sub(r"/(?:[\w.-]+/)*foureyes-test\.\w+/(?:srv/)?", "/srv/",
                  said)
    said = re.sub(r"127\.0\.0\.1:\d+", "git.example.com", said)
    return "\n".join(line.rstrip() for line in said.splitlines())


def main():
    print("# What a pusher sees\n")
    print("The same change, refused and then admitted, at each kind of server; "
          "made by\n`tests/transcripts.py` from what the tests saw.")
    for name, script, kind, how in SERVERS:
        text = run(script)
        print("\n## %s (`kind: %s`; %s)\n" % (name, kind, how))
        for what in ("refused", "admitted"):
            print("```text\n%s\n```" % clean(first(text, what)))


main()

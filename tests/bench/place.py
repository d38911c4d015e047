"""The places a push is measured on: plain repositories, and an installation.

Everything lies below one directory, and each state of it is kept beside it, so
that every measured push begins from the same bytes.
"""
import base64
import filecmp
import hashlib
import json
import os
import random
import shutil
import subprocess

REPOSITORY = "bench"
PEOPLE = 24
HERE = os.path.dirname(os.path.abspath(__file__))
HOOKS = ("pre-receive", "reference-transaction", "post-receive")


def run(*words, env=None, cwd=None, stdin=None):
    done = subprocess.run(words, env=env, cwd=cwd, input=stdin, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise SystemExit("%s: failed\n%s" % (" ".join(words), done.stdout))
    return done.stdout.strip()


def write(path, text, mode=0o644):
    """A new file: the old one may have other names, in states kept."""
    if os.path.lexists(path):
        os.unlink(path)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)


def empty(path):
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)


class Site:
    """`work` is ours alone; `program` the foureyes that is measured."""

    def __init__(self, work, program, commits, topics):
        self.work, self.program = work, program
        self.hook_program = program
        self.commits, self.topics = commits, topics
        self.client = os.path.join(work, "client.git")
        self.server = os.path.join(work, "srv", REPOSITORY + ".git")
        self.etc = os.path.join(work, "etc")
        self.restored = None  # the state that was restored last
        self.env = dict(
            os.environ, HOME=work, LC_ALL="C", TZ="UTC",
            GIT_CONFIG_NOSYSTEM="1", FOUREYES_CONFIG=self.etc,
            TEST_PUSHER="dev0")

    def path(self, *parts):
        return os.path.join(self.work, *parts)

    def git(self, *words, **more):
        return run("git", *words, env=self.env, **more)

    def forget(self):
        """What an earlier run left, but for the client's history."""
        for part in ("etc", "states", "srv"):
            shutil.rmtree(self.path(part), ignore_errors=True)

    # ---- the repositories ----

    def make_client(self):
        stamp = "%d %s" % (self.commits, " ".join(map(str, self.topics)))
        mark = self.path("client.is")
        with open(os.path.join(HERE, "generate.py"), "rb") as f:
            stamp += " " + hashlib.sha256(f.read()).hexdigest()
        if os.path.exists(mark) and open(mark).read() == stamp:
            return
        empty(self.client)
        self.git("init", "-q", "--bare", "-b", "main", self.client)
        maker = subprocess.Popen(
            [os.path.join(HERE, "generate.py"), str(self.commits)] +
            [str(n) for n in self.topics], stdout=subprocess.PIPE)
        subprocess.run(
            ["git", "-C", self.client, "fast-import", "--quiet",
             "--depth=50"], stdin=maker.stdout, check=True, env=self.env)
        if maker.wait() != 0:
            raise SystemExit("generate.py failed")
        self.git("-C", self.client, "gc", "-q")
        write(mark, stamp)

    def make_server(self, refs):
        """A bare repository with main and `refs` tags, all of it packed."""
        empty(os.path.dirname(self.server))
        self.git("clone", "-q", "--bare", "--no-tags", "--single-branch",
                 "-b", "main", self.client, self.server)
        self.git("-C", self.server, "remote", "remove", "origin")
        self.git("-C", self.server, "config", "receive.advertisePushOptions",
                 "true")
        self.git("-C", self.server, "config", "gc.auto", "0")
        self.git("-C", self.server, "repack", "-q", "-a", "-d", "-b")
        self.git("-C", self.server, "commit-graph", "write", "--reachable")
        self.set_refs(refs)

    def set_refs(self, refs):
        """Refs on commits of main, with what other branches there are."""
        oids = self.git("-C", self.client, "rev-list", "main").split()
        lines = [line for line in self.git(
            "-C", self.server, "for-each-ref",
            "--format=%(objectname) %(refname)").splitlines()
            if "/bench/" not in line]
        lines += ["%s refs/bench/r%06d" % (oids[i % len(oids)], i)
                  for i in range(refs)]
        lines.sort(key=lambda line: line.split()[1])
        for kind in ("heads", "foureyes", "tags"):
            shutil.rmtree(os.path.join(self.server, "refs", kind),
                          ignore_errors=True)
        os.makedirs(os.path.join(self.server, "refs", "heads"))
        write(os.path.join(self.server, "packed-refs"),
              "# pack-refs with: peeled fully-peeled sorted \n" +
              "".join(self.packed(line) for line in lines))

    def packed(self, line):
        oid, ref = line.split()
        if not ref.startswith("refs/foureyes/"):
            return line + "\n"
        commit = self.git("-C", self.server, "rev-parse", oid + "^{commit}")
        return "%s\n^%s\n" % (line, commit)

    # ---- the installation ----

    def make_keys(self):
        for name in ["dev%d" % i for i in range(PEOPLE)] + ["bob"]:
            key = self.path("keys", name)
            if not os.path.exists(key):
                os.makedirs(os.path.dirname(key), exist_ok=True)
                run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name,
                    "-f", key)

    def people(self):
        text = "version: 1\npeople:\n"
        for name in ["dev%d" % i for i in range(PEOPLE)] + ["bob"]:
            public = " ".join(open(self.path("keys", name + ".pub"))
                              .read().split()[:2])
            text += (
                "  %s:\n    name: Developer %s\n"
                "    emails: [%s@example.com, %s@example.org]\n"
                "    logins: {local: %s}\n    keys:\n      - \"%s\"\n"
                "    groups: [engineers, release]\n"
            ) % (name, name, name, name, name, public)
        return text

    def make_installation(self):
        """As `foureyes init` writes it, for these people and this place."""
        self.restored = None
        empty(self.etc)
        os.rmdir(self.etc)
        self.make_keys()
        run(self.program, "init", "--kind", "local", "--root",
            self.path("srv"), self.etc, env=self.env)
        write(os.path.join(self.etc, "people.yaml"), self.people())
        self.edit("foureyes.yaml", "  kind: local\n",
                  "  kind: local\n  pusher: TEST_PUSHER\n")
        self.edit("foureyes.yaml", "deadline: 4s", "deadline: 60s")
        self.edit("policy.yaml", "freeze:", "# freeze:")
        self.edit("policy.yaml", "  - {from:", "#  - {from:")

    def edit(self, name, old, new):
        path = os.path.join(self.etc, name)
        text = open(path).read()
        write(path, text.replace(old, new))

    def set_hooks(self, names, program=None):
        """Ours, for those names; else the one program given as pre-receive."""
        where = os.path.join(self.server, "hooks")
        empty(where)
        for name in names:
            if program is not None:
                os.symlink(program, os.path.join(where, name))
                continue
            write(os.path.join(where, name),
                  "#!%s hook-file\nhook %s\nconfig %s\n"
                  % (self.hook_program, name, self.etc), 0o755)

    def adopt(self):
        """Hooks run from now on what `foureyes install` has them run."""
        empty(os.path.join(self.server, "hooks"))
        run(self.program, "install", self.server, env=self.env)
        with open(os.path.join(self.server, "hooks", "pre-receive")) as f:
            self.hook_program = f.readline()[2:].split()[0]
        self.check()
        self.set_hooks(HOOKS)
        run(self.program, "adopt", REPOSITORY, env=self.env)
        # A first push has to find out what those after it take as known.
        self.push("main:refs/heads/first")

    def push(self, *specs):
        self.git("-C", self.client, "push", "-q", "file://" + self.server,
                 *specs)

    def approve(self, topic):
        commit = self.git("-C", self.client, "rev-parse", topic)
        name = "foureyes/approve-" + commit[:12]
        message = ("Looks right.\n\nFoureyes-Repository: %s\n"
                   "Foureyes-Target: refs/heads/main\n"
                   "Foureyes-Decision: approve\n" % REPOSITORY)
        self.git("-C", self.client, "-c", "user.name=bob", "-c",
                 "user.email=bob@example.com", "-c", "gpg.format=ssh", "-c",
                 "user.signingKey=" + self.path("keys", "bob.pub"), "tag",
                 "-s", "-f", "--cleanup=verbatim", "-F", "-", name, commit,
                 stdin=message)
        tag = self.git("-C", self.client, "rev-parse", "refs/tags/" + name)
        self.git("-C", self.client, "tag", "-d", name)
        self.push("%s:refs/foureyes/approvals/%s/%s"
                  % (tag, commit, tag[:16]))
        return tag

    def topics_approved(self):
        for n in reversed(self.topics):
            self.push("p%d:refs/heads/p%d" % (n, n))
            tag = self.approve("p%d" % n)
        return tag

    # ---- a crowd ----

    def crowd(self, people, entries):
        """So many more people, and repositories' entries before ours."""
        dice = random.Random(11)
        more = "".join(
            "  p%05d:\n    name: Person %d\n"
            "    emails: [person%d@example.com, p%d@example.org]\n"
            "    logins: {local: p%05d}\n    keys: [\"%s\"]\n"
            "    groups: [engineers, team%d]\n"
            % (i, i, i, i, i, self.some_key(dice), i % 300)
            for i in range(people))
        before = "".join(
            "  - match: [\"team%d/app-%d-**\", \"other%d/**\"]\n"
            "    gates:\n      main:\n"
            "        refs: [\"refs/heads/main\", \"refs/heads/release/**\"]\n"
            "        approvals: {count: 1, groups: [engineers]}\n"
            "        rollback_plan: {required: true, min_words: 5}\n"
            % (i % 100, i, i) for i in range(entries))
        self.edit("people.yaml", "people:\n", "people:\n" + more)
        self.edit("policy.yaml", "\nrepositories:\n",
                  "\nrepositories:\n" + before)
        for name in ("people.yaml", "policy.yaml"):
            run(self.program, "apply", os.path.join(self.etc, name),
                env=self.env)
        # As on any day but the first: other pushes came since.
        self.set_hooks(HOOKS)
        for number in range(3):
            commit = self.git(
                "-C", self.client, "-c", "user.name=dev0", "-c",
                "user.email=dev0@example.com", "commit-tree", "-p", "main",
                "-m", "since then, %d" % number, "main^{tree}")
            self.push("%s:refs/heads/since%d" % (commit, number))

    @staticmethod
    def some_key(dice):
        """A public key that nobody holds."""
        kind = b"ssh-ed25519"
        bytes_ = (len(kind).to_bytes(4, "big") + kind +
                  (32).to_bytes(4, "big") +
                  dice.getrandbits(256).to_bytes(32, "big"))
        return "ssh-ed25519 " + base64.b64encode(bytes_).decode()

    # ---- a long ledger ----

    def lengthen_ledger(self, records):
        """Copies of what is there, as of other repositories."""
        folder = os.path.join(self.etc, "ledger")
        segment = os.path.join(folder, sorted(
            n for n in os.listdir(folder) if n.endswith(".jsonl"))[-1])
        lines = open(segment, "rb").read().splitlines()
        samples = [b for b in (
            line[line.index(b'"type":'):] for line in lines
            if b'"repository":"bench"' in line and len(line) < 6000)]
        at, last = len(lines), lines[-1]
        dice = random.Random(7)
        with open(segment, "ab") as f:
            for _ in range(records):
                at += 1
                body = dice.choice(samples).replace(
                    b'"repository":"bench"',
                    b'"repository":"team%d/service"' % dice.randrange(60))
                body = self.other_commits(body, dice)
                stamp = json.loads(last)["time"].encode()
                last = (b'{"v":1,"seq":%d,"time":"%s","prev":"%s",'
                        % (at, stamp,
                           hashlib.sha256(last).hexdigest().encode())) + body
                f.write(last + b"\n")
        run(self.program, "due", env=self.env)

    @staticmethod
    def other_commits(body, dice):
        """Each commit of the record becomes one that nobody has."""
        out, names = [], {}
        for part in body.split(b'"'):
            if len(part) == 40 and set(part) <= set(b"0123456789abcdef"):
                part = names.setdefault(
                    part, b"%040x" % dice.getrandbits(160))
            out.append(part)
        return b'"'.join(out)

    # ---- keeping and restoring ----

    def keep(self, state):
        place = self.path("states", state)
        self.restored = None
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        run("cp", "-al", os.path.dirname(self.server),
            os.path.join(place, "srv"))
        if os.path.exists(self.etc):
            run("cp", "-a", self.etc, os.path.join(place, "etc"))

    def restore(self, state):
        place = self.path("states", state)
        shutil.rmtree(os.path.dirname(self.server), ignore_errors=True)
        run("cp", "-al", os.path.join(place, "srv"), self.work)
        if os.path.exists(os.path.join(place, "etc")):
            self.restore_etc(os.path.join(place, "etc"),
                             self.restored == state)
        self.restored = state
        os.sync()

    def restore_etc(self, place, same):
        """A file that has not changed stays, so that what was made of it (and
        says so by its number and times) still counts.  Of the same state the
        ledger only grew, and is cut; all else is small."""
        changed = False
        for folder, _, names in os.walk(place):
            here = self.etc + folder[len(place):]
            os.makedirs(here, exist_ok=True)
            for name in os.listdir(here):
                path = os.path.join(here, name)
                if name not in names and not os.path.isdir(path) and \
                        not name.startswith("compiled-"):
                    os.unlink(path)
            for name in names:
                kept, path = os.path.join(folder, name), os.path.join(here, name)
                if name.startswith("compiled-"):
                    continue
                if same and name.endswith(".jsonl"):
                    os.truncate(path, os.path.getsize(kept))
                elif not os.path.exists(path) or \
                        not filecmp.cmp(kept, path, shallow=False):
                    run("cp", "-a", kept, path)
                    changed = changed or name.endswith(".yaml")
        if changed:
            self.check()

    def check(self):
        """As one does who changed the configuration: hooks need not read YAML
        then."""
        run(self.program, "check", env=self.env)

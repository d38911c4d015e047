"""year.py DIR - a year of a small company, by real pushes under another clock.

Makes DIR/etc (the installation), DIR/srv (three bare repositories), a clone for
each person and repository, and DIR/told.json: what the pack of 2025 must say,
counted while it happens and not read from any record.  `foureyes` is found along
PATH; YEAR_CLOCK names clock.so, YEAR_SOURCE the project's directory.
"""
import collections
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import time

UTC = datetime.timezone.utc
W = os.path.abspath(sys.argv[1])
SOURCE = os.environ["YEAR_SOURCE"]
REPOSITORIES = ("payments", "web", "infra")
MAIN, STAGING, PRODUCTION = (
    f"refs/heads/{name}" for name in ("main", "staging", "production"))
PLAN = "Rollback-Plan: revert this commit and put the build before it live again"
# Person: (groups, first day, first day without rights).
PEOPLE = {
    "alice": ("engineers, release", None, None),
    "bob": ("engineers, release", None, None),
    "carol": ("engineers, incident-commanders", None, None),
    "dave": ("platform", None, None),
    "erin": ("release", None, None),
    "frank": ("engineers", None, None),
    "grace": ("engineers", None, None),
    "heidi": ("engineers", None, "2025-10-15"),
    "ivan": ("engineers", None, "2025-06-01"),
    "judy": ("engineers", "2025-03-10", None),
    "ken": ("engineers", "2025-08-18", None),
    "lena": ("release, incident-commanders", None, None),
}
MACHINES = {"deploy-bot": "deployers", "update-bot": "updaters"}

told = collections.Counter()
exceptions = collections.Counter()
refused_codes = collections.Counter()
landed = {}         # (repository, ref) -> the commits it held, oldest first
notes = {}
draw = random.Random(2025)


class Clock:
    """The time of each child, and that it only goes on."""

    now = datetime.datetime(2025, 1, 1, tzinfo=UTC)

    def at(self, text):
        moment = datetime.datetime.fromisoformat(text).replace(tzinfo=UTC)
        assert moment > self.now, f"{text} is not behind {self.now}"
        self.now = moment
        self.offset = int(moment.timestamp() - time.time())

    def later(self, least, most):
        """Some minutes on, drawn."""
        minutes = datetime.timedelta(minutes=draw.randint(least, most))
        self.at((self.now + minutes).replace(tzinfo=None).isoformat())

    def environment(self):
        return {"LD_PRELOAD": os.environ["YEAR_CLOCK"],
                "CLOCK_OFFSET": str(self.offset)}


clock = Clock()


def run(words, directory=W, person=None, may_fail=False, **more):
    environment = {**os.environ, **clock.environment(), **more}
    if person:
        environment["TEST_PUSHER"] = person
    done = subprocess.run(words, cwd=directory, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0 and not may_fail:
        sys.exit(f"at {clock.now}, {person or 'nobody'}: {' '.join(words)} "
                 f"ended with {done.returncode}:\n{done.stdout}")
    return done


def write(path, text):
    with open(f"{W}/{path}", "w", encoding="utf-8") as file:
        file.write(text)


def public_key(name):
    with open(f"{W}/keys/{name}.pub", encoding="utf-8") as file:
        return " ".join(file.read().split()[:2])


# ---- the three files ----

def one_of_people(name, groups):
    logins = f"local: {name}"
    if name == "dave":
        logins = f"local: [dave, {os.environ['YEAR_ACCOUNT']}]"
    return (f"  {name}:\n    emails: [{name}@example.com]\n"
            f"    logins: {{{logins}}}\n    keys: [\"{public_key(name)}\"]\n"
            f"    groups: [{groups}]\n")


def people():
    day = clock.now.date().isoformat()
    text = "version: 1\npeople:\n"
    for name, (groups, since, until) in PEOPLE.items():
        if (since and day < since) or (until and day >= until):
            continue
        text += one_of_people(name, groups)
    text += "machines:\n"
    for name, groups in MACHINES.items():
        text += one_of_people(name, groups) + "    owner: dave\n"
    return text


def policy(payments=1, infra="enforce"):
    gates = """
    gates:
      main:
        refs: ["refs/heads/main"]
        approvals: {count: COUNT, groups: [engineers]}
        rollback_plan: {required: true, min_words: 5, machines: revert}
        ticket: {pattern: "[A-Z]+-[0-9]+"}
        routine: [{machines: [update-bot], paths: ["versions.lock"], max_files: 1}]
      staging:
        refs: ["refs/heads/staging"]
        landed_on: main
        landers: [engineers, release]
      production:
        refs: ["refs/heads/production"]
        landed_on: main
        after: {gate: staging, soak: 1h, deployment: required, told_by: [deployers]}
        approvals: {count: 1, groups: [release]}
        rollback_plan: {required: true}
        rollback: {groups: [release], within: 10}
        landers: [release]
"""
    return f"""version: 1
mode: enforce
administration: {{groups: [platform]}}
repositories:
  - match: ["payments"]{gates.replace("COUNT", str(payments))}
  - match: ["infra"]
    mode: {infra}{gates.replace("COUNT", "1")}
  - match: ["web"]{gates.replace("COUNT", "1")}
emergency:
  groups: [incident-commanders]
  valid_for: 4h
  review_within: 24h
  overdue: block
"""


def apply(name, text):
    write(name, text)
    run(["foureyes", "apply", f"{W}/{name}"])
    told[name] += 1


# ---- what people do ----

def clone_of(person, repository):
    path = f"{W}/clones/{person}-{repository}"
    if os.path.isdir(path):
        return path
    run(["git", "clone", "-q", f"{W}/srv/{repository}.git", path],
        person=person)
    with open(f"{path}/.git/config", "a", encoding="utf-8") as file:
        file.write(f"[user]\n\tname = {person}\n\temail = {person}@example.com\n"
                   f"\tsigningKey = {W}/keys/{person}.pub\n"
                   f"[gpg]\n\tformat = ssh\n[foureyes]\n"
                   f"\trepository = {repository}\n")
    return path


def git(person, repository, *words, **more):
    return run(["git", *words], clone_of(person, repository), person, **more)


def commit(person, repository, title, path, plan=PLAN):
    """A branch with one commit on the newest main, pushed; its id."""
    told["commits"] += 1
    topic = f"topic-{told['commits']}"
    git(person, repository, "fetch", "-q", "origin")
    git(person, repository, "checkout", "-q", "-B", topic, "origin/main")
    where = f"{clone_of(person, repository)}/{path}"
    with open(where, "a", encoding="utf-8") as file:
        file.write(f"{title}\n")
    git(person, repository, "add", "-A")
    git(person, repository, "commit", "-q", "-m", f"{title}\n\n{plan}")
    git(person, repository, "push", "-q", "origin", topic)
    return git(person, repository, "rev-parse", "HEAD").stdout.strip()


def approve(person, repository, oid, target="main", *more):
    git(person, repository, "fetch", "-q", "origin")
    run(["sh", f"{SOURCE}/contrib/git-approve", "--repository", repository,
         "--yes", "--for", target, *more, oid],
        clone_of(person, repository), person)


def land(person, repository, oid, ref=MAIN, *options):
    git(person, repository, "push", "-q", *options, "origin", f"{oid}:{ref}")
    landed.setdefault((repository, ref), []).append(oid)
    told["changes"] += 1
    told[f"landed {ref.rsplit('/', 1)[1]}"] += 1


def refused(code, person, repository, oid, ref=MAIN, *options):
    git(person, repository, "fetch", "-q", "origin")
    done = git(person, repository, "push", "-q", *options, "origin",
               f"{oid}:{ref}", may_fail=True)
    if done.returncode == 0 or f"{code}:" not in done.stdout:
        sys.exit(f"at {clock.now}: {person} was not refused for {code}:\n"
                 f"{done.stdout}")
    told["refusals"] += 1
    refused_codes[code] += 1


def change(author, approvers, repository, title):
    told["tickets"] += 1
    oid = commit(author, repository, f"ACME-{told['tickets']} {title}",
                 f"{author}.txt")
    for approver in approvers:
        clock.later(4, 90)
        approve(approver, repository, oid)
    clock.later(1, 60)
    land(author, repository, oid)
    return oid


def deployed(environment, repository, oid, result="success"):
    git("deploy-bot", repository, "fetch", "-q", "origin")
    run(["foureyes", "deployed", environment, oid, "--result", result],
        clone_of("deploy-bot", repository), "deploy-bot")
    told["deployments"] += 1


def release(day, repository, approver, lander):
    """What main holds goes to staging in the morning, live after lunch."""
    oid = landed[repository, MAIN][-1]
    clock.at(f"{day} 09:30")
    git(lander, repository, "fetch", "-q", "origin")
    land(lander, repository, oid, STAGING)
    deployed("staging", repository, oid)
    clock.at(f"{day} 13:15")
    approve(approver, repository, oid, PRODUCTION)
    clock.later(5, 120)
    land(lander, repository, oid, PRODUCTION,
         "-o", "rollback-plan=redeploy the build that ran before this one")
    deployed("production", repository, oid)


def roll_back(person, repository, reason):
    held = landed[repository, PRODUCTION]
    before = held[-2]
    assert before != held[-1]
    land(person, repository, before, PRODUCTION, "-f",
         "-o", f"rollback-to={before}", "-o", f"reason={reason}")
    told["rollbacks"] += 1
    deployed("production", repository, before)


def seal():
    run(["foureyes", "seal"])
    told["seals"] += 1


# ---- the year ----

def set_up():
    for name in ("keys", "srv", "clones"):
        os.makedirs(f"{W}/{name}", exist_ok=True)
    clock.at("2025-01-02 08:00")
    for name in (*PEOPLE, *MACHINES):
        run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name,
             "-f", f"{W}/keys/{name}"])
    run(["foureyes", "init", "--origin", "example.com/foureyes", f"{W}/etc"])
    write("etc/foureyes.yaml", f"""version: 1
origin: example.com/foureyes
published: "https://example.com/seal.txt"
ledger: {W}/etc/ledger
index: {W}/etc/index.db
seal_key: {W}/etc/seal.key
report_key: {W}/etc/report.key
server: {{kind: local, root: {W}/srv, pusher: TEST_PUSHER}}
""")
    write("etc/people.yaml", people())
    apply("people.yaml", people())
    apply("policy.yaml", policy(infra="observe"))
    for repository in REPOSITORIES:
        set_up_repository(repository)
    seal()


def set_up_repository(name):
    bare = f"{W}/srv/{name}.git"
    run(["git", "init", "-q", "--bare", "-b", "main", bare])
    run(["git", "init", "-q", "-b", "main", f"{W}/seed"])
    write("seed/README", f"{name}, from before foureyes\n")
    identity = ("-c", "user.name=old", "-c", "user.email=old@example.com")
    run(["git", "-C", "seed", "add", "-A"])
    run(["git", *identity, "-C", "seed", "commit", "-q", "-m",
         "before foureyes"])
    refs = [f"HEAD:{ref}" for ref in (MAIN, STAGING, PRODUCTION)]
    run(["git", "-C", "seed", "push", "-q", bare, *refs])
    oid = run(["git", "-C", "seed", "rev-parse", "HEAD"]).stdout.strip()
    run(["rm", "-rf", f"{W}/seed"])
    # Another time is told to a program by its libraries.
    run(["foureyes", "install", "--program", shutil.which("foureyes"), bare])
    run(["foureyes", "adopt", name])
    for ref in (MAIN, STAGING, PRODUCTION):
        landed[name, ref] = [oid]
        exceptions["unreviewed-baseline"] += 1


def winter():
    clock.at("2025-01-09 10:00")
    change("alice", ["bob"], "payments", "read amounts as whole cents")
    clock.at("2025-01-13 15:00")
    # Only observed: nobody approved it, and it lands.
    oid = commit("frank", "infra", "ACME-900 more room for logs", "logs.txt")
    land("frank", "infra", oid)
    exceptions["observed-only"] += 1
    told["refusals"] += 1  # that it would have been, in mode observe
    clock.at("2025-01-14 09:00")
    # What is to be released needs somebody's eyes all the same.
    approve("bob", "infra", oid)
    clock.at("2025-01-20 09:00")
    apply("policy.yaml", policy())
    # One for each of the three gates of infra.
    exceptions["control-off"] += 3
    clock.at("2025-01-21 11:00")
    change("grace", ["frank"], "infra", "rotate the logs each night")
    release("2025-01-28", "payments", "erin", "alice")
    clock.at("2025-02-04 16:20")
    oid = commit("heidi", "web", "ACME-901 a banner for the sale", "sale.txt")
    refused("peer.none", "heidi", "web", oid)
    approve("heidi", "web", oid)
    refused("peer.author", "heidi", "web", oid)
    clock.at("2025-02-05 09:10")
    approve("ivan", "web", oid)
    land("heidi", "web", oid)
    release("2025-02-11", "web", "bob", "lena")
    clock.at("2025-02-20 10:00")
    routine("payments", "1.4.1")
    clock.at("2025-03-03 14:00")
    change("ivan", ["grace"], "web", "remember the basket for a week")
    seal()
    clock.at("2025-03-10 08:30")
    apply("people.yaml", people())
    clock.at("2025-03-12 17:00")
    change("judy", ["alice"], "payments", "refuse cards that have expired")
    release("2025-03-18", "payments", "bob", "erin")


def routine(repository, version):
    told["routine"] += 1
    oid = commit("update-bot", repository, f"ACME-0 libraries of {version}",
                 "versions.lock", plan="Made by the updater.")
    land("update-bot", repository, oid)


def spring():
    clock.at("2025-04-02 10:00")
    change("bob", ["carol"], "payments", "send receipts once")
    clock.at("2025-04-03 10:00")
    oid = commit("carol", "payments", "ACME-902 rounding", "round.txt",
                 plan="Rollback-Plan: n/a")
    approve("alice", "payments", oid)
    refused("rollback.placeholder", "carol", "payments", oid)
    clock.at("2025-04-10 09:00")
    routine("web", "2.0")
    change("frank", ["judy"], "infra", "a second name server")
    release("2025-04-11", "infra", "alice", "bob")
    clock.at("2025-04-24 11:00")
    oid = landed["payments", MAIN][-1]
    git("bob", "payments", "fetch", "-q", "origin")
    approve("erin", "payments", oid, PRODUCTION)
    refused("staging.not-staged", "bob", "payments", oid, PRODUCTION,
            "-o", "rollback-plan=redeploy the build that ran before this one")
    release("2025-05-06", "payments", "alice", "lena")
    clock.at("2025-05-07 08:40")
    roll_back("erin", "payments", "INC-17: receipts are sent twice again")
    clock.at("2025-05-12 10:00")
    change("grace", ["ivan"], "payments", "send receipts once, really")
    release("2025-05-13", "payments", "bob", "erin")
    clock.at("2025-06-01 00:10")
    apply("people.yaml", people())
    seal()
    clock.at("2025-06-04 12:00")
    oid = commit("grace", "web", "ACME-903 darker buttons", "buttons.txt")
    refused("environment.pusher-unknown", "ivan", "web", oid)
    approve("heidi", "web", oid)
    land("grace", "web", oid)


def emergency(person, repository, incident, reason):
    oid = commit(person, repository, f"ACME-{incident[4:]} stop the fire",
                 "fire.txt")
    land(person, repository, oid, MAIN, "-o", f"emergency={incident}",
         "-o", f"reason={reason}")
    told["emergencies"] += 1
    exceptions["emergency"] += 1
    return oid


def summer():
    # The first emergency, looked at the next morning.
    clock.at("2025-06-17 22:30")
    oid = emergency("carol", "payments", "INC-23",
                    "cards are declined for every customer since ten")
    clock.at("2025-06-18 09:05")
    approve("alice", "payments", oid)
    told["reviewed in time"] += 1
    seal()
    # A week in which no hook runs, in one of the repositories.
    clock.at("2025-07-14 07:00")
    run(["git", "-C", f"{W}/srv/web.git", "config", "core.hooksPath",
         "/dev/null"])
    notes["off_since"] = "2025-07-14"
    for day in ("14", "16", "18"):
        clock.at(f"2025-07-{day} 15:00")
        oid = commit("grace", "web", f"ACME-9{day} while nobody looks",
                     "quick.txt")
        git("grace", "web", "push", "-q", "origin", f"{oid}:{MAIN}")
        told["moved with hooks off"] += 1
    clock.at("2025-07-21 08:00")
    doctor = run(["foureyes", "doctor", "web"], may_fail=True)
    assert doctor.returncode == 1 and "core.hooksPath" in doctor.stdout
    run(["git", "-C", f"{W}/srv/web.git", "config", "--unset",
         "core.hooksPath"])
    found = run(["foureyes", "reconcile"], may_fail=True)
    assert found.returncode == 1 and "drift" in found.stdout, found.stdout
    notes["drift"] = oid
    told["changes"] += 1
    told["drift"] += 1
    exceptions["drift"] += 1
    clock.at("2025-07-21 10:00")
    oid = commit("frank", "web", "ACME-904 a smaller logo", "logo.txt")
    refused("environment.drift", "frank", "web", oid)
    clock.at("2025-07-22 09:00")
    run(["foureyes", "account", "web", MAIN, "--reason",
         "hooks were off while the disk was moved; looked at by carol"])
    exceptions["adopted"] += 1
    approve("judy", "web", oid)
    land("frank", "web", oid)
    seal()
    # Two people look at payments from now on.
    clock.at("2025-08-01 08:00")
    apply("policy.yaml", policy(payments=2))
    clock.at("2025-08-05 10:00")
    oid = commit("alice", "payments", "ACME-905 amounts in euros", "euro.txt")
    approve("bob", "payments", oid)
    refused("peer.count", "alice", "payments", oid)
    approve("frank", "payments", oid)
    land("alice", "payments", oid)
    clock.at("2025-08-18 08:00")
    apply("people.yaml", people())
    clock.at("2025-08-20 10:00")
    change("ken", ["judy"], "web", "say what a cookie is for")
    release("2025-08-26", "web", "alice", "erin")


def autumn():
    clock.at("2025-09-02 10:00")
    change("judy", ["bob", "grace"], "payments", "ask before a second refund")
    release("2025-09-03", "payments", "lena", "alice")
    # The second emergency, looked at two days later.
    clock.at("2025-09-19 23:00")
    oid = emergency("lena", "web", "INC-31",
                    "the shop answers nobody since the certificate ended")
    clock.at("2025-09-21 16:00")
    approve("bob", "web", oid)
    told["reviewed late"] += 1
    seal()
    clock.at("2025-10-06 09:00")
    routine("infra", "7")
    clock.at("2025-10-07 11:00")
    change("frank", ["ken"], "infra", "keep backups for a month")
    release("2025-10-08", "infra", "erin", "bob")
    clock.at("2025-10-09 07:30")
    roll_back("alice", "infra", "INC-33: backups fill the disk")
    clock.at("2025-10-15 00:05")
    apply("people.yaml", people())
    clock.at("2025-10-16 10:00")
    oid = commit("ken", "web", "ACME-906 faster pictures", "pictures.txt")
    refused("peer.none", "ken", "web", oid)
    approve("carol", "web", oid)
    land("ken", "web", oid)
    release("2025-10-21", "web", "bob", "lena")
    seal()


def the_rest():
    """Ordinary weeks, drawn."""
    titles = ("spell it as the customer does", "one query less",
              "a clearer message", "drop what nobody calls", "test the edges",
              "time out after a minute", "log the request's id")
    engineers = ["alice", "bob", "carol", "frank", "grace", "judy", "ken"]
    day = datetime.date(2025, 10, 27)
    for number in range(14):
        author, first, second = draw.sample(engineers, 3)
        repository = REPOSITORIES[number % 3]
        clock.at(f"{day} {9 + number % 8:02}:{draw.randrange(60):02}")
        change(author, [first, second] if repository == "payments"
               else [first], repository, draw.choice(titles))
        if number % 5 == 4:
            routine("payments", f"3.{number}")
        day += datetime.timedelta(days=2)
    seal()
    release("2025-12-02", "payments", "erin", "bob")
    release("2025-12-09", "web", "alice", "lena")
    clock.at("2025-12-18 10:00")
    change("alice", ["carol"], "infra", "a list of who is on call")
    clock.at("2026-01-02 08:00")
    # After the year, and before it is reported on.
    oid = commit("grace", "payments", "ACME-999 a new year", "new.txt")
    approve("judy", "payments", oid)
    approve("bob", "payments", oid)
    git("grace", "payments", "push", "-q", "origin", f"{oid}:{MAIN}")
    seal()
    clock.at("2026-01-12 09:00")


def tell():
    for kind in ("emergencies", "refusals", "deployments", "changes"):
        told[kind] += 0
    write("told.json", json.dumps(
        {"counts": told, "exceptions": exceptions, "refused": refused_codes,
         "notes": notes, "now": clock.offset,
         "production": {r: landed[r, PRODUCTION][-1] for r in REPOSITORIES}},
        indent=1))


def main():
    set_up()
    winter()
    spring()
    summer()
    autumn()
    the_rest()
    tell()


main()

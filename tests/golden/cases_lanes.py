"""Release lines, routine changes of machines, freezes."""
from make import *  # noqa: F403

# ---- freeze ----

FROZEN = ("freeze: [{from: 2026-11-24, to: 2026-11-27, reason: holidays}]\n"
          "approvals: {count: 1}\nlanders: [engineers]")


def freezes():
    asks = policy(main=FROZEN)
    at = "2026-11-24T00:00:00.000Z"

    def frozen(name, words, facts=None, changed=None, policy=asks):
        case("freeze/" + name, words, facts or main(), changed, policy=policy)

    frozen("in-force", "what is approved does not land in a freeze")
    frozen("first-instant", "a freeze begins with its first instant",
           changed={"asked": at, "approval.time": "2026-11-23T09:00:00.000Z"})
    frozen("before", "a moment before it, main is free",
           changed={"asked": "2026-11-23T23:59:59.999Z",
                    "approval.time": "2026-11-23T09:00:00.000Z"})
    frozen("last-instant", "a freeze holds to its last moment",
           changed={"asked": "2026-11-26T23:59:59.999Z"})
    frozen("after", "at its end, main is free",
           changed={"asked": "2026-11-27T00:00:00.000Z"})
    frozen("unknown", "when it was asked is not known",
           changed={"asked": None})
    frozen("two", "the second of two freezes is in force",
           policy=policy(main="freeze: [{from: 2026-01-01, to: 2026-01-02, "
                              "reason: inventory}, {from: 2026-11-25, "
                              "to: 2026-11-26, reason: audit}]\n"
                              "approvals: {count: 1}"))
    for name, words, days, reasons in (
            ("first", "the first", (30, 26), ("audit", "a move")),
            ("second", "the second", (26, 30), ("a move", "audit")),
            ("together", "the first, if they end together,", (30, 30),
             ("audit", "a move"))):
        frozen("sentences-of-two-" + name,
               f"of two in force {words} is named: it ends last",
               policy=policy(main="freeze: [%s]\napprovals: {count: 1}"
                             % ", ".join(
                                 "{from: 2026-11-25, to: 2026-11-%d, "
                                 "reason: %s}" % one
                                 for one in zip(days, reasons))))
    frozen("another-gate", "staging is frozen, main is not",
           policy=policy(main="approvals: {count: 1}", staging=FROZEN,
                         production="landed_on: main"))
    frozen("not-asked", "a gate may have no freeze",
           policy=approvals("count: 1"))
    frozen("emergency", "a declaration lands in a freeze, and owes its review",
           emergency(main()), policy=asks + LANE + "\n")
    frozen("emergency-by-nobody", "who may not declare does not break it",
           emergency(main(), "bob"), policy=asks + LANE + "\n")
    frozen("lane-back", "production goes back in a freeze", back(),
           policy=promoted("rollback: {}\nlanded_on: main\n" +
                           FROZEN.splitlines()[0]))
    frozen("lane-not-taken", "and it does not go forward", production(),
           policy=promoted("rollback: {}\nlanded_on: main\n" +
                           FROZEN.splitlines()[0]))
    frozen("restored", "a ref is put back in a freeze", restored())
    frozen("made-again", "and is not made again where it was deleted",
           restored(), {"gone": True, "drift": None,
                        "old": None})
    frozen("deletion", "nothing is deleted in a freeze", retirement(),
           policy=policy(main=FROZEN + "\ndelete: {groups: [engineers]}"))
    frozen("born", "a line is not begun in a freeze",
           *born(), policy=policy(main=FROZEN + "\nborn_from: [staging]",
                                  production="approvals: {count: 1}"))
    frozen("old-rules", "older records knew of no freeze",
           changed={"rules": 2})
    frozen("rules-that-know", "the first rules that know of it judge it",
           changed={"rules": 3})
    frozen("sentences", "what the pusher reads")


# ---- a line that goes ----

def retirement():
    u = deletion()
    u["retirement"] = {"held": "yes", "ref": "refs/heads/other",
                       "gate": "staging", "record": 70}
    return u


def born():
    return main(), {"move": "create", "old": None, "base": None,
                    "adopted": "no", "changes": [],
                    "birth": {"commit": H, "gate": "staging", "record": 12}}


def retirements():
    asks = policy(main="approvals: {count: 1}\nlanders: [dba]\n"
                       "delete: {groups: [engineers]}")

    def gone(name, words, changed=None, facts=None, policy=asks):
        case("environment/" + name, words, facts or retirement(), changed,
             policy=policy)

    gone("retired", "alice deletes a line that another gated ref holds")
    gone("retired-by-a-lander",
         "who may move it may not delete it by that", {"pusher": who("dave")})
    gone("not-held", "no other gated ref holds what it has",
         {"retirement": {"held": "no"}})
    gone("held-unknown", "whether one does is not known",
         {"retirement": None})
    gone("held-by-no-record", "no record tells of the ref that holds it",
         {"retirement.record": None})
    gone("held-not-looked-at", "a record is named, and nobody looked",
         {"retirement.held": None})
    gone("held-by-itself", "it is said to hold itself",
         {"retirement.ref": "refs/heads/main"})
    gone("held-and-not-asked", "the gate says of nobody who may delete",
         policy=approvals("count: 1"))
    gone("held-by-old-rules", "older records knew of no lawful deletion",
         {"rules": 2})
    gone("retired-tag", "a release tag is not deleted, whoever holds it",
         {"ref": "refs/tags/v1.4", "gate": "production"},
         policy=promoted("delete: {groups: [engineers]}"))
    gone("not-held-in-an-emergency",
         "a declaration deletes what nothing holds, loudly",
         facts=emergency(retirement()),
         changed={"retirement": {"held": "no"}}, policy=asks + LANE + "\n")
    gone("does-not-go-back",
         "who may delete it may not move it back", {"move": "backward"},
         facts=main())
    again = {"gone": True, "drift": None, "old": None}
    gone("made-again", "a line that was deleted is made again by a lander",
         {**again, "pusher": who("dave")}, facts=restored())
    gone("made-again-by-another",
         "and by nobody else, though it brings nothing",
         again, facts=restored())
    gone("sentences-retired", "what the pusher reads")
    gone("sentences-not-held", "what the pusher reads",
         {"retirement": {"held": "no"}, "pusher": who("dave")})
    gone("sentences-made-again", "what the pusher reads",
         {**again, "pusher": who("dave")}, facts=restored())


# ---- what landed on another gate ----

ACCEPTED = "c" * 40


def accepted(id=ACCEPTED, **more):
    return commit(id, "accepted", "mend it on the line",
                  accepted_gate="staging", accepted_record=40, **more)


def merged_back():
    """Alice merges a release line into main; bob has approved the merge."""
    u = main()
    u["new"] = u["landed"] = N
    c = u["changes"][0]
    c.update(after=N, id="payments/main/" + N[:12], contributors=[],
             commits=[accepted(), commit(N, "last", "merge the line",
                                         author_fits="yes")],
             approvals=[approval("bob", N)])
    return u


def accepts():
    asks = policy(main="approvals: {count: 1}\naccepts: [staging]",
                  production="approvals: {count: 1}")

    def merge(name, words, changed=None, policy=asks):
        case("review/" + name, words, merged_back(), changed, policy=policy)

    merge("accepted", "what landed on the line is covered by that")
    merge("accepted-by-another-policy",
          "the gate accepts nothing, whatever the facts say",
          policy=policy(main="approvals: {count: 1}",
                        production="approvals: {count: 1}"))
    merge("accepted-from-another-gate",
          "the gate accepts what landed elsewhere, not this",
          {"change.commits.0.accepted_gate": "production"})
    merge("accepted-by-its-approval",
          "a commit that is covered here needs no other landing",
          {"change.commits.0.place": "approved"})
    merge("accepted-by-no-record", "no record tells of that landing",
          {"change.commits.0.accepted_record": None})
    merge("accepted-merge-not-approved",
          "the merge itself still needs this gate's approvals",
          {"change.approvals": []})
    merge("accepted-merge-uncovered",
          "nor is the merge covered by what it merges",
          {"change.commits.1.place": "", "change.approvals": []})
    merge("accepted-alone",
          "main moves to what landed there, and nobody approved that here",
          {"change.commits": [accepted()], "change.after": ACCEPTED,
           "change.approvals": []})
    merge("accepted-and-a-stranger",
          "one commit more on the line has landed nowhere",
          {"change.commits": [accepted(), commit(S, "", "a door"),
                              commit(N, "last", author_fits="yes")]})
    merge("accepted-not-asked", "a gate that asks for no approvals",
          policy=policy(main="accepts: [staging]",
                        production="approvals: {count: 1}"))
    case("peer/accepted-by-the-lander",
         "what brings no contributors is not approved by who lands it",
         merged_back(), {"change.approvals": [approval("alice", N)]},
         policy=asks)
    case("peer/accepted-by-the-landers-owner",
         "nor by who answers for the machine that lands it",
         merged_back(), {"pusher": who("deploy-bot"),
                         "change.approvals": [approval("alice", N)]},
         policy=asks)
    case("peer/accepted-by-the-landers-other-machine",
         "nor by another machine of who lands it",
         merged_back(), {"change.approvals": [approval("deploy-bot", N)]},
         policy=policy(main="approvals: {count: 1, machines: [deploy-bot]}\n"
                            "accepts: [staging]",
                       production="approvals: {count: 1}"))
    case("peer/nobodys-by-the-lander-old-rules",
         "by older rules too the lander was no peer of what nobody made",
         merged_back(), {"rules": 2,
                         "change.approvals": [approval("alice", N)]},
         policy=asks)
    case("peer/nobodys-by-the-landers-owner-old-rules",
         "by older rules who answers for the lander was",
         merged_back(), {"rules": 2, "pusher": who("deploy-bot"),
                         "change.approvals": [approval("alice", N)]},
         policy=asks)
    case("peer/machine-that-lands",
         "a machine that is a peer does not approve what it lands",
         production(), {"pusher": who("deploy-bot"), "staging.asker": "bob",
                        "change.approvals": [approval(
                            "deploy-bot",
                            target="refs/heads/production")]},
         policy=promoted("landed_on: main\napprovals: "
                         "{count: 1, machines: [deploy-bot]}"))
    case("peer/accepted-landed-by-a-machine",
         "by somebody else it is", merged_back(),
         {"pusher": who("deploy-bot")}, policy=asks)
    merge("sentences-accepted", "what the pusher reads",
          {"change.commits": [accepted(), accepted("d" * 40), commit(
              N, "last", author_fits="yes"),
              {**accepted("f" * 40), "accepted_record": 41}]})


# ---- a machine's routine ----

def routine():
    """The deploy bot lands a new lock file that nobody has looked at."""
    u = update("main", "refs/heads/main", pusher="deploy-bot")
    c = change()
    bot = [part("deploy-bot", p, machine=True)
           for p in ("author", "committer", "first-pusher")]
    c.update(requester="deploy-bot", approvals=[],
             commits=[commit(H, "", "Newer versions")],
             contributors=bot + [part("alice", "owner",
                                      written="deploy-bot@example.com")],
             rollback_plan={},
             routine={"machine": "deploy-bot", "regular": "yes", "files": 2,
                      "inside": [{"all": "yes"}]})
    u["changes"] = [c]
    return u


def routines():
    entry = "{machines: [deploy-bot], paths: [\"deps/*\"], max_files: 2}"
    asks = policy(main="approvals: {count: 1}\nroutine: [%s]" % entry)

    def bot(name, words, changed=None, policy=asks, facts=None, rule="peer"):
        case(rule + "/routine" + name, words, facts or routine(), changed,
             policy=policy)

    bot("", "a listed machine changes listed files: nobody is asked")
    bot("", "and nothing else covers it", rule="review")
    bot("-not-carried", "a yes for its commit is not carried to the end",
        {"change.commits": [commit()]}, rule="review")
    bot("-in-part", "a yes covers it but for one commit",
        {"change.commits": [commit(), commit(S, "")],
         "change.approvals": [approval("alice")]}, rule="review")
    bot("-approved", "what is approved is judged by that",
        {"change.approvals": [approval("bob")], "change.commits": [commit()]})
    bot("-not-listed", "another machine than the policy lists",
        policy=policy(main="approvals: {count: 1}\nroutine: [%s]"
                           % entry.replace("deploy-bot", "other-bot")))
    bot("-no-entry", "the policy has no routine",
        policy=approvals("count: 1"))
    bot("-old-rules", "older records knew of no routine", {"rules": 2})
    bot("-pushed-by-a-human", "a human pushes what the machine made",
        {"pusher": who("alice")})
    bot("-called-a-machine", "a human whom the facts call a machine",
        {"pusher": {**who("alice"), "machine": True},
         "change.routine.machine": "alice", "change.contributors": [
             part("alice", "author")]},
        policy=policy(main="approvals: {count: 1}\nroutine: [%s]"
                           % entry.replace("deploy-bot", "alice")))
    bot("-brought-by-a-human",
        "one of its commits was first brought by somebody else",
        {"change.routine.machine": None, "change.routine.stranger": S})
    bot("-brought-by-another-machine", "another machine brought it first",
        {"change.routine.machine": "other-bot"})
    bot("-stranger-among-them",
        "the facts name a machine and a commit that it did not bring",
        {"change.routine.stranger": S})
    bot("-human-author", "it committed what alice wrote",
        {"change.contributors.0": part("alice", "author")})
    bot("-co-author", "bob is named as co-author",
        {"change.contributors": routine()["changes"][0]["contributors"] +
         [part("bob", "co-author")]})
    bot("-suspected", "an author who only looks like the machine",
        {"change.contributors.0.known": None},
        policy=policy(main="approvals: {count: 1}\n"
                           "unknown_contributors: allow\nroutine: [%s]"
                           % entry))
    bot("-another-owner", "somebody answers for another machine in it",
        {"change.contributors.3.person": "bob"})
    bot("-nobody", "nobody is said to have made it",
        {"change.contributors": []})
    bot("-contributors-unknown", "who made it is not known",
        {"change.contributors_known": None},
        policy=policy(main="approvals: {count: 1}\n"
                           "unknown_contributors: allow\nroutine: [%s]"
                           % entry))
    bot("-not-regular", "a symbolic link, a submodule, an executable",
        {"change.routine.regular": "no", "change.routine.odd": "deps/run"})
    bot("-regular-unknown", "what it touches is not known",
        {"change.routine.regular": None})
    bot("-outside", "a path that is not listed",
        {"change.routine.inside": [{"all": "no", "path": "src/main.c"}]})
    bot("-inside-unknown", "which paths it touches is not known",
        {"change.routine.inside": []})
    bot("-no-files", "it changes nothing", {"change.routine.files": None})
    bot("-as-many", "as many files as the entry lets",
        {"change.routine.files": 1})
    bot("-too-many", "one file more than the entry lets",
        {"change.routine.files": 3})
    bot("-second-entry", "the second entry for this machine fits",
        {"change.routine.inside": [{"all": "no", "path": "docs/a"},
                                   {"all": "yes"}]},
        policy=policy(main="approvals: {count: 1}\nroutine: [%s, %s]"
                           % (entry, entry.replace("deps", "docs"))))
    bot("-objected", "somebody who could approve objects",
        {"change.objections": [objection("bob")]})
    bot("-owner-approves", "too many files, and its owner approves them",
        {"change.routine.files": 3, "change.commits": [commit()],
         "change.approvals": [approval("alice")]})
    bot("-owners", "its paths have owners, who are still asked",
        {"change.owned": [{"touched": "yes", "path": "deps/a"}]},
        policy=policy(main="approvals: {count: 1}\nowners: [{paths: "
                           "[\"deps/**\"], groups: [dba]}]\nroutine: [%s]"
                           % entry), rule="owners")
    bot("-backward", "it does not move main back", {"move": "backward"},
        rule="environment")
    case("review/sentences-routine", "what the pusher reads", routine(),
         policy=asks)
    for name, fault in (
            ("files", {"files": 3}), ("none", {"files": None}),
            ("outside", {"inside": [{"all": "no", "path": "src/main.c"}]}),
            ("odd", {"regular": "no", "odd": "deps/run"}),
            ("stranger", {"stranger": S}),
            ("another", {"machine": "other-bot"})):
        case("peer/sentences-not-routine-" + name, "what the pusher reads",
             routine(), {"change.routine." + k: v for k, v in fault.items()},
             policy=asks)
    case("peer/sentences-not-routine-author", "what the pusher reads",
         routine(), {"change.contributors.0": part("alice", "author")},
         policy=asks)
    plan = "rollback_plan: {required: true, machines: %s}\n"
    revert = policy(main="approvals: {count: 1}\n" + plan % "revert" +
                         "routine: [%s]" % entry)
    bot("", "git revert is the plan of a routine change", policy=revert,
        rule="rollback")
    bot("-placeholder", "also where a placeholder stands in it",
        {"change.rollback_plan": {"state": "placeholder",
                                  "where": "commit aaaaaaaaaaaa"}},
        policy=revert, rule="rollback")
    bot("-own-plan", "its own plan goes before that",
        {"change.rollback_plan": dict(PLAN)}, policy=revert, rule="rollback")
    bot("-target", "a target that it names is looked at",
        {"change.rollback_plan": {"to": "v9", "to_exists": "no",
                                  "to_was_live": "no"}},
        policy=revert, rule="rollback")
    bot("-plan-asked", "a gate may ask a machine for a plan", policy=policy(
        main="approvals: {count: 1}\n" + plan % "plan" +
             "routine: [%s]" % entry), rule="rollback")
    bot("-not-routine", "and of what is no routine change it is none",
        {"change.routine.files": 3}, policy=revert, rule="rollback")


def describe():
    freezes()
    retirements()
    accepts()
    routines()

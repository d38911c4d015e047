"""What a source told: approvals on a request, emergencies there, tests."""
from make import *  # noqa: F403

TESTS = policy(main="approvals: {count: 1}\ntests: [ci/test, ci/lint]")
ON_17 = {"source": "hub", "number": "17", "told": True, "trusted": "yes",
         "open": "yes", "certain": "yes", "present": "yes"}


def told(person="bob", changed=None, **more):
    r = {**ON_17, "login": person, **(changed or {})}
    return approval(person, source="hub", key=None,
                    request={k: v for k, v in r.items() if v is not None},
                    **more)


def yes(name, words, changed=None, **more):
    case("peer/" + name, words, main(),
         {"change.approvals": [told(changed=changed)]}, **more)


def approvals_told():
    yes("told", "bob approved the request at the forge")
    yes("told-by-number", "the forge's number of bob", {"login": "id:2"})
    yes("told-by-another-login", "the login he is known by is carol's now",
        {"login": "carol"})
    yes("told-by-nobodys-login", "the login is nobody's any more",
        {"login": "robert"})
    yes("told-without-a-login", "no login was told", {"login": None})
    yes("told-by-gossip", "by a source that is not asked of approvals",
        {"trusted": "no"})
    yes("told-trust-unknown", "by a source of which nothing is known",
        {"trusted": None})
    yes("told-and-closed", "the request was closed without a merge",
        {"open": "no"})
    yes("told-open-unknown", "how the request stands is not known",
        {"open": None})
    yes("told-without-a-commit", "no commit was named, nor asked for",
        {"certain": "no", "assumed": True})
    yes("told-certain-unknown", "whether it was named is not known",
        {"certain": None})
    yes("told-and-asked", "no commit was named, and the forge was asked",
        {"assumed": True})
    yes("told-of-an-earlier-head", "the request has another head since",
        {"present": "no"})
    yes("told-present-unknown", "which head the request has is not known",
        {"present": None})
    yes("told-where-signed-is-asked", "a gate that asks for signed tags takes "
        "the word of a source it believes",
        policy=approvals("count: 1, signed: required"))
    yes("told-without-presence", "a gate that asks for a touched key does not",
        policy=approvals("count: 1, presence: required"))
    case("peer/told-by-the-opener", "who opened the request approves it",
         main(), {"change.approvals": [told()],
                  "change.contributors": [part("alice", "author"),
                                          part("bob", "opener")]})
    case("peer/told-and-signed", "one person at the forge and by a tag is one",
         main(), {"change.approvals": [told(), approval("bob")]},
         policy=approvals("count: 2"))
    case("peer/told-by-older-rules",
         "rules before the fourth version knew no forges", main(),
         {"rules": 3, "change.approvals": [told()]})
    held = {"source": "hub", "number": "17", "present": "no"}
    case("peer/signed-for-an-earlier-head",
         "a tag on what a request had before", main(),
         {"approval.request": held})
    case("peer/signed-for-the-present-head", "a tag on what it has", main(),
         {"approval.request": {**held, "present": "yes"}})
    case("peer/signed-on-an-unknown-head",
         "a tag on a commit of a request whose head is not known", main(),
         {"approval.request": {"source": "hub", "number": "17"}})
    case("peer/signed-by-older-rules",
         "rules before the fourth version knew no requests", main(),
         {"rules": 3, "approval.request": held})
    case("peer/objection-told", "carol objects at the forge", main(),
         {"change.objections": [told("carol", carried="", record=21)]})
    case("peer/objection-by-gossip",
         "an objection told by a source that is not asked of approvals",
         main(), {"change.objections": [told("carol", {"trusted": "no"},
                                             carried="", record=21)]})
    case("peer/sentences-of-a-request", "what the pusher reads", main(),
         {"change.approvals": [
             told(changed={"trusted": "no"}),
             told("carol", {"open": "no"}),
             told("erin", {"certain": "no"}),
             told("dave", {"present": "no"}),
             told("bob", {"present": None}),
             told("bob", {"login": "robert"})]})


def comment(changed=None):
    u = emergency()
    u["pusher"] = who("alice")
    u["emergency"].update(
        by="comment", declarer={"person": "carol", "login": "id:3"},
        time="2026-11-25T11:00:00.000Z", record=60,
        request={k: v for k, v in {**ON_17, "login": "id:3",
                                   **(changed or {})}.items()
                 if v is not None})
    return u


def comments():
    case("emergency/by-comment", "carol declares it in a comment", comment())
    case("emergency/by-comment-of-gossip",
         "told by a source that is not believed", comment({"trusted": "no"}))
    case("emergency/by-comment-trust-unknown",
         "whether it is believed is not known", comment({"trusted": None}))
    case("emergency/by-comment-of-a-lost-login",
         "the login is not hers any more", comment({"login": "id:33"}))
    case("emergency/by-comment-by-another",
         "the login is dave's", comment({"login": "id:4"}))


def check(context="ci/test", result="success", commit=H, record=70, **more):
    c = {"record": record, "source": "hub", "context": context,
         "commit": commit, "result": result, "trusted": "yes",
         "independent": "yes", "time": "2026-11-25T10:00:00.000Z", **more}
    return {k: v for k, v in c.items() if v is not None}


LINT = check("ci/lint")


def tested(name, words, checks, changed=None, known="yes", u=None, pol=TESTS):
    case("tests/" + name, words, u or main(),
         {"change.checks_known": known, "change.checks": checks,
          **(changed or {})}, policy=pol)


def merged():
    """N merges what bob approved."""
    u = main()
    u.update(new=N, landed=N)
    c = u["changes"][0]
    c.update(after=N, id="payments/main/" + N[:12],
             commits=[commit(H), commit(N, "last", author_fits="yes")])
    c["approvals"] = [approval("bob", carried="clean-merge")]
    return u


def tests():
    tested("passed", "both succeeded on what lands", [check(), LINT])
    tested("missing", "nobody told of one of them", [check()])
    tested("none", "nobody told of any", [])
    tested("failed", "one failed", [check(result="failure"), LINT])
    tested("pending", "one has not ended", [check(result="pending"), LINT])
    tested("another-word", "a result that nobody knows is none",
           [check(result="neutral"), LINT])
    tested("newest-failed", "the newest failed",
           [check(), check(result="failure", record=80), LINT])
    tested("newest-passed", "the newest succeeded",
           [check(result="failure"), check(record=80), LINT])
    tested("newest-first", "in whatever order they stand",
           [check(result="failure", record=80), check(), LINT])
    tested("by-gossip", "by a source that is not asked of tests",
           [check(trusted="no"), LINT])
    tested("trust-unknown", "by one of which nothing is known",
           [check(trusted=None), LINT])
    tested("gossip-failed", "a source that is not asked takes nothing away",
           [check(), check(result="failure", record=80, trusted="no"), LINT])
    tested("by-contributor", "alice told it of her own change",
           [check(independent="no", person="alice"), LINT])
    tested("independent-unknown", "whether it is her own is not known",
           [check(independent=None), LINT])
    tested("other-commit", "it succeeded on another commit",
           [check(commit=S), LINT])
    tested("on-approved", "on what was approved, which a merge carries",
           [check(), LINT], u=merged())
    tested("on-merge", "on the merge itself",
           [check(commit=N), check("ci/lint", commit=N)], u=merged())
    tested("failed-on-merge", "it failed on the merge, after the approved one",
           [check(), check(commit=N, record=80, result="failure"), LINT],
           u=merged())
    tested("on-withdrawn", "on a commit whose approval was taken back",
           [check(), LINT], {"approval.taken_back": 30}, u=merged())
    by = policy(main="approvals: {count: 1}\ntests: [ci/test]\n"
                     "told_by: [deployers]")
    tested("by-group", "a machine of the groups that may tell",
           [check(person="deploy-bot")], pol=by)
    tested("by-nobody", "nobody is named, where groups may tell", [check()],
           pol=by)
    tested("by-another-group", "dave is in no group that may tell",
           [check(person="dave")], pol=by)
    tested("by-group-expired", "erin had the right until today",
           [check(person="erin")], pol=by)
    tested("unknown", "what was told could not be read", [check(), LINT],
           known="unknown")
    case("tests/not-asked", "a gate without tests", main())
    case("tests/restored", "a ref is put back", restored(), policy=TESTS)
    case("tests/lane-back", "the lane back brings only what was live", back(),
         policy=promoted("rollback: {groups: [release]}\ntests: [ci/test]"))
    case("tests/no-lane-back", "where there is no lane, a way back is asked",
         back(), policy=promoted("landers: [release]\ntests: [ci/test]"))
    tested("promoted", "on the commit that is promoted",
           [check()], u=production(), pol=promoted("""
approvals: {count: 1}
tests: [ci/test]"""))
    # What is promoted is H; the approval is of the merge that promotes it.
    u = production()
    u.update(new=N)
    c = u["changes"][0]
    c.update(after=N, id="payments/production/" + N[:12],
             commits=[commit(N, "last", author_fits="yes")])
    c["approvals"] = [approval("carol", commit=N,
                               target="refs/heads/production")]
    tested("promoted-by-a-merge",
           "on the commit that is promoted, where the merge is approved",
           [check()], u=u, pol=promoted("""
approvals: {count: 1}
tests: [ci/test]"""))
    tested("older-rules", "rules before the fourth version judged no tests",
           [], {"rules": 3})
    for name, checks in (("missing", []),
                         ("failed", [check(result="failure"), LINT]),
                         ("pending", [check(result="pending"), LINT]),
                         ("source", [check(trusted="no"), LINT]),
                         ("teller", [check(person="dave"), LINT]),
                         ("own", [check(independent="no", person="alice"),
                                  LINT]),
                         ("passed", [check(), LINT])):
        tested("sentences-" + name, "what the pusher reads", checks,
               pol=by if name == "teller" else TESTS)


def describe():
    approvals_told()
    comments()
    tests()

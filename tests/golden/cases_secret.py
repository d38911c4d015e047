"""Private keys and credentials in what lands."""
from make import H, S, approvals, back, case, deletion, emergency, first_push
from make import main, policy, production, restored, tag

ALLOW = "0123456789abcdef" * 4
FOUND = {"commit": H, "path": "config/live.env", "line": 12,
         "kind": "an AWS access key id", "allow": ALLOW}


def found(*more, **facts):
    return {"secrets": {"looked": "yes", "files": 3,
                        "found": [FOUND, *more], **facts}}


def describe():
    case("secret/found", "one of the new files holds a credential", main(),
         found())
    case("secret/found-in-two", "the first is named, the others are counted",
         main(), found({**FOUND, "commit": S, "line": 3}))
    case("secret/found-in-an-emergency",
         "no declaration lets a credential in", emergency(), found())
    case("secret/more-only",
         "there were more than could be held against the list", main(),
         {"secrets": {"looked": "yes", "files": 1, "allowed": 1000,
                      "more": 1}})
    case("secret/none", "nothing of a known shape", main())
    case("secret/allowed", "all that was found is in the gate's list",
         main(), {"secrets.allowed": 2})
    case("secret/unread", "what was too large is said, and stops nothing",
         main(), {"secrets.unread": 1, "secrets.unread_path": "dump.sql"})
    case("secret/found-and-unread", "both are said", main(),
         found(unread=2, unread_path="dump.sql"))
    case("secret/unknown", "nobody looked", main(), {"secrets": None})
    case("secret/unknown-in-an-emergency",
         "what was not looked at is let in by no declaration", emergency(),
         {"secrets": None})
    case("secret/not-asked", "the policy says not to look", main(), found(),
         policy=policy(main="secrets: {scan: false}"))
    case("secret/deletion", "a deletion brings nothing", deletion(),
         {"secrets": None})
    case("secret/restored", "a ref that is put back brings nothing",
         restored(), {"secrets": None})
    case("secret/first-push", "a baseline is not looked at", first_push(),
         {"secrets": None},
         policy=policy(entry="first_push: baseline"))
    case("secret/lane-back", "going back brings what was there before",
         back())
    case("secret/lane-back-unknown", "and that nobody looked is no matter of "
         "the lane", back(), {"secrets": None})
    case("secret/promoted", "it was looked at when it landed", production(),
         {"secrets": None})
    case("secret/promoted-found", "the merge that promotes says a credential",
         production(), found())
    case("secret/promoted-tag", "a release was looked at when it landed",
         tag(), {"secrets": None})
    case("secret/promoted-unlanded",
         "what has not landed was not looked at", production(),
         {"secrets": None, "staging.landed": "no"})
    case("secret/promoted-not-in-full",
         "what landed without full judgement is looked at again",
         production(), {"secrets": None, "staging.judged": "no"})
    case("secret/promoted-from-elsewhere",
         "landing on a gate that this one does not name is no landing",
         production(), {"secrets": None, "staging.landed_gate": "staging"})
    case("secret/promoted-from-no-gate",
         "which gate it landed on is not known", production(),
         {"secrets": None, "staging.landed_gate": None})
    case("secret/promoted-from-a-gate-that-does-not-look",
         "main does not look, so production does", production(),
         {"secrets": None},
         policy=policy(main="secrets: {scan: false}",
                       production="landed_on: main"))
    case("secret/promotes-nowhere",
         "a gate that takes nothing from elsewhere looks itself",
         main(), {"secrets": None, "staging": {
             "commit": H, "landed": "yes", "landed_gate": "main",
             "judged": "yes"}}, policy=approvals("count: 1"))
    case("secret/sentences", "what the pusher reads", main(),
         found({**FOUND, "line": 3}, unread=1, unread_path="dump.sql"))
    case("secret/sentences-of-a-message", "what the pusher reads", main(),
         {"secrets": {"looked": "yes", "files": 1,
                      "found": [{**FOUND, "path": ""}], "unread": 2,
                      "unread_path": "dump.sql"}})
    case("secret/sentences-of-no-path", "where it stands is not known",
         main(), {"secrets": {"looked": "yes", "files": 1, "more": 1,
                              "found": [{**FOUND, "path": None}]}})
    case("secret/sentences-none", "what the log says", main(),
         {"secrets": {"looked": "yes", "files": 1, "allowed": 1}})

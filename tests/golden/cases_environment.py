"""Who may move which ref, and how: environments and the lane back."""
from make import *  # noqa: F403


def movers():
    case("environment/anyone-may-land",
         "a gate without landers lets whoever may push land what is approved",
         main(), {"pusher": who("dave")})
    case("environment/lander", "bob is in no group that may move production",
         production(), {"pusher": who("bob")})
    case("environment/machine-lander",
         "a machine in the landers' groups may land",
         production(), {"pusher": who("deploy-bot"), "staging.asker": "alice"})
    case("environment/pusher-unknown",
         "nobody in people.yaml has the pusher's login",
         main(), {"pusher": {"login": "mallory"}})
    case("environment/pusher-unknown-in-an-emergency",
         "a signed declaration does not turn an unknown pusher",
         told_before(), {"pusher": {"login": "mallory"}})
    case("environment/pusher-gone",
         "the pusher is somebody people.yaml does not have any more",
         main(), {"pusher": {"person": "frank", "login": "frank"}})
    case("environment/pusher-expired",
         "erin's rights ended that morning", main(), {"pusher": who("erin")})
    case("environment/pusher-expired-in-an-emergency",
         "a signed declaration does not turn a pusher without rights",
         told_before(), {"pusher": who("erin")})
    case("environment/lander-later",
         "asked before anybody lands it: who does is looked at then",
         production(), {"pusher": None, "foreseen": True})
    case("environment/lander-later-of-anybody",
         "the same where the gate names no landers",
         main(), {"pusher": None, "foreseen": True})
    case("environment/foreseen-of-somebody",
         "asked for somebody by name, who may not",
         production(), {"pusher": who("bob"), "foreseen": True})
    case("environment/witnessed-by-nobody",
         "it moved already, and nobody knows who moved it",
         main(), {"pusher": None, "witnessed": True})
    case("environment/no-clock",
         "when it was asked is not known: then nobody has rights",
         main(), {"asked": None})
    case("environment/lander-in-an-emergency",
         "a declaration turns the landers' rule",
         emergency(production()),
         {"pusher": who("alice"), "emergency.by": "tag",
          "emergency.declarer": who("dave"), "emergency.key": KEY["dave"]},
         policy=promoted("landers: [dba]", staging="") + LANE + "\n")


def births():
    case("environment/baseline",
         "the policy takes the first push of a ref as baseline",
         first_push(), policy=policy(
             main='approvals: {count: 1}\nrollback_plan: {required: true}\n'
                  'ticket: {pattern: "[A-Z]+-[0-9]+"}\n'
                  'owners: [{paths: ["**"], groups: [dba]}]',
             entry="first_push: baseline"),
         changed={"change.owned": [{"touched": "yes", "path": "a"}]})
    case("environment/baseline-of-a-promotion",
         "a gate that takes only what landed elsewhere may have a baseline "
         "too",
         first_push(), {"gate": "production",
                        "ref": "refs/heads/production", "promotes": True},
         policy=policy(entry="first_push: baseline", production="""
landed_on: main
after: {gate: staging}"""))
    case("environment/baseline-not-in-the-policy",
         "called a baseline, but the policy has no first_push: baseline",
         first_push(), policy=approvals("count: 1"))
    case("environment/baseline-of-a-ref-that-moves",
         "called a baseline, but the ref is there already",
         first_push(), {"move": "forward", "adopted": "yes"},
         policy=policy(main="approvals: {count: 1}",
                       entry="first_push: baseline"))
    case("environment/baseline-not-claimed",
         "the policy would take a first push, this is none",
         first_push(), {"baseline": None, "adopted": "yes"},
         policy=policy(main="approvals: {count: 1}",
                       entry="first_push: baseline"))
    case("environment/adoption-unknown",
         "whether the ref has a baseline could not be read",
         main(), {"adopted": None})
    case("environment/not-adopted", "the ref has no baseline",
         main(), {"adopted": "no"})
    line = main(), {"move": "create", "old": None, "base": None,
                    "adopted": "no",
                    "birth": {"commit": H, "gate": "production", "record": 12}}
    cut = {"changes": []}
    lines = policy(
        main="approvals: {count: 1}\nborn_from: [staging]",
        staging="landers: [engineers]", production="landers: [release]")
    from_main = {**line[1], "birth": {**line[1]["birth"], "gate": "staging"}}
    case("environment/born-from",
         "a line is cut where another gate has landed: nothing to review",
         line[0], {**from_main, **cut}, policy=lines)
    case("environment/born-from-and-on",
         "a line that begins with a change of its own is judged from there",
         line[0], {**from_main, "change.after": N,
                   "landed": N, "new": N}, policy=lines)
    case("environment/born-from-another-gate",
         "where it begins has landed on a gate that is no place of birth",
         line[0], {**line[1], **cut}, policy=lines)
    case("environment/born-from-no-landing",
         "no record tells of the landing that it claims to begin at",
         line[0], {**from_main, **cut,
                   "birth": {"commit": H, "gate": "staging"}}, policy=lines)
    case("environment/born-from-no-commit",
         "nobody says at which commit it begins",
         line[0], {**from_main, **cut,
                   "birth": {"gate": "staging", "record": 12}}, policy=lines)
    case("environment/born-elsewhere",
         "a ref that is there already is not born again",
         line[0], {**from_main, **cut, "move": "forward"}, policy=lines)
    case("environment/born-beyond",
         "born at one commit, and pushed at another: that one is new",
         line[0], {**from_main, **cut, "landed": N}, policy=lines)
    case("environment/born",
         "an unborn ref may begin where the gate takes what landed elsewhere",
         production(), {"move": "create", "old": None, "base": None})


def moves():
    case("environment/move-unknown",
         "whether the new commit holds the old one could not be read",
         main(), {"move": None})
    case("environment/move-unknown-in-an-emergency",
         "missing history is not turned by a declaration",
         emergency(), {"move": None})
    case("environment/deletion", "a gated ref is not deleted", deletion())
    case("environment/deletion-in-an-emergency",
         "a declaration deletes a gated ref, loudly", emergency(deletion()))
    case("environment/deletion-of-staging-and-production",
         "production is not deleted, and nothing else is asked of that move",
         production(), {"move": "delete", "changes": None})
    case("environment/backward", "main does not go back", main(),
         {"move": "backward"})
    case("environment/backward-without-the-lane",
         "production has a lane back, this move does not have its shape",
         production(), {"move": "backward"})
    case("environment/not-fast-forward", "main is not forced", main(),
         {"move": "aside"})
    case("environment/forced-in-an-emergency",
         "a declaration forces main, loudly", emergency(), {"move": "aside"})
    case("environment/tag", "a release tag is made once", tag())
    case("environment/tag-moved", "a release tag does not move",
         tag(), {"move": "forward"})
    case("environment/tag-moved-in-an-emergency",
         "no declaration moves a release tag", emergency(tag(), "alice"),
         {"move": "aside", "emergency.by": "tag",
          "emergency.declarer": who("dave"), "emergency.key": KEY["dave"]})
    case("environment/tag-deleted", "a release tag is not deleted",
         tag(), {"move": "delete", "changes": None})
    case("environment/tag-restore",
         "a tag that drifted may be put back", tag(),
         {"move": "restore", "drift": S, "changes": None})
    case("environment/restored",
         "anybody we know may put a ref back to what the ledger knows",
         restored(), {"gate": "production", "ref": "refs/heads/production",
                      "pusher": who("bob")})
    case("environment/drift",
         "the ref held what nobody recorded; judged from the last landing",
         main(), {"old": S, "drift": S})
    case("environment/no-changes",
         "a move forward whose changes nobody filled in",
         main(), {"changes": None})
    case("environment/no-changes-to-promote",
         "a promotion whose change nobody filled in",
         production(), {"changes": None})
    case("environment/nothing-known", "an update of which nothing is known",
         {"repository": "payments", "gate": "main", "ref": "refs/heads/main",
          "mode": "enforce"})


def defects():
    defect = {"code": "object.malformed",
              "text": "commit eeeeeeeeeeee has two authors"}
    case("environment/defect", "what is wrong with the update itself stands",
         main(), {"defects": [defect]})
    case("environment/defect-in-an-emergency",
         "no declaration turns what is wrong with the update itself",
         emergency(), {"defects": [defect]})


def lanes():
    case("environment/lane-back",
         "back to what was live before, by moving the ref", back())
    case("environment/lane-back-by-a-commit",
         "back by one new commit with the tree of what was live",
         back_by_commit())
    case("environment/lane-back-from-a-forced-landing",
         "back from a landing that was forced", back(), {"move": "aside"})
    case("environment/lane-at-its-end", "as far back as the lane goes",
         back(), {"lane.back": 10})
    case("environment/too-far-back",
         "one landing further than the lane goes", back(),
         {"lane.back": 11})
    case("environment/lane-to-nothing",
         "where the way back leads is not known", back(),
         {"lane.to": None})
    case("environment/lane-how-far-unknown",
         "how many landings back it goes is not known",
         back(), {"lane.back": None})
    case("environment/lane-live-unknown",
         "whether it was live there is not known", back(),
         {"lane.live": None})
    case("environment/lane-left-unknown",
         "whether it was rolled back from is not known", back(),
         {"lane.left": None})
    case("environment/lane-clear-unknown",
         "whether its review is open is not known", back(),
         {"lane.clear": None})
    case("environment/never-live", "it was never live on this ref", back(),
         {"lane.live": "no"})
    case("environment/left-before",
         "production was rolled back from it before", back(),
         {"lane.left": "yes"})
    case("environment/lane-review-open",
         "it landed in an emergency that nobody reviewed", back(),
         {"lane.clear": "no"})
    case("environment/lane-to-what-no-landing-held",
         "no landing of this ref ever held it", back(),
         {"lane": {"taken": True, "to": S, "live": "no", "left": "no",
                   "reason": "it fails", "reason_state": "real"}})
    case("environment/lane-without-a-reason", "going back asks for a reason",
         back(), {"lane.reason": None, "lane.reason_state": "absent"})
    case("environment/lane-reason-placeholder",
         "going back asks for a reason that is not 'n/a'", back(),
         {"lane.reason": "n/a", "lane.reason_state": "placeholder"})
    case("environment/lane-groups-without-a-count",
         "the lane's groups are whose approvals count, and none is asked",
         back(), policy=promoted(
             "landers: [release]\nrollback: {groups: [dba]}"))
    case("environment/lane-lander", "bob may not land, not even backward",
         back(), {"pusher": who("bob")},
         policy=promoted("landers: [release]\nrollback: {}"))
    case("environment/no-lane", "this gate has no lane back", back(),
         policy=promoted("landers: [release]"))
    case("environment/lane-not-taken",
         "ordinary moves are judged as ever where there is a lane",
         production(), {"lane": {"taken": False}})
    case("environment/lane-does-not-delete",
         "a deletion is no way back, whatever the facts call it", back(),
         {"move": "delete"})
    case("environment/lane-does-not-create",
         "a new ref is no way back, whatever the facts call it",
         back(), {"move": "create", "old": None})
    case("environment/lane-move-unknown",
         "a move nobody understands is no way back", back(), {"move": None})
    case("environment/lane-in-an-emergency",
         "a declaration turns what the lane still asks",
         emergency(back()), {"lane.back": 11})


def texts():
    case("environment/sentences", "what the pusher reads", main(),
         {"pusher": {"login": "mal\u202elory\n"}, "adopted": "no",
          "move": "aside", "drift": S})


def describe():
    movers()
    births()
    moves()
    defects()
    lanes()
    texts()

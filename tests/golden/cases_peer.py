"""Enough people who had no part in it agreed: peer approval, and owners."""
from make import *  # noqa: F403

TWO = approvals("count: 2, groups: [engineers]")


def counts():
    case("peer/count", "bob approved what alice made", main())
    case("peer/none", "nobody has approved", main(),
         {"change.approvals": [], "change.commits": [commit(H, "")]})
    case("peer/two", "two are asked and two are there", main(),
         {"change.approvals": [approval("bob"), approval("carol")]},
         policy=TWO)
    case("peer/one-of-two", "two are asked and one is there", main(),
         policy=TWO)
    case("peer/same-person", "one person twice is one person", main(),
         {"change.approvals": [approval("bob"), approval("bob")]},
         policy=TWO)
    case("peer/same-person-once-refused",
         "a person's withdrawn approval does not stand in the other's way",
         main(), {"change.approvals": [approval("bob", taken_back=22),
                                       approval("bob")]})
    case("peer/same-person-refused-once-more",
         "what is wrong with an approval is said, though bob is counted",
         main(), {"change.approvals": [approval("bob"),
                                       approval("bob", taken_back=22)]})
    case("peer/same-person-and-another",
         "an approval of one's own between two of bob's", main(),
         {"change.approvals": [approval("bob"), approval("alice"),
                               approval("bob"), approval("carol")]},
         policy=TWO)
    case("peer/any-person", "a gate without groups takes any person", main(),
         {"change.approvals": [approval("dave")]},
         policy=approvals("count: 1"))
    case("peer/approver-lands", "the approver may be who lands", main(),
         {"pusher": who("bob")})
    case("peer/not-asked", "a gate may ask for no approvals", main(),
         {"change.approvals": []},
         policy=policy(main='ticket: {pattern: "[A-Z]+-[0-9]+"}'))


def parts():
    for name, words, k in (
            ("author", "the author's own", "author"),
            ("committer", "the committer's", "committer"),
            ("co-author", "a co-author's", "co-author"),
            ("first-pusher", "the first pusher's", "first-pusher"),
            ("opener", "who opened the request's", "opener"),
            ("owner", "the owner's of a machine with a part in it",
             "owner"),
            ("contributor", "some other contributor's", "")):
        case(f"peer/{name}", f"{words} approval does not count", main(),
             {"change.contributors": [part("alice", "author"),
                                      part("bob", k)]})
    case("peer/author-first",
         "of several parts in a change the nearest is named", main(),
         {"change.contributors": [part("bob", "opener"),
                                  part("bob", "author"),
                                  part("bob", "committer")]})
    allow = approvals("count: 1, coauthors: allow")
    both = [part("alice", "author"), part("bob", "co-author")]
    case("peer/co-author-allowed", "a gate may let co-authors approve",
         main(), {"change.contributors": both}, policy=allow)
    case("peer/co-author-who-pushed",
         "a gate lets co-authors approve, but not the first pusher",
         main(), {"change.contributors": both + [part("bob", "first-pusher")]},
         policy=allow)
    like = {"person": "bob", "written": "Bob@Example.com", "commit": H,
            "part": "author"}
    case("peer/look-alike",
         "who might be the author is barred, also where strangers may write",
         main(), {"change.contributors": [like]},
         policy=policy(main="approvals: {count: 1}\n"
                            "unknown_contributors: allow"))
    case("peer/unknown-contributor", "an author nobody knows", main(),
         {"change.contributors": [part("alice", "first-pusher"),
                                  {"written": "x@evil.example", "commit": H,
                                   "part": "author"}]})
    case("peer/look-alike-contributor",
         "an author who only looks like alice is nobody we know", main(),
         {"change.contributors": [part("alice", "author", known=None)]})
    case("peer/contributor-without-a-name",
         "a contributor who is called known, but not named", main(),
         {"change.contributors": [part("alice", "author"),
                                  {"known": True, "written": "x",
                                   "part": "author"}]})
    case("peer/unknown-contributor-allowed", "a gate may let strangers write",
         main(), {"change.contributors": [{"written": "x@there.example",
                                           "commit": H, "part": "author"}]},
         policy=policy(main="approvals: {count: 1}\n"
                            "unknown_contributors: allow"))
    case("peer/unknown-contributor-in-an-emergency",
         "a declaration turns an author nobody knows", emergency(),
         {"change.contributors": [{"written": "x", "part": "author"}]})
    case("peer/by-machines", "only a machine had a part in it, which is told",
         main(), {"change.contributors": [
             part("deploy-bot", "author", machine=True),
             part("deploy-bot", "first-pusher", machine=True)]})
    case("peer/by-machines-with-an-owner",
         "only a machine had a part in it, whoever answers for it", main(),
         {"change.contributors": [
             part("deploy-bot", "author", machine=True),
             part("alice", "owner", written="deploy-bot@example.com")]})
    case("peer/owner-of-the-author",
         "what alice's machine wrote is not hers to approve", main(),
         {"change.contributors": [part("deploy-bot", "author",
                                       machine=True)],
          "change.approvals": [approval("alice")]})
    case("peer/owner-who-wrote",
         "her own part is named before her machine's", main(),
         {"change.contributors": [
             part("deploy-bot", "author", machine=True),
             part("alice", "first-pusher"), part("alice", "owner")],
          "change.approvals": [approval("alice")]})
    case("peer/sentences-machine-that-wrote",
         "a machine approves what it wrote itself", main(),
         {"change.contributors": [part("deploy-bot", "author",
                                       machine=True)],
          "change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, machines: [deploy-bot]"))
    case("peer/machine-of-the-author",
         "what alice wrote is not her machine's to approve", main(),
         {"change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, machines: [deploy-bot]"))
    case("peer/machine-of-the-co-author",
         "nor where co-authors may approve is the first pusher's", main(),
         {"change.contributors": [part("alice", "co-author"),
                                  part("alice", "first-pusher"),
                                  part("bob", "author")],
          "change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, machines: [deploy-bot], "
                          "coauthors: allow"))
    case("peer/owner-and-machine",
         "alice and her machine are one of two", main(),
         {"change.contributors": [part("bob", "author")],
          "change.approvals": [approval("alice"), approval("deploy-bot")]},
         policy=approvals("count: 2, machines: [deploy-bot]"))
    case("peer/owner-and-machine-and-another",
         "alice or her machine, and carol, are two", main(),
         {"change.contributors": [part("bob", "author")],
          "change.approvals": [approval("deploy-bot"), approval("alice"),
                               approval("carol")]},
         policy=approvals("count: 2, machines: [deploy-bot]"))
    case("peer/by-a-machine-and-a-person",
         "a person brought what a machine wrote", main(),
         {"change.contributors": [
             part("deploy-bot", "author", machine=True),
             part("alice", "first-pusher")]})
    case("peer/nobody-made-it",
         "where nobody is a contributor, who lands is no peer", main(),
         {"change.contributors": [], "pusher": who("bob")})
    case("peer/nobody-made-it-and-another-lands",
         "where nobody is a contributor, anybody but the lander is a peer",
         main(), {"change.contributors": []})
    case("peer/contributors-unknown", "the contributors could not be read",
         main(), {"change.contributors_known": None})
    case("peer/approvals-unknown", "the approvals could not be read",
         main(), {"change.approvals_known": None})


def purposes():
    case("peer/other-repository",
         "bob approved it for another repository", main(),
         {"approval.repository": "billing"})
    case("peer/no-repository",
         "the approval was given to no repository", main(),
         {"approval.repository": None})
    case("peer/other-target", "bob approved it for another branch", main(),
         {"approval.target": "refs/heads/next"})
    case("peer/no-target", "the approval was given for no ref", main(),
         {"approval.target": None})
    case("peer/target-by-pattern",
         "given for all release tags, as the gate writes them", tag(),
         {"approval.target": "refs/tags/v*"})
    case("peer/target-by-another-pattern",
         "given for a pattern the gate does not have", tag(),
         {"approval.target": "refs/tags/v1.*"})
    case("peer/other-commit", "bob approved another commit", main(),
         {"approval.commit": S, "approval.carried": ""})
    case("peer/carry",
         "the approval is carried further than this gate lets it", main(),
         {"approval.carried": "same-content"},
         policy=approvals("count: 1, carry: exact"))
    case("peer/carried",
         "the approval is carried as far as this gate lets it", main(),
         {"approval.carried": "clean-merge"})


def standings():
    case("peer/withdrawn", "bob took his approval back", main(),
         {"approval.taken_back": 22})
    case("peer/voided", "records behind bob's approval were lost", main(),
         {"approval.voided": 40})
    case("peer/spent", "an earlier landing used bob's approval up", main(),
         {"approval.spent": "yes"})
    case("peer/in-use", "another tag's push was admitted by it", main(),
         {"approval.in_use": "refs/tags/v1.4"})
    case("peer/after-the-fact", "bob approved when it had landed", main(),
         {"approval.after_fact": "yes"})
    case("peer/standing-unknown", "whether it is spent could not be read",
         main(), {"approval.spent": None})
    case("peer/after-the-fact-unknown",
         "whether it came after the fact could not be read",
         main(), {"approval.after_fact": None})
    case("peer/received-when-unknown",
         "when the approval was received is not known",
         main(), {"approval.time": None, "approval.key": None},
         policy=approvals("count: 1, signed: pusher, valid_for: 3650d"))
    old = approvals("count: 1, valid_for: 30d")
    case("peer/expired",
         "the approval is as old as the gate lets it be", main(),
         {"approval.time": "2026-10-26T12:00:00.000Z"}, policy=old)
    case("peer/not-yet-expired",
         "the approval is a moment younger than the gate lets it be", main(),
         {"approval.time": "2026-10-26T12:00:00.001Z"}, policy=old)


def persons():
    case("peer/unknown-person", "approved by nobody we know", main(),
         {"approval.person": None})
    case("peer/person-gone",
         "approved by somebody people.yaml does not have any more",
         main(), {"approval.person": "frank"})
    case("peer/machine", "machines are no peers, whatever their groups",
         main(), {"change.approvals": [approval("deploy-bot")]})
    bobs = {"change.contributors": [part("bob", "author")]}
    case("peer/machine-named",
         "a machine counts where the gate names it as peer", main(),
         {**bobs, "change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, groups: [release], "
                          "machines: [deploy-bot]"))
    case("peer/machine-in-no-group",
         "a machine that the gate names needs no group",
         main(), {**bobs, "change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, groups: [platform], "
                          "machines: [deploy-bot]"))
    case("peer/another-machine",
         "the gate names another machine as peer", main(),
         {"change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, machines: [review-bot]"))
    case("peer/person-named-as-machine",
         "a person is no peer by a machine's list", main(),
         {"change.approvals": [approval("dave")]},
         policy=approvals("count: 1, groups: [engineers], machines: [dave]"))
    case("peer/not-in-group", "dave approved, and is no engineer", main(),
         {"change.approvals": [approval("dave")]})
    case("peer/not-in-force", "bob had no rights when he approved", main(),
         {"approval.in_force": "no"})
    case("peer/in-force-unknown",
         "whether bob had rights when he approved is not known",
         main(), {"approval.in_force": None})
    case("peer/not-in-force-any-more",
         "erin approved, and her rights have ended since",
         main(), {"change.approvals": [approval("erin")]})
    case("peer/joined-later",
         "bob became an engineer when he had given it", main(),
         {"approval.groups": ["release"]})
    case("peer/joined-no-group", "bob was in no group then", main(),
         {"approval.groups": None})
    case("peer/groups-unknown",
         "in which groups bob was then could not be read", main(),
         {"approval.groups_known": None})
    case("peer/groups-unknown-of-old",
         "rules of version 1 did not ask in which groups bob was", main(),
         {"rules": 1, "approval.groups_known": None, "approval.groups": None})
    case("peer/one-of-his-groups", "one of bob's groups then is asked", main(),
         {"approval.groups": ["release", "engineers"]})
    case("peer/joined-later-any-person",
         "a gate without groups asks for none then", main(),
         {"approval.groups": None}, policy=approvals("count: 1"))
    case("peer/unsigned", "bob's approval is not signed", main(),
         {"approval.key": None})
    case("peer/unsigned-by-the-pusher",
         "a gate may take the pusher's word without a key", main(),
         {"approval.key": None},
         policy=approvals("count: 1, signed: pusher"))
    case("peer/signed-where-a-word-will-do",
         "a key that is nobody's counts nowhere", main(),
         {"approval.key": KEY["nobody"]},
         policy=approvals("count: 1, signed: pusher"))
    case("peer/key-revoked", "the key that signed it was taken out", main(),
         {"approval.key": KEY["nobody"]})
    case("peer/key-of-another",
         "the key that signed bob's approval is dave's now", main(),
         {"approval.key": KEY["dave"]})
    case("peer/key-ended", "bob's old key signed when it had ended", main(),
         {"approval.key": KEY["bob-old"]})
    case("peer/key-ended-since",
         "bob's old key signed while it was good", main(),
         {"approval.key": KEY["bob-old"],
          "approval.time": "2026-11-19T09:00:00.000Z"})
    touch = approvals("count: 1, presence: required")
    case("peer/presence",
         "the gate asks for a touched security key, and it was none", main(),
         policy=touch)
    case("peer/presence-shown",
         "the gate asks for a touched security key, and it was touched",
         main(),
         {"approval.presence": True}, policy=touch)


def promotions():
    asks = promoted("landed_on: main\napprovals: {count: 1}")
    case("peer/promotion", "carol agrees to what alice promotes",
         production(), policy=asks)
    case("peer/promotion-by-contributor",
         "who made it may agree: it was judged when it landed", production(),
         {"approval.person": "bob", "approval.key": KEY["bob"]}, policy=asks)
    case("peer/promotion-with-strangers",
         "who wrote what is promoted does not matter any more", production(),
         {"change.contributors": [{"written": "x", "part": "author"}],
          "change.contributors_known": None}, policy=asks)
    case("peer/lander", "who lands a promotion does not approve it",
         production(), {"pusher": who("carol")}, policy=asks)
    case("peer/lander-and-her-machine",
         "what alice lands is not her machine's to approve", production(),
         {"approval.person": "deploy-bot", "approval.machine": True,
          "approval.key": KEY["deploy-bot"]},
         policy=promoted("landed_on: main\n"
                         "approvals: {count: 1, machines: [deploy-bot]}"))
    case("peer/lander-of-a-change",
         "a gate may ask of any change that the lander does not approve it",
         main(),
         {"pusher": who("bob")},
         policy=approvals("count: 1, independent_of: lander"))
    case("peer/contributor-of-a-change",
         "a gate that asks only that the lander does not approve", main(),
         {"change.approvals": [approval("alice")], "pusher": who("bob")},
         policy=approvals("count: 1, independent_of: lander"))
    case("peer/promotion-by-contributors-rule",
         "a promotion may ask for people who had no part in it",
         production(), {"approval.person": "bob", "approval.key": KEY["bob"]},
         policy=promoted("landed_on: main\napprovals: "
                         "{count: 1, independent_of: contributors}"))
    bot = {"pusher": who("deploy-bot")}
    case("peer/asker", "who asked the machine does not approve",
         production(), {**bot, "staging.asker": "carol"}, policy=asks)
    case("peer/asked-by-another",
         "a machine lands what alice asked for, carol approves",
         production(), {**bot, "staging.asker": "alice"}, policy=asks)
    case("peer/asker-of-a-person",
         "where a person lands, who asked them may approve", production(),
         {"staging.asker": "carol"}, policy=asks)
    case("peer/asked-by-somebody",
         "nobody knows who asked: contributors are barred", production(),
         {**bot, "approval.person": "bob", "approval.key": KEY["bob"]},
         policy=asks)
    case("peer/asked-by-somebody-else",
         "nobody knows who asked the machine; an approver with no part in "
         "it counts", production(), bot, policy=asks)
    case("peer/asked-by-somebody-machine-untold",
         "people.yaml knows that the lander is a machine", production(),
         {"pusher": {"person": "deploy-bot", "login": "deploy-bot"},
          "approval.person": "bob", "approval.key": KEY["bob"]}, policy=asks)
    case("peer/asked-by-somebody-machine-told",
         "the door knows that a person's login was a machine's", production(),
         {"pusher": {"person": "alice", "login": "key-7", "machine": True},
          "approval.person": "bob", "approval.key": KEY["bob"]}, policy=asks)
    case("peer/asked-by-somebody-stranger",
         "nobody knows who asked, and a contributor is nobody we know",
         production(), {**bot, "change.contributors": [
             {"written": "x", "part": "author"}]}, policy=asks)
    case("peer/asked-by-somebody-unknown",
         "nobody knows who asked, nor who had a part in it", production(),
         {**bot, "change.contributors_known": None}, policy=asks)
    case("peer/asked-by-alice-stranger",
         "somebody asked: what the contributors are does not matter",
         production(), {**bot, "staging.asker": "alice",
                        "change.contributors_known": None}, policy=asks)


def lanes():
    lane = promoted("approvals: {count: 2}\nlanders: [release]\n"
                    "rollback: {count: 1}")
    other = approval("carol", LIVE, "refs/heads/production")
    own = approval("alice", LIVE, "refs/heads/production")
    to = {**change("production", LIVE), "commits": [], "contributors": [],
          "approvals": [other]}
    case("peer/lane-asks",
         "this lane back asks for an approval, and has none", back(),
         {"changes": [{**to, "approvals": []}]}, policy=lane)
    case("peer/lane-has",
         "this lane back asks for an approval, and has it",
         back(), {"changes": [to]},
         policy=lane)
    case("peer/lane-lander",
         "who takes the lane back does not approve that", back(),
         {"changes": [{**to, "approvals": [own]}]}, policy=lane)
    case("peer/lane-lander-of-anothers-commit",
         "who takes the lane does not approve it, though another made the "
         "commit", back_by_commit(),
         {"change.contributors": [part("bob", "author", N)],
          "change.approvals": [{**own, "commit": N}]}, policy=lane)
    case("peer/lane-contributor",
         "who made the commit back does not approve it", back_by_commit(),
         {"change.contributors": [part("carol", "author", N)],
          "change.approvals": [{**other, "commit": N}]}, policy=lane)
    dba = promoted("""approvals: {count: 1, groups: [release]}
landers: [release]
rollback: {count: 1, groups: [dba]}""")
    case("peer/lane-not-in-group",
         "the lane has groups of its own, and carol is in none", back(),
         {"changes": [to]}, policy=dba)
    case("peer/lane-in-group", "the lane has groups of its own: dave's",
         back(), {"changes": [{**to, "approvals": [
             approval("dave", LIVE, "refs/heads/production")]}]}, policy=dba)
    case("peer/lane-not-taken",
         "the lane's groups are not asked of what goes forward",
         production(), policy=promoted("""approvals: {count: 1, groups: [release]}
landers: [release]
rollback: {count: 1, groups: [dba]}"""))
    case("peer/lane-machine-named",
         "a machine that the gate names counts for the lane as well", back(),
         {"pusher": who("carol"), "changes": [{**to, "approvals": [
             approval("deploy-bot", LIVE, "refs/heads/production")]}]},
         policy=promoted("""approvals: {count: 1, machines: [deploy-bot]}
landers: [release]
rollback: {count: 1, groups: [platform]}"""))
    case("peer/lane-objection",
         "dave, who could approve the way back, objects", back(),
         {"changes": [{**to, "approvals": [
             approval("dave", LIVE, "refs/heads/production")],
                       "objections": [objection("dave"),
                                      objection("carol")]}]}, policy=dba)
    case("peer/lane-unknown",
         "this lane back asks for an approval, and they could not be read",
         back(),
         {"changes": [{**to, "approvals_known": None}]}, policy=lane)
    case("peer/lane-where-nothing-else-asks",
         "a lane back may ask for approvals where the gate asks for none",
         back(), {"changes": [{**to, "approvals": []}]},
         policy=promoted("landers: [release]\nrollback: {count: 1}"))
    case("peer/lane-asks-none", "a lane without a count asks for none",
         back(), {"changes": [{**to, "approvals": []}]},
         policy=promoted("approvals: {count: 1}\nlanders: [release]\n"
                         "rollback: {}"))


def objections():
    def objected(name, words, who_objects, changed=None, policy=None, **more):
        case(name, words, main(), {
            "change.objections": [objection(who_objects, **more)],
            **(changed or {})}, policy=policy)
    objected("peer/objection", "carol, who could approve, objects", "carol")
    objected("peer/objection-by-the-author",
             "alice, who made it, objects to it herself", "alice")
    objected("peer/objection-shown",
             "dave objects, and could not approve here: shown",
             "dave")
    objected("peer/objection-by-owner",
             "dave objects, and owns a path it touches", "dave",
             {"change.owned": [{"touched": "yes", "path": "db/migrations/7"}],
              "change.approvals": [approval("bob"), approval("dave")]})
    objected("peer/objection-by-neither",
             "bob could approve neither the change nor its paths", "bob",
             {"change.owned": [{"touched": "yes", "path": "db/7.sql"}],
              "change.approvals": [approval("carol"), approval("dave")]},
             policy=policy(main="""
approvals: {count: 1, groups: [release]}
owners: [{paths: ["db/**"], groups: [dba]}]"""))
    objected("peer/objection-by-owner-unknown",
             "whether it touches dave's path is not known", "dave",
             {"change.owned": [{}]})
    objected("peer/objection-by-owner-untold",
             "nobody looked whether it touches dave's path", "dave",
             {"change.owned": None})
    case("peer/objection-by-nobody", "nobody we know objects", main(),
         {"change.objections": [{**objection("bob"), "person": "frank"}]})
    objected("peer/objection-by-machine", "a machine objects", "deploy-bot")
    objected("peer/objection-by-machine-named",
             "a machine that could approve objects", "deploy-bot",
             policy=approvals("count: 1, machines: [deploy-bot]"))
    objected("peer/objection-by-machine-of-owners",
             "a machine is in no owners' group", "deploy-bot",
             policy=policy(main="""
approvals: {count: 1, groups: [platform, engineers]}
owners: [{paths: ["**"], groups: [dba]}]"""),
             changed={"change.owned": [{"touched": "yes", "path": "a"}],
                      "change.approvals": [approval("bob"),
                                           approval("dave")]})
    objected("peer/objection-not-in-force",
             "carol had no rights when she objected", "carol",
             in_force="no")
    objected("peer/objection-in-force-unknown",
             "whether carol had rights when she objected is not known: it "
             "stands", "carol",
             in_force=None)
    objected("peer/objection-expired",
             "erin objected, and her rights have ended", "erin")
    objected("peer/objection-key-revoked",
             "carol's objection is signed with a key that was taken out",
             "carol", key=KEY["nobody"])
    objected("peer/objection-unsigned",
             "carol objects by her own word, without a key", "carol",
             key=None)
    objected("peer/objection-in-an-emergency-shown",
             "two object, and one of them could approve", "dave",
             {"change.objections": [objection("dave"), objection("carol")]})


def named():
    """Of several approvals that do not count, which one is spoken of."""
    other = approval("dave", S, carried="")
    target = approval("dave", target="refs/heads/next")
    own = approval("alice")
    spent = approval("carol", spent="yes")
    for name, words, list_ in (
            ("nearest-named", "an approval of another commit is named last", [other, own]),
            ("nearest-named-in-any-order", "an approval of another commit is no better for being last", [own, other]),
            ("nearest-named-for-target", "an approval for another target is named last",
             [target, own]),
            ("first-named", "otherwise the first that does not count is named", [own, spent]),
            ("last-of-the-far-named", "where all are for something else, the last of them",
             [other, target])):
        case(f"peer/{name}", words, main(), {"change.approvals": list_},
             policy=approvals("count: 1"))


def owners():
    touched = [{"touched": "yes", "path": "db/migrations/7.sql"}]
    both = [approval("bob"), approval("dave")]
    case("owners/count", "dave, who owns the path, approved too", main(),
         {"change.owned": touched, "change.approvals": both})
    case("owners/joined-later",
         "dave owned the path only when he had given it", main(),
         {"change.owned": touched,
          "change.approvals": [approval("bob"),
                               approval("dave", groups=["platform"])]})
    case("owners/none", "nobody who owns the path approved", main(),
         {"change.owned": touched})
    case("owners/owner-alone", "an owner is not an engineer by that", main(),
         {"change.owned": touched, "change.approvals": [approval("dave")]})
    two = policy(main="""
approvals: {count: 1}
owners: [{paths: ["a/**"], groups: [dba]}, {paths: ["b/**"], count: 2}]""")
    case("owners/several-lists", "one approver may satisfy several", main(),
         {"change.owned": [{"touched": "yes", "path": "a/1"},
                           {"touched": "yes", "path": "b/1"}],
          "change.approvals": both}, policy=two)
    case("owners/several-lists-one-short",
         "two lists of owners, and the second asks for one more", main(),
         {"change.owned": [{"touched": "yes", "path": "a/1"},
                           {"touched": "yes", "path": "b/1"}],
          "change.approvals": [approval("dave")]}, policy=two)
    case("owners/same-person-twice",
         "two approvals by one owner are one", main(),
         {"change.owned": [{"touched": "no"},
                           {"touched": "yes", "path": "b/1"}],
          "change.approvals": [approval("bob"), approval("bob")]}, policy=two)
    case("owners/same-person-once-refused",
         "a spent approval does not use up the person", main(),
         {"change.owned": touched, "change.approvals": [
             approval("bob"), approval("dave", spent="yes"),
             approval("dave")]})
    case("owners/second-list-untold",
         "two lists of owners, and nobody looked at the second", main(),
         {"change.owned": [{"touched": "no"}]}, policy=two)
    case("owners/not-asked", "no owned path changes", main())
    case("owners/no-owners", "a gate may have no owners", main(),
         {"change.owned": None}, policy=approvals("count: 1"))
    case("owners/touched-unknown",
         "whether an owned path changes is not known", main(),
         {"change.owned": [{}]})
    case("owners/untold",
         "nobody looked whether an owned path changes",
         main(), {"change.owned": None})
    case("owners/paths-unknown",
         "which paths change could not be read", main(),
         {"change.paths_known": None})
    case("owners/approvals-unknown", "the approvals could not be read",
         main(), {"change.approvals_known": None,
                  "change.owned": touched, "change.approvals": both},
         policy=policy(main='owners: [{paths: ["db/**"], groups: [dba]}]'))
    case("owners/machine",
         "a machine that is a named peer owns no path", main(),
         {"change.owned": touched,
          "change.contributors": [part("carol", "author")],
          "change.approvals": [approval("bob"), approval("deploy-bot")]},
         policy=policy(main="""
approvals: {count: 1, machines: [deploy-bot]}
owners: [{paths: ["db/**"], groups: [dba]}]"""))
    case("owners/without-approvals",
         "owners may be all that is asked", main(),
         {"change.owned": touched, "change.approvals": [approval("dave")]},
         policy=policy(main='owners: [{paths: ["db/**"], groups: [dba]}]'))
    case("owners/lane-back", "the way back asks no owners", back_by_commit(),
         {"change.owned": touched},
         policy=promoted("""
owners: [{paths: ["db/**"], groups: [dba]}]
rollback: {}"""))
    case("owners/in-an-emergency",
         "a declaration turns what the owners did not approve", emergency(),
         {"change.owned": touched})


def texts():
    case("peer/sentences", "what the pusher reads", main(),
         {"changes": [{**change(), "approvals": [approval("alice")]},
                      {**change(last=N), "approvals": [],
                       "contributors": [{"written": "x@evil.example",
                                         "commit": N, "part": "author"}],
                       "objections": [objection("carol"),
                                      objection("dave")]}]})
    case("peer/sentences-of-one", "what the pusher reads", main(),
         {"change.approvals": [approval("bob"),
                               approval("alice", target=None)]},
         policy=policy(main="approvals: {count: 2}\n"
                            "unknown_contributors: allow"))
    case("peer/sentences-of-two-parts", "what the pusher reads", main(),
         {"change.contributors": [part("bob", "author"),
                                  part("bob", "author", N)]})
    case("peer/sentences-of-an-owner", "what the pusher reads", main(),
         {"change.contributors": [part("deploy-bot", "author", machine=True),
                                  part("bob", "author")],
          "change.approvals": [approval("alice"), approval("bob")]})
    case("peer/sentences-of-a-machine", "what the pusher reads", main(),
         {"change.approvals": [approval("deploy-bot")]},
         policy=approvals("count: 1, machines: [deploy-bot]"))
    case("peer/sentences-of-look-alikes", "what the pusher reads", main(),
         {"change.contributors": [
             {"person": "bob", "part": "author", "commit": H,
              "written": "b\u043eb@example.com"}]})
    case("peer/sentences-of-suspicion", "what the pusher reads", main(),
         {"change.contributors": [{"person": "bob", "part": "author"}]},
         policy=policy(main="approvals: {count: 1}\n"
                            "unknown_contributors: allow"))


def describe():
    counts()
    parts()
    purposes()
    standings()
    persons()
    promotions()
    lanes()
    objections()
    named()
    owners()
    texts()

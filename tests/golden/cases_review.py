"""Nothing lands round the approvals."""
from make import *  # noqa: F403


def covered():
    case("review/covered", "the approved commit itself lands", main())
    case("review/covered-by-merge",
         "a clean merge of the approved commit lands", main(),
         {"change.after": N, "change.id": "payments/main/bbbbbbbbbbbb",
          "change.commits": [commit(), commit(N, "last", author_fits="yes")],
          "approval.carried": "clean-merge"})
    case("review/several-changes",
         "two changes in one push, each with its own approval", main(),
         {"changes": [change(), {**change(last=N), "before": H,
                                 "approvals": [approval("carol", N)]}]})
    case("review/second-change-uncovered",
         "the second change of a push was approved by nobody", main(),
         {"changes": [change(), {**change(last=S), "before": H,
                                 "commits": [commit(S, "")],
                                 "approvals": []}]})
    case("review/unreviewed-commit", "only an earlier commit was approved",
         main(), {"change.commits": [commit(), commit(S, "")],
                  "change.after": S, "approval.carried": ""})
    case("review/stranger-within",
         "an approval covers the end, a commit within is nobody's", main(),
         {"change.commits": [commit(S, "", "add a door"), commit()]})
    case("review/by-hand",
         "a merge brings more than a machine would: the paths are named",
         main(), {"change.commits": [
             commit(), {**commit(S, "", "merge it"),
                        "by_hand": ["a.c", "b.c", "c.c", "d.c"]}]})
    case("review/octopus", "a merge of three is approved itself or not at all",
         main(), {"change.commits": [
             commit(), {**commit(S, "", "merge them"), "merges": 3}]})
    case("review/sentences-by-hand", "how merges by hand are told", main(),
         {"change.commits": [
             {**commit("1" * 40, ""), "by_hand": ["a", "b", "c", "d"]},
             {**commit("2" * 40, ""), "by_hand": ["a", "b", "c"]},
             {**commit("3" * 40, ""), "merges": 3},
             {**commit("4" * 40, ""), "merges": 2, "by_hand": ["a"]}]})
    case("review/nothing-gives-this",
         "each commit has its place, but no approval carries to the end",
         main(), {"approval.carried": ""})
    case("review/carry", "this gate carries no approval to a merge", main(),
         {"approval.carried": "clean-merge"},
         policy=approvals("count: 1, carry: exact"))
    case("review/carry-same-content",
         "an approval is carried as far as the gate lets it", main(),
         {"approval.carried": "same-content"},
         policy=approvals("count: 1, carry: same-content"))
    near = approval("carol", N)
    far = approval("bob", carried="clean-merge")
    exact = approvals("count: 1, carry: exact")
    case("review/nearest-last",
         "of two ways an approval covers it the nearest, here the last, "
         "decides", main(),
         {"change.approvals": [far, near]}, policy=exact)
    case("review/nearest-first",
         "of two ways an approval covers it the nearest, here the first, "
         "decides", main(),
         {"change.approvals": [near, far]}, policy=exact)
    case("review/two-far",
         "two approvals, both carried further than this gate lets them",
         main(),
         {"change.approvals": [far, approval("carol", carried="clean-merge")]},
         policy=exact)
    for name, words, fact in (
            ("withdrawn", "was withdrawn", {"taken_back": 22}),
            ("spent", "is spent", {"spent": "yes"}),
            ("after-the-fact", "came after the fact", {"after_fact": "yes"})):
        case(f"review/nearest-but-{name}",
             f"an approval that {words} covers nothing", main(),
             {"approval." + k: v for k, v in fact.items()})
    case("review/unknown", "the approvals could not be read", main(),
         {"change.approvals_known": None},
         policy=approvals("count: 1"))
    case("review/no-commits", "the commits could not be read", main(),
         {"change.commits": None}, policy=approvals("count: 1"))
    case("review/not-asked", "a gate may ask for no approvals", main(),
         {"change.approvals_known": None, "change.approvals": [],
          "change.commits": None},
         policy=policy(main='ticket: {pattern: "[A-Z]+-[0-9]+"}'))


def authors():
    squash = commit(N, "last")
    for name, words, k in (
            ("squash", "a squash", {"place": "last"}),
            ("copy", "a copied commit", {"place": "replayed"})):
        case(f"review/author-of-a-{name}",
             f"{words} names an author of what it carries", main(),
             {"change.commits": [{**squash, **k, "author_fits": "yes"}]})
        case(f"review/stranger-author-of-a-{name}",
             f"{words} puts a stranger's name over it", main(),
             {"change.commits": [{**squash, **k, "author_fits": "no"}]})
        case(f"review/author-unknown-of-a-{name}",
             f"whose work {words} carries could not be read", main(),
             {"change.commits": [{**squash, **k}]})
    for place in ("approved", "mechanical"):
        case(f"review/author-of-{place}",
             "only squashes and copies are asked whose work they carry",
             main(), {"change.commits": [commit(N, place, author_fits="no")]})


def landed():
    asks = promoted("landed_on: main")
    case("review/landed", "it landed on main, judged in full", staging())
    case("review/landed-on-one-of-two",
         "a gate may take from two", production(),
         {"staging.landed_gate": "staging"},
         policy=promoted("landed_on: [main, staging]"))
    case("review/not-landed", "it never landed on main", staging(),
         {"staging.landed": "no"})
    case("review/not-one-that-landed",
         "what moves is neither a landed commit, a tag on it nor its merge",
         production(), {"staging.commit": None}, policy=asks)
    case("review/landed-elsewhere",
         "it landed, but on a gate this one does not take from",
         production(), {"staging.landed_gate": "staging"}, policy=asks)
    case("review/landed-unknown", "whether it landed could not be read",
         staging(), {"staging.landed": None, "staging.landed_gate": None})
    case("review/judged-unknown",
         "whether it was judged in full could not be read",
         staging(), {"staging.judged": None})
    case("review/not-in-full",
         "it landed in an emergency whose review is open",
         staging(), {"staging.judged": "no",
                     "staging.doubt": "emergency, review open"})
    case("review/promotion-with-approvals-unknown",
         "the landing is known although the approvals are not",
         production(), {"change.approvals_known": None})


def texts():
    names = [commit(format(i, "040x"), "") for i in range(1, 8)]
    case("review/sentences", "what the pusher reads", main(),
         {"changes": [{**change(), "commits": names, "approvals": []},
                      {**change(last=S), "commits": [names[0]],
                       "approvals": []},
                      {**change(last=P), "commits": names[:5],
                       "approvals": []}]})
    case("review/sentences-of-two-gates", "what the pusher reads",
         production(), {"staging.landed": "no"},
         policy=promoted("landed_on: [main, staging]"))


def describe():
    covered()
    authors()
    landed()
    texts()

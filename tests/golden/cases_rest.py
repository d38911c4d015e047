"""Rollback plan, ticket, staging first, emergency change."""
from make import *  # noqa: F403

PLANNED = policy(main="rollback_plan: {required: true, min_words: 5}")


def plan(state, **more):
    return {"state": state, "where": "commit aaaaaaaaaaaa", **more}


def rollback():
    def planned(name, words, fact, policy=PLANNED, base=None):
        case("rollback/" + name, words, base or main(),
             {"change.rollback_plan": fact}, policy=policy)
    planned("plan", "a real plan is there", plan("real"))
    planned("absent", "there is no plan", {})
    planned("empty", "the plan is empty", plan("empty"))
    planned("placeholder", "the plan is 'n/a'", plan("placeholder"))
    planned("template",
            "the plan is the template's own words", plan("template"))
    planned("too-short", "the plan has too few words", plan("too-short"))
    goes = {"to": "v1.3", "to_exists": "yes", "to_was_live": "yes"}
    planned("target", "Rollback-To what is live now is a plan",
            {**goes, "to_is_last": "yes"})
    planned("older-target",
            "Rollback-To goes further back, and no plan says why",
            {**goes, "to_is_last": "no"})
    planned("older-target-unknown",
            "whether Rollback-To is what is live now is not known", goes)
    planned("older-target-and-plan",
            "Rollback-To goes further back, and a real plan says why",
            plan("real", **goes, to_is_last="no"))
    planned("target-and-placeholder",
            "Rollback-To what is live now beside a placeholder",
            plan("placeholder", **goes, to_is_last="yes"))
    planned("to-missing", "Rollback-To names what does not exist",
            {"to": "v9", "to_exists": "no", "to_was_live": "no"})
    planned("to-missing-with-plan",
            "Rollback-To names what does not exist, beside a real plan",
            plan("real", to="v9", to_exists="no", to_was_live="no"))
    planned("never-live", "Rollback-To names what was never live there",
            {"to": "v0", "to_exists": "yes", "to_was_live": "no"})
    planned("never-live-with-plan",
            "Rollback-To names what was never live, beside a real plan",
            plan("real", to="v0", to_exists="yes", to_was_live="no"))
    planned("to-unknown", "whether Rollback-To was live could not be read",
            {"to": "v1.3", "to_exists": "yes"})
    planned("to-exists-unknown",
            "whether Rollback-To exists could not be read",
            plan("real", to="v1.3", to_was_live="yes"))
    planned("not-asked", "a gate may ask for no plan", {},
            policy=approvals("count: 1"))
    planned("not-required", "a gate may say that no plan is required", {},
            policy=policy(main="rollback_plan: {required: false}"))
    planned("in-an-emergency",
            "a declaration turns a missing plan", {}, policy=None,
            base=emergency())
    case("rollback/lane-back", "the way back needs no plan",
         back_by_commit(), {"change.rollback_plan": {}},
         policy=promoted("rollback_plan: {required: true}\nrollback: {}"))
    planned("sentences", "what the pusher reads", plan("too-short"))
    planned("sentences-without-a-place", "what the pusher reads",
            {"state": "empty"})
    planned("sentences-with-a-place", "what the pusher reads",
            plan("empty"))


def ticket():
    asks = policy(main='ticket: {pattern: "[A-Z]+-[0-9]+"}')
    case("ticket/named", "a ticket is named", main(), policy=asks)
    case("ticket/missing", "no ticket is named", main(),
         {"change.ticket": None, "change.ticket_fits": "no"}, policy=asks)
    case("ticket/unknown", "whether one is named could not be read", main(),
         {"change.ticket": None, "change.ticket_fits": None}, policy=asks)
    case("ticket/not-asked", "a gate may ask for no ticket", main(),
         {"change.ticket": None, "change.ticket_fits": "no"},
         policy=approvals("count: 1"))
    case("ticket/lane-back", "the way back needs no ticket",
         back_by_commit(), {"change.ticket_fits": "no"},
         policy=promoted('ticket: {pattern: "[A-Z]+-[0-9]+"}\nrollback: {}'))
    case("ticket/in-an-emergency",
         "a declaration turns a missing ticket", emergency(),
         {"change.ticket_fits": "no"})


def staging_first():
    def asks(after, staging="", gate=""):
        return promoted("after: {gate: staging%s}\n%s" % (after, gate),
                        staging)
    plain = asks(", soak: 30m")
    case("staging/ran", "it ran on staging long enough", production(),
         policy=plain)
    case("staging/soaked",
         "it ran on staging exactly long enough", production(),
         {"staging.soaked": 1800000}, policy=plain)
    case("staging/soak",
         "it did not run on staging long enough, by a moment", production(),
         {"staging.soaked": 1799999}, policy=plain)
    case("staging/no-soak", "a gate may ask for no time", production(),
         {"staging.soaked": None}, policy=asks(""))
    case("staging/not-staged", "it never landed on staging", production(),
         {"staging.staged": "no"}, policy=plain)
    case("staging/nothing-promoted", "what moves is no landed commit",
         production(), {"staging.commit": None}, policy=plain)
    case("staging/unknown", "whether it landed there could not be read",
         production(), {"staging.staged": None}, policy=plain)
    case("staging/another-commit", "another commit ran there", production(),
         {"staging.staged_commit": N, "staging.deployments": []},
         policy=plain)
    case("staging/same-tree",
         "a gate may take another commit with the same tree",
         production(), {"staging.staged_commit": N,
                        "staging.deployments": [deployment(commit=N)]},
         policy=asks(", soak: 30m, same: tree"))
    case("staging/same-tree-not-staged",
         "a gate takes the same tree, which did not run on staging either",
         production(), {"staging.staged": "no", "staging.staged_commit": N},
         policy=asks(", soak: 30m, same: tree"))
    case("staging/same-tree-nothing-promoted",
         "the tree of nothing ran nowhere", production(),
         {"staging.commit": None}, policy=asks(", soak: 30m, same: tree"))
    case("staging/not-asked", "a gate may ask for no staging", production(),
         {"staging.staged": "no"}, policy=promoted("landed_on: main"))
    case("staging/lane-back", "the way back needs no staging", back(),
         policy=promoted("after: {gate: staging}\nrollback: {}"))
    case("staging/in-an-emergency",
         "a declaration turns what did not run on staging",
         emergency(production()),
         {"staging.staged": "no", "approval.person": "alice",
          "approval.key": KEY["alice"]})


def deployments():
    def told(name, words, list_, required=True, told_by="", staging="",
             gate="", **changed):
        how = "required" if required else "optional"
        by = f", told_by: [{told_by}]" if told_by else ""
        case("staging/" + name, words, production(),
             {"staging.deployments": list_,
              **{"staging." + k: v for k, v in changed.items()}},
             policy=promoted(
                 "after: {gate: staging, deployment: %s%s}\n%s"
                 % (how, by, gate), staging))
    good, bad = deployment(), deployment(success=False, record=52)
    alice, bob = deployment("alice"), deployment("bob")
    by_source = {**deployment("hub"), "source": True}
    del by_source["person"]
    told("deployment", "it was deployed to staging", [good])
    told("deployment-missing", "nobody told of a deployment", [])
    told("deployment-optional",
         "no deployment was told of, and it is optional", [], required=False)
    told("deployment-failed", "the deployment to staging failed", [bad])
    told("deployment-failed-optional",
         "a failed deployment refuses even where it is optional",
         [bad], required=False)
    told("deployment-newest-good",
         "a deployment went well after another had failed",
         [{**good, "record": 53}, bad])
    told("deployment-newest-bad",
         "a deployment failed after another had gone well", [bad, good])
    told("deployment-unknown",
         "what was told of deployments could not be read", [good],
         deployments_known=None)
    told("deployment-before", "a deployment told before it landed on staging",
         [{**good, "record": 49}])
    told("deployment-with-the-landing",
         "a record that is the landing itself is no deployment",
         [{**good, "record": 50}])
    told("deployment-of-another", "a deployment of another commit",
         [{**good, "commit": N}])
    told("deployment-elsewhere", "a deployment to another environment",
         [{**good, "environment": "testing"}])
    told("deployment-to-a-named-environment",
         "staging's environment has a name of its own",
         [{**good, "environment": "blue"}],
         staging="environments: [green, blue]")
    told("deployment-by-contributor",
         "a deployment told by somebody who had a part in the change",
         [{**good, "independent": "no"}])
    told("deployment-by-whom-unknown",
         "whether who told had a part in the change is not known",
         [{**good, "independent": "unknown"}])
    told("deployment-by-person", "machines and sources tell, people do not",
         [alice])
    told("deployment-by-nobody", "a deployment told by nobody we know",
         [{**good, "person": "frank"}])
    told("deployment-by-source", "a source's word is taken", [by_source])
    told("deployment-by-source-not-named",
         "a source's word is not taken where groups are named",
         [by_source], told_by="release")
    told("deployment-by-group",
         "a deployment told by somebody the policy names", [alice],
         told_by="release")
    told("deployment-by-another-group",
         "a deployment told by somebody the policy does not name", [bob],
         told_by="release")
    told("deployment-by-expired",
         "a deployment told by somebody without rights any more",
         [deployment("erin")], told_by="release")
    told("deployment-by-the-gates-group",
         "where `after` names none, the gate's names count", [alice],
         gate="told_by: [release]")
    told("deployment-not-by-the-gates-group",
         "where the gate names who may tell, machines may not by themselves",
         [good], gate="told_by: [platform]")
    told("deployment-by-afters-group",
         "those whom `after` names come before those whom the gate names",
         [alice], told_by="release", gate="told_by: [dba]")
    told("deployment-passed-over",
         "one whose word is not taken hides none whose is", [bob, good])


def emergencies():
    case("emergency/declared",
         "carol lands by declaration what nobody approved",
         emergency())
    case("emergency/not-declared", "nobody declared anything", main())
    case("emergency/needless",
         "carol declared, and all is met anyway: no debt", emergency(main()),
         {"approval.person": "bob"})
    case("emergency/turns-what-is-not-known",
         "a declaration turns what could not be found out", emergency(),
         {"change.approvals_known": None})
    case("emergency/told-before",
         "dave signed a declaration an hour ago, alice lands",
         told_before())
    case("emergency/told-before-and-needless",
         "dave signed a declaration, and all is met anyway: no debt",
         told_before(main()))
    case("emergency/by-trailer",
         "carol declares by trailers of her commit", emergency(),
         {"emergency.by": "trailer"})
    case("emergency/no-lane", "the policy has no emergency lane", emergency(),
         policy=approvals("count: 1"))
    case("emergency/not-valid", "one that is not valid refuses what is met",
         emergency(main()), policy=approvals("count: 1"))


def members():
    case("emergency/not-a-member",
         "alice declares, and is no incident commander",
         emergency(person="alice"))
    case("emergency/nobody",
         "the declaration is by nobody we know", emergency(),
         {"emergency.declarer": {"login": "mallory"}})
    case("emergency/machine", "a machine declares nothing",
         emergency(person="deploy-bot"))
    case("emergency/was-not-a-member",
         "dave was no member when he declared it", told_before(),
         {"emergency.member": "no"})
    case("emergency/member-unknown",
         "whether dave was a member when he declared it is not known",
         told_before(), {"emergency.member": None})
    case("emergency/expired-member",
         "erin declared it, and her rights have ended since",
         told_before(), {"emergency.declarer": who("erin"),
                         "emergency.key": KEY["erin"]})
    case("emergency/anothers",
         "alice pushes with options that declare in carol's name", emergency(),
         {"pusher": who("alice")})
    case("emergency/anothers-trailer",
         "alice pushes a commit whose trailer declares in carol's name",
         emergency(),
         {"pusher": who("alice"), "emergency.by": "trailer"})
    case("emergency/key-revoked",
         "the declaration is signed with a key that was taken out",
         told_before(), {"emergency.key": KEY["nobody"]})
    case("emergency/no-key",
         "the declaration is a tag that no key signed", told_before(),
         {"emergency.key": None})
    old = open(ROOT + "/people.yaml").read().replace(
        "groups: [engineers]\n", "groups: [incident-commanders]\n")
    case("emergency/key-ended",
         "the declaration is signed with a key that had ended",
         told_before(), {"emergency.declarer": who("bob"),
                         "emergency.key": KEY["bob-old"]}, people=old)
    case("emergency/key-not-ended",
         "the declaration is signed with a key that had not ended",
         told_before(), {"emergency.declarer": who("bob"),
                         "emergency.key": KEY["bob"]}, people=old)


def what():
    case("emergency/no-incident",
         "the declaration names no incident", emergency(),
         {"emergency.incident": None, "emergency.incident_state": "absent"})
    case("emergency/incident-placeholder", "the incident is called 'tbd'",
         emergency(), {"emergency.incident": "tbd",
                       "emergency.incident_state": "placeholder"})
    case("emergency/no-reason", "the declaration gives no reason", emergency(),
         {"emergency.reason": None, "emergency.reason_state": "absent"})
    case("emergency/reason-placeholder", "the reason is 'n/a'", emergency(),
         {"emergency.reason": "n/a", "emergency.reason_state": "placeholder"})
    case("emergency/two-refs", "a declared push moves one gated ref",
         emergency(), {"gated": 2})
    case("emergency/refs-unknown",
         "how many gated refs the push moves is not known",
         emergency(), {"gated": None})
    case("emergency/expired",
         "the declaration was made four hours ago", told_before(),
         {"emergency.time": "2026-11-25T08:00:00.000Z"})
    case("emergency/not-expired",
         "the declaration was made a moment less than four hours ago",
         told_before(),
         {"emergency.time": "2026-11-25T08:00:00.001Z"})
    case("emergency/expired-and-needless",
         "an old declaration stays with its commit, and refuses nothing "
         "that is met", told_before(main()),
         {"emergency.time": "2026-11-25T08:00:00.000Z"})
    case("emergency/no-members-trailer-and-needless",
         "a trailer of alice, who is no incident commander, on what needs "
         "no emergency", emergency(main(), person="alice"),
         {"emergency.by": "trailer"})
    case("emergency/declared-when-unknown",
         "when it was declared is not known", emergency(),
         {"emergency.time": None})
    case("emergency/used",
         "the declaration served another landing", told_before(),
         {"emergency.used": "yes"})
    case("emergency/in-use",
         "another push was admitted by the declaration, and may still land",
         told_before(), {"emergency.in_use": "refs/heads/production"})
    case("emergency/used-unknown",
         "whether the declaration served another landing is not known",
         told_before(), {"emergency.used": None})


def debts():
    report = policy(main="approvals: {count: 1}",
                    rest=LANE + "\n  overdue: report")
    case("emergency/overdue", "a review is overdue on this gate", main(),
         {"debts": [debt()]})
    case("emergency/due-now", "a review is due this moment", main(),
         {"debts": [debt(due=NOW)]})
    case("emergency/not-due", "a review is owed, and not due yet", main(),
         {"debts": [debt(due="2026-11-25T12:00:00.001Z")]})
    case("emergency/due-when-unknown",
         "a review is owed, and until when is not known", main(),
         {"debts": [debt(due=None)]})
    case("emergency/overdue-second", "of two reviews one is overdue", main(),
         {"debts": [debt(due="2026-11-26T00:00:00.000Z"), debt()]})
    case("emergency/overdue-elsewhere",
         "a review is overdue on another gate", main(),
         {"debts": [debt(elsewhere=True)]})
    case("emergency/overdue-reported",
         "a review is overdue, which this policy only reports", main(),
         {"debts": [debt()]}, policy=report)
    case("emergency/overdue-without-a-lane",
         "a review is overdue, and the policy has no emergency lane any "
         "more", main(),
         {"debts": [debt()]}, policy=approvals("count: 1"))
    case("emergency/debts-unknown", "whether one is overdue is not known",
         main(), {"debts_known": None})
    case("emergency/debts-unknown-reported",
         "whether a review is overdue is not known, and is only reported "
         "anyway", main(),
         {"debts_known": None}, policy=report)
    case("emergency/overdue-anothers",
         "another person's emergency passes an overdue review", emergency(),
         {"debts": [debt()]})
    case("emergency/own-overdue",
         "carol declares, and owes an overdue review herself", emergency(),
         {"debts": [debt(declarer="carol")]})
    case("emergency/own-overdue-elsewhere",
         "carol owes an overdue review on another gate", emergency(),
         {"debts": [debt(declarer="carol", elsewhere=True)]})
    case("emergency/own-not-due",
         "carol owes a review that is not due yet", emergency(),
         {"debts": [debt(declarer="carol",
                         due="2026-11-25T12:00:00.001Z")]})
    case("emergency/own-due-now",
         "carol's own review is due this moment", emergency(),
         {"debts": [debt(declarer="carol", elsewhere=True, due=NOW)]})
    case("emergency/own-overdue-second",
         "of two overdue reviews one is carol's own", emergency(),
         {"debts": [debt(), debt(declarer="carol")]})
    case("emergency/own-debts-unknown",
         "whether carol owes an overdue review is not known",
         emergency(), {"debts_known": None}, policy=report)
    case("emergency/overdue-and-restored",
         "a ref may be put back while a review is overdue",
         restored(), {"debts": [debt()]})
    case("emergency/overdue-and-followed",
         "what undoes the objected landing may land", main(),
         {"debts": [debt()], "follows_objected": True})
    case("emergency/overdue-and-back",
         "the lane back stays open while a review is overdue", back(),
         {"debts": [debt()]})
    case("emergency/overdue-and-no-way-back",
         "a gate without a lane back has none open while a review is "
         "overdue", back(), {"debts": [debt()]},
         policy=promoted("landers: [release]") + LANE + "\n")


def texts():
    case("emergency/sentences", "what the pusher reads", emergency(),
         {"debts": [debt()]})
    case("emergency/sentences-of-a-fault", "what the pusher reads",
         emergency(), {"gated": 2})
    case("staging/sentences", "what the pusher reads", production(),
         {"staging.soaked": 600000})
    case("staging/sentences-not-staged", "what the pusher reads",
         production(), {"staging.staged": "no"})
    case("staging/sentences-nothing-promoted", "what the pusher reads",
         production(), {"staging.commit": None})
    case("ticket/sentences", "what the pusher reads", main(),
         {"change.ticket_fits": "no"})
    case("owners/sentences", "what the pusher reads", main(),
         {"change.owned": [{"touched": "yes", "path": "a/1"},
                           {"touched": "yes"}]},
         policy=policy(main="""
approvals: {count: 1}
owners: [{paths: ["a/**"], groups: [dba]}, {paths: ["b/**"], count: 2}]"""))


def describe():
    rollback()
    ticket()
    staging_first()
    deployments()
    emergencies()
    members()
    what()
    debts()
    texts()

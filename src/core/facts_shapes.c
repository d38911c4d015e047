#include "core/facts_shapes.h"

#include "core/change.h"

static const char *const tri_words[] = {"unknown", "no", "yes", NULL};
static const char *const part_words[] = {"", "author", "committer", "co-author",
    "first-pusher", "opener", "owner", NULL};
static const char *const carried_words[] = {"", "exact", "same-content",
    "clean-merge", NULL};
static const char *const place_words[] = {"", "approved", "last", "mechanical",
    "replayed", "accepted", NULL};
static const char *const plan_words[] = {"absent", "empty", "placeholder",
    "template", "too-short", "real", NULL};
static const char *const move_words[] = {"", "forward", "create", "backward",
    "aside", "delete", "restore", NULL};
static const char *const mode_words[] = {"enforce", "observe", NULL};
static const char *const declared_words[] = {"", "push-option", "trailer",
    "tag", "comment", NULL};

#define ROW(s, k, m, what)                                                     \
	.key = (k), .kind = FIELD_##what, .at = offsetof(struct s, m)
#define TEXT(s, k, m) ROW(s, k, m, TEXT)
#define BOOL(s, k, m) ROW(s, k, m, BOOL)
#define COUNT(s, k, m) ROW(s, k, m, COUNT)
#define SEQ(s, k, m) ROW(s, k, m, SEQ)
#define SPAN(s, k, m) ROW(s, k, m, SPAN)
#define INSTANT(s, k, m) ROW(s, k, m, INSTANT)
#define WORD(s, k, m, w) ROW(s, k, m, WORD), .words = (w)
#define TRI(s, k, m) WORD(s, k, m, tri_words)
#define TEXTS(s, k, m, n) ROW(s, k, m, TEXTS), .count_at = offsetof(struct s, n)
#define ONE(s, k, m, t) ROW(s, k, m, ONE), .shape = &(t)
#define LIST(s, k, m, n, t)                                                    \
	ROW(s, k, m, LIST), .count_at = offsetof(struct s, n), .shape = &(t)

static const struct field actor_fields[] = {
    {TEXT(actor, "person", person)},
    {TEXT(actor, "login", login)},
    {BOOL(actor, "machine", machine)},
    {0},
};
static const struct shape actor_shape = {sizeof(struct actor), actor_fields};

static const struct field contributor_fields[] = {
    {TEXT(contributor, "person", person)},
    {BOOL(contributor, "known", known)},
    {BOOL(contributor, "machine", machine)},
    {TEXT(contributor, "written", written)},
    {TEXT(contributor, "commit", commit)},
    {WORD(contributor, "part", part, part_words)},
    {0},
};
static const struct shape contributor_shape = {sizeof(struct contributor),
    contributor_fields};

static const struct field request_fields[] = {
    {TEXT(on_request, "source", source)},
    {TEXT(on_request, "number", number)},
    {BOOL(on_request, "told", told)},
    {TEXT(on_request, "login", login)},
    {TRI(on_request, "trusted", trusted)},
    {TRI(on_request, "open", open)},
    {BOOL(on_request, "assumed", assumed)},
    {TRI(on_request, "certain", certain)},
    {TRI(on_request, "present", present)},
    {0},
};
static const struct shape request_shape = {sizeof(struct on_request),
    request_fields};

static const struct field approval_fields[] = {
    {SEQ(approval, "record", seq)},
    {TEXT(approval, "person", person)},
    {BOOL(approval, "machine", machine)},
    {TEXT(approval, "key", key)},
    {BOOL(approval, "presence", presence)},
    {TEXT(approval, "repository", repository)},
    {TEXT(approval, "commit", commit)},
    {TEXT(approval, "target", target)},
    {INSTANT(approval, "time", time)},
    {TEXT(approval, "source", source)},
    {WORD(approval, "carried", carried, carried_words)},
    {TRI(approval, "in_force", in_force)},
    {TRI(approval, "groups_known", groups_known)},
    {TEXTS(approval, "groups", groups, group_count)},
    {TRI(approval, "spent", spent)},
    {TRI(approval, "after_fact", after_fact)},
    {TEXT(approval, "in_use", in_use)},
    {SEQ(approval, "taken_back", taken_back)},
    {SEQ(approval, "voided", voided)},
    {TRI(approval, "plan_in_it", plan_in_it)},
    {ONE(approval, "request", request, request_shape)},
    {0},
};
static const struct shape approval_shape = {sizeof(struct approval),
    approval_fields};

static const struct field commit_fields[] = {
    {TEXT(landing_commit, "id", id)},
    {TEXT(landing_commit, "subject", subject)},
    {WORD(landing_commit, "place", place, place_words)},
    {TRI(landing_commit, "author_fits", author_fits)},
    {TEXT(landing_commit, "accepted_gate", accepted_gate)},
    {SEQ(landing_commit, "accepted_record", accepted_seq)},
    {COUNT(landing_commit, "merges", merges)},
    {TEXTS(landing_commit, "by_hand", by_hand, by_hand_count)},
    {0},
};
static const struct shape commit_shape = {sizeof(struct landing_commit),
    commit_fields};

static const struct field owned_fields[] = {
    {TRI(owned, "touched", touched)},
    {TEXT(owned, "path", path)},
    {0},
};
static const struct shape owned_shape = {sizeof(struct owned), owned_fields};

static const struct field gitlink_fields[] = {
    {TEXT(gitlink, "commit", commit)},
    {TEXT(gitlink, "path", path)},
    {TEXT(gitlink, "from", from)},
    {TEXT(gitlink, "to", to)},
    {TEXT(gitlink, "submodule", submodule)},
    {TEXT(gitlink, "url_from", url_from)},
    {TEXT(gitlink, "url_to", url_to)},
    {0},
};
static const struct shape gitlink_shape = {sizeof(struct gitlink),
    gitlink_fields};

static const struct field check_fields[] = {
    {SEQ(check, "record", seq)},
    {TEXT(check, "source", source)},
    {TEXT(check, "context", context)},
    {TEXT(check, "commit", commit)},
    {TEXT(check, "result", result)},
    {TEXT(check, "person", person)},
    {TRI(check, "trusted", trusted)},
    {TRI(check, "independent", independent)},
    {INSTANT(check, "time", time)},
    {0},
};
static const struct shape check_shape = {sizeof(struct check), check_fields};

static const struct field plan_fields[] = {
    {WORD(plan_fact, "state", state, plan_words)},
    {TEXT(plan_fact, "where", where)},
    {TEXT(plan_fact, "text", text)},
    {TEXT(plan_fact, "to", to)},
    {TRI(plan_fact, "to_exists", to_exists)},
    {TRI(plan_fact, "to_was_live", to_was_live)},
    {TRI(plan_fact, "to_is_last", to_is_last)},
    {BOOL(plan_fact, "approved", approved)},
    {BOOL(plan_fact, "changed_since", changed_since)},
    {0},
};
static const struct shape plan_shape = {sizeof(struct plan_fact), plan_fields};

static const struct field rehearsal_fields[] = {
    {TRI(rehearsal, "clean", clean)},
    {TEXTS(rehearsal, "conflicts", conflicts, conflict_count)},
    {0},
};
static const struct shape rehearsal_shape = {sizeof(struct rehearsal),
    rehearsal_fields};

static const struct field inside_fields[] = {
    {TRI(inside, "all", all)},
    {TEXT(inside, "path", path)},
    {0},
};
static const struct shape inside_shape = {sizeof(struct inside), inside_fields};

static const struct field routine_fields[] = {
    {TEXT(routine, "machine", machine)},
    {TEXT(routine, "stranger", stranger)},
    {TRI(routine, "regular", regular)},
    {TEXT(routine, "odd", odd)},
    {COUNT(routine, "files", files)},
    {LIST(routine, "inside", inside, inside_count, inside_shape)},
    {0},
};
static const struct shape routine_shape = {sizeof(struct routine),
    routine_fields};

static const struct field change_fields[] = {
    {TEXT(change, "id", id)},
    {TEXT(change, "before", before)},
    {TEXT(change, "after", after)},
    {TEXT(change, "description", description)},
    {TEXT(change, "requester", requester)},
    {LIST(change, "commits", commits, commit_count, commit_shape)},
    {TRI(change, "contributors_known", contributors_known)},
    {LIST(change, "contributors", contributors, contributor_count,
        contributor_shape)},
    {COUNT(change, "unseen", unseen)},
    {TRI(change, "approvals_known", approvals_known)},
    {LIST(change, "approvals", approvals, approval_count, approval_shape)},
    {LIST(change, "objections", objections, objection_count, approval_shape)},
    {TRI(change, "paths_known", paths_known)},
    {COUNT(change, "path_count", path_count)},
    {LIST(change, "owned", owned, owned_count, owned_shape)},
    {LIST(change, "gitlinks", gitlinks, gitlink_count, gitlink_shape)},
    {ONE(change, "rollback_plan", plan, plan_shape)},
    {TEXT(change, "ticket", ticket)},
    {TRI(change, "ticket_fits", ticket_fits)},
    {ONE(change, "rehearsal", rehearsal, rehearsal_shape)},
    {ONE(change, "routine", routine, routine_shape)},
    {TRI(change, "checks_known", checks_known)},
    {LIST(change, "checks", checks, check_count, check_shape)},
    {0},
};
static const struct shape change_shape = {sizeof(struct change), change_fields};

static const struct field deployment_fields[] = {
    {SEQ(deployment, "record", seq)},
    {TEXT(deployment, "environment", environment)},
    {TEXT(deployment, "commit", commit)},
    {BOOL(deployment, "success", success)},
    {TEXT(deployment, "person", person)},
    {BOOL(deployment, "machine", machine)},
    {BOOL(deployment, "source", source)},
    {TRI(deployment, "independent", independent)},
    {INSTANT(deployment, "time", time)},
    {0},
};
static const struct shape deployment_shape = {sizeof(struct deployment),
    deployment_fields};

static const struct field promotion_fields[] = {
    {TEXT(promotion, "commit", commit)},
    {TRI(promotion, "landed", landed)},
    {TEXT(promotion, "landed_gate", landed_gate)},
    {SEQ(promotion, "landed_record", landed_seq)},
    {TRI(promotion, "judged", judged)},
    {TEXT(promotion, "doubt", doubt)},
    {TRI(promotion, "staged", staged)},
    {SEQ(promotion, "staged_record", staged_seq)},
    {TEXT(promotion, "staged_commit", staged_commit)},
    {INSTANT(promotion, "staged_at", staged_at)},
    {SPAN(promotion, "soaked", soaked)},
    {TRI(promotion, "deployments_known", deployments_known)},
    {LIST(promotion, "deployments", deployments, deployment_count,
        deployment_shape)},
    {TEXTS(promotion, "includes", includes, include_count)},
    {TEXT(promotion, "asker", asker)},
    {0},
};
static const struct shape promotion_shape = {sizeof(struct promotion),
    promotion_fields};

static const struct field birth_fields[] = {
    {TEXT(birth, "commit", commit)},
    {TEXT(birth, "gate", gate)},
    {SEQ(birth, "record", seq)},
    {0},
};
static const struct shape birth_shape = {sizeof(struct birth), birth_fields};

static const struct field retirement_fields[] = {
    {TRI(retirement, "held", held)},
    {TEXT(retirement, "ref", ref)},
    {TEXT(retirement, "gate", gate)},
    {SEQ(retirement, "record", seq)},
    {0},
};
static const struct shape retirement_shape = {sizeof(struct retirement),
    retirement_fields};

static const struct field lane_fields[] = {
    {BOOL(lane, "taken", taken)},
    {TEXT(lane, "to", to)},
    {TRI(lane, "live", live)},
    {COUNT(lane, "back", back)},
    {TRI(lane, "left", left)},
    {TRI(lane, "clear", clear)},
    {TEXT(lane, "reason", reason)},
    {WORD(lane, "reason_state", reason_state, plan_words)},
    {0},
};
static const struct shape lane_shape = {sizeof(struct lane), lane_fields};

static const struct field declaration_fields[] = {
    {WORD(declaration, "by", by, declared_words)},
    {ONE(declaration, "declarer", declarer, actor_shape)},
    {TEXT(declaration, "incident", incident)},
    {WORD(declaration, "incident_state", incident_state, plan_words)},
    {TEXT(declaration, "reason", reason)},
    {WORD(declaration, "reason_state", reason_state, plan_words)},
    {INSTANT(declaration, "time", time)},
    {SEQ(declaration, "record", seq)},
    {TRI(declaration, "used", used)},
    {TEXT(declaration, "in_use", in_use)},
    {TRI(declaration, "member", member)},
    {TEXT(declaration, "key", key)},
    {ONE(declaration, "request", request, request_shape)},
    {0},
};
static const struct shape declaration_shape = {sizeof(struct declaration),
    declaration_fields};

static const struct field debt_fields[] = {
    {SEQ(debt, "record", seq)},
    {TEXT(debt, "ref", ref)},
    {TEXT(debt, "commit", commit)},
    {TEXT(debt, "declarer", declarer)},
    {INSTANT(debt, "due", due)},
    {BOOL(debt, "elsewhere", elsewhere)},
    {0},
};
static const struct shape debt_shape = {sizeof(struct debt), debt_fields};

static const struct field defect_fields[] = {
    {TEXT(defect, "code", code)},
    {TEXT(defect, "text", text)},
    {0},
};
static const struct shape defect_shape = {sizeof(struct defect), defect_fields};

static const struct field secret_fields[] = {
    {TEXT(secret_fact, "commit", commit)},
    {TEXT(secret_fact, "path", path)},
    {COUNT(secret_fact, "line", line)},
    {TEXT(secret_fact, "kind", kind)},
    {TEXT(secret_fact, "allow", allow)},
    {0},
};
static const struct shape secret_shape = {sizeof(struct secret_fact),
    secret_fields};

static const struct field secrets_fields[] = {
    {TRI(secrets, "looked", looked)},
    {LIST(secrets, "found", found, found_count, secret_shape)},
    {COUNT(secrets, "more", more)},
    {COUNT(secrets, "allowed", allowed)},
    {COUNT(secrets, "files", files)},
    {COUNT(secrets, "unread", unread)},
    {TEXT(secrets, "unread_path", unread_path)},
    {0},
};
static const struct shape secrets_shape = {sizeof(struct secrets),
    secrets_fields};

static const struct field update_fields[] = {
    {TEXT(update, "repository", repository)},
    {TEXT(update, "gate", gate)},
    {TEXT(update, "ref", ref)},
    {COUNT(update, "rules", rules)},
    {TEXT(update, "old", old)},
    {TEXT(update, "new", new)},
    {TEXT(update, "base", base)},
    {BOOL(update, "gone", gone)},
    {TEXT(update, "landed", landed)},
    {INSTANT(update, "asked", at)},
    {WORD(update, "mode", mode, mode_words), .always = true},
    {WORD(update, "move", move, move_words)},
    {ONE(update, "pusher", pusher, actor_shape)},
    {BOOL(update, "foreseen", foreseen)},
    {BOOL(update, "witnessed", witnessed)},
    {TRI(update, "adopted", adopted)},
    {BOOL(update, "baseline", baseline)},
    {TEXT(update, "drift", drift)},
    {COUNT(update, "gated", gated)},
    {LIST(update, "defects", defects, defect_count, defect_shape)},
    {LIST(update, "changes", changes, change_count, change_shape)},
    {BOOL(update, "promotes", promotes)},
    {ONE(update, "staging", promotion, promotion_shape)},
    {ONE(update, "birth", birth, birth_shape)},
    {ONE(update, "retirement", retirement, retirement_shape)},
    {ONE(update, "lane", lane, lane_shape)},
    {ONE(update, "emergency", declaration, declaration_shape)},
    {TRI(update, "debts_known", debts_known)},
    {LIST(update, "debts", debts, debt_count, debt_shape)},
    {BOOL(update, "follows_objected", follows_objected)},
    {ONE(update, "secrets", secrets, secrets_shape)},
    {0},
};
const struct shape facts_update = {sizeof(struct update), update_fields};

/*
 * gather - from the world to facts.
 *
 * Everything judge() may look at for one gated ref is found here: Git's
 * objects, the ledger's records, the people, the clock read once.  What cannot
 * be had in time or at all stays unknown, which lets nothing through; what
 * cannot be read at all (a missing object, a damaged ledger) is a defect of the
 * update, and nothing turns that.
 *
 * The parts: commits (who made what), cover (rules.md 5), statements (what
 * people said), fate (what became of it), objections, stretch (the cut) and
 * change (one stretch's facts), accepted (what landed on another gate),
 * contributors, content, routine, plans, promotion, staging, lane, retirement,
 * emergency, review (the debts of emergencies); and what sources told: requests
 * (on which something was said), openers, checks.
 */
#ifndef APP_GATHER_H
#define APP_GATHER_H

#include "app/push.h"
#include "app/request.h"
#include "core/object.h"

#define GATHER_COVERS_MAX                                                      \
	200 /* approvals of other commits, tried for one ref */

struct commit_fact {
	const char *id;
	const struct repo_commit *raw;
	struct commit parsed;
	const char *defect; /* it cannot be read strictly: why, or NULL */
	const char *subject;
	enum tri mechanical;     /* a clean merge of its two parents */
	struct actor pusher;     /* who brought it first */
	enum tri seen;           /* NO: nobody told of that */
	bool web;                /* first brought by the server itself */
	uint64_t received;       /* the record of it; 0: this push */
	size_t step;             /* on the way from base to new */
	struct repo_path *paths; /* commit_fact_paths(), once asked for */
	size_t path_count;
	bool paths_known;
	const char *patch;         /* commit_fact_patch(), once asked for */
	struct request **requests; /* with this head, once asked for */
	size_t request_count;
	bool requests_known;
};

/* A statement of the ledger about a commit and this ref. */
struct statement_fact {
	struct approval approval;
	const char *decision; /* "approve", "object", "withdraw" */
	int64_t dated;
	const char *text;
	/* Of one told by a source: */
	const struct request *request;
	const char *review; /* the forge's id of it, or NULL */
	bool all;           /* takes back everybody's on that request */
	bool by_another;    /* taken back by somebody else than who gave it */
	size_t step;        /* its commit's, where that lands; else 0 */
	bool settled;       /* what became of it is known: withdrawn, spent */
};

/* Records of one kind, newest first, as far back as was asked for. */
struct landings {
	struct record *list;
	size_t count;
	bool all;
};

/* An approved commit whose merge here gives the tree of a later position. */
struct hit {
	size_t statement;
	char tree[REPO_OID_SIZE];
};

struct hits {
	size_t looked_at; /* statements */
	struct hit *list;
	size_t count;
};

struct gathering {
	struct push *push;
	const struct gate *gate;
	struct update *update;
	/* The commits that become reachable, parents before children. */
	struct commit_fact **fresh;
	size_t fresh_count;
	struct map fresh_map;
	struct map accepted; /* of those, what landed on an accepted gate */
	size_t from, to;     /* the stretch that is gathered */
	/* base, ..., new along first parents; two where the line misses. */
	const char **line;
	size_t line_count;
	/* Statements that could matter: of each commit the newest first. */
	struct statement_fact *statements;
	size_t statement_count;
	size_t elsewhere; /* of the newest for this ref, so many were taken */
	struct statement_fact *against;
	size_t against_count;
	bool against_known;
	struct hits *hits;    /* one for each position on the line */
	int64_t covers_until; /* the share of the time for trying approvals */
	struct landings here; /* of this ref */
	struct landings in_repo; /* of all refs: for approvals of a glob */
	struct landings people;  /* people.yaml as it was */
	const char *promoted;    /* an approval of this one counts as it is */
	/* Where the ref stood since the ledger's tip, by drift (app/shown.c).
	 */
	const char **stood;
	size_t stood_count;
	bool stood_known;
	/* Of a review: the landing it is of, which itself spends nothing. */
	uint64_t reviewed;
};

/* All facts of one update; `u` must have repository, ref, old, new, base. */
void gather(struct push *p, const struct ref_update *r, struct update *u);

/* commits */
int commit_fact_get(struct push *p, const struct repo_commit *raw,
    struct commit_fact **out, struct err *err) must_check;
int commit_fact_seen(struct push *p, struct commit_fact *c,
    struct err *err) must_check;
/*
 * What of its trees none of its parents has and git would not write so; NULL
 * where there is none.
 */
int commit_fact_odd(struct push *p, struct commit_fact *c, const char **why,
    struct err *err) must_check;
/* Its paths that are not as its first parent has them. */
int commit_fact_paths(struct push *p, struct commit_fact *c,
    struct err *err) must_check;
enum tri commit_is_mechanical(struct push *p, struct commit_fact *c);
/* What it changes in what, so that a copy is known again; "" for a merge. */
int commit_fact_patch(struct push *p, struct commit_fact *c, const char **patch,
    struct err *err) must_check;
/* Who brought the same patch before, in another commit (rules.md 19). */
struct earlier {
	const char *commit;
	const struct actor *pusher;
};
int commit_fact_earlier(struct push *p, struct commit_fact *c,
    struct earlier **list, size_t *count, struct err *err) must_check;
/* The commit behind a tag or commit; NULL where there is none. */
int commit_behind(struct push *p, const char *id, const char **commit,
    struct err *err) must_check;
/* Fill update, fresh commits and first-parent line. */
int gather_range(struct gathering *g, const char *base, const char *new,
    struct err *err) must_check;

/*
 * cover: the tree that merging `approved` into position `from` gives; "" where
 * it covers nothing (landed, in conflict, no commit, out of time).
 */
int cover_tree(struct gathering *g, size_t from, const char *approved,
    char tree[REPO_OID_SIZE], struct err *err) must_check;
/* How the approved commit covers the step, and each commit's place. */
int cover(struct gathering *g, size_t from, size_t to, const char *approved,
    const char *tree, enum carried *carried, enum place *places,
    struct err *err) must_check;
/* The tree at a position of the line. */
int cover_end(struct gathering *g, size_t to, char tree[REPO_OID_SIZE],
    struct err *err) must_check;

/* statements */
int gather_statements(struct gathering *g, struct err *err) must_check;
/* More of the newest for this ref, whatever their commit; `*more` of them. */
int gather_statements_elsewhere(struct gathering *g, bool *more,
    struct err *err) must_check;
/* Approvals of one commit for this ref, for promotions. */
int gather_statements_of(struct gathering *g, const char *const *commits,
    size_t count, struct err *err) must_check;
/* Objections and withdrawals for this ref. */
int gather_against(struct gathering *g, struct err *err) must_check;
bool statement_is_here(const struct gathering *g,
    const struct statement_fact *s);
/* Is `commit` in the history of `head`, or head itself?  Unknown is no. */
int statement_is_in(struct push *p, const char *commit, const char *head,
    bool *yes, struct err *err) must_check;

/* fate: taken back, spent, after the fact (rules.md 11, 12, 14). */
int gather_fate(struct gathering *g, struct statement_fact *s,
    struct err *err) must_check;
/*
 * in_use: a ref that another decision lets it land on, which may still come to
 * pass, or NULL (rules.md 12, 33); YES in `*landed` where one did land.
 */
int gather_in_use(struct gathering *g, uint64_t statement, const char **ref,
    enum tri *landed, struct err *err) must_check;
/* Its key was not taken out of people.yaml since: else it is not in force. */
int gather_held(struct gathering *g, struct approval *a,
    struct err *err) must_check;
/* Which groups its person was in, as its record says it. */
void statement_groups(struct push *p, const struct tree *record,
    struct approval *a);
/* The same where its own record does not say. */
int gather_groups_then(struct gathering *g, struct approval *a,
    struct err *err) must_check;
/*
 * What stood on the ref when that record was written; NULL where nothing did,
 * or where (`*known` is UNKNOWN) more landings came since than are looked at.
 */
int gather_tip_before(struct gathering *g, uint64_t seq, const char **tip,
    enum tri *known, struct err *err) must_check;
/* part: has part of it landed since, so that it does not count (rules.md 8)? */
int gather_part_landed(struct gathering *g, size_t from, size_t to,
    const struct statement_fact *s, bool *falls, struct err *err) must_check;
/* objections (rules.md 16) */
int gather_objections(struct gathering *g, size_t from, size_t to,
    struct change *c, struct err *err) must_check;
/* The newest objection or withdrawal for a ref, by its name or its glob. */
int gather_newest_against(struct gathering *g, const char *ref, uint64_t *seq,
    struct err *err) must_check;
/* One on what is promoted, where it landed: then it was not judged in full. */
int gather_landed_objection(struct gathering *g, struct err *err) must_check;

/* requests */
/* What was said on requests that had one of these commits as their head. */
int gather_told_of(struct gathering *g, const char *const *commits,
    size_t count, struct err *err) must_check;
/* And on the newest requests for this ref. */
int gather_told_elsewhere(struct gathering *g, const char *target, size_t most,
    bool *more, struct err *err) must_check;
int gather_keep_statements(struct gathering *g, const struct record *list,
    size_t count, struct err *err) must_check;
/* The part of a statement that only a source has. */
int gather_read_told(struct gathering *g, const struct record *r,
    struct statement_fact *s, struct err *err) must_check;
/* Does the request's present head give the same at that position? */
int gather_present(struct gathering *g, size_t from,
    const struct statement_fact *s, struct on_request *out,
    struct err *err) must_check;
/* Do both stand on one request of one forge? */
bool gather_same_request(const struct statement_fact *a,
    const struct statement_fact *b);
/* Does `against`, told by a source, take back `s`, told there too? */
bool gather_takes_back(const struct statement_fact *s,
    const struct statement_fact *against);
/* Is it an earlier head of a request of which this landing took a later? */
int gather_spent_by_request(struct gathering *g, const char *commit,
    const struct record *landing, bool *spent, struct err *err) must_check;
/* Requests that belong to a stretch: by their head, for this ref. */
int gather_requests_of(struct gathering *g, size_t from, size_t to,
    const struct change *c, struct request ***list, size_t *count,
    struct err *err) must_check;
/* Is its present head what lands in that stretch, or was approved for it? */
bool gather_is_head_of(const struct gathering *g, size_t from, size_t to,
    const struct change *c, const struct request *q);
/* Who opened them, and who brought their earlier heads (rules.md 19). */
int gather_openers(struct gathering *g, size_t from, size_t to,
    struct change *c, struct err *err) must_check;
/* What was told of checks that the gate names. */
int gather_checks(struct gathering *g, struct change *c,
    struct err *err) must_check;
/* Is that source configured, and asked of such words? */
enum tri gather_trusts(const struct push *p, const char *source,
    enum source_word word);

/* stretch */
int gather_changes(struct gathering *g, struct err *err) must_check;

/*
 * shown: did a forge show all of that stretch to whoever approved there?  It
 * shows what comes on top of the target, not what drift brought there before.
 */
int gather_is_shown(struct gathering *g, size_t from, size_t to,
    bool *shown_all, struct err *err) must_check;

/* change: one stretch, from line position `from` to `to`. */
/* Does a yes that still stands cover it? */
int gather_is_covered(struct gathering *g, size_t from, size_t to, bool *yes,
    struct err *err) must_check;
/* All its facts. */
int gather_change(struct gathering *g, size_t from, size_t to, struct change *c,
    struct err *err) must_check;

/* accepted: find those among the fresh commits (rules.md 25). */
int gather_accepted(struct gathering *g, struct err *err) must_check;
/*
 * Of a commit of this stretch: is it one?  Then `out` (may be NULL) says by
 * which landing.
 */
bool gather_accepts(const struct gathering *g, const struct commit_fact *f,
    size_t from, size_t to, struct landing_commit *out);

/* contributors */
void gather_contributor(struct gathering *g, struct change *c, enum part part,
    const char *email, const struct actor *actor, const char *commit);
/* People of one commit that lands, and of the approved side of a carry. */
int gather_landing_side(struct gathering *g, struct change *c,
    struct commit_fact *f, enum place place, struct err *err) must_check;
int gather_approved_side(struct gathering *g, struct change *c,
    const char *from, const char *approved, struct commit_fact ***list,
    size_t *count, struct err *err) must_check;
void gather_requester(struct change *c);
enum tri gather_author_fits(const struct gathering *g, const struct change *c,
    const struct commit_fact *f, enum place place);
/* Of a merge: what keeps it from being one that a machine makes. */
void gather_by_hand(struct gathering *g, const struct commit_fact *f,
    struct landing_commit *out);
/* Paths with owners, submodules, ticket: what is in the commits' content. */
int gather_content(struct gathering *g, size_t from, size_t to,
    struct change *c, struct commit_fact *const *side, size_t side_count,
    struct err *err) must_check;
/* What a machine's change is made of, for the gate's `routine` entries. */
int gather_routine(struct gathering *g, struct change *c,
    struct err *err) must_check;
/* Plans and rehearsals, once the cut is made. */
int gather_rests(struct gathering *g, struct change *list, size_t count,
    struct err *err) must_check;
/* The one change of a promotion. */
int gather_promoted(struct gathering *g, struct change *c,
    struct err *err) must_check;
/* Plan, from the sources that count for this update (rules.md 27). */
int gather_plan(struct gathering *g, struct change *c, size_t from, size_t to,
    struct err *err) must_check;

/* Does a reason or incident say something? */
enum plan_state gather_says(struct push *p, const char *text);
/* A trailer of a commit's message, or NULL. */
const char *gather_trailer(struct push *p, const struct commit_fact *f,
    const char *key);
/* Range and line between what two refs held, tags peeled. */
int gather_span(struct gathering *g, const char *old, const char *subject,
    const char *new, struct err *err) must_check;

/* promotion, staging, lane, emergency */
int gather_promotion(struct gathering *g, struct err *err) must_check;
/* Where a ref that is not there may begin by `born_from`. */
int gather_birth_place(struct gathering *g, const char *commit,
    struct birth *out, struct err *err) must_check;
/* Where what a gate takes from begins: the nearest base of a birth, or NULL. */
int gather_birth_base(struct gathering *g, const char *commit,
    const char **base, struct err *err) must_check;
/* A landing against the findings, unless its review is done. */
int gather_doubt(struct gathering *g, const struct record *landing,
    struct err *err) must_check;
int gather_staging(struct gathering *g, struct err *err) must_check;
int gather_deployments(struct gathering *g, struct err *err) must_check;
int gather_lane(struct gathering *g, struct err *err) must_check;
/* Does the ref move to where it was?  Then nothing new is approved. */
bool gather_goes_back(const struct gathering *g);
/* Which other gated ref holds one that goes (rules.md 25). */
int gather_retirement(struct gathering *g, const char *tip,
    struct err *err) must_check;
int gather_emergency(struct gathering *g, struct err *err) must_check;

/* By which landing a commit has landed; `seq` 0: by none. */
struct landed {
	const char *gate;
	uint64_t seq;
};
/* On one of these gates. */
int landed_find(struct gathering *g, const struct texts *gates,
    const char *commit, struct landed *out, struct err *err) must_check;
/* The commit that the tip of a landing or adoption stands for. */
const char *landed_commit(const struct record *r);
/* Is `a` in the history of `b`?  What cannot be read is no. */
bool landed_is_in(struct push *p, const char *a, const char *b);
/* Is it in the history of that ref's last recorded tip? */
bool landed_is_held(struct push *p, const char *commit, const char *ref);
/*
 * The newest record of this ref under a topic: another's that the index gives
 * (edge/index.h) is passed over.
 */
int ledger_newest_of(struct push *p, const char *topic, const char *ref,
    struct record *out, struct err *err) must_check;
/* Where the ledger says a ref is: NULL when it has no baseline. */
int ledger_tip(struct push *p, const char *ref, struct record *record,
    const char **tip, struct err *err) must_check;

/* Time is up: the rest stays unknown. */
bool gather_is_late(const struct push *p);

#endif

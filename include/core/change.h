/*
 * change - the facts, as plain structs.
 *
 * An `update` is one move of one gated ref, with everything that judge() may
 * look at.  It is cut into `change`s: the shortest stretches that approvals
 * cover (rules.md 1), each with its own people, approvals, plan and ticket.
 * Whoever gathers fills these in; nobody looks at the world afterwards.
 *
 * Zero means "not known": a fact nobody filled in lets nothing through.  Ids of
 * objects are lower-case hex.  All memory is the decision's pool.  core/facts.h
 * writes these structs to a record and reads them back.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/plan.h"
#include "core/policy.h"
#include "core/said.h"

/* Somebody with a part in the change (rules.md 18 to 20). */
struct contributor {
	const char *person; /* id; NULL: nobody we know */
	bool known;         /* exactly; else `person` is only suspected */
	bool machine;
	const char *written; /* the address or login it was seen by */
	const char *commit;
	enum part part;
};

/* Why a commit may be part of a covered change (rules.md 5). */
enum place {
	PLACE_UNCOVERED = 0,
	PLACE_APPROVED,   /* the approved commit or an ancestor of it */
	PLACE_LAST,       /* the landing commit itself, tree checked */
	PLACE_MECHANICAL, /* a clean merge of such commits */
	PLACE_REPLAYED,   /* a clean cherry-pick of an approved commit */
	PLACE_ACCEPTED    /* landed under approval on an accepted gate */
};

struct landing_commit {
	const char *id;
	const char *subject;
	enum place place;
	/*
	 * Looked at where `place` is LAST or REPLAYED: a squash or copy names
	 * as author the requester, the lander or an author of what it carries.
	 * YES for a merge.
	 */
	enum tri author_fits;
	/* Where `place` is ACCEPTED: the landing there that brought it. */
	const char *accepted_gate;
	uint64_t accepted_seq;
	/*
	 * Of an uncovered merge: why it is none that a machine makes.  More
	 * than two parents, or paths that a hand had to make or did make.
	 */
	unsigned merges; /* its parents, where there are more than two */
	const char *const *by_hand;
	size_t by_hand_count;
};

/* Does an `owners` entry of the gate apply, and by which path. */
struct owned {
	enum tri touched;
	const char *path;
};

/* A submodule or .gitmodules that some commit moves. */
struct gitlink {
	const char *commit;
	const char *path;
	const char *from;
	const char *to;
	/* In .gitmodules: one whose address changes. */
	const char *submodule;
	const char *url_from;
	const char *url_to;
};

struct plan_fact {
	enum plan_state state;
	const char *where; /* "commit <id>", "push option", "approval", "tag" */
	const char *text;  /* cut; for the record */
	const char *to;    /* Rollback-To, as written */
	enum tri to_exists;
	enum tri to_was_live;
	enum tri to_is_last; /* and it is what is live now */
	bool approved;       /* it was part of what was approved */
	bool changed_since;  /* a request's text, changed after the last yes */
};

/* Would undoing this change on the new tip apply cleanly? */
struct rehearsal {
	enum tri clean;
	const char *const *conflicts;
	size_t conflict_count;
};

/* Are all paths that a stretch touches in a `routine` entry of the gate? */
struct inside {
	enum tri all;
	const char *path; /* the first that is not */
};

/* What a machine's change was seen to be made of (rules.md 26). */
struct routine {
	/* Brought each of its commits first, by its credential; NULL: none */
	const char *machine;
	const char *stranger; /* a commit that somebody else brought first */
	/*
	 * Every path that any of its commits touches is a regular file before
	 * and after, and what it merges a machine merges to the same.
	 */
	enum tri regular;
	const char *odd; /* the first path, or merge, that is not so */
	unsigned files;  /* different paths that its commits touch */
	const struct inside *inside; /* one for each of the gate's entries */
	size_t inside_count;
};

struct change {
	const char *id; /* <repository>/<gate>/<12 hex of the last commit> */
	const char *before;
	const char *after;
	const char *description;
	const char *requester;
	const struct landing_commit *commits;
	size_t commit_count;
	enum tri contributors_known;
	const struct contributor *contributors;
	size_t contributor_count;
	unsigned unseen; /* commits whose first pusher nobody told of */
	enum tri approvals_known;
	const struct approval *approvals;
	size_t approval_count;
	const struct approval *objections; /* not taken back, of this */
	size_t objection_count;
	enum tri paths_known;
	unsigned path_count;
	const struct owned *owned; /* one for each of the gate's owners */
	size_t owned_count;
	const struct gitlink *gitlinks;
	size_t gitlink_count;
	struct plan_fact plan;
	const char *ticket;
	enum tri ticket_fits;
	struct rehearsal rehearsal;
	struct routine routine;
	enum tri checks_known;
	const struct check *checks; /* of what was approved or lands */
	size_t check_count;
};

enum move {
	MOVE_UNKNOWN = 0,
	MOVE_FORWARD,
	MOVE_CREATE,
	MOVE_BACKWARD, /* to an ancestor */
	MOVE_ASIDE,    /* neither holds the other */
	MOVE_DELETE,
	MOVE_RESTORE /* back to the ledger's tip */
};

struct deployment {
	uint64_t seq;
	const char *environment;
	const char *commit;
	bool success;
	const char *person;
	bool machine;
	bool source;          /* told by a configured source */
	enum tri independent; /* no contributor of what is promoted */
	int64_t time;
};

/* What a gate with `landed_on` or `after` takes (rules.md 21 to 23). */
struct promotion {
	const char *commit; /* what is promoted; NULL: the shape is wrong */
	enum tri landed;
	const char *landed_gate;
	uint64_t landed_seq;
	enum tri judged; /* in full: no open emergency, no observe mode */
	const char *doubt;
	enum tri staged;
	uint64_t staged_seq;       /* of the landing there */
	const char *staged_commit; /* `commit`, or one with the same tree */
	int64_t staged_at;
	int64_t soaked; /* the longest it was there without a break */
	enum tri deployments_known;
	const struct deployment *deployments; /* newest first */
	size_t deployment_count;
	const char *const *includes; /* ids of the changes it brings */
	size_t include_count;
	const char *asker; /* who asked a machine to land it; NULL: not known */
};

/* Which other gated ref holds the tip of one that goes (rules.md 25). */
struct retirement {
	enum tri held;
	const char *ref;
	const char *gate;
	uint64_t seq; /* the record of that ref's tip */
};

/* Where an unborn ref begins: a commit that landed on a gate of `born_from`. */
struct birth {
	const char *commit; /* NULL: nowhere */
	const char *gate;
	uint64_t seq; /* the record of that landing */
};

/* The lane back (rules.md 28). */
struct lane {
	bool taken;     /* the move has the lane's shape */
	const char *to; /* the commit it goes back to */
	enum tri live;  /* this ref held it by an admitted landing */
	unsigned back;  /* how many landings ago; 1 is the one before */
	enum tri left;  /* it has been rolled back from since */
	enum tri clear; /* its review is neither open nor objected */
	const char *reason;
	enum plan_state reason_state;
};

enum declared_by {
	DECLARED_NOT = 0,
	DECLARED_PUSH_OPTION,
	DECLARED_TRAILER,
	DECLARED_TAG,
	DECLARED_COMMENT
};

struct declaration {
	enum declared_by by;
	struct actor declarer;
	const char *incident;
	enum plan_state incident_state;
	const char *reason;
	enum plan_state reason_state;
	int64_t time;       /* received: with the push, or before it */
	uint64_t seq;       /* of a signed declaration */
	enum tri used;      /* a landing has used it up */
	const char *in_use; /* a ref that it was let land on; or NULL */
	enum tri member;    /* in force and in a group, when it was made */
	const char *key;    /* that signed it, where `by` is DECLARED_TAG */
	/* Where `by` is DECLARED_COMMENT: on which request it was written. */
	struct on_request request;
};

/* A review that an emergency landing on this gate owes. */
struct debt {
	uint64_t seq; /* of the decision */
	const char *ref;
	const char *commit;
	const char *declarer;
	int64_t due;
	bool elsewhere; /* on another gate; here for its declarer alone */
};

/* Something that no declaration turns. */
struct defect {
	const char *code;
	const char *text;
};

/* A private key or credential that a commit adds; never its bytes. */
struct secret_fact {
	const char *commit;
	const char *path; /* safe to show; "" is the message itself */
	unsigned line;
	const char *kind;
	const char *allow; /* the digest that would let it in */
};

/*
 * What new content holds that core/secret.h knows, the gate's list left out.
 */
struct secrets {
	enum tri looked; /* at all that could be */
	const struct secret_fact *found;
	size_t found_count;
	unsigned more;    /* found beyond these */
	unsigned allowed; /* found, and in the gate's list */
	unsigned files;   /* looked at */
	unsigned unread;  /* files of which a part was not looked at, or none */
	const char *unread_path; /* the first of them */
};

struct update {
	const char *repository;
	const char *gate;
	const char *ref;
	unsigned rules;  /* the rules' version; 0: the newest */
	const char *old; /* what the push says the ref holds */
	const char *new;
	const char *base; /* the ledger's last tip; what is judged from */
	bool gone;        /* the ledger knows it to be deleted; `base` is where
	                     it was */
	const char *landed; /* the commit `new` stands for */
	int64_t at;
	enum mode mode;
	enum move move;
	struct actor pusher;
	/*
	 * Asked before anybody lands it: `pusher` is not known, and who lands
	 * it is looked at when it does.
	 */
	bool foreseen;
	bool witnessed;    /* it had moved already: nothing could hold it up */
	enum tri adopted;  /* the ref has a baseline or may be born without */
	bool baseline;     /* taken as first_push: baseline, not reviewed */
	const char *drift; /* what the ref holds, where that is not `base` */
	unsigned gated;    /* gated refs in the same push */
	const struct defect *defects;
	size_t defect_count;
	const struct change *changes;
	size_t change_count;
	bool promotes; /* the gate has landed_on or after */
	struct promotion promotion;
	struct birth birth;
	struct retirement retirement;
	struct lane lane;
	struct declaration declaration;
	enum tri debts_known;
	const struct debt *debts;
	size_t debt_count;
	bool follows_objected; /* an approved change after an objected review */
	struct secrets secrets;
};

#endif

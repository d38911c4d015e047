/*
 * reconcile - refs against ledger, and decisions against what became of them.
 *
 * Hooks can be switched off, and whoever may write to the server's disk moves
 * refs as they like.  Only comparing finds that: every gated ref of every
 * repository below the doors' roots, and every ref the ledger knows that is not
 * there any more (rules.md 32, 33, 37).
 *
 *	static int see_ref(void *ctx, const struct reconciled_ref *r, ...)
 *
 *	const struct reconcile_see see = {.ctx = x, .ref = see_ref};
 *	struct reconciled sum = {0};
 *
 *	if (reconcile_all(&setup, true, &see, &sum, err) < 0)
 *
 * With `record`, what is found is written down, once: a landing that nobody
 * saw, with the witness `found`; anything else as drift.  A second run finds
 * the same and writes nothing.  The setup's log must be open, for appending
 * where `record` is set; the setup is not a witness's (setup.h).
 *
 * Nothing found is an error.  -1 means that the comparison could not be made at
 * all (the ledger cannot be read, a root is missing, a `see` said so); one
 * repository that cannot be read is a note, and the others are looked at.
 *
 * What a `see` is given is borrowed for the call.  A NULL `see` is left out.
 */
#ifndef APP_RECONCILE_H
#define APP_RECONCILE_H

#include "app/setup.h"

#define RECONCILE_MOVES_MAX 100    /* of Git's own words for one ref */
#define RECONCILE_OPEN_MAX 1000000 /* decisions without an end at once */

/* How a gated ref stands. */
enum ref_standing {
	REF_UNKNOWN = 0, /* could not be read: see the note */
	REF_STANDS,      /* where the ledger has it */
	REF_FOUND,       /* where an admitted decision put it: its landing */
	REF_DRIFTED,     /* elsewhere, and nothing explains it; or gone */
	REF_UNADOPTED    /* no baseline */
};

/* A movement, by Git's own word alone (a reflog that the server keeps). */
struct git_move {
	const char *old, *new;
	int64_t time;
	bool recorded; /* some record of the ledger has the ref at `new` */
};

struct reconciled_ref {
	const char *repository, *gate, *ref;
	enum ref_standing standing;
	const char *old;      /* the ledger's tip; NULL: it has none */
	const char *new;      /* what it holds; zeros: it is gone */
	const char *symbolic; /* it leads to that ref instead; or NULL */
	/*
	 * Drift: between which times, by the ledger's own clock.  `since` is
	 * the last record that saw `old` there, `until` the first that saw
	 * something else, or now.
	 */
	int64_t since, until;
	uint64_t since_record;
	uint64_t record; /* of this standing: landing, adoption, drift; or 0 */
	bool written;    /* it was written by this run */
	/* There and back between two looks is in these only. */
	const struct git_move *moves; /* oldest first */
	size_t move_count;
	size_t unrecorded; /* of them: no record tells of these */
	int64_t file_time; /* when the ref's own file was written; 0: none */
};

enum reconcile_note {
	NOTE_NO_ENTRY = 1, /* a repository that no entry of the policy fits */
	NOTE_UNREADABLE,   /* a repository or ref that cannot be read */
	NOTE_HEAD,         /* HEAD stands for a ref at no gate */
	NOTE_EMPTY_GATE,   /* a gate that matches no ref that is there */
	NOTE_ALIAS,        /* a gated name leads to another ref */
	NOTE_MISSING,      /* the ledger knows a repository that is not there */
	NOTE_TWO_GATES     /* a ref in two gates, or one by its case only */
};

struct reconciled_note {
	enum reconcile_note note;
	const char *repository;
	const char *gate; /* or NULL */
	const char *ref;  /* or NULL */
	const char *text; /* what it is, and the way out */
};

/* What became of a decision (rules.md 33). */
enum decision_end {
	DECISION_OPEN = 0, /* admitted, and may still land */
	DECISION_LANDED,
	DECISION_LAPSED,   /* admitted, and the ref did not move so in time */
	DECISION_WITHHELD, /* another ref of its push was refused */
	DECISION_REFUSED
};

struct reconciled_decision {
	uint64_t seq;
	int64_t time;
	const char *repository, *gate, *ref, *old, *new;
	const char *outcome; /* ADMITTED, ADMITTED_AS_EMERGENCY, REFUSED */
	enum decision_end end;
	uint64_t landing; /* where it landed: that record */
};

struct reconcile_see {
	void *ctx;
	int (*ref)(void *ctx, const struct reconciled_ref *r, struct err *err);
	int (
	    *note)(void *ctx, const struct reconciled_note *n, struct err *err);
	int (*decision)(void *ctx, const struct reconciled_decision *d,
	    struct err *err);
};

/* Counted as it goes; zeroed before. */
struct reconciled {
	size_t repositories, refs;
	size_t stand, found, drifted, unadopted, unknown;
	size_t unrecorded; /* movements that only Git tells of */
	size_t written;    /* records of this run */
	size_t notes;
	size_t elsewhere; /* repositories of other machines that share it */
	size_t decisions, open, landed, lapsed, withheld, refused;
};

/* Every repository below the doors' roots, and those only the ledger knows. */
int reconcile_all(struct setup *s, bool record, const struct reconcile_see *see,
    struct reconciled *sum, struct err *err) must_check;
/* One, by its name or path. */
int reconcile_repository(struct setup *s, const char *word, bool record,
    const struct reconcile_see *see, struct reconciled *sum,
    struct err *err) must_check;
/*
 * Each decision of the records `from` to `to` (0, 0: all) with its end, as of
 * the end of the ledger; landed ones when their landing is met, refused and
 * withheld ones at once, the others last.  Takes no repository.
 */
int reconcile_decisions(struct setup *s, uint64_t from, uint64_t to,
    const struct reconcile_see *see, struct reconciled *sum,
    struct err *err) must_check;

const char *ref_standing_name(enum ref_standing standing);
const char *decision_end_name(enum decision_end end);
const char *reconcile_note_name(enum reconcile_note note);

#endif

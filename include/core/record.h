/*
 * record - what goes into the ledger, as bodies of lines.
 *
 * One function a type writes the body that follows a line's head:
 * "type":"...",... and the closing brace (core/chain.h).  Contract.md section 3
 * has the closed list of types; docs/controls.md says which control is proved
 * by which key.  Free text is cut at RECORD_TEXT_MAX with its digest beside it.
 */
#ifndef CORE_RECORD_H
#define CORE_RECORD_H

#include "base/buf.h"
#include "base/json.h"
#include "core/change.h"
#include "core/pruned.h"
#include "core/reflog.h"
#include "core/rule.h"

#define RECORD_TEXT_MAX 16384
/* Commits of one push record; a larger push has several. */
#define RECORD_COMMITS_MAX 2000

/* Which program wrote it. */
struct program {
	const char *version;
	const char *digest; /* SHA-256 of its file; NULL or "": not known */
};

/* Which files were in force, by the SHA-256 of their bytes. */
struct in_force {
	const char *policy, *people, *settings;
	struct program program;
};

/* A command's author, as records name one. */
struct by {
	const char *account; /* the OS account */
	const char *person;  /* or NULL */
	bool in_order;       /* in an administration group */
};

/* "policy", "people" or "settings", with the full text. */
void record_text(struct buf *out, const char *type, const char *text,
    size_t len, const char *digest);
/* The same of one of several machines that share a ledger. */
void record_node_text(struct buf *out, const char *type, const char *node,
    const char *text, size_t len, const char *digest);

/* Commits that the server received, and from whom. */
struct received {
	const char *repository;
	const struct actor *pusher;
	bool web;       /* the server made it itself, for that person */
	const char *id; /* the server's of the repository; or NULL */
	const char *const *refs;
	size_t ref_count;
	const char *const *commits;
	const char *const *patches; /* what each of them changes; or "" */
	size_t commit_count;
};
void record_push(struct buf *out, const struct received *r);

struct evidence {
	const char *kind; /* "approval" or "deployment" */
	const char *repository;
	const char *ref;
	const char *commit;
	const char *const *targets;
	size_t target_count;
	const char *decision;
	const char *incident, *reason;
	const char *environment, *result;
	struct actor who;          /* whose word it is */
	const char *const *groups; /* that they are in */
	size_t group_count;
	enum tri in_force;
	const char *named_repository; /* where it names another one */
	const char *refused; /* seen, and refused with this code; or NULL */
	const char *key;
	bool presence;
	int64_t dated;
	const char *statement;
	struct actor pusher;
	const char *text;
	const char *tag; /* the raw object */
	size_t tag_len;
};
void record_evidence(struct buf *out, const struct evidence *e);

struct decided {
	const struct update *update;
	const struct verdict *verdict;
	struct in_force in_force;
	bool withheld;         /* another ref of its push was refused */
	int64_t review_within; /* of an emergency: when its review falls due */
};
void record_decision(struct buf *out, const struct decided *d);
/* A ref update refused before it was any gate's: evidence, aliases, ... */
void record_refusal(struct buf *out, const char *repository, const char *ref,
    const char *old, const char *new, const struct actor *pusher,
    const struct in_force *in_force, const char *code, const char *text);

/* The refusal that record `decision` tells of was asked for once more. */
void record_repeat(struct buf *out, const char *repository, const char *ref,
    uint64_t decision, const struct actor *pusher);

struct landing {
	const char *repository, *gate, *ref, *old, *new;
	uint64_t decision;
	const char *witness;
	const char *outcome; /* the decision's */
	const char *mode;
	const char *subject;       /* what `new` stands for */
	const char *const *landed; /* ends of covered stretches */
	size_t landed_count;
	const char *const *approved; /* commits whose approvals it used */
	size_t approved_count;
	const char *lander;
	bool lane;            /* by the lane back */
	const char *declarer; /* of an emergency */
	uint64_t declaration; /* the signed one it used up, or 0 */
	int64_t review_due;
};
void record_landing(struct buf *out, const struct landing *l);

/* Observation: the review that this landing owes was found to be done. */
void record_review(struct buf *out, const char *repository, const char *gate,
    const char *commit, uint64_t landing, unsigned have, unsigned asked);

struct drift {
	const char *repository, *gate, *ref;
	const char *old, *new; /* the ledger's tip; what it was seen to hold */
	const char *witness;   /* "reflog": not seen, by Git's own log alone */
	const char *from;      /* where it was seen last, if not at `old` */
	const char *symbolic;  /* it leads to that ref instead; or NULL */
	/* It moved after that record saw it, and before this one. */
	int64_t since;
	uint64_t since_record;
	int64_t file_time; /* when the ref's own file was written, or 0 */
	/* What Git's log of the ref tells of the time between. */
	const struct reflog *moves;
	size_t move_count;
};
void record_drift(struct buf *out, const struct drift *d);

struct adoption {
	const char *repository, *gate, *ref;
	const char *tip;     /* what the ref holds */
	const char *subject; /* the commit it stands for */
	const char *from;    /* the ledger's tip before; NULL: the first */
	size_t unreviewed;   /* commits taken in; 0 and no `from`: all */
	struct by by;
	const char *reason;
};
void record_adopted(struct buf *out, const struct adoption *a);
/* `drift` is the record that tells of the movement; 0: none does. */
void record_explained(struct buf *out, const char *repository, const char *gate,
    const char *ref, const char *tip, const char *reason, uint64_t drift,
    const struct by *by);
/* An administrator goes on without records that are lost (rules.md 34). */
void record_recovered(struct buf *out, uint64_t from, uint64_t to,
    const char *reason, const struct by *by);
/* The first record: who is writing, and what for. */
void record_opened(struct buf *out, const char *origin,
    const struct program *program, const struct by *by);
/* A person's signature under a statement. */
struct signer {
	const char *person, *key, *armor;
};
/* The oldest records are taken away: what they were, and who signed. */
void record_pruned(struct buf *out, const struct pruning *p,
    const char *statement, const struct signer signers[PRUNED_SIGNERS],
    const struct by *by);
/*
 * The body of a record once more, as it is needed and what it stood in goes:
 * with `carried`, its number, and `carried_time`.  `line` is the whole line.
 */
void record_carried(struct buf *out, const char *line, size_t len, uint64_t seq,
    int64_t time);
/* Is the line such a copy?  Then `*seq` is the number that it was. */
bool record_is_carried(const char *line, size_t len, uint64_t *seq);
/* Pieces of a body: its beginning, and keys that are left out where NULL. */
struct json record_begin(struct buf *out, const char *type);
void record_key_some(struct json *j, const char *key, const char *text);
/* Free text: cut at RECORD_TEXT_MAX, with its digest. */
void record_key_long(struct json *j, const char *key, const char *text);
void record_key_texts(struct json *j, const char *key, const char *const *list,
    size_t count);
/* The key `by`, and the key `program`, of a record that is being written. */
void record_key_by(struct json *j, const struct by *by);
void record_key_program(struct json *j, const struct program *program);
/*
 * A key that seals or signs.  The first sealing key is the installation's own
 * word; every other key is introduced by the sealing key before it.
 */
struct key_record {
	const char *purpose;     /* "seal" or "report" */
	const char *fingerprint; /* SHA-256 of its DER, in hex */
	const char *public_pem;
	const char *signed_by; /* the fingerprint of that key; NULL: the first
	                        */
	const char *signature; /* base64, over record_key_statement() */
};
void record_key(struct buf *out, const struct key_record *k,
    const struct by *by);
/* What the sealing key signs to introduce another one in that ledger. */
void record_key_statement(struct buf *out, const char *origin,
    const struct key_record *k);

#endif

/*
 * verifying - what `verify` found out so far.
 *
 * One walk over the lines collects all that the answers need: the links, the
 * tree's root at each size that some checkpoint names, the chain of keys, the
 * clock, and (not with --chain) the signatures that observations keep.
 */
#ifndef APP_VERIFYING_H
#define APP_VERIFYING_H

#include "app/key_chain.h"
#include "app/seal_state.h"
#include "app/setup.h"
#include "core/change.h"
#include "core/checkpoint.h"
#include "core/merkle.h"
#include "edge/seal.h"

#define VERIFY_CHECKPOINTS_MAX 100000 /* kept ones that are looked at */
/* A clock may be so far from a time stamp's before that is held against it. */
#define VERIFY_AHEAD_MS ((int64_t)5 * 60 * 1000)
#define VERIFY_BEHIND_MS ((int64_t)24 * 60 * 60 * 1000)

/* One question's; TRI_UNKNOWN where it could not be found out, or was not. */
struct answer {
	enum tri is;
	const char *why;
};

/* A checkpoint and what these lines have at its size. */
struct kept_seal {
	const char *path;
	const char *note;
	size_t note_len;
	struct checkpoint checkpoint;
	unsigned char root[DIGEST_SIZE];
	const char *unfit; /* it cannot be read: why; else NULL */
	bool passed;       /* the walk came by its size */
};

/* No record behind `size` was there at `time`, and those before it were. */
struct bound {
	uint64_t size;
	int64_t time;
	const char *name;
};

/* Signatures that observations keep (rules.md 35). */
struct kept_jobs;
struct kept_signatures {
	bool asked;
	size_t good;
	size_t unsigned_ones; /* taken at the word of who pushed them */
	size_t unlooked;      /* OpenPGP, where no keyring is known */
	uint64_t bad;         /* the first one that does not hold; 0: none */
	const char *why;      /* and why */
	struct pool pool;     /* of the people in force */
	struct people people;
	uint64_t people_seq; /* whose text is read */
	struct buf text;     /* the newest people record, not read yet */
	uint64_t text_seq;
	struct kept_jobs *jobs; /* that wait to be looked at */
};

/* Records that a `recovered` record says are lost. */
struct verify_loss {
	size_t times;
	uint64_t seq, from, to;
};

/*
 * What was verified before, as who verifies remembers it: the checkpoint that
 * was good then with all records up to it, and what the records behind it need.
 */
struct verified {
	struct seal_state at;     /* `there`: something is remembered */
	struct chain_mark people; /* the newest such record up to it */
	uint64_t gone;            /* how many records were taken away by then */
};

struct verifying {
	struct pool pool;
	const char *dir;         /* of the ledger */
	const char *note_path;   /* --checkpoint, or NULL */
	const char *memory_path; /* --memory, or NULL */
	struct verified before, after;
	bool key_given;
	struct seal_public key;
	const struct settings *settings; /* NULL: the ledger alone */
	/* By size; the newest of the machine's own, or the one given, is last
	 * in `own`. */
	struct kept_seal *sealed;
	size_t sealed_count, next;
	struct kept_seal own;
	bool has_own;
	uint64_t *stops; /* their sizes, ascending */
	size_t stop_count;
	struct bound *bounds; /* by size */
	size_t bound_count;
	/* What the walk saw. */
	struct pruned begin;     /* what was taken away before the first line */
	struct verify_loss lost; /* the newest; `times`: how many there are */
	struct record pruned;    /* the record that tells of that */
	struct merkle tree;      /* as far as the largest checkpoint */
	struct key_chain keys;
	struct kept_signatures kept;
	uint64_t records;
	size_t went_back;  /* records older than the one before them */
	uint64_t back_at;  /* the first of them */
	uint64_t untimely; /* the first that a time stamp speaks against */
	const char *untimely_why;
	struct ledger_end end;
	bool interrupted; /* what is said is of the records before `records` */
	struct answer unaltered, uncut, complete;
	bool stuck; /* whether it is complete could not be found out */
};

/* The checkpoint that decides, all kept ones, and what stamps bound. */
int verify_sealed_read(struct verifying *v, struct err *err) must_check;
/* The tree came to `tree.count` records of the struct verifying in `ctx`. */
void verify_sealed_at(void *ctx);
void verify_uncut(struct verifying *v);

/* Is this a line that verify_kept() would look at? */
bool verify_kept_wants(const char *line, size_t len, size_t body);
/* Is its own evidence still good?  The last of them: at verify_kept_end(). */
void verify_kept(struct verifying *v, uint64_t seq, const char *line,
    size_t len, size_t body);
void verify_kept_end(struct verifying *v);
/* NULL: the record says what its tag says; else where it does not. */
const char *verify_kept_says(struct pool *pool, const struct tree *record,
    const struct buf *tag);
void verify_kept_free(struct kept_signatures *k);

/* A `pruned` record, as the one that counts. */
void verify_pruned_keep(struct verifying *v, uint64_t seq, int64_t time,
    const char *line, size_t len);
/*
 * Of a ledger whose first records are gone: the record that tells of that, with
 * the signatures of two persons who were administrators by the texts then in
 * force, and the people where what stays begins.  ERR_TAMPERED: there is none.
 */
int verify_begin(struct verifying *v, struct ledger *ledger,
    struct err *err) must_check;

/*
 * --memory.  The file belongs to who verifies, and nobody else may write to it;
 * what it says is believed, so ERR_CONFIG says where it cannot be.
 */
int verify_memory_read(struct verifying *v, struct err *err) must_check;
/* Begin behind what is remembered.  ERR_TAMPERED: its last record is gone. */
int verify_memory_begin(struct verifying *v, struct ledger *ledger,
    struct err *err) must_check;
/* The walk comes by this line, which may be the last one to remember. */
void verify_memory_see(struct verifying *v, const struct chain_mark *mark);
/* Where all was found good: as far as the checkpoint. */
int verify_memory_write(struct verifying *v, struct err *err) must_check;

/* ERR_TAMPERED: the lines do not add up. */
int verify_walk(struct verifying *v, struct err *err) must_check;
void verify_unaltered(struct verifying *v, const struct err *tampered);

/* Every gated ref there is against the ledger's tip. */
void verify_complete(struct verifying *v, struct setup *s);

#endif

/*
 * signoff - somebody read a digest of the log, or who may do what, and signs
 * for it.
 *
 * What is signed, to the byte, with stock tools (ssh-keygen -Y sign -n
 * foureyes-signoff):
 *
 *	foureyes signoff 1
 *	origin <of the ledger>
 *	from <instant>
 *	to <instant>
 *	record <the last record that was looked at>
 *	digest <SHA-256 of the digest's text, in hexadecimal>
 *	remarks <one line, or none>
 *
 * Its first line is "foureyes access 1" where it is of the access review
 * (app/access.h).  The record `signoff` keeps statement and signature whole.
 * Who may is the policy's `review.groups` or `access_review.groups`, as it
 * stands when the signature is received.
 */
#ifndef APP_SIGNOFF_H
#define APP_SIGNOFF_H

#include "app/setup.h"
#include "base/digest.h"

#define SIGNOFF_SPACE "foureyes-signoff" /* namespace of the signature */
#define SIGNOFF_STATEMENT_MAX 8192
#define SIGNOFF_SIGNATURE_MAX 65536
#define SIGNOFF_REMARKS_MAX 4096
#define SIGNOFF_LOOKED_AT 200 /* earlier ones, for the same statement */

struct signoff {
	bool access; /* of who may do what; else of the log */
	const char *origin;
	int64_t from, to;
	uint64_t record;
	char digest[DIGEST_HEX_SIZE];
	const char *remarks; /* "none" where there are none */
};

void signoff_statement(struct buf *out, const struct signoff *s);
/* Strict: one statement is one text. */
int signoff_read(struct signoff *out, struct pool *pool, const char *text,
    size_t len, struct err *err) must_check;

/*
 * Check the signature and write the record.  `now` is what the digest of that
 * period and record is by this ledger; ERR_INPUT where the statement says
 * another, who signed may not, or it is recorded already.
 */
int signoff_record(struct setup *s, const struct buf *statement,
    const struct buf *armor, const struct signoff *now, uint64_t *seq,
    const char **person, struct err *err) must_check;

/* How far the log was read. */
struct signoff_state {
	bool asked;
	int64_t to;      /* of the newest sign-off; 0: none yet */
	uint64_t record; /* that sign-off */
	int64_t due;     /* when the next one must be there */
	bool overdue;
};
int signoff_state(struct setup *s, bool access, struct signoff_state *out,
    struct err *err) must_check;

#endif

/*
 * checkup - what is looked at again and again: is each guard still there?
 *
 * A check has an id that never changes its meaning, and is made of one subject:
 * a repository, a source, a place that holds checkpoints, the installation.
 * foureyes doctor tells how it stands, foureyes watch and foureyesd write down
 * each change as a record of type drift, once (docs/foureyes-ledger.5).
 *
 * What could not be found out is unknown, and that is never good.
 */
#ifndef CORE_CHECKUP_H
#define CORE_CHECKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/record.h"

enum check_state {
	CHECK_NONE = 0, /* never looked at */
	CHECK_PASS,
	CHECK_FAIL,
	CHECK_UNKNOWN,
	CHECK_GONE /* its subject is not there any more */
};

struct check_kind {
	const char *id;
	const char *purpose; /* what holds where it passes */
	bool severe;         /* without it something may land unseen */
	bool afar;           /* needs the network: foureyesd alone makes it */
	/*
	 * It passes while a value (a digest) is the one that was seen first, or
	 * that an administrator has accepted since.
	 */
	bool valued;
};

/* NULL: there is no such check. */
const struct check_kind *check_kind(const char *id);
/* The table by number; NULL behind its end. */
const struct check_kind *check_kind_at(size_t number);

const char *check_state_word(enum check_state state);
enum check_state check_state_of(const char *word); /* CHECK_NONE: no such */

/* A check that does not stand as it stood. */
struct check_change {
	const char *check;
	const char *repository; /* our name of it; NULL: it is about none */
	const char *subject;
	enum check_state state, was;
	const char *text;  /* what it is, and what mends it; NULL: nothing */
	const char *value; /* of a valued one; or NULL */
	const char *value_was;
	int64_t since; /* it stood as it was until then, as far as is known */
	uint64_t since_record; /* that said how it was; 0: none */
	const char *witness;   /* "watch", "foureyesd" */
	const char *node; /* of a shared ledger: whose check it is; or NULL */
	struct by by;
};
void record_checked(struct buf *out, const struct check_change *change);

/*
 * An administrator takes a value as the one to be: a record of type explained.
 * `drift` is the record that tells of it.
 */
void record_accepted(struct buf *out, const struct check_change *change,
    const char *reason, uint64_t drift);

#endif

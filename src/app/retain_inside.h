/*
 * retain_inside - what the files of app/retain share among themselves.
 */
#ifndef APP_RETAIN_INSIDE_H
#define APP_RETAIN_INSIDE_H

#include "app/retain.h"

/* Bodies to be appended, before the files up to `last` go. */
struct carrying {
	struct setup *setup;
	uint64_t last;
	struct ledger_body *lines;
	size_t count;
};

/* Takes the bytes over from `body`, which is empty again. */
void carrying_add(struct carrying *c, struct buf *body);
/* What the records that stay cannot do without. */
int retain_carry(struct carrying *c, struct err *err) must_check;

/* Two persons in force, of administration groups, by their signatures. */
int retain_signers(struct setup *s, const struct buf *statement,
    const struct buf armors[PRUNED_SIGNERS],
    struct signer signers[PRUNED_SIGNERS], struct err *err) must_check;
/* Where the ledger begins by that record. */
int retain_told(struct pruned *out, const struct record *record,
    struct err *err) must_check;

#endif

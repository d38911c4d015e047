/*
 * ledger_tail - where the next line goes, for src/edge/ledger*.c alone.
 *
 * Reads back from the end of the last segment, never more than
 * LEDGER_TAIL_MAX, and only under the lock.
 */
#ifndef EDGE_LEDGER_TAIL_H
#define EDGE_LEDGER_TAIL_H

#include "edge/ledger_files.h"

/* Two whole lines and a torn one. */
#define LEDGER_TAIL_MAX (3 * ((size_t)LEDGER_LINE_MAX + 1))

struct ledger_tail {
	struct chain_mark last; /* what the next line has to name */
	int64_t time;           /* of that line; 0 where it lies further back */
	uint64_t segment;
	uint64_t dev, ino; /* of its file */
	char name[LEDGER_NAME_SIZE];
	int fd;       /* of the last segment, for writing */
	uint64_t end; /* its whole lines end here */
	char *torn;   /* the bytes behind, part of `data` */
	size_t torn_len;
	char *data;
};

/* Begin with {.fd = -1}; release whatever the outcome. */
int ledger_tail_find(struct ledger *l, struct ledger_tail *t,
    struct err *err) must_check;
void ledger_tail_release(struct ledger_tail *t);

#endif

/*
 * ledger_unit - a piece of a segment, for src/edge/ledger_scan.c alone.
 *
 * A unit holds the lines that begin in it: of bytes `from` to `to` of the file
 * those whose first byte lies behind `from`, up to `to` included; the first of
 * a round also the one at `from`.  So neighbours share no line and leave none
 * out, and nobody needs to know where lines begin.
 */
#ifndef EDGE_LEDGER_UNIT_H
#define EDGE_LEDGER_UNIT_H

#include "edge/ledger_files.h"
#include "edge/ledger_scan.h"

/* A full subtree of 2^level leaves, the first of them being record at + 1. */
struct unit_node {
	uint64_t at;
	unsigned level;
	unsigned char digest[DIGEST_SIZE];
};

/* A line that `pick` wants seen. */
struct unit_pick {
	struct chain_mark mark;
	struct chain_head head;
	size_t at;                       /* in `data` */
	unsigned char leaf[DIGEST_SIZE]; /* where `scan->leaves` */
};

struct ledger_unit {
	const struct ledger *ledger;
	const struct ledger_scan *scan;
	int fd;
	uint64_t segment;
	uint64_t from, to;
	bool first;
	/* Kept between rounds. */
	char *data;
	size_t room, have;
	struct unit_node *nodes;
	size_t node_room;
	struct unit_pick *picks;
	size_t pick_room;
	/* Found. */
	uint64_t count;
	struct chain_head head; /* of the first line */
	struct chain_mark last;
	int64_t last_time;
	size_t went_back;
	uint64_t back_at;
	size_t node_count, pick_count;
	size_t floor;     /* nodes that are not joined any more */
	size_t next_stop; /* of `scan->stops`; given at first */
	/* No further than `last`: what follows is for ledger_walk() to say. */
	bool odd;
	bool at_end; /* the file ends in it */
};

/* Look at all of it.  One unit is one thread's. */
void ledger_unit_run(struct ledger_unit *u);
void ledger_unit_free(struct ledger_unit *u);

#endif

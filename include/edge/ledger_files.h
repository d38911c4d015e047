/*
 * ledger_files - the files of a ledger, for src/edge/ledger*.c alone.
 *
 * Names of segments, opening with the checks that edge/ledger.h promises, and
 * reading that is not bothered by signals.
 */
#ifndef EDGE_LEDGER_FILES_H
#define EDGE_LEDGER_FILES_H

#include "edge/ledger.h"

#define LEDGER_NAME_SIZE 32
#define LEDGER_LOCK_NAME "lock"

struct ledger {
	char *path;
	enum ledger_mode mode;
	int dir;
	int64_t patience;
	bool broken;      /* a failed append could not be undone */
	struct err *flaw; /* ledger_bear(); or NULL */
	int fd;           /* of the segment that ledger_line() read last */
	uint64_t fd_segment;
	size_t segment_count;
	uint64_t *segment; /* room for LEDGER_SEGMENTS_MAX; by first seq */
};

void ledger_name(char out[LEDGER_NAME_SIZE], uint64_t segment);
/* Look which segments there are; at least one, or it is no ledger. */
int ledger_list(struct ledger *l, struct err *err) must_check;
/* The next segment behind this one, or 0. */
uint64_t ledger_next_segment(const struct ledger *l, uint64_t segment);
/* The one before this, or 0. */
uint64_t ledger_segment_before(const struct ledger *l, uint64_t segment);

/* A regular file of the ledger; the error says who may not, and why. */
int ledger_open_file(struct ledger *l, const char *name, int flags, int *fd,
    struct err *err) must_check;
/* Up to `len` bytes at `offset`; fewer only at the end of the file. */
int ledger_pread(const struct ledger *l, uint64_t segment, int fd, void *data,
    size_t len, uint64_t offset, size_t *got, struct err *err) must_check;
void ledger_nap(int64_t microseconds);

#endif

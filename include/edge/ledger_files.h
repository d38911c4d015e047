/*
 * ledger_files - the files of a ledger, for src/edge/ledger*.c alone.
 *
 * Names of segments, opening with the checks that edge/ledger.h promises, and
 * reading that is not bothered by signals.
 */
#ifndef EDGE_LEDGER_FILES_H
#define EDGE_LEDGER_FILES_H

#include <dirent.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "edge/ledger_shared.h"

#define LEDGER_NAME_SIZE 32
#define LEDGER_LOCK_NAME "lock"
#define LEDGER_RENAMED_MAX 16

/* A segment under another name than its own. */
struct ledger_renamed {
	uint64_t segment;
	char name[256]; /* NAME_MAX and its NUL */
};

struct ledger {
	char *path;
	enum ledger_mode mode;
	int dir;
	int64_t patience;
	uint64_t segment_most; /* bytes */
	bool broken;           /* a failed append could not be undone */
	int fd;                /* of the segment that ledger_line() read last */
	struct err *flaw;      /* ledger_bear(); or NULL */
	uint64_t fd_segment;
	struct chain_mark appended; /* by the last append that was whole */
	size_t segment_count;
	uint64_t *segment; /* room for LEDGER_SEGMENTS_MAX; by first seq */
	DIR *names;        /* kept open by this process */
	pid_t names_pid;
	struct ledger_renamed *renamed; /* room for LEDGER_RENAMED_MAX */
	size_t renamed_count;
	struct ledger_elsewhere elsewhere; /* ledger_shared.h */
	/* ledger_lock.h */
	pid_t pid; /* who opened these */
	int lock_fd;
	dev_t lock_dev;
	ino_t lock_ino;
	bool proved;
	/* ledger_reserve.h */
	bool spare, full, reserve_seen;
	/* ledger_claim.h */
	int sync_fd;
	struct ledger_page *page;
	unsigned char boot[16];
	/* The checkpoint beside the segments, as it was read last. */
	uint64_t sealed;
	ino_t sealed_ino;
	struct timespec sealed_time;
};

void ledger_name(char out[LEDGER_NAME_SIZE], uint64_t segment);
/* The name that this file has now: another one where it was renamed. */
const char *ledger_name_now(const struct ledger *l, const char *name);
bool ledger_was_renamed(const struct ledger *l, uint64_t segment);
/*
 * Look which segments there are; at least one, or it is no ledger.  A segment
 * that somebody gave another name with `.jsonl` in it is found by its first
 * line, where its own name is free or an empty file has it.
 */
int ledger_list(struct ledger *l, struct err *err) must_check;
int ledger_list_any(struct ledger *l, struct err *err) must_check;
/* The next segment behind this one, or 0. */
uint64_t ledger_next_segment(const struct ledger *l, uint64_t segment);
/* The one before this, or 0. */
uint64_t ledger_segment_before(const struct ledger *l, uint64_t segment);

/* A regular file of the ledger; the error says who may not, and why. */
int ledger_open_file(struct ledger *l, const char *name, int flags, int *fd,
    struct err *err) must_check;
int ledger_open_stat(struct ledger *l, const char *name, int flags, int *fd,
    struct stat *st, struct err *err) must_check;
/* Make one, with our mode whatever the umask; not yet there for good. */
int ledger_make_file(struct ledger *l, const char *name, int flags, int *fd,
    struct err *err) must_check;
/* Is the file of that name the one that is open here? */
bool ledger_is_there(const struct ledger *l, const char *name, int fd);
/* Close what ledger_claims_open() opened. */
void ledger_claims_close(struct ledger *l);
/* Up to `len` bytes at `offset`; fewer only at the end of the file. */
int ledger_pread(const struct ledger *l, uint64_t segment, int fd, void *data,
    size_t len, uint64_t offset, size_t *got, struct err *err) must_check;
void ledger_nap(int64_t microseconds);

#endif

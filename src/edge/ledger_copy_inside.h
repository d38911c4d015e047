/* What ledger_copy.c and ledger_copy_place.c share. */
#ifndef LEDGER_COPY_INSIDE_H
#define LEDGER_COPY_INSIDE_H

#include <sys/types.h>

#include "edge/ledger_copy.h"
#include "edge/ledger_files.h"

#define LEDGER_COPY_DIR_MAX 64 /* bytes of the name of a directory beside */

struct ledger_copy {
	char *path;
	int dir, arriving; /* its directory; the one within, once it is ours */
	uid_t owner;       /* of the directory */
	gid_t group;
	uid_t sealer;
	int fd; /* of the segment that grows; -1: none */
	uint64_t segment;
	struct buf lines; /* not written yet */
	bool ended;
};

/* ERR_INPUT: there are lines.  A segment without any is taken away. */
int ledger_copy_empty(struct ledger_copy *c, struct err *err) must_check;
/* All of it is there, on disk; from here on it goes to its place. */
int ledger_copy_say_whole(struct ledger_copy *c, struct err *err) must_check;
bool ledger_copy_is_whole(const struct ledger_copy *c);
int ledger_copy_place(struct ledger_copy *c, struct err *err) must_check;
/* Take away what lies in `arriving`. */
int ledger_copy_clear(struct ledger_copy *c, struct err *err) must_check;
void ledger_copy_free(struct ledger_copy *c);

#endif

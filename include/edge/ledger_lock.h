/*
 * ledger_lock - who may append now, and who may sync; for src/edge/ledger*.c
 * alone.
 *
 * Both locks are flock()s, which belong to an open file and are not lost when
 * somebody else in the process opens and closes the same file, as fcntl()'s
 * are.  They go with the process that dies.  Where both are held, `lock` was
 * taken first.
 *
 * A file system may answer that a file is locked and not mean it.  So the first
 * time a handle has the lock it tries to get it again by a second opening,
 * which must fail.
 */
#ifndef EDGE_LEDGER_LOCK_H
#define EDGE_LEDGER_LOCK_H

#include "edge/ledger_files.h"

/*
 * The file that is locked is still the one of that name; a child of whoever
 * opened it opens its own, for it would share its parent's lock.
 */
int ledger_lock(struct ledger *l, struct err *err) must_check;
void ledger_unlock(struct ledger *l);

/* The lock of `l->sync_fd`.  Try: 1 had, 0 held by somebody else, -1 errno. */
int ledger_sync_try(struct ledger *l) must_check;
int ledger_sync_lock(struct ledger *l, struct err *err) must_check;
void ledger_sync_unlock(struct ledger *l);

int64_t ledger_now_ms(void); /* of a clock that never goes back */

#endif

/*
 * shared - the ledger that several nodes write, from inside foureyesd.
 *
 * The one place is a database (edge/ledger_postgresql.h), and beside it is this
 * node's copy.  An append is composed behind the newest line the copy has, put
 * into the database if that is still the newest there, and then into the copy.
 * Before anything is answered the copy is caught up; where the database has
 * less than the copy, or another line at some place, everything is refused:
 * what it lost is here (ERR_TAMPERED, with the first record concerned).
 *
 * All calls may come from any thread; one is served after the other.
 */
#ifndef APP_SHARED_H
#define APP_SHARED_H

#include "core/settings.h"
#include "edge/ledger_postgresql.h"

#define SHARED_PATIENCE 1500 /* ms for one question to the database */
#define SHARED_APPEND 2500   /* ms for an append whose connection was lost */
#define SHARED_LOOK 1000     /* ms between two looks when nobody asks */
#define SHARED_CHUNK ((size_t)1 << 20) /* of one row, where many lines go */

struct shared;

/*
 * The copy is made where there is none; the database is not asked yet.
 * `settings` must stay until it is closed.
 */
int shared_open(struct shared **out, const struct settings *settings,
    struct err *err) must_check;
void shared_close(struct shared *s); /* NULL is allowed */
/* What a changelog of this process asks (app/node.h). */
struct ledger_elsewhere shared_elsewhere(struct shared *s);

int shared_append(struct shared *s, struct ledger_wish *w,
    struct err *err) must_check;
int shared_catch_up(struct shared *s, struct err *err) must_check;
/* A checkpoint that was just signed, for all nodes. */
int shared_keep(struct shared *s, const char *note, size_t len,
    struct err *err) must_check;

/*
 * Make the ledger in an empty database from the directory that is there: the
 * same lines in the same segments, and its checkpoints.
 */
int shared_create(struct shared *s, uint64_t *records,
    struct err *err) must_check;
/*
 * Put back what the database lost and this copy has, where nobody has appended
 * since; nothing otherwise.
 */
int shared_push(struct shared *s, uint64_t *records,
    struct err *err) must_check;
/*
 * Is it kept safely?  For doctor: lines of a word (ok, warning, wrong), a blank
 * and a sentence.
 */
void shared_standing(struct shared *s, struct buf *out);
/* The newest line of the copy. */
uint64_t shared_last(struct shared *s);
const char *shared_where(const struct shared *s);

#endif

/*
 * reconcile_inside - what the files of app/reconcile share among themselves.
 */
#ifndef APP_RECONCILE_INSIDE_H
#define APP_RECONCILE_INSIDE_H

#include "app/push.h"
#include "app/reconcile.h"

struct reconciling {
	struct setup *setup;
	bool record;
	const struct reconcile_see *see;
	struct reconciled *sum;
};

/* A ref as it lies there, or as the ledger alone knows it. */
struct standing_ref {
	const char *name;
	const struct gate *gate;
	const char *symbolic; /* the ref it leads to; NULL: it is plain */
	bool unreadable;
};

int reconcile_note(const struct reconciling *r, enum reconcile_note what,
    const char *repository, const char *gate, const char *ref, const char *text,
    struct err *err) must_check;
/*
 * reconcile_missing.c: what was not `seen` below a root, and is no other
 * machine's.
 */
int reconcile_missing(const struct reconciling *r, struct map *seen,
    struct err *err) must_check;
/* reconcile_ref.c */
int reconcile_ref(const struct reconciling *r, struct push *p,
    const struct standing_ref *ref, struct err *err) must_check;
/*
 * reconcile_moves.c: what Git's log tells of the ref, compared with its
 * records; what only Git tells of is written as drift where `record` is set.
 */
int reconcile_moves(const struct reconciling *r, struct push *p,
    const struct standing_ref *ref, struct reconciled_ref *out,
    struct err *err) must_check;

#endif

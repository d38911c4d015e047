/*
 * received - which commits a push brings, so that it is on record from whom
 * the server had each of them first (rules.md 18).
 *
 * What lies in the quarantine and is reached by a ref of the push is new.  A
 * pack may hold more than that, and such a commit waits on the server until
 * some push makes a ref reach it: it is that push which brings it.  So what is
 * reached now is followed down to commits that are on record, or that some ref
 * outside refs/foureyes reached before.
 */
#ifndef APP_RECEIVED_H
#define APP_RECEIVED_H

#include "app/push.h"

#define RECEIVED_PATCHES_MAX 1000 /* commits of a push that are compared */

/* Commits that nobody told of; kept in `p->brought` as well. */
struct received_list {
	const char **commits;
	const char **patches; /* commit_fact_patch() of each */
	size_t count;
};
int received_find(struct push *p, struct received_list *list,
    struct err *err) must_check;
/* Is it on record as received, or reached by a ref outside refs/foureyes? */
int received_is_held(struct push *p, const char *commit, bool *held,
    struct err *err) must_check;

#endif

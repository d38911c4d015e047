/*
 * receive_inside - one evidence ref while it is looked at.
 */
#ifndef RECEIVE_INSIDE_H
#define RECEIVE_INSIDE_H

#include "app/push.h"
#include "core/statement.h"
#include "edge/signature.h"

struct receiving {
	struct push *p;
	struct ref_update *r;
	const char *raw;
	size_t len;
	struct statement s;
	struct signature signature;
	const struct person *who;
	bool refused;
	bool kept; /* refused, and recorded as seen: it never counts */
};

/* receive.c: both return 0, so that a check may end with them. */

int receive_refuse(struct receiving *k, const char *code, const char *why);
int receive_decline(struct receiving *k, const char *code, const char *why);

/* receive_right.c: whose word it is, and whether they may give it. */

int receive_check_signature(struct receiving *k, struct err *err) must_check;
int receive_check_person(struct receiving *k);

#endif

/*
 * handed - what a hook hands over: Git's facts of one push, read from a parcel.
 *
 * Everything is copied into the pool and bounded.  Which of it is believed, and
 * of whom, is for others: this only takes it apart.
 */
#ifndef CORE_HANDED_H
#define CORE_HANDED_H

#include "base/map.h"
#include "core/parcel.h"

#define HANDED_OPTIONS_MAX 100
#define HANDED_VARIABLES_MAX 64
#define HANDED_VALUE_MAX 16384 /* bytes of a variable's value */

struct handed {
	const char *hook;  /* "pre-receive" ... */
	const char *input; /* "old new ref" lines */
	size_t input_len;
	const char *path;    /* of the repository, where the hook runs */
	const char *session; /* what SSH_USER_AUTH's file says; or NULL */
	const char *account; /* who it runs as; set by who knows it, or NULL */
	const char *host;    /* whose hook it is; likewise */
	int64_t deadline;    /* in so many milliseconds; 0: not said */
	const char *const *options;
	size_t option_count;
	struct map variables; /* name -> value */
	unsigned place;       /* PARCEL_IS_QUARANTINED and so on */
	const char *packed;   /* all refs, as a packed-refs */
	size_t packed_len;
	struct map symbolic; /* name -> the name it leads to */
	struct map written;  /* name -> int64_t *, when its file was written */
	const struct parcel_object *objects; /* content borrowed */
	size_t object_count;
};

int handed_read(struct handed *out, struct pool *pool, const void *data,
    size_t len, struct err *err) must_check;

/* The server's variables that a hook hands over; NULL ends the list. */
extern const char *const handed_variables[];

#endif

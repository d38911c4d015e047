/*
 * options - the words behind a command.
 *
 *	const char *reason = NULL;
 *	bool all = false;
 *	const struct option options[] = {
 *	    {.name = "--reason", .value = &reason},
 *	    {.name = "--all", .given = &all},
 *	    {0},
 *	};
 *	int operands = options_read(argc, argv, options);
 *
 * Options stand anywhere, "--name VALUE" or "--name=VALUE", until "--"; what is
 * left stands in argv[1], argv[2], ...
 */
#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct option {
	const char *name;
	bool *given;        /* a bare word */
	const char **value; /* takes one value, once */
	const char **list;  /* takes a value each time, at most `room` */
	size_t room, *count;
};

/*
 * How many operands are left, or -1: used wrongly, and said so.  `least` and
 * `most` say how many there may be.
 */
int options_read(int argc, char **argv, const struct option *options, int least,
    int most);

/* The day (its first instant) or instant that an option names; ERR_INPUT. */
int option_instant(int64_t *out, const char *option, const char *word,
    struct err *err) must_check;
/* The number from 1 on that it names; a NULL word leaves `*out` as it is. */
int option_number(uint64_t *out, const char *option, const char *word,
    struct err *err) must_check;

#endif

/*
 * submodule - where the submodules of a .gitmodules file come from.
 *
 * For showing what a change does to them, never for judging: what is not as
 * git writes it is passed over.  The format is git's (gitmodules(5), which is
 * git-config(5)): `[submodule "<name>"]` and below it `url = <address>`.
 * Texts are given safe for a terminal, cut at SUBMODULE_TEXT_MAX bytes.
 */
#ifndef CORE_SUBMODULE_H
#define CORE_SUBMODULE_H

#include <stddef.h>

#include "base/pool.h"

#define SUBMODULE_TEXT_MAX 300
#define SUBMODULES_MAX 200 /* of one file; more are passed over */

struct submodule {
	const char *name;
	const char *url;
};

/* In the order of the file; of two addresses of one name the last counts. */
void submodules_read(struct pool *pool, const char *text, size_t len,
    struct submodule **list, size_t *count);
/* The address of that name, or NULL. */
const char *submodule_url(const struct submodule *list, size_t count,
    const char *name);

#endif

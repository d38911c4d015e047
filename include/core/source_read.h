/*
 * source_read - the receiver's part of foureyes.yaml.
 *
 * foureyesd uses it; a hook only has to know the sources' names, for `logins`
 * in people.yaml, and that nothing is misspelt.
 */
#ifndef CORE_SOURCE_READ_H
#define CORE_SOURCE_READ_H

#include "core/source.h"

/* `map` may be NULL; `out->there` is false then. */
int source_read(struct receiver *out, struct pool *pool, const struct tree *map,
    struct err *err) must_check;

#endif

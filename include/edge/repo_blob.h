/*
 * repo_blob - what a file holds, where it may be large.
 */
#ifndef EDGE_REPO_BLOB_H
#define EDGE_REPO_BLOB_H

#include "edge/repo.h"

/*
 * A blob of at most `most` bytes, a NUL behind it.  Of a larger one only the
 * size is told: it is never opened, and `*data` is NULL.  What is no blob is
 * an error.
 */
int repo_blob(struct repo *r, struct pool *pool, const char *oid, size_t most,
    const char **data, size_t *size, struct err *err) must_check;

#endif

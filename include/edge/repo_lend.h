/*
 * repo_lend - a repository's objects, for somebody who cannot read it.
 *
 * The other end of repo_afar: any object by its id, where it lies, and what the
 * push that is being decided brought.
 */
#ifndef EDGE_REPO_LEND_H
#define EDGE_REPO_LEND_H

#include "edge/repo_afar.h"

/*
 * An object, with its content where `whole` is true and it has at most `most`
 * bytes; the content is in the pool.  One that is not there has no kind; one
 * that is there and cannot be read is an error.
 */
int repo_lend(struct repo *r, struct pool *pool, const unsigned char id[20],
    bool whole, size_t most, struct repo_lent *out, struct err *err) must_check;
/*
 * The ids of what lies in the quarantine, in no order that means anything; none
 * where there are more than `limit`.
 */
int repo_lend_fresh(struct repo *r, struct pool *pool, size_t limit,
    unsigned char (**ids)[20], size_t *count, struct err *err) must_check;
/*
 * What is likely asked for behind this object: of a commit its tree and its
 * parents, of a tree the trees in it.  At most `limit`.
 */
size_t repo_lend_next(const struct repo_lent *lent, size_t limit,
    unsigned char (*ids)[20]);

#endif

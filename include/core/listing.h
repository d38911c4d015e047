/*
 * listing - what a raw tree object lists, read strictly.
 *
 * Of two entries with one name, one reader takes the first and another the
 * last; of a tree that is not sorted, readers find some names and miss others;
 * and a file named ".git" is a trap for whoever checks it out.  So a tree is
 * either as git itself writes them, or it has a defect:
 *
 *	modes 100644, 100755, 120000, 40000 and 160000, written so; names that
 *	are not empty, without "/", neither "." nor ".." nor anything that some
 *	file system takes for ".git"; sorted as git sorts (a directory as if its
 *	name ended in "/"); each name once, for file or directory.
 *
 * Those are the rules of git's fsck.c at their strictest.  Work is linear in
 * `len`.
 */
#ifndef CORE_LISTING_H
#define CORE_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"

/* NULL, or what is wrong, in words safe for a terminal. */
const char *listing_defect(struct pool *pool, const char *raw, size_t len);
/* Would a checkout on some file system take this name for ".git"? */
bool listing_is_dotgit(const char *name, size_t len);

#endif

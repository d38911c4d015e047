/*
 * leaves - the tree over a ledger's lines, hashed beside the walk.
 *
 * A walk computes each line's digest for the chain; the tree wants another one
 * of the same bytes (RFC 6962 puts 0x00 before them).  This module does that on
 * a second thread, in order, a block of lines at a time, so both cores work and
 * memory stays within two blocks.
 *
 *	struct leaves *l = leaves_begin(&tree, at, ctx);
 *
 *	... leaves_add(l, line, len) for each line ...
 *	leaves_end(l);	and `tree` is over all of them
 *
 * `tree` belongs to the module meanwhile, and `at` is called there, on the
 * second thread, after each leaf.  Where no thread can be started everything
 * happens in leaves_add().
 */
#ifndef APP_LEAVES_H
#define APP_LEAVES_H

#include <stddef.h>

#include "core/merkle.h"

#define LEAVES_BLOCK ((size_t)1 << 20) /* bytes; a longer line is one alone */

struct leaves;

typedef void leaves_at_fn(void *ctx);

/* `at` may be NULL. */
struct leaves *leaves_begin(struct merkle *tree, leaves_at_fn *at, void *ctx);
void leaves_add(struct leaves *l, const char *line, size_t len);
void leaves_end(struct leaves *l);

#endif

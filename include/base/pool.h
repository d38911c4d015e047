/*
 * pool - memory that lives as long as one decision.
 *
 * Everything gathered for one push comes from one pool and is freed at once.
 * What comes out is zeroed.  `struct pool pool = {0};` is a valid, empty pool.
 * Out of memory ends the process with status 3 (a hook that dies refuses):
 * every input has a size limit before it gets here.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

#include "base/err.h"

struct pool_block;
struct pool {
	struct pool_block *block;
};

void *pool_alloc(struct pool *pool, size_t size);
/* Room for `count` things of `size`; the product is checked. */
void *pool_array(struct pool *pool, size_t count, size_t size);
char *pool_text(struct pool *pool, const char *text);
char *pool_textn(struct pool *pool, const char *text, size_t len);
void *pool_copy(struct pool *pool, const void *data, size_t len);
char *pool_printf(struct pool *pool, const char *format, ...) like_printf(2, 3);

/*
 * A list that grows: makes room for one more in `*list` (of `*count` things of
 * `size`, whose room is always the next power of two), counts it, and returns
 * it zeroed.  The old room stays with the pool.
 *
 *	struct commit *c = pool_grow(pool, &list, &count, sizeof(*list));
 */
void *pool_grow(struct pool *pool, void *list, size_t *count, size_t size);

/*
 * An empty pool that takes all it gives from `memory`, which is the caller's
 * and begins as malloc() would have it; when `room` bytes are used up the
 * process ends.  pool_placed(): how many of them are.
 */
void pool_place(struct pool *pool, void *memory, size_t room);
size_t pool_placed(const struct pool *pool);

void pool_free(struct pool *pool);

#endif

#include "base/pool.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double from the first size to the last; what is bigger stands alone.
 */
#define FIRST_ROOM ((size_t)4096)
#define LAST_ROOM ((size_t)262144)
#define ALIGNMENT ((size_t)16)

struct pool_block {
	struct pool_block *before;
	size_t used, room;
	bool placed; /* in memory that somebody else set aside */
	_Alignas(16) unsigned char data[];
};

/*
 * Not zeroed: that would touch memory nobody asks for, and each page touched
 * first costs a hook more than most of what it does with it.
 */
static struct pool_block *
block_new(size_t room)
{
	struct pool_block *b = NULL;

	if (room <= SIZE_MAX / 2)
		b = malloc(sizeof(*b) + room);
	if (b == NULL)
		err_fatal("out of memory");
	*b = (struct pool_block){.room = room};
	return b;
}

/*
 * A block for one thing goes behind the newest, which still has room.  Zeroed
 * already, which costs nothing where it is big: then it is new memory.
 */
static void *
alloc_alone(struct pool *pool, size_t size)
{
	struct pool_block *b = NULL;

	if (size <= SIZE_MAX / 2)
		b = calloc(1, sizeof(*b) + size);
	if (b == NULL)
		err_fatal("out of memory");
	b->room = b->used = size;
	if (pool->block != NULL) {
		b->before = pool->block->before;
		pool->block->before = b;
	} else {
		pool->block = b;
	}
	return b->data;
}

static void
add_block(struct pool *pool)
{
	struct pool_block *last = pool->block;
	size_t room = FIRST_ROOM;
	struct pool_block *b;

	if (last != NULL && last->placed)
		err_fatal("the memory set aside is full");
	if (last != NULL && last->room >= FIRST_ROOM)
		room = last->room < LAST_ROOM ? last->room * 2 : LAST_ROOM;
	b = block_new(room);
	b->before = last;
	pool->block = b;
}

static bool
stands_alone(const struct pool_block *b, size_t size)
{
	return size > FIRST_ROOM / 2 && !(b != NULL && b->placed) &&
	    (b == NULL || b->room - b->used < ALIGNMENT ||
	        size > b->room - b->used - ALIGNMENT);
}

/* Memory as it is. */
static void *
take(struct pool *pool, size_t size)
{
	struct pool_block *b = pool->block;
	void *data;

	if (stands_alone(b, size))
		return alloc_alone(pool, size);
	size =
	    size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (b == NULL || size > b->room - b->used) {
		add_block(pool);
		b = pool->block;
	}
	data = b->data + b->used;
	b->used += size;
	return data;
}

void
pool_place(struct pool *pool, void *memory, size_t room)
{
	struct pool_block *b = memory;

	if (room <= sizeof(*b))
		err_fatal("no memory was set aside");
	*b = (struct pool_block){.room = room - sizeof(*b), .placed = true};
	pool->block = b;
}

size_t
pool_placed(const struct pool *pool)
{
	return sizeof(*pool->block) + pool->block->used;
}

void *
pool_alloc(struct pool *pool, size_t size)
{
	bool zeroed = stands_alone(pool->block, size);
	void *data = take(pool, size);

	return zeroed ? data : memset(data, 0, size);
}

void *
pool_array(struct pool *pool, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		err_fatal("out of memory");
	return pool_alloc(pool, count * size);
}

void *
pool_copy(struct pool *pool, const void *data, size_t len)
{
	void *copy = take(pool, len);

	if (len > 0)
		memcpy(copy, data, len);
	return copy;
}

char *
pool_textn(struct pool *pool, const char *text, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		err_fatal("out of memory");
	copy = take(pool, len + 1);
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
pool_text(struct pool *pool, const char *text)
{
	return pool_textn(pool, text, strlen(text));
}

char *
pool_printf(struct pool *pool, const char *format, ...)
{
	char small[256];
	va_list ap;
	char *text;
	int len;

	va_start(ap, format);
	len = vsnprintf(small, sizeof(small), format, ap);
	va_end(ap);
	if (len < 0)
		err_fatal("a text could not be formatted");
	if ((size_t)len < sizeof(small))
		return pool_textn(pool, small, (size_t)len);
	text = pool_alloc(pool, (size_t)len + 1);
	va_start(ap, format);
	vsnprintf(text, (size_t)len + 1, format, ap);
	va_end(ap);
	return text;
}

void *
pool_grow(struct pool *pool, void *list, size_t *count, size_t size)
{
	size_t n = *count;
	unsigned char *data;

	/* `list` is the address of a pointer to whatever the list is of. */
	memcpy(&data, list, sizeof(data));
	if ((n & (n - 1)) == 0) {
		unsigned char *wider;

		if (n > SIZE_MAX / 2)
			err_fatal("out of memory");
		wider = pool_array(pool, n == 0 ? 1 : n * 2, size);
		if (n > 0)
			memcpy(wider, data, n * size);
		data = wider;
		memcpy(list, &data, sizeof(data));
	}
	*count = n + 1;
	return data + n * size;
}

void
pool_free(struct pool *pool)
{
	struct pool_block *b = pool->block;

	while (b != NULL) {
		struct pool_block *before = b->before;

		if (!b->placed)
			free(b);
		b = before;
	}
	pool->block = NULL;
}

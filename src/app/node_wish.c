/*
 * A wish: its version, the line it is to follow (a seq in eight bytes and a
 * digest; or nothing), its time in eight bytes, how many bodies, the bodies.
 */
#include <string.h>

#include "app/node.h"
#include "core/wire.h"

#define WISH_VERSION 1
#define MARK_SIZE (8 + DIGEST_SIZE)

static void
put_u64(struct buf *out, uint64_t number)
{
	wire_put_u32(out, (uint32_t)(number >> 32));
	wire_put_u32(out, (uint32_t)number);
}

static uint64_t
u64(struct wire *at)
{
	uint64_t high = wire_u32(at);

	return high << 32 | wire_u32(at);
}

void
wish_write(struct buf *out, const struct ledger_wish *w)
{
	wire_put_u32(out, WISH_VERSION);
	wire_put_u32(out, w->behind == NULL ? 0 : MARK_SIZE);
	if (w->behind != NULL) {
		put_u64(out, w->behind->seq);
		buf_add(out, (const char *)w->behind->digest, DIGEST_SIZE);
	}
	put_u64(out, (uint64_t)w->now);
	wire_put_u32(out, (uint32_t)w->count);
	for (size_t i = 0; i < w->count; i++)
		wire_put_string(out, w->bodies[i].text, w->bodies[i].len);
}

static bool
read_mark(struct wire *at, struct ledger_wish *w, struct pool *pool)
{
	struct wire_bytes bytes = wire_string(at);
	struct wire mark = {bytes.data, bytes.len, false};
	struct chain_mark *behind;

	if (at->failed || bytes.len == 0)
		return !at->failed;
	if (bytes.len != MARK_SIZE)
		return false;
	behind = pool_array(pool, 1, sizeof(*behind));
	behind->seq = u64(&mark);
	memcpy(behind->digest, wire_raw(&mark, DIGEST_SIZE).data, DIGEST_SIZE);
	w->behind = behind;
	return true;
}

static bool
read_bodies(struct wire *at, struct ledger_wish *w, struct pool *pool)
{
	struct ledger_body *list;
	size_t count = wire_u32(at);

	if (at->failed || count > NODE_BODIES_MAX || count > at->len)
		return false;
	list = pool_array(pool, count + 1, sizeof(*list));
	for (size_t i = 0; i < count; i++) {
		struct wire_bytes bytes = wire_string(at);

		list[i].text = (const char *)bytes.data;
		list[i].len = bytes.len;
	}
	w->bodies = list;
	w->count = count;
	return wire_ended(at);
}

int
wish_read(struct ledger_wish *w, struct pool *pool, const void *data,
    size_t len, struct err *err)
{
	struct wire at = {data, len, false};
	uint32_t version = wire_u32(&at);

	*w = (struct ledger_wish){0};
	if (at.failed || version != WISH_VERSION)
		return err_set(err, ERR_INPUT,
		    "foureyes and foureyesd are of two versions that do not "
		    "understand each other");
	if (read_mark(&at, w, pool)) {
		w->now = (int64_t)u64(&at);
		if (w->now > 0 && read_bodies(&at, w, pool))
			return 0;
	}
	return err_set(err, ERR_INPUT, "that is no wish for the ledger");
}

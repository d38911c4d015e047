/* What a command or a judge asks foureyesd to append. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/node.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is taken lies within, and written once more it is the same. */
static void
expect_sound(const struct ledger_wish *w, const uint8_t *data, size_t len)
{
	struct buf out = {0};

	if (w->count > NODE_BODIES_MAX || w->now <= 0)
		abort();
	wish_write(&out, w);
	if (out.len != len || memcmp(out.data, data, len) != 0)
		abort();
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	struct ledger_wish w;
	struct err err = {0};

	if (wish_read(&w, &pool, data, len, &err) == 0)
		expect_sound(&w, data, len);
	else if (err.text[0] == '\0')
		abort();
	pool_free(&pool);
	return 0;
}

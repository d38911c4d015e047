/* Lists of people that others keep: the first byte says of which kind. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/roster.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	struct roster roster = {0};
	struct err err = {0};
	enum roster_kind kind;

	if (len == 0)
		return 0;
	kind = (enum roster_kind)(data[0] % (ROSTER_KEYDIR + 1));
	if (roster_read(&roster, &pool, kind, "keydir/alice@laptop.pub",
	        (const char *)data + 1, len - 1, &err) < 0 &&
	    err.kind == ERR_NONE)
		abort();
	for (size_t i = 0; i < roster.count; i++) {
		const struct roster_entry *e = &roster.list[i];

		if (e->login == NULL && e->email_count == 0)
			abort();
		for (size_t k = 0; k < e->email_count; k++)
			if (strchr(e->emails[k], '@') == NULL)
				abort();
	}
	pool_free(&pool);
	return 0;
}

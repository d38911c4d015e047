/* What foureyesd answers a hook: a part of it is never an answer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/look.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	struct pool pool = {0};
	struct look_said said, part;
	struct err err = {0};

	if (look_read(&said, &pool, text, len, &err) == 0) {
		if (!look_is_whole(text, len) || said.stored > 1000000)
			abort();
		for (size_t i = 0; i < len; i++)
			if (look_read(&part, &pool, text, i, &err) == 0)
				abort();
	}
	pool_free(&pool);
	return 0;
}

/* What Git writes to a hook: each line read says what stood there. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/ref_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
expect_same(const struct ref_line *line, const char *text, size_t used)
{
	size_t id = strlen(line->old), name = strlen(line->name);

	if (strlen(line->new) != id || name == 0 || used < 2 * id + 2 + name ||
	    used > 2 * id + 3 + name || memcmp(text, line->old, id) != 0 ||
	    memcmp(text + id + 1, line->new, id) != 0 ||
	    memcmp(text + 2 * id + 2, line->name, name) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	struct pool pool = {0};
	struct err err = {0};
	struct ref_line line;
	size_t used, number = 1;

	for (; len > 0; text += used, len -= used) {
		if (ref_line_read(&line, &pool, text, len, number++, &used,
		        &err) < 0) {
			if (err.text[0] == '\0')
				abort();
			break;
		}
		expect_same(&line, text, used);
	}
	pool_free(&pool);
	return 0;
}

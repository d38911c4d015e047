/*
 * Where a pruned ledger begins, what is signed for that, and lines of the logs
 * that Git keeps of refs.  What is read and written again must be what was
 * read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/pruned.h"
#include "core/reflog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	uint64_t first, last;
	struct err err = {0};
	struct buf out = {0};
	struct reflog line;
	struct pruned p;

	if (pruned_read(&p, text, len, &err) == 0) {
		pruned_write(&out, &p);
		if (out.len != len || memcmp(out.data, text, len) != 0)
			abort();
	}
	if (pruning_span(text, len, &first, &last) && first > last)
		abort();
	if (reflog_read(&line, text, len) &&
	    (line.time < 0 || line.new[0] == 0))
		abort();
	buf_free(&out);
	return 0;
}

/*
 * Proof files.  What is read and written again must be what was read, and no
 * proof that was made up leads to a root that it was not made for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	unsigned char root[DIGEST_SIZE] = {0x17};
	struct pool pool = {0};
	struct buf again = {0};
	struct err err = {0};
	struct proof p;

	if (proof_parse(&p, &pool, text, len, &err) == 0) {
		proof_write(&again, &p);
		if (again.len != len || memcmp(again.data, data, len) != 0)
			abort();
		for (uint64_t size = 1; size != 0; size <<= 1)
			if (merkle_included(&p.path, root, p.number, size,
			        root) &&
			    p.path.count > 0)
				abort();
		if (merkle_consistent(&p.path, p.number, root, p.number + 7,
		        root))
			abort();
	}
	buf_free(&again);
	pool_free(&pool);
	return 0;
}

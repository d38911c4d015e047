#include "core/merkle.h"

#include <string.h>

void
merkle_leaf(unsigned char out[DIGEST_SIZE], const void *record, size_t len)
{
	digest_sha256_behind(out, 0x00, record, len);
}

void
merkle_join(unsigned char out[DIGEST_SIZE],
    const unsigned char left[DIGEST_SIZE],
    const unsigned char right[DIGEST_SIZE])
{
	unsigned char bytes[1 + 2 * DIGEST_SIZE] = {0x01};

	memcpy(bytes + 1, left, DIGEST_SIZE);
	memcpy(bytes + 1 + DIGEST_SIZE, right, DIGEST_SIZE);
	digest_sha256(out, bytes, sizeof(bytes));
}

void
merkle_add_full(struct merkle *m, unsigned level,
    const unsigned char node[DIGEST_SIZE])
{
	unsigned char sum[DIGEST_SIZE];
	uint64_t leaves = (uint64_t)1 << level;

	memcpy(sum, node, DIGEST_SIZE);
	for (; (m->count >> level & 1) == 1; level++)
		merkle_join(sum, m->node[level], sum);
	memcpy(m->node[level], sum, DIGEST_SIZE);
	m->count += leaves;
}

void
merkle_add(struct merkle *m, const unsigned char leaf[DIGEST_SIZE])
{
	merkle_add_full(m, 0, leaf);
}

void
merkle_root(unsigned char out[DIGEST_SIZE], const struct merkle *m)
{
	unsigned level = 0;

	if (m->count == 0) {
		digest_sha256(out, "", 0);
		return;
	}
	while ((m->count >> level & 1) == 0)
		level++;
	memcpy(out, m->node[level], DIGEST_SIZE);
	for (level++; level < MERKLE_LEVELS; level++)
		if ((m->count >> level & 1) == 1)
			merkle_join(out, m->node[level], out);
}

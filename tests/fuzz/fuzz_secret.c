/* Any bytes, looked at for private keys and credentials. */
#include <assert.h>
#include <string.h>

#include "core/secret.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct pool pool = {0};
	struct secret_hits hits;
	size_t lines = 1;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' ? 1 : 0;
	secret_scan(&hits, &pool, (const char *)data, size);
	assert(hits.count <= SECRET_HITS_MAX);
	/* A text in UTF-16 is read twice. */
	assert(hits.count <= 2 * lines);
	assert(!hits.more || hits.count == SECRET_HITS_MAX);
	for (size_t i = 0; i < hits.count; i++) {
		assert(hits.list[i].kind != NULL);
		assert(hits.list[i].line >= 1 && hits.list[i].line <= lines);
		assert(strlen(hits.list[i].digest) == DIGEST_HEX_SIZE - 1);
	}
	pool_free(&pool);
	return 0;
}

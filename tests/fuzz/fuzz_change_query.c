/* What is asked of the changes: the words of a query, an id, a token. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/pool.h"
#include "core/change_query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct words {
	struct pool pool;
	const char *text;
};

/* Lines "name=value". */
static const char *
get(void *ctx, const char *name)
{
	struct words *w = ctx;
	size_t len = strlen(name);

	for (const char *at = w->text; at != NULL && *at != '\0';) {
		const char *end = strchr(at, '\n');
		size_t whole = end == NULL ? strlen(at) : (size_t)(end - at);

		if (whole > len && memcmp(at, name, len) == 0 && at[len] == '=')
			return pool_textn(&w->pool, at + len + 1,
			    whole - len - 1);
		at = end == NULL ? NULL : end + 1;
	}
	return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct words w = {0};
	unsigned char digest[DIGEST_SIZE];
	struct change_query q;
	struct change_id id;
	struct err err = {0};

	w.text = pool_textn(&w.pool, (const char *)data, size);
	if (change_query_read(&q, get, &w, &err) == 0) {
		if (q.count == 0 || q.count > CHANGE_QUERY_MOST)
			__builtin_trap();
		if (q.repository != NULL && strchr(q.repository, ' ') != NULL)
			__builtin_trap();
	}
	if (change_id_read(&id, w.text) && strchr(w.text, '/') == NULL)
		__builtin_trap();
	if (bearer_read(digest, w.text) && strlen(w.text) < BEARER_MIN)
		__builtin_trap();
	pool_free(&w.pool);
	return 0;
}

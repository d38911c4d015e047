/* Raw trees: refused in words, or each name once and in order. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "core/listing.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* Entries of a sound tree, by the plainest reading there is. */
static void
check_sound(const char *at, const char *end)
{
	const char *before = NULL;

	while (at < end) {
		const char *name = strchr(at, ' ') + 1;

		assert(name - at == 7 || (name - at == 6 && *at == '4'));
		assert(*name != '\0' && strchr(name, '/') == NULL);
		assert(strcmp(name, ".") != 0 && strcmp(name, ".git") != 0);
		assert(before == NULL || strcmp(before, name) != 0);
		before = name;
		at = name + strlen(name) + 21;
	}
	assert(at == end);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct pool pool = {0};
	const char *raw = pool_textn(&pool, (const char *)data, size);
	const char *why = listing_defect(&pool, raw, size);

	if (why == NULL)
		check_sound(raw, raw + size);
	else
		assert(text_is_utf8(why, strlen(why)) && !strchr(why, '\n'));
	(void)listing_is_dotgit(raw, size);
	pool_free(&pool);
	return 0;
}

/* Messages of commits and tags: trailers, their place, co-authors. */
#include <assert.h>
#include <string.h>

#include "core/confuse.h"
#include "core/trailer.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *message = (const char *)data;
	struct pool pool = {0};
	struct trailer *list;
	struct coauthor *people;
	size_t count, end, begin = trailers_place(message, size, &end);

	assert(begin <= end && end <= size);
	trailers_parse(&pool, message, size, &list, &count);
	assert(begin < end || count == 0);
	for (size_t i = 0; i < count; i++) {
		assert(*list[i].key != '\0');
		assert(!strchr(list[i].value, '\n'));
		assert(trailer_get(list, count, list[i].key, NULL));
	}
	coauthors(&pool, message, size, &people, &count);
	for (size_t i = 0; i < count; i++) {
		assert(*people[i].name != '\0' || *people[i].email != '\0');
		(void)confuse_skeleton(&pool, people[i].name);
		(void)confuse_mixed(people[i].email);
	}
	pool_free(&pool);
	return 0;
}

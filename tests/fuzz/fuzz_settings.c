/* foureyes.yaml: what is read can be relied on. */
#include <stdint.h>
#include <stdlib.h>

#include "base/tree.h"
#include "core/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
rely(const struct settings *s)
{
	if (s->origin == NULL || s->gate == NULL || s->deadline < 1000 ||
	    s->sources == NULL || s->sources[0] == NULL || s->door_count > 3)
		abort();
	for (size_t i = 0; i < s->door_count; i++)
		if (server_kind_name(s->doors[i].kind) == NULL ||
		    s->doors[i].logins == NULL)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings settings = {0};
	struct pool pool = {0};
	struct err err = {0};
	const struct tree *document;

	if (tree_parse_yaml(&document, &pool, (const char *)data, size,
	        "foureyes.yaml", &err) == 0 &&
	    settings_read(&settings, &pool, document, &err) == 0)
		rely(&settings);
	else if (err.text[0] == '\0' || settings.origin != NULL)
		abort();
	pool_free(&pool);
	return 0;
}

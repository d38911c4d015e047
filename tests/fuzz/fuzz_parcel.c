/* What a hook hands over, and what of the answer: taken apart within bounds. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/handed.h"
#include "core/http_head.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What is taken lies within, and each text ends where it says. */
static void
expect_sound(const struct handed *h)
{
	if (h->hook == NULL || h->input == NULL || h->path == NULL ||
	    h->path[0] != '/' || strlen(h->input) != h->input_len ||
	    h->option_count > HANDED_OPTIONS_MAX ||
	    h->variables.count > HANDED_VARIABLES_MAX)
		abort();
	for (size_t i = 0; i < h->option_count; i++)
		if (strlen(h->options[i]) > HANDED_VALUE_MAX)
			abort();
	for (size_t i = 0; i < h->object_count; i++) {
		const struct parcel_object *o = &h->objects[i];
		volatile char last = 0;

		if (o->data != NULL && o->len > 0)
			last = o->data[o->len - 1];
		(void)last;
	}
}

static void
expect_head(const uint8_t *data, size_t len)
{
	struct http_head head;
	struct err err = {0};
	int got = http_head_read(&head, (const char *)data, len, &err);

	if (got > 0 &&
	    (head.head_len > len || head.head_len > HTTP_HEAD_MAX ||
	        head.status > 999))
		abort();
	if (got < 0 && err.text[0] == '\0')
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pool pool = {0};
	struct handed handed;
	struct err err = {0};

	if (handed_read(&handed, &pool, data, len, &err) == 0)
		expect_sound(&handed);
	else if (err.text[0] == '\0')
		abort();
	expect_head(data, len);
	pool_free(&pool);
	return 0;
}

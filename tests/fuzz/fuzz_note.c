/*
 * Signed notes and checkpoints.  What is read and written again must be what
 * was read.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "core/checkpoint.h"
#include "core/note.h"
#include "edge/seal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
write_again(const char *text, size_t len, const struct checkpoint *c)
{
	struct buf out = {0};

	checkpoint_text(&out, c);
	if (out.len > len || memcmp(out.data, text, out.len) != 0)
		abort();
	buf_free(&out);
}

static void
put_together(const struct note *note, const char *data, size_t len)
{
	struct buf out = {0};

	buf_add(&out, note->text, note->len);
	buf_char(&out, '\n');
	for (size_t i = 0; i < note->count; i++)
		note_signature_line(&out, note->signatures[i].name,
		    note->signatures[i].id, note->signatures[i].bytes,
		    note->signatures[i].len);
	if (out.len != len || memcmp(out.data, data, len) != 0)
		abort();
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	struct seal_public key = {{1}};
	struct checkpoint c = {0};
	struct pool pool = {0};
	struct err err = {0};
	struct note note;

	if (note_parse(&note, &pool, text, len, &err) == 0)
		put_together(&note, text, len);
	if (checkpoint_parse(&c, text, len, &err) == 0)
		write_again(text, len, &c);
	if (seal_check(&c, &key, "example.com/foureyes", text, len, &err) == 0)
		abort();
	pool_free(&pool);
	return 0;
}

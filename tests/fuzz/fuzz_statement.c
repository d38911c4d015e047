/* Evidence tags: the first line is the ref, the rest the raw tag. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "core/statement.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(const struct statement *s, const char *ref)
{
	assert(text_is_oid(s->commit) && strstr(ref, s->commit));
	assert(*s->repository != '\0' && strlen(s->id) == 64);
	assert(statement_text_is_clean(s->repository));
	if (s->kind == STATEMENT_DEPLOYMENT) {
		assert(s->result != STATEMENT_NO_RESULT && s->environment);
		return;
	}
	assert(s->kind == STATEMENT_APPROVAL && s->target_count > 0);
	assert(s->decision != STATEMENT_UNDECIDED);
	assert((s->decision == STATEMENT_EMERGENCY) == (s->reason != NULL));
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	const char *raw = (const char *)data, *lf;
	struct pool pool = {0};
	struct statement s;
	struct err err = {0};
	const char *ref;

	lf = size > 0 ? memchr(raw, '\n', size) : NULL;
	if (!lf)
		return 0;
	ref = pool_textn(&pool, raw, (size_t)(lf - raw));
	size -= (size_t)(lf + 1 - raw);
	if (statement_parse(&s, &pool, ref, lf + 1, size, &err) < 0)
		assert(s.refusal && err.kind == ERR_INPUT);
	else
		check(&s, ref);
	pool_free(&pool);
	return 0;
}

/* Raw commits and tags: refused with a code, or sound as core/object.h says. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "core/object.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check_ident(const struct ident *who)
{
	assert(*who->email != '\0' && !strpbrk(who->email, "<>\n"));
	assert(!strpbrk(who->name, "<>\n"));
	assert(who->seconds >= 0);
}

static void
try_commit(const char *raw, size_t size)
{
	struct pool pool = {0};
	struct commit c;
	struct err err = {0};

	if (commit_parse(&c, &pool, raw, size, &err) < 0) {
		assert(c.defect && err.kind == ERR_INPUT);
	} else {
		assert(!memchr(raw, '\0', size));
		assert(text_is_oid(c.tree));
		for (size_t i = 0; i < c.parent_count; i++)
			assert(strlen(c.parents[i]) == strlen(c.tree));
		check_ident(&c.author);
		check_ident(&c.committer);
		assert(!c.message || strlen(c.message) == c.message_len);
	}
	pool_free(&pool);
}

static void
try_tag(const char *raw, size_t size)
{
	struct pool pool = {0};
	struct tag t;
	struct err err = {0};

	if (tag_parse(&t, &pool, raw, size, &err) < 0) {
		assert(t.defect && err.kind == ERR_INPUT);
	} else {
		assert(text_is_oid(t.object) && t.kind != OBJECT_UNKNOWN);
		assert(*t.name != '\0');
		if (t.has_tagger)
			check_ident(&t.tagger);
	}
	pool_free(&pool);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	try_commit((const char *)data, size);
	try_tag((const char *)data, size);
	return 0;
}

#include "core/statement.h"

#include <string.h>

#include "base/text.h"
#include "core/letter.h"

/* The names of refs that evidence is pushed to; see core/statement.h. */

bool
statement_text_is_clean(const char *text)
{
	size_t len = strlen(text), size;

	if (!text_is_utf8(text, len))
		return false;
	for (; len > 0; text += size, len -= size) {
		uint32_t c = letter_read(text, len, &size);

		if (c < ' ' || (c >= 0x7f && c < 0xa0) ||
		    letter_is_invisible(c) || c == 0x2028 || c == 0x2029)
			return false;
	}
	return true;
}

/* Takes one "component/" off the front of a ref; NULL when there is none. */
static const char *
component(struct pool *pool, const char **at)
{
	const char *slash = strchr(*at, '/'), *begin = *at;

	if (!slash || slash == begin)
		return NULL;
	*at = slash + 1;
	return pool_textn(pool, begin, (size_t)(slash - begin));
}

/* Something, and no component of it empty. */
static bool
is_rest(const char *rest)
{
	return *rest != '\0' && *rest != '/' && !text_ends(rest, "/") &&
	    !text_find(rest, strlen(rest), "//");
}

static bool
parse(struct statement_ref *out, struct pool *pool, const char *ref)
{
	const char *at = ref;

	if (text_starts(ref, STATEMENT_APPROVALS)) {
		out->kind = STATEMENT_APPROVAL;
		at += strlen(STATEMENT_APPROVALS);
	} else if (text_starts(ref, STATEMENT_DEPLOYMENTS)) {
		out->kind = STATEMENT_DEPLOYMENT;
		at += strlen(STATEMENT_DEPLOYMENTS);
		out->environment = component(pool, &at);
		if (!out->environment)
			return false;
	} else {
		return false;
	}
	out->commit = component(pool, &at);
	return out->commit && text_is_oid(out->commit) && is_rest(at) &&
	    statement_text_is_clean(ref);
}

int
statement_ref_parse(struct statement_ref *out, struct pool *pool,
    const char *ref, struct err *err)
{
	struct statement_ref r = {0};

	memset(out, 0, sizeof(*out));
	if (strlen(ref) > STATEMENT_REF_MAX)
		return err_set(err, ERR_INPUT,
		    "the ref's name is longer than %d bytes",
		    STATEMENT_REF_MAX);
	if (!parse(&r, pool, ref))
		return err_set(err, ERR_INPUT,
		    "'%s' is neither %s<commit>/<anything> nor "
		    "%s<environment>/<commit>/<anything>",
		    text_safe_copy(pool, ref, strlen(ref), 120),
		    STATEMENT_APPROVALS, STATEMENT_DEPLOYMENTS);
	*out = r;
	return 0;
}

bool
statement_is_evidence_ref(const char *ref)
{
	return text_starts(ref, "refs/foureyes/");
}

#include "core/gate_read.h"

#include "base/text.h"
#include "core/shape.h"

static const struct shape_row rows[] = {
    {SHAPE_ROW("scan", BOOL, policy_secrets, scan)},
    {SHAPE_ROW("allow", TEXTS, policy_secrets, allow)},
    {0},
};

int
gate_read_secrets(struct policy_secrets *secrets, struct pool *pool,
    const struct tree *map, struct err *err)
{
	unsigned char digest[DIGEST_SIZE];
	const struct tree *t;

	*secrets = (struct policy_secrets){.scan = true};
	if (map == NULL)
		return 0;
	if (shape_read(secrets, pool, map, rows, err) < 0)
		return -1;
	t = secrets->allow.count > 0 ? shape_at(map, "allow", 0) : NULL;
	for (size_t i = 0; t != NULL && i < secrets->allow.count; i++) {
		/* In upper case or cut, it would allow nothing, in silence. */
		if (!text_parse_hex(digest, sizeof(digest),
		        secrets->allow.list[i]))
			return tree_error(t, err,
			    "%s is no SHA-256: 64 lower-case hex digits",
			    shape_quote(pool, secrets->allow.list[i]));
		t = t->next;
	}
	return 0;
}

/* The one thing about a policy that core cannot tell: do patterns compile? */
#include <regex.h>

#include "app/in_words.h"
#include "base/tree.h"

static int
check_gate(const struct tree *gate, struct err *err)
{
	const struct tree *t = tree_path(gate, "ticket.pattern");
	char why[128];
	regex_t compiled;
	int ret;

	if (t == NULL || !tree_is_text(t))
		return 0;
	ret = regcomp(&compiled, t->text, REG_EXTENDED | REG_NOSUB);
	if (ret == 0) {
		regfree(&compiled);
		return 0;
	}
	(void)regerror(ret, &compiled, why, sizeof(why));
	return tree_error(t, err, "'pattern' does not compile: %s", why);
}

int
policy_patterns(struct pool *pool, const char *bytes, size_t len,
    struct err *err)
{
	const struct tree *document, *list;

	if (tree_parse_yaml(&document, pool, bytes, len, CONFIG_POLICY, err) <
	    0)
		return -1;
	list = tree_get(document, "repositories");
	if (list == NULL)
		return 0;
	for (const struct tree *r = list->child; r != NULL; r = r->next) {
		const struct tree *gates = tree_get(r, "gates");

		if (gates == NULL)
			continue;
		for (const struct tree *g = gates->child; g != NULL;
		     g = g->next)
			if (check_gate(g, err) < 0)
				return -1;
	}
	return 0;
}

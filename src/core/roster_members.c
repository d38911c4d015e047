/* Members, as GitHub and GitLab list them: a JSON list, or one page of it. */
#include <string.h>

#include "base/text.h"
#include "base/tree.h"
#include "core/roster.h"

static const char *
number_of(struct pool *pool, const struct tree *t)
{
	int64_t n;

	if (tree_is_number(t, &n))
		return pool_printf(pool, "%lld", (long long)n);
	return NULL;
}

int
roster_read_members(struct roster *roster, struct pool *pool, bool gitlab,
    const char *file, const char *data, size_t len, struct err *err)
{
	const struct tree *document;

	if (tree_parse_json(&document, pool, data, len, file, err) < 0)
		return -1;
	if (document->kind != TREE_LIST)
		return tree_error(document, err,
		    "a list of members is expected here");
	for (const struct tree *t = document->child; t != NULL; t = t->next) {
		const char *login = tree_text(t, gitlab ? "username" : "login");
		const char *state = tree_text(t, "state");
		const char *email = tree_text(t, "email");
		struct roster_entry *e;

		if (login == NULL || login[0] == '\0') {
			roster_pass(roster, pool, "%s: a member without '%s'",
			    file, gitlab ? "username" : "login");
			continue;
		}
		e = roster_add(roster, pool, err);
		if (e == NULL)
			return -1;
		e->login = login;
		e->number = number_of(pool, tree_get(t, "id"));
		e->name = tree_text(t, "name");
		e->machine = tree_true(t, "bot") ||
		    text_same(tree_text(t, "type"), "Bot");
		e->disabled = state != NULL && strcmp(state, "active") != 0;
		if (email != NULL)
			(void)roster_add_email(e, email);
	}
	return 0;
}

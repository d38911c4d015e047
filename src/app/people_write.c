/* people.yaml, written anew: one form, each thing where a reader looks for it.
 */
#include <string.h>

#include "app/people_merge.h"
#include "base/text.h"

static void
quoted(struct buf *out, struct pool *pool, const char *text)
{
	const char *safe = text_safe_copy(pool, text, strlen(text), 4096);

	buf_char(out, '"');
	for (; *safe != '\0'; safe++) {
		if (*safe == '"' || *safe == '\\')
			buf_char(out, '\\');
		buf_char(out, *safe);
	}
	buf_char(out, '"');
}

static void
write_texts(struct buf *out, struct pool *pool, const char *key,
    const char *const *list, size_t count)
{
	if (count == 0)
		return;
	buf_printf(out, "    %s: [", key);
	for (size_t i = 0; i < count; i++) {
		buf_put(out, i > 0 ? ", " : "");
		quoted(out, pool, list[i]);
	}
	buf_put(out, "]\n");
}

/* Those of one source stand together, in the order of their first. */
static void
write_logins(struct buf *out, struct pool *pool, const struct person *p)
{
	const char *before = "    logins: {";

	for (size_t i = 0; i < p->login_count; i++) {
		const char *source = p->logins[i].source;
		bool seen = false;

		for (size_t k = 0; k < i; k++)
			seen = seen || strcmp(p->logins[k].source, source) == 0;
		if (seen)
			continue;
		buf_printf(out, "%s%s: [", before, source);
		for (size_t k = i; k < p->login_count; k++) {
			if (strcmp(p->logins[k].source, source) != 0)
				continue;
			buf_put(out, k > i ? ", " : "");
			quoted(out, pool, p->logins[k].name);
		}
		buf_char(out, ']');
		before = ", ";
	}
	if (p->login_count > 0)
		buf_put(out, "}\n");
}

static void
write_keys(struct buf *out, struct pool *pool, const struct person *p)
{
	char until[TEXT_INSTANT_SIZE];

	if (p->key_count > 0)
		buf_put(out, "    keys:\n");
	for (size_t i = 0; i < p->key_count; i++) {
		buf_put(out, "      - ");
		if (p->keys[i].until != 0)
			buf_put(out, "{key: ");
		quoted(out, pool, p->keys[i].line);
		if (p->keys[i].until != 0) {
			text_instant(until, p->keys[i].until);
			buf_printf(out, ", until: \"%s\"}", until);
		}
		buf_char(out, '\n');
	}
}

static void
write_one(struct buf *out, struct pool *pool, const struct person *p)
{
	char expires[TEXT_INSTANT_SIZE];
	size_t start;

	buf_printf(out, "  %s:", p->id);
	start = out->len;
	buf_char(out, '\n');
	if (p->name != NULL) {
		buf_put(out, "    name: ");
		quoted(out, pool, p->name);
		buf_char(out, '\n');
	}
	write_texts(out, pool, "emails", p->emails, p->email_count);
	write_logins(out, pool, p);
	write_keys(out, pool, p);
	write_texts(out, pool, "groups", p->groups, p->group_count);
	if (p->expires != 0) {
		text_instant(expires, p->expires);
		buf_printf(out, "    expires: \"%s\"\n", expires);
	}
	if (p->owner != NULL)
		buf_printf(out, "    owner: %s\n", p->owner);
	if (out->len == start + 1) {
		out->len = start;
		buf_put(out, " {}\n");
	}
}

static void
write_section(struct buf *out, struct pool *pool, const char *name,
    const struct person *list, size_t count, bool machines)
{
	size_t start = out->len;
	bool any = false;

	buf_printf(out, "%s:\n", name);
	for (size_t i = 0; i < count; i++) {
		if (list[i].machine != machines)
			continue;
		write_one(out, pool, &list[i]);
		any = true;
	}
	if (any)
		return;
	out->len = start;
	if (!machines)
		buf_printf(out, "%s: {}\n", name);
}

void
people_write(struct buf *out, struct pool *pool, const struct person *list,
    size_t count)
{
	buf_put(out, "version: 1\n");
	write_section(out, pool, "people", list, count, false);
	write_section(out, pool, "machines", list, count, true);
}

#include "app/people_merge.h"

#include <string.h>

#include "base/text.h"

#define ID_MAX 48

static void
tell(struct people_merge *m, char sign, const char *id, const char *what)
{
	buf_printf(&m->difference, "%c %s%s%s\n", sign, id,
	    what[0] != '\0' ? ": " : "", what);
}

/*
 * Whose is it?  Of each id (i), address (e), key (k), login of the source (l)
 * and account of the list (a) the person's place; n: they are on the list.
 */
static void
know(struct people_merge *m, char what, const char *text, size_t at)
{
	const char *key = pool_printf(m->pool, "%c %s", what, text);

	if (map_get(&m->whose, key) == NULL)
		map_put(&m->whose, key, pool_copy(m->pool, &at, sizeof(at)));
}

static const size_t *
whose(struct people_merge *m, char what, const char *text)
{
	return text == NULL
	    ? NULL
	    : map_get(&m->whose, pool_printf(m->pool, "%c %s", what, text));
}

static bool
has_email(const struct person *p, const char *email)
{
	for (size_t i = 0; i < p->email_count; i++)
		if (strcmp(p->emails[i], email) == 0)
			return true;
	return false;
}

static bool
has_login(const struct person *p, const char *source, const char *name)
{
	for (size_t i = 0; i < p->login_count; i++)
		if (strcmp(p->logins[i].source, source) == 0 &&
		    strcmp(p->logins[i].name, name) == 0)
			return true;
	return false;
}

static bool
has_key(const struct person *p, const char *print)
{
	for (size_t i = 0; i < p->key_count; i++)
		if (strcmp(p->keys[i].id, print) == 0)
			return true;
	return false;
}

static void
know_all(struct people_merge *m, size_t at)
{
	const struct person *p = &m->list[at];

	know(m, 'i', p->id, at);
	for (size_t i = 0; i < p->key_count; i++)
		know(m, 'k', p->keys[i].id, at);
	for (size_t i = 0; i < p->email_count; i++)
		know(m, 'e', p->emails[i], at);
	for (size_t i = 0; i < p->login_count; i++)
		if (text_same(p->logins[i].source, m->source))
			know(m, 'l', p->logins[i].name, at);
}

static const char *
numbered(struct people_merge *m, const struct roster_entry *e)
{
	return e->number != NULL ? pool_printf(m->pool, "id:%s", e->number)
	                         : NULL;
}

/* Who it is: `*other` is another one that it might be too, or NULL. */
static struct person *
find(struct people_merge *m, const struct roster_entry *e,
    const struct person **other)
{
	const size_t *at[2 * ROSTER_VALUES + 4];
	struct person *found = NULL;
	size_t count = 0;

	*other = NULL;
	for (size_t i = 0; i < e->key_count; i++)
		at[count++] = whose(m, 'k', e->keys[i].print);
	for (size_t i = 0; i < e->email_count; i++)
		at[count++] = whose(m, 'e', e->emails[i]);
	at[count++] = m->source != NULL ? whose(m, 'l', e->login) : NULL;
	at[count++] = m->source != NULL ? whose(m, 'l', numbered(m, e)) : NULL;
	at[count++] = whose(m, 'a', e->login);
	at[count++] = m->by_id ? whose(m, 'i', e->login) : NULL;
	for (size_t i = 0; i < count; i++) {
		if (at[i] == NULL)
			continue;
		if (found != NULL && found != &m->list[*at[i]])
			*other = &m->list[*at[i]];
		else
			found = &m->list[*at[i]];
	}
	return found;
}

static const char *
slug(struct people_merge *m, const struct roster_entry *e)
{
	const char *text = e->login != NULL ? e->login
	    : e->email_count > 0            ? e->emails[0]
	                                    : "";
	char *out = pool_alloc(m->pool, ID_MAX + 1);
	size_t len = 0;

	for (; *text != '\0' && *text != '@' && len < ID_MAX; text++) {
		char c =
		    *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		    c == '.' || c == '_')
			out[len++] = c;
		else if (len > 0 && out[len - 1] != '-')
			out[len++] = '-';
	}
	while (len > 0 && strchr("-._", out[len - 1]) != NULL)
		len--;
	out[len] = '\0';
	return out;
}

/* A list of the person's with one more; what was there is not changed. */
#define WITH_ONE_MORE(pool, list, count, value)                                \
	do {                                                                   \
		void *more = pool_array((pool), (count) + 1, sizeof(value));   \
                                                                               \
		if ((count) > 0)                                               \
			memcpy(more, (list), (count) * sizeof(value));         \
		memcpy((char *)more + (count) * sizeof(value), &(value),       \
		    sizeof(value));                                            \
		(list) = more;                                                 \
		(count)++;                                                     \
	} while (0)

static bool
add_login(struct people_merge *m, struct person *p, const char *name)
{
	struct login one = {.source = m->source, .name = name};

	if (m->source == NULL || name == NULL || has_login(p, m->source, name))
		return false;
	WITH_ONE_MORE(m->pool, p->logins, p->login_count, one);
	return true;
}

/* Told where `known` says that somebody who was there gets more. */
static bool
add_all(struct people_merge *m, struct person *p, const struct roster_entry *e,
    bool known)
{
	bool any = false;

	for (size_t i = 0; i < e->email_count; i++) {
		const char *email = e->emails[i];

		if (has_email(p, email))
			continue;
		WITH_ONE_MORE(m->pool, p->emails, p->email_count, email);
		any = true;
		if (known)
			tell(m, '~', p->id,
			    pool_printf(m->pool, "address %s", email));
	}
	for (size_t i = 0; i < e->key_count; i++) {
		struct person_key key = {.id = e->keys[i].print,
		    .line = e->keys[i].line,
		    .until = e->keys[i].until};

		if (has_key(p, key.id))
			continue;
		WITH_ONE_MORE(m->pool, p->keys, p->key_count, key);
		any = true;
		if (known)
			tell(m, '~', p->id,
			    pool_printf(m->pool, "key %s", key.id));
	}
	if (add_login(m, p, e->login)) {
		any = true;
		if (known)
			tell(m, '~', p->id,
			    pool_printf(m->pool, "login %s at %s", e->login,
			        m->source));
	}
	return add_login(m, p, numbered(m, e)) || any;
}

static bool
expire(struct people_merge *m, struct person *p, const char *why)
{
	if (p->expires != 0 && p->expires <= m->now)
		return false;
	p->expires = m->now;
	tell(m, '~', p->id, pool_printf(m->pool, "expires now: %s", why));
	return true;
}

static void
leave_alone(struct people_merge *m, const char *id, const char *why)
{
	m->left_alone++;
	tell(m, '!', id, pool_printf(m->pool, "left alone: %s", why));
}

static void
add_new(struct people_merge *m, const struct roster_entry *e)
{
	const char *id = slug(m, e);
	struct person *p;

	if (id[0] == '\0') {
		leave_alone(m, e->login != NULL ? e->login : "?",
		    "nothing to make an id of");
		return;
	}
	if (whose(m, 'i', id) != NULL) {
		leave_alone(m, id,
		    "people.yaml has that id, and neither a key, an address "
		    "nor a login says that it is the same person (--by-id)");
		return;
	}
	p = pool_grow(m->pool, &m->list, &m->count, sizeof(*p));
	*p = (struct person){.id = id,
	    .name = e->name,
	    .machine = e->machine,
	    .groups = m->groups.list,
	    .group_count = m->groups.count};
	(void)add_all(m, p, e, false);
	know_all(m, m->count - 1);
	know(m, 'n', id, m->count - 1);
	if (e->login != NULL)
		know(m, 'a', e->login, m->count - 1);
	m->added++;
	tell(m, '+', id,
	    pool_printf(m->pool, "%s%s%zu address(es), %zu key(s)%s",
	        e->name != NULL ? e->name : "", e->name != NULL ? ", " : "",
	        p->email_count, p->key_count, p->machine ? ", a machine" : ""));
}

static void
see_entry(struct people_merge *m, const struct roster_entry *e)
{
	const struct person *other;
	struct person *found = find(m, e, &other);
	bool changed, is_new;

	if (other != NULL) {
		leave_alone(m, e->login != NULL ? e->login : found->id,
		    pool_printf(m->pool, "it may be %s and %s", found->id,
		        other->id));
		know(m, 'n', found->id, 0);
		know(m, 'n', other->id, 0);
		return;
	}
	if (found == NULL) {
		if (!e->disabled)
			add_new(m, e);
		return;
	}
	is_new = (size_t)(found - m->list) >= m->people->count;
	know(m, 'n', found->id, 0);
	if (e->login != NULL)
		know(m, 'a', e->login, (size_t)(found - m->list));
	changed = add_all(m, found, e, true);
	know_all(m, (size_t)(found - m->list));
	if (e->disabled)
		changed = expire(m, found, "their account is shut") || changed;
	m->changed += changed && !is_new ? 1 : 0;
}

static void
see_missing(struct people_merge *m)
{
	for (size_t i = 0; m->source != NULL && i < m->people->count; i++) {
		struct person *p = &m->list[i];
		bool theirs = false;

		for (size_t k = 0; k < p->login_count; k++)
			theirs = theirs ||
			    strcmp(p->logins[k].source, m->source) == 0;
		if (!theirs || (p->expires != 0 && p->expires <= m->now) ||
		    whose(m, 'n', p->id) != NULL)
			continue;
		m->missing++;
		if (m->expire_missing)
			(void)expire(m, p, "not on the list any more");
		else
			tell(m, '-', p->id,
			    "not on the list any more; it stays as it is "
			    "(--expire-missing)");
	}
}

void
people_merge(struct people_merge *m, const struct roster *roster)
{
	m->list = NULL;
	m->count = 0;
	m->whose = (struct map){.pool = m->pool};
	for (size_t i = 0; i < m->people->count; i++) {
		*(struct person *)pool_grow(m->pool, &m->list, &m->count,
		    sizeof(*m->list)) = m->people->list[i];
		know_all(m, i);
	}
	for (size_t i = 0; i < roster->count; i++)
		see_entry(m, &roster->list[i]);
	see_missing(m);
}

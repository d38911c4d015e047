#include "core/person.h"

#include <string.h>

#include "core/confuse.h"
#include "core/person_table.h"

/* The first of `list` that is not below `text`. */
static size_t
find_first(const struct person_entry *list, size_t count, const char *source,
    const char *text)
{
	struct person_entry wanted = {.text = text, .source = source};
	size_t low = 0;

	while (low < count) {
		size_t middle = low + (count - low) / 2;

		if (person_entry_order(&list[middle], &wanted) < 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

static const struct person_entry *
find(const struct people *people, enum person_column column, const char *source,
    const char *text)
{
	const struct person_entry *list;
	size_t count, at;

	if (people->table == NULL || text == NULL)
		return NULL;
	list = people->table->columns[column].list;
	count = people->table->columns[column].count;
	at = find_first(list, count, source, text);
	if (at == count || strcmp(list[at].text, text) != 0 ||
	    strcmp(list[at].source, source) != 0)
		return NULL;
	return &list[at];
}

static const struct person *
person_of(const struct person_entry *entry)
{
	return entry == NULL ? NULL : entry->person;
}

const struct person *
people_by_id(const struct people *people, const char *id)
{
	return person_of(find(people, PERSON_IDS, "", id));
}

const struct person *
people_by_login(const struct people *people, const char *source,
    const char *name)
{
	if (source == NULL)
		return NULL;
	return person_of(find(people, PERSON_LOGINS, source, name));
}

const struct person *
people_by_key(const struct people *people, const char *key_id,
    const struct person_key **key)
{
	const struct person_entry *e = find(people, PERSON_KEYS, "", key_id);

	if (key != NULL)
		*key = e == NULL ? NULL : &e->person->keys[e->nth];
	return person_of(e);
}

const struct person *
people_by_email(const struct people *people, const char *email)
{
	return person_of(find(people, PERSON_EMAILS, "", email));
}

static const struct person *
look_alike(const struct people *people, enum person_column column,
    const char *skeleton, size_t nth)
{
	const struct person_entry *e = find(people, column, "", skeleton);
	size_t left;

	if (e == NULL)
		return NULL;
	left = (size_t)(people->table->columns[column].list +
	    people->table->columns[column].count - e);
	if (nth >= left || strcmp(e[nth].text, skeleton) != 0)
		return NULL;
	return e[nth].person;
}

const struct person *
people_suspect(const struct people *people, struct pool *pool,
    const char *email, size_t nth)
{
	const char *skeleton;

	if (people->table == NULL || email == NULL)
		return NULL;
	skeleton = confuse_skeleton(pool, email);
	if (skeleton == NULL || skeleton[0] == '\0')
		return nth == 0 ? people_by_email(people, email) : NULL;
	return look_alike(people, PERSON_SKELETONS, skeleton, nth);
}

const struct person *
people_suspect_login(const struct people *people, struct pool *pool,
    const char *login, size_t nth)
{
	const char *skeleton;

	if (people->table == NULL || login == NULL)
		return NULL;
	skeleton = confuse_skeleton(pool, login);
	if (skeleton == NULL || skeleton[0] == '\0')
		return NULL;
	return look_alike(people, PERSON_CALLED, skeleton, nth);
}

const char *
people_behind(const struct people *people, const char *id)
{
	const struct person *p = people_by_id(people, id);

	return p != NULL && p->machine && p->owner != NULL ? p->owner : id;
}

bool
person_in(const struct person *person, const char *group)
{
	if (person == NULL || group == NULL)
		return false;
	for (size_t i = 0; i < person->group_count; i++)
		if (strcmp(person->groups[i], group) == 0)
			return true;
	return false;
}

bool
person_in_any(const struct person *person, const char *const *groups,
    size_t count)
{
	if (person == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		if (person_in(person, groups[i]))
			return true;
	return count == 0;
}

/* An unknown moment is in nobody's time. */
static bool
is_before(int64_t at, int64_t end)
{
	return at > 0 && (end == 0 || at < end);
}

bool
person_in_force(const struct person *person, int64_t at)
{
	return person != NULL && is_before(at, person->expires);
}

bool
person_key_in_force(const struct person_key *key, int64_t at)
{
	return key != NULL && is_before(at, key->until);
}

/*
 * A people.yaml to start from: identities that may be one person under one
 * entry.  Generous on purpose: taking two for one can only bar an approval,
 * and whoever reads the file takes them apart.
 */
#include <stdlib.h>
#include <string.h>

#include "app/audit.h"
#include "base/text.h"

#define FILE_MAX 4000000 /* below what a configuration file may have */
#define ID_MAX 48
#define NAME_MAX 200

struct group {
	struct audit_who **list;
	size_t count;
	uint64_t written;
	bool machine;
	const struct person *person; /* known already */
};

/* Names that many people's tools put there. */
static bool
says_nothing(const char *skeleton)
{
	static const char *const names[] = {"", "root", "unknown", "user",
	    "admin", "administrator", "nobody", "test", "git", "ubuntu",
	    "vagrant", "jenkins", "yourname", "(noauthor)", "your name",
	    "(no author)"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(skeleton, names[i]) == 0)
			return true;
	return false;
}

static size_t
root_of(const struct audit *a, size_t at)
{
	while (a->whos[at]->group != at)
		at = a->whos[at]->group = a->whos[a->whos[at]->group]->group;
	return at;
}

static void
join(struct audit *a, struct map *seen, const char *key, size_t at)
{
	const size_t *other = map_get(seen, key);

	if (other == NULL) {
		size_t *slot = pool_copy(seen->pool, &at, sizeof(at));

		map_put(seen, key, slot);
		return;
	}
	a->whos[root_of(a, at)]->group = root_of(a, *other);
}

static void
group_all(struct audit *a, struct pool *pool)
{
	struct map names = {.pool = pool}, emails = {.pool = pool},
	           ids = {.pool = pool};

	for (size_t i = 0; i < a->who_count; i++)
		a->whos[i]->group = i;
	for (size_t i = 0; i < a->who_count; i++) {
		struct audit_who *w = a->whos[i];

		if (w->forge)
			continue;
		if (w->email_skeleton[0] != '\0')
			join(a, &emails, w->email_skeleton, i);
		if (!says_nothing(w->name_skeleton))
			join(a, &names, w->name_skeleton, i);
		if (w->person != NULL)
			join(a, &ids, w->person->id, i);
	}
}

static int
by_commits(const void *x, const void *y)
{
	const struct audit_who *a = *(struct audit_who *const *)x;
	const struct audit_who *b = *(struct audit_who *const *)y;
	uint64_t n = a->written + a->committed, m = b->written + b->committed;

	if (n != m)
		return n > m ? -1 : 1;
	return strcmp(a->email, b->email) != 0 ? strcmp(a->email, b->email)
	                                       : strcmp(a->name, b->name);
}

static int
by_size(const void *x, const void *y)
{
	const struct group *a = x, *b = y;

	if (a->written != b->written)
		return a->written > b->written ? -1 : 1;
	return by_commits(&a->list[0], &b->list[0]);
}

static void
collect(struct audit *a, struct pool *pool, struct group **out, size_t *count)
{
	struct group **at =
	    pool_array(pool, a->who_count, sizeof(struct group *));
	struct group *list = pool_array(pool, a->who_count, sizeof(*list));

	*count = 0;
	for (size_t i = 0; i < a->who_count; i++) {
		struct audit_who *w = a->whos[i];
		size_t root = root_of(a, i);
		struct group *g = at[root];

		if (w->forge)
			continue;
		if (g == NULL)
			g = at[root] = &list[(*count)++];
		*(struct audit_who **)pool_grow(pool, &g->list, &g->count,
		    sizeof(*g->list)) = w;
		g->written += w->written + w->committed;
		g->machine = g->machine || w->machine;
		if (g->person == NULL)
			g->person = w->person;
	}
	for (size_t i = 0; i < *count; i++)
		qsort(list[i].list, list[i].count, sizeof(*list[i].list),
		    by_commits);
	if (*count > 0)
		qsort(list, *count, sizeof(*list), by_size);
	*out = list;
}

static void
quote(struct buf *out, struct pool *pool, const char *text)
{
	const char *safe = text_safe_copy(pool, text, strlen(text), NAME_MAX);

	buf_char(out, '"');
	for (; *safe != '\0'; safe++) {
		if (*safe == '"' || *safe == '\\')
			buf_char(out, '\\');
		buf_char(out, *safe);
	}
	buf_char(out, '"');
}

/* What core/person.h takes for an address, byte for byte. */
static bool
is_usable(struct pool *pool, const char *email)
{
	size_t len = strlen(email);

	return len > 0 && len <= NAME_MAX && strcspn(email, " <>*") == len &&
	    strcmp(text_safe_copy(pool, email, len, NAME_MAX + 1), email) == 0;
}

static const char *
slug(struct pool *pool, const char *text)
{
	char *out = pool_alloc(pool, ID_MAX + 1);
	size_t len = 0;

	for (; *text != '\0' && *text != '@' && len < ID_MAX; text++) {
		char c =
		    *text >= 'A' && *text <= 'Z' ? (char)(*text | 0x20) : *text;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[len++] = c;
		else if (len > 0 && out[len - 1] != '-')
			out[len++] = '-';
	}
	while (len > 0 && out[len - 1] == '-')
		len--;
	out[len] = '\0';
	return out;
}

/* An id that nobody has. */
static const char *
id_of(struct audit *a, struct pool *pool, struct map *ids,
    const struct group *g)
{
	const char *base = slug(pool, g->list[0]->name), *id;

	if (base[0] == '\0')
		base = slug(pool, g->list[0]->email);
	if (base[0] == '\0')
		base = "person";
	id = base;
	for (unsigned n = 2; map_get(ids, id) != NULL ||
	     (a->people != NULL && people_by_id(a->people, id) != NULL);
	     n++)
		id = pool_printf(pool, "%s-%u", base, n);
	map_put(ids, id, ids);
	return id;
}

static void
write_emails(struct buf *out, struct pool *pool, const struct group *g,
    struct audit_groups *n)
{
	struct map seen = {.pool = pool};

	for (size_t i = 0; i < g->count; i++) {
		const struct audit_who *w = g->list[i];
		char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];

		if (w->person != NULL || map_get(&seen, w->email) != NULL)
			continue;
		map_put(&seen, w->email, &seen);
		text_instant(from,
		    w->first < INT64_MAX / 1000 ? w->first * 1000 : 0);
		text_instant(to,
		    w->last < INT64_MAX / 1000 ? w->last * 1000 : 0);
		if (!is_usable(pool, w->email)) {
			n->left_out++;
			buf_put(out, "      # not usable as an address: ");
		} else {
			buf_put(out, "      - ");
		}
		quote(out, pool, w->email);
		buf_printf(out,
		    "  # wrote %llu, committed %llu, %.10s to %.10s\n",
		    (unsigned long long)w->written,
		    (unsigned long long)w->committed, from, to);
	}
}

static size_t
usable(struct pool *pool, const struct group *g)
{
	size_t count = 0;

	for (size_t i = 0; i < g->count; i++)
		if (g->list[i]->person == NULL &&
		    is_usable(pool, g->list[i]->email))
			count++;
	return count;
}

static void
write_one(struct audit *a, struct buf *out, struct map *ids,
    const struct group *g, struct audit_groups *n)
{
	struct pool *pool = ids->pool;
	const char *id = id_of(a, pool, ids, g);

	buf_printf(out, "  %s:\n    name: ", id);
	quote(out, pool, g->list[0]->name[0] != '\0' ? g->list[0]->name : id);
	buf_printf(out, "\n    emails:%s\n", usable(pool, g) > 0 ? "" : " []");
	write_emails(out, pool, g, n);
}

/* Addresses that may be somebody's whom the people file has. */
static void
write_known(struct buf *out, struct pool *pool, const struct group *list,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; list[i].person != NULL && k < list[i].count;
		     k++) {
			if (list[i].list[k]->person != NULL)
				continue;
			buf_printf(out, "# perhaps %s's: ", list[i].person->id);
			quote(out, pool, list[i].list[k]->email);
			buf_char(out, '\n');
		}
}

static void
write_section(struct audit *a, struct buf *out, struct map *ids,
    const struct group *list, size_t count, bool machines,
    struct audit_groups *n)
{
	size_t written = 0, start = out->len;

	buf_put(out, machines ? "machines:\n" : "people:\n");
	for (size_t i = 0; i < count; i++) {
		if (list[i].person != NULL || list[i].machine != machines)
			continue;
		if (out->len > FILE_MAX) {
			n->left_out += list[i].count;
			continue;
		}
		write_one(a, out, ids, &list[i], n);
		written++;
	}
	*(machines ? &n->machines : &n->persons) = written;
	if (written == 0) {
		out->len = start;
		buf_put(out, machines ? "machines: {}\n" : "people: {}\n");
	}
}

void
audit_people(struct audit *a, struct buf *out, struct audit_groups *n)
{
	struct pool pool = {0};
	struct map ids = {.pool = &pool};
	struct group *list;
	size_t count;

	group_all(a, &pool);
	collect(a, &pool, &list, &count);
	buf_put(out,
	    "# " AUDIT_MARK "\n"
	    "# Names and addresses as commits have them, which proves nobody's "
	    "identity.\n"
	    "# Put together where they may be one person: take apart who are "
	    "two, add\n"
	    "# logins, keys and groups, then: foureyes apply people.yaml\n");
	for (size_t i = 0; i < a->who_count; i++)
		if (a->whos[i]->forge) {
			n->forges++;
			buf_put(out, "# for server.web_committers: ");
			quote(out, &pool, a->whos[i]->email);
			buf_char(out, '\n');
		}
	write_known(out, &pool, list, count);
	buf_put(out, "version: 1\n");
	write_section(a, out, &ids, list, count, false, n);
	write_section(a, out, &ids, list, count, true, n);
	for (size_t i = 0; i < count; i++)
		n->known += list[i].person != NULL ? 1 : 0;
	pool_free(&pool);
}

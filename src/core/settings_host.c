/*
 * The Git servers whose hooks hand over what they know.
 */
#include <string.h>

#include "base/text.h"
#include "core/shape.h"

#include "settings_inside.h"

#define HOSTS_MAX 100

static const struct shape_row host_rows[] = {
    {SHAPE_ROW("accounts", TEXTS, host, accounts), .flags = SHAPE_FILLED},
    {SHAPE_ROW("secret_files", TEXTS, host, secret_files),
        .flags = SHAPE_FILLED},
    {.key = "server"},
    {0},
};

static int
check_paths(const struct host *h, struct pool *pool, const struct tree *map,
    struct err *err)
{
	for (size_t i = 0; i < h->secret_files.count; i++)
		if (!shape_is_path(h->secret_files.list[i]))
			return tree_error(shape_at(map, "secret_files", i), err,
			    "%s must be a path from '/' on: secrets stand in "
			    "files of their own",
			    shape_quote(pool, h->secret_files.list[i]));
	return 0;
}

/* Two hosts with one account, or one secret, are one. */
static int
check_apart(const struct host *list, size_t count, struct pool *pool,
    const struct tree *map, struct err *err)
{
	const struct host *h = &list[count];

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < h->accounts.count; k++)
			for (size_t n = 0; n < list[i].accounts.count; n++)
				if (text_same(list[i].accounts.list[n],
				        h->accounts.list[k]))
					return tree_error(map, err,
					    "the account %s is the host %s "
					    "already",
					    shape_quote(pool,
					        h->accounts.list[k]),
					    shape_quote(pool, list[i].name));
	return 0;
}

static int
read_host(struct host *h, struct pool *pool, const struct tree *map,
    struct err *err)
{
	struct doors doors;

	if (!shape_is_word(map->key))
		return tree_error(map, err,
		    "%s is no name for a host: " SHAPE_WORD_IS,
		    shape_quote(pool, map->key));
	h->name = map->key;
	if (shape_read(h, pool, map, host_rows, err) < 0 ||
	    check_paths(h, pool, map, err) < 0 ||
	    settings_doors(&doors, pool, tree_get(map, "server"), err) < 0)
		return -1;
	if (h->accounts.count == 0 && h->secret_files.count == 0)
		return tree_error(map, err,
		    "'accounts' or 'secret_files' is missing: by what is this "
		    "host known");
	h->doors = doors.list;
	h->door_count = doors.count;
	return 0;
}

int
settings_hosts(struct settings *s, struct pool *pool, const struct tree *hosts,
    struct err *err)
{
	struct host *list;

	if (hosts == NULL)
		return 0;
	if (shape_is_map(hosts, err) < 0)
		return -1;
	if (hosts->len > HOSTS_MAX)
		return tree_error(hosts, err, "more than %d hosts", HOSTS_MAX);
	list = pool_array(pool, hosts->len + 1, sizeof(*list));
	s->hosts = list;
	for (const struct tree *t = hosts->child; t != NULL; t = t->next) {
		if (read_host(&list[s->host_count], pool, t, err) < 0 ||
		    check_apart(list, s->host_count, pool, t, err) < 0)
			return -1;
		s->host_count++;
	}
	return 0;
}

/* The doors pushes come by: `server`. */
#include <string.h>

#include "core/settings.h"
#include "core/shape.h"

#include "base/text.h"
#include "settings_inside.h"

static const struct shape_row door_rows[] = {
    {SHAPE_ROW("kind", CHOICE, door, kind), .least = SERVER_HTTP,
        .names = server_kind_names, .flags = SHAPE_NEEDED},
    {SHAPE_ROW("root", PATH, door, root)},
    {SHAPE_ROW("hooks", PATH, door, hooks)},
    {SHAPE_ROW("pusher", TEXT, door, pusher)},
    {SHAPE_ROW("logins", WORD, door, logins)},
    {SHAPE_ROW("web_committers", TEXTS, door, web_committers)},
    {0},
};

static bool
is_variable(const char *name)
{
	if (name[0] >= '0' && name[0] <= '9')
		return false;
	return shape_is_word(name) && strchr(name, '-') == NULL &&
	    strchr(name, '.') == NULL;
}

static int
check_door(const struct door *d, struct pool *pool, const struct tree *map,
    struct err *err)
{
	const struct server_kind_row *kind = server_kind_row(d->kind);

	if (kind->needs_root && d->root == NULL)
		return tree_error(map, err,
		    "'root' is missing: a door of kind '%s' needs the "
		    "directory of its repositories",
		    kind->name);
	if (d->pusher == NULL)
		return 0;
	if (!kind->takes_pusher)
		return tree_error(tree_get(map, "pusher"), err,
		    "a server of kind '%s' says itself who pushes: leave "
		    "'pusher' out",
		    kind->name);
	if (!is_variable(d->pusher))
		return tree_error(tree_get(map, "pusher"), err,
		    "%s is no name of a variable",
		    shape_quote(pool, d->pusher));
	return 0;
}

static int
read_door(struct door *d, struct pool *pool, const struct tree *map,
    struct err *err)
{
	if (shape_read(d, pool, map, door_rows, err) < 0 ||
	    check_door(d, pool, map, err) < 0)
		return -1;
	if (d->logins == NULL)
		d->logins = server_kind_row(d->kind)->name;
	return 0;
}

/*
 * http fits where its variable is set, ssh where its is, local where neither
 * is.  The other kinds take pushes over ssh and http alike, so they fit always.
 */
static bool
fit_at_once(enum server_kind a, enum server_kind b)
{
	return a == b || !server_kind_row(a)->needs_root ||
	    !server_kind_row(b)->needs_root;
}

static int
check_fits(const struct door *doors, size_t count, const struct tree *map,
    struct err *err)
{
	enum server_kind kind = doors[count].kind;

	for (size_t i = 0; i < count; i++)
		if (fit_at_once(doors[i].kind, kind))
			return tree_error(map, err,
			    "the doors '%s' and '%s' fit at once: keep one",
			    server_kind_row(doors[i].kind)->name,
			    server_kind_row(kind)->name);
	return 0;
}

int
settings_doors(struct doors *out, struct pool *pool, const struct tree *server,
    struct err *err)
{
	const struct tree *t = server;
	struct door *doors;

	*out = (struct doors){0};
	if (server == NULL)
		return 0;
	if (server->kind == TREE_LIST && server->len == 0)
		return tree_error(server, err,
		    "'server' is empty: name a door, or leave the key out");
	if (server->kind == TREE_LIST)
		t = server->child;
	doors = pool_array(pool, server->kind == TREE_LIST ? server->len : 1,
	    sizeof(*doors));
	out->list = doors;
	for (; t != NULL; t = server->kind == TREE_LIST ? t->next : NULL) {
		if (read_door(&doors[out->count], pool, t, err) < 0 ||
		    check_fits(doors, out->count, t, err) < 0)
			return -1;
		out->count++;
	}
	return 0;
}

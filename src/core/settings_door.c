/*
 * The doors pushes come by: which kinds there are, and `server`.
 */
#include <string.h>

#include "core/settings.h"
#include "core/shape.h"

#include "base/text.h"
#include "settings_inside.h"

static const char *const gitea_web[] = {"gitea-internal", NULL};
static const char *const gitlab_web[] = {"web", NULL};
/*
 * GITHUB_VIA where GitHub makes the commit.  The API for refs is left out: by
 * it a ref goes to any commit, whose committer the caller chose.
 */
static const char *const ghes_web[] = {"auto-merge deployment api", "blob#save",
    "branch merge api", "git repo contents api", "merge",
    "merge base into head", "pull request merge api",
    "pull request merge button", "pull request revert button", NULL};
static const char *const bitbucket_web[] = {"pull-request-merge", NULL};

static const struct kind {
	const char *name;
	const char *fits;     /* the variable that says this door is used */
	const char *variable; /* the one read for identity, by default */
	bool needs_root;
	bool takes_pusher; /* identity is one variable, or none */
	const char *web;   /* the variable that says the server made it */
	const char *const *web_values;
} kinds[] = {
    [SERVER_HTTP] = {"http", "GATEWAY_INTERFACE", "REMOTE_USER", true, true,
        NULL, NULL},
    [SERVER_SSH] = {"ssh", "SSH_CONNECTION", NULL, true, true, NULL, NULL},
    [SERVER_LOCAL] = {"local", NULL, NULL, true, true, NULL, NULL},
    [SERVER_GITOLITE] = {"gitolite", NULL, "GL_USER", false, false, NULL, NULL},
    [SERVER_GITEA] = {"gitea", NULL, "GITEA_PUSHER_NAME", false, false,
        "SSH_ORIGINAL_COMMAND", gitea_web},
    [SERVER_FORGEJO] = {"forgejo", NULL, "GITEA_PUSHER_NAME", false, false,
        "SSH_ORIGINAL_COMMAND", gitea_web},
    [SERVER_GITLAB] = {"gitlab", NULL, "GL_USERNAME", false, false,
        "GL_PROTOCOL", gitlab_web},
    [SERVER_GHES] = {"ghes", NULL, "GITHUB_USER_LOGIN", false, false,
        "GITHUB_VIA", ghes_web},
    [SERVER_BITBUCKET_DC] = {"bitbucket-dc", NULL, "BB_USER_NAME", false, false,
        "BB_HOOK_TRIGGER_ID", bitbucket_web},
};

static const char *const kind_names[] = {"http", "ssh", "local", "gitolite",
    "gitea", "forgejo", "gitlab", "ghes", "bitbucket-dc", NULL};

static const struct shape_row door_rows[] = {
    {SHAPE_ROW("kind", CHOICE, door, kind), .least = SERVER_HTTP,
        .names = kind_names, .flags = SHAPE_NEEDED},
    {SHAPE_ROW("root", PATH, door, root)},
    {SHAPE_ROW("pusher", TEXT, door, pusher)},
    {SHAPE_ROW("logins", WORD, door, logins)},
    {SHAPE_ROW("web_committers", TEXTS, door, web_committers)},
    {0},
};

static const struct kind *
kind_of(enum server_kind kind)
{
	static const struct kind none;
	size_t n = (size_t)kind;

	return n < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[n] : &none;
}

const char *
server_kind_name(enum server_kind kind)
{
	return kind_of(kind)->name;
}

const char *
server_kind_fits(enum server_kind kind)
{
	return kind_of(kind)->fits;
}

const char *
server_kind_variable(enum server_kind kind)
{
	return kind_of(kind)->variable;
}

const char *
server_kind_web(enum server_kind kind)
{
	return kind_of(kind)->web;
}

bool
server_kind_is_web(enum server_kind kind, const char *value)
{
	const char *const *known = kind_of(kind)->web_values;

	for (size_t i = 0; known != NULL && known[i] != NULL; i++)
		if (text_same(known[i], value))
			return true;
	return false;
}

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
	const struct kind *kind = kind_of(d->kind);

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
		d->logins = kind_of(d->kind)->name;
	return 0;
}

/*
 * http fits where its variable is set, ssh where its is, local where neither
 * is.  The other kinds take pushes over ssh and http alike, so they fit always.
 */
static bool
fit_at_once(enum server_kind a, enum server_kind b)
{
	return a == b || !kind_of(a)->needs_root || !kind_of(b)->needs_root;
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
			    kind_of(doors[i].kind)->name, kind_of(kind)->name);
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

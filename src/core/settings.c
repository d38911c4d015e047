#include "core/settings.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"
#include "core/source_read.h"

#define SECOND ((int64_t)1000)

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

static const struct shape_row settings_rows[] = {
    {.key = "version"},
    {SHAPE_ROW("origin", TEXT, settings, origin), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("published", TEXT, settings, published)},
    {SHAPE_ROW("ledger", TEXT, settings, ledger)},
    {SHAPE_ROW("index", PATH, settings, index)},
    {SHAPE_ROW("seal_key", PATH, settings, seal_key)},
    {SHAPE_ROW("seal_state", PATH, settings, seal_state)},
    {SHAPE_ROW("report_key", PATH, settings, report_key)},
    {SHAPE_ROW("gate", TEXT, settings, gate)},
    {SHAPE_ROW("openpgp_keyring", PATH, settings, openpgp_keyring)},
    {SHAPE_ROW("revoked_keys", PATH, settings, revoked_keys)},
    {SHAPE_ROW("hook_user", WORD, settings, hook_user)},
    {SHAPE_ROW("deadline", DURATION, settings, deadline), .least = SECOND,
        .most = 300 * SECOND},
    {.key = "server"},
    {.key = "receiver"},
    {.key = "alerts"},
    {.key = "held"},
    {0},
};

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

bool
settings_root(const struct settings *s, size_t number, const char **root)
{
	const struct receiver *r = &s->receiver;
	const char *other;

	*root = NULL;
	if (number < s->door_count) {
		*root = s->doors[number].root;
		return true;
	}
	if (number - s->door_count >= r->source_count)
		return false;
	*root = r->sources[number - s->door_count].mirrors;
	for (size_t i = 0; i < number && *root != NULL; i++)
		if (settings_root(s, i, &other) && text_same(other, *root))
			*root = NULL;
	return true;
}

bool
settings_web_committer(const struct settings *settings, const char *email)
{
	for (size_t i = 0; i < settings->door_count; i++) {
		const struct texts *t = &settings->doors[i].web_committers;

		for (size_t k = 0; k < t->count; k++)
			if (text_same(t->list[k], email))
				return true;
	}
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

static int
read_doors(struct settings *s, struct pool *pool, const struct tree *server,
    struct err *err)
{
	const struct tree *t = server;
	struct door *doors;

	if (server == NULL)
		return 0;
	if (server->kind == TREE_LIST && server->len == 0)
		return tree_error(server, err,
		    "'server' is empty: name a door, or leave the key out");
	if (server->kind == TREE_LIST)
		t = server->child;
	doors = pool_array(pool, server->kind == TREE_LIST ? server->len : 1,
	    sizeof(*doors));
	s->doors = doors;
	for (; t != NULL; t = server->kind == TREE_LIST ? t->next : NULL) {
		if (read_door(&doors[s->door_count], pool, t, err) < 0 ||
		    check_fits(doors, s->door_count, t, err) < 0)
			return -1;
		s->door_count++;
	}
	return 0;
}

/* Who is meant by "gitea: alice", when two sources are of kind gitea? */
static int
check_logins(const struct settings *s, const struct receiver *sources,
    const struct tree *server, struct err *err)
{
	for (size_t i = 0; i < s->door_count; i++) {
		const char *kind = kind_of(s->doors[i].kind)->name;
		size_t count = 0;

		for (size_t n = 0; n < sources->source_count; n++)
			if (strcmp(source_kind_word(sources->sources[n].kind),
			        kind) == 0)
				count++;
		if (count > 1 && strcmp(s->doors[i].logins, kind) == 0)
			return tree_error(server, err,
			    "%zu sources are of kind '%s': say with 'logins' "
			    "whose accounts this door has",
			    count, kind);
	}
	return 0;
}

/* Sources, doors, and "local" for the account that runs a command. */
static void
list_sources(struct settings *s, struct pool *pool,
    const struct receiver *sources)
{
	const char **names = pool_array(pool,
	    sources->source_count + s->door_count + 2, sizeof(*names));
	size_t n = 0;

	for (size_t i = 0; i < sources->source_count; i++)
		names[n++] = sources->sources[i].name;
	for (size_t i = 0; i < s->door_count; i++)
		names[n++] = s->doors[i].logins;
	names[n++] = server_kind_name(SERVER_LOCAL);
	s->sources = names;
}

/* It stands in a signed note: no blanks, no "+", one line. */
static int
check_origin(const struct settings *s, const struct tree *document,
    struct err *err)
{
	for (const char *c = s->origin; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '+')
			return tree_error(tree_get(document, "origin"), err,
			    "'origin' must have no blanks and no '+'");
	return 0;
}

static int
check_gate(const char *gate, const struct tree *document, struct err *err)
{
	static const char UNIX[] = "unix:", HTTPS[] = "https://";

	if (strcmp(gate, "local") == 0 ||
	    (text_starts(gate, UNIX) && shape_is_path(gate + strlen(UNIX))) ||
	    (text_starts(gate, HTTPS) && gate[strlen(HTTPS)] != '\0'))
		return 0;
	return tree_error(tree_get(document, "gate"), err,
	    "'gate' must be 'local', 'unix:/PATH' or 'https://HOST'");
}

/* A gate elsewhere keeps the ledger; a local one needs it here. */
static int
check_ledger(const struct settings *s, const struct tree *document,
    struct err *err)
{
	bool local = strcmp(s->gate, "local") == 0;

	if (local && s->ledger == NULL)
		return tree_error(document, err, "'ledger' is missing");
	if (local && s->index == NULL)
		return tree_error(document, err, "'index' is missing");
	if (s->ledger != NULL && !shape_is_path(s->ledger) &&
	    !text_starts(s->ledger, "postgresql://"))
		return tree_error(tree_get(document, "ledger"), err,
		    "'ledger' must be a path from '/' on, or "
		    "'postgresql://...'");
	return 0;
}

/*
 * No program of this version tells an alert to anybody.  An entry that reads
 * well and does nothing would be worse than none.
 */
static int
check_alerts(const struct tree *alerts, struct err *err)
{
	if (alerts == NULL)
		return 0;
	if (shape_is_list(alerts, err) < 0)
		return -1;
	if (alerts->len > 0)
		return tree_error(alerts, err,
		    "alerts are not told to anybody yet: leave the list empty");
	return 0;
}

static int
check(const struct settings *s, const struct tree *document, struct err *err)
{
	if (check_origin(s, document, err) < 0 ||
	    check_gate(s->gate, document, err) < 0 ||
	    check_ledger(s, document, err) < 0)
		return -1;
	return check_alerts(s->alerts, err);
}

int
settings_read(struct settings *settings, struct pool *pool,
    const struct tree *document, struct err *err)
{
	struct settings new = {.gate = "local", .deadline = 4 * SECOND};
	const struct tree *server = tree_get(document, "server");

	if (shape_version(document, err) < 0 ||
	    shape_read(&new, pool, document, settings_rows, err) < 0)
		return -1;
	new.alerts = tree_get(document, "alerts");
	if (check(&new, document, err) < 0 ||
	    read_doors(&new, pool, server, err) < 0 ||
	    source_read(&new.receiver, pool, tree_get(document, "receiver"),
	        err) < 0 ||
	    keepers_read(&new.held, pool, tree_get(document, "held"), err) <
	        0 ||
	    check_logins(&new, &new.receiver, server, err) < 0)
		return -1;
	list_sources(&new, pool, &new.receiver);
	*settings = new;
	return 0;
}

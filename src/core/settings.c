#include "core/settings.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"
#include "core/source_read.h"

#include "settings_inside.h"

#define SECOND ((int64_t)1000)

static const struct shape_row settings_rows[] = {
    {.key = "version"},
    {SHAPE_ROW("origin", TEXT, settings, origin)},
    {SHAPE_ROW("published", TEXT, settings, published)},
    {SHAPE_ROW("ledger", TEXT, settings, ledger)},
    {SHAPE_ROW("ledger_copy", PATH, settings, copy)},
    {SHAPE_ROW("ledger_password_file", PATH, settings, ledger_password_file)},
    {SHAPE_ROW("node", WORD, settings, node)},
    {SHAPE_ROW("index", PATH, settings, index)},
    {SHAPE_ROW("seal_key", PATH, settings, seal_key)},
    {SHAPE_ROW("seal_state", PATH, settings, seal_state)},
    {SHAPE_ROW("report_key", PATH, settings, report_key)},
    {SHAPE_ROW("gate", TEXT, settings, gate)},
    {SHAPE_ROW("gate_secret_file", PATH, settings, gate_secret_file)},
    {SHAPE_ROW("gate_ca_file", PATH, settings, gate_ca_file)},
    {SHAPE_ROW("gate_address", TEXT, settings, gate_address)},
    {SHAPE_ROW("openpgp_keyring", PATH, settings, openpgp_keyring)},
    {SHAPE_ROW("revoked_keys", PATH, settings, revoked_keys)},
    {SHAPE_ROW("hook_user", WORD, settings, hook_user)},
    {SHAPE_ROW("deadline", DURATION, settings, deadline), .least = SECOND,
        .most = 300 * SECOND},
    {.key = "server"},
    {.key = "receiver"},
    {.key = "alerts"},
    {.key = "held"},
    {.key = "config_from"},
    {0},
};

const struct door *
settings_door(const struct settings *s, size_t number)
{
	if (number < s->door_count)
		return &s->doors[number];
	number -= s->door_count;
	for (size_t i = 0; i < s->host_count; i++) {
		if (number < s->hosts[i].door_count)
			return &s->hosts[i].doors[number];
		number -= s->hosts[i].door_count;
	}
	return NULL;
}

bool
settings_root(const struct settings *s, size_t number, const char **root)
{
	const struct receiver *r = &s->receiver;
	const struct door *door;
	const char *other;
	size_t n = 0;

	*root = NULL;
	for (; (door = settings_door(s, n)) != NULL; n++)
		if (n == number) {
			*root = door->root;
			return true;
		}
	if (number - n >= r->source_count)
		return false;
	*root = r->sources[number - n].mirrors;
	for (size_t i = 0; i < number && *root != NULL; i++)
		if (settings_root(s, i, &other) && text_same(other, *root))
			*root = NULL;
	return true;
}

bool
settings_is_mirror(const struct settings *settings, const char *path)
{
	const struct receiver *r = &settings->receiver;

	for (size_t i = 0; i < r->source_count; i++) {
		const char *dir = r->sources[i].mirrors;

		if (dir != NULL && text_starts(path, dir) &&
		    path[strlen(dir)] == '/')
			return true;
	}
	return false;
}

bool
settings_web_committer(const struct settings *settings, const char *email)
{
	const struct receiver *r = &settings->receiver;
	const struct door *door;

	for (size_t i = 0; (door = settings_door(settings, i)) != NULL; i++)
		if (texts_have(&door->web_committers, email))
			return true;
	/* Where hooks see the commits, the door says what the server made. */
	for (size_t i = 0; i < r->source_count; i++)
		if (r->sources[i].mirrors != NULL &&
		    texts_have(&r->sources[i].web_committers, email))
			return true;
	return false;
}

/* Who is meant by "gitea: alice", when two sources are of kind gitea? */
static int
check_logins(const struct settings *s, const struct receiver *sources,
    const struct tree *server, struct err *err)
{
	for (size_t i = 0; i < s->door_count; i++) {
		const char *kind = server_kind_name(s->doors[i].kind);
		size_t count = 0;

		for (size_t n = 0; n < sources->source_count; n++)
			if (strcmp(source_kind_name(sources->sources[n].kind),
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
	const char **names;
	const struct door *door;
	size_t n = 0, doors = 0;

	while (settings_door(s, doors) != NULL)
		doors++;
	names =
	    pool_array(pool, sources->source_count + doors + 2, sizeof(*names));

	for (size_t i = 0; i < sources->source_count; i++)
		names[n++] = sources->sources[i].name;
	for (size_t i = 0; (door = settings_door(s, i)) != NULL; i++)
		names[n++] = door->logins;
	names[n++] = server_kind_name(SERVER_LOCAL);
	s->sources = names;
}

/* It stands in a signed note: no blanks, no "+", one line. */
static int
check_origin(const struct settings *s, const struct tree *document,
    struct err *err)
{
	if (s->origin == NULL)
		return strcmp(s->gate, "local") != 0
		    ? 0
		    : tree_error(document, err, "'origin' is missing");
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

static int
check(const struct settings *s, const struct tree *document, struct err *err)
{
	if (check_origin(s, document, err) < 0)
		return -1;
	return check_gate(s->gate, document, err);
}

static const struct shape_row config_from_rows[] = {
    {SHAPE_ROW("repository", TEXT, config_from, repository),
        .flags = SHAPE_NEEDED},
    {SHAPE_ROW("ref", TEXT, config_from, ref), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("path", TEXT, config_from, path)},
    {0},
};

static int
read_config_from(struct config_from *out, struct pool *pool,
    const struct tree *map, struct err *err)
{
	if (map == NULL)
		return 0;
	if (shape_read(out, pool, map, config_from_rows, err) < 0)
		return -1;
	if (!text_starts(out->ref, "refs/"))
		return tree_error(tree_get(map, "ref"), err,
		    "a full ref name is expected here: refs/heads/main");
	return 0;
}

int
settings_read(struct settings *settings, struct pool *pool,
    const struct tree *document, struct err *err)
{
	struct settings new = {.gate = "local", .deadline = 4 * SECOND};
	const struct tree *server = tree_get(document, "server");
	struct doors doors;

	if (shape_version(document, err) < 0 ||
	    shape_read(&new, pool, document, settings_rows, err) < 0)
		return -1;
	if (check(&new, document, err) < 0 ||
	    settings_ledger(&new, pool, document, err) < 0 ||
	    settings_doors(&doors, pool, server, err) < 0 ||
	    source_read(&new.receiver, pool, tree_get(document, "receiver"),
	        err) < 0 ||
	    alerts_read(&new.alerts, pool, tree_get(document, "alerts"), err) <
	        0 ||
	    keepers_read(&new.held, pool, tree_get(document, "held"), err) <
	        0 ||
	    read_config_from(&new.config_from, pool,
	        tree_get(document, "config_from"), err) < 0 ||
	    settings_hosts(&new, pool,
	        tree_get(tree_get(document, "receiver"), "hosts"), err) < 0)
		return -1;
	if (new.alerts.count > 0 && (new.ledger == NULL || new.index == NULL))
		return tree_error(tree_get(document, "alerts"), err,
		    "'alerts' stands where the ledger is, and its index");
	new.doors = doors.list;
	new.door_count = doors.count;
	if (check_logins(&new, &new.receiver, server, err) < 0)
		return -1;
	list_sources(&new, pool, &new.receiver);
	*settings = new;
	return 0;
}

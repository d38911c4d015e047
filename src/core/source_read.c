#include "core/source_read.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"

static const char *const kinds[] = {"github", "gitlab", "gitea", "forgejo",
    "bitbucket", "bitbucket-dc", "generic", NULL};
static const char *const told[] = {"approvals", "tests", "deployments", NULL};

/* What a shape is read into; nobody looks at it but the checks here. */
struct scratch {
	const char *text, *more;
	unsigned kind, id;
	int64_t settle;
	struct texts texts, tells, environments;
};

static const struct shape_row receiver_rows[] = {
    {SHAPE_ROW("listen", TEXT, scratch, text)},
    {SHAPE_ROW("socket", PATH, scratch, more)},
    {.key = "tls"},
    {.key = "sources"},
    {0},
};

static const struct shape_row tls_rows[] = {
    {SHAPE_ROW("certificate", PATH, scratch, text), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("key", PATH, scratch, more), .flags = SHAPE_NEEDED},
    {0},
};

static const struct shape_row source_rows[] = {
    {SHAPE_ROW("kind", CHOICE, scratch, kind), .names = kinds,
        .flags = SHAPE_NEEDED},
    {SHAPE_ROW("secret_files", TEXTS, scratch, texts), .flags = SHAPE_FILLED},
    {SHAPE_ROW("api", TEXT, scratch, text)},
    {SHAPE_ROW("token_file", PATH, scratch, more)},
    {.key = "app"},
    {SHAPE_ROW("tells", WORDS, scratch, tells)},
    {SHAPE_ROW("environments", WORDS, scratch, environments)},
    {.key = "repositories"},
    {SHAPE_ROW("settle", DURATION, scratch, settle), .most = 3600000},
    {SHAPE_ROW("mirrors", PATH, scratch, more)},
    {0},
};

static const struct shape_row app_rows[] = {
    {SHAPE_ROW("id", COUNT, scratch, id), .flags = SHAPE_NEEDED, .least = 1,
        .most = 2147483647},
    {SHAPE_ROW("private_key_file", PATH, scratch, text), .flags = SHAPE_NEEDED},
    {0},
};

static int
check_tells(const struct texts *tells, struct pool *pool,
    const struct tree *map, struct err *err)
{
	const struct tree *t = shape_at(map, "tells", 0);

	for (size_t i = 0; i < tells->count; i++, t = t->next) {
		const char *const *known = told;

		while (*known != NULL && strcmp(*known, tells->list[i]) != 0)
			known++;
		if (*known == NULL)
			return tree_error(t, err,
			    "%s is nothing a source can tell: approvals, "
			    "tests, deployments",
			    shape_quote(pool, tells->list[i]));
	}
	return 0;
}

static int
check_secret_files(const struct texts *files, struct pool *pool,
    const struct tree *map, struct err *err)
{
	const struct tree *t = shape_at(map, "secret_files", 0);

	for (size_t i = 0; i < files->count; i++, t = t->next)
		if (!shape_is_path(files->list[i]))
			return tree_error(t, err,
			    "%s must be a path from '/' on: secrets stand in "
			    "files of their own",
			    shape_quote(pool, files->list[i]));
	return 0;
}

/* The forge's name: ours. */
static int
check_mapping(const struct tree *map, struct err *err)
{
	if (map == NULL)
		return 0;
	if (shape_is_map(map, err) < 0)
		return -1;
	for (const struct tree *t = map->child; t != NULL; t = t->next)
		if (t->kind != TREE_TEXT || t->len == 0)
			return tree_error(t, err,
			    "a repository's name is expected here");
	return 0;
}

static int
read_source(struct source_name *out, struct pool *pool, const struct tree *map,
    struct err *err)
{
	const struct tree *app = tree_get(map, "app");
	struct scratch s = {0};

	if (!shape_is_word(map->key))
		return tree_error(map, err,
		    "%s is no name for a source: " SHAPE_WORD_IS,
		    shape_quote(pool, map->key));
	if (shape_read(&s, pool, map, source_rows, err) < 0)
		return -1;
	out->name = map->key;
	out->kind = kinds[s.kind];
	if (check_secret_files(&s.texts, pool, map, err) < 0 ||
	    check_tells(&s.tells, pool, map, err) < 0 ||
	    check_mapping(tree_get(map, "repositories"), err) < 0)
		return -1;
	if (app != NULL && tree_get(map, "token_file") != NULL)
		return tree_error(app, err,
		    "'app' and 'token_file' are two ways to the same forge: "
		    "keep one");
	return app == NULL ? 0 : shape_read(&s, pool, app, app_rows, err);
}

static int
read_sources(struct source_names *out, struct pool *pool,
    const struct tree *map, struct err *err)
{
	struct source_name *list;

	if (map == NULL)
		return 0;
	if (shape_is_map(map, err) < 0)
		return -1;
	if (map->len > SOURCE_MAX)
		return tree_error(map, err, "more than %d sources", SOURCE_MAX);
	list = pool_array(pool, map->len, sizeof(*list));
	out->list = list;
	for (const struct tree *t = map->child; t != NULL; t = t->next)
		if (read_source(&list[out->count++], pool, t, err) < 0)
			return -1;
	return 0;
}

int
source_names_read(struct source_names *out, struct pool *pool,
    const struct tree *receiver, struct err *err)
{
	const struct tree *tls = tree_get(receiver, "tls");
	struct scratch s = {0};

	*out = (struct source_names){0};
	if (receiver == NULL)
		return 0;
	if (shape_read(&s, pool, receiver, receiver_rows, err) < 0 ||
	    (tls != NULL && shape_read(&s, pool, tls, tls_rows, err) < 0))
		return -1;
	return read_sources(out, pool, tree_get(receiver, "sources"), err);
}

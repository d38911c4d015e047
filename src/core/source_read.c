#include "core/source_read.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"

/* In the order of enum source_word. */
#define ALL_WORDS                                                              \
	(SOURCE_TELLS_APPROVALS | SOURCE_TELLS_TESTS | SOURCE_TELLS_DEPLOYMENTS)
static const char *const told[] = {"approvals", "tests", "deployments", NULL};

static const char *const github_commits_as[] = {"noreply@github.com"};

static const struct shape_row receiver_rows[] = {
    {SHAPE_ROW("listen", TEXT, receiver, listen)},
    {SHAPE_ROW("socket", PATH, receiver, socket)},
    {.key = "tls"},
    {SHAPE_ROW("page", TEXT, receiver, page)},
    {SHAPE_ROW("token_key_file", PATH, receiver, token_key_file)},
    {SHAPE_ROW("reader_files", TEXTS, receiver, reader_files)},
    {.key = "sources"},
    {.key = "hosts"},
    {0},
};

static const struct shape_row tls_rows[] = {
    {SHAPE_ROW("certificate", PATH, receiver, certificate),
        .flags = SHAPE_NEEDED},
    {SHAPE_ROW("key", PATH, receiver, key), .flags = SHAPE_NEEDED},
    {0},
};

static const struct shape_row source_rows[] = {
    {SHAPE_ROW("kind", CHOICE, source, kind), .names = source_kind_names,
        .flags = SHAPE_NEEDED},
    {SHAPE_ROW("secret_files", TEXTS, source, secret_files),
        .flags = SHAPE_FILLED},
    {SHAPE_ROW("api", TEXT, source, api)},
    {SHAPE_ROW("token_file", PATH, source, token_file)},
    {.key = "app"},
    {.key = "tells"},
    {SHAPE_ROW("environments", WORDS, source, environments)},
    {.key = "repositories"},
    {SHAPE_ROW("settle", DURATION, source, settle), .most = 3600000},
    {SHAPE_ROW("mirrors", PATH, source, mirrors)},
    {SHAPE_ROW("mirror_deadline", DURATION, source, mirror_time), .least = 1000,
        .most = (int64_t)6 * 3600000},
    {SHAPE_ROW("mirror_max", COUNT, source, mirror_max), .least = 1,
        .most = 1u << 20},
    {SHAPE_ROW("web_committers", TEXTS, source, web_committers)},
    {0},
};

static const struct shape_row tells_row = {.key = "tells", .kind = SHAPE_WORDS};

static const struct shape_row app_rows[] = {
    {SHAPE_ROW("id", COUNT, source, app_id), .flags = SHAPE_NEEDED, .least = 1,
        .most = 2147483647},
    {SHAPE_ROW("private_key_file", PATH, source, app_key_file),
        .flags = SHAPE_NEEDED},
    {0},
};

/* What a source's word is taken for; a generic one's for nothing unsaid. */
static int
read_tells(struct source *s, struct pool *pool, const struct tree *map,
    struct err *err)
{
	const struct tree *t = shape_at(map, "tells", 0);
	struct texts tells = {0};

	if (tree_get(map, "tells") == NULL) {
		s->tells = s->kind == SOURCE_GENERIC ? 0 : ALL_WORDS;
		return 0;
	}
	if (shape_texts(&tells, pool, map, &tells_row, err) < 0)
		return -1;
	for (size_t i = 0; i < tells.count; i++, t = t->next) {
		unsigned n = 0;

		while (told[n] != NULL && strcmp(told[n], tells.list[i]) != 0)
			n++;
		if (told[n] == NULL)
			return tree_error(t, err,
			    "%s is nothing a source can tell: approvals, "
			    "tests, deployments",
			    shape_quote(pool, tells.list[i]));
		s->tells |= 1u << n;
	}
	return 0;
}

/* Each is a path: secrets stand in files of their own. */
static int
check_files(const struct texts *files, const char *key, struct pool *pool,
    const struct tree *map, struct err *err)
{
	const struct tree *t = shape_at(map, key, 0);

	for (size_t i = 0; i < files->count; i++, t = t->next)
		if (!shape_is_path(files->list[i]))
			return tree_error(t, err,
			    "%s must be a path from '/' on: secrets stand in "
			    "files of their own",
			    shape_quote(pool, files->list[i]));
	return 0;
}

/* How many runs of "*" there are. */
static unsigned
count_stars(const char *glob)
{
	unsigned n = 0;

	for (; *glob != '\0'; glob++)
		if (glob[0] == '*' && glob[1] != '*')
			n++;
	return n;
}

static int
read_mappings(struct source *s, struct pool *pool, const struct tree *map,
    struct err *err)
{
	struct source_mapping *list;

	if (map == NULL)
		return 0;
	if (shape_is_map(map, err) < 0)
		return -1;
	list = pool_array(pool, map->len, sizeof(*list));
	s->mappings = list;
	s->mapped = true;
	for (const struct tree *t = map->child; t != NULL; t = t->next) {
		struct source_mapping *m = &list[s->mapping_count++];

		if (t->kind != TREE_TEXT || t->len == 0)
			return tree_error(t, err,
			    "a repository's name is expected here");
		*m = (struct source_mapping){t->key, t->text};
		if (count_stars(m->forge) > 1 || count_stars(m->ours) > 1)
			return tree_error(t, err,
			    "one '*' is the most on each side");
	}
	return 0;
}

static int
read_one(struct source *s, struct pool *pool, const struct tree *map,
    struct err *err)
{
	const struct tree *app = tree_get(map, "app");

	if (!shape_is_word(map->key))
		return tree_error(map, err,
		    "%s is no name for a source: " SHAPE_WORD_IS,
		    shape_quote(pool, map->key));
	s->name = map->key;
	s->settle = SOURCE_SETTLE;
	s->mirror_time = SOURCE_MIRROR_TIME;
	s->mirror_max = SOURCE_MIRROR_MAX;
	if (shape_read(s, pool, map, source_rows, err) < 0 ||
	    check_files(&s->secret_files, "secret_files", pool, map, err) < 0 ||
	    read_tells(s, pool, map, err) < 0 ||
	    read_mappings(s, pool, tree_get(map, "repositories"), err) < 0)
		return -1;
	if (s->kind == SOURCE_GITHUB && tree_get(map, "web_committers") == NULL)
		s->web_committers = (struct texts){github_commits_as, 1};
	if (app != NULL && s->token_file != NULL)
		return tree_error(app, err,
		    "'app' and 'token_file' are two ways to the same forge: "
		    "keep one");
	return app == NULL ? 0 : shape_read(s, pool, app, app_rows, err);
}

static int
read_sources(struct receiver *out, struct pool *pool, const struct tree *map,
    struct err *err)
{
	struct source *list;

	if (map == NULL)
		return 0;
	if (shape_is_map(map, err) < 0)
		return -1;
	if (map->len > SOURCE_MAX)
		return tree_error(map, err, "more than %d sources", SOURCE_MAX);
	list = pool_array(pool, map->len, sizeof(*list));
	out->sources = list;
	for (const struct tree *t = map->child; t != NULL; t = t->next)
		if (read_one(&list[out->source_count++], pool, t, err) < 0)
			return -1;
	return 0;
}

int
source_read(struct receiver *out, struct pool *pool, const struct tree *map,
    struct err *err)
{
	const struct tree *tls = tree_get(map, "tls");

	*out = (struct receiver){0};
	if (map == NULL)
		return 0;
	out->there = true;
	if (shape_read(out, pool, map, receiver_rows, err) < 0 ||
	    check_files(&out->reader_files, "reader_files", pool, map, err) <
	        0 ||
	    (tls != NULL && shape_read(out, pool, tls, tls_rows, err) < 0))
		return -1;
	return read_sources(out, pool, tree_get(map, "sources"), err);
}

#include "core/keeper.h"

#include <string.h>

#include "base/text.h"
#include "core/shape.h"
#include "core/url.h"

#define MINUTE ((int64_t)60000)

static const char *const kinds[] = {"git", "https", "timestamp", NULL};
static const char *const methods[] = {"PUT", "POST", NULL};

static const struct shape_row rows[] = {
    {SHAPE_ROW("name", WORD, keeper, name), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("kind", CHOICE, keeper, kind), .least = KEEPER_GIT,
        .names = kinds, .flags = SHAPE_NEEDED},
    {SHAPE_ROW("url", TEXT, keeper, url), .flags = SHAPE_NEEDED},
    {SHAPE_ROW("ref", TEXT, keeper, ref)},
    {SHAPE_ROW("method", EITHER, keeper, post), .names = methods},
    {SHAPE_ROW("token_file", PATH, keeper, token_file)},
    {SHAPE_ROW("ca_file", PATH, keeper, ca_file)},
    {SHAPE_ROW("stale", DURATION, keeper, stale), .least = MINUTE,
        .most = TEXT_DURATION_MAX},
    {0},
};

const char *
keeper_kind_name(enum keeper_kind kind)
{
	return kind >= KEEPER_GIT && kind <= KEEPER_TIMESTAMP
	    ? kinds[kind - KEEPER_GIT]
	    : "?";
}

static bool
is_fit(const struct keeper *k)
{
	if (!url_is_plain(k->url))
		return false;
	switch (k->kind) {
	case KEEPER_GIT:
		return text_starts(k->url, "https://") ||
		    text_starts(k->url, "ssh://") || shape_is_path(k->url);
	case KEEPER_HTTPS:
		return text_starts(k->url, "https://") || url_is_local(k->url);
	case KEEPER_TIMESTAMP:
		return text_starts(k->url, "https://") ||
		    text_starts(k->url, "http://");
	}
	return false;
}

static int
check_url(const struct keeper *k, const struct tree *map, struct err *err)
{
	static const char *const fit[] = {
	    "",
	    "'https://...', 'ssh://USER@HOST/...' or a path",
	    "'https://...'",
	    "'https://...' or 'http://...'",
	};

	if (is_fit(k))
		return 0;
	return tree_error(tree_get(map, "url"), err,
	    "'url' of kind '%s' must be %s, without blanks, quotes and a "
	    "password",
	    keeper_kind_name(k->kind),
	    fit[k->kind <= KEEPER_TIMESTAMP ? k->kind : 0]);
}

/* A key of another kind would be one that does nothing. */
static int
check_keys(const struct keeper *k, const struct tree *map, struct err *err)
{
	static const struct {
		const char *key;
		enum keeper_kind kind;
	} only[] = {
	    {"ref", KEEPER_GIT},
	    {"method", KEEPER_HTTPS},
	    {"token_file", KEEPER_HTTPS},
	};

	for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
		if (tree_get(map, only[i].key) != NULL &&
		    k->kind != only[i].kind)
			return tree_error(tree_get(map, only[i].key), err,
			    "'%s' is for kind '%s'", only[i].key,
			    keeper_kind_name(only[i].kind));
	if (k->kind == KEEPER_GIT && k->ca_file != NULL)
		return tree_error(tree_get(map, "ca_file"), err,
		    "git has its own (http.sslCAInfo): leave 'ca_file' out");
	if (k->kind == KEEPER_TIMESTAMP && k->ca_file == NULL)
		return tree_error(map, err,
		    "'ca_file' is missing: without the certificates of the "
		    "time stamps' authority nothing can be checked");
	if (k->kind == KEEPER_GIT &&
	    (!text_starts(k->ref, "refs/") || !url_is_plain(k->ref) ||
	        text_find(k->ref, strlen(k->ref), ":") != NULL))
		return tree_error(tree_get(map, "ref"), err,
		    "'ref' must be written in full, as "
		    "refs/heads/foureyes");
	return 0;
}

int
keepers_read(struct keepers *out, struct pool *pool, const struct tree *held,
    struct err *err)
{
	struct keeper *list;
	size_t count = 0;

	*out = (struct keepers){0};
	if (held == NULL)
		return 0;
	if (shape_is_list(held, err) < 0)
		return -1;
	if (held->len > KEEPERS_MAX)
		return tree_error(held, err, "more than %d places",
		    KEEPERS_MAX);
	list = pool_array(pool, held->len + 1, sizeof(*list));
	for (const struct tree *t = held->child; t != NULL; t = t->next) {
		struct keeper *k = &list[count];

		k->ref = "refs/heads/foureyes";
		k->stale = KEEPER_STALE;
		if (shape_read(k, pool, t, rows, err) < 0 ||
		    check_url(k, t, err) < 0 || check_keys(k, t, err) < 0 ||
		    shape_name(held, t, err) < 0)
			return -1;
		count++;
	}
	*out = (struct keepers){list, count};
	return 0;
}

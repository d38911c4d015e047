/* Where the ledger is kept: in a directory here, or shared, in a database. */
#include <string.h>

#include "base/text.h"
#include "core/shape.h"

#include "settings_inside.h"

#define SHARED "postgresql://"
#define COPY "ledger" /* beside the index */

/* A gate elsewhere keeps the ledger; a local one needs it here. */
static int
check_kept_here(const struct settings *s, const struct tree *document,
    struct err *err)
{
	static const char *const keys[] = {"ledger_copy",
	    "ledger_password_file", "node"};
	bool local = strcmp(s->gate, "local") == 0;

	if (local && s->ledger == NULL)
		return tree_error(document, err, "'ledger' is missing");
	if (local && s->index == NULL)
		return tree_error(document, err, "'index' is missing");
	if (s->ledger != NULL && !shape_is_path(s->ledger))
		return tree_error(tree_get(document, "ledger"), err,
		    "'ledger' must be a path from '/' on, or "
		    "'postgresql://...'");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (tree_get(document, keys[i]) != NULL)
			return tree_error(tree_get(document, keys[i]), err,
			    "'%s' is for a ledger that is shared: 'ledger: "
			    "postgresql://...'",
			    keys[i]);
	return 0;
}

/* postgresql://user:password@host, or in the part behind the "?". */
static bool
holds_password(const char *url)
{
	const char *user = url + strlen(SHARED);
	const char *at = strchr(user, '@'), *slash = strchr(user, '/');
	const char *colon = strchr(user, ':');

	if (at != NULL && slash != NULL && slash < at)
		at = NULL;
	return (at != NULL && colon != NULL && colon < at) ||
	    text_find(url, strlen(url), "password=") != NULL;
}

static int
check_shared(const struct settings *s, const struct tree *document,
    struct err *err)
{
	const struct tree *ledger = tree_get(document, "ledger");
	const struct tree *receiver = tree_get(document, "receiver");

	if (holds_password(s->ledger))
		return tree_error(ledger, err,
		    "'ledger' holds a password, which everybody could read "
		    "here: put it into a file of its own, and name that by "
		    "'ledger_password_file'");
	if (strcmp(s->gate, "local") == 0)
		return tree_error(ledger, err,
		    "hooks do not reach a database: with a ledger that is "
		    "shared 'gate' is 'unix:PATH' of foureyesd's socket, or "
		    "'https://HOST'");
	if (s->origin == NULL)
		return tree_error(document, err, "'origin' is missing");
	if (s->index == NULL)
		return tree_error(document, err, "'index' is missing");
	if (tree_get(receiver, "socket") == NULL)
		return tree_error(receiver != NULL ? receiver : document, err,
		    "'receiver.socket' is missing: commands reach a ledger "
		    "that is shared by it");
	return 0;
}

int
settings_ledger(struct settings *s, struct pool *pool,
    const struct tree *document, struct err *err)
{
	const char *slash;

	if (s->ledger == NULL || !text_starts(s->ledger, SHARED))
		return check_kept_here(s, document, err);
	if (check_shared(s, document, err) < 0)
		return -1;
	s->shared = s->ledger;
	slash = strrchr(s->index, '/');
	s->ledger = s->copy != NULL ? s->copy
	                            : pool_printf(pool, "%.*s/" COPY,
	                                  (int)(slash - s->index), s->index);
	return 0;
}

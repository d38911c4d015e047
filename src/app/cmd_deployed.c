/*
 * foureyes deployed ENVIRONMENT COMMIT --result success|failure: tell of a
 * deployment with a signed tag.  The ledger is never written on the caller's
 * word alone.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/clone.h"
#include "app/options.h"
#include "app/say.h"
#include "base/text.h"

struct telling {
	const char *environment, *result, *remote, *repository, *text;
};

static int
check(const struct telling *t, struct err *err)
{
	if (t->result == NULL ||
	    (strcmp(t->result, "success") != 0 &&
	        strcmp(t->result, "failure") != 0))
		return err_set(err, ERR_INPUT,
		    "say how it went: --result success|failure");
	if (t->environment[0] == '\0' ||
	    strpbrk(t->environment, "/ \t\r\n") != NULL)
		return err_set(err, ERR_INPUT,
		    "'%s' is no name of an environment", t->environment);
	return 0;
}

static int
tell_it(const struct telling *t, struct pool *pool, const char *commit,
    bool *refused, struct err *err)
{
	struct buf message = {0};
	struct clone clone;
	int ret;

	if (check(t, err) < 0 ||
	    clone_find(&clone, pool, commit, t->remote, t->repository, err) < 0)
		return -1;
	clone_find_key(&clone);
	say("%s: %s was deployed to %s: %s; signing with %s", clone.repository,
	    clone.commit, t->environment, t->result, clone.key_words);
	buf_printf(&message,
	    "%s\n\nFoureyes-Repository: %s\nFoureyes-Environment: %s\n"
	    "Foureyes-Result: %s\n",
	    t->text != NULL
	        ? t->text
	        : pool_printf(pool, "Deployed to %s", t->environment),
	    clone.repository, t->environment, t->result);
	ret = clone_push_statement(&clone, "deployed", buf_text(&message),
	    pool_printf(pool, "refs/foureyes/deployments/%s/%s", t->environment,
	        clone.commit),
	    refused, err);
	buf_free(&message);
	return ret;
}

int
cmd_deployed(int argc, char **argv, const char *config)
{
	struct telling t = {0};
	struct pool pool = {0};
	struct err err = {0};
	bool refused = false;
	int operands, ret;
	const struct option options[] = {
	    {.name = "--result", .value = &t.result},
	    {.name = "--repository", .value = &t.repository},
	    {.name = "--remote", .value = &t.remote},
	    {.name = "-m", .value = &t.text},
	    {0},
	};

	(void)config;
	operands = options_read(argc, argv, options, 2, 2);
	if (operands < 0)
		return STATUS_USAGE;
	t.environment = argv[1];
	ret = tell_it(&t, &pool, argv[2], &refused, &err);
	pool_free(&pool);
	if (ret < 0)
		return complain_err(&err);
	return refused ? STATUS_NO : STATUS_YES;
}

/*
 * foureyes rollback REF COMMIT --reason TEXT: in a clone, make the one new
 * commit on top of what the server's REF holds that has exactly COMMIT's tree,
 * and say the line that pushes it.  Nothing is checked out and no branch moves.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/clone.h"
#include "app/gitrun.h"
#include "app/options.h"
#include "app/say.h"
#include "base/text.h"
#include "core/plan.h"

struct going {
	struct pool pool;
	struct clone clone;
	const char *ref, *reason, *remote;
	const char *tip;    /* what the server's ref holds */
	const char *result; /* the commit that was made */
};

/* The server is asked, so that the commit stands on what is live now. */
static int
fetch_tip(struct going *g, struct err *err)
{
	struct pool *pool = &g->pool;
	const char *line = gitrun_ask(pool,
	    (const char *const[]){"ls-remote", "--", g->clone.remote, g->ref,
	        NULL});
	struct gitrun fetch = {.shown = true};

	if (line == NULL || strcspn(line, "\t") < 40)
		return err_set(err, ERR_INPUT, "'%s' has no ref '%s'",
		    g->clone.remote, g->ref);
	g->tip = pool_textn(pool, line, strcspn(line, "\t"));
	if (!text_is_oid(g->tip))
		return err_set(err, ERR_INPUT, "'%s' is no object id", g->tip);
	if (gitrun(&fetch, pool,
	        (const char *const[]){"fetch", "--quiet", "--", g->clone.remote,
	            g->ref, NULL},
	        err) < 0)
		return -1;
	return fetch.status == 0 ? 0
	                         : err_set(err, ERR_UNREACHABLE,
	                               "'%s' could not be fetched", g->ref);
}

static int
make_commit(struct going *g, struct err *err)
{
	struct pool *pool = &g->pool;
	struct gitrun run = {
	    .input = pool_printf(pool,
	        "Roll %s back to %.12s\n\nRollback-To: %s\n"
	        "Rollback-Reason: %s\n",
	        g->ref, g->clone.commit, g->clone.commit, g->reason)};

	if (gitrun(&run, pool,
	        (const char *const[]){"commit-tree", "-p", g->tip, "-F", "-",
	            pool_printf(pool, "%s^{tree}", g->clone.commit), NULL},
	        err) < 0)
		return -1;
	g->result = run.output;
	if (run.status != 0 || !text_is_oid(g->result))
		return err_set(err, ERR_SYSTEM, "git made no commit");
	return 0;
}

static int
run(struct going *g, const char *commit, struct err *err)
{
	if (g->reason == NULL ||
	    plan_is_placeholder(g->reason, NULL, 0, &g->pool))
		return err_set(err, ERR_INPUT,
		    "going back asks for a reason: --reason TEXT");
	if (clone_one_line("--reason", g->reason, err) < 0)
		return -1;
	if (!text_starts(g->ref, "refs/"))
		g->ref = pool_printf(&g->pool, "refs/heads/%s", g->ref);
	if (clone_find(&g->clone, &g->pool, commit, g->remote, NULL, err) < 0 ||
	    fetch_tip(g, err) < 0)
		return -1;
	if (strcmp(g->tip, g->clone.commit) == 0)
		return err_set(err, ERR_INPUT, "'%s' holds %.12s already",
		    g->ref, g->clone.commit);
	return make_commit(g, err);
}

int
cmd_rollback(int argc, char **argv, const char *config)
{
	struct going g = {0};
	struct err err = {0};
	int operands, ret;
	const struct option options[] = {
	    {.name = "--reason", .value = &g.reason},
	    {.name = "--remote", .value = &g.remote},
	    {0},
	};

	(void)config;
	operands = options_read(argc, argv, options, 2, 2);
	if (operands < 0)
		return STATUS_USAGE;
	g.ref = argv[1];
	ret = run(&g, argv[2], &err);
	if (ret == 0) {
		say("%s", g.result);
		say("has the tree of %s on top of %s; now:", g.clone.commit,
		    g.tip);
		say("git push %s %s:%s", g.clone.remote, g.result, g.ref);
	}
	pool_free(&g.pool);
	return ret < 0 ? complain_err(&err) : STATUS_YES;
}

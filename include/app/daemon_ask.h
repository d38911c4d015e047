/*
 * daemon_ask - asking the forges again: what webhooks lost.
 *
 * A source with an `api` (core/source.h) is asked by edge/forge.h; what it
 * says goes the way of a webhook's word from there on (app/observe.h), marked
 * as asked for.
 */
#ifndef APP_DAEMON_ASK_H
#define APP_DAEMON_ASK_H

#include "app/setup.h"
#include "core/source.h"
#include "edge/forge.h"

/*
 * The source's interface, with its token read from its file; ERR_CONFIG where
 * it has none.  `s` and the pool live as long as it.
 */
int ask_open(struct forge **out, struct pool *pool, const struct source *s,
    struct err *err) must_check;

/*
 * All that is to be had about a commit: its requests, what people said of
 * them, statuses, deployments; of those only what the source's word is taken
 * for.  Whole, or an error.
 */
int ask_commit(struct forge *f, struct pool *pool, const struct source *s,
    const char *repository, const char *commit, struct forge_list *out,
    struct err *err) must_check;

/* ask SOURCE REPOSITORY [COMMIT]: what it says, as lines of JSON. */
int daemon_ask(int argc, char **argv, const char *config);

#endif

/*
 * templates - the three files of a new installation.
 *
 * The samples of config/ are part of the program.  template_text() puts into
 * one of them what `init` was told: directories, the kind of server, the
 * ledger's name, the hook user.
 */
#ifndef APP_TEMPLATES_H
#define APP_TEMPLATES_H

#include "base/err.h"
#include "base/pool.h"

struct template_words {
	const char *dir;       /* of the three files; absolute */
	const char *data;      /* where ledger and index lie */
	const char *root;      /* of the repositories */
	const char *kind;      /* "http", "ssh" or "local" */
	const char *origin;    /* the ledger's name */
	const char *hook_user; /* or NULL: the owner of `root` */
};

/* `name` is policy.yaml, people.yaml or foureyes.yaml. */
int template_text(const char **out, struct pool *pool, const char *name,
    const struct template_words *words, struct err *err) must_check;

#endif

/*
 * protection - does a forge protect a ref as the policy needs it?
 *
 * Where no hook of ours runs, what keeps a change out is the forge: it must
 * require our status `foureyes/<gate>`, from our app and nobody else, for
 * everybody, and let nobody push past it (rules.md 38).  What its interface
 * told (edge/forge.h, forge_protection()) is read here by kind of forge.
 *
 * What a kind does not tell is unknown, which is never good.  A ruleset's list
 * of those who may go round it is told to nobody but who administers it.
 */
#ifndef CORE_PROTECTION_H
#define CORE_PROTECTION_H

#include "base/tree.h"
#include "core/checkup.h"
#include "core/payload.h"

struct protection_asked {
	enum source_kind kind;
	const char *branch;  /* "main" */
	const char *context; /* "foureyes/main" */
	unsigned app_id;     /* of a GitHub App of ours; 0: none */
};

struct protection_found {
	enum check_state state; /* CHECK_PASS, CHECK_FAIL, CHECK_UNKNOWN */
	const char *text;       /* what is missing, each of it; or NULL */
};

/* `told` is the list of documents; the texts are from the pool. */
void protection_look(struct protection_found *out, struct pool *pool,
    const struct protection_asked *asked, const struct tree *told);

#endif

/*
 * clone - the repository of whoever approves or tells: the clone they stand in.
 *
 * Which commit, which remote, what the server calls the repository, which key
 * signs; and a signed tag made and pushed as evidence, leaving no local tag.
 */
#ifndef APP_CLONE_H
#define APP_CLONE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"

struct clone {
	struct pool *pool;
	const char *remote;
	const char *repository; /* as the server calls it */
	const char *commit;     /* its full id */
	/* What Git is told to sign with; NULL: what it would take by itself. */
	const char *key_format, *key;
	const char *key_words; /* the same for people */
};

/*
 * `commit` NULL is HEAD; `remote` NULL is foureyes.remote, else origin;
 * `repository` NULL is foureyes.repository, else the path of the remote's URL.
 */
int clone_find(struct clone *c, struct pool *pool, const char *commit,
    const char *remote, const char *repository, struct err *err) must_check;
/* A value of a trailer stands on one line and says something. */
int clone_one_line(const char *what, const char *value,
    struct err *err) must_check;
/* user.signingKey, else the agent's first key, else ~/.ssh/id_*.pub. */
void clone_find_key(struct clone *c);
/*
 * Make the signed tag `foureyes/<word>-<commit>-<pid>` with this message, and
 * push it to <prefix>/<first 16 digits of the tag's id>.  `*refused` says that
 * the server would not have it; Git has told why.
 */
int clone_push_statement(struct clone *c, const char *word, const char *message,
    const char *prefix, bool *refused, struct err *err) must_check;

#endif

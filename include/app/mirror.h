/*
 * mirror - a bare copy of a repository that lies at a forge.
 *
 * Where no hook of ours can run, foureyesd judges from a copy: below the
 * directory `mirrors` of the source, at the repository's own name, so that the
 * commands find it there like one below `server.root`.  Refs are as the forge
 * has them: branches, tags, refs/foureyes/ and the heads of requests.
 *
 * It is kept by `git fetch` as a child: fixed words, an environment of ours,
 * https alone (http to this machine alone), no redirects, what comes in
 * checked as git's fsck does, a deadline and a limit of bytes.  The token
 * reaches git through a credential helper, which is this program and reads it
 * from a pipe; it gives it to that one host only.
 *
 * Nothing is ever taken away from a copy: what a ref has left stays there, for
 * whoever judges it later.
 */
#ifndef APP_MIRROR_H
#define APP_MIRROR_H

#include "app/setup.h"
#include "core/source.h"

#define MIRROR_TIME ((int64_t)120 * 1000) /* ms for one fetch, by default */
#define MIRROR_PACKS_MAX 50               /* packs, before they are made one */
#define MIRROR_NAME_MAX 255               /* bytes of a repository's name */
#define MIRROR_DEPTH_MAX 10               /* of its parts */
#define MIRROR_TOKEN_MAX 4096             /* bytes */

struct mirror {
	const struct source *source;
	const char *forge_name;  /* as the forge calls it */
	const char *repository;  /* as we do */
	const char *dir;         /* where the copy lies */
	const char *url;         /* what is fetched; no secret is in it */
	const char *credentials; /* "https://host": who is given the token */
	const char *user;        /* the name that goes with a token there */
	const char *requests;    /* a refspec of what the forge has of them */
};

/*
 * May a copy lie at that name?  Parts of letters, digits, ".", "_" and "-"
 * between single "/", none beginning with "." or "-" or ending in ".git" or
 * ".lock".  No other name becomes a path.
 */
bool mirror_name_is_safe(const char *repository);

/*
 * Where the copy of a forge's repository lies and what is fetched into it;
 * ERR_CONFIG where the source has no `mirrors`, no address to fetch from, or
 * the name is none for a copy.
 */
int mirror_of(struct mirror *out, struct pool *pool, const struct source *s,
    const char *forge_name, const char *repository, struct err *err) must_check;
/* Is there a copy? */
bool mirror_is_there(const struct mirror *m);

/* An empty one, where there is none: `*made`. */
int mirror_make(const struct mirror *m, struct pool *pool, bool *made,
    struct err *err) must_check;
/*
 * Bring it up to date.  `token` may be NULL.  On -1 the refs are as they were,
 * or some are newer.
 */
int mirror_fetch(const struct mirror *m, struct pool *pool, const char *token,
    struct err *err) must_check;
/*
 * A merge of two commits as Git makes it, as a commit of nobody's that no ref
 * holds; NULL where a hand is needed.  Of the same two it is the same.
 */
int mirror_merge(const struct mirror *m, struct pool *pool, const char *base,
    const char *head, const char **merge, struct err *err) must_check;

/* The credential helper: `foureyesd credential get`. */
int mirror_credential(int argc, char **argv);

#endif

/*
 * forge - asking a forge what it knows, and telling it what we found.
 *
 * One struct forge is one source's interface (REST): GitHub and its Enterprise
 * Server, GitLab, Gitea and Forgejo, Bitbucket Cloud and Data Center.  What
 * comes back are the same structs a webhook makes (core/observed.h).
 *
 * An answer is whole or there is none.  A list is read to its last page;
 * a page that does not come, a page too many, a document that is no JSON, is
 * deep or too large: ERR_UNREACHABLE, and its text says "could not check" and
 * when to try again.  No redirect is followed, and no page is asked of another
 * scheme, host or port than `api`.  "Not found" is no answer either: it does
 * not tell what is not there from what may not be seen.
 *
 *	struct forge *f;
 *	struct forge_list list;
 *
 *	if (forge_open(&f, &setup, err) < 0)
 *		return -1;
 *	forge_time(f, 3000);
 *	ret = forge_requests_of(f, pool, "acme/payments", commit, &list, err);
 *	forge_close(f);
 *
 * One thread at a time.  Repositories are called by the forge's names.  All
 * texts live in the caller's pool.
 */
#ifndef EDGE_FORGE_H
#define EDGE_FORGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/pool.h"
#include "core/observed.h"
#include "core/payload.h"

#define FORGE_PAGES_MAX 50          /* of one list */
#define FORGE_PAGE_MAX (8u << 20)   /* bytes of one answer */
#define FORGE_BYTES_MAX (64u << 20) /* bytes of all answers to a question */
#define FORGE_LIST_MAX 5000         /* things that a question finds */
#define FORGE_CALL_TIME 10000       /* ms for one call, at most */
#define FORGE_TIME 60000            /* ms for a question, by default */
#define FORGE_WAIT_MAX                                                         \
	((int64_t)3600 * 1000)    /* ms that a forge may make us wait */
#define FORGE_DESCRIPTION_MAX 140 /* bytes of a status's description */
#define FORGE_DELIVERIES 100      /* of a hook, that are looked at */
#define FORGE_SINCE_DAYS 90       /* deployments that are looked at */

struct forge;

struct forge_setup {
	enum source_kind kind;
	const char *name; /* the source's, for errors */
	/*
	 * Its address.  With nothing behind the host, what the kind has there
	 * is added: /api/v4 of GitLab, /api/v1 of Gitea, /rest of Bitbucket
	 * Data Center, /api/v3 of a GitHub that is not api.github.com.
	 */
	const char *api;
	const char *token;   /* or NULL */
	const char *ca_file; /* NULL: those of the system */
	/*
	 * A GitHub App: appends a fresh JSON Web Token signed with its key.
	 * What it is exchanged for is kept until a minute before its end.
	 */
	int (*app)(struct buf *jwt, void *ctx, struct err *err);
	void *ctx;
};

/* ERR_CONFIG: no such kind of forge, or `api` is no address. */
int forge_open(struct forge **out, const struct forge_setup *setup,
    struct err *err) must_check;
void forge_close(struct forge *f);
/* All that is asked from now on is answered within so many ms, or not. */
void forge_time(struct forge *f, int64_t ms);
/* ms to wait before it is asked again, as its last refusal said; or 0. */
int64_t forge_wait(const struct forge *f);

struct forge_list {
	const struct observed *list;
	size_t count;
};

/* Requests that the commit is the head of, or that it landed by. */
int forge_requests_of(struct forge *f, struct pool *pool,
    const char *repository, const char *commit, struct forge_list *out,
    struct err *err) must_check;
/* One request by its number. */
int forge_request(struct forge *f, struct pool *pool, const char *repository,
    const char *number, struct forge_list *out, struct err *err) must_check;
/*
 * What people said of it, oldest first, each with the commit they looked at
 * (NULL where the forge does not tell).  A comment is no review.
 */
int forge_reviews(struct forge *f, struct pool *pool,
    const struct observed *request, struct forge_list *out,
    struct err *err) must_check;
/* Checks and statuses of a commit, the newest of each context. */
int forge_statuses(struct forge *f, struct pool *pool, const char *repository,
    const char *commit, struct forge_list *out, struct err *err) must_check;
/* Finished deployments of a commit, oldest first; `now` is an instant. */
int forge_deployments(struct forge *f, struct pool *pool,
    const char *repository, const char *commit, int64_t now,
    struct forge_list *out, struct err *err) must_check;
int forge_open_requests(struct forge *f, struct pool *pool,
    const char *repository, struct forge_list *out, struct err *err) must_check;
/* What protects a ref there: one PROTECTION; `what` is the forge's own words.
 */
int forge_protection(struct forge *f, struct pool *pool, const char *repository,
    const char *ref, struct forge_list *out, struct err *err) must_check;

/*
 * Ask again for deliveries of late that the forge could not make, of the hooks
 * whose address ends so ("/hooks/hub"); `*again` of them.  None where the kind
 * of forge has no such thing, or the token may not.
 */
int forge_redeliver(struct forge *f, const char *repository, const char *ending,
    size_t *again, struct err *err) must_check;

/*
 * The repository's own webhook whose address ends so: does it send what we
 * need?  Those of an organisation or an App stand elsewhere, and are not told.
 */
struct forge_webhook {
	bool told;  /* false: not where the kind or the token does not tell */
	bool there; /* the repository has one of its own */
	const char *wrong; /* what of it; NULL: nothing */
};
int forge_webhook(struct forge *f, struct pool *pool, const char *repository,
    const char *ending, struct forge_webhook *out, struct err *err) must_check;

/*
 * A token that Git may use for that repository: the one given, or the App's.
 * The forge's; valid until something is asked again.  NULL: there is none.
 */
int forge_token(struct forge *f, const char *repository, const char **token,
    struct err *err) must_check;

/*
 * Set the status `context` of a commit: "success", "failure" or "pending".
 * `target_url` may be NULL.  A longer description is cut.
 */
struct forge_status {
	const char *repository, *commit;
	const char *context, *state;
	const char *description, *target_url;
};
int forge_post_status(struct forge *f, const struct forge_status *status,
    struct err *err) must_check;

#endif

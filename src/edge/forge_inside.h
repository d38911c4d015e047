/*
 * forge_inside - what the files of edge/forge share.
 *
 * A kind of forge is a file and a row: how it is told who asks, how its lists
 * go on, and one function a question.
 */
#ifndef FORGE_INSIDE_H
#define FORGE_INSIDE_H

#include "base/tree.h"
#include "edge/forge.h"
#include "edge/http.h"

/* ms, where the forge names no time. */
#define FORGE_WAIT ((int64_t)60 * 1000)
#define FORGE_TOKENS_MAX 32 /* installations of an App that are known */
#define FORGE_URL_MAX 4096

struct question {
	struct forge *forge;
	struct pool *pool;
	const char *repository;
	const char *subject;            /* commit, number, ref */
	const struct observed *request; /* of reviews */
	int64_t now;
	struct observed *list;
	size_t count;
	size_t bytes;  /* of answers so far */
	bool is_token; /* asks as the App itself */
	struct err *err;
};

/* One call, by a path below `api` or a whole URL of the same origin. */
struct call {
	enum http_method method;
	const char *path;
	const char *body; /* JSON; or NULL */
	long also[3];     /* other statuses that are an answer here */
};

struct reply {
	long status;
	const struct tree *doc; /* NULL: nothing, or (of `also`) no JSON */
	const char *next;       /* of its Link header; or NULL */
	int64_t total;          /* of X-Total-Count; -1: not told */
};

int forge_call(struct question *q, const struct call *c, struct reply *out);
/* GET, and 200. */
int forge_get(struct question *q, const char *path, const struct tree **doc);
/* POST of a status in the form that GitHub gave to the world. */
int forge_post_json(struct question *q, const char *path,
    const struct forge_status *s);
/* And in Bitbucket's. */
int forge_post_build(struct question *q, const char *path,
    const struct forge_status *s);
/* "could not check at 'hub': ...", and when to try again. */
int forge_fails(struct question *q, const char *format, ...) like_printf(2, 3);

enum paging {
	PAGES_LINK,   /* a Link header with rel="next" */
	PAGES_NUMBER, /* page=1, 2, ... until X-Total-Count or an empty one */
	PAGES_NEXT,   /* "next" in the document */
	PAGES_START   /* "isLastPage" and "nextPageStart" in the document */
};

/* Each member of each page; `key` is where a page has its list, or NULL. */
typedef int forge_each(struct question *q, const struct tree *item, void *ctx);
int forge_pages(struct question *q, const char *path, const char *key,
    forge_each *each, void *ctx);

/* GET of one thing, given to `each`. */
int forge_one(struct question *q, const char *path, forge_each *each);

/* Documents kept in the order they come; forge_keep() is a forge_each. */
struct forge_docs {
	const struct tree **list;
	size_t count;
};
int forge_keep(struct question *q, const struct tree *item, void *docs);

/* Same scheme, host and port, and nothing odd about it. */
bool forge_same_origin(const char *a, const char *b);
/* Is the address sound, and has it nothing behind its host? */
bool forge_is_address(const char *url, bool *bare);

/* One more thing found; -1: too many. */
int forge_found(struct question *q, enum observed_kind kind,
    struct observed **out);
/* As one part of a path or query; with `slashes`, "/" stands. */
const char *forge_escape(struct pool *pool, const char *text, bool slashes);
/* A text or number there, as text; NULL: none, or longer than a name. */
const char *forge_word(struct question *q, const struct tree *t,
    const char *path);
/* A full object id there; or NULL. */
const char *forge_oid(const struct tree *t, const char *path);
/* The text there, cut at OBSERVED_TEXT; or NULL. */
const char *forge_words(struct question *q, const struct tree *t,
    const char *path);
/* "refs/heads/..." of a branch's name there; or NULL. */
const char *forge_branch(struct question *q, const struct tree *t,
    const char *path);
/* At most `most` bytes, cut between two characters; NULL gives "". */
const char *forge_cut(struct pool *pool, const char *text, size_t most);
/* The branch that a full ref name names; NULL: it is no branch. */
const char *forge_branch_of(const char *ref);
/* What of the request goes with each word about it. */
void forge_about(struct question *q, struct observed *o);
/*
 * A review in the form that GitHub gave to the world, by `of`; a withdrawal
 * does not say whose act it was.
 */
int forge_review(struct question *q, const struct tree *t, const char *decision,
    const struct forge_user *of);
/* A list turned round: the oldest first. */
void forge_turn(struct observed *list, size_t count);
/* PROTECTION from documents of the forge. */
int forge_protects(struct question *q, const struct tree *const docs[],
    size_t count);

struct forge_kind {
	const char *root; /* added to an address with nothing behind its host */
	const char *accept;
	struct http_field auth; /* `value` stands before the token */
	struct http_field version;
	enum paging paging;
	unsigned per_page;
	int (*requests_of)(struct question *q);
	int (*request)(struct question *q);
	int (*reviews)(struct question *q);
	int (*statuses)(struct question *q);
	int (*deployments)(struct question *q);
	int (*open_requests)(struct question *q);
	int (*protection)(struct question *q);
	int (*post_status)(struct question *q, const struct forge_status *s);
	/* NULL: it has no such thing. */
	int (*redeliver)(struct question *q, const char *ending, size_t *again);
};

int forge_hooks_look(struct question *q, const char *ending,
    struct forge_webhook *out);
int forge_github_redeliver(struct question *q, const char *ending,
    size_t *again);

extern const struct forge_kind forge_github, forge_gitlab, forge_gitea,
    forge_bitbucket, forge_bitbucket_dc;

struct forge_app_token {
	char *owner, *token;
	int64_t until; /* by the monotonic clock */
};

struct forge {
	const struct forge_kind *kind;
	char *name, *api, *token, *ca_file;
	int (*app)(struct buf *jwt, void *ctx, struct err *err);
	void *ctx;
	struct http *http;
	int64_t until; /* by the monotonic clock, ms; 0: no question yet */
	int64_t wait;
	struct forge_app_token tokens[FORGE_TOKENS_MAX];
	size_t token_count;
};

int64_t forge_clock(void); /* ms, monotonic */
/* The token to ask about that repository with; NULL: none. */
int forge_app_token(struct question *q, const char **token);
void forge_app_forget(struct forge *f);

#endif

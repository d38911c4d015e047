/*
 * source - who may tell us things: `receiver.sources` of foureyes.yaml.
 *
 * A source has a name, by which logins are keyed and records speak of it, a
 * kind (core/payload.h), secrets in files of their own, perhaps an interface to
 * ask, and a list of what its word is taken for.  Read by source_read.h; paths
 * are not looked at here.
 */
#ifndef CORE_SOURCE_H
#define CORE_SOURCE_H

#include "core/payload.h"
#include "core/policy.h"

#define SOURCE_MAX 1000
#define SOURCE_SETTLE ((int64_t)30 * 1000)           /* ms, by default */
#define SOURCE_MIRROR_TIME ((int64_t)10 * 60 * 1000) /* the same */
#define SOURCE_MIRROR_MAX (8u << 10)                 /* MiB, by default */

enum source_word {
	SOURCE_TELLS_APPROVALS = 1,
	SOURCE_TELLS_TESTS = 2,
	SOURCE_TELLS_DEPLOYMENTS = 4
};

/*
 * The forge's name, or a glob of it with one "*" or "**": ours.  A "*" in ours
 * stands for what that one matched, so "acme/" and a star, mapped to a star,
 * makes acme/payments our payments.  The first entry that matches is taken.
 */
struct source_mapping {
	const char *forge, *ours;
};

struct source {
	const char *name;
	enum source_kind kind;
	struct texts secret_files;
	const char *api;        /* NULL: it is never asked */
	const char *token_file; /* or NULL */
	unsigned app_id;        /* a GitHub App; 0: none */
	const char *app_key_file;
	unsigned tells;            /* enum source_word, ored */
	struct texts environments; /* of deployments; none: any */
	const struct source_mapping *mappings;
	size_t mapping_count;
	bool mapped; /* false: every repository, by its own name */
	int64_t settle;
	const char *mirrors; /* a directory; NULL: hooks see the repositories */
	int64_t mirror_time; /* ms for one fetch */
	unsigned mirror_max; /* MiB of what one fetch may bring */
	/*
	 * Addresses under which the forge commits; GitHub's own by default.  As
	 * those of a door (core/settings.h): neutral on what it made itself.
	 */
	struct texts web_committers;
};

struct receiver {
	bool there; /* foureyes.yaml has the section */
	const char *listen, *socket;
	const char *certificate, *key; /* NULL: no TLS */
	const char *page; /* the address people reach the page by, or NULL */
	const char *token_key_file; /* signs links to one change, or NULL */
	struct texts reader_files;  /* bearer tokens, one a line */
	const struct source *sources;
	size_t source_count;
};

const struct source *receiver_source(const struct receiver *r,
    const char *name);
/* Our name of a forge's repository; NULL: no entry names it. */
const char *source_repository(const struct source *s, struct pool *pool,
    const char *forge_name);
bool source_tells(const struct source *s, enum source_word word);

#endif

/*
 * keeper - who holds checkpoints elsewhere: `held` in foureyes.yaml.
 *
 *	held:
 *	  - {name: away, kind: git, url: "ssh://git@away.example.com/seals.git"}
 *	  - {name: audit, kind: https, url: "https://audit.example.com/seal",
 *	     token_file: /etc/foureyes/secrets/audit}
 *	  - {name: clock, kind: timestamp, url: "http://tsa.example.com/",
 *	     ca_file: /etc/foureyes/tsa.pem}
 *
 * What leads to a program instead of a server is refused in a URL, and so is a
 * password.  A bearer token goes out over TLS only, or stays on this machine.
 */
#ifndef CORE_KEEPER_H
#define CORE_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"

#define KEEPERS_MAX 16
#define KEEPER_STALE ((int64_t)26 * 60 * 60 * 1000) /* by default */

enum keeper_kind {
	KEEPER_GIT = 1,   /* a ref of a repository, fast-forward only */
	KEEPER_HTTPS,     /* the note, put or posted */
	KEEPER_TIMESTAMP, /* RFC 3161 */
};

struct keeper {
	const char *name;
	enum keeper_kind kind;
	const char *url;
	const char *ref;        /* git; default refs/heads/foureyes */
	bool post;              /* https: POST instead of PUT */
	const char *token_file; /* https: holds the bearer token; or NULL */
	const char *ca_file; /* of the endpoint's, of the stamps' authority */
	int64_t stale;       /* a success older than that is none */
};

struct keepers {
	const struct keeper *list;
	size_t count;
};

/* `held` may be NULL; `out` is empty then. */
int keepers_read(struct keepers *out, struct pool *pool,
    const struct tree *held, struct err *err) must_check;
const char *keeper_kind_name(enum keeper_kind kind);

#endif

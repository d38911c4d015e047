/*
 * settings - this installation: foureyes.yaml.
 *
 * Where the ledger and its index lie, which keys seal and sign, through which
 * doors pushes come and how each door says who pushes, who is told of records
 * (contract.md section 1).  Pure: paths are not looked at here.
 */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/pool.h"
#include "base/tree.h"
#include "core/alert.h"
#include "core/keeper.h"
#include "core/policy.h"
#include "core/server_kind.h"
#include "core/source.h"

struct door {
	enum server_kind kind;
	const char
	    *root; /* absolute; NULL where the server names repositories */
	const char *pusher; /* the variable read for identity; NULL: by kind */
	const char *hooks;  /* one directory for all its hooks; or NULL */
	const char *logins; /* the key under `logins` in people.yaml */
	struct texts web_committers;
};

/* A Git server whose hooks hand pushes over: `receiver.hosts`. */
struct host {
	const char *name;
	struct texts accounts;     /* that may, by the Unix socket */
	struct texts secret_files; /* a bearer's, by any other way */
	const struct door *doors;  /* its own; none: those of `server` */
	size_t door_count;
};

/* Where policy.yaml and people.yaml live as code. */
struct config_from {
	const char *repository; /* its name; NULL: they are put in place */
	const char *ref;
	const char *path; /* a directory in it; NULL: the top */
};

struct settings {
	const char *origin; /* NULL only where the gate is elsewhere */
	const char *published;
	const char *ledger; /* its directory; where it is shared: our copy */
	const char *shared; /* postgresql://..., or NULL: it is kept here */
	const char *ledger_password_file; /* of that; or NULL */
	const char *node; /* what this machine is called there; or NULL */
	const char *copy; /* `ledger_copy`, as it is written; or NULL */
	const char *index;
	const char *seal_key;
	const char *seal_state; /* NULL: <seal_key>.state */
	const char *report_key;
	const char *gate; /* "local", "unix:PATH" or "https://..." */
	const char *gate_secret_file; /* shown to that; or NULL */
	const char *gate_ca_file;     /* PEM; NULL: the system's */
	const char *gate_address;     /* of that host; NULL: it is asked for */
	const char *openpgp_keyring;  /* NULL: no OpenPGP approvals */
	const char *revoked_keys;     /* a KRL or a list of keys; NULL: none */
	const char *hook_user;        /* NULL: the owner of the door's root */
	int64_t deadline;             /* of a hook; default 4 s */
	const struct door *doors;
	size_t door_count;
	struct receiver receiver;
	const struct host *hosts;
	size_t host_count;
	struct alerts alerts;
	struct keepers held;
	struct config_from config_from;
	const char *const
	    *sources; /* names that logins may use; NULL ends it */
	char digest[DIGEST_HEX_SIZE];
};

int settings_read(struct settings *settings, struct pool *pool,
    const struct tree *document, struct err *err) must_check;

/* The doors by number, those of `server` first, then of hosts; NULL: no more.
 */
const struct door *settings_door(const struct settings *settings,
    size_t number);
/*
 * The directories below which repositories lie, by number: the doors' roots,
 * then where sources have their copies.  False: there are no more; NULL in
 * `*root`: that one has none of its own.
 */
bool settings_root(const struct settings *settings, size_t number,
    const char **root);
/* Does that path lie where a source has its copies? */
bool settings_is_mirror(const struct settings *settings, const char *path);
/* Is it, byte for byte, an address that some door's forge commits under? */
bool settings_web_committer(const struct settings *settings, const char *email);

#endif

/*
 * server_kind - what a kind of Git server tells a hook, and how.
 *
 * A new kind is a row of the table in server_kind.c, where its hooks go in
 * app/hooks_dir.c, and how its repositories are named in app/door.c.
 */
#ifndef CORE_SERVER_KIND_H
#define CORE_SERVER_KIND_H

#include <stdbool.h>

enum server_kind {
	SERVER_HTTP = 1,
	SERVER_SSH,
	SERVER_LOCAL,
	SERVER_GITOLITE,
	SERVER_GITEA,
	SERVER_FORGEJO,
	SERVER_GITLAB,
	SERVER_GHES,
	SERVER_BITBUCKET_DC
};

struct server_kind_row {
	const char *name;
	const char *fits;     /* the variable that says this door is used */
	const char *variable; /* the one read for identity, by default */
	bool needs_root;
	bool takes_pusher; /* identity is one variable, or none */
	const char *web;   /* the variable that says the server made it */
	const char *const *web_values;
	const char *prefix; /* of each line of a refusal, or NULL */
	const char *id; /* the variable with the repository's number, or NULL */
};

/* Of no kind: all NULL. */
const struct server_kind_row *server_kind_row(enum server_kind kind);
/* In the order of their numbers, from 1; NULL ends it. */
extern const char *const server_kind_names[];

const char *server_kind_name(enum server_kind kind);
/*
 * The variable whose presence says that this door is used.  NULL: "local" fits
 * where those of "http" and "ssh" are absent, any other kind always; such a
 * kind is the only door.
 */
const char *server_kind_fits(enum server_kind kind);
/* The variable read for identity by default; NULL where it is none. */
const char *server_kind_variable(enum server_kind kind);
/* The variable with the server's number of the repository; NULL: none. */
const char *server_kind_id(enum server_kind kind);
/* What each line of a refusal begins with there, so that it is shown; or "". */
const char *server_kind_prefix(enum server_kind kind);
/* The kind of that name; false: there is none. */
bool server_kind_named(const char *name, enum server_kind *kind);
/*
 * The variable by which the server says that it made the push itself (a button,
 * its editor, its interface), NULL where a kind has none; and whether that
 * value says so.  Values that are not known say nothing.
 */
const char *server_kind_web(enum server_kind kind);
bool server_kind_is_web(enum server_kind kind, const char *value);

#endif

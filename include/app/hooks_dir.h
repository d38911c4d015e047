/*
 * hooks_dir - our files where a server looks for hooks: in a repository's
 * hooks/, or in one directory for all of them.
 *
 * A hook of ours is a text file that the kernel hands to this program:
 *
 *	#!/usr/bin/foureyes hook-file
 *	# <explanation>
 *	hook pre-receive
 *	config /etc/foureyes
 *	before pre-receive.before-foureyes
 *
 * The last line is there when a hook was; that one lies beside ours under that
 * name and keeps running.  What else is changed to switch enforcement on is
 * remembered in HOOKS_STATE in the git directory, so that all of it can be put
 * back exactly.
 */
#ifndef APP_HOOKS_DIR_H
#define APP_HOOKS_DIR_H

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/pool.h"
#include "core/settings.h"

#define HOOKS_STATE "foureyes.installed"
#define HOOKS_BEFORE ".before-foureyes"
#define HOOKS_LINE_MAX 250 /* bytes of a first line that kernels take */
#define HOOKS_PLACES_MAX 3
#define HOOKS_FILE_MAX 65536

/* A hook, and the file that it is, below the directory. */
struct hook_place {
	const char *name; /* as Git calls it */
	const char *file;
};

/*
 * Where a kind of server looks.  `shared`: one directory serves all its
 * repositories, and is named by `hooks` in foureyes.yaml or by --hooks-dir.
 */
struct hooks_places {
	const struct hook_place list[HOOKS_PLACES_MAX];
	size_t count;
	bool shared;
};
const struct hooks_places *hooks_places(enum server_kind kind);
/* One directory by core.hooksPath, or a template; gitolite's VREF. */
extern const struct hooks_places hooks_central, hooks_vref;

enum hook_state {
	HOOK_ABSENT = 0,
	HOOK_OURS,  /* with a program of ours and this configuration */
	HOOK_STALE, /* ours, with another program or configuration */
	HOOK_FOREIGN
};

struct hooks_dir {
	struct pool *pool;
	const char *git_dir;
	const char *path;    /* where hooks are looked for */
	const char *program; /* of the first line; absolute */
	const char *own;    /* the one that we are; as good where it is found */
	const char *config; /* absolute */
};

/*
 * Which program runs (NULL: the one that we are), and whether the kernel can be
 * told so.  `path` is the repository's hooks/ where it is NULL.
 */
int hooks_dir_open(struct hooks_dir *h, struct pool *pool, const char *git_dir,
    const char *path, const char *config, const char *program,
    struct err *err) must_check;

struct hook_seen {
	enum hook_state state;
	bool executable;
	bool shared; /* others than its owner may write to it */
	bool before; /* there is a file to put back */
	unsigned owner;
	const char *program; /* of one of ours */
	const char *config;
	const char *names_before; /* its `before` line, or NULL */
};
int hooks_dir_look(const struct hooks_dir *h, const struct hook_place *place,
    struct hook_seen *seen, struct err *err) must_check;

/* Put one in place; one that is there is kept beside it, and runs on. */
int hooks_dir_put(const struct hooks_dir *h, const struct hook_place *place,
    struct err *err) must_check;
/* Take ours out and put back what was there; `*done`: there was one of ours. */
int hooks_dir_take_out(const struct hooks_dir *h,
    const struct hook_place *place, bool *done, struct err *err) must_check;

/*
 * What was there before, as HOOKS_STATE tells.  While the repository's config
 * is as we left it, its old bytes go back as they were; else one key does.
 */
struct hooks_state {
	bool installed; /* there is such a file */
	bool hooks_made;
	const char *advertise; /* "unset" or the value before */
	const char *config;    /* base64 of the bytes before; or NULL */
	const char *changed;   /* SHA-256 of the bytes after; or NULL */
};
int hooks_state_read(struct hooks_state *s, struct pool *pool, const char *path,
    struct err *err) must_check;
int hooks_state_write(const struct hooks_state *s, const char *path,
    struct err *err) must_check;

#endif

#include "app/hooks_dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "base/text.h"

#define OURS " hook-file\n"

#define PRE "pre-receive"
#define POST "post-receive"
#define WITNESS "reference-transaction"

const struct hooks_places hooks_central = {{{PRE, PRE}, {POST, POST},
                                               {WITNESS, WITNESS}},
    3, true};
const struct hooks_places hooks_vref = {{{"vref", "VREF/foureyes"}}, 1, true};

/*
 * Gitea writes the hooks themselves and runs what lies in <hook>.d/; it has
 * none for reference-transaction, which Git then finds.  Gitaly knows no
 * reference-transaction either, and rebuilds the environment.
 */
static const struct hooks_places in_each = {{{PRE, PRE}, {POST, POST},
                                                {WITNESS, WITNESS}},
    3, false};
static const struct hooks_places delegated = {{{PRE, PRE ".d/foureyes"},
                                                  {POST, POST ".d/foureyes"},
                                                  {WITNESS, WITNESS}},
    3, false};
static const struct hooks_places gitolite = {
    {{PRE, "hooks/common/" PRE}, {POST, "hooks/common/" POST},
        {WITNESS, "hooks/common/" WITNESS}},
    3, true};
static const struct hooks_places gitlab = {{{PRE, PRE ".d/foureyes"},
                                               {POST, POST ".d/foureyes"}},
    2, true};
static const struct hooks_places bitbucket = {{{PRE, "foureyes-" PRE},
                                                  {POST, "foureyes-" POST}},
    2, true};

const struct hooks_places *
hooks_places(enum server_kind kind)
{
	switch (kind) {
	case SERVER_GITEA:
	case SERVER_FORGEJO:
		return &delegated;
	case SERVER_GITOLITE:
		return &gitolite;
	case SERVER_GITLAB:
		return &gitlab;
	case SERVER_BITBUCKET_DC:
		return &bitbucket;
	case SERVER_HTTP:
	case SERVER_SSH:
	case SERVER_LOCAL:
	case SERVER_GHES:
		break;
	}
	return &in_each;
}

/* The kernel splits the line at blanks and cuts it where it is too long. */
static int
check_program(const char *path, struct err *err)
{
	if (strpbrk(path, " \t\n") != NULL)
		return err_set(err, ERR_CONFIG,
		    "this program lies in '%s', and a path with blanks cannot "
		    "stand in the first line of a hook: install it elsewhere",
		    path);
	if (strlen(path) + strlen("#!" OURS) > HOOKS_LINE_MAX)
		return err_set(err, ERR_CONFIG,
		    "this program lies in '%s', which is too long for the "
		    "first line of a hook (%d bytes): install it elsewhere",
		    path, HOOKS_LINE_MAX);
	return 0;
}

static int
own_program(struct pool *pool, const char **program, struct err *err)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		return err_errno(err, "'/proc/self/exe'");
	*program = pool_textn(pool, path, (size_t)n);
	return 0;
}

int
hooks_dir_open(struct hooks_dir *h, struct pool *pool, const char *git_dir,
    const char *path, const char *config, const char *program, struct err *err)
{
	const char *own = NULL;
	char real[PATH_MAX];

	if (own_program(pool, &own, err) < 0)
		return -1;
	if (program == NULL)
		program = own;
	if (program == NULL || program[0] != '/')
		return err_set(err, ERR_INPUT, "'%s' is no path from '/' on",
		    program != NULL ? program : "");
	if (realpath(config, real) == NULL)
		return err_errno(err, "'%s'", config);
	if (strchr(real, '\n') != NULL)
		return err_set(err, ERR_CONFIG,
		    "'%s' has a line break in its name", real);
	*h = (struct hooks_dir){pool, git_dir,
	    path != NULL ? path : pool_printf(pool, "%s/hooks", git_dir),
	    pool_text(pool, program), own, pool_text(pool, real)};
	return check_program(h->program, err);
}

static const char *
path_of(const struct hooks_dir *h, const struct hook_place *place,
    const char *tail)
{
	return pool_printf(h->pool, "%s/%s%s", h->path, place->file, tail);
}

static const char *
line_of(struct pool *pool, const char *text, const char *key)
{
	const char *at = strstr(text, key);

	if (at == NULL)
		return NULL;
	at += strlen(key);
	return pool_textn(pool, at, strcspn(at, "\n"));
}

/* What the file says, where it is one of ours. */
static void
read_ours(const struct hooks_dir *h, const char *text, struct hook_seen *seen)
{
	size_t first = strcspn(text, "\n");
	size_t tail = strlen(OURS) - 1;

	seen->state = HOOK_FOREIGN;
	if (!text_starts(text, "#!/") || first < tail + 2 ||
	    strncmp(text + first - tail, OURS, tail + 1) != 0)
		return;
	seen->program = pool_textn(h->pool, text + 2, first - tail - 2);
	seen->config = line_of(h->pool, text, "\nconfig ");
	seen->names_before = line_of(h->pool, text, "\nbefore ");
	seen->state = (text_same(seen->program, h->program) ||
	                  text_same(seen->program, h->own)) &&
	        text_same(seen->config, h->config)
	    ? HOOK_OURS
	    : HOOK_STALE;
}

int
hooks_dir_look(const struct hooks_dir *h, const struct hook_place *place,
    struct hook_seen *seen, struct err *err)
{
	const char *path = path_of(h, place, "");
	struct buf text = {0};
	struct stat st;
	bool there;
	int ret;

	*seen = (struct hook_seen){
	    .before = lstat(path_of(h, place, HOOKS_BEFORE), &st) == 0};
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", path);
	seen->state = HOOK_FOREIGN;
	seen->owner = (unsigned)st.st_uid;
	seen->executable = (st.st_mode & 0111) == 0111;
	seen->shared = (st.st_mode & (S_IWGRP | S_IWOTH)) != 0;
	if (!S_ISREG(st.st_mode) || st.st_size > HOOKS_FILE_MAX)
		return 0;
	ret = file_read(&text, path, HOOKS_FILE_MAX, &there, err);
	if (ret == 0)
		read_ours(h, buf_text(&text), seen);
	buf_free(&text);
	return ret;
}

static int
write_hook(const struct hooks_dir *h, const struct hook_place *place,
    const char *before, struct err *err)
{
	struct buf text = {0};
	int ret;

	buf_printf(&text,
	    "#!%s" OURS
	    "# Decides and records what lands here; 'foureyes uninstall' takes "
	    "it out.\n"
	    "# No shell reads this file.  The hook that was here before, if "
	    "any, runs on.\n"
	    "hook %s\n"
	    "config %s\n",
	    h->program, place->name, h->config);
	if (before != NULL)
		buf_printf(&text, "before %s\n", before);
	ret = file_write(path_of(h, place, ""), text.data, text.len, 0755,
	    false, err);
	buf_free(&text);
	return ret;
}

static const char *
base_of(const char *file)
{
	const char *slash = strrchr(file, '/');

	return slash != NULL ? slash + 1 : file;
}

static const char *
beside(const struct hooks_dir *h, const struct hook_place *place,
    const char *name)
{
	return pool_printf(h->pool, "%s/%.*s%s", h->path,
	    (int)(base_of(place->file) - place->file), place->file, name);
}

/* Directories on the way to a file below the one that is there. */
static int
make_dirs(const struct hooks_dir *h, const char *file, struct err *err)
{
	for (const char *at = strchr(file, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		const char *dir = pool_printf(h->pool, "%s/%.*s", h->path,
		    (int)(at - file), file);

		if (mkdir(dir, 0755) < 0 && errno != EEXIST)
			return err_errno(err, "'%s'", dir);
	}
	return 0;
}

/* There is no moment without a hook: the old one has both names first. */
static int
keep_old(const struct hooks_dir *h, const struct hook_place *place,
    struct err *err)
{
	const char *old = path_of(h, place, "");
	const char *kept = path_of(h, place, HOOKS_BEFORE);

	if (link(old, kept) == 0)
		return 0;
	if (errno == EEXIST)
		return err_set(err, ERR_CONFIG,
		    "'%s' is not ours, and '%s' is there as well: put one of "
		    "them away",
		    old, kept);
	if (rename(old, kept) < 0)
		return err_errno(err, "'%s'", old);
	return 0;
}

int
hooks_dir_put(const struct hooks_dir *h, const struct hook_place *place,
    struct err *err)
{
	const char *before =
	    pool_printf(h->pool, "%s" HOOKS_BEFORE, base_of(place->file));
	struct hook_seen seen;

	if (make_dirs(h, place->file, err) < 0 ||
	    hooks_dir_look(h, place, &seen, err) < 0)
		return -1;
	switch (seen.state) {
	case HOOK_OURS:
		if (seen.executable)
			return 0;
		return write_hook(h, place, seen.names_before, err);
	case HOOK_STALE:
		return write_hook(h, place, seen.names_before, err);
	case HOOK_FOREIGN:
		/* What lies beside ours there would run once more. */
		if (strchr(place->file, '/') != NULL &&
		    strstr(place->file, ".d/") != NULL)
			return err_set(err, ERR_CONFIG,
			    "'%s' is there and not ours: put it away",
			    path_of(h, place, ""));
		if (keep_old(h, place, err) < 0)
			return -1;
		return write_hook(h, place, before, err);
	case HOOK_ABSENT:
		break;
	}
	return write_hook(h, place, NULL, err);
}

int
hooks_dir_take_out(const struct hooks_dir *h, const struct hook_place *place,
    bool *done, struct err *err)
{
	const char *path = path_of(h, place, "");
	struct hook_seen seen;

	*done = false;
	if (hooks_dir_look(h, place, &seen, err) < 0)
		return -1;
	if (seen.state != HOOK_OURS && seen.state != HOOK_STALE)
		return 0;
	*done = true;
	if (seen.names_before != NULL) {
		if (strchr(seen.names_before, '/') != NULL)
			return err_set(err, ERR_CONFIG,
			    "'%s' names a hook in another directory", path);
		if (rename(beside(h, place, seen.names_before), path) < 0)
			return err_errno(err, "'%s'", seen.names_before);
		return 0;
	}
	return unlink(path) < 0 ? err_errno(err, "'%s'", path) : 0;
}

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

const char *const hooks_names[HOOKS_COUNT] = {"pre-receive", "post-receive",
    "reference-transaction"};

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

int
hooks_dir_open(struct hooks_dir *h, struct pool *pool, const char *git_dir,
    const char *config, struct err *err)
{
	char program[PATH_MAX], real[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (n < 0)
		return err_errno(err, "'/proc/self/exe'");
	program[n] = '\0';
	if (realpath(config, real) == NULL)
		return err_errno(err, "'%s'", config);
	if (strchr(real, '\n') != NULL)
		return err_set(err, ERR_CONFIG,
		    "'%s' has a line break in its name", real);
	*h = (struct hooks_dir){pool, pool_text(pool, git_dir),
	    pool_printf(pool, "%s/hooks", git_dir), pool_text(pool, program),
	    pool_text(pool, real)};
	return check_program(h->program, err);
}

static const char *
path_of(const struct hooks_dir *h, const char *name, const char *tail)
{
	return pool_printf(h->pool, "%s/%s%s", h->path, name, tail);
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
	seen->state = text_same(seen->program, h->program) &&
	        text_same(seen->config, h->config)
	    ? HOOK_OURS
	    : HOOK_STALE;
}

int
hooks_dir_look(const struct hooks_dir *h, const char *name,
    struct hook_seen *seen, struct err *err)
{
	const char *path = path_of(h, name, "");
	struct buf text = {0};
	struct stat st;
	bool there;
	int ret;

	*seen = (struct hook_seen){
	    .before = lstat(path_of(h, name, HOOKS_BEFORE), &st) == 0};
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", path);
	seen->state = HOOK_FOREIGN;
	seen->owner = (unsigned)st.st_uid;
	seen->executable = (st.st_mode & 0111) == 0111;
	if (!S_ISREG(st.st_mode) || st.st_size > HOOKS_FILE_MAX)
		return 0;
	ret = file_read(&text, path, HOOKS_FILE_MAX, &there, err);
	if (ret == 0)
		read_ours(h, buf_text(&text), seen);
	buf_free(&text);
	return ret;
}

static int
write_hook(const struct hooks_dir *h, const char *name, const char *before,
    struct err *err)
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
	    h->program, name, h->config);
	if (before != NULL)
		buf_printf(&text, "before %s\n", before);
	ret = file_write(path_of(h, name, ""), text.data, text.len, 0755, false,
	    err);
	buf_free(&text);
	return ret;
}

/* There is no moment without a hook: the old one has both names first. */
static int
keep_old(const struct hooks_dir *h, const char *name, struct err *err)
{
	const char *old = path_of(h, name, "");
	const char *kept = path_of(h, name, HOOKS_BEFORE);

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
hooks_dir_put(const struct hooks_dir *h, const char *name, struct err *err)
{
	const char *before = pool_printf(h->pool, "%s" HOOKS_BEFORE, name);
	struct hook_seen seen;

	if (hooks_dir_look(h, name, &seen, err) < 0)
		return -1;
	switch (seen.state) {
	case HOOK_OURS:
		if (seen.executable)
			return 0;
		return write_hook(h, name, seen.names_before, err);
	case HOOK_STALE:
		return write_hook(h, name, seen.names_before, err);
	case HOOK_FOREIGN:
		if (keep_old(h, name, err) < 0)
			return -1;
		return write_hook(h, name, before, err);
	case HOOK_ABSENT:
		break;
	}
	return write_hook(h, name, NULL, err);
}

int
hooks_dir_take_out(const struct hooks_dir *h, const char *name, bool *done,
    struct err *err)
{
	const char *path = path_of(h, name, "");
	struct hook_seen seen;

	*done = false;
	if (hooks_dir_look(h, name, &seen, err) < 0)
		return -1;
	if (seen.state != HOOK_OURS && seen.state != HOOK_STALE)
		return 0;
	*done = true;
	if (seen.names_before != NULL) {
		if (strchr(seen.names_before, '/') != NULL)
			return err_set(err, ERR_CONFIG,
			    "'%s' names a hook in another directory", path);
		if (rename(path_of(h, seen.names_before, ""), path) < 0)
			return err_errno(err, "'%s'", seen.names_before);
		return 0;
	}
	return unlink(path) < 0 ? err_errno(err, "'%s'", path) : 0;
}

#include "edge/config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/tree.h"
#include "edge/config_image.h"

static int
open_dir(const char *dir, struct err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err_errno(err, "%s", dir);
	return fd;
}

/* `what` is "DIR" or "DIR/NAME". */
static int
check_mode(const struct stat *st, const char *what, struct err *err)
{
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "'%s' may be written by others than its owner: chmod go-w '%s'",
	    what, what);
}

static int
check_dir(int fd, const char *dir, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "%s", dir);
	return check_mode(&st, dir, err);
}

static int
check_file(const struct stat *st, const char *path, struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_CONFIG, "'%s' is no regular file",
		    path);
	if (st->st_size > (off_t)CONFIG_SIZE_MAX)
		return err_set(err, ERR_CONFIG, "'%s' has more than %u bytes",
		    path, CONFIG_SIZE_MAX);
	return check_mode(st, path, err);
}

/* Reads `size` bytes and meets the end there. */
static int
read_whole(int fd, char *bytes, size_t size, const char *path, struct err *err)
{
	size_t have = 0;

	for (;;) {
		ssize_t n = read(fd, bytes + have, size + 1 - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(err, "%s", path);
		have += (size_t)n;
		if (n == 0 || have > size)
			break;
	}
	if (have != size)
		return err_set(err, ERR_CONFIG,
		    "'%s' changed while it was read: try again", path);
	bytes[size] = '\0';
	return 0;
}

static int
read_open_file(struct config_text *out, struct pool *pool, int fd,
    const char *path, struct err *err)
{
	struct stat st;
	char *bytes;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "%s", path);
	if (check_file(&st, path, err) < 0)
		return -1;
	bytes = pool_alloc(pool, (size_t)st.st_size + 1);
	if (read_whole(fd, bytes, (size_t)st.st_size, path, err) < 0)
		return -1;
	*out = (struct config_text){bytes, (size_t)st.st_size};
	return 0;
}

/* O_NONBLOCK: a FIFO in the file's place is refused, not waited for. */
static int
open_file(int dir_fd, const char *name)
{
	return openat(dir_fd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* `may_miss`: a file that is not there is no error. */
static int
read_file(struct config_text *out, struct pool *pool, int dir_fd,
    const char *dir, const char *name, bool may_miss, struct err *err)
{
	const char *path = pool_printf(pool, "%s/%s", dir, name);
	int fd = open_file(dir_fd, name);
	int ret;

	if (fd < 0 && errno == ENOENT && may_miss)
		return 0;
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_CONFIG,
		    "'%s' is a symbolic link: link the directory instead",
		    path);
	if (fd < 0)
		return err_errno(err, "%s", path);
	ret = read_open_file(out, pool, fd, path, err);
	close(fd);
	return ret;
}

static int
parse(const struct tree **out, struct pool *pool,
    const struct config_text *text, const char *name, struct err *err)
{
	return tree_parse_yaml(out, pool, text->bytes, text->len, name, err);
}

static int
parse_settings(struct settings *out, struct pool *pool,
    const struct config_text *text, struct err *err)
{
	const struct tree *t;

	if (parse(&t, pool, text, CONFIG_SETTINGS, err) < 0 ||
	    settings_read(out, pool, t, err) < 0)
		return -1;
	digest_sha256_hex(out->digest, text->bytes, text->len);
	return 0;
}

static int
parse_policy(struct policy *out, struct pool *pool,
    const struct config_text *text, struct err *err)
{
	const struct tree *t;

	if (text->bytes == NULL)
		return 0;
	if (parse(&t, pool, text, CONFIG_POLICY, err) < 0 ||
	    policy_read(out, pool, t, err) < 0)
		return -1;
	digest_sha256_hex(out->digest, text->bytes, text->len);
	return 0;
}

static int
parse_people(struct people *out, struct pool *pool,
    const struct config_text *text, const struct settings *settings,
    struct err *err)
{
	const struct tree *t;

	if (text->bytes == NULL)
		return 0;
	if (parse(&t, pool, text, CONFIG_PEOPLE, err) < 0 ||
	    people_read(out, pool, t, settings->sources, err) < 0)
		return -1;
	digest_sha256_hex(out->digest, text->bytes, text->len);
	return 0;
}

static int
read_gates(struct config *c, struct pool *pool, int fd, struct err *err)
{
	if (check_dir(fd, c->dir, err) < 0 ||
	    read_file(&c->settings_text, pool, fd, c->dir, CONFIG_SETTINGS,
	        false, err) < 0 ||
	    parse_settings(&c->settings, pool, &c->settings_text, err) < 0 ||
	    read_file(&c->policy_text, pool, fd, c->dir, CONFIG_POLICY,
	        strcmp(c->settings.gate, "local") != 0, err) < 0)
		return -1;
	return parse_policy(&c->policy, pool, &c->policy_text, err);
}

static int
read_people(struct config *c, struct pool *pool, int fd, struct err *err)
{
	if (read_file(&c->people_text, pool, fd, c->dir, CONFIG_PEOPLE,
	        strcmp(c->settings.gate, "local") != 0, err) < 0)
		return -1;
	return parse_people(&c->people, pool, &c->people_text, &c->settings,
	    err);
}

static int
read_from(struct config *c, struct pool *pool, int fd, bool people,
    struct err *err)
{
	if (read_gates(c, pool, fd, err) < 0)
		return -1;
	return people ? read_people(c, pool, fd, err) : 0;
}

static int
read_some(struct config *out, struct pool *pool, const char *dir, bool people,
    bool compiled, struct err *err)
{
	struct config new = {0};
	int fd = open_dir(dir, err);
	int ret = 0;

	if (fd < 0)
		return -1;
	if (!compiled || !config_image_map(&new, fd)) {
		new.dir = dir;
		ret = read_from(&new, pool, fd, people, err);
	}
	new.dir = pool_text(pool, dir);
	close(fd);
	if (ret == 0)
		*out = new;
	return ret;
}

int
config_read(struct config *out, struct pool *pool, const char *dir,
    struct err *err)
{
	return read_some(out, pool, dir, true, false, err);
}

int
config_read_quickly(struct config *out, struct pool *pool, const char *dir,
    bool people, struct err *err)
{
	return read_some(out, pool, dir, people, true, err);
}

int
config_is_file(const char *name, size_t len, struct err *err)
{
	if (strcmp(name, CONFIG_POLICY) != 0 &&
	    strcmp(name, CONFIG_PEOPLE) != 0 &&
	    strcmp(name, CONFIG_SETTINGS) != 0)
		return err_set(err, ERR_INPUT,
		    "'%s' is none of " CONFIG_POLICY ", " CONFIG_PEOPLE
		    ", " CONFIG_SETTINGS,
		    name);
	if (len > CONFIG_SIZE_MAX)
		return err_set(err, ERR_CONFIG, "'%s' has more than %u bytes",
		    name, CONFIG_SIZE_MAX);
	return 0;
}

int
config_check(const struct config *config, struct pool *pool, const char *name,
    const char *bytes, size_t len, struct err *err)
{
	const struct config_text text = {bytes, len};
	struct config new = *config;

	if (config_is_file(name, len, err) < 0)
		return -1;
	if (strcmp(name, CONFIG_POLICY) == 0)
		return parse_policy(&new.policy, pool, &text, err);
	if (strcmp(name, CONFIG_PEOPLE) == 0)
		return parse_people(&new.people, pool, &text, &new.settings,
		    err);
	if (parse_settings(&new.settings, pool, &text, err) < 0)
		return -1;
	return parse_people(&new.people, pool, &new.people_text, &new.settings,
	    err);
}

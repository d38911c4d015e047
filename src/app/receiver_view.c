/* What is configured, secrets included, read as a whole or not at all. */
#include "receiver_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"

#define PEM_MAX ((size_t)1 << 20)
#define GROUPS_MAX 1024

static bool
is_our_group(gid_t gid)
{
	gid_t list[GROUPS_MAX];
	int count = getgroups(GROUPS_MAX, list);

	if (gid == getegid())
		return true;
	for (int i = 0; i < count; i++)
		if (list[i] == gid)
			return true;
	return false;
}

/* For the service's user alone, or for its group to read. */
static int
check_mode(int fd, const char *what, const char *path, struct err *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_errno(err, "%s '%s'", what, path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s '%s' is no file", what,
		    path);
	if ((st.st_mode & (S_IRWXO | S_IWGRP)) != 0 ||
	    ((st.st_mode & S_IRGRP) != 0 && !is_our_group(st.st_gid)))
		return err_set(err, ERR_CONFIG,
		    "%s '%s' is open to others: chmod 0400, or 0440 with the "
		    "service's own group",
		    what, path);
	return 0;
}

static int
read_secret_file(struct buf *out, const char *what, const char *path,
    size_t most, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int ret = -1;

	if (fd < 0)
		return err_errno(err, "%s '%s'", what, path);
	if (check_mode(fd, what, path, err) == 0)
		ret = file_read_on(out, fd, path, most, err);
	(void)close(fd);
	return ret;
}

/* Exactly one newline at the end is not part of it. */
static int
read_secret(struct webhook_secret *out, struct pool *pool,
    const struct source *s, const char *path, struct err *err)
{
	struct buf bytes = {0};
	const char *why;

	if (read_secret_file(&bytes, "the secret", path, WEBHOOK_SECRET_MAX + 2,
	        err) < 0) {
		buf_free(&bytes);
		return err_within(err, "source '%s'", s->name);
	}
	if (bytes.len > 0 && bytes.data[bytes.len - 1] == '\n')
		bytes.len--;
	*out = (struct webhook_secret){pool_textn(pool,
	                                   bytes.len > 0 ? bytes.data : "",
	                                   bytes.len),
	    bytes.len};
	buf_free(&bytes);
	why = webhook_secret_unfit(s->kind, out);
	if (why != NULL)
		return err_set(err, ERR_CONFIG,
		    "source '%s': the secret '%s' is refused: %s", s->name,
		    path, why);
	return 0;
}

/* One for each name, for as long as the process lives. */
static struct receiver_counts *
find_counts(struct receiving *r, const char *name)
{
	struct receiver_counts *c;

	(void)pthread_mutex_lock(&r->view_lock);
	for (c = r->counts; c != NULL; c = c->next)
		if (strcmp(c->name, name) == 0)
			break;
	if (c == NULL) {
		c = calloc(1, sizeof(*c));
		if (c == NULL)
			err_fatal("out of memory");
		(void)snprintf(c->name, sizeof(c->name), "%s", name);
		c->next = r->counts;
		r->counts = c;
	}
	(void)pthread_mutex_unlock(&r->view_lock);
	return c;
}

static int
read_source(struct receiver_secrets *out, struct receiving *r,
    struct pool *pool, const struct source *s, struct err *err)
{
	struct webhook_secret *list;

	if (s->secret_files.count == 0)
		return err_set(err, ERR_CONFIG,
		    "source '%s' has no secret_files: whoever reaches the "
		    "receiver could speak for it",
		    s->name);
	if (s->secret_files.count > WEBHOOK_SECRETS)
		return err_set(err, ERR_CONFIG,
		    "source '%s' has more than %d secrets", s->name,
		    WEBHOOK_SECRETS);
	list = pool_array(pool, s->secret_files.count, sizeof(*list));
	for (size_t i = 0; i < s->secret_files.count; i++)
		if (read_secret(&list[i], pool, s, s->secret_files.list[i],
		        err) < 0)
			return -1;
	*out = (struct receiver_secrets){list, s->secret_files.count,
	    find_counts(r, s->name)};
	return 0;
}

static int
read_tls(struct receiver_view *v, const struct receiver *from, struct err *err)
{
	struct buf certificate = {0}, key = {0};
	int ret = -1;

	if (from->certificate == NULL)
		return 0;
	if (file_read(&certificate, from->certificate, PEM_MAX, NULL, err) ==
	        0 &&
	    read_secret_file(&key, "the key", from->key, PEM_MAX, err) == 0) {
		v->certificate =
		    pool_text(&v->setup.pool, buf_text(&certificate));
		v->key = pool_text(&v->setup.pool, buf_text(&key));
		ret = 0;
	}
	buf_free(&certificate);
	buf_free(&key);
	return ret;
}

static int
read_all(struct receiver_view *v, struct receiving *r, struct err *err)
{
	const struct receiver *from = &v->setup.config.settings.receiver;
	struct receiver_secrets *list;

	if (setup_read(&v->setup, r->dir, err) < 0)
		return -1;
	if (!from->there)
		return err_set(err, ERR_CONFIG,
		    "%s/" CONFIG_SETTINGS " has no 'receiver'", r->dir);
	list =
	    pool_array(&v->setup.pool, from->source_count + 1, sizeof(*list));
	v->secrets = list;
	for (size_t i = 0; i < from->source_count; i++)
		if (read_source(&list[i], r, &v->setup.pool, &from->sources[i],
		        err) < 0)
			return -1;
	if (readers_read(&v->readers, &v->setup.pool, &from->reader_files,
	        err) < 0)
		return -1;
	return read_tls(v, from, err);
}

int
receiver_view_read(struct receiver_view **out, struct receiving *r,
    struct err *err)
{
	struct receiver_view *v = calloc(1, sizeof(*v));

	if (v == NULL)
		err_fatal("out of memory");
	atomic_init(&v->users, 1);
	if (read_all(v, r, err) < 0) {
		receiver_view_done(v);
		return -1;
	}
	*out = v;
	return 0;
}

struct receiver_view *
receiver_view_take(struct receiving *r)
{
	struct receiver_view *v;

	(void)pthread_mutex_lock(&r->view_lock);
	v = r->view;
	atomic_fetch_add(&v->users, 1);
	(void)pthread_mutex_unlock(&r->view_lock);
	return v;
}

void
receiver_view_done(struct receiver_view *v)
{
	if (atomic_fetch_sub(&v->users, 1) != 1)
		return;
	setup_free(&v->setup);
	free(v);
}

/*
 * Objects of a repository elsewhere, between a trial and the process that began
 * it.  Both are one program at one moment, so a struct is a message.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "repo_inside.h"

struct question {
	unsigned char id[20];
	bool whole;
};

static bool
get(int fd, void *data, size_t len)
{
	char *at = data;

	while (len > 0) {
		ssize_t n = read(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
put(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static void
ask_parent(void *ctx, struct repo *r, const unsigned char id[20], bool whole)
{
	const int *fd = ctx;
	struct question q = {.whole = whole};
	struct err ignored = {0};
	struct repo_lent lent;
	bool has;
	char *data = NULL;

	memcpy(q.id, id, sizeof(q.id));
	if (!put(*fd, &q, sizeof(q)) || !get(*fd, &has, sizeof(has)) ||
	    !get(*fd, &lent, sizeof(lent)))
		_exit(1);
	lent.data = NULL;
	if (has) {
		data = malloc(lent.len + 1);
		if (data == NULL || !get(*fd, data, lent.len))
			_exit(1);
		lent.data = data;
	}
	if (repo_afar_keep(r, &lent, &ignored) < 0)
		_exit(1);
	free(data);
}

void
repo_trial_borrow(struct repo *r, int fd)
{
	struct repo_afar *own = pool_copy(&r->pool, r->afar, sizeof(*own));

	own->ask = ask_parent;
	own->ctx = pool_copy(&r->pool, &fd, sizeof(fd));
	r->afar = own;
}

bool
repo_trial_lend(struct repo *r, int fd)
{
	const struct repo_lent *lent;
	struct repo_lent none = {0};
	struct question q;
	bool has;

	if (!get(fd, &q, sizeof(q)))
		return false;
	lent = repo_lent_of(r, q.id, q.whole);
	if (lent == NULL) {
		memcpy(none.id, q.id, sizeof(none.id));
		lent = &none;
	}
	has = lent->data != NULL;
	return put(fd, &has, sizeof(has)) && put(fd, lent, sizeof(*lent)) &&
	    (!has || put(fd, lent->data, lent->len));
}

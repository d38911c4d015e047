#include "edge/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"

#define UNIX "unix:"

struct dial {
	int fd;
	int64_t until;
};

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
late(struct err *err)
{
	return err_set(err, ERR_UNREACHABLE, "no answer in time");
}

static int
wait_for(const struct dial *d, short events, struct err *err)
{
	struct pollfd p = {.fd = d->fd, .events = events};

	for (;;) {
		int64_t left = d->until - monotonic_ms();
		int ready = left <= 0 ? 0 : poll(&p, 1, (int)left);

		if (ready > 0)
			return 0;
		if (ready == 0)
			return late(err);
		if (errno != EINTR)
			return err_errno(err, "waiting");
	}
}

static int
connect_unix(struct dial *d, const char *path, struct err *err)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t len = strlen(path);

	if (len >= sizeof(to.sun_path))
		return err_set(err, ERR_CONFIG,
		    "'%s' is too long for a socket's path", path);
	memcpy(to.sun_path, path, len + 1);
	d->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (d->fd < 0)
		return err_errno(err, "socket");
	if (connect(d->fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		err_errno(err, "'%s'", path);
		err->kind = ERR_UNREACHABLE;
		return -1;
	}
	if (fcntl(d->fd, F_SETFL, O_NONBLOCK) < 0)
		return err_errno(err, "'%s'", path);
	return 0;
}

int
dial_open(struct dial **out, const struct dial_how *how, struct err *err)
{
	struct dial *d = calloc(1, sizeof(*d));
	int ret;

	*out = NULL;
	if (d == NULL)
		err_fatal("out of memory");
	d->fd = -1;
	d->until = monotonic_ms() + how->patience;
	if (text_starts(how->gate, UNIX))
		ret = connect_unix(d, how->gate + strlen(UNIX), err);
	else
		ret = err_set(err, ERR_CONFIG,
		    "gate '%s' is of no kind that can be reached", how->gate);
	if (ret < 0)
		dial_close(d);
	else
		*out = d;
	return ret;
}

int
dial_write(struct dial *d, const void *data, size_t len, struct err *err)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = send(d->fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			if (wait_for(d, POLLOUT, err) < 0)
				return -1;
			continue;
		}
		if (n < 0 && errno != EINTR) {
			err_errno(err, "sending");
			err->kind = ERR_UNREACHABLE;
			return -1;
		}
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

ssize_t
dial_read(struct dial *d, void *data, size_t size, struct err *err)
{
	for (;;) {
		ssize_t n = recv(d->fd, data, size, 0);

		if (n >= 0)
			return n;
		if (errno == EAGAIN) {
			if (wait_for(d, POLLIN, err) < 0)
				return -1;
		} else if (errno != EINTR) {
			err_errno(err, "receiving");
			err->kind = ERR_UNREACHABLE;
			return -1;
		}
	}
}

void
dial_close(struct dial *d)
{
	if (d == NULL)
		return;
	if (d->fd >= 0)
		(void)close(d->fd);
	free(d);
}

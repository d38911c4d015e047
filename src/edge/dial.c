#include "edge/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "dial_inside.h"

#define UNIX "unix:"
#define HOST_MAX 256
#define SETTLING 5 /* ms */

static const struct scheme {
	const char *prefix, *port;
	bool tls;
	int type; /* of the socket */
} schemes[] = {
    {"https://", "443", true, SOCK_STREAM},
    {"tls://", "6514", true, SOCK_STREAM},
    {"tcp://", "514", false, SOCK_STREAM},
    {"udp://", "514", false, SOCK_DGRAM},
};

static const struct scheme *
scheme_of(const char *gate)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (text_starts(gate, schemes[i].prefix))
			return &schemes[i];
	return NULL;
}

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

int
dial_wait(const struct dial *d, short events, struct err *err)
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

/* "HOST", "HOST:PORT" or "[ADDRESS]:PORT". */
static int
split_host(char host[HOST_MAX], const char **port, const char *gate,
    const struct scheme *scheme, struct err *err)
{
	const char *at = gate + strlen(scheme->prefix);
	bool bracket = *at == '[';
	size_t len = strcspn(at + bracket, bracket ? "]" : ":/");
	const char *rest = at + bracket + len;

	if (bracket && *rest == ']')
		rest++;
	*port = *rest == ':' ? rest + 1 : scheme->port;
	if (len == 0 || len >= HOST_MAX || (*rest != '\0' && *rest != ':') ||
	    (*rest == ':' && strspn(*port, "0123456789") != strlen(*port)))
		return err_set(err, ERR_CONFIG,
		    "'%s' must be '%sHOST' or '%sHOST:PORT'", gate,
		    scheme->prefix, scheme->prefix);
	memcpy(host, at + bracket, len);
	host[len] = '\0';
	return 0;
}

static int
connect_one(struct dial *d, const struct addrinfo *to, struct err *err)
{
	socklen_t size = sizeof(int);
	int why = 0, on = 1;

	d->fd = socket(to->ai_family,
	    to->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->fd < 0)
		return err_errno(err, "socket");
	if (connect(d->fd, to->ai_addr, to->ai_addrlen) < 0 &&
	    (errno != EINPROGRESS || dial_wait(d, POLLOUT, err) < 0 ||
	        getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &why, &size) < 0 ||
	        why != 0)) {
		if (why != 0)
			errno = why;
		if (err->kind == ERR_NONE)
			err_errno(err, "connecting");
		(void)close(d->fd);
		d->fd = -1;
		return -1;
	}
	(void)setsockopt(d->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return 0;
}

/* Each address that the host has, until one takes the connection. */
static int
connect_host(struct dial *d, const char *address, const char *port, int type,
    struct err *err)
{
	struct addrinfo hints = {.ai_socktype = type}, *list = NULL;
	int failed = getaddrinfo(address, port, &hints, &list), ret = -1;

	if (failed != 0)
		return err_set(err, ERR_UNREACHABLE, "'%s': %s", address,
		    gai_strerror(failed));
	for (struct addrinfo *to = list; to != NULL && ret < 0;
	     to = to->ai_next) {
		*err = (struct err){0};
		ret = connect_one(d, to, err);
	}
	freeaddrinfo(list);
	if (ret < 0) {
		err_within(err, "'%s'", address);
		err->kind = ERR_UNREACHABLE;
	}
	return ret;
}

static int
connect_by(struct dial *d, const struct scheme *scheme,
    const struct dial_how *how, struct err *err)
{
	char host[HOST_MAX];
	const char *port;

	if (split_host(host, &port, how->gate, scheme, err) < 0 ||
	    connect_host(d, how->address != NULL ? how->address : host, port,
	        scheme->type, err) < 0)
		return -1;
	d->datagrams = scheme->type == SOCK_DGRAM;
	return scheme->tls ? dial_tls_start(d, host, how, err) : 0;
}

int
dial_open(struct dial **out, const struct dial_how *how, struct err *err)
{
	const struct scheme *scheme = scheme_of(how->gate);
	struct dial *d = calloc(1, sizeof(*d));
	int ret;

	*out = NULL;
	if (d == NULL)
		err_fatal("out of memory");
	d->fd = -1;
	d->until = monotonic_ms() + how->patience;
	if (text_starts(how->gate, UNIX))
		ret = connect_unix(d, how->gate + strlen(UNIX), err);
	else if (scheme != NULL)
		ret = connect_by(d, scheme, how, err);
	else
		ret = err_set(err, ERR_CONFIG,
		    "'%s' is of no kind that can be reached", how->gate);
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

	if (d->tls != NULL)
		return dial_tls_write(d, data, len, err);
	while (len > 0) {
		ssize_t n = send(d->fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EAGAIN) {
			if (dial_wait(d, POLLOUT, err) < 0)
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
	if (d->tls != NULL)
		return dial_tls_read(d, data, size, err);
	for (;;) {
		ssize_t n = recv(d->fd, data, size, 0);

		if (n >= 0)
			return n;
		if (errno == EAGAIN) {
			if (dial_wait(d, POLLIN, err) < 0)
				return -1;
		} else if (errno != EINTR) {
			err_errno(err, "receiving");
			err->kind = ERR_UNREACHABLE;
			return -1;
		}
	}
}

static int
broken(int why, struct err *err)
{
	errno = why;
	err_errno(err, "it ended before it had read all");
	err->kind = ERR_UNREACHABLE;
	return -1;
}

/*
 * Who ends while there is something that it has not read, or that still comes,
 * says so by a reset, perhaps after its end.
 */
static int
settle(const struct dial *d, struct err *err)
{
	socklen_t size = sizeof(int);
	int why = 0, left = 0;

	for (;;) {
		if (ioctl(d->fd, SIOCOUTQ, &left) < 0 ||
		    getsockopt(d->fd, SOL_SOCKET, SO_ERROR, &why, &size) < 0)
			return err_errno(err, "ending");
		if (why != 0)
			return broken(why, err);
		if (left == 0)
			return 0;
		if (monotonic_ms() >= d->until)
			return late(err);
		(void)poll(NULL, 0, SETTLING);
	}
}

int
dial_end(struct dial *d, struct err *err)
{
	char rest[4096];
	ssize_t n = 1;

	if (d->datagrams)
		return 0;
	if (d->tls != NULL && dial_tls_say_end(d, err) < 0)
		return -1;
	if (shutdown(d->fd, SHUT_WR) < 0)
		return broken(errno, err);
	/* What it says meanwhile is nothing to us. */
	while (n != 0) {
		n = recv(d->fd, rest, sizeof(rest), 0);
		if (n < 0 && errno == EAGAIN) {
			if (dial_wait(d, POLLIN, err) < 0)
				return -1;
		} else if (n < 0 && errno != EINTR)
			return broken(errno, err);
	}
	return settle(d, err);
}

void
dial_close(struct dial *d)
{
	if (d == NULL)
		return;
	dial_tls_end(d);
	if (d->fd >= 0)
		(void)close(d->fd);
	free(d);
}

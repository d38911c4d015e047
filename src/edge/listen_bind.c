/* Sockets that listen. */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "edge/listen.h"

#define BACKLOG 1024

/* Somebody is behind it: then it is not ours to take. */
static bool
is_served(const struct sockaddr_un *a)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool served;

	if (fd < 0)
		return true;
	served = connect(fd, (const struct sockaddr *)(const void *)a,
	             sizeof(*a)) == 0;
	(void)close(fd);
	return served;
}

static int
bind_path(const char *path, struct err *err)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct stat st;
	mode_t before;
	int fd, ret;

	if (strlen(path) >= sizeof(a.sun_path))
		return err_set(err, ERR_CONFIG,
		    "the socket's path '%s' is too long", path);
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (lstat(path, &st) == 0) {
		if (!S_ISSOCK(st.st_mode))
			return err_set(err, ERR_CONFIG, "'%s' is no socket",
			    path);
		if (is_served(&a))
			return err_set(err, ERR_CONFIG,
			    "another process serves '%s'", path);
		(void)unlink(path);
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(err, "a socket");
	before = umask(S_IXUSR | S_IXGRP | S_IRWXO);
	ret = bind(fd, (const struct sockaddr *)(const void *)&a, sizeof(a));
	(void)umask(before);
	if (ret < 0 || listen(fd, BACKLOG) < 0) {
		(void)err_errno(err, "the socket '%s'", path);
		(void)close(fd);
		return -1;
	}
	return fd;
}

/* "host:port", "[host]:port", ":port"; host is "" where there is none. */
static bool
split(const char *address, char host[256], const char **port)
{
	const char *colon = strrchr(address, ':');
	size_t len;

	if (colon == NULL || colon[1] == '\0')
		return false;
	*port = colon + 1;
	len = (size_t)(colon - address);
	if (address[0] == '[' && len >= 2 && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	if (len >= 256)
		return false;
	memcpy(host, address, len);
	host[len] = '\0';
	return true;
}

static int
bind_one(const struct addrinfo *a)
{
	int one = 1, zero = 0, before;
	int fd = socket(a->ai_family,
	    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (a->ai_family == AF_INET6)
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero,
		    sizeof(zero));
	if (bind(fd, a->ai_addr, a->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	before = errno;
	(void)close(fd);
	errno = before;
	return -1;
}

int
listen_bind(const char *address, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
	struct addrinfo *list;
	char host[256];
	const char *port;
	int fd = -1;

	if (address[0] == '/')
		return bind_path(address, err);
	if (!split(address, host, &port))
		return err_set(err, ERR_CONFIG,
		    "'%s' is no address: HOST:PORT is expected", address);
	/* Without a host: both families, by IPv6's socket where there is one.
	 */
	if (getaddrinfo(host[0] == '\0' ? NULL : host, port, &hints, &list) !=
	    0)
		return err_set(err, ERR_CONFIG,
		    "'%s' is no address of this machine", address);
	for (const struct addrinfo *a = list; a != NULL && fd < 0;
	     a = a->ai_next)
		if (a->ai_family == AF_INET6 || a->ai_next == NULL ||
		    host[0] != '\0')
			fd = bind_one(a);
	for (const struct addrinfo *a = list; a != NULL && fd < 0;
	     a = a->ai_next)
		fd = bind_one(a);
	if (fd < 0)
		(void)err_errno(err, "'%s'", address);
	freeaddrinfo(list);
	return fd;
}

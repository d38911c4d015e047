#include "daemon_serve_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST 3

/* A number of at most 18 digits; 0 where it is none. */
static int64_t
number(const char *name)
{
	const char *text = getenv(name);
	int64_t n = 0;

	if (text == NULL || text[0] == '\0' || strlen(text) > 18)
		return 0;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return 0;
		n = n * 10 + (*text - '0');
	}
	return n;
}

size_t
systemd_sockets(int *out, size_t room)
{
	int64_t count = number("LISTEN_FDS");
	size_t n = 0;

	if (number("LISTEN_PID") != (int64_t)getpid())
		return 0;
	for (int fd = FIRST; fd < FIRST + (int)count && n < room; fd++) {
		int flags = fcntl(fd, F_GETFL);

		if (flags < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 ||
		    fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
			continue;
		out[n++] = fd;
	}
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDNAMES");
	return n;
}

void
systemd_tell(const char *state)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path == NULL ? 0 : strlen(path);
	int fd;

	if (len < 2 || len >= sizeof(a.sun_path))
		return;
	memcpy(a.sun_path, path, len);
	if (path[0] == '@')
		a.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL,
	    (const struct sockaddr *)(const void *)&a,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	(void)close(fd);
}

int64_t
systemd_watchdog(void)
{
	const char *pid = getenv("WATCHDOG_PID");

	if (pid != NULL && number("WATCHDOG_PID") != (int64_t)getpid())
		return 0;
	return number("WATCHDOG_USEC") / 1000 / 2;
}

#include "listen_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/crew.h"

/* TLS 1.2 and 1.3, and ciphers without known weaknesses. */
#define PRIORITIES                                                             \
	"SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:"                  \
	"%SERVER_PRECEDENCE"
/* Threads need little: what is large is on the heap. */
#define STACK ((size_t)1 << 20)

static void
say_nothing(void *ctx, const char *format, va_list ap)
{
	(void)ctx;
	(void)format;
	(void)ap;
}

static bool
is_local(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof(a);

	return getsockname(fd, (struct sockaddr *)(void *)&a, &len) == 0 &&
	    a.ss_family == AF_UNIX;
}

/* Takes `fd` whatever comes of it. */
static int
begin_generation(struct listen *l, int fd, const char *certificate,
    const char *key, struct err *err)
{
	struct generation *g = calloc(1, sizeof(*g));
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC |
	    MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO;
	struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
	    {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)PRIORITIES},
	    {MHD_OPTION_END, 0, NULL},
	};

	if (g == NULL)
		err_fatal("out of memory");
	g->listen = l;
	g->local = is_local(fd);
	g->tls = !g->local && certificate != NULL;
	if (g->tls)
		flags |= MHD_USE_TLS;
	else
		tls[0].option = MHD_OPTION_END;
	g->daemon = MHD_start_daemon(flags, 0, NULL, NULL, listen_on_request, g,
	    MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
	    MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE,
	    l->threads, MHD_OPTION_CONNECTION_LIMIT, l->connections,
	    MHD_OPTION_PER_IP_CONNECTION_LIMIT, l->per_address,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LISTEN_HEAD_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)(LISTEN_IDLE_TIME / 1000 + 5),
	    MHD_OPTION_THREAD_STACK_SIZE, STACK, MHD_OPTION_STRICT_FOR_CLIENT,
	    1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_NOTIFY_COMPLETED, listen_on_done, g,
	    MHD_OPTION_NOTIFY_CONNECTION, listen_on_line, g,
	    MHD_OPTION_URI_LOG_CALLBACK, listen_on_path, g, MHD_OPTION_ARRAY,
	    tls, MHD_OPTION_END);
	if (g->daemon == NULL) {
		(void)close(fd);
		free(g);
		return err_set(err, ERR_CONFIG, "no server could be started%s",
		    certificate != NULL
		        ? ": are certificate and key PEM, and one pair?"
		        : "");
	}
	(void)pthread_mutex_lock(&l->lock);
	g->next = l->generations;
	l->generations = g;
	(void)pthread_mutex_unlock(&l->lock);
	return 0;
}

void
listen_end_generation(struct generation *g)
{
	MHD_stop_daemon(g->daemon);
	free(g);
}

/* Takes no more connections; each has one more answer at most. */
static void
quiesce(struct generation *g, int64_t patience)
{
	int fd = MHD_quiesce_daemon(g->daemon);

	if (fd >= 0)
		(void)close(fd);
	g->until = listen_clock() + patience;
	atomic_store(&g->ending, true);
}

static unsigned
or_else(unsigned given, unsigned usual)
{
	return given > 0 ? given : usual;
}

/* As many descriptors as we may have; how many connections that makes. */
static unsigned
most_connections(unsigned wanted)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0)
		return wanted;
	if (r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
		(void)getrlimit(RLIMIT_NOFILE, &r);
	}
	if (r.rlim_cur == RLIM_INFINITY ||
	    r.rlim_cur > (rlim_t)wanted + LISTEN_SPARE)
		return wanted;
	return r.rlim_cur > (rlim_t)2 * LISTEN_SPARE
	    ? (unsigned)r.rlim_cur - LISTEN_SPARE
	    : LISTEN_SPARE;
}

static struct listen *
make(const struct listen_setup *setup)
{
	struct listen *l = calloc(1, sizeof(*l));
	size_t threads = crew_size();

	if (l == NULL)
		err_fatal("out of memory");
	(void)pthread_mutex_init(&l->lock, NULL);
	if (threads > LISTEN_THREADS)
		threads = LISTEN_THREADS;
	l->threads = or_else(setup->threads, (unsigned)threads);
	l->connections =
	    most_connections(or_else(setup->connections, LISTEN_CONNECTIONS));
	l->per_address = or_else(setup->per_address, LISTEN_PER_ADDRESS);
	l->route_count = setup->route_count;
	l->routes = calloc(setup->route_count + 1, sizeof(*l->routes));
	if (l->routes == NULL)
		err_fatal("out of memory");
	memcpy(l->routes, setup->routes,
	    setup->route_count * sizeof(*l->routes));
	for (size_t i = 0; i < 2; i++) {
		l->plain[i] = MHD_create_response_from_buffer(0,
		    (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
		if (l->plain[i] == NULL)
			err_fatal("out of memory");
	}
	return l;
}

/* What is there is ended at once. */
static void
end_all(struct listen *l)
{
	while (l->generations != NULL) {
		struct generation *g = l->generations;

		l->generations = g->next;
		listen_end_generation(g);
	}
	for (size_t i = 0; i < 2; i++)
		MHD_destroy_response(l->plain[i]);
	(void)pthread_mutex_destroy(&l->lock);
	free(l->routes);
	free(l);
}

int
listen_start(struct listen **out, const struct listen_setup *setup,
    struct err *err)
{
	struct listen *l = make(setup);

	for (size_t i = 0; i < setup->socket_count; i++)
		if (begin_generation(l, setup->sockets[i], setup->certificate,
		        setup->key, err) < 0) {
			while (++i < setup->socket_count)
				(void)close(setup->sockets[i]);
			end_all(l);
			return -1;
		}
	if (pthread_create(&l->watcher, NULL, listen_watch, l) != 0) {
		end_all(l);
		return err_set(err, ERR_SYSTEM, "no thread could be had");
	}
	*out = l;
	return 0;
}

int
listen_renew(struct listen *l, const char *certificate, const char *key,
    struct err *err)
{
	struct generation *before = l->generations;

	for (struct generation *g = before; g != NULL; g = g->next) {
		const union MHD_DaemonInfo *info;
		int fd;

		if (!g->tls || atomic_load(&g->ending))
			continue;
		info =
		    MHD_get_daemon_info(g->daemon, MHD_DAEMON_INFO_LISTEN_FD);
		fd = info == NULL ? -1
		                  : fcntl(info->listen_fd, F_DUPFD_CLOEXEC, 0);
		if (fd < 0)
			return err_errno(err, "the listening socket");
		if (begin_generation(l, fd, certificate, key, err) < 0)
			return -1;
		quiesce(g, LISTEN_IDLE_TIME + LISTEN_BODY_TIME);
	}
	return 0;
}

unsigned
listen_busy(const struct listen *l)
{
	return atomic_load(&((struct listen *)(uintptr_t)l)->busy);
}

unsigned
listen_connections(const struct listen *l)
{
	struct listen *all = (struct listen *)(uintptr_t)l;
	unsigned count;

	(void)pthread_mutex_lock(&all->lock);
	count = all->line_count;
	(void)pthread_mutex_unlock(&all->lock);
	return count;
}

void
listen_stop(struct listen *l, int64_t patience)
{
	const struct timespec moment = {.tv_nsec = 10 * 1000000L};
	int64_t until = listen_clock() + patience;

	atomic_store(&l->over, true);
	(void)pthread_join(l->watcher, NULL);
	for (struct generation *g = l->generations; g != NULL; g = g->next)
		if (!atomic_load(&g->ending))
			quiesce(g, patience);
	/* The line of one that is new may hold a request already. */
	do {
		(void)nanosleep(&moment, NULL);
		listen_watch_once(l);
	} while (listen_clock() < until && !listen_is_idle(l));
	end_all(l);
}

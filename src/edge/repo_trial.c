/*
 * Does a merge end in time?  libgit2 cannot be interrupted, and two histories
 * of one large file can keep it for minutes: whoever may have such a commit
 * approved could shut a gate for everybody.  So what might take long is tried
 * in a child first, which is ended when its time is over.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <git2.h>

#include "repo_inside.h"

#define PATHS_MAX 100000
#define LIGHT (128UL * 1024) /* bytes of all files concerned */

static size_t
size_of(struct repo *r, const char *id, unsigned mode)
{
	git_object_t type;
	git_oid oid;
	size_t len = 0;

	if (mode == 0 || mode == REPO_MODE_GITLINK ||
	    git_oid_fromstr(&oid, id) < 0 ||
	    git_odb_read_header(&len, &type, r->db, &oid) < 0)
		return 0;
	return len;
}

/* Of all files that one side changed, until it is enough. */
static int
weigh(struct repo *r, const char *base, const char *side, size_t *sum)
{
	struct pool pool = {0};
	struct repo_path *list;
	struct err ignored;
	size_t count;
	int ret =
	    repo_diff(r, &pool, base, side, PATHS_MAX, &list, &count, &ignored);

	for (size_t i = 0; ret == 0 && i < count && *sum <= LIGHT; i++)
		*sum += size_of(r, list[i].old_id, list[i].old_mode) +
		    size_of(r, list[i].new_id, list[i].new_mode);
	pool_free(&pool);
	return ret;
}

static bool
is_light(struct repo *r, const char *const trees[3])
{
	size_t sum = 0;

	return trees != NULL && weigh(r, trees[0], trees[1], &sum) == 0 &&
	    weigh(r, trees[0], trees[2], &sum) == 0 && sum <= LIGHT;
}

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * The socket closes when the child ends, however it does.  What it says before
 * is asking for objects of a repository elsewhere.
 */
static bool
ends_within(struct repo *r, int fd, unsigned ms)
{
	int64_t until = monotonic_ms() + ms;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	for (;;) {
		int64_t left = until - monotonic_ms();
		int ready = poll(&p, 1, left > 0 ? (int)left : 0);

		if (ready > 0 && (r->afar == NULL || !repo_trial_lend(r, fd)))
			return true;
		if (ready == 0 || (ready < 0 && errno != EINTR))
			return false;
	}
}

static void
end(pid_t child)
{
	(void)kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Git waits for whoever holds its pipes, and our parent may be gone. */
static void
leave_alone(unsigned ms)
{
	for (int fd = 0; fd < 3; fd++)
		(void)close(fd);
	(void)signal(SIGALRM, SIG_DFL);
	(void)alarm(ms / 1000 + 2);
}

bool
repo_merge_is_quick(struct repo *r, const char *const trees[3],
    repo_trial_fn *merge, const void *what)
{
	int ends[2];
	bool quick;
	pid_t child;

	if (r->merge_ms == 0 || is_light(r, trees))
		return true;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	child = fork();
	if (child == 0) {
		(void)close(ends[0]);
		leave_alone(r->merge_ms);
		if (r->afar != NULL)
			repo_trial_borrow(r, ends[1]);
		merge(r, what);
		_exit(0);
	}
	(void)close(ends[1]);
	quick = child > 0 && ends_within(r, ends[0], r->merge_ms);
	if (child > 0)
		end(child);
	(void)close(ends[0]);
	return quick;
}

/*
 * POST /v1/gate: a hook hands over what it knows of a push.
 *
 * Each is judged by a process of its own (app/judging.h), for which the hook's
 * requests and our answers are carried to and fro until it has decided.  What
 * lies between is not looked at here.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/judging.h"
#include "app/program.h"
#include "base/digest.h"
#include "base/text.h"
#include "core/parcel.h"
#include "receiver_gate_inside.h"

#define BEYOND 1000 /* ms that a judge has more than its own deadline */
#define TYPE "application/octet-stream"

/* One push that is being judged. */
struct session {
	struct session *next;
	char token[2 * RECEIVER_TOKEN + 1];
	struct gate_caller caller;
	int fd;
	pid_t pid;
	int64_t until;
	bool busy; /* one of the hook's requests is being answered */
};

struct job {
	struct listen_request *request;
	struct session *session;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct session *sessions;
static size_t session_count;

static int64_t
monotonic_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- the judge's process ---- */

static int
spawn(struct session *s, char **argv, int input)
{
	static char *const environment[] = {(char *)"PATH=/usr/bin:/bin",
	    (char *)"LC_ALL=C", (char *)"TZ=UTC", NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t how;
	sigset_t none, all;
	int failed;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawnattr_init(&how) != 0) {
		(void)posix_spawn_file_actions_destroy(&actions);
		return -1;
	}
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	failed = posix_spawnattr_setsigmask(&how, &none) ||
	    posix_spawnattr_setsigdefault(&how, &all) ||
	    posix_spawnattr_setflags(&how,
	        POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) ||
	    posix_spawn_file_actions_adddup2(&actions, input, 0) ||
	    posix_spawn_file_actions_adddup2(&actions, 2, 1) ||
	    posix_spawn(&s->pid, argv[0], &actions, &how, argv, environment) !=
	        0;
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)posix_spawnattr_destroy(&how);
	return failed ? -1 : 0;
}

static int
start_judge(struct session *s, const char *dir)
{
	struct pool pool = {0};
	char *argv[9] = {(char *)(uintptr_t)program_beside(&pool, "foureyes"),
	    (char *)"--config", (char *)(uintptr_t)dir, (char *)"judge"};
	struct timeval patience = {.tv_sec = 0};
	int64_t ms = s->until - monotonic_ms();
	size_t n = 4;
	int ends[2], ret;

	if (s->caller.host[0] != '\0') {
		argv[n++] = (char *)"--host";
		argv[n++] = s->caller.host;
	}
	if (s->caller.account[0] != '\0') {
		argv[n++] = (char *)"--account";
		argv[n++] = s->caller.account;
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		pool_free(&pool);
		return -1;
	}
	patience.tv_sec = ms / 1000;
	patience.tv_usec = ms % 1000 * 1000;
	ret = setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
	          sizeof(patience)) < 0 ||
	        setsockopt(ends[0], SOL_SOCKET, SO_SNDTIMEO, &patience,
	            sizeof(patience)) < 0
	    ? -1
	    : spawn(s, argv, ends[1]);
	(void)close(ends[1]);
	pool_free(&pool);
	if (ret < 0)
		(void)close(ends[0]);
	s->fd = ret < 0 ? -1 : ends[0];
	return ret;
}

/* ---- the table ---- */

static void
forget(struct session *s)
{
	(void)close(s->fd);
	(void)kill(s->pid, SIGKILL);
	while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(s);
}

static void
unlink_session(struct session *s)
{
	for (struct session **at = &sessions; *at != NULL; at = &(*at)->next)
		if (*at == s) {
			*at = s->next;
			session_count--;
			return;
		}
}

/* Hooks that never came back. */
static void
sweep(void)
{
	struct session *next, *gone = NULL;

	(void)pthread_mutex_lock(&lock);
	for (struct session *s = sessions; s != NULL; s = next) {
		next = s->next;
		if (s->busy || s->until > monotonic_ms())
			continue;
		unlink_session(s);
		s->next = gone;
		gone = s;
	}
	(void)pthread_mutex_unlock(&lock);
	for (; gone != NULL; gone = next) {
		next = gone->next;
		forget(gone);
	}
}

static void
end_session(struct session *s)
{
	(void)pthread_mutex_lock(&lock);
	unlink_session(s);
	(void)pthread_mutex_unlock(&lock);
	forget(s);
}

/* NULL: too many, or no process could be had. */
static struct session *
new_session(const struct gate_caller *caller, const char *dir, int64_t deadline)
{
	struct session *s = calloc(1, sizeof(*s));
	unsigned char random[RECEIVER_TOKEN];
	bool room;

	if (s == NULL)
		err_fatal("out of memory");
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		err_fatal("no random bytes");
	text_hex(s->token, random, sizeof(random));
	s->caller = *caller;
	s->until = monotonic_ms() + deadline + BEYOND;
	s->busy = true;
	(void)pthread_mutex_lock(&lock);
	room = session_count < RECEIVER_GATES_MAX;
	session_count += room;
	(void)pthread_mutex_unlock(&lock);
	if (!room || start_judge(s, dir) < 0) {
		(void)pthread_mutex_lock(&lock);
		session_count -= room;
		(void)pthread_mutex_unlock(&lock);
		free(s);
		return NULL;
	}
	(void)pthread_mutex_lock(&lock);
	s->next = sessions;
	sessions = s;
	(void)pthread_mutex_unlock(&lock);
	return s;
}

/* Only for who began it, one request at a time. */
static struct session *
take_session(const struct gate_caller *caller, const char *token)
{
	struct session *found = NULL;

	(void)pthread_mutex_lock(&lock);
	for (struct session *s = sessions; s != NULL; s = s->next)
		if (!s->busy && strcmp(s->token, token) == 0 &&
		    memcmp(&s->caller, caller, sizeof(*caller)) == 0)
			found = s;
	if (found != NULL)
		found->busy = true;
	(void)pthread_mutex_unlock(&lock);
	return found;
}

/* ---- carrying ---- */

static void
answer(struct job *job, const struct buf *parcel, bool last)
{
	struct listen_request *request = job->request;
	struct listen_header_line session = {"Foureyes-Gate", NULL};
	char token[sizeof(job->session->token)];

	memcpy(token, job->session->token, sizeof(token));
	session.value = token;
	if (last) {
		end_session(job->session);
	} else {
		(void)pthread_mutex_lock(&lock);
		job->session->busy = false;
		(void)pthread_mutex_unlock(&lock);
	}
	listen_answer(request,
	    &(struct listen_reply){.status = 200,
	        .type = TYPE,
	        .body = parcel->data,
	        .len = parcel->len,
	        .headers = &session,
	        .header_count = last ? 0 : 1});
}

static void
carry(void *ctx)
{
	struct job *job = ctx;
	struct buf parcel = {0};
	enum judging_kind kind;
	struct err err = {0};
	size_t len;
	const char *body = listen_body(job->request, &len);
	int fd = job->session->fd;

	if (judging_write(fd, JUDGING_GIVEN, body, len, &err) < 0 ||
	    judging_read(fd, &kind, &parcel, &err) < 0) {
		end_session(job->session);
		receiver_say(job->request, 503,
		    "the process that judges ended without an answer; "
		    "foureyesd's log says why");
	} else {
		answer(job, &parcel, kind != JUDGING_NEED);
	}
	buf_free(&parcel);
	free(job);
}

static void
carry_later(struct receiving *r, struct listen_request *request,
    struct session *s)
{
	struct job *job = calloc(1, sizeof(*job));

	if (job == NULL)
		err_fatal("out of memory");
	*job = (struct job){request, s};
	listen_later(request);
	if (receiver_slow(r, carry, job))
		return;
	end_session(s);
	free(job);
	receiver_say(request, 503, "too many pushes wait already; try again");
}

void
receiver_gate(struct listen_request *request, void *ctx)
{
	static const char route[] = "/v1/gate";
	struct receiving *r = ctx;
	const char *rest = listen_path(request) + strlen(route);
	struct receiver_view *view = receiver_view_take(r);
	struct gate_caller caller = {0};
	struct session *s = NULL;
	bool known = receiver_gate_caller(&caller, view, request);

	sweep();
	if (known && rest[0] == '\0')
		s = new_session(&caller, r->dir,
		    view->setup.config.settings.deadline);
	else if (known)
		s = take_session(&caller, rest + 1);
	receiver_view_done(view);
	if (!known)
		receiver_say(request, 401,
		    "no host of receiver.hosts is known by that account or "
		    "secret");
	else if (s == NULL && rest[0] == '\0')
		receiver_say(request, 503,
		    "too many pushes are being judged; try again");
	else if (s == NULL)
		receiver_say(request, 404, "no push of yours waits for that");
	else
		carry_later(r, request, s);
}

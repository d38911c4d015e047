/*
 * Of a ledger that is shared this node's foureyesd alone reaches the place.
 * Who else appends here or reads asks it (app/node.h); so do those that judge
 * pushes.  One thread answers: those who wait to be caught up are so together.
 */
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/node.h"
#include "base/text.h"

#include "receiver_inside.h"

#define ENTRY_MAX 16384 /* bytes of an account's entry */
#define GROUPS_MAX 256

/* ---- who may ---- */

static bool
is_in_group(uid_t uid, gid_t group)
{
	struct passwd entry, *found = NULL;
	gid_t groups[GROUPS_MAX];
	char room[ENTRY_MAX];
	int count = GROUPS_MAX;

	if (getpwuid_r(uid, &entry, room, sizeof(room), &found) != 0 ||
	    found == NULL ||
	    getgrouplist(found->pw_name, found->pw_gid, groups, &count) < 0)
		return false;
	for (int i = 0; i < count; i++)
		if (groups[i] == group)
			return true;
	return false;
}

/* Who could write into a ledger that is kept here. */
static bool
may_ask(const struct receiver_shared *s, const struct listen_request *request)
{
	uid_t uid;

	return listen_local(request, &uid) &&
	    (uid == 0 || uid == geteuid() ||
	        (uid == s->copy.st_uid && (s->copy.st_mode & S_IWUSR) != 0) ||
	        ((s->copy.st_mode & S_IWGRP) != 0 &&
	            is_in_group(uid, s->copy.st_gid)));
}

/* A checkpoint goes to all nodes, and stays: from those who seal here alone. */
static bool
may_seal(const struct receiver_shared *s, const struct listen_request *request)
{
	uid_t uid;

	return listen_local(request, &uid) &&
	    (uid == 0 || uid == geteuid() || uid == s->sealer);
}

/* ---- answering ---- */

static unsigned
status_of(enum err_kind kind)
{
	switch (kind) {
	case ERR_INPUT:
		return 400;
	case ERR_TAMPERED:
		return 409;
	case ERR_CONFIG:
	case ERR_SYSTEM:
		return 500;
	case ERR_NONE:
	case ERR_UNREACHABLE:
	default:
		return 503;
	}
}

static void
fail(struct listen_request *request, const struct err *err)
{
	receiver_say(request, status_of(err->kind), err->text);
}

static void
append(struct receiver_shared *s, struct listen_request *request)
{
	struct ledger_wish wish;
	struct pool pool = {0};
	struct err err = {0};
	char text[64] = "stale";
	size_t len;
	const char *body = listen_body(request, &len);
	int ret = wish_read(&wish, &pool, body, len, &err);

	if (ret == 0)
		ret = shared_append(s->shared, &wish, &err);
	if (ret == 0 && !wish.stale)
		(void)snprintf(text, sizeof(text), "stored %llu",
		    (unsigned long long)wish.first);
	pool_free(&pool);
	if (ret < 0)
		fail(request, &err);
	else
		receiver_say(request, 200, text);
}

static void
keep(struct receiver_shared *s, struct listen_request *request)
{
	struct err err = {0};
	size_t len;
	const char *body = listen_body(request, &len);

	if (shared_keep(s->shared, body, len, &err) < 0)
		fail(request, &err);
	else
		receiver_say(request, 200, "kept");
}

static void
tell_standing(struct receiver_shared *s, struct listen_request *request)
{
	struct buf out = {0};

	shared_standing(s->shared, &out);
	listen_answer(request,
	    &(struct listen_reply){.status = 200,
	        .type = "text/plain; charset=utf-8",
	        .body = buf_text(&out),
	        .len = out.len});
	buf_free(&out);
}

/*
 * Whether the database is in order, said when that changes.  While it is not
 * nobody waits for it any more (receiver_shared()).
 */
static void
note_state(struct receiver_shared *s, const struct err *why)
{
	bool was;

	(void)pthread_mutex_lock(&s->lock);
	was = s->failed;
	s->failed = why != NULL;
	if (why != NULL)
		s->why = *why;
	(void)pthread_mutex_unlock(&s->lock);
	if (why != NULL && !was)
		(void)complain(0, "%s", why->text);
	if (why == NULL && was)
		(void)complain(0,
		    "the database of the ledger (%s) is in order again",
		    shared_where(s->shared));
}

/* All that asked before the database was. */
static void
catch_up(struct receiver_shared *s, struct listen_request **list, size_t count)
{
	struct err err = {0};
	int ret = shared_catch_up(s->shared, &err);
	char text[32];

	note_state(s, ret < 0 ? &err : NULL);
	(void)snprintf(text, sizeof(text), "%llu",
	    (unsigned long long)shared_last(s->shared));
	for (size_t i = 0; i < count; i++)
		if (ret < 0)
			fail(list[i], &err);
		else
			receiver_say(list[i], 200, text);
}

static bool
is_for(const struct listen_request *request, const char *path)
{
	return strcmp(listen_path(request), path) == 0;
}

static void
answer_all(struct receiver_shared *s, struct listen_request **list,
    size_t count)
{
	struct listen_request *behind[RECEIVER_SHARED_QUEUE];
	size_t waiting = 0;

	for (size_t i = 0; i < count; i++)
		if (is_for(list[i], NODE_APPEND))
			append(s, list[i]);
		else if (is_for(list[i], NODE_CHECKPOINT))
			keep(s, list[i]);
		else if (is_for(list[i], NODE_STANDING))
			tell_standing(s, list[i]);
		else
			behind[waiting++] = list[i];
	if (waiting > 0)
		catch_up(s, behind, waiting);
}

/* Until somebody asks, but not for long; the queue is locked. */
static void
wait_for_more(struct receiver_shared *s)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SHARED_LOOK / 1000;
	(void)pthread_cond_timedwait(&s->more, &s->lock, &until);
}

/*
 * Nobody asked: what others wrote comes all the same, and whether the database
 * answers is known before somebody pushes.
 */
static void
look(struct receiver_shared *s)
{
	catch_up(s, NULL, 0);
}

static void *
answer_on(void *ctx)
{
	struct receiver_shared *s = ctx;
	struct listen_request *list[RECEIVER_SHARED_QUEUE];

	(void)pthread_mutex_lock(&s->lock);
	for (;;) {
		size_t count = 0;

		if (s->count == 0 && !s->over)
			wait_for_more(s);
		if (s->count == 0 && s->over)
			break;
		for (; s->count > 0; s->count--) {
			list[count++] = s->queue[s->at];
			s->at = (s->at + 1) % RECEIVER_SHARED_QUEUE;
		}
		(void)pthread_mutex_unlock(&s->lock);
		if (count == 0)
			look(s);
		else
			answer_all(s, list, count);
		(void)pthread_mutex_lock(&s->lock);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return NULL;
}

/* It is known to be out of order: `why`, at once. */
static bool
is_in_vain(struct receiver_shared *s, const struct listen_request *request,
    struct err *why)
{
	bool failed;

	if (is_for(request, NODE_STANDING))
		return false;
	(void)pthread_mutex_lock(&s->lock);
	failed = s->failed;
	if (failed)
		*why = s->why;
	(void)pthread_mutex_unlock(&s->lock);
	return failed;
}

static bool
put_aside(struct receiver_shared *s, struct listen_request *request)
{
	bool taken;

	(void)pthread_mutex_lock(&s->lock);
	taken = s->count < RECEIVER_SHARED_QUEUE && s->started && !s->over;
	if (taken) {
		s->queue[(s->at + s->count) % RECEIVER_SHARED_QUEUE] = request;
		s->count++;
		(void)pthread_cond_signal(&s->more);
	}
	(void)pthread_mutex_unlock(&s->lock);
	return taken;
}

void
receiver_shared(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;
	struct receiver_shared *s = &r->shared;
	struct err why = {0};

	if (s->shared == NULL) {
		receiver_say(request, 404, "the ledger is not shared");
		return;
	}
	if (!may_ask(s, request)) {
		receiver_say(request, 403,
		    "this account may not write into the directory of the "
		    "ledger, and so may not append: make it a member of its "
		    "group");
		return;
	}
	if (is_in_vain(s, request, &why)) {
		fail(request, &why);
		return;
	}
	if (is_for(request, NODE_CHECKPOINT) && !may_seal(s, request)) {
		receiver_say(request, 403,
		    "a checkpoint is taken from root, or from whose the seal "
		    "key is");
		return;
	}
	listen_later(request);
	if (!put_aside(s, request))
		receiver_say(request, 503,
		    "too many wait for the ledger already; try again");
}

/* ---- beginning and end ---- */

int
receiver_shared_open(struct receiver_shared *s, const char *dir,
    struct err *err)
{
	const struct settings *settings = &s->setup.config.settings;

	if (setup_read(&s->setup, dir, err) < 0)
		return -1;
	if (settings->shared == NULL) {
		setup_free(&s->setup);
		return 0;
	}
	if (setup_become(&s->setup, err) < 0 ||
	    shared_open(&s->shared, settings, err) < 0)
		return -1;
	if (stat(settings->ledger, &s->copy) < 0)
		return err_errno(err, "'%s'", settings->ledger);
	s->elsewhere = shared_elsewhere(s->shared);
	node_here(&s->elsewhere);
	return 0;
}

bool
receiver_shared_is(const struct receiver_shared *s,
    const struct settings *settings)
{
	const struct settings *ours = &s->setup.config.settings;

	return (ours->shared == NULL && settings->shared == NULL) ||
	    (text_same(ours->shared, settings->shared) &&
	        text_same(ours->ledger, settings->ledger) &&
	        text_same(ours->origin, settings->origin));
}

int
receiver_shared_start(struct receiver_shared *s, struct err *err)
{
	if (s->shared == NULL)
		return 0;
	(void)pthread_mutex_init(&s->lock, NULL);
	(void)pthread_cond_init(&s->more, NULL);
	if (pthread_create(&s->thread, NULL, answer_on, s) != 0)
		return err_set(err, ERR_SYSTEM, "no thread could be had");
	s->started = true;
	return 0;
}

void
receiver_shared_stop(struct receiver_shared *s)
{
	if (!s->started)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->over = true;
	(void)pthread_cond_signal(&s->more);
	(void)pthread_mutex_unlock(&s->lock);
	(void)pthread_join(s->thread, NULL);
	s->started = false;
}

void
receiver_shared_close(struct receiver_shared *s)
{
	node_here(NULL);
	shared_close(s->shared);
	setup_free(&s->setup);
}

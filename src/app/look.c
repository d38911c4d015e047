#include "app/look.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/setup.h"
#include "base/json.h"
#include "base/text.h"
#include "core/judge.h"

/* ---- the socket ---- */

static int
open_socket(const char *path, struct err *err)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(to.sun_path))
		return err_set(err, ERR_CONFIG,
		    "the path of the socket '%s' is too long", path);
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return err_errno(err, "a socket");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	(void)err_errno(err, "'%s'", path);
	(void)close(fd);
	return -1;
}

/* Wait until it is ready; false: time is up. */
static bool
wait_for(int fd, short what, int64_t until)
{
	int64_t left = until - clock_now();
	struct pollfd p = {.fd = fd, .events = what};

	if (left <= 0)
		return false;
	return poll(&p, 1, left < LOOK_ASK_MAX ? (int)left : LOOK_ASK_MAX) > 0;
}

static int
send_all(int fd, const struct buf *data, int64_t until, struct err *err)
{
	size_t done = 0;

	while (done < data->len) {
		ssize_t n =
		    send(fd, data->data + done, data->len - done, MSG_NOSIGNAL);

		if (n > 0)
			done += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			return err_errno(err, "it does not listen");
		else if (!wait_for(fd, POLLOUT, until))
			return err_set(err, ERR_UNREACHABLE,
			    "it does not listen");
	}
	return 0;
}

static int
receive_all(int fd, struct buf *answer, int64_t until, struct err *err)
{
	char part[4096];

	while (!look_is_whole(buf_text(answer), answer->len)) {
		ssize_t n = recv(fd, part, sizeof(part), 0);

		if (n > 0)
			buf_add(answer, part, (size_t)n);
		else if (n == 0)
			return 0;
		else if (errno != EAGAIN && errno != EINTR)
			return err_errno(err, "it hung up");
		else if (!wait_for(fd, POLLIN, until))
			return err_set(err, ERR_UNREACHABLE,
			    "it did not answer in time");
	}
	return 0;
}

int
look_ask(struct look_said *out, struct pool *pool, const char *socket,
    const char *body, size_t len, int64_t ms, struct err *err)
{
	int64_t until = clock_now() + ms;
	struct buf question = {0}, answer = {0};
	int fd = open_socket(socket, err);
	int ret;

	if (fd < 0)
		return -1;
	buf_printf(&question,
	    "POST /v1/look HTTP/1.1\r\nHost: foureyesd\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n"
	    "Connection: close\r\n\r\n",
	    len);
	buf_add(&question, body, len);
	ret = send_all(fd, &question, until, err);
	if (ret == 0)
		ret = receive_all(fd, &answer, until, err);
	if (ret == 0)
		ret = look_read(out, pool, buf_text(&answer), answer.len, err);
	(void)close(fd);
	buf_free(&question);
	buf_free(&answer);
	return ret;
}

/* ---- is there anything to ask? ---- */

/* What a forge may have been told, and we not. */
static bool
may_be_told(const struct finding *f)
{
	static const char *const codes[] = {"peer.", "review.", "owners.",
	    "tests.", "rollback.", "ticket.", "staging.deployment", NULL};

	if (f->hard)
		return false;
	for (size_t i = 0; codes[i] != NULL; i++)
		if (text_starts(f->code, codes[i]))
			return true;
	return false;
}

/* Refused, and for nothing that no forge can help with. */
static bool
could_be_admitted(const struct judged *j)
{
	for (size_t i = 0; i < j->verdict.finding_count; i++)
		if (finding_is_open(&j->verdict.findings[i]) &&
		    !may_be_told(&j->verdict.findings[i]))
			return false;
	return j->update.defect_count == 0;
}

static bool
is_worth_it(const struct push *p, const struct gate_answer *answer)
{
	bool any = false;

	for (size_t i = 0; i < p->ref_count; i++)
		if (p->refs[i].code != NULL)
			return false;
	for (size_t i = 0; i < answer->judged_count; i++) {
		const struct judged *j = &answer->judged[i];

		if (j->verdict.outcome != REFUSED)
			continue;
		if (!could_be_admitted(j))
			return false;
		any = any || j->update.mode != MODE_OBSERVE;
	}
	return any;
}

static bool
has_somebody_to_ask(const struct receiver *r)
{
	if (r->socket == NULL)
		return false;
	for (size_t i = 0; i < r->source_count; i++)
		if (r->sources[i].api != NULL)
			return true;
	return false;
}

/* ---- the question ---- */

struct commits {
	const char *list[LOOK_SAID_MAX];
	size_t count;
};

static void
add(struct commits *c, const char *id)
{
	for (size_t i = 0; i < c->count; i++)
		if (text_same(c->list[i], id))
			return;
	if (id != NULL && c->count < LOOK_SAID_MAX)
		c->list[c->count++] = id;
}

/* What lands, and then what it is made of, the newest first. */
static void
add_commits(struct commits *c, const struct update *u)
{
	add(c, u->promotes ? u->promotion.commit : u->landed);
	for (size_t i = u->change_count; i > 0; i--)
		for (size_t k = u->changes[i - 1].commit_count; k > 0; k--)
			add(c, u->changes[i - 1].commits[k - 1].id);
}

static void
write_question(struct buf *out, const struct push *p,
    const struct gate_answer *answer, int64_t ms)
{
	struct json j = {.out = out};
	struct commits c = {0};

	json_open(&j, '{');
	json_key_text(&j, "repository", p->repository);
	json_key_open(&j, "refs", '[');
	for (size_t i = 0; i < answer->judged_count && i < LOOK_SAID_MAX; i++) {
		if (answer->judged[i].verdict.outcome != REFUSED)
			continue;
		json_text(&j, answer->judged[i].update.ref);
		add_commits(&c, &answer->judged[i].update);
	}
	json_close(&j);
	json_key_open(&j, "commits", '[');
	for (size_t i = 0; i < c.count; i++)
		json_text(&j, c.list[i]);
	json_close(&j);
	json_key_number(&j, "deadline", ms);
	json_close(&j);
}

bool
look_again(struct push *p, const struct gate_answer *answer)
{
	const struct receiver *r = &p->setup->config.settings.receiver;
	struct look_said said = {0};
	struct buf question = {0};
	struct err err = {0};
	int64_t ms;

	if (p->looked || !has_somebody_to_ask(r) || !is_worth_it(p, answer))
		return false;
	p->looked = true;
	/* What is left is for judging once more and writing it down. */
	ms = (p->deadline - clock_now()) / 8 * 5;
	ms = ms < LOOK_ASK_MAX ? ms : LOOK_ASK_MAX;
	if (ms < LOOK_ASK_MIN) {
		p->unasked = "no time was left";
		return false;
	}
	/* It ends before we do, and says what it knows by then. */
	write_question(&question, p, answer, ms - ms / 10);
	if (look_ask(&said, p->pool, r->socket, question.data, question.len, ms,
	        &err) < 0)
		p->unasked = pool_text(p->pool, err.text);
	buf_free(&question);
	p->unasked_forge = said.failed;
	return said.stored > 0;
}

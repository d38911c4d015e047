/* POST /v1/look: on a thread that may wait, with a setup of its own. */
#include <stdlib.h>
#include <string.h>

#include "app/daemon_look.h"

#include "receiver_inside.h"

struct waiting {
	struct listen_request *request;
	const char *dir;
	size_t len;
	char body[];
};

static void
answer(struct listen_request *request, unsigned status, const struct buf *text)
{
	const struct listen_reply reply = {.status = status,
	    .type = "application/json",
	    .body = buf_text(text),
	    .len = text->len};

	listen_answer(request, &reply);
}

static void
look(void *ctx)
{
	struct waiting *w = ctx;
	struct setup s = {.is_hook = true};
	struct err err = {0};
	struct buf out = {0};
	unsigned status = 503;

	if (setup_read(&s, w->dir, &err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, &err) < 0)
		receiver_say(w->request, status, err.text);
	else {
		status = look_answer(&s, w->body, w->len, &out);
		answer(w->request, status, &out);
	}
	buf_free(&out);
	setup_free(&s);
	free(w);
}

void
receiver_look_again(struct listen_request *request, void *ctx)
{
	struct receiving *r = ctx;
	size_t len;
	const char *body = listen_body(request, &len);
	struct waiting *w = malloc(sizeof(*w) + len + 1);

	if (w == NULL)
		err_fatal("out of memory");
	*w = (struct waiting){.request = request, .dir = r->dir, .len = len};
	memcpy(w->body, body != NULL ? body : "", len);
	w->body[len] = '\0';
	listen_later(request);
	if (receiver_slow(r, look, w))
		return;
	free(w);
	receiver_say(request, 503, "too many wait already");
}

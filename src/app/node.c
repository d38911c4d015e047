#include "app/node.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/handover.h"
#include "app/seal_state.h"
#include "base/text.h"

/* Set once, before there are threads. */
static const struct ledger_elsewhere *here;

struct node {
	char *socket;
};

void
node_here(const struct ledger_elsewhere *e)
{
	here = e;
}

/* ---- asking foureyesd ---- */

static enum err_kind
kind_of(unsigned status)
{
	switch (status) {
	case 400:
		return ERR_INPUT;
	case 403:
	case 404:
		return ERR_CONFIG;
	case 409:
		return ERR_TAMPERED;
	case 500:
		return ERR_SYSTEM;
	default:
		return ERR_UNREACHABLE;
	}
}

static int
other_status(unsigned status, const struct buf *body, struct err *err)
{
	struct pool pool = {0};
	const char *text = buf_text(body);
	size_t len = strcspn(text, "\r\n");

	if (status == 404)
		text = "this foureyesd keeps no ledger that is shared; start "
		       "it again";
	(void)err_set(err, kind_of(status), "%s",
	    text_safe_copy(&pool, text, status == 404 ? strlen(text) : len,
	        sizeof(err->text)));
	pool_free(&pool);
	return -1;
}

static int
ask(const char *socket, const char *path, const struct buf *body,
    struct buf *out, struct err *err)
{
	struct http_head head;
	struct talk *t = talk_to_socket(socket, NODE_PATIENCE);
	int ret = -1;

	if (talk_post(t, path, body, &head, out, err) == 0)
		ret = head.status == 200 ? 0
		                         : other_status(head.status, out, err);
	else
		(void)err_within(err,
		    "the ledger is shared, and foureyesd reaches it");
	talk_close(t);
	return ret;
}

/* ---- a handle ---- */

static int
append(void *ctx, struct ledger_wish *w, struct err *err)
{
	static const char word[] = "stored ";
	struct node *n = ctx;
	struct buf body = {0}, out = {0};
	int ret;

	wish_write(&body, w);
	ret = ask(n->socket, NODE_APPEND, &body, &out, err);
	if (ret == 0) {
		w->stale = text_starts(buf_text(&out), "stale");
		w->first = text_starts(buf_text(&out), word)
		    ? strtoull(buf_text(&out) + strlen(word), NULL, 10)
		    : 0;
	}
	buf_free(&body);
	buf_free(&out);
	return ret;
}

static int
catch_up(void *ctx, struct err *err)
{
	struct node *n = ctx;
	struct buf body = {0}, out = {0};
	int ret = ask(n->socket, NODE_CATCH_UP, &body, &out, err);

	buf_free(&out);
	return ret;
}

static void
close_node(void *ctx)
{
	struct node *n = ctx;

	free(n->socket);
	free(n);
}

static void
go_by_socket(struct ledger *l, const char *socket)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n == NULL || (n->socket = strdup(socket)) == NULL)
		err_fatal("out of memory");
	ledger_elsewhere(l,
	    &(struct ledger_elsewhere){append, catch_up, close_node, n});
}

int
node_ledger(struct ledger **out, const struct settings *settings,
    enum ledger_mode mode, struct err *err)
{
	if (ledger_open(out, settings->ledger, mode, err) < 0)
		return -1;
	if (settings->shared != NULL && here != NULL)
		ledger_elsewhere(*out, here);
	else if (settings->shared != NULL)
		go_by_socket(*out, settings->receiver.socket);
	return 0;
}

int
node_ledger_now(struct ledger **out, const struct settings *settings,
    enum ledger_mode mode, struct err *err)
{
	if (node_ledger(out, settings, mode, err) < 0)
		return -1;
	if (ledger_catch_up(*out, err) == 0)
		return 0;
	ledger_close(*out);
	*out = NULL;
	return -1;
}

int
node_catch_up(const struct settings *settings, struct err *err)
{
	struct ledger *l = NULL;
	int ret = 0;

	if (settings->shared != NULL) {
		ret = node_ledger_now(&l, settings, LEDGER_READ, err);
		ledger_close(l);
	}
	return ret;
}

const char *
node_name(struct pool *pool, const struct settings *settings)
{
	char host[HOST_NAME_MAX + 1] = "";

	if (settings->node != NULL)
		return settings->node;
	if (gethostname(host, sizeof(host) - 1) < 0 || host[0] == '\0')
		return "unnamed";
	return text_safe_copy(pool, host, strlen(host), sizeof(host));
}

const char *
node_of_checks(struct pool *pool, const struct settings *settings)
{
	return settings->shared == NULL ? NULL : node_name(pool, settings);
}

int
node_standing(const struct settings *settings, struct buf *out, struct err *err)
{
	struct buf body = {0};

	return ask(settings->receiver.socket, NODE_STANDING, &body, out, err);
}

int
node_keep(const struct settings *settings, const struct buf *note,
    struct err *err)
{
	struct buf out = {0};
	int ret = 0;

	if (settings->shared != NULL)
		ret = ask(settings->receiver.socket, NODE_CHECKPOINT, note,
		    &out, err);
	buf_free(&out);
	return ret;
}

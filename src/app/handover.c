#include "app/handover.h"

#include <string.h>
#include <unistd.h>

#include "app/watchdog.h"
#include "base/text.h"

#define STATUS_TEXT_MAX 200
#define AHEAD_FIRST 8
#define HTTP_OK 200

/* What came back. */
struct answer {
	bool ended;
	int status;
	struct buf text;
	size_t needed;
};

static int
take_need(struct handover *h, const struct parcel_part *part,
    struct buf *parcel, struct err *err)
{
	unsigned char id[PARCEL_ID_SIZE];

	if (h->repo == NULL || part->len != sizeof(id) + 1)
		return err_set(err, ERR_UNREACHABLE,
		    "foureyesd asks for what is no object");
	memcpy(id, part->data + 1, sizeof(id));
	return handover_lend(h, parcel, id, part->data[0] != 0, err);
}

static int
take_part(struct handover *h, const struct parcel_part *part, struct answer *a,
    struct buf *parcel, struct err *err)
{
	switch (part->kind) {
	case PARCEL_NEED:
		a->needed++;
		return take_need(h, part, parcel, err);
	case PARCEL_TEXT:
		buf_add(&a->text, part->data, part->len);
		return 0;
	case PARCEL_STATUS:
		a->ended = part->len == 1;
		a->status = a->ended ? (unsigned char)part->data[0] : 1;
		return 0;
	default:
		return 0;
	}
}

/* Its words, or those of a server in front of it. */
static int
other_status(const struct http_head *head, const struct buf *body,
    struct pool *pool, struct err *err)
{
	const char *text = buf_text(body);
	size_t len = strcspn(text, "\r\n");

	return err_set(err, ERR_UNREACHABLE,
	    "foureyesd does not take it (%u): %s", head->status,
	    text_safe_copy(pool, text, len, STATUS_TEXT_MAX));
}

static int
take_answer(struct handover *h, const struct http_head *head,
    const struct buf *body, struct answer *a, struct buf *parcel,
    struct err *err)
{
	struct parcel_part part;
	struct wire at;
	int got;

	if (head->status != HTTP_OK)
		return other_status(head, body, h->pool, err);
	if (parcel_open(&at, body->data, body->len, err) < 0)
		return -1;
	a->needed = 0;
	while ((got = parcel_next(&at, &part, err)) > 0)
		if (take_part(h, &part, a, parcel, err) < 0)
			return -1;
	if (got == 0 && !a->ended &&
	    (a->needed == 0 || head->session[0] == '\0'))
		return err_set(err, ERR_UNREACHABLE,
		    "foureyesd gave no answer");
	return got;
}

static int
talk(struct handover *h, struct talk *t, struct answer *a, struct err *err)
{
	char session[HTTP_TOKEN_MAX + 1] = "";
	struct buf parcel = {0}, body = {0};
	struct http_head head;
	int ret = handover_gather(h, &parcel, err);

	for (unsigned n = 0; ret == 0 && !a->ended; n++) {
		if (n == HANDOVER_ROUNDS_MAX) {
			ret = err_set(err, ERR_UNREACHABLE,
			    "foureyesd asks and asks");
			break;
		}
		ret = talk_ask(t, session, &parcel, &head, &body, err);
		buf_clear(&parcel);
		parcel_begin(&parcel);
		if (ret == 0)
			ret = take_answer(h, &head, &body, a, &parcel, err);
		memcpy(session, head.session, sizeof(session));
	}
	buf_free(&parcel);
	buf_free(&body);
	return ret;
}

static int
open_own(struct handover *h, struct err *err)
{
	struct push p = {.setup = h->setup, .pool = h->pool};

	if (push_repository(&p, NULL, err) < 0)
		return -1;
	h->repo = p.repo;
	return 0;
}

static int
hand_over(struct handover *h, struct answer *a, struct err *err)
{
	const struct settings *settings = &h->setup->config.settings;
	struct talk *t = NULL;
	int ret = -1;

	if (open_own(h, err) < 0)
		return -1;
	if (talk_open(&t, settings, h->until - clock_now(), err) == 0)
		ret = talk(h, t, a, err);
	talk_close(t);
	repo_close(h->repo);
	return ret;
}

/* Nothing was decided, as far as this hook knows. */
static int
no_answer(const struct hook *hook, const char *gate, const struct err *err)
{
	struct buf text = {0};
	bool decides = strcmp(hook->name, "pre-receive") == 0;

	if (decides)
		buf_printf(&text,
		    "foureyes: this push is decided by foureyesd (%s), "
		    "and there is no answer:\n"
		    "foureyes: %s\n"
		    "foureyes: so it is refused; try again, or tell the "
		    "server's administrator, who runs: foureyes doctor\n",
		    gate, err->text);
	else
		buf_printf(&text,
		    "foureyes: the landing could not be told to foureyesd "
		    "(%s): %s\n"
		    "foureyes: the next push records it\n",
		    gate, err->text);
	if (decides)
		hook_prefix(hook, &text);
	hook_answer(&text);
	buf_free(&text);
	return decides ? 1 : 0;
}

/* Of a hook, GitHub Enterprise Server shows standard output. */
static void
speak_aloud(const struct settings *s)
{
	if (s->door_count == 1 && s->doors[0].kind == SERVER_GHES)
		(void)!dup2(STDOUT_FILENO, STDERR_FILENO);
}

int
handover_run(struct hook *hook, struct setup *s)
{
	const struct settings *settings = &s->config.settings;
	struct handover h = {.hook = hook,
	    .setup = s,
	    .pool = &s->pool,
	    .until = s->now + settings->deadline,
	    .sent.pool = &s->pool,
	    .ahead = AHEAD_FIRST};
	struct answer a = {0};
	struct err err = {0};
	int ret;

	if (strcmp(hook->name, "reference-transaction") == 0)
		hook_plain_lines(hook, &s->pool);
	if (s->is_witness && hook->input_len == 0)
		return 0;
	speak_aloud(settings);
	if (!s->is_witness)
		watchdog_start(settings->deadline + WATCHDOG_GRACE);
	if (hand_over(&h, &a, &err) < 0) {
		ret = no_answer(hook, settings->gate, &err);
	} else {
		ret = a.status;
		if (ret != 0)
			hook_prefix(hook, &a.text);
		hook_answer(&a.text);
	}
	buf_free(&a.text);
	return ret;
}

static int
ask_probe(struct handover *h, struct talk *t, struct answer *a, struct err *err)
{
	struct buf parcel = {0}, body = {0};
	struct http_head head;
	int ret;

	parcel_begin(&parcel);
	parcel_text(&parcel, PARCEL_HOOK, HANDOVER_PROBE);
	parcel_text(&parcel, PARCEL_PATH, "/");
	parcel_text(&parcel, PARCEL_INPUT, "");
	ret = talk_ask(t, "", &parcel, &head, &body, err);
	if (ret == 0)
		ret = take_answer(h, &head, &body, a, &parcel, err);
	buf_free(&parcel);
	buf_free(&body);
	return ret;
}

int
handover_probe(struct setup *s, struct err *err)
{
	const struct settings *settings = &s->config.settings;
	struct handover h = {.setup = s, .pool = &s->pool};
	struct answer a = {0};
	struct talk *t = NULL;
	int ret = -1;

	if (talk_open(&t, settings, settings->deadline, err) == 0)
		ret = ask_probe(&h, t, &a, err);
	talk_close(t);
	if (ret == 0 && (!a.ended || a.status != 0))
		ret = err_set(err, ERR_UNREACHABLE, "foureyesd: %s",
		    buf_text(&a.text));
	buf_free(&a.text);
	return ret;
}

/*
 * One question and its answer: a POST over a connection that stays open as long
 * as the other side lets it.
 */
#include "app/handover.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "base/text.h"
#include "edge/dial.h"

#define PIECE 65536
#define HTTPS "https://"
#define UNIX "unix:"

struct talk {
	struct dial_how how;
	int64_t until;
	struct dial *dial; /* NULL: closed by the other side */
	const char *host;
	struct buf secret;
	char *own; /* the gate's name, where it is ours */
};

/* Its first line. */
static int
read_secret(struct talk *t, const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), ret;

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	ret = file_read_on(&t->secret, fd, path, HANDOVER_SECRET_MAX, err);
	(void)close(fd);
	t->secret.len = strcspn(buf_text(&t->secret), "\r\n");
	if (ret == 0 && t->secret.len == 0)
		return err_set(err, ERR_CONFIG, "'%s' holds no secret", path);
	if (ret == 0)
		t->secret.data[t->secret.len] = '\0';
	return ret;
}

int
talk_open(struct talk **out, const struct settings *settings, int64_t patience,
    struct err *err)
{
	struct talk *t = calloc(1, sizeof(*t));

	*out = t;
	if (t == NULL)
		err_fatal("out of memory");
	t->how = (struct dial_how){.gate = settings->gate,
	    .ca_file = settings->gate_ca_file,
	    .address = settings->gate_address};
	t->until = clock_now() + patience;
	t->host = text_starts(settings->gate, HTTPS)
	    ? settings->gate + strlen(HTTPS)
	    : "localhost";
	return settings->gate_secret_file == NULL
	    ? 0
	    : read_secret(t, settings->gate_secret_file, err);
}

struct talk *
talk_to_socket(const char *path, int64_t patience)
{
	struct talk *t = calloc(1, sizeof(*t));

	if (t == NULL ||
	    (t->own = malloc(strlen(UNIX) + strlen(path) + 1)) == NULL)
		err_fatal("out of memory");
	memcpy(t->own, UNIX, strlen(UNIX));
	memcpy(t->own + strlen(UNIX), path, strlen(path) + 1);
	t->how = (struct dial_how){.gate = t->own};
	t->until = clock_now() + patience;
	t->host = "localhost";
	return t;
}

static int
connect_again(struct talk *t, struct err *err)
{
	if (t->dial != NULL)
		return 0;
	t->how.patience = t->until - clock_now();
	return dial_open(&t->dial, &t->how, err);
}

static int
send_request(struct talk *t, const char *path, const struct buf *parcel,
    struct err *err)
{
	struct buf head = {0};
	int ret;

	buf_printf(&head,
	    "POST %s HTTP/1.1\r\nHost: %s\r\n"
	    "Content-Type: application/octet-stream\r\n"
	    "Content-Length: %zu\r\n",
	    path, t->host, parcel->len);
	if (t->secret.len > 0)
		buf_printf(&head, "Authorization: Bearer %s\r\n",
		    buf_text(&t->secret));
	buf_put(&head, "\r\n");
	/* In one piece: two small ones would wait for one another. */
	buf_add(&head, parcel->data, parcel->len);
	ret = dial_write(t->dial, head.data, head.len, err);
	explicit_bzero(head.data, head.room);
	buf_free(&head);
	return ret;
}

/* One more piece; the other side must not end in the middle. */
static int
read_more(struct talk *t, struct buf *in, struct err *err)
{
	char piece[PIECE];
	ssize_t n = dial_read(t->dial, piece, sizeof(piece), err);

	if (n < 0)
		return -1;
	if (n == 0)
		return err_set(err, ERR_UNREACHABLE,
		    "foureyesd ended the connection without an answer");
	buf_add(in, piece, (size_t)n);
	return 0;
}

static int
read_answer(struct talk *t, struct http_head *head, struct buf *body,
    struct err *err)
{
	struct buf in = {0};
	int got = 0;

	while (got == 0) {
		if (read_more(t, &in, err) < 0)
			got = -1;
		else
			got = http_head_read(head, in.data, in.len, err);
	}
	if (got > 0 && head->body_len > PARCEL_MAX)
		got = err_set(err, ERR_UNREACHABLE,
		    "foureyesd answers with more than %zu bytes", PARCEL_MAX);
	while (got > 0 && in.len < head->head_len + head->body_len)
		if (read_more(t, &in, err) < 0)
			got = -1;
	buf_clear(body);
	if (got > 0)
		buf_add(body, in.data + head->head_len, head->body_len);
	buf_free(&in);
	return got > 0 ? 0 : -1;
}

int
talk_post(struct talk *t, const char *path, const struct buf *parcel,
    struct http_head *head, struct buf *body, struct err *err)
{
	*head = (struct http_head){0};
	if (connect_again(t, err) < 0 ||
	    send_request(t, path, parcel, err) < 0 ||
	    read_answer(t, head, body, err) < 0)
		return -1;
	if (head->closes) {
		dial_close(t->dial);
		t->dial = NULL;
	}
	return 0;
}

int
talk_ask(struct talk *t, const char *session, const struct buf *parcel,
    struct http_head *head, struct buf *body, struct err *err)
{
	char path[sizeof("/v1/gate/") + HTTP_TOKEN_MAX];

	(void)snprintf(path, sizeof(path), "/v1/gate%s%s",
	    session[0] != '\0' ? "/" : "", session);
	return talk_post(t, path, parcel, head, body, err);
}

void
talk_close(struct talk *t)
{
	if (t == NULL)
		return;
	dial_close(t->dial);
	if (t->secret.data != NULL)
		explicit_bzero(t->secret.data, t->secret.room);
	buf_free(&t->secret);
	free(t->own);
	free(t);
}

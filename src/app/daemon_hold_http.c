/* An endpoint that takes the note, and an authority that stamps it. */
#include <string.h>
#include <sys/stat.h>

#include "app/checkpoints.h"
#include "app/daemon.h"
#include "app/files.h"
#include "app/stamps.h"
#include "base/text.h"
#include "core/note.h"
#include "edge/http.h"
#include "edge/seal_stamp.h"

#define DEADLINE 20000 /* ms, for one request */

static int
ask(struct http_answer *answer, const struct http_request *request,
    struct err *err)
{
	if (http_ask(answer, request, err) < 0)
		return -1;
	if (answer->status >= 200 && answer->status < 300)
		return 0;
	http_answer_free(answer);
	return err_set(err, ERR_UNREACHABLE, "'%s' answers with status %ld",
	    request->url, answer->status);
}

int
hold_https(struct holding *h, const struct keeping *before, struct err *err)
{
	const struct keeper *k = before->keeper;
	struct http_answer answer = {0};
	struct buf token = {0};
	int ret = -1;

	if (k->token_file == NULL ||
	    daemon_token(&token, k->token_file, err) == 0)
		ret = ask(&answer,
		    &(struct http_request){
		        .method = k->post ? HTTP_POST : HTTP_PUT,
		        .url = k->url,
		        .type = "text/plain; charset=utf-8",
		        .bearer = token.len > 0 ? buf_text(&token) : NULL,
		        .ca_file = k->ca_file,
		        .body = h->note.data,
		        .len = h->note.len,
		        .deadline = DEADLINE,
		    },
		    err);
	if (token.data != NULL)
		explicit_bzero(token.data, token.room);
	buf_free(&token);
	http_answer_free(&answer);
	return ret;
}

/* What is stamped is the kept file, which openssl can be shown as it is. */
static int
read_kept(struct holding *h, struct buf *note, struct err *err)
{
	const char *ledger = h->setup->config.settings.ledger;

	return file_read_plain(note,
	    checkpoints_kept(h->pool, ledger, h->checkpoint.size),
	    NOTE_SIZE_MAX, NULL, err);
}

static int
stamp(struct holding *h, const struct keeper *k,
    const unsigned char digest[DIGEST_SIZE], struct buf *out, struct err *err)
{
	unsigned char nonce[SEAL_NONCE_SIZE];
	struct http_answer answer = {0};
	struct buf query = {0};
	int64_t time;
	int ret = -1;

	if (seal_stamp_nonce(nonce, err) == 0 &&
	    seal_stamp_query(&query, digest, nonce, err) == 0)
		ret = ask(&answer,
		    &(struct http_request){
		        .method = HTTP_POST,
		        .url = k->url,
		        .type = "application/timestamp-query",
		        .accept = "application/timestamp-reply",
		        .body = query.data,
		        .len = query.len,
		        .deadline = DEADLINE,
		    },
		    err);
	if (ret == 0)
		ret = seal_stamp_check(&time, digest, nonce, k->ca_file,
		    answer.body.data, answer.body.len, err);
	if (ret == 0)
		buf_add(out, answer.body.data, answer.body.len);
	(void)h;
	http_answer_free(&answer);
	buf_free(&query);
	return ret;
}

int
hold_stamp(struct holding *h, const struct keeping *before, struct err *err)
{
	const struct settings *s = &h->setup->config.settings;
	const struct keeper *k = before->keeper;
	const char *path =
	    stamps_path(h->pool, s->ledger, h->checkpoint.size, k->name);
	unsigned char digest[DIGEST_SIZE];
	struct buf note = {0}, token = {0};
	struct stat st;
	int ret = -1;

	if (read_kept(h, &note, err) == 0) {
		digest_sha256(digest, note.data, note.len);
		ret = stamp(h, k, digest, &token, err);
	}
	/* The first one binds most; a later one shows that it still goes. */
	if (ret == 0 && lstat(path, &st) < 0)
		ret = file_write(path, token.data, token.len, 0644, true, err);
	buf_free(&note);
	buf_free(&token);
	return ret;
}

/* The ledger's lines, the checkpoint over them, and a proof of one. */
#include "api_inside.h"

#include <string.h>

#include "base/text.h"

int
api_checkpoint(struct answering *a, struct err *err)
{
	(void)err;
	if (!a->api->sealed)
		return api_missing(a,
		    "there is no checkpoint: foureyes seal makes one");
	a->out->type = "text/plain; charset=utf-8";
	buf_add(&a->out->body, a->api->note.data, a->api->note.len);
	return 0;
}

struct copying {
	struct buf *out;
	uint64_t to, last;
};

static int
copy_line(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct copying *c = ctx;

	(void)err;
	if (mark->seq > c->to ||
	    (c->out->len > 0 && c->out->len + len + 1 > API_ANSWER_MAX))
		return 1;
	buf_add(c->out, line, len);
	buf_char(c->out, '\n');
	c->last = mark->seq;
	return mark->seq == c->to ? 1 : 0;
}

static int
read_number(struct answering *a, const char *name, uint64_t most, uint64_t *out,
    struct err *err)
{
	const char *text = a->asked->query(a->asked->ctx, name);

	if (text == NULL || change_query_number(text, 1, most, out))
		return 0;
	return err_set(err, ERR_INPUT, "'%s' is a number from 1 to %llu", name,
	    (unsigned long long)most);
}

int
api_records(struct answering *a, struct err *err)
{
	struct api *api = a->api;
	struct copying c = {.out = &a->out->body};
	uint64_t from = api->report.begin, count = 100;
	struct chain_mark mark;

	if (read_number(a, "from", INT64_MAX, &from, err) < 0 ||
	    read_number(a, "count", API_RECORDS_MAX, &count, err) < 0)
		return -1;
	if (from < api->report.begin)
		return api_missing(a,
		    "records 1 to %llu were taken away (foureyes retain)",
		    (unsigned long long)api->report.pruned.last);
	a->out->type = "application/jsonl";
	if (from > api->report.until)
		return 0;
	c.to = from + count - 1;
	if (c.to > api->report.until)
		c.to = api->report.until;
	if (changelog_mark(api->setup.log,
	        from == api->report.begin ? 0 : from - 1, &mark, err) < 0 ||
	    ledger_walk(api->report.ledger, mark.seq == 0 ? NULL : &mark,
	        copy_line, &c, NULL, err) < 0)
		return -1;
	if (c.last != 0 && c.last < api->report.until)
		buf_printf(&a->out->next, "from=%llu&count=%llu",
		    (unsigned long long)c.last + 1, (unsigned long long)count);
	return 0;
}

int
api_proof(struct answering *a, struct err *err)
{
	struct api *api = a->api;
	uint64_t seq = 0;

	if (!change_query_number(a->rest, 1, INT64_MAX, &seq))
		return err_set(err, ERR_INPUT,
		    "/api/v1/proof/ is followed by a record's number");
	if (!api->sealed)
		return api_missing(a,
		    "there is no checkpoint: foureyes seal makes one");
	if (seq > api->checkpoint.size || seq < api->report.begin)
		return api_missing(a,
		    "the checkpoint counts %llu records, and the ledger begins "
		    "with %llu: %llu is not one of them",
		    (unsigned long long)api->checkpoint.size,
		    (unsigned long long)api->report.begin,
		    (unsigned long long)seq);
	a->out->type = "text/plain; charset=utf-8";
	return subtrees_prove(&api->subtrees, api->setup.log, &a->out->body,
	    &api->note, seq, false, err);
}

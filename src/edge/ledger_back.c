/* memrchr() */
#define _GNU_SOURCE
#include "edge/ledger_back.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edge/ledger_files.h"

struct back {
	struct ledger *l;
	ledger_see_fn *see;
	void *ctx;
	uint64_t segment;
	int fd;
	char *data; /* bytes of the segment from `base` on */
	size_t room, have;
	uint64_t base;
	uint64_t read;
	bool begun; /* `next` is the head of the line behind */
	struct chain_head next;
	bool stopped;
};

static int
odd(const struct back *b, struct err *err)
{
	return err_set(err, ERR_TAMPERED,
	    "'%s': a line near byte %" PRIu64 " of %020" PRIu64
	    ".jsonl is not whole, or not the one that the next names",
	    b->l->path, b->base, b->segment);
}

/* More of the bytes before those there are; false: there are none. */
static int
read_before(struct back *b, bool *more, struct err *err)
{
	size_t len =
	    b->base < LEDGER_BACK_BLOCK ? (size_t)b->base : LEDGER_BACK_BLOCK;
	size_t got;

	*more = len > 0;
	if (len == 0)
		return 0;
	if (b->have > LEDGER_LINE_MAX)
		return odd(b, err);
	if (b->room < b->have + len) {
		b->room = b->have + len + LEDGER_BACK_BLOCK;
		b->data = realloc(b->data, b->room);
		if (b->data == NULL)
			err_fatal("out of memory");
	}
	memmove(b->data + len, b->data, b->have);
	if (ledger_pread(b->l, b->segment, b->fd, b->data, len, b->base - len,
	        &got, err) < 0)
		return -1;
	if (got != len)
		return odd(b, err);
	b->base -= len;
	b->have += len;
	b->read += len;
	return 0;
}

static int
show(struct back *b, const char *line, size_t len, struct err *err)
{
	struct chain_mark mark = {.segment = b->segment,
	    .offset = b->base + (uint64_t)(line - b->data),
	    .length = len};
	struct chain_head head;
	int ret;

	digest_sha256(mark.digest, line, len);
	if (!chain_read(&head, line, len) ||
	    (b->begun &&
	        (head.seq + 1 != b->next.seq ||
	            memcmp(mark.digest, b->next.prev, DIGEST_SIZE) != 0)))
		return odd(b, err);
	mark.seq = head.seq;
	b->next = head;
	b->begun = true;
	ret = b->see(&mark, line, len, b->ctx, err);
	b->stopped = ret > 0;
	return ret < 0 ? -1 : 0;
}

/* Where the last line among these bytes begins; it ends with the last of them.
 */
static int
find_line(struct back *b, size_t *at, struct err *err)
{
	size_t looked = 0;
	bool more = true;

	while (more) {
		const char *lf = b->have > looked + 1
		    ? memrchr(b->data, '\n', b->have - 1 - looked)
		    : NULL;

		if (lf != NULL) {
			*at = (size_t)(lf - b->data) + 1;
			return 0;
		}
		looked = b->have > 0 ? b->have - 1 : 0;
		if (read_before(b, &more, err) < 0)
			return -1;
	}
	*at = 0;
	return 0;
}

static int
show_lines(struct back *b, struct err *err)
{
	size_t at;

	while (!b->stopped && b->base + b->have > 0) {
		if (find_line(b, &at, err) < 0)
			return -1;
		if (b->have == 0 || b->data[b->have - 1] != '\n')
			return odd(b, err);
		if (show(b, b->data + at, b->have - 1 - at, err) < 0)
			return -1;
		b->have = at;
	}
	return 0;
}

static int
show_segment(struct back *b, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	struct stat st;
	int ret;

	ledger_name(name, b->segment);
	if (ledger_open_stat(b->l, name, O_RDONLY, &b->fd, &st, err) < 0)
		return -1;
	b->have = 0;
	b->base = (uint64_t)st.st_size;
	ret = show_lines(b, err);
	close(b->fd);
	return ret;
}

static bool
is_first(const struct chain_head *head)
{
	static const unsigned char none[DIGEST_SIZE];

	return head->seq == 1 && memcmp(head->prev, none, DIGEST_SIZE) == 0;
}

int
ledger_back(struct ledger *l, ledger_see_fn *see, void *ctx, uint64_t *bytes,
    struct err *err)
{
	struct back b = {.l = l, .see = see, .ctx = ctx};
	int ret = ledger_list(l, err);

	for (b.segment = ret < 0 ? 0 : ledger_segment_before(l, UINT64_MAX);
	     b.segment != 0 && ret == 0 && !b.stopped;
	     b.segment = ledger_segment_before(l, b.segment))
		ret = show_segment(&b, err);
	/* Where the first is not there, the walk knows whether that is right.
	 */
	if (ret == 0 && !b.stopped && !is_first(&b.next))
		ret = odd(&b, err);
	free(b.data);
	if (bytes != NULL)
		*bytes = b.read;
	return ret;
}

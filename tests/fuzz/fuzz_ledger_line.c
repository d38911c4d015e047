/*
 * One line of a ledger.  What is read as a line must be exactly what would be
 * written for the same head and body, and follow the line it names.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
write_again(const struct chain_head *head, const char *line, size_t len)
{
	struct chain_mark before = {.seq = head->seq - 1}, next, seen;
	struct chain_head again;
	struct buf out = {0};

	memcpy(before.digest, head->prev, DIGEST_SIZE);
	chain_write(&out, &before, head->time, line + head->body,
	    len - head->body, &next);
	if (out.len != len || memcmp(out.data, line, len) != 0)
		abort();
	if (chain_check(&before, line, len, true, &again, &seen) != CHAIN_FINE)
		abort();
	if (memcmp(&seen, &next, sizeof(next)) != 0)
		abort();
	if (head->body > CHAIN_HEAD_MAX)
		abort();
	before.digest[0] ^= 1;
	if (chain_check(&before, line, len, true, &again, &seen) == CHAIN_FINE)
		abort();
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *line = (const char *)data;
	struct chain_mark none = {0}, seen;
	struct chain_head head;

	if (chain_read(&head, line, len))
		write_again(&head, line, len);
	else if (chain_body_fit(line, len)) {
		struct buf out = {0};

		chain_write(&out, &none, 1, line, len, &seen);
		if (!chain_read(&head, out.data, out.len))
			abort();
		buf_free(&out);
	}
	if (chain_check(&none, line, len, false, &head, &seen) != CHAIN_TORN)
		abort();
	return 0;
}

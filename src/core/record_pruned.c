/* Records of retention: what was taken away, and what is carried over. */
#include "core/record.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/chain.h"

static void
key_hex(struct json *j, const char *key,
    const unsigned char digest[DIGEST_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	text_hex(hex, digest, DIGEST_SIZE);
	json_key_text(j, key, hex);
}

/* The roots of the full subtrees, the largest first. */
static void
key_tree(struct json *j, const char *key, const struct merkle *m)
{
	char hex[DIGEST_HEX_SIZE];

	json_key_open(j, key, '{');
	json_key_number(j, "size", (int64_t)m->count);
	json_key_open(j, "nodes", '[');
	for (size_t i = MERKLE_LEVELS; i > 0; i--)
		if ((m->count >> (i - 1) & 1) == 1) {
			text_hex(hex, m->node[i - 1], DIGEST_SIZE);
			json_text(j, hex);
		}
	json_close(j);
	json_close(j);
}

void
record_pruned(struct buf *out, const struct pruning *p, const char *statement,
    const struct signer signers[PRUNED_SIGNERS], const struct by *by)
{
	struct json j = {.out = out};
	size_t at = out->len;

	json_open(&j, '{');
	memmove(out->data + at, out->data + at + 1, out->len - at);
	out->len--;
	json_key_text(&j, "type", "pruned");
	json_key_number(&j, "first", (int64_t)p->first);
	json_key_number(&j, "last", (int64_t)p->after.last);
	json_key_instant(&j, "from", p->from);
	json_key_instant(&j, "to", p->to);
	key_hex(&j, "first_prev", p->before.digest);
	key_hex(&j, "last_digest", p->after.digest);
	key_tree(&j, "before", &p->before.tree);
	key_tree(&j, "after", &p->after.tree);
	json_key_text(&j, "statement", statement);
	json_key_open(&j, "signatures", '[');
	for (size_t i = 0; i < PRUNED_SIGNERS; i++) {
		json_open(&j, '{');
		json_key_text(&j, "person", signers[i].person);
		json_key_text(&j, "key", signers[i].key);
		json_key_text(&j, "signature", signers[i].armor);
		json_close(&j);
	}
	json_close(&j);
	record_key_by(&j, by);
	json_close(&j);
}

void
record_carried(struct buf *out, const char *line, size_t len, uint64_t seq,
    int64_t time)
{
	char at[TEXT_INSTANT_SIZE];
	struct chain_head head;

	if (!chain_read(&head, line, len))
		return;
	text_instant(at, time);
	buf_add(out, line + head.body, len - head.body - 1);
	buf_printf(out, ",\"carried\":%llu,\"carried_time\":\"%s\"}",
	    (unsigned long long)seq, at);
}

/* It ends in `,"carried":N,"carried_time":"<instant>"}`, which no text can. */
bool
record_is_carried(const char *line, size_t len, uint64_t *seq)
{
	static const char KEY[] = ",\"carried\":",
	                  TIME[] = ",\"carried_time\":\"";
	size_t tail = strlen(TIME) + (TEXT_INSTANT_SIZE - 1) + strlen("\"}");
	size_t digit = len < tail ? 0 : len - tail, key = strlen(KEY);
	uint64_t ten = 1;

	*seq = 0;
	if (digit == 0 || memcmp(line + digit, TIME, strlen(TIME)) != 0)
		return false;
	for (; digit > key && line[digit - 1] >= '0' &&
	     line[digit - 1] <= '9' && ten < CHAIN_SEQ_MAX / 10;
	     digit--, ten *= 10)
		*seq += (uint64_t)(line[digit - 1] - '0') * ten;
	return *seq > 0 && digit > key &&
	    memcmp(line + digit - key, KEY, key) == 0;
}

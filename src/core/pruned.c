#include "core/pruned.h"

#include <string.h>

#include "base/text.h"

#define HEAD "foureyes pruned 1\n"
#define STATEMENT "foureyes prune 1\n"
#define DIGITS_MAX 19

static void
put_hex(struct buf *out, const char *key,
    const unsigned char digest[DIGEST_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	text_hex(hex, digest, DIGEST_SIZE);
	buf_printf(out, "%s %s\n", key, hex);
}

void
pruned_write(struct buf *out, const struct pruned *p)
{
	buf_printf(out, HEAD "last %llu\n", (unsigned long long)p->last);
	put_hex(out, "digest", p->digest);
	for (size_t i = MERKLE_LEVELS; i > 0; i--)
		if ((p->tree.count >> (i - 1) & 1) == 1)
			put_hex(out, "node", p->tree.node[i - 1]);
}

/* What is left to be read. */
struct reading {
	const char *at, *end;
};

static bool
skip(struct reading *r, const char *text)
{
	size_t len = strlen(text);

	if ((size_t)(r->end - r->at) < len || memcmp(r->at, text, len) != 0)
		return false;
	r->at += len;
	return true;
}

static bool
read_number(struct reading *r, uint64_t *out)
{
	uint64_t n = 0;
	unsigned digits = 0;

	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++) {
		if (++digits > DIGITS_MAX || (digits > 1 && n == 0))
			return false;
		n = n * 10 + (uint64_t)(*r->at - '0');
	}
	*out = n;
	return digits > 0 && n > 0 && n <= INT64_MAX;
}

static bool
read_hex(struct reading *r, const char *key, unsigned char out[DIGEST_SIZE])
{
	char hex[DIGEST_HEX_SIZE] = {0};

	if (!skip(r, key) || !skip(r, " ") ||
	    (size_t)(r->end - r->at) < sizeof(hex) - 1)
		return false;
	memcpy(hex, r->at, sizeof(hex) - 1);
	r->at += sizeof(hex) - 1;
	return text_parse_hex(out, DIGEST_SIZE, hex) && skip(r, "\n");
}

int
pruned_read(struct pruned *out, const char *text, size_t len, struct err *err)
{
	struct reading r = {text, text + len};
	bool good;

	memset(out, 0, sizeof(*out));
	good = len <= PRUNED_TEXT_MAX && skip(&r, HEAD) && skip(&r, "last ") &&
	    read_number(&r, &out->last) && skip(&r, "\n") &&
	    read_hex(&r, "digest", out->digest);
	out->tree.count = out->last;
	for (size_t i = MERKLE_LEVELS; good && i > 0; i--)
		if ((out->last >> (i - 1) & 1) == 1)
			good = read_hex(&r, "node", out->tree.node[i - 1]);
	if (good && r.at == r.end)
		return 0;
	memset(out, 0, sizeof(*out));
	return err_set(err, ERR_TAMPERED,
	    "it does not say where a pruned ledger begins");
}

bool
pruned_same(const struct pruned *a, const struct pruned *b)
{
	if (a->last != b->last || a->tree.count != b->tree.count ||
	    memcmp(a->digest, b->digest, DIGEST_SIZE) != 0)
		return false;
	for (size_t i = 0; i < MERKLE_LEVELS; i++)
		if ((a->tree.count >> i & 1) == 1 &&
		    memcmp(a->tree.node[i], b->tree.node[i], DIGEST_SIZE) != 0)
			return false;
	return true;
}

void
pruning_statement(struct buf *out, const struct pruning *p)
{
	unsigned char root[DIGEST_SIZE];
	char from[TEXT_INSTANT_SIZE], to[TEXT_INSTANT_SIZE];

	text_instant(from, p->from);
	text_instant(to, p->to);
	merkle_root(root, &p->after.tree);
	buf_printf(out,
	    STATEMENT "records %llu to %llu\norigin %s\ntimes %s to %s\n",
	    (unsigned long long)p->first, (unsigned long long)p->after.last,
	    p->origin, from, to);
	put_hex(out, "prev", p->before.digest);
	put_hex(out, "digest", p->after.digest);
	put_hex(out, "root", root);
}

bool
pruning_span(const char *text, size_t len, uint64_t *first, uint64_t *last)
{
	struct reading r = {text, text + len};

	return skip(&r, STATEMENT) && skip(&r, "records ") &&
	    read_number(&r, first) && skip(&r, " to ") &&
	    read_number(&r, last) && skip(&r, "\n") && *first <= *last;
}

#include "app/key_chain.h"

#include <string.h>

#include "base/text.h"
#include "base/tree.h"
#include "core/chain.h"
#include "core/note.h"
#include "edge/seal_report.h"

static void
keep(struct key_chain *c, uint64_t seq, const struct key_record *k)
{
	struct key_stray *s;

	if (c->stray_count >= KEY_CHAIN_MAX)
		return;
	s = pool_grow(c->pool, &c->strays, &c->stray_count, sizeof(*s));
	s->seq = seq;
	s->malformed = k == NULL;
	if (k == NULL)
		return;
	s->record = (struct key_record){
	    .purpose = pool_text(c->pool, k->purpose),
	    .fingerprint = pool_text(c->pool, k->fingerprint),
	    .public_pem = pool_text(c->pool, k->public_pem),
	};
	if (k->signed_by == NULL || k->signature == NULL)
		return;
	s->record.signed_by = pool_text(c->pool, k->signed_by);
	s->record.signature = pool_text(c->pool, k->signature);
}

/* Was it signed by the sealing key that was in force before it? */
static bool
is_introduced(const struct key_chain *c, uint64_t seq,
    const struct key_record *k)
{
	const struct key_link *by = key_chain_at(c, seq - 1);
	struct buf statement = {0}, signature = {0};
	bool holds = by != NULL && c->origin != NULL &&
	    text_same(k->signed_by, by->fingerprint) && k->signature != NULL &&
	    text_parse_base64(&signature, k->signature, strlen(k->signature),
	        false) &&
	    signature.len == SEAL_SIGNATURE_SIZE;

	if (holds) {
		record_key_statement(&statement, c->origin, k);
		holds = seal_holds((const unsigned char *)signature.data,
		    &by->public, statement.data, statement.len);
	}
	buf_free(&statement);
	buf_free(&signature);
	return holds;
}

/* In the order of the records that named them first. */
static void
add(struct key_chain *c, struct key_link **list, size_t *count,
    const struct key_link *link)
{
	size_t at = *count;

	(void)pool_grow(c->pool, list, count, sizeof(**list));
	for (; at > 0 && (*list)[at - 1].seq > link->seq; at--)
		(*list)[at] = (*list)[at - 1];
	(*list)[at] = *link;
	(*list)[at].pem = pool_text(c->pool, link->pem);
}

static bool
take_seal(struct key_chain *c, struct key_link *link,
    const struct key_record *k)
{
	struct err ignored = {0};
	bool first = c->seal_count == 0 && k->signed_by == NULL &&
	    (c->gone == 0 || link->seq <= c->gone);

	if (seal_public_parse(&link->public, k->public_pem,
	        strlen(k->public_pem), &ignored) < 0)
		return false;
	seal_fingerprint(link->fingerprint, &link->public);
	if (c->seal_count >= KEY_CHAIN_MAX ||
	    strcmp(link->fingerprint, k->fingerprint) != 0 ||
	    key_chain_has(c, &link->public) ||
	    (!first && !is_introduced(c, link->seq, k)))
		return false;
	add(c, &c->seals, &c->seal_count, link);
	return true;
}

static bool
take_report(struct key_chain *c, struct key_link *link,
    const struct key_record *k)
{
	struct err ignored = {0};

	if (c->report_count >= KEY_CHAIN_MAX ||
	    seal_report_fingerprint(link->fingerprint, k->public_pem,
	        strlen(k->public_pem), &ignored) < 0 ||
	    strcmp(link->fingerprint, k->fingerprint) != 0 ||
	    !is_introduced(c, link->seq, k))
		return false;
	add(c, &c->reports, &c->report_count, link);
	return true;
}

/* Does the record introduce a key? */
static bool
take(struct key_chain *c, uint64_t seq, const struct key_record *k)
{
	struct key_link link = {.seq = seq, .pem = k->public_pem};

	if (strcmp(k->purpose, KEY_SEAL) == 0)
		return take_seal(c, &link, k);
	return strcmp(k->purpose, KEY_REPORT) == 0 && take_report(c, &link, k);
}

/* A key that came late may have introduced what came before it. */
static void
look_again(struct key_chain *c)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->stray_count; i++)
		if (c->strays[i].malformed ||
		    !take(c, c->strays[i].seq, &c->strays[i].record))
			c->strays[kept++] = c->strays[i];
	c->stray_count = kept;
}

static void
see_key(struct key_chain *c, uint64_t seq, const struct tree *r)
{
	const struct key_record k = {
	    .purpose = tree_text(r, "purpose"),
	    .fingerprint = tree_text(r, "fingerprint"),
	    .public_pem = tree_text(r, "public"),
	    .signed_by = tree_text(r, "signed_by"),
	    .signature = tree_text(r, "signature"),
	};
	int64_t carried = tree_number(r, "carried");
	bool whole =
	    k.purpose != NULL && k.fingerprint != NULL && k.public_pem != NULL;

	if (carried > 0 && (uint64_t)carried < seq)
		seq = (uint64_t)carried;
	if (!whole || !take(c, seq, &k))
		keep(c, seq, whole ? &k : NULL);
	else if (carried > 0)
		look_again(c);
}

static bool
is_of(const char *line, size_t len, const struct chain_head *head,
    const char *type)
{
	size_t n = strlen(type);

	return len - head->body >= n && memcmp(line + head->body, type, n) == 0;
}

void
key_chain_see(struct key_chain *c, uint64_t seq, const char *line, size_t len)
{
	struct chain_head head;
	struct pool pool = {0};
	struct err ignored = {0};
	const struct tree *r;
	bool opened;

	if (!chain_read(&head, line, len))
		return;
	opened =
	    c->origin == NULL && is_of(line, len, &head, "\"type\":\"opened\"");
	if (!opened && !is_of(line, len, &head, "\"type\":\"key\""))
		return;
	if (tree_parse_json(&r, &pool, line, len, "ledger", &ignored) < 0)
		keep(c, seq, NULL);
	else if (!opened)
		see_key(c, seq, r);
	else if (tree_text(r, "origin") != NULL) {
		c->origin = pool_text(c->pool, tree_text(r, "origin"));
		look_again(c);
	}
	pool_free(&pool);
}

static int
see_line(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	(void)err;
	key_chain_see(ctx, mark->seq, line, len);
	return 0;
}

int
key_chain_of(struct key_chain *c, struct ledger *ledger, struct err *err)
{
	struct pruned begin;

	if (ledger_pruned(ledger, &begin, err) < 0)
		return -1;
	c->gone = begin.last;
	return ledger_walk(ledger, NULL, see_line, c, NULL, err);
}

const struct key_link *
key_chain_at(const struct key_chain *c, uint64_t size)
{
	const struct key_link *found = NULL;

	for (size_t i = 0; i < c->seal_count; i++)
		if (c->seals[i].seq <= size)
			found = &c->seals[i];
	return found;
}

bool
key_chain_has(const struct key_chain *c, const struct seal_public *key)
{
	for (size_t i = 0; i < c->seal_count; i++)
		if (memcmp(c->seals[i].public.bytes, key->bytes,
		        SEAL_PUBLIC_SIZE) == 0)
			return true;
	return false;
}

/* The size alone, to know which key to ask. */
static int
read_size(uint64_t *size, const char *note, size_t len, struct err *err)
{
	struct checkpoint c = {0};
	struct pool pool = {0};
	struct note parsed = {0};
	int ret = note_parse(&parsed, &pool, note, len, err);

	if (ret == 0)
		ret = checkpoint_parse(&c, parsed.text, parsed.len, err);
	if (ret == 0)
		*size = c.size;
	pool_free(&pool);
	return ret;
}

int
key_chain_check(const struct key_chain *c, struct checkpoint *out,
    const char *note, size_t len, struct err *err)
{
	const struct key_link *key;
	uint64_t size = 0;

	if (read_size(&size, note, len, err) < 0)
		return -1;
	key = key_chain_at(c, size);
	if (key == NULL || c->origin == NULL)
		return err_set(err, ERR_TAMPERED,
		    "no sealing key of a ledger of %llu records is known",
		    (unsigned long long)size);
	return seal_check(out, &key->public, c->origin, note, len, err);
}

int
key_chain_introduce(struct buf *out, const struct seal *seal,
    const char *origin, const char *purpose, const char *fingerprint,
    const char *pem, const struct by *by, struct err *err)
{
	unsigned char bytes[SEAL_SIGNATURE_SIZE];
	char signer[SEAL_FINGERPRINT_SIZE];
	struct key_record k = {purpose, fingerprint, pem, signer, NULL};
	struct buf statement = {0}, signature = {0};
	struct seal_public public;
	int ret;

	seal_public(&public, seal);
	seal_fingerprint(signer, &public);
	record_key_statement(&statement, origin, &k);
	ret = seal_bytes(bytes, seal, statement.data, statement.len, err);
	if (ret == 0) {
		text_base64(&signature, bytes, sizeof(bytes));
		k.signature = buf_text(&signature);
		record_key(out, &k, by);
	}
	buf_free(&statement);
	buf_free(&signature);
	return ret;
}

/*
 * ledger_verify LEDGER TEMPLATES RECORDS - fill a ledger with so many records.
 *
 * They are those of another ledger, TEMPLATES, again and again: eleven pushes,
 * an approval, a decision and its landing.  Pushes and landings have other
 * commits each time; signatures hold, and decisions come out the same.  Some
 * 750 bytes a record, as in a ledger of real pushes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "edge/ledger.h"

#define START 1767225600000
#define ID_LEN 40
#define PATCH_LEN 32
#define EACH 14 /* records of one change */
#define BATCH 14000
#define TEXTS_MAX 100

enum kind {
	PUSH = 0,
	APPROVAL,
	DECISION,
	LANDING,
	KINDS
};

static const struct {
	const char *type, *has;
} kinds[KINDS] = {
    {"\"type\":\"observation\"", "\"kind\":\"push\""},
    {"\"type\":\"observation\"", "\"kind\":\"approval\""},
    {"\"type\":\"decision\"", "\"outcome\":\"ADMITTED\""},
    {"\"type\":\"landing\"", "\"outcome\":\"ADMITTED\""},
};

static struct buf templates[KINDS];
/* Policies and people, which decisions name. */
static struct buf texts[TEXTS_MAX];
static size_t text_count;

/* The record of the approval that the decision was made by. */
static uint64_t cited;

/* The one record that this names as an approval's; 0: none, or several. */
static uint64_t
cites(const char *line, size_t len)
{
	static const char key[] = "\"record\":";
	const char *at = line;
	uint64_t found = 0, n;

	while ((at = text_find(at, len - (size_t)(at - line), key)) != NULL) {
		at += strlen(key);
		n = strtoull(at, NULL, 10);
		if (found != 0 && n != found)
			return 0;
		found = n;
	}
	return found;
}

static void
keep_text(const char *body, size_t len)
{
	buf_clear(&texts[text_count]);
	buf_add(&texts[text_count++], body, len);
}

static int
keep(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct chain_head head;

	(void)ctx;
	(void)err;
	if (!chain_read(&head, line, len))
		return 0;
	if ((text_starts(line + head.body, "\"type\":\"policy\"") ||
	        text_starts(line + head.body, "\"type\":\"people\"")) &&
	    text_count < TEXTS_MAX)
		keep_text(line + head.body, len - head.body);
	for (size_t i = 0; i < KINDS; i++)
		if (templates[i].len == 0 &&
		    text_starts(line + head.body, kinds[i].type) &&
		    text_find(line, len, kinds[i].has) != NULL &&
		    (i != APPROVAL || mark->seq == cited) &&
		    (i != DECISION || (cited = cites(line, len)) != 0))
			buf_add(&templates[i], line + head.body,
			    len - head.body);
	return 0;
}

/* A commit's, or a patch's. */
static bool
is_id(const char *text)
{
	size_t len;

	if (text[0] != '"')
		return false;
	len = strspn(text + 1, "0123456789abcdef");
	return (len == ID_LEN || len == PATCH_LEN) && text[len + 1] == '"';
}

/* The decision was made just now, by the approval before it. */
static void
add_decision(struct buf *out, uint64_t seq, int64_t now)
{
	static const char *const keys[] = {"\"asked\":\"", "\"time\":\"",
	    "\"record\":"};
	const char *p = templates[DECISION].data;
	const char *end = p + templates[DECISION].len;
	char instant[TEXT_INSTANT_SIZE];

	text_instant(instant, now);
	while (p < end) {
		size_t i = 0;

		while (i < 3 && !text_starts(p, keys[i]))
			i++;
		if (i == 3) {
			buf_char(out, *p++);
			continue;
		}
		buf_put(out, keys[i]);
		p += strlen(keys[i]);
		if (i == 2)
			buf_printf(out, "%" PRIu64, seq - 1);
		else
			buf_put(out, instant);
		p += i == 2 ? strspn(p, "0123456789") : strlen(instant);
	}
}

/* One more record; its commits are told by `n`. */
static void
add(struct buf *out, enum kind kind, uint64_t n, uint64_t seq, int64_t now)
{
	size_t at = out->len;
	char id[17];

	if (kind == DECISION) {
		add_decision(out, seq, now);
		return;
	}
	buf_add(out, templates[kind].data, templates[kind].len);
	if (kind == APPROVAL)
		return;
	(void)snprintf(id, sizeof(id), "%016" PRIx64,
	    n * UINT64_C(0x9e3779b97f4a7c15));
	for (char *p = out->data + at; p + PATCH_LEN + 1 < out->data + out->len;
	     p++)
		if (is_id(p))
			memcpy(p + 1, id, 16);
}

static enum kind
kind_of(uint64_t i)
{
	switch (i % EACH) {
	case EACH - 3:
		return APPROVAL;
	case EACH - 2:
		return DECISION;
	case EACH - 1:
		return LANDING;
	default:
		return PUSH;
	}
}

static int
add_texts(struct ledger *l, uint64_t *first, struct err *err)
{
	struct ledger_body bodies[TEXTS_MAX];

	for (size_t i = 0; i < text_count; i++)
		bodies[i] = (struct ledger_body){texts[i].data, texts[i].len};
	return ledger_append(l, bodies, text_count, START, first, err);
}

static int
fill(struct ledger *l, uint64_t records, struct err *err)
{
	static struct ledger_body bodies[BATCH];
	static size_t begins[BATCH + 1];
	struct buf text = {0};
	uint64_t i = 0, first = 0;
	int ret = add_texts(l, &first, err);

	while (i < records && ret == 0) {
		int64_t now = START + (int64_t)i * 1000;
		size_t n = 0;

		buf_clear(&text);
		for (; n < BATCH && i < records; n++, i++) {
			enum kind kind = kind_of(i);

			begins[n] = text.len;
			add(&text, kind, kind == PUSH ? i : i / EACH,
			    first + text_count + i, now);
		}
		begins[n] = text.len;
		for (size_t k = 0; k < n; k++)
			bodies[k] = (struct ledger_body){text.data + begins[k],
			    begins[k + 1] - begins[k]};
		ret = ledger_append(l, bodies, n, now, NULL, err);
	}
	buf_free(&text);
	return ret;
}

int
main(int argc, char **argv)
{
	struct ledger *l = NULL;
	struct err err = {0};

	if (argc != 4) {
		(void)fputs("ledger_verify LEDGER TEMPLATES RECORDS\n", stderr);
		return 2;
	}
	if (ledger_open(&l, argv[2], LEDGER_READ, &err) < 0 ||
	    ledger_walk(l, NULL, keep, NULL, NULL, &err) < 0)
		goto fail;
	text_count = 0;
	if (ledger_walk(l, NULL, keep, NULL, NULL, &err) < 0)
		goto fail;
	ledger_close(l);
	if (ledger_open(&l, argv[1], LEDGER_APPEND, &err) < 0 ||
	    fill(l, strtoull(argv[3], NULL, 10), &err) < 0)
		goto fail;
	ledger_close(l);
	for (size_t i = 0; i < KINDS; i++)
		buf_free(&templates[i]);
	for (size_t i = 0; i < text_count; i++)
		buf_free(&texts[i]);
	return 0;
fail:
	(void)fprintf(stderr, "ledger_verify: %s\n", err.text);
	ledger_close(l);
	return 1;
}

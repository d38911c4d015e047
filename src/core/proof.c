#include "core/proof.h"

#include <string.h>

#include "base/text.h"

#define HEAD "c2sp.org/tlog-proof@v1\n"
#define EXTRA "extra "
#define INDEX "index "
#define OLD "old "
#define NUMBER_DIGITS_MAX 19

static void
write_path(struct buf *out, const struct merkle_proof *path)
{
	for (size_t i = 0; i < path->count; i++) {
		text_base64(out, path->hash[i], DIGEST_SIZE);
		buf_char(out, '\n');
	}
	buf_char(out, '\n');
}

void
proof_write(struct buf *out, const struct proof *p)
{
	if (p->line == NULL) {
		buf_put(out, OLD);
	} else {
		buf_put(out, HEAD EXTRA);
		text_base64(out, p->line, p->len);
		buf_put(out, "\n" INDEX);
	}
	buf_printf(out, "%llu\n", (unsigned long long)p->number);
	write_path(out, &p->path);
	buf_add(out, p->note, p->note_len);
}

/* What is not read yet. */
struct rest {
	const char *at;
	size_t len;
};

/* Is `word` next?  Then it is taken. */
static bool
take(struct rest *r, const char *word)
{
	size_t len = strlen(word);

	if (r->len < len || memcmp(r->at, word, len) != 0)
		return false;
	r->at += len;
	r->len -= len;
	return true;
}

/* The rest of a line, without its LF, which must be there. */
static bool
take_line(struct rest *r, const char **line, size_t *len)
{
	const char *lf = r->len == 0 ? NULL : memchr(r->at, '\n', r->len);

	if (lf == NULL)
		return false;
	*line = r->at;
	*len = (size_t)(lf - r->at);
	r->at = lf + 1;
	r->len -= *len + 1;
	return true;
}

static bool
take_number(struct rest *r, uint64_t *number)
{
	const char *digits;
	size_t len;
	uint64_t n = 0;

	if (!take_line(r, &digits, &len) || len == 0 ||
	    len > NUMBER_DIGITS_MAX || (digits[0] == '0' && len > 1))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return false;
		n = n * 10 + (unsigned)(digits[i] - '0');
	}
	*number = n;
	return true;
}

static bool
take_record(struct rest *r, struct pool *pool, struct proof *p)
{
	struct buf bytes = {0};
	const char *code;
	size_t len;
	bool sound;

	if (!take(r, EXTRA) || !take_line(r, &code, &len))
		return false;
	sound = text_parse_base64(&bytes, code, len, false) && bytes.len > 0;
	if (sound) {
		p->line = pool_textn(pool, bytes.data, bytes.len);
		p->len = bytes.len;
	}
	buf_free(&bytes);
	return sound;
}

/* Hashes up to the empty line. */
static bool
take_path(struct rest *r, struct merkle_proof *path)
{
	const char *code;
	size_t len;

	while (take_line(r, &code, &len)) {
		struct buf bytes = {0};
		bool sound = len == 0 ||
		    (path->count < MERKLE_PROOF_MAX &&
		        text_parse_base64(&bytes, code, len, false) &&
		        bytes.len == DIGEST_SIZE);

		if (sound && len > 0)
			memcpy(path->hash[path->count++], bytes.data,
			    DIGEST_SIZE);
		buf_free(&bytes);
		if (!sound || len == 0)
			return sound;
	}
	return false;
}

static int
malformed(struct err *err, const char *where)
{
	return err_set(err, ERR_INPUT, "the proof is malformed: %s", where);
}

int
proof_parse(struct proof *out, struct pool *pool, const char *data, size_t len,
    struct err *err)
{
	struct rest r = {data, len};
	struct proof p = {0};

	if (len > PROOF_SIZE_MAX)
		return err_set(err, ERR_INPUT, "a proof of more than %u bytes",
		    PROOF_SIZE_MAX);
	if (take(&r, HEAD)) {
		if (!take_record(&r, pool, &p))
			return malformed(err,
			    "its second line is not 'extra' and a record in "
			    "base64");
		if (!take(&r, INDEX) || !take_number(&r, &p.number))
			return malformed(err,
			    "its third line is not 'index' and a number");
	} else if (!take(&r, OLD) || !take_number(&r, &p.number)) {
		return malformed(err,
		    "it begins neither with 'c2sp.org/tlog-proof@v1' nor with "
		    "'old' and a number");
	}
	if (!take_path(&r, &p.path))
		return malformed(err,
		    "behind its head stand other things than hashes in base64 "
		    "and an empty line");
	p.note = r.at;
	p.note_len = r.len;
	if (p.note_len == 0)
		return malformed(err, "there is no checkpoint at its end");
	*out = p;
	return 0;
}

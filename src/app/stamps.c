#include "app/stamps.h"

#include <stdlib.h>
#include <string.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "base/text.h"
#include "core/note.h"
#include "edge/seal_stamp.h"

#define DIGITS 20
#define END ".tsr"

const char *
stamps_path(struct pool *pool, const char *ledger, uint64_t size,
    const char *name)
{
	return pool_printf(pool, "%s.%s" END,
	    checkpoints_kept(pool, ledger, size), name);
}

/* "<20 digits>.<name>.tsr" */
static bool
is_stamp(const char *file)
{
	return strspn(file, "0123456789") == DIGITS && file[DIGITS] == '.' &&
	    strlen(file) > DIGITS + 1 + strlen(END) && text_ends(file, END);
}

static const char *
ca_of(const struct keepers *held, const char *name)
{
	for (size_t i = 0; i < held->count; i++)
		if (held->list[i].kind == KEEPER_TIMESTAMP &&
		    strcmp(held->list[i].name, name) == 0)
			return held->list[i].ca_file;
	return NULL;
}

/* What is wrong with it, or NULL. */
static const char *
check(struct stamped *s, struct pool *pool, const char *path, const char *kept,
    const char *ca_file)
{
	unsigned char digest[DIGEST_SIZE];
	struct buf note = {0}, token = {0};
	const char *why = NULL;
	struct err err = {0};

	if (ca_file == NULL)
		why = pool_printf(pool,
		    "no authority '%s' stands under 'held' in foureyes.yaml",
		    s->name);
	else if (file_read_plain(&note, kept, NOTE_SIZE_MAX, NULL, &err) < 0 ||
	    file_read_plain(&token, path, SEAL_STAMP_MAX, NULL, &err) < 0)
		why = pool_text(pool, err.text);
	if (why == NULL) {
		digest_sha256(digest, note.data, note.len);
		s->note = pool_textn(pool, buf_text(&note), note.len);
		s->note_len = note.len;
		if (seal_stamp_check(&s->time, digest, NULL, ca_file,
		        token.data, token.len, &err) < 0)
			why = pool_text(pool, err.text);
	}
	buf_free(&note);
	buf_free(&token);
	return why;
}

static int
see_one(const char *ledger, const char *file, const struct keepers *held,
    stamps_see_fn *see, void *ctx, struct err *err)
{
	struct pool pool = {0};
	size_t len = strlen(file) - DIGITS - 1 - strlen(END);
	struct stamped s = {.name = pool_textn(&pool, file + DIGITS + 1, len)};
	int ret;

	s.size = strtoull(pool_textn(&pool, file, DIGITS), NULL, 10);
	s.why = check(&s, &pool, stamps_path(&pool, ledger, s.size, s.name),
	    checkpoints_kept(&pool, ledger, s.size), ca_of(held, s.name));
	ret = see(ctx, &s, err);
	pool_free(&pool);
	return ret;
}

int
stamps_all(const char *ledger, const struct keepers *held, stamps_see_fn *see,
    void *ctx, struct err *err)
{
	struct pool pool = {0};
	const char *const *files;
	size_t count;
	int ret = checkpoints_files(&pool, ledger, is_stamp, STAMPS_MAX,
	    "time stamps", &files, &count, err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = see_one(ledger, files[i], held, see, ctx, err);
	pool_free(&pool);
	return ret;
}

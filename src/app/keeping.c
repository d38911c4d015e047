#include "app/keeping.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "app/checkpoints.h"
#include "app/files.h"
#include "base/json.h"
#include "base/text.h"

#define FILE_MAX 8192

static const char *
dir_of(struct pool *pool, const struct settings *s)
{
	return pool_printf(pool, "%s/" KEEPING_DIR, s->ledger);
}

/* Who pushes may put another in its place. */
static const char *
why_not_ours(struct pool *pool, const struct settings *s)
{
	const char *dir = dir_of(pool, s);
	struct stat st, key;

	if (lstat(dir, &st) < 0)
		return errno == ENOENT
		    ? NULL
		    : pool_printf(pool, "'%s' cannot be read", dir);
	if (s->seal_key != NULL && lstat(s->seal_key, &key) == 0 &&
	    S_ISDIR(st.st_mode) && st.st_uid == key.st_uid &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return NULL;
	return pool_printf(pool,
	    "'%s' is not the sealing user's own directory, so it tells nothing",
	    dir);
}

static void
read_one(struct keeping *k, struct pool *pool, const char *path)
{
	struct buf text = {0};
	const struct tree *t;
	struct err err = {0};
	bool there;

	if (file_read_plain(&text, path, FILE_MAX, &there, &err) < 0 ||
	    (there &&
	        tree_parse_json(&t, pool, buf_text(&text), text.len, path,
	            &err) < 0)) {
		k->error = pool_text(pool, err.text);
	} else if (there) {
		k->time = tree_instant(t, "time");
		k->size = (uint64_t)tree_number(t, "records");
		k->digest = tree_text(t, "sha256");
		k->tried = tree_instant(t, "tried");
		k->error = tree_text(t, "error");
		k->alarm = tree_true(t, "alarm");
	}
	buf_free(&text);
}

void
keeping_read(struct keeping **out, struct pool *pool, const struct settings *s)
{
	const char *why = s->held.count == 0 ? NULL : why_not_ours(pool, s);
	struct keeping *list =
	    pool_array(pool, s->held.count + 1, sizeof(*list));

	for (size_t i = 0; i < s->held.count; i++) {
		list[i].keeper = &s->held.list[i];
		list[i].error = why;
		if (why == NULL)
			read_one(&list[i], pool,
			    pool_printf(pool, "%s/%s", dir_of(pool, s),
			        s->held.list[i].name));
	}
	*out = list;
}

bool
keeping_stale(const struct keeping *k, int64_t now)
{
	return k->time == 0 || now - k->time > k->keeper->stale;
}

static void
write_json(struct buf *out, const struct keeping *k)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	json_key_text(&j, "name", k->keeper->name);
	json_key_text(&j, "kind", keeper_kind_name(k->keeper->kind));
	json_key_instant(&j, "time", k->time);
	json_key_number(&j, "records", (int64_t)k->size);
	json_key_text(&j, "sha256", k->digest);
	json_key_instant(&j, "tried", k->tried);
	json_key_text(&j, "error", k->error);
	json_key_bool(&j, "alarm", k->alarm);
	json_close(&j);
	buf_char(out, '\n');
}

int
keeping_write(const struct settings *s, const struct keeping *k,
    struct err *err)
{
	struct pool pool = {0};
	const char *dir = dir_of(&pool, s), *why;
	struct buf text = {0};
	int ret = -1;

	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		err_errno(err, "'%s'", dir);
	else if ((why = why_not_ours(&pool, s)) != NULL)
		err_set(err, ERR_CONFIG, "%s", why);
	else {
		write_json(&text, k);
		ret = file_write(pool_printf(&pool, "%s/%s", dir,
		                     k->keeper->name),
		    text.data, text.len, 0644, false, err);
	}
	buf_free(&text);
	pool_free(&pool);
	return ret;
}

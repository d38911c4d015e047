#include "app/alert_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "base/json.h"
#include "base/text.h"

#define FILE_MAX 8192
#define DIR_MODE 0770
#define FILE_MODE 0660

const char *
alert_dir(struct pool *pool, const struct settings *s)
{
	const char *slash = s->index == NULL ? NULL : strrchr(s->index, '/');

	return slash == NULL ? NULL
	                     : pool_printf(pool, "%.*s/" ALERT_DIR,
	                           (int)(slash - s->index), s->index);
}

static void
read_tree(struct alert_state *out, const struct tree *t)
{
	const char *digest = tree_text(t, "sha256");

	if (digest != NULL && strlen(digest) == DIGEST_HEX_SIZE - 1)
		memcpy(out->digest, digest, DIGEST_HEX_SIZE);
	out->there = true;
	out->seq = (uint64_t)tree_number(t, "seq");
	out->told_at = tree_instant(t, "told_at");
	out->told = (uint64_t)tree_number(t, "told");
	out->rejected = (uint64_t)tree_number(t, "rejected");
	out->missed = (uint64_t)tree_number(t, "missed");
	out->tried = tree_instant(t, "tried");
	out->failed_since = tree_instant(t, "failed_since");
	out->failed = (unsigned)tree_number(t, "failed");
	out->not_until = tree_instant(t, "not_until");
	out->refused = tree_true(t, "refused");
	out->error = tree_text(t, "error");
}

int
alert_state_read(struct alert_state *out, struct pool *pool,
    const struct settings *s, const struct alert_to *to, struct err *err)
{
	const char *dir = alert_dir(pool, s), *path;
	struct buf text = {0};
	const struct tree *t;
	bool there = false;
	int ret = -1;

	*out = (struct alert_state){.to = to};
	if (dir == NULL)
		return err_set(err, ERR_CONFIG,
		    "foureyes.yaml names no index, beside which it is kept "
		    "how far anybody was told");
	path = pool_printf(pool, "%s/%s", dir, to->name);
	if (file_read_plain(&text, path, FILE_MAX, &there, err) < 0)
		goto out;
	ret = 0;
	if (there)
		ret = tree_parse_json(&t, pool,
		    pool_textn(pool, buf_text(&text), text.len), text.len, path,
		    err);
	if (there && ret == 0)
		read_tree(out, t);
out:
	buf_free(&text);
	return ret;
}

void
alert_states_read(struct alert_state **out, struct pool *pool,
    const struct settings *s)
{
	struct alert_state *list =
	    pool_array(pool, s->alerts.count + 1, sizeof(*list));

	for (size_t i = 0; i < s->alerts.count; i++) {
		struct err err = {0};

		if (alert_state_read(&list[i], pool, s, &s->alerts.list[i],
		        &err) < 0)
			list[i].error = pool_text(pool, err.text);
	}
	*out = list;
}

static void
write_json(struct buf *out, const struct alert_state *state)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	json_key_text(&j, "name", state->to->name);
	json_key_text(&j, "kind", alert_kind_name(state->to->kind));
	json_key_number(&j, "seq", (int64_t)state->seq);
	json_key_text(&j, "sha256", state->digest);
	json_key_instant(&j, "told_at", state->told_at);
	json_key_number(&j, "told", (int64_t)state->told);
	json_key_number(&j, "rejected", (int64_t)state->rejected);
	json_key_number(&j, "missed", (int64_t)state->missed);
	json_key_instant(&j, "tried", state->tried);
	json_key_instant(&j, "failed_since", state->failed_since);
	json_key_number(&j, "failed", state->failed);
	json_key_instant(&j, "not_until", state->not_until);
	json_key_bool(&j, "refused", state->refused);
	json_key_text(&j, "error", state->error);
	json_close(&j);
	buf_char(out, '\n');
}

/*
 * Whoever writes the index writes here too, whatever the umask.  The
 * set-group-id bit comes from the directory above: where no program may set
 * one, as under systemd, that still goes.
 */
static int
make_dir(const char *dir, struct err *err)
{
	mode_t before = umask(S_IRWXO);
	int ret = mkdir(dir, DIR_MODE);

	if (ret < 0 && errno != EEXIST)
		err_errno(err, "'%s'", dir);
	else
		ret = 0;
	(void)umask(before);
	return ret;
}

static int
lock_file(int *lock, const char *path, struct err *err)
{
	*lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
	    FILE_MODE);
	if (*lock < 0)
		return err_errno(err, "'%s'", path);
	(void)fchmod(*lock, FILE_MODE);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		err_errno(err, "'%s'", path);
	(void)close(*lock);
	*lock = -1;
	return err->kind == ERR_NONE ? 0 : -1;
}

int
alert_state_lock(int *lock, const struct settings *s, const struct alert_to *to,
    struct err *err)
{
	struct pool pool = {0};
	const char *dir = alert_dir(&pool, s);
	int ret;

	*lock = -1;
	if (dir == NULL)
		ret = err_set(err, ERR_CONFIG, "foureyes.yaml names no index");
	else
		ret = make_dir(dir, err);
	if (ret == 0)
		ret = lock_file(lock,
		    pool_printf(&pool, "%s/.%s.lock", dir, to->name), err);
	pool_free(&pool);
	return ret;
}

int
alert_state_write(const struct settings *s, const struct alert_state *state,
    struct err *err)
{
	struct pool pool = {0};
	const char *dir = alert_dir(&pool, s);
	struct buf text = {0};
	int ret;

	if (dir == NULL)
		ret = err_set(err, ERR_CONFIG, "foureyes.yaml names no index");
	else
		ret = make_dir(dir, err);
	if (ret == 0) {
		write_json(&text, state);
		ret = file_write(pool_printf(&pool, "%s/%s", dir,
		                     state->to->name),
		    text.data, text.len, FILE_MODE, false, err);
	}
	buf_free(&text);
	pool_free(&pool);
	return ret;
}

int64_t
alert_state_patience(const struct alert_state *state, int64_t now)
{
	int64_t left = state->not_until - now;

	return left > 0 && left <= ALERT_AFTER_MAX + state->to->gather ? left
	                                                               : 0;
}

/* ---- what waits ---- */

struct counting {
	const struct alert_to *to;
	struct alert_waiting *out;
	unsigned looked_at;
};

static int
count_one(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	struct counting *c = ctx;
	struct pool pool = {0};
	struct err why = {0};
	const struct tree *t;

	(void)mark;
	(void)err;
	if (c->looked_at++ == ALERT_COUNT_MAX) {
		c->out->more = true;
		return 1;
	}
	if (tree_parse_json(&t, &pool, line, len, "record", &why) == 0 &&
	    alert_wants(c->to, t)) {
		c->out->count++;
		if (c->out->since == 0)
			c->out->since = tree_instant(t, "time");
	}
	pool_free(&pool);
	return 0;
}

int
alert_waiting(struct alert_waiting *out, struct changelog *log,
    const struct alert_state *state, struct err *err)
{
	struct counting c = {state->to, out, 0};
	struct chain_mark mark;

	*out = (struct alert_waiting){0};
	if (state->seq >= changelog_last(log))
		return 0;
	if (changelog_mark(log, state->seq, &mark, err) < 0)
		return -1;
	return ledger_walk(changelog_ledger(log), &mark, count_one, &c, NULL,
	    err);
}

#include "app/seal_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "base/json.h"
#include "base/text.h"
#include "base/tree.h"

const char *
seal_state_path(struct pool *pool, const struct settings *s)
{
	return s->seal_state != NULL
	    ? s->seal_state
	    : pool_printf(pool, "%s.state", s->seal_key);
}

/* Nobody but us may have had a hand in it. */
static int
check_safe(const char *path, mode_t type, bool *there, struct err *err)
{
	struct stat st;

	*there = lstat(path, &st) == 0;
	if (!*there)
		return errno == ENOENT ? 0 : err_errno(err, "'%s'", path);
	if ((st.st_mode & S_IFMT) != type)
		return err_set(err, ERR_CONFIG,
		    "the seal's state '%s' is not a %s of its own", path,
		    type == S_IFDIR ? "directory" : "file");
	if (st.st_uid != geteuid())
		return err_set(err, ERR_CONFIG,
		    "the seal's state '%s' belongs to another user than who "
		    "seals: chown it, when you know why",
		    path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return err_set(err, ERR_CONFIG,
		    "the seal's state '%s' is open to others, so it may have "
		    "been altered: chmod go= '%s', when you know why",
		    path, path);
	return 0;
}

int
seal_state_make(const char *dir, struct err *err)
{
	bool there;

	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_errno(err,
		    "the seal's state '%s' (mkdir -m 700 it for the user who "
		    "seals)",
		    dir);
	return check_safe(dir, S_IFDIR, &there, err);
}

static bool
read_hex(const struct tree *t, unsigned char out[DIGEST_SIZE])
{
	return t != NULL && t->kind == TREE_TEXT &&
	    text_parse_hex(out, DIGEST_SIZE, t->text);
}

static bool
read_number(const struct tree *t, const char *key, uint64_t *out)
{
	int64_t number = 0;
	const struct tree *child = tree_get(t, key);

	if (child == NULL || !tree_is_number(child, &number) || number < 0)
		return false;
	*out = (uint64_t)number;
	return true;
}

static bool
read_tree(struct merkle *tree, const struct tree *list)
{
	const struct tree *t =
	    list != NULL && list->kind == TREE_LIST ? list->child : NULL;

	for (unsigned level = 0; level < MERKLE_LEVELS; level++) {
		if ((tree->count >> level & 1) == 0)
			continue;
		if (t == NULL || !read_hex(t, tree->node[level]))
			return false;
		t = t->next;
	}
	return t == NULL;
}

static bool
read_checkpoint(struct seal_state *s, const struct tree *t)
{
	unsigned char root[DIGEST_SIZE];
	struct err ignored = {0};

	if (tree_text(t, "origin") == NULL ||
	    checkpoint_name(&s->checkpoint, tree_text(t, "origin"), &ignored) <
	        0 ||
	    !read_number(t, "records", &s->checkpoint.size) ||
	    !read_hex(tree_get(t, "root"), s->checkpoint.root))
		return false;
	s->tree.count = s->checkpoint.size;
	if (!read_tree(&s->tree, tree_get(t, "tree")))
		return false;
	merkle_root(root, &s->tree);
	return memcmp(root, s->checkpoint.root, DIGEST_SIZE) == 0;
}

bool
seal_mark_take(struct chain_mark *m, const struct tree *t)
{
	return read_number(t, "segment", &m->segment) &&
	    read_number(t, "offset", &m->offset) &&
	    read_number(t, "length", &m->length) &&
	    read_hex(tree_get(t, "digest"), m->digest);
}

bool
seal_state_take(struct seal_state *s, const struct tree *t)
{
	if (!read_checkpoint(s, t) || !seal_mark_take(&s->last, t) ||
	    !read_hex(tree_get(t, "key"), s->key.bytes) ||
	    !read_number(t, "key_record", &s->key_seq))
		return false;
	s->last.seq = s->checkpoint.size;
	s->time = tree_instant(t, "time");
	return true;
}

int
seal_state_read(struct seal_state *out, const char *dir, struct err *err)
{
	struct pool pool = {0};
	struct buf text = {0};
	const struct tree *t;
	const char *path = pool_printf(&pool, "%s/state", dir);
	bool there;
	int ret = -1;

	*out = (struct seal_state){0};
	if (check_safe(dir, S_IFDIR, &there, err) < 0)
		goto out;
	if (there && check_safe(path, S_IFREG, &there, err) < 0)
		goto out;
	if (!there) {
		ret = 0;
		goto out;
	}
	if (file_read_plain(&text, path, SEAL_STATE_MAX, NULL, err) < 0)
		goto out;
	if (tree_parse_json(&t, &pool, buf_text(&text), text.len, path, err) <
	        0 ||
	    !seal_state_take(out, t)) {
		err_set(err, ERR_TAMPERED,
		    "the seal's state '%s' does not add up: somebody wrote to "
		    "it; put it back from a copy",
		    path);
		goto out;
	}
	out->there = true;
	ret = 0;
out:
	buf_free(&text);
	pool_free(&pool);
	return ret;
}

int
seal_state_lock(int *fd, const char *dir, struct err *err)
{
	const struct timespec pause = {0, 50L * 1000 * 1000};

	*fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* What is wrong with it is told by who reads it. */
	if (*fd < 0)
		return 0;
	for (int waited = 0; flock(*fd, LOCK_EX | LOCK_NB) < 0; waited += 50) {
		if ((errno != EWOULDBLOCK && errno != EINTR) ||
		    waited >= SEAL_PATIENCE) {
			err_errno(err, "another seal holds '%s'", dir);
			(void)close(*fd);
			*fd = -1;
			return -1;
		}
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

static void
key_hex(struct json *j, const char *key, const unsigned char bytes[DIGEST_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	text_hex(hex, bytes, DIGEST_SIZE);
	if (key != NULL)
		json_key_text(j, key, hex);
	else
		json_text(j, hex);
}

void
seal_mark_put(struct json *j, const struct chain_mark *m)
{
	json_key_number(j, "segment", (int64_t)m->segment);
	json_key_number(j, "offset", (int64_t)m->offset);
	json_key_number(j, "length", (int64_t)m->length);
	key_hex(j, "digest", m->digest);
}

void
seal_state_put(struct json *j, const struct seal_state *s)
{
	json_key_text(j, "origin", s->checkpoint.origin);
	json_key_number(j, "records", (int64_t)s->checkpoint.size);
	key_hex(j, "root", s->checkpoint.root);
	json_key_open(j, "tree", '[');
	for (unsigned level = 0; level < MERKLE_LEVELS; level++)
		if ((s->tree.count >> level & 1) == 1)
			key_hex(j, NULL, s->tree.node[level]);
	json_close(j);
	seal_mark_put(j, &s->last);
	key_hex(j, "key", s->key.bytes);
	json_key_number(j, "key_record", (int64_t)s->key_seq);
	json_key_instant(j, "time", s->time);
}

static void
write_state(struct buf *out, const struct seal_state *s)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	seal_state_put(&j, s);
	json_close(&j);
	buf_char(out, '\n');
}

/* For telling, later, from where on something is wrong; nothing rests on it. */
static int
add_seal(const char *path, const struct checkpoint *c, struct err *err)
{
	char root[DIGEST_HEX_SIZE], line[DIGEST_HEX_SIZE + 32];
	int fd = open(path,
	    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	int len;
	bool done;

	if (fd < 0)
		return err_errno(err, "'%s'", path);
	text_hex(root, c->root, DIGEST_SIZE);
	len = snprintf(line, sizeof(line), "%llu %s\n",
	    (unsigned long long)c->size, root);
	done = write(fd, line, (size_t)len) == len;
	if (!done)
		err_errno(err, "'%s'", path);
	(void)close(fd);
	return done ? 0 : -1;
}

int
seal_state_write(const char *dir, const struct seal_state *s, struct err *err)
{
	struct pool pool = {0};
	struct buf text = {0};
	struct seal_state before;
	int ret = -1;

	if (seal_state_make(dir, err) < 0 ||
	    seal_state_read(&before, dir, err) < 0)
		goto out;
	write_state(&text, s);
	if (before.there && before.checkpoint.size == s->checkpoint.size &&
	    memcmp(before.checkpoint.root, s->checkpoint.root, DIGEST_SIZE) ==
	        0)
		ret = 0;
	else
		ret = add_seal(pool_printf(&pool, "%s/seals", dir),
		    &s->checkpoint, err);
	if (ret == 0)
		ret = file_write(pool_printf(&pool, "%s/state", dir), text.data,
		    text.len, 0600, false, err);
out:
	buf_free(&text);
	pool_free(&pool);
	return ret;
}

int
seal_seals_read(struct seal_seals *s, const char *dir, struct err *err)
{
	struct pool pool = {0};
	bool there;
	int ret = file_read_plain(&s->text, pool_printf(&pool, "%s/seals", dir),
	    SEAL_SEALS_MAX, &there, err);

	pool_free(&pool);
	return ret;
}

bool
seal_seals_next(struct seal_seals *s, uint64_t *size,
    unsigned char root[DIGEST_SIZE])
{
	const char *line = buf_text(&s->text) + s->at;
	const char *end = strchr(line, '\n');
	char hex[DIGEST_HEX_SIZE];
	unsigned long long n;

	if (end == NULL || sscanf(line, "%19llu %64[0-9a-f]", &n, hex) != 2 ||
	    !text_parse_hex(root, DIGEST_SIZE, hex))
		return false;
	*size = n;
	s->at += (size_t)(end - line) + 1;
	return true;
}

int
seal_state_forget(const char *dir, uint64_t from, uint64_t lost,
    struct err *err)
{
	unsigned char root[DIGEST_SIZE];
	struct pool pool = {0};
	struct seal_seals s = {0};
	struct buf kept = {0};
	const char *path = pool_printf(&pool, "%s/seals", dir);
	const char *aside =
	    pool_printf(&pool, "%s.lost-%llu", path, (unsigned long long)lost);
	size_t at = 0;
	uint64_t size;
	int ret = seal_seals_read(&s, dir, err);

	while (ret == 0 && seal_seals_next(&s, &size, root)) {
		if (size < from)
			buf_add(&kept, s.text.data + at, s.at - at);
		at = s.at;
	}
	if (ret == 0 && kept.len < s.text.len)
		ret = file_write(aside, s.text.data, s.text.len, 0600, false,
		          err) == 0
		    ? file_write(path, kept.data, kept.len, 0600, false, err)
		    : -1;
	buf_free(&kept);
	buf_free(&s.text);
	pool_free(&pool);
	return ret;
}

#include "repo_fixture.h"

static const char *
loose_path(struct fixture *f, const char *id)
{
	return pool_printf(&f->pool, "%s/objects/%.2s/%s", f->git, id, id + 2);
}

static size_t
read_file(const char *path, char *out, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = read(fd, out, room);

	assert_true(got > 0);
	close(fd);
	return (size_t)got;
}

static void
write_file(const char *path, const char *data, size_t len)
{
	int fd;

	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

/* A blob of some bytes that do not compress well, loose. */
static void
make_blob(struct fixture *f, char id[REPO_OID_SIZE + 1])
{
	char *file = pool_printf(&f->pool, "%s/file", f->dir);
	char text[2000];
	unsigned state = 1;

	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		state = state * 1103515245 + 12345;
		text[i] = (char)('!' + (state >> 16) % 90);
	}
	text[sizeof(text) - 1] = '\0';
	fixture_write(file, text);
	fixture_git(f, id, REPO_OID_SIZE + 1, "hash-object", "-w", file, NULL);
}

static int
read_blob(struct fixture *f, const char *id, size_t *len)
{
	enum repo_kind kind;
	const char *data;
	int ret;

	memset(&f->err, 0, sizeof(f->err));
	fixture_open(f, f->git);
	ret = repo_object(f->r, &f->pool, id, &kind, &data, len, &f->err);
	fixture_close(f);
	return ret;
}

static void
an_object_that_is_cut_off_anywhere_is_an_error(void **state)
{
	struct fixture f;
	char id[REPO_OID_SIZE + 1], whole[4096];
	const char *path;
	size_t size, len;

	(void)state;
	fixture_make(&f, "line");
	make_blob(&f, id);
	path = loose_path(&f, id);
	size = read_file(path, whole, sizeof(whole));
	assert_int_equal(read_blob(&f, id, &len), 0);
	assert_int_equal(len, 1999);
	for (size_t cut = 0; cut < size; cut += cut < 64 ? 1 : 37) {
		write_file(path, whole, cut);
		assert_int_equal(read_blob(&f, id, &len), -1);
	}
	write_file(path, whole, size - 1);
	assert_int_equal(read_blob(&f, id, &len), -1);
	whole[size] = 'x';
	write_file(path, whole, size + 1);
	assert_int_equal(read_blob(&f, id, &len), -1);
	write_file(path, whole, size);
	assert_int_equal(read_blob(&f, id, &len), 0);
	fixture_drop(&f);
}

static void
a_changed_byte_is_an_error(void **state)
{
	struct fixture f;
	char id[REPO_OID_SIZE + 1], whole[4096];
	const char *path;
	size_t size, len;

	(void)state;
	fixture_make(&f, "line");
	make_blob(&f, id);
	path = loose_path(&f, id);
	size = read_file(path, whole, sizeof(whole));
	for (size_t at = 0; at < size; at += at < 64 ? 1 : 41) {
		whole[at] = (char)(whole[at] ^ 0x10);
		write_file(path, whole, size);
		assert_int_equal(read_blob(&f, id, &len), -1);
		whole[at] = (char)(whole[at] ^ 0x10);
	}
	fixture_drop(&f);
}

static void
what_is_no_file_is_an_error(void **state)
{
	struct fixture f;
	char id[REPO_OID_SIZE + 1];
	const char *path;
	size_t len;

	(void)state;
	fixture_make(&f, "line");
	make_blob(&f, id);
	path = loose_path(&f, id);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(read_blob(&f, id, &len), -1);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(read_blob(&f, id, &len), -1);
	fixture_drop(&f);
}

struct seen {
	size_t count;
	int ret;
};

static int
count_one(void *ctx, const char *oid, const char *raw, size_t len)
{
	struct seen *s = ctx;

	assert_int_equal(strlen(oid), REPO_OID_SIZE - 1);
	assert_int_equal(memcmp(raw, "tree ", 5), 0);
	assert_true(len > 50);
	s->count++;
	return s->ret;
}

static void
a_history_is_seen_whole_and_each_commit_once(void **state)
{
	struct fixture f;
	char number[32];
	const char *tips[3];
	struct seen seen = {0};

	(void)state;
	fixture_make(&f, "cross");
	fixture_open(&f, f.git);
	tips[0] = fixture_id(&f, "a3");
	tips[1] = fixture_id(&f, "b3");
	tips[2] = fixture_id(&f, "oct");
	fixture_git(&f, number, sizeof(number), "rev-list", "--count", tips[0],
	    tips[1], tips[2], NULL);
	assert_int_equal(repo_history(f.r, tips, 3, count_one, &seen, &f.err),
	    0);
	assert_int_equal(seen.count, strtoul(number, NULL, 10));
	seen = (struct seen){.ret = 7};
	assert_int_equal(repo_history(f.r, tips, 3, count_one, &seen, &f.err),
	    7);
	assert_int_equal(seen.count, 1);
	fixture_close(&f);
	fixture_drop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_object_that_is_cut_off_anywhere_is_an_error),
	    cmocka_unit_test(a_changed_byte_is_an_error),
	    cmocka_unit_test(what_is_no_file_is_an_error),
	    cmocka_unit_test(a_history_is_seen_whole_and_each_commit_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

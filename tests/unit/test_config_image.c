#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/build.h"
#include "base/text.h"
#include "edge/config.h"
#include "edge/config_image.h"
#include "run.h"

static char dir[64];
static struct pool pool;

static const char SETTINGS[] = "version: 1\norigin: o\nledger: /l\nindex: /i\n"
                               "server: {kind: http, root: /r}\n";
static const char POLICY[] = "version: 1\nrepositories: []\n";
static const char PEOPLE[] =
    "version: 1\npeople: {alice: {logins: {http: alice}}}\n";

static void
put_text(const char *name, const char *text)
{
	put_file(dir, name, text, strlen(text));
}

static int
set_up(void **state)
{
	(void)state;
	make_dir(dir, "image");
	put_text(CONFIG_SETTINGS, SETTINGS);
	put_text(CONFIG_POLICY, POLICY);
	put_text(CONFIG_PEOPLE, PEOPLE);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	remove_dir(dir);
	pool_free(&pool);
	return 0;
}

static const char *
in_dir(const char *name)
{
	return pool_printf(&pool, "%s/%s", dir, name);
}

/* The one image there, or NULL. */
static const char *
image(void)
{
	DIR *list = opendir(dir);
	const struct dirent *e;
	const char *found = NULL;

	while (list != NULL && (e = readdir(list)) != NULL)
		if (text_starts(e->d_name, CONFIG_IMAGE)) {
			assert_null(found);
			found = in_dir(e->d_name);
		}
	closedir(list);
	return found;
}

static bool
compiled(void)
{
	struct err err = {0};

	return config_compile(dir, &err) == 0 && image() != NULL;
}

/* A process of its own each time, as each hook is: the address is free. */
static int
in_child(int (*look)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(look());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
look_whether_taken(void)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct config c;

	return config_image_map(&c, fd) ? 1 : 0;
}

static bool
is_taken(void)
{
	return in_child(look_whether_taken) == 1;
}

/* ---- it says what the files say ---- */

static bool
same_texts(const char *const *a, size_t n, const char *const *b, size_t m)
{
	for (size_t i = 0; n == m && i < n; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return n == m;
}

static bool
same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
same_person(const struct person *a, const struct person *b)
{
	if (!same(a->id, b->id) || !same(a->name, b->name) ||
	    !same(a->owner, b->owner) || a->machine != b->machine ||
	    a->expires != b->expires || a->login_count != b->login_count ||
	    a->key_count != b->key_count ||
	    !same_texts(a->emails, a->email_count, b->emails, b->email_count) ||
	    !same_texts(a->groups, a->group_count, b->groups, b->group_count))
		return false;
	for (size_t i = 0; i < a->login_count; i++)
		if (!same(a->logins[i].source, b->logins[i].source) ||
		    !same(a->logins[i].name, b->logins[i].name))
			return false;
	for (size_t i = 0; i < a->key_count; i++)
		if (!same(a->keys[i].id, b->keys[i].id) ||
		    !same(a->keys[i].line, b->keys[i].line) ||
		    a->keys[i].until != b->keys[i].until)
			return false;
	return true;
}

/* Each is found by all that is theirs, and by nothing else's. */
static bool
is_found(const struct people *people, const struct person *p)
{
	for (size_t i = 0; i < p->email_count; i++)
		if (people_by_email(people, p->emails[i]) != p)
			return false;
	for (size_t i = 0; i < p->login_count; i++)
		if (people_by_login(people, p->logins[i].source,
		        p->logins[i].name) != p)
			return false;
	for (size_t i = 0; i < p->key_count; i++)
		if (people_by_key(people, p->keys[i].id, NULL) != p)
			return false;
	return people_by_id(people, p->id) == p &&
	    people_by_id(people, "nobody.of.that.name") == NULL;
}

static bool
same_gates(const struct policy_repository *a, const struct policy_repository *b)
{
	if (a->gate_count != b->gate_count || a->mode != b->mode ||
	    a->baseline != b->baseline ||
	    !same_texts(a->match.list, a->match.count, b->match.list,
	        b->match.count))
		return false;
	for (size_t i = 0; i < a->gate_count; i++) {
		const struct gate *g = &a->gates[i], *h = &b->gates[i];

		if (!same(g->name, h->name) || g->mode != h->mode ||
		    g->approvals.count != h->approvals.count ||
		    g->owner_count != h->owner_count ||
		    !same_texts(g->refs.list, g->refs.count, h->refs.list,
		        h->refs.count) ||
		    !same_texts(g->landed_on.list, g->landed_on.count,
		        h->landed_on.list, h->landed_on.count))
			return false;
	}
	return true;
}

static int
look_whether_same(void)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct config kept, read;
	struct err err = {0};

	if (!config_image_map(&kept, fd))
		return 2;
	if (config_read(&read, &pool, dir, &err) < 0)
		return 3;
	if (strcmp(kept.policy.digest, read.policy.digest) != 0 ||
	    strcmp(kept.people.digest, read.people.digest) != 0 ||
	    strcmp(kept.settings.digest, read.settings.digest) != 0 ||
	    strcmp(kept.people_text.bytes, read.people_text.bytes) != 0 ||
	    strcmp(kept.policy_text.bytes, read.policy_text.bytes) != 0 ||
	    !same(kept.settings.ledger, read.settings.ledger) ||
	    kept.people.count != read.people.count ||
	    kept.policy.repository_count != read.policy.repository_count)
		return 4;
	for (size_t i = 0; i < read.people.count; i++)
		if (!same_person(&kept.people.list[i], &read.people.list[i]) ||
		    !is_found(&kept.people, &kept.people.list[i]))
			return 5;
	for (size_t i = 0; i < read.policy.repository_count; i++)
		if (!same_gates(&kept.policy.repositories[i],
		        &read.policy.repositories[i]))
			return 6;
	return 0;
}

static void
put_sample(const char *name)
{
	const char *home = getenv("FOUREYES_SRC");
	struct buf text = {0};

	get_file(&text, pool_printf(&pool, "%s/config", home ? home : "."),
	    name);
	put_file(dir, name, text.data, text.len);
	buf_free(&text);
}

static void
the_samples_are_the_same_compiled(void **state)
{
	(void)state;
	put_sample(CONFIG_POLICY);
	put_sample(CONFIG_PEOPLE);
	assert_true(compiled());
	assert_int_equal(in_child(look_whether_same), 0);
}

static void
thousands_of_people_and_entries_are_the_same_compiled(void **state)
{
	struct buf people = {0}, policy = {0};

	(void)state;
	buf_printf(&people, "version: 1\npeople:\n");
	for (int i = 0; i < 10000; i++)
		buf_printf(&people,
		    "  p%05d:\n    name: P %d\n    emails: [p%d@example.com, "
		    "\"P.%d@example.org\"]\n    logins: {http: [p%d, 'id:%d']}\n"
		    "    keys: [openpgp:%040x]\n    groups: [g%d, all]\n",
		    i, i, i, i, i, i, (unsigned)i, i % 100);
	buf_printf(&policy, "version: 1\nrepositories:\n");
	for (int i = 0; i < 1000; i++)
		buf_printf(&policy,
		    "  - match: [\"t%d/**\"]\n    gates: {main: {refs: "
		    "[refs/heads/main], approvals: {count: %d}}}\n",
		    i, 1 + i % 5);
	put_file(dir, CONFIG_PEOPLE, people.data, people.len);
	put_file(dir, CONFIG_POLICY, policy.data, policy.len);
	buf_free(&people);
	buf_free(&policy);
	assert_true(compiled());
	assert_int_equal(in_child(look_whether_same), 0);
}

static void
a_gate_elsewhere_is_compiled_without_the_two_files(void **state)
{
	(void)state;
	put_text(CONFIG_SETTINGS,
	    "version: 1\norigin: o\ngate: unix:/run/f.sock\n"
	    "server: {kind: http, root: /r}\n");
	unlink(in_dir(CONFIG_POLICY));
	unlink(in_dir(CONFIG_PEOPLE));
	assert_true(compiled());
	assert_true(is_taken());
	put_text(CONFIG_PEOPLE, PEOPLE);
	assert_false(is_taken());
}

/* ---- and counts for nothing where it may not ---- */

static void
whatever_changes_a_file_ends_it(void **state)
{
	static const char *const names[] = {CONFIG_SETTINGS, CONFIG_POLICY,
	    CONFIG_PEOPLE};

	(void)state;
	assert_true(compiled());
	assert_true(is_taken());
	for (size_t i = 0; i < 3; i++) {
		const char *path = in_dir(names[i]);
		struct buf same = {0};

		/* The same bytes, in the same file, and its old time. */
		get_file(&same, dir, names[i]);
		put_file(dir, names[i], same.data, same.len);
		assert_false(is_taken());
		assert_true(compiled());
		assert_true(is_taken());
		/* Another file with the same bytes. */
		assert_int_equal(rename(path, in_dir("other")), 0);
		put_file(dir, names[i], same.data, same.len);
		assert_false(is_taken());
		assert_true(compiled());
		assert_true(is_taken());
		assert_int_equal(chmod(path, 0620), 0);
		assert_false(is_taken());
		assert_int_equal(chmod(path, 0600), 0);
		assert_true(compiled());
		assert_true(is_taken());
		assert_int_equal(unlink(path), 0);
		assert_false(is_taken());
		put_file(dir, names[i], same.data, same.len);
		assert_true(compiled());
		buf_free(&same);
	}
	assert_true(is_taken());
}

static void
one_that_others_may_write_is_not_taken(void **state)
{
	(void)state;
	assert_true(compiled());
	assert_int_equal(chmod(image(), 0664), 0);
	assert_false(is_taken());
	assert_int_equal(chmod(image(), 0646), 0);
	assert_false(is_taken());
	assert_int_equal(chmod(image(), 0644), 0);
	assert_true(is_taken());
	assert_int_equal(chmod(dir, 0770), 0);
	assert_false(is_taken());
	assert_int_equal(chmod(dir, 0700), 0);
	assert_true(is_taken());
}

static void
one_of_somebody_else_is_not_taken(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_true(compiled());
	assert_int_equal(chown(image(), 12345, 12345), 0);
	assert_false(is_taken());
	/* Whose directory it is could put people.yaml there as well. */
	assert_int_equal(chown(dir, 12345, 12345), 0);
	assert_true(is_taken());
}

static void
a_link_in_its_place_is_not_followed(void **state)
{
	const char *path;

	(void)state;
	assert_true(compiled());
	path = image();
	assert_int_equal(rename(path, in_dir("elsewhere")), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_false(is_taken());
}

static void
damaged_or_of_another_build_it_is_not_taken(void **state)
{
	struct buf whole = {0}, bad = {0};
	const char *name;

	(void)state;
	assert_true(compiled());
	name = strrchr(image(), '/') + 1;
	get_file(&whole, dir, name);
	/* Magic, build id, size: 17 and 20 bytes, then eight. */
	for (size_t i = 0; i < 40; i++) {
		if (i >= 17 + 20)
			i = 40; /* past what aligns */
		buf_add(&bad, whole.data, whole.len);
		bad.data[i] = (char)(bad.data[i] ^ 1);
		put_file(dir, name, bad.data, bad.len);
		assert_false(is_taken());
		buf_free(&bad);
		bad = (struct buf){0};
	}
	put_file(dir, name, whole.data, whole.len - 1);
	assert_false(is_taken());
	put_file(dir, name, whole.data, 100);
	assert_false(is_taken());
	put_file(dir, name, whole.data, 0);
	assert_false(is_taken());
	put_file(dir, name, whole.data, whole.len);
	assert_true(is_taken());
	buf_free(&whole);
}

static int
read_quickly(struct err *err)
{
	struct config c = {0};

	return config_read_quickly(&c, &pool, dir, true, err);
}

static void
what_is_not_sound_is_neither_compiled_nor_passed_over(void **state)
{
	struct err err = {0};

	(void)state;
	assert_true(compiled());
	put_text(CONFIG_PEOPLE, "version: 1\npeople: {alice: {loginz: {}}}\n");
	assert_int_equal(read_quickly(&err), -1);
	assert_string_equal(err.text,
	    "people.yaml:2:18: no such key 'loginz' (known here: name, emails, "
	    "logins, keys, groups, expires)");
	err = (struct err){0};
	assert_int_equal(config_compile(dir, &err), -1);
	/* What was of the old files is of no use. */
	put_text(CONFIG_PEOPLE, PEOPLE);
	assert_true(compiled());
	assert_true(is_taken());
}

static void
images_of_files_that_are_no_more_go(void **state)
{
	const char *old;

	(void)state;
	assert_true(compiled());
	old = in_dir(CONFIG_IMAGE "0123456789abcdef");
	assert_int_equal(rename(image(), old), 0);
	/* Of the files as they are: another build's hooks may need it. */
	assert_int_equal(config_compile(dir, &(struct err){0}), 0);
	assert_int_equal(access(old, F_OK), 0);
	put_text(CONFIG_PEOPLE, PEOPLE);
	assert_int_equal(config_compile(dir, &(struct err){0}), 0);
	assert_int_equal(access(old, F_OK), -1);
	assert_true(is_taken());
}

static void
a_build_has_an_id(void **state)
{
	unsigned char a[BUILD_ID_SIZE] = {0}, b[BUILD_ID_SIZE] = {0};

	(void)state;
	assert_true(build_id(a));
	assert_true(build_id(b));
	assert_memory_equal(a, b, sizeof(a));
	assert_true(a[0] != 0 || a[1] != 0 || a[2] != 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_build_has_an_id),
	    TEST(the_samples_are_the_same_compiled),
	    TEST(thousands_of_people_and_entries_are_the_same_compiled),
	    TEST(a_gate_elsewhere_is_compiled_without_the_two_files),
	    TEST(whatever_changes_a_file_ends_it),
	    TEST(one_that_others_may_write_is_not_taken),
	    TEST(one_of_somebody_else_is_not_taken),
	    TEST(a_link_in_its_place_is_not_followed),
	    TEST(damaged_or_of_another_build_it_is_not_taken),
	    TEST(what_is_not_sound_is_neither_compiled_nor_passed_over),
	    TEST(images_of_files_that_are_no_more_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edge/config.h"
#include "run.h"

static char dir[64];
static struct pool pool;

static const char SETTINGS[] = "version: 1\norigin: o\nledger: /l\nindex: /i\n"
                               "server: {kind: http, root: /r}\n";
static const char POLICY[] = "version: 1\nrepositories: []\n";
static const char PEOPLE[] =
    "version: 1\npeople: {alice: {logins: {http: alice}}}\n";

static void
put_all(void)
{
	put_file(dir, CONFIG_SETTINGS, SETTINGS, strlen(SETTINGS));
	put_file(dir, CONFIG_POLICY, POLICY, strlen(POLICY));
	put_file(dir, CONFIG_PEOPLE, PEOPLE, strlen(PEOPLE));
}

static int
set_up(void **state)
{
	(void)state;
	make_dir(dir, "config");
	put_all();
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

static void
assert_refused(const char *from, const char *wanted)
{
	struct config config = {.dir = "untouched"};
	struct err err = {0};

	assert_int_equal(config_read(&config, &pool, from, &err), -1);
	assert_string_equal(err.text, wanted);
	assert_string_equal(config.dir, "untouched");
}

static void
the_three_files_are_read_with_their_digests(void **state)
{
	char hex[DIGEST_HEX_SIZE];
	struct config c = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(config_read(&c, &pool, dir, &err), 0);
	assert_string_equal(c.dir, dir);
	assert_string_equal(c.policy_text.bytes, POLICY);
	assert_int_equal(c.policy_text.len, strlen(POLICY));
	assert_string_equal(c.people_text.bytes, PEOPLE);
	assert_string_equal(c.settings_text.bytes, SETTINGS);
	digest_sha256_hex(hex, POLICY, strlen(POLICY));
	assert_string_equal(c.policy.digest, hex);
	digest_sha256_hex(hex, PEOPLE, strlen(PEOPLE));
	assert_string_equal(c.people.digest, hex);
	digest_sha256_hex(hex, SETTINGS, strlen(SETTINGS));
	assert_string_equal(c.settings.digest, hex);
	assert_string_equal(people_by_login(&c.people, "http", "alice")->id,
	    "alice");
}

static void
a_link_to_the_directory_is_followed(void **state)
{
	const char *link = pool_printf(&pool, "%s.link", dir);
	struct config c = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(symlink(dir, link), 0);
	assert_int_equal(config_read(&c, &pool, link, &err), 0);
	unlink(link);
}

static void
a_file_that_is_missing_is_named(void **state)
{
	static const char *const names[] = {CONFIG_SETTINGS, CONFIG_POLICY,
	    CONFIG_PEOPLE};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		put_all();
		unlink(in_dir(names[i]));
		assert_refused(dir,
		    pool_printf(&pool, "%s/%s: No such file or directory", dir,
		        names[i]));
	}
	assert_refused("/nowhere/at/all",
	    "/nowhere/at/all: No such file or directory");
	assert_refused(in_dir(CONFIG_POLICY),
	    pool_printf(&pool, "%s: Not a directory", in_dir(CONFIG_POLICY)));
}

static void
a_link_in_the_place_of_a_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(rename(in_dir(CONFIG_POLICY), in_dir("other")), 0);
	assert_int_equal(symlink("other", in_dir(CONFIG_POLICY)), 0);
	assert_refused(dir,
	    pool_printf(&pool,
	        "'%s' is a symbolic link: link the directory instead",
	        in_dir(CONFIG_POLICY)));
}

static void
what_is_no_file_is_refused_and_not_waited_for(void **state)
{
	(void)state;
	unlink(in_dir(CONFIG_POLICY));
	assert_int_equal(mkfifo(in_dir(CONFIG_POLICY), 0600), 0);
	assert_refused(dir,
	    pool_printf(&pool, "'%s' is no regular file",
	        in_dir(CONFIG_POLICY)));
	unlink(in_dir(CONFIG_POLICY));
	assert_int_equal(mkdir(in_dir(CONFIG_POLICY), 0700), 0);
	assert_refused(dir,
	    pool_printf(&pool, "'%s' is no regular file",
	        in_dir(CONFIG_POLICY)));
}

static void
what_others_can_write_is_refused(void **state)
{
	static const char *const names[] = {"", "/" CONFIG_SETTINGS,
	    "/" CONFIG_POLICY, "/" CONFIG_PEOPLE};
	static const mode_t modes[] = {0720, 0702};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		const char *path =
		    pool_printf(&pool, "%s%s", dir, names[i / 2]);

		assert_int_equal(chmod(path, modes[i % 2]), 0);
		assert_refused(dir,
		    pool_printf(&pool,
		        "'%s' may be written by others than its owner: chmod go-w "
		        "'%s'",
		        path, path));
		assert_int_equal(chmod(path, 0755), 0);
	}
	assert_int_equal(config_read(&(struct config){0}, &pool, dir,
	                     &(struct err){0}),
	    0);
}

/* A comment of `size` bytes, its line end among them, and a policy. */
static void
put_long_policy(size_t size)
{
	struct buf buf = {0};

	buf_put(&buf, POLICY);
	while (buf.len < size - 1)
		buf_char(&buf, buf.len % 80 == 0 ? '\n' : '#');
	buf_char(&buf, '\n');
	put_file(dir, CONFIG_POLICY, buf.data, buf.len);
	buf_free(&buf);
}

static void
a_file_over_the_limit_is_refused(void **state)
{
	struct config c = {0};
	struct err err = {0};

	(void)state;
	put_long_policy(CONFIG_SIZE_MAX);
	assert_int_equal(config_read(&c, &pool, dir, &err), 0);
	put_long_policy(CONFIG_SIZE_MAX + 1);
	assert_refused(dir,
	    pool_printf(&pool, "'%s' has more than 4194304 bytes",
	        in_dir(CONFIG_POLICY)));
}

static void
what_the_readers_refuse_is_named_with_its_place(void **state)
{
	static const struct {
		const char *name, *text, *error;
	} rows[] = {
	    {CONFIG_SETTINGS, "version: 2\n",
	        "foureyes.yaml:1:1: 'version' must be 1"},
	    {CONFIG_POLICY, "version: 1\nrules: []\n",
	        "policy.yaml:2:1: no such key 'rules' (known here: version, "
	        "mode, help, administration, repositories, emergency, retention, "
	        "review, access_review)"},
	    {CONFIG_PEOPLE,
	        "version: 1\npeople: {alice: {logins: {hub: alice}}}\n",
	        "people.yaml:2:27: no source and no door of foureyes.yaml is "
	        "called 'hub'"},
	    {CONFIG_POLICY, "a: *b\n",
	        "policy.yaml:1:4: aliases (*name) are not used here"},
	    {CONFIG_PEOPLE, "", "people.yaml:1:1: this must be a mapping"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct config c = {0};
		struct err err = {0};

		put_all();
		assert_int_equal(config_read(&c, &pool, dir, &err), 0);
		assert_int_equal(config_check(&c, &pool, rows[i].name,
		                     rows[i].text, strlen(rows[i].text), &err),
		    -1);
		assert_string_equal(err.text, rows[i].error);
		put_file(dir, rows[i].name, rows[i].text, strlen(rows[i].text));
		assert_refused(dir, rows[i].error);
	}
}

static void
a_gate_elsewhere_needs_the_settings_alone(void **state)
{
	static const char text[] =
	    "version: 1\norigin: o\ngate: \"unix:/run/f\"\n";
	struct config c = {0};
	struct err err = {0};

	(void)state;
	put_file(dir, CONFIG_SETTINGS, text, strlen(text));
	unlink(in_dir(CONFIG_POLICY));
	unlink(in_dir(CONFIG_PEOPLE));
	assert_int_equal(config_read(&c, &pool, dir, &err), 0);
	assert_null(c.policy_text.bytes);
	assert_null(c.people_text.bytes);
	assert_null(policy_repository(&c.policy, "any"));
	assert_null(people_by_id(&c.people, "alice"));

	put_file(dir, CONFIG_POLICY, "version: 2\n", 11);
	assert_refused(dir, "policy.yaml:1:1: 'version' must be 1");
}

static void
new_settings_are_tried_with_the_people_there_are(void **state)
{
	static const char text[] =
	    "version: 1\norigin: o\nledger: /l\nindex: /i\n";
	struct config c = {0};
	struct err err = {0};

	(void)state;
	assert_int_equal(config_read(&c, &pool, dir, &err), 0);
	assert_int_equal(config_check(&c, &pool, CONFIG_SETTINGS, SETTINGS,
	                     strlen(SETTINGS), &err),
	    0);
	assert_int_equal(config_check(&c, &pool, CONFIG_SETTINGS, text,
	                     strlen(text), &err),
	    -1);
	assert_string_equal(err.text,
	    "people.yaml:2:27: no source and no door "
	    "of foureyes.yaml is called 'http'");
	assert_int_equal(config_check(&c, &pool, CONFIG_POLICY, POLICY,
	                     strlen(POLICY), &err),
	    0);
	assert_int_equal(config_check(&c, &pool, CONFIG_PEOPLE, PEOPLE,
	                     strlen(PEOPLE), &err),
	    0);
}

static unsigned
count_files(void)
{
	DIR *d = opendir(dir);
	unsigned count = 0;

	while (readdir(d) != NULL)
		count++;
	closedir(d);
	return count - 2;
}

static void
a_file_is_put_in_place_with_mode_and_owner_kept(void **state)
{
	static const char text[] = "version: 1\nmode: observe\n"
	                           "repositories: []\n";
	struct buf now = {0};
	struct err err = {0};
	struct stat st;

	(void)state;
	assert_int_equal(chmod(in_dir(CONFIG_POLICY), 0640), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(in_dir(CONFIG_POLICY), 65534, 65533), 0);
	assert_int_equal(config_put(dir, CONFIG_POLICY, text, strlen(text),
	                     &err),
	    0);
	get_file(&now, dir, CONFIG_POLICY);
	assert_string_equal(buf_text(&now), text);
	buf_free(&now);
	assert_int_equal(stat(in_dir(CONFIG_POLICY), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	if (geteuid() == 0) {
		assert_int_equal(st.st_uid, 65534);
		assert_int_equal(st.st_gid, 65533);
	}
	assert_int_equal(count_files(), 3);
}

static void
a_new_file_is_readable_by_all_whatever_the_umask(void **state)
{
	mode_t before = umask(077);
	struct err err = {0};
	struct stat st;

	(void)state;
	unlink(in_dir(CONFIG_PEOPLE));
	assert_int_equal(config_put(dir, CONFIG_PEOPLE, PEOPLE, strlen(PEOPLE),
	                     &err),
	    0);
	umask(before);
	assert_int_equal(stat(in_dir(CONFIG_PEOPLE), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(st.st_uid, geteuid());
}

static void
what_a_killed_process_left_is_not_in_the_way(void **state)
{
	char name[64];
	struct err err = {0};

	(void)state;
	snprintf(name, sizeof(name), ".%s.%ld", CONFIG_POLICY, (long)getpid());
	put_file(dir, name, "half", 4);
	assert_int_equal(config_put(dir, CONFIG_POLICY, POLICY, strlen(POLICY),
	                     &err),
	    0);
	assert_int_equal(count_files(), 3);
}

static void
only_the_three_files_are_ever_put(void **state)
{
	static const char *const names[] = {"seal.key", "../policy.yaml", "",
	    "policy.yaml/"};
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(config_put(dir, names[i], "x", 1, &err), -1);
		assert_string_equal(err.text,
		    pool_printf(&pool,
		        "'%s' is none of policy.yaml, people.yaml, foureyes.yaml",
		        names[i]));
	}
	assert_int_equal(config_put(dir, CONFIG_POLICY, POLICY,
	                     CONFIG_SIZE_MAX + 1, &err),
	    -1);
	assert_string_equal(err.text,
	    "'policy.yaml' has more than 4194304 bytes");
	assert_int_equal(count_files(), 3);
}

static void
what_is_no_file_is_not_replaced(void **state)
{
	struct err err = {0};

	(void)state;
	unlink(in_dir(CONFIG_POLICY));
	assert_int_equal(symlink("elsewhere", in_dir(CONFIG_POLICY)), 0);
	assert_int_equal(config_put(dir, CONFIG_POLICY, POLICY, strlen(POLICY),
	                     &err),
	    -1);
	assert_string_equal(err.text,
	    pool_printf(&pool,
	        "%s: 'policy.yaml' is no regular file: it is not replaced",
	        dir));
	assert_int_equal(config_put("/nowhere", CONFIG_POLICY, POLICY, 1, &err),
	    -1);
	assert_string_equal(err.text, "/nowhere: No such file or directory");
	assert_int_equal(count_files(), 3);
}

/* A sample, its marks filled in as `foureyes init` does. */
static void
put_sample(const char *name)
{
	static const char *const marks[][2] = {{"@DIR@", "/etc/foureyes"},
	    {"@DATA@", "/var/lib/foureyes"}, {"@ROOT@", "/srv/git"}};
	const char *home = getenv("FOUREYES_SRC");
	struct buf in = {0}, out = {0};

	get_file(&in, pool_printf(&pool, "%s/config", home ? home : "."), name);
	for (size_t i = 0; i < in.len;) {
		size_t m = 0;

		while (m < 3 &&
		    strncmp(in.data + i, marks[m][0], strlen(marks[m][0])) != 0)
			m++;
		if (m < 3)
			buf_put(&out, marks[m][1]);
		else
			buf_char(&out, in.data[i]);
		i += m < 3 ? strlen(marks[m][0]) : 1;
	}
	put_file(dir, name, out.data, out.len);
	buf_free(&in);
	buf_free(&out);
}

static void
the_samples_are_sound_and_strict(void **state)
{
	const char *const *lines;
	const struct gate *gate;
	struct config c = {0};
	struct err err = {0};

	(void)state;
	put_sample(CONFIG_SETTINGS);
	put_sample(CONFIG_POLICY);
	put_sample(CONFIG_PEOPLE);
	if (config_read(&c, &pool, dir, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(c.policy.mode, MODE_ENFORCE);
	assert_int_equal(policy_warnings(&c.policy, &pool, &lines), 0);
	assert_int_equal(policy_gate(policy_repository(&c.policy, "team/app"),
	                     "refs/tags/v1", &gate),
	    GATE_ONE);
	assert_string_equal(gate->name, "production");
	assert_int_equal(gate->approvals.independent_of, INDEPENDENT_OF_LANDER);
	assert_string_equal(c.settings.doors[0].root, "/srv/git");
	assert_string_equal(people_by_login(&c.people, "http", "alice")->id,
	    "alice");
}

/* The groups that the sample policy names have somebody in them. */
static void
the_samples_fit_together(void **state)
{
	static const char *const groups[] = {"platform", "engineers", "dba",
	    "release", "deployers", "incident-commanders"};
	struct config c = {0};
	struct err err = {0};

	(void)state;
	put_sample(CONFIG_SETTINGS);
	put_sample(CONFIG_POLICY);
	put_sample(CONFIG_PEOPLE);
	assert_int_equal(config_read(&c, &pool, dir, &err), 0);
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		size_t in = 0;

		for (size_t i = 0; i < c.people.count; i++)
			in += person_in(&c.people.list[i], groups[g]);
		assert_true(in > 0);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_three_files_are_read_with_their_digests),
	    TEST(a_link_to_the_directory_is_followed),
	    TEST(a_file_that_is_missing_is_named),
	    TEST(a_link_in_the_place_of_a_file_is_refused),
	    TEST(what_is_no_file_is_refused_and_not_waited_for),
	    TEST(what_others_can_write_is_refused),
	    TEST(a_file_over_the_limit_is_refused),
	    TEST(what_the_readers_refuse_is_named_with_its_place),
	    TEST(a_gate_elsewhere_needs_the_settings_alone),
	    TEST(new_settings_are_tried_with_the_people_there_are),
	    TEST(a_file_is_put_in_place_with_mode_and_owner_kept),
	    TEST(a_new_file_is_readable_by_all_whatever_the_umask),
	    TEST(what_a_killed_process_left_is_not_in_the_way),
	    TEST(only_the_three_files_are_ever_put),
	    TEST(what_is_no_file_is_not_replaced),
	    TEST(the_samples_are_sound_and_strict),
	    TEST(the_samples_fit_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

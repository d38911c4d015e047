/* Where copies lie, what is fetched, and links to the page of one change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/change_token.h"
#include "app/mirror.h"
#include "app/secret_file.h"
#include "base/text.h"

static void
only_plain_names_have_a_copy(void **state)
{
	static const char *const good[] = {"payments", "acme/payments",
	    "a.b/c_d-e", "a/b/c/d", "x..y"};
	static const char *const bad[] = {"", "/", "/etc", "a/", "a//b", "..",
	    "../a", "a/../b", "a/.", ".a", "-a", "a/-b", "a b", "a\nb", "a%b",
	    "a.git", "a.git/b", "a.lock", "a\\b", "\303\244", "a;b", "$a",
	    "1/2/3/4/5/6/7/8/9/10/11"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!mirror_name_is_safe(good[i]))
			fail_msg("'%s' has none", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (mirror_name_is_safe(bad[i]))
			fail_msg("'%s' has one", bad[i]);
}

struct address {
	enum source_kind kind;
	const char *api, *url, *credentials; /* `url` NULL: refused */
};

static void
a_copy_is_fetched_from_beside_the_interface(void **state)
{
	static const struct address cases[] = {
	    {SOURCE_GITHUB, "https://api.github.com",
	        "https://github.com/acme/x.git", "https://github.com"},
	    {SOURCE_GITHUB, "https://git.example.com/api/v3/",
	        "https://git.example.com/acme/x.git",
	        "https://git.example.com"},
	    {SOURCE_GITLAB, "https://gitlab.com/api/v4",
	        "https://gitlab.com/acme/x.git", "https://gitlab.com"},
	    {SOURCE_GITEA, "https://example.com:3000/git/api/v1",
	        "https://example.com:3000/git/acme/x.git",
	        "https://example.com:3000"},
	    {SOURCE_BITBUCKET, "https://api.bitbucket.org/2.0",
	        "https://bitbucket.org/acme/x.git", "https://bitbucket.org"},
	    {SOURCE_BITBUCKET_DC, "https://example.com/rest",
	        "https://example.com/scm/acme/x.git", "https://example.com"},
	    {SOURCE_GITHUB, "http://127.0.0.1:8080/api/v3",
	        "http://127.0.0.1:8080/acme/x.git", "http://127.0.0.1:8080"},
	    {SOURCE_GITHUB, "http://example.com/api/v3", NULL, NULL},
	    {SOURCE_GITHUB, "http://127.0.0.1.example.com/api/v3", NULL, NULL},
	    {SOURCE_GITHUB, "http://localhost@example.com/api/v3", NULL, NULL},
	    {SOURCE_GITHUB, "https://me:word@example.com/api/v3", NULL, NULL},
	    {SOURCE_GITHUB, "file:///srv/git", NULL, NULL},
	    {SOURCE_GITHUB, "ext::sh -c true", NULL, NULL},
	    {SOURCE_GENERIC, "https://example.com", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct address *a = &cases[i];
		const struct source s = {.name = "hub",
		    .kind = a->kind,
		    .api = a->api,
		    .mirrors = "/m"};
		struct pool pool = {0};
		struct mirror m;
		struct err err = {0};
		int ret = mirror_of(&m, &pool, &s, "acme/x", "x", &err);

		if ((ret == 0) != (a->url != NULL))
			fail_msg("%s: %s", a->api, err.text);
		if (ret == 0) {
			assert_string_equal(m.url, a->url);
			assert_string_equal(m.credentials, a->credentials);
			assert_string_equal(m.dir, "/m/x.git");
		}
		pool_free(&pool);
	}
}

static void
a_token_opens_one_change_and_no_other(void **state)
{
	struct change_token_key key = {.len = 32}, other = {.len = 32};
	const struct change_token_key none = {0};
	char token[CHANGE_TOKEN_SIZE];

	(void)state;
	memset(key.bytes, 'a', 32);
	memset(other.bytes, 'b', 32);
	change_token(token, &key, "payments/main/0123456789ab");
	assert_int_equal(strlen(token), CHANGE_TOKEN_SIZE - 1);
	assert_null(strpbrk(token, "+/="));
	assert_true(change_token_is(&key, "payments/main/0123456789ab", token));
	assert_false(
	    change_token_is(&key, "payments/main/0123456789ac", token));
	assert_false(
	    change_token_is(&other, "payments/main/0123456789ab", token));
	assert_false(
	    change_token_is(&none, "payments/main/0123456789ab", token));
	assert_false(change_token_is(&key, "payments/main/0123456789ab", ""));
	token[7] = token[7] == 'A' ? 'B' : 'A';
	assert_false(
	    change_token_is(&key, "payments/main/0123456789ab", token));
}

static void
a_link_needs_a_page_and_a_key(void **state)
{
	struct change_token_key key = {.len = 32}, none = {0};
	struct receiver r = {.page = "https://changes.example.com/"};
	struct pool pool = {0};
	const char *link = change_address(&pool, &r, &key, "a b/main/0&");

	(void)state;
	assert_true(text_starts(link, "https://changes.example.com/change/"));
	assert_true(text_ends(link, "?id=a%20b/main/0%26"));
	assert_null(change_address(&pool, &r, &none, "a"));
	r.page = NULL;
	assert_null(change_address(&pool, &r, &key, "a"));
	pool_free(&pool);
}

struct secret {
	const char *text;
	mode_t mode;
	const char *found; /* NULL: refused */
};

static void
a_secret_is_read_from_a_file_of_its_own(void **state)
{
	static const struct secret cases[] = {
	    {"word", 0600, "word"},
	    {"word\n", 0640, "word"},
	    {"word\r\n", 0600, "word"},
	    {"word\n\n", 0600, "word\n"},
	    {"", 0600, NULL},
	    {"\n", 0600, NULL},
	    {"word", 0644, NULL},
	    {"word", 0660, NULL},
	};
	char path[] = "/tmp/foureyes-secret.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct secret *c = &cases[i];
		char out[SECRET_FILE_MAX + 1];
		struct err err = {0};
		size_t len = strlen(c->text);
		int ret;

		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, c->text, len, 0), len);
		assert_int_equal(fchmod(fd, c->mode), 0);
		ret = secret_file_read(out, &len, path, &err);
		assert_int_equal(ret, c->found == NULL ? -1 : 0);
		if (ret == 0)
			assert_string_equal(out, c->found);
		else
			assert_null(strstr(err.text, "word"));
	}
	(void)close(fd);
	(void)unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(only_plain_names_have_a_copy),
	    cmocka_unit_test(a_copy_is_fetched_from_beside_the_interface),
	    cmocka_unit_test(a_token_opens_one_change_and_no_other),
	    cmocka_unit_test(a_link_needs_a_page_and_a_key),
	    cmocka_unit_test(a_secret_is_read_from_a_file_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"
#include "core/listing.h"

/* Entries "mode name", each with an id; NULL ends them. */
static const char *
defect_of(struct pool *pool, const char *const *entries)
{
	struct buf raw = {0};
	const char *why;

	for (; *entries != NULL; entries++) {
		buf_add(&raw, *entries, strlen(*entries) + 1);
		buf_add(&raw, "\1\2\3\4\5\6\7\10\11\12\1\2\3\4\5\6\7\10\11\12",
		    20);
	}
	why = listing_defect(pool, buf_text(&raw), raw.len);
	buf_free(&raw);
	return why;
}

#define ENTRIES(...) ((const char *const[]){__VA_ARGS__, NULL})

struct row {
	const char *const *entries;
	const char *why; /* NULL: sound */
};

static void
expect(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct pool pool = {0};
		const char *why = defect_of(&pool, rows[i].entries);

		if ((why == NULL) != (rows[i].why == NULL) ||
		    (why != NULL && strcmp(why, rows[i].why) != 0))
			fail_msg("row %zu: %s", i, why != NULL ? why : "sound");
		pool_free(&pool);
	}
}

static void
a_tree_as_git_writes_it_is_sound(void **state)
{
	static const char *const none[] = {NULL};
	const struct row rows[] = {
	    {none, NULL},
	    {ENTRIES("100644 a", "100755 b", "120000 c", "40000 d", "160000 e"),
	        NULL},
	    {ENTRIES("100644 a", "100644 a-b", "40000 a.c", "100644 a0"), NULL},
	    /* As if a directory ended in a slash. */
	    {ENTRIES("100644 a-b", "40000 a", "100644 a0"), NULL},
	    {ENTRIES("100644 a", "100644 ab", "40000 abc"), NULL},
	    {ENTRIES("100644 A", "100644 a", "100644 \xff"), NULL},
	};

	(void)state;
	expect(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
order_and_names_are_checked(void **state)
{
	const struct row rows[] = {
	    {ENTRIES("100644 a", "100644 a"), "two entries named 'a'"},
	    {ENTRIES("100644 a", "100755 a"), "two entries named 'a'"},
	    {ENTRIES("40000 a", "40000 a"), "two entries named 'a'"},
	    {ENTRIES("100644 a", "40000 a"), "two entries named 'a'"},
	    {ENTRIES("100644 a", "100644 a!", "100644 a!b", "100644 a-",
	         "40000 a"),
	        "two entries named 'a'"},
	    {ENTRIES("160000 a", "100644 a-", "40000 a"),
	        "two entries named 'a'"},
	    {ENTRIES("100644 b", "100644 a"), "out of order, the entry 'a'"},
	    {ENTRIES("40000 a", "100644 a-b"), "out of order, the entry 'a-b'"},
	    {ENTRIES("40000 a", "100644 a"), "out of order, the entry 'a'"},
	    {ENTRIES("100644 ab", "100644 a"), "out of order, the entry 'a'"},
	    {ENTRIES("100644 a/b"), "a slash in the name 'a/b'"},
	    {ENTRIES("100644 "), "an entry without a name"},
	    {ENTRIES("100644 ."), "an entry named '.'"},
	    {ENTRIES("40000 .."), "an entry named '..'"},
	    {ENTRIES("40000 .git"), "an entry named '.git'"},
	};

	(void)state;
	expect(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
modes_are_written_in_one_way(void **state)
{
	const struct row rows[] = {
	    {ENTRIES("0100644 a"), "the mode '0100644' of 'a'"},
	    {ENTRIES("040000 a"), "the mode '040000' of 'a'"},
	    {ENTRIES("100664 a"), "the mode '100664' of 'a'"},
	    {ENTRIES("1 a"), "the mode '1' of 'a'"},
	    {ENTRIES(" a"), "the mode '' of 'a'"},
	    {ENTRIES("10064\n a"), "the mode '10064\\u{000A}' of 'a'"},
	    {ENTRIES("100644x a"), "the mode '100644x' of 'a'"},
	    {ENTRIES("100644"), "an entry that does not end"},
	};

	(void)state;
	expect(rows, sizeof(rows) / sizeof(rows[0]));
}

static void
an_entry_that_is_cut_off_is_a_defect(void **state)
{
	static const char whole[] = "100644 a\0"
	                            "12345678901234567890";
	struct pool pool = {0};

	(void)state;
	assert_null(listing_defect(&pool, whole, sizeof(whole) - 1));
	for (size_t len = 1; len < sizeof(whole) - 1; len++)
		assert_non_null(listing_defect(&pool, whole, len));
	pool_free(&pool);
}

static void
what_some_file_system_takes_for_git_is_found(void **state)
{
	static const char *const yes[] = {".git", ".GIT", ".gIt", "git~1",
	    "GIT~1", ".git ", ".git.", ".git. . ", ".git:x",
	    "git~1:", "a\\.git", ".git\\a", "a\\git~1 \\b", ".g\xe2\x80\x8cit",
	    "\xef\xbb\xbf.git", ".git\xe2\x81\xaf", ".\xe2\x80\xaagit"};
	static const char *const no[] = {"", ".", "git", ".gitignore",
	    ".github", "git~2", "git~10", "a.git", ".git-", ".g it", "x:.git",
	    ".git\xe2\x80\x8b", ".gi\xff", ".g\xc3\xaft"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!listing_is_dotgit(yes[i], strlen(yes[i])))
			fail_msg("'%s' is let through", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (listing_is_dotgit(no[i], strlen(no[i])))
			fail_msg("'%s' is refused", no[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_tree_as_git_writes_it_is_sound),
	    cmocka_unit_test(order_and_names_are_checked),
	    cmocka_unit_test(modes_are_written_in_one_way),
	    cmocka_unit_test(an_entry_that_is_cut_off_is_a_defect),
	    cmocka_unit_test(what_some_file_system_takes_for_git_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

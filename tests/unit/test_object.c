#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/object.h"

#define OID "0123456789abcdef0123456789abcdef01234567"
#define OID2 "89abcdef0123456789abcdef0123456789abcdef"
#define OID_256                                                                \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TREE "tree " OID "\n"
#define A "author A <a@x.test> 1700000000 +0000\n"
#define C "committer C <c@x.test> 1700000001 -0130\n"
#define TAIL "\nsubject\n"

struct bad {
	const char *raw;
	const char *defect;
	const char *says;
};

static void
expect_commit(const char *raw, size_t len, const char *defect, const char *says)
{
	struct pool pool = {0};
	struct commit c;
	struct err err = {0};

	if (commit_parse(&c, &pool, raw, len, &err) == 0)
		fail_msg("taken, not '%s': %s", defect, raw);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(c.defect, defect);
	assert_null(c.tree);
	if (says && !strstr(err.text, says))
		fail_msg("'%s' does not say '%s'", err.text, says);
	pool_free(&pool);
}

static struct commit
good_commit(struct pool *pool, const char *raw)
{
	struct commit c;
	struct err err = {0};

	if (commit_parse(&c, pool, raw, strlen(raw), &err) < 0)
		fail_msg("%s: %s", err.text, raw);
	assert_null(c.defect);
	return c;
}

static void
a_plain_commit_gives_all_it_says(void **state)
{
	struct pool pool = {0};
	struct commit c;

	(void)state;
	c = good_commit(&pool,
	    TREE "parent " OID "\nparent " OID2 "\n" A C
	         "encoding ISO-8859-1\ngpgsig -----BEGIN\n \n abc\n"
	         "HG:extra a:b\nmergetag object x\n type y\n" TAIL);
	assert_string_equal(c.tree, OID);
	assert_int_equal(c.parent_count, 2);
	assert_string_equal(c.parents[0], OID);
	assert_string_equal(c.parents[1], OID2);
	assert_string_equal(c.author.name, "A");
	assert_string_equal(c.author.email, "a@x.test");
	assert_int_equal(c.author.seconds, 1700000000);
	assert_string_equal(c.author.date, "1700000000 +0000");
	assert_string_equal(c.committer.email, "c@x.test");
	assert_string_equal(c.committer.date, "1700000001 -0130");
	assert_string_equal(c.encoding, "ISO-8859-1");
	assert_true(c.is_signed);
	assert_string_equal(c.message, "subject\n");
	assert_int_equal(c.message_len, 8);
	pool_free(&pool);
}

static void
odd_but_sound_commits_are_taken(void **state)
{
	static const char *const raws[] = {
	    TREE A C,
	    TREE A C "\n",
	    TREE A C "\n\n\nx",
	    TREE A C "gpgsig-sha256 x\ngpgsig y\n" TAIL,
	    TREE A C "HG:rename-source hg\nunknown\n" TAIL,
	    TREE "author  <a@x> 0 +0000\n" C TAIL,
	    TREE "author <a@x> 0 +0000\n" C TAIL,
	    TREE "author A \xe9 <a@x> 0 +0000\n" C TAIL,
	    TREE "author A \x1b[2K\r <a@x> 0 +0000\n" C TAIL,
	    TREE "author A <a@x> 4294967296 +2400\n" C TAIL,
	    TREE "author A <a@x> 9223372036854775807 -3407\n" C TAIL,
	    TREE "author A <not an address> 1 +0000\n" C TAIL,
	    "tree " OID_256 "\nparent " OID_256 "\n" A C TAIL,
	};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(raws) / sizeof(raws[0]); i++)
		(void)good_commit(&pool, raws[i]);
	assert_null(good_commit(&pool, raws[0]).message);
	assert_string_equal(good_commit(&pool, raws[1]).message, "");
	assert_string_equal(good_commit(&pool, raws[2]).message, "\n\nx");
	assert_string_equal(good_commit(&pool, raws[5]).author.name, "");
	assert_false(good_commit(&pool, raws[0]).is_signed);
	assert_true(good_commit(&pool, raws[3]).is_signed);
	pool_free(&pool);
}

static void
G03_G04_G06_each_defect_has_its_code(void **state)
{
	static const struct bad bads[] = {
	    {"", "unterminated-header", NULL},
	    {TREE A "committer C <c@x> 1 +0000", "unterminated-header", NULL},
	    {"\n" TREE A C TAIL, "bad-header", NULL},
	    {A C TAIL, "no-tree", NULL},
	    {"tree  " OID "\n" A C TAIL, "bad-object-id", "tree"},
	    {"tree " OID "0\n" A C TAIL, "bad-object-id", NULL},
	    {"tree 0123456789ABCDEF0123456789abcdef01234567\n" A C TAIL,
	        "bad-object-id", NULL},
	    {TREE "parent " OID_256 "\n" A C TAIL, "bad-object-id", "parent"},
	    {TREE "parent \n" A C TAIL, "bad-object-id", "parent"},
	    {TREE TREE A C TAIL, "two-trees", NULL},
	    {TREE A C TREE TAIL, "two-trees", NULL},
	    {TREE A C "tree\n" TAIL, "two-trees", NULL},
	    {TREE A "parent " OID "\n" C TAIL, "no-committer", NULL},
	    {TREE A C "parent " OID "\n" TAIL, "stray-parent", NULL},
	    {TREE C TAIL, "no-author", NULL},
	    {TREE C A TAIL, "no-author", NULL},
	    {TREE "encoding x\n" A C TAIL, "no-author", NULL},
	    {TREE A A C TAIL, "two-authors", NULL},
	    {TREE A C A TAIL, "two-authors", NULL},
	    {TREE A TAIL, "no-committer", NULL},
	    {TREE A "encoding x\n" C TAIL, "no-committer", NULL},
	    {TREE A C C TAIL, "two-committers", NULL},
	    {TREE A C "gpgsig a\ngpgsig b\n" TAIL, "two-signatures", NULL},
	    {TREE A C "gpgsig-sha256 a\nx y\ngpgsig-sha256 b\n" TAIL,
	        "two-signatures", NULL},
	    {TREE A C "encoding latin1\nencoding latin1\n" TAIL,
	        "two-encodings", NULL},
	    {TREE A C "encoding latin1\n b\n" TAIL, "bad-header", NULL},
	    {TREE A C "encoding UTF-7\n" TAIL, "bad-encoding",
	        "an encoding in which ASCII is not ASCII"},
	    {TREE A C "encoding \n" TAIL, "bad-encoding", NULL},
	    {TREE A C "encoding utf\n" TAIL, "bad-encoding", NULL},
	    {TREE A C "encoding utf-8x\n" TAIL, "bad-encoding", NULL},
	    {TREE A C "encoding UTF-16\n" TAIL, "bad-encoding", NULL},
	    {TREE A C "encoding --\n" TAIL, "bad-encoding", NULL},
	    {TREE A C "\tx\n" TAIL, "bad-header", NULL},
	    {TREE A C "k\xc3\xa9y x\n" TAIL, "bad-header", NULL},
	    {TREE A " x\n" C TAIL, "bad-header", "author"},
	    {"tree " OID "\n x\n" A C TAIL, "bad-header", "tree"},
	    {TREE "author A a@x.test 1 +0000\n" C TAIL, "no-address",
	        "no e-mail address on the author line"},
	    {TREE "author A <a@x.test 1 +0000\n" C TAIL, "no-address", NULL},
	    {TREE "author A <a@\nx> 1 +0000\n" C TAIL, "no-address", NULL},
	    {TREE "author A <a@\n x> 1 +0000\n" C TAIL, "bad-header", NULL},
	    {TREE "author A <> 1 +0000\n" C TAIL, "empty-address", NULL},
	    {TREE "author A < \t> 1 +0000\n" C TAIL, "empty-address", NULL},
	    {TREE A "committer A <a@x> <b@x> 1 +0000\n" TAIL, "two-addresses",
	        "two e-mail addresses on the committer line"},
	    {TREE "author A <a@x.test> <b@x.test> 1 +0000\n" C TAIL,
	        "two-addresses", "two e-mail addresses on the author line"},
	    {TREE "author A < a@x> 1 +0000\n" C TAIL, "bad-address",
	        "a blank or stop at an end of the e-mail address"},
	    {TREE "author A <a@x\t> 1 +0000\n" C TAIL, "bad-address", NULL},
	    {TREE "author A <a@x.> 1 +0000\n" C TAIL, "bad-address", NULL},
	    {TREE "author A <'a@x'> 1 +0000\n" C TAIL, "bad-address", NULL},
	    {TREE "author A> <a@x> 1 +0000\n" C TAIL, "two-addresses", NULL},
	    {TREE "author A <a@x> 1> +0000\n" C TAIL, "two-addresses", NULL},
	    {TREE "author A <<a@x> 1 +0000\n" C TAIL, "two-addresses", NULL},
	    {TREE "author >A<a@x 1 +0000\n" C TAIL, "two-addresses", NULL},
	    {TREE "author A<a@x> 1 +0000\n" C TAIL, "bad-name", NULL},
	    {TREE "author A <a@x>\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x>1 +0000\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x> 1\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x>  1 +0000\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x> -1 +0000\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x> 01 +0000\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x> 1x +0000\n" C TAIL, "bad-date", NULL},
	    {TREE "author A <a@x> 9223372036854775808 +0000\n" C TAIL,
	        "bad-date", NULL},
	    {TREE "author A <a@x> 99999999999999999999 +0000\n" C TAIL,
	        "bad-date", NULL},
	    {TREE "author A <a@x> 1 0000\n" C TAIL, "bad-zone", NULL},
	    {TREE "author A <a@x> 1 +051800\n" C TAIL, "bad-zone", NULL},
	    {TREE "author A <a@x> 1 +00x0\n" C TAIL, "bad-zone", NULL},
	    {TREE "author A <a@x> 1 +000\n" C TAIL, "bad-zone", NULL},
	    {TREE "author A <a@x> 1 +0000 \n" C TAIL, "bad-zone", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++)
		expect_commit(bads[i].raw, strlen(bads[i].raw), bads[i].defect,
		    bads[i].says);
}

static void
G01_a_nul_anywhere_is_a_defect(void **state)
{
	static const char in_message[] = TREE A C "\nsubject\0Rollback-Plan: x";
	static const char in_header[] = TREE A C "encoding a\0b\n" TAIL;
	static const char at_end[] = TREE A C TAIL;

	(void)state;
	expect_commit(in_message, sizeof(in_message) - 1, "nul", "NUL");
	expect_commit(in_header, sizeof(in_header) - 1, "nul", NULL);
	expect_commit(at_end, sizeof(at_end), "nul", NULL);
}

static void
G09_a_message_over_the_limit_is_refused_by_its_name(void **state)
{
	struct buf raw = {0};
	struct pool pool = {0};

	(void)state;
	buf_put(&raw, TREE A C "\n");
	for (size_t i = 0; i < OBJECT_MESSAGE_MAX; i++)
		buf_char(&raw, 'm');
	assert_int_equal(good_commit(&pool, raw.data).message_len,
	    OBJECT_MESSAGE_MAX);
	buf_char(&raw, 'm');
	expect_commit(raw.data, raw.len, "message-too-long", "1048576");
	buf_free(&raw);
	pool_free(&pool);
}

static void
a_header_over_the_limit_is_refused(void **state)
{
	struct buf raw = {0};

	(void)state;
	buf_put(&raw, TREE A C "x ");
	for (size_t i = 0; i < OBJECT_HEADER_MAX; i++)
		buf_char(&raw, 'h');
	buf_put(&raw, "\n" TAIL);
	expect_commit(raw.data, raw.len, "header-too-long", NULL);
	buf_free(&raw);
}

static void
parents_are_bounded(void **state)
{
	struct buf raw = {0};
	struct pool pool = {0};

	(void)state;
	for (size_t extra = 0; extra < 2; extra++) {
		buf_clear(&raw);
		buf_put(&raw, TREE);
		for (size_t i = 0; i < OBJECT_PARENTS_MAX + extra; i++)
			buf_put(&raw, "parent " OID "\n");
		buf_put(&raw, A C TAIL);
		if (extra == 0)
			assert_int_equal(
			    good_commit(&pool, raw.data).parent_count,
			    OBJECT_PARENTS_MAX);
		else
			expect_commit(raw.data, raw.len, "too-many-parents",
			    "1024");
	}
	buf_free(&raw);
	pool_free(&pool);
}

#define OBJ "object " OID "\ntype commit\n"
#define TAGGER "tagger T <t@x.test> 1700000002 +0100\n"

static void
a_tag_gives_all_it_says(void **state)
{
	static const char raw[] = OBJ "tag v1 x\n" TAGGER "\nfree\n";
	static const char old[] = "object " OID "\ntype tree\ntag v1\n";
	struct pool pool = {0};
	struct tag t;
	struct err err = {0};

	(void)state;
	assert_int_equal(tag_parse(&t, &pool, raw, sizeof(raw) - 1, &err), 0);
	assert_string_equal(t.object, OID);
	assert_int_equal(t.kind, OBJECT_COMMIT);
	assert_string_equal(t.name, "v1 x");
	assert_true(t.has_tagger);
	assert_string_equal(t.tagger.email, "t@x.test");
	assert_int_equal(t.tagger.seconds, 1700000002);
	assert_string_equal(t.message, "free\n");
	assert_int_equal(tag_parse(&t, &pool, old, sizeof(old) - 1, &err), 0);
	assert_int_equal(t.kind, OBJECT_TREE);
	assert_false(t.has_tagger);
	assert_null(t.message);
	pool_free(&pool);
}

static void
each_defect_of_a_tag_has_its_code(void **state)
{
	static const struct bad bads[] = {
	    {"type commit\ntag v\n" TAGGER TAIL, "no-object", NULL},
	    {"object x\ntype commit\ntag v\n" TAGGER TAIL, "bad-object-id",
	        NULL},
	    {"object " OID "\ntag v\n" TAGGER TAIL, "no-type", NULL},
	    {"object " OID "\ntype thing\ntag v\n" TAGGER TAIL, "bad-type",
	        NULL},
	    {"object " OID "\ntype commit\n x\ntag v\n" TAGGER TAIL,
	        "bad-header", NULL},
	    {OBJ TAGGER TAIL, "no-name", NULL},
	    {OBJ "tag \n" TAGGER TAIL, "no-name", NULL},
	    {OBJ "tag v\n w\n" TAGGER TAIL, "bad-header", NULL},
	    {OBJ "tag v\ntagger T <t@x> <u@x> 1 +0000\n" TAIL, "two-addresses",
	        "tagger"},
	    {OBJ "tag v\ntag foureyes/x\n" TAGGER TAIL, "two-headers", NULL},
	    {OBJ "tag v\n" TAGGER TAGGER TAIL, "two-headers", NULL},
	    {OBJ "tag v\nx y\n" TAGGER TAIL, "two-headers", NULL},
	    {OBJ "tag v\n" TAGGER "object " OID "\n" TAIL, "two-headers", NULL},
	    {OBJ "tag v\n" TAGGER "gpgsig a\ngpgsig b\n" TAIL, "two-signatures",
	        NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		struct pool pool = {0};
		struct tag t;
		struct err err = {0};

		if (tag_parse(&t, &pool, bads[i].raw, strlen(bads[i].raw),
		        &err) == 0)
			fail_msg("taken: %s", bads[i].raw);
		assert_string_equal(t.defect, bads[i].defect);
		assert_non_null(strstr(err.text, "tag object"));
		pool_free(&pool);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_plain_commit_gives_all_it_says),
	    cmocka_unit_test(odd_but_sound_commits_are_taken),
	    cmocka_unit_test(G03_G04_G06_each_defect_has_its_code),
	    cmocka_unit_test(G01_a_nul_anywhere_is_a_defect),
	    cmocka_unit_test(
	        G09_a_message_over_the_limit_is_refused_by_its_name),
	    cmocka_unit_test(a_header_over_the_limit_is_refused),
	    cmocka_unit_test(parents_are_bounded),
	    cmocka_unit_test(a_tag_gives_all_it_says),
	    cmocka_unit_test(each_defect_of_a_tag_has_its_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

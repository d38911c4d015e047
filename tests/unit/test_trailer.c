#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/trailer.h"
#include "run.h"

#define GENERATED 400

/* "key: value\n" of each, as git prints them. */
static void
print(struct buf *out, const char *message, size_t len)
{
	struct pool pool = {0};
	struct trailer *list;
	size_t count;

	buf_add(out, "", 0);
	trailers_parse(&pool, message, len, &list, &count);
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "%s: %s\n", list[i].key, list[i].value);
	pool_free(&pool);
}

static void
expect(const char *message, const char *trailers)
{
	struct buf out = {0};

	print(&out, message, strlen(message));
	if (strcmp(out.data, trailers) != 0)
		fail_msg("of\n%s\ngot\n%s\nnot\n%s", message, out.data,
		    trailers);
	buf_free(&out);
}

static void
the_last_paragraph_is_read(void **state)
{
	(void)state;
	expect("s\n\nbody\n\nA: 1\nB-c:2\n", "A: 1\nB-c: 2\n");
	expect("s\n\nA: 1\n\nB: 2", "B: 2\n");
	expect("s\n\nA : 1\n \n\n", "A: 1\n");
	expect("s\n\nA:\n", "A: \n");
	expect("", "");
	expect("\n", "");
	expect("\n\n\n", "");
}

static void
H01_quoted_and_indented_lines_are_no_trailers(void **state)
{
	(void)state;
	expect("s\n\nsaid\nApproved-by: Bob <b@x>\nyesterday\n\nend\n", "");
	expect("s\n\nApproved-by: Bob <b@x>\n\nend\n", "");
	expect("s\n\n Approved-by: Bob <b@x>\n", "");
	expect("s\n\n> Approved-by: Bob <b@x>\n", "");
}

static void
the_first_paragraph_has_none(void **state)
{
	(void)state;
	expect("fix: the bug\n", "");
	expect("fix: the bug\nA: 1\n", "");
	expect("# c\nfix: the bug\n\nA: 1\n", "A: 1\n");
}

static void
one_stranger_spoils_a_paragraph_that_git_did_not_make(void **state)
{
	(void)state;
	expect("s\n\nstranger\nA: 1\nB: 2\nC: 3\nD: 4\n", "");
	expect("s\n\nx\nx\nx\nSigned-off-by: a\n", "Signed-off-by: a\n");
	expect("s\n\nx\nx\nx\nx\nSigned-off-by: a\n", "");
	expect("s\n\nx\nA: 1\n(cherry picked from commit 12)\n", "A: 1\n");
	/* A known line is known by its case and blank too. */
	expect("s\n\nx\nsigned-off-by: a\n", "");
	expect("s\n\nx\nSigned-off-by:a\n", "");
}

static void
H03_a_carriage_return_is_no_part_of_a_value(void **state)
{
	(void)state;
	expect("s\r\n\r\nbody\r\n\r\nA: 1\r\nB: 2\r\n", "A: 1\nB: 2\n");
	expect("s\n\nA: 1\r\n", "A: 1\n");
	expect("s\n\nA: 1\r\n more\r\n", "A: 1 more\n");
}

static void
H04_a_lone_divider_cuts_and_a_longer_one_does_not(void **state)
{
	(void)state;
	expect("s\n\nTitle\n------\n\nA: 1\n", "A: 1\n");
	expect("s\n\nbody\n---\n\nA: 1\n", "");
	expect("s\n\nA: 1\n---\n\nB: 2\n", "A: 1\n");
	expect("s\n\nA: 1\n--- x\nB: 2\n", "A: 1\n");
	expect("s\n\nA: 1\n---\r\nB: 2\n", "A: 1\n");
	expect("s\n\nA: 1\n---", "A: 1\n");
	expect("s\n\nA: 1\n---x\n", "");
}

static void
H05_a_value_goes_on_where_a_line_begins_with_a_blank(void **state)
{
	(void)state;
	expect("s\n\nApproved-by: Bob\n <b@x>\n", "Approved-by: Bob <b@x>\n");
	expect("s\n\nApproved-by: Bob\n\t  <b@x>\n",
	    "Approved-by: Bob <b@x>\n");
	expect("s\n\nApproved-by: Bob\n<b@x>\n", "");
	expect("s\n\nA:\n  1\n   2\nB: 3\n", "A: 1 2\nB: 3\n");
}

static void
comments_conflicts_and_what_is_cut_off_stand_behind(void **state)
{
	(void)state;
	expect("s\n\nA: 1\n# c\nB: 2\n# d\n", "A: 1\nB: 2\n");
	expect("s\n\nA: 1\n# c\n more\n", "");
	expect("s\n\nA: 1\n\n# c\n\n# d\n", "A: 1\n");
	expect("s\n\nA: 1\n\nConflicts:\n\tx\n\ty\n", "A: 1\n");
	expect("s\n\nA: 1\n"
	       "# ------------------------ >8 ------------------------\n"
	       "diff\n\nB: 2\n",
	    "A: 1\n");
}

static void
a_key_is_found_whatever_its_case(void **state)
{
	static const char message[] = "s\n\nTicket: A\nother: x\nTICKET: B\n";
	struct pool pool = {0};
	struct trailer *list;
	size_t count, times = 7;

	(void)state;
	trailers_parse(&pool, message, strlen(message), &list, &count);
	assert_string_equal(trailer_get(list, count, "ticket", &times), "A");
	assert_int_equal(times, 2);
	assert_string_equal(trailer_get(list, count, "Other", NULL), "x");
	assert_null(trailer_get(list, count, "tick", &times));
	assert_int_equal(times, 0);
	assert_false(trailer_is(&list[0], "Ticke"));
	pool_free(&pool);
}

static void
the_place_is_where_the_trailers_stand(void **state)
{
	static const char with[] = "s\n\nA: 1\n\n# c\n";
	static const char without[] = "s\n\nbody\n";
	size_t end;

	(void)state;
	assert_int_equal(trailers_place(with, strlen(with), &end), 3);
	assert_int_equal(end, 8);
	assert_int_equal(trailers_place(without, strlen(without), &end), end);
}

/* Pieces that git's rules turn on, put together at random. */
static const char *const pieces[] = {"Signed-off-by: A <a@x>\n",
    "Ticket: T-1\n", "key : v\n", "A:\n", "two words: v\n", " folded\n",
    "\tfolded: x\n", "prose here\n", "prose: with colon\n", "\n", "\n", "\n",
    " \n", "# comment\n", "#\n", "------\n", "Conflicts:\n", "\tpath\n",
    "(cherry picked from commit 1)\n", "A: 1\r\n", "\r\n", ":\n", "-x: y\n",
    "A: b", "http://x\n", "\xc3\xa9: x\n", "\fA: 1\n", "A\v: 1\n"};

static uint32_t
roll(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
generate(struct buf *message, uint32_t *seed)
{
	uint32_t lines = roll(seed) % 14;

	buf_clear(message);
	buf_put(message, roll(seed) % 4 ? "subject\n\n" : "");
	for (uint32_t i = 0; i < lines; i++)
		buf_put(message,
		    pieces[roll(seed) % (sizeof(pieces) / sizeof(pieces[0]))]);
	if (roll(seed) % 8 == 0)
		buf_put(message, "---\nA: below\n");
	else if (roll(seed) % 16 == 0)
		buf_put(message,
		    "# ------------------------ >8 "
		    "------------------------\nA: cut\n");
}

/* git leaves a carriage return that stood before a fold. */
static void
drop_returns(struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < out->len; i++)
		if (out->data[i] != '\r')
			out->data[n++] = out->data[i];
	out->len = n;
	out->data[n] = '\0';
}

static void
git_says_the_same_of_generated_messages(void **state)
{
	struct buf message = {0}, ours = {0}, theirs = {0};
	uint32_t seed = 20261125, found = 0;

	(void)state;
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	for (int i = 0; i < GENERATED; i++) {
		generate(&message, &seed);
		buf_clear(&ours);
		buf_clear(&theirs);
		if (RUN("/", &message, &theirs, "git", "interpret-trailers",
		        "--parse") != 0)
			fail_msg("git does not run");
		buf_add(&theirs, "", 0);
		drop_returns(&theirs);
		print(&ours, buf_text(&message), message.len);
		if (strcmp(ours.data, theirs.data) != 0)
			fail_msg("of\n[%s]\nours\n%s\ngit's\n%s",
			    buf_text(&message), ours.data, theirs.data);
		found += ours.len > 0;
	}
	assert_true(found > GENERATED / 10);
	buf_free(&message);
	buf_free(&ours);
	buf_free(&theirs);
}

static void
expect_coauthors(const char *message, const char *all)
{
	struct pool pool = {0};
	struct coauthor *list;
	struct buf out = {0};
	size_t count;

	coauthors(&pool, message, strlen(message), &list, &count);
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s[%s]", list[i].name, list[i].email);
	if (strcmp(buf_text(&out), all) != 0)
		fail_msg("of\n%s\ngot %s, not %s", message, buf_text(&out),
		    all);
	buf_free(&out);
	pool_free(&pool);
}

static void
co_authors_are_found_wherever_they_stand(void **state)
{
	(void)state;
	expect_coauthors("s\n\nCo-authored-by: Bob <b@x>\n", "Bob[b@x]");
	expect_coauthors("s\n\nCO-AUTHORED-BY : Bob <b@x>\r\n", "Bob[b@x]");
	expect_coauthors("Co-authored-by: Bob <b@x>", "Bob[b@x]");
	expect_coauthors("s\n\n> Co-authored-by: Bob <b@x>\n\nend\n",
	    "Bob[b@x]");
	expect_coauthors("s\n\n  * Co-authored-by: Bob <b@x>\n\nend\n",
	    "Bob[b@x]");
	expect_coauthors("s\n\n---\nCo-authored-by: Bob <b@x>\n", "Bob[b@x]");
	expect_coauthors("s\n\nCo-authored-by: Bob\n <b@x>\n", "Bob[b@x]");
	expect_coauthors("s\n\nCo-developed-by: Bob <b@x>\n", "Bob[b@x]");
	expect_coauthors("s\n\nNot-Co-authored-by: Bob <b@x>\n", "");
	expect_coauthors("s\n\nCo-authored-byx: Bob <b@x>\n", "");
	expect_coauthors("s\n\nwe are Co-authored-by: Bob <b@x>\n", "");
}

static void
a_co_author_line_gives_every_address_on_it(void **state)
{
	(void)state;
	expect_coauthors("Co-authored-by: B <b@x>, C <c@x>\n", "B[b@x]C[c@x]");
	expect_coauthors("Co-authored-by: b@x\n", "[b@x]");
	expect_coauthors("Co-authored-by: Bob (b@x)\n", "Bob[b@x]");
	expect_coauthors("Co-authored-by: B b@x, C c@x\n", "B[b@x]C[c@x]");
	expect_coauthors("Co-authored-by: Bob\n", "Bob[]");
	expect_coauthors("Co-authored-by: Bob <b@x\n", "Bob[b@x]");
	expect_coauthors("Co-authored-by: Bob <>\n", "Bob[]");
	expect_coauthors("Co-authored-by:\n", "");
	expect_coauthors("Co-authored-by: B <b@x>\n  Co-authored-by: A <a@x>\n"
	                 "Co-authored-by: B <b@x>\n",
	    "A[a@x]B[b@x]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_paragraph_is_read),
	    cmocka_unit_test(H01_quoted_and_indented_lines_are_no_trailers),
	    cmocka_unit_test(the_first_paragraph_has_none),
	    cmocka_unit_test(
	        one_stranger_spoils_a_paragraph_that_git_did_not_make),
	    cmocka_unit_test(H03_a_carriage_return_is_no_part_of_a_value),
	    cmocka_unit_test(H04_a_lone_divider_cuts_and_a_longer_one_does_not),
	    cmocka_unit_test(
	        H05_a_value_goes_on_where_a_line_begins_with_a_blank),
	    cmocka_unit_test(
	        comments_conflicts_and_what_is_cut_off_stand_behind),
	    cmocka_unit_test(a_key_is_found_whatever_its_case),
	    cmocka_unit_test(the_place_is_where_the_trailers_stand),
	    cmocka_unit_test(git_says_the_same_of_generated_messages),
	    cmocka_unit_test(co_authors_are_found_wherever_they_stand),
	    cmocka_unit_test(a_co_author_line_gives_every_address_on_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/checkpoint.h"
#include "core/note.h"

#define DASH "\xe2\x80\x94"
#define LINE                                                                   \
	DASH                                                                   \
	    " PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static bool
parses(const char *data, size_t len, struct note *note, struct pool *pool)
{
	struct err err = {0};
	char *exact = malloc(len + 1);
	int ret;

	memcpy(exact, data, len);
	ret = note_parse(note, pool, pool_copy(pool, exact, len), len, &err);
	free(exact);
	assert_true(ret == 0 || err.kind == ERR_INPUT);
	return ret == 0;
}

static void
a_note_is_taken_apart(void **state)
{
	static const char data[] = "If you think cryptography is the answer\n"
	                           "\nto your problem,\n\n" LINE LINE;
	struct pool pool = {0};
	struct note note = {0};

	(void)state;
	assert_true(parses(data, sizeof(data) - 1, &note, &pool));
	assert_int_equal(note.len,
	    strlen("If you think cryptography is the "
	           "answer\n\nto your problem,\n"));
	assert_int_equal(note.count, 2);
	assert_string_equal(note.signatures[1].name, "PeterNeumann");
	assert_int_equal(note.signatures[1].len, 64);
	assert_memory_equal(note.signatures[1].id, "\xc7\x4f\x20\xa3", 4);
	pool_free(&pool);
}

static void
whatever_is_not_exactly_a_note_is_refused(void **state)
{
	static const char *const rows[] = {
	    "",
	    "\n",
	    "\n\n" LINE,
	    "text\n",
	    "text\n\n",
	    "text\n" LINE,
	    "text\n\n" LINE "x",
	    "text\n\n" DASH " name AAAAAAAA",
	    "text\n\n" DASH " name AAAAAA==\n",
	    "text\n\n" DASH " na+me AAAAAAAA\n",
	    "text\n\n" DASH "  AAAAAAAA\n",
	    "text\n\n" DASH " name  AAAAAAAA\n",
	    "text\n\n" DASH " name AAAAAAAA \n",
	    "text\n\n" DASH " na\xc2\xa0me AAAAAAAA\n",
	    "text\n\n- name AAAAAAAA\n",
	    "te\rxt\n\n" LINE,
	    "te\x7fxt\n\n" LINE,
	    "te\xffxt\n\n" LINE,
	    "text\n\n" LINE "\n",
	};
	struct pool pool = {0};
	struct note note;

	(void)state;
	assert_true(parses("t\n\n" LINE, strlen("t\n\n" LINE), &note, &pool));
	assert_true(parses("t\n\n" DASH " n AAAAAAAA\n",
	    strlen("t\n\n" DASH " n AAAAAAAA\n"), &note, &pool));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(parses(rows[i], strlen(rows[i]), &note, &pool));
	assert_false(parses("t\0\n\n" LINE, 4 + strlen(LINE), &note, &pool));
	pool_free(&pool);
}

static void
the_number_of_signatures_is_bounded(void **state)
{
	struct pool pool = {0};
	struct buf data = {0};
	struct note note;

	(void)state;
	buf_put(&data, "t\n\n");
	for (unsigned i = 0; i < NOTE_SIGNATURES_MAX; i++)
		buf_put(&data, DASH " n AAAAAAAA\n");
	assert_true(parses(data.data, data.len, &note, &pool));
	buf_put(&data, DASH " n AAAAAAAA\n");
	assert_false(parses(data.data, data.len, &note, &pool));
	buf_free(&data);
	pool_free(&pool);
}

/* The key that C2SP signed-note gives as a sample. */
static void
a_key_id_is_that_of_the_specification(void **state)
{
	unsigned char id[NOTE_ID_SIZE];
	struct buf key = {0};
	const char *sample = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

	(void)state;
	assert_true(text_parse_base64(&key, sample, strlen(sample), false));
	note_key_id(id, "example.com/foo", (unsigned char)key.data[0],
	    (unsigned char *)key.data + 1, key.len - 1);
	assert_memory_equal(id, "\x53\x0d\x90\x3a", 4);
	buf_free(&key);
}

#define ROOT "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static bool
reads(const char *text, struct checkpoint *c)
{
	struct err err = {0};
	size_t len = strlen(text);
	char *exact = malloc(len ? len : 1);
	int ret;

	memcpy(exact, text, len);
	ret = checkpoint_parse(c, exact, len, &err);
	free(exact);
	return ret == 0;
}

static void
a_checkpoint_is_read_as_it_was_written(void **state)
{
	struct checkpoint c = {0}, back = {0};
	struct err err = {0};
	struct buf text = {0};

	(void)state;
	assert_int_equal(checkpoint_name(&c, "example.com/foureyes", &err), 0);
	c.size = UINT64_MAX;
	digest_sha256(c.root, "", 0);
	checkpoint_text(&text, &c);
	assert_string_equal(text.data,
	    "example.com/foureyes\n18446744073709551615\n" ROOT "\n");
	assert_true(reads(text.data, &back));
	assert_string_equal(back.origin, c.origin);
	assert_true(back.size == c.size);
	assert_memory_equal(back.root, c.root, DIGEST_SIZE);
	assert_true(reads("o\n0\n" ROOT "\nextension\n", &back));
	buf_free(&text);
}

static void
whatever_is_not_exactly_a_checkpoint_is_refused(void **state)
{
	static const char *const rows[] = {"", "o\n", "o\n1\n",
	    "\n1\n" ROOT "\n", "o o\n1\n" ROOT "\n", "o\n01\n" ROOT "\n",
	    "o\n\n" ROOT "\n", "o\n-1\n" ROOT "\n",
	    "o\n18446744073709551616\n" ROOT "\n",
	    "o\n184467440737095516150\n" ROOT "\n", "o\n1 \n" ROOT "\n",
	    "o\n1\n" ROOT, "o\n1\n" ROOT "\n\n", "o\n1\n" ROOT "\nx",
	    "o\n1\nAAAA\n", "o\n1\n" ROOT "x\n"};
	struct checkpoint c;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(reads(rows[i], &c));
}

static void
an_origin_that_cannot_stand_in_a_note_is_refused(void **state)
{
	struct checkpoint c = {0};
	struct err err = {0};
	char big[CHECKPOINT_ORIGIN_SIZE + 1];

	(void)state;
	memset(big, 'a', sizeof(big));
	big[CHECKPOINT_ORIGIN_SIZE] = '\0';
	assert_int_equal(checkpoint_name(&c, big, &err), -1);
	assert_int_equal(checkpoint_name(&c, big + 1, &err), 0);
	assert_int_equal(checkpoint_name(&c, "", &err), -1);
	assert_int_equal(checkpoint_name(&c, "a b", &err), -1);
	assert_int_equal(checkpoint_name(&c, "a\nb", &err), -1);
	assert_int_equal(checkpoint_name(&c, "a+b", &err), -1);
	assert_int_equal(checkpoint_name(&c, "a\xff", &err), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_note_is_taken_apart),
	    cmocka_unit_test(whatever_is_not_exactly_a_note_is_refused),
	    cmocka_unit_test(the_number_of_signatures_is_bounded),
	    cmocka_unit_test(a_key_id_is_that_of_the_specification),
	    cmocka_unit_test(a_checkpoint_is_read_as_it_was_written),
	    cmocka_unit_test(whatever_is_not_exactly_a_checkpoint_is_refused),
	    cmocka_unit_test(an_origin_that_cannot_stand_in_a_note_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

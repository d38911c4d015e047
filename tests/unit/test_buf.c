#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/buf.h"

static void
an_untouched_buf_reads_as_an_empty_text(void **state)
{
	struct buf buf = {0};

	(void)state;
	assert_string_equal(buf_text(&buf), "");
	assert_null(buf.data);
	buf_clear(&buf);
	buf_free(&buf);
}

static void
each_call_ends_the_data(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_add(&buf, NULL, 0);
	assert_non_null(buf.data);
	assert_string_equal(buf.data, "");
	buf_put(&buf, "ab");
	assert_string_equal(buf.data, "ab");
	buf_char(&buf, 'c');
	assert_string_equal(buf.data, "abc");
	buf_add(&buf, "defg", 2);
	assert_string_equal(buf.data, "abcde");
	buf_printf(&buf, "%d%s", 7, "x");
	assert_string_equal(buf.data, "abcde7x");
	assert_int_equal(buf.len, 7);
	buf_free(&buf);
}

static void
bytes_may_be_any(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_add(&buf, "a\0b", 3);
	buf_char(&buf, '\0');
	assert_int_equal(buf.len, 4);
	assert_memory_equal(buf.data, "a\0b\0", 5);
	buf_free(&buf);
}

static void
it_grows_one_byte_at_a_time_over_every_size(void **state)
{
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		buf_char(&buf, (char)('a' + i % 26));
		assert_true(buf.room > buf.len);
		assert_int_equal(buf.data[buf.len], '\0');
	}
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
	buf_free(&buf);
}

static void
a_formatted_text_of_any_length_is_whole(void **state)
{
	(void)state;
	for (int lead = 0; lead < 130; lead++) {
		for (int len = 0; len < 300; len += 7) {
			struct buf buf = {0};

			buf_printf(&buf, "%*s", lead, "");
			buf_printf(&buf, "%*s!", len, "");
			assert_int_equal(buf.len, lead + len + 1);
			assert_int_equal(buf.data[buf.len - 1], '!');
			assert_int_equal(strlen(buf.data), buf.len);
			buf_free(&buf);
		}
	}
}

static void
clearing_keeps_the_room_and_freeing_makes_it_new(void **state)
{
	struct buf buf = {0};
	size_t room;

	(void)state;
	buf_put(&buf, "text");
	room = buf.room;
	buf_clear(&buf);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.room, room);
	assert_string_equal(buf_text(&buf), "");
	buf_put(&buf, "more");
	assert_string_equal(buf_text(&buf), "more");
	buf_free(&buf);
	assert_null(buf.data);
	assert_int_equal(buf.room, 0);
	buf_put(&buf, "again");
	assert_string_equal(buf_text(&buf), "again");
	buf_free(&buf);
}

static void
what_html_would_read_is_written_as_entities(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_html(&buf, "<a b=\"c\">d & 'e'</a>\0f", 22);
	assert_int_equal(buf.len, 56);
	assert_memory_equal(buf.data,
	    "&lt;a b=&quot;c&quot;&gt;d &amp; &#39;e&#39;&lt;/a&gt;\0f",
	    buf.len);
	buf_free(&buf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_untouched_buf_reads_as_an_empty_text),
	    cmocka_unit_test(each_call_ends_the_data),
	    cmocka_unit_test(bytes_may_be_any),
	    cmocka_unit_test(it_grows_one_byte_at_a_time_over_every_size),
	    cmocka_unit_test(a_formatted_text_of_any_length_is_whole),
	    cmocka_unit_test(clearing_keeps_the_room_and_freeing_makes_it_new),
	    cmocka_unit_test(what_html_would_read_is_written_as_entities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

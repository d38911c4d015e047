#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "core/chain.h"

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD                                                                   \
	"{\"v\":1,\"seq\":1,\"time\":\"2026-11-25T00:00:00.000Z\",\"prev\":\""
#define BODY "\"type\":\"landing\",\"ref\":\"refs/heads/main\"}"
#define FIRST HEAD ZEROS "\"," BODY
#define NOON 1795608000000 /* 2026-11-25T12:00:00Z */

static void
a_line_is_exactly_these_bytes(void **state)
{
	struct chain_mark none = {0}, one, two;
	struct buf buf = {0};

	(void)state;
	chain_write(&buf, &none, NOON, BODY, strlen(BODY), &one);
	assert_string_equal(buf.data,
	    "{\"v\":1,\"seq\":1,\"time\":\"2026-11-25T12:00:00.000Z\","
	    "\"prev\":\"" ZEROS "\"," BODY);
	assert_int_equal(one.seq, 1);
	assert_int_equal(one.length, buf.len);
	buf_clear(&buf);
	chain_write(&buf, &one, NOON + 1, BODY, strlen(BODY), &two);
	/* printf '%s' LINE | sha256sum */
	assert_string_equal(buf.data,
	    "{\"v\":1,\"seq\":2,\"time\":\"2026-11-25T12:00:00.001Z\","
	    "\"prev\":\""
	    "407d745ed69eeb1633604ce3f97c821ad4d3f88ae7de07a776a4d86993d56fce"
	    "\"," BODY);
	buf_free(&buf);
}

static void
what_is_written_is_read_back(void **state)
{
	struct chain_mark mark = {0}, before;
	struct chain_head head;
	struct buf buf = {0};

	(void)state;
	for (int i = 1; i <= 12; i++) {
		struct chain_mark seen;

		before = mark;
		buf_clear(&buf);
		chain_write(&buf, &mark, NOON + i, BODY, strlen(BODY), &mark);
		assert_true(chain_read(&head, buf.data, buf.len));
		assert_int_equal(head.seq, i);
		assert_int_equal(head.time, NOON + i);
		assert_memory_equal(head.prev, before.digest, DIGEST_SIZE);
		assert_string_equal(buf.data + head.body, BODY);
		assert_int_equal(chain_check(&before, buf.data, buf.len, true,
		                     &head, &seen),
		    CHAIN_FINE);
		assert_memory_equal(&seen, &mark, sizeof(mark));
	}
	buf_free(&buf);
}

static void
a_head_is_read_in_one_form_only(void **state)
{
	static const struct {
		const char *line;
		bool good;
	} cases[] = {
	    {FIRST, true},
	    {HEAD ZEROS "\",\"type\":\"a\"}", true},
	    {"", false},
	    {"{}", false},
	    {"{\"v\":2,\"seq\":1,\"time\":\"2026-11-25T00:00:00.000Z\",\"prev\":"
	     "\"" ZEROS "\"," BODY,
	        false},
	    {"{\"seq\":1,\"v\":1,\"time\":\"2026-11-25T00:00:00.000Z\",\"prev\":"
	     "\"" ZEROS "\"," BODY,
	        false},
	    {" " FIRST, false},
	    {FIRST " ", false},
	    {"{\"v\":1,\"seq\":01,\"time\":\"2026-11-25T00:00:00.000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":0,\"time\":\"2026-11-25T00:00:00.000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":-1,\"time\":\"2026-11-25T00:00:00.000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":,\"time\":\"2026-11-25T00:00:00.000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":9223372036854775807,\"time\":"
	     "\"2026-11-25T00:00:00.000Z\",\"prev\":\"" ZEROS "\"," BODY,
	        true},
	    {"{\"v\":1,\"seq\":9223372036854775808,\"time\":"
	     "\"2026-11-25T00:00:00.000Z\",\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":18446744073709551617,\"time\":"
	     "\"2026-11-25T00:00:00.000Z\",\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":1,\"time\":\"2026-11-25T00:00:00.000+\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":1,\"time\":\"2026-11-25T00:00:00Z\",\"prev\":"
	     "\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":1,\"time\":\"2026-11-25T00:00:00.0000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":1,\"time\":\"2026-02-30T00:00:00.000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {"{\"v\":1,\"seq\":1,\"time\":\"2026-11-25t00:00:00.000Z\","
	     "\"prev\":\"" ZEROS "\"," BODY,
	        false},
	    {HEAD "A" ZEROS "\"," BODY, false},
	    {HEAD
	        "A000000000000000000000000000000000000000000000000000000000000"
	        "000\"," BODY,
	        false},
	    {HEAD "000000000000000000000000000000000000000000000000000000000000"
	          "000\"," BODY,
	        false},
	    {HEAD ZEROS "\", " BODY, false},
	    {HEAD ZEROS "\"}", false},
	    {HEAD ZEROS "\",\"kind\":\"a\"}", false},
	    {HEAD ZEROS "\",\"type\":\"\"}", false},
	    {HEAD ZEROS "\",\"type\":\"A\"}", false},
	    {HEAD ZEROS "\",\"type\":\"a\"", false},
	    {HEAD ZEROS "\",\"type\":\"a}", false},
	    {HEAD ZEROS "\",\"type\":\"a\" }", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct chain_head head;

		if (chain_read(&head, cases[i].line, strlen(cases[i].line)) !=
		    cases[i].good)
			fail_msg("case %zu: %s", i, cases[i].line);
	}
}

static void
every_beginning_of_a_line_is_no_line(void **state)
{
	struct chain_head head;

	(void)state;
	for (size_t len = 0; len < strlen(FIRST); len++)
		assert_false(chain_read(&head, FIRST, len));
}

static void
a_nul_in_a_line_makes_it_no_line(void **state)
{
	char line[] = FIRST;
	struct chain_head head;

	(void)state;
	assert_true(chain_read(&head, line, sizeof(line) - 1));
	line[sizeof(line) - 4] = '\0';
	assert_false(chain_read(&head, line, sizeof(line) - 1));
}

static void
only_a_whole_object_less_its_brace_is_a_body(void **state)
{
	static const struct {
		const char *body;
		bool fit;
	} cases[] = {
	    {BODY, true},
	    {"\"type\":\"a\"}", true},
	    {"\"type\":\"a\",\"x\":\"\xc3\xa4\"}", true},
	    {"", false},
	    {"}", false},
	    {"{\"type\":\"a\"}", false},
	    {"\"type\":\"a\"", false},
	    {" \"type\":\"a\"}", false},
	    {"\"type\":\"a\"}\n", false},
	    {"\"type\":\"a\",\"x\":\"\n\"}", false},
	    {"\"type\":\"a\",\"x\":\"\x7f\"}", false},
	    {"\"type\":\"a\",\"x\":\"\x1b\"}", false},
	    {"\"type\":\"a\":1}", false},
	    {"\"kind\":\"a\"}", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (chain_body_fit(cases[i].body, strlen(cases[i].body)) !=
		    cases[i].fit)
			fail_msg("case %zu: %s", i, cases[i].body);
	assert_false(chain_body_fit("\"type\":\"a\",\"x\":\"\0\"}", 18));
}

static void
each_fault_has_its_own_verdict(void **state)
{
	struct chain_mark one = {0}, two, three;
	struct buf first = {0}, second = {0}, third = {0};
	struct chain_head head;
	struct chain_mark zero = {0}, seen;

	(void)state;
	chain_write(&first, &zero, NOON, BODY, strlen(BODY), &one);
	chain_write(&second, &one, NOON, BODY, strlen(BODY), &two);
	chain_write(&third, &two, NOON, BODY, strlen(BODY), &three);

	assert_int_equal(chain_check(&one, second.data, second.len, true, &head,
	                     &seen),
	    CHAIN_FINE);
	assert_int_equal(chain_check(&one, second.data, second.len, false,
	                     &head, &seen),
	    CHAIN_TORN);
	assert_int_equal(chain_check(&one, third.data, third.len, true, &head,
	                     &seen),
	    CHAIN_OUT_OF_SEQUENCE);
	assert_int_equal(head.seq, 3);
	assert_int_equal(chain_check(&two, second.data, second.len, true, &head,
	                     &seen),
	    CHAIN_OUT_OF_SEQUENCE);
	one.digest[31] ^= 1;
	assert_int_equal(chain_check(&one, second.data, second.len, true, &head,
	                     &seen),
	    CHAIN_ALTERED);
	assert_int_equal(head.seq, 2);
	assert_memory_equal(seen.digest, two.digest, DIGEST_SIZE);
	one.digest[31] ^= 1;
	assert_int_equal(chain_check(&one, second.data, second.len - 1, true,
	                     &head, &seen),
	    CHAIN_ALTERED);
	assert_int_equal(head.seq, 0);
	buf_free(&first);
	buf_free(&second);
	buf_free(&third);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_exactly_these_bytes),
	    cmocka_unit_test(what_is_written_is_read_back),
	    cmocka_unit_test(a_head_is_read_in_one_form_only),
	    cmocka_unit_test(every_beginning_of_a_line_is_no_line),
	    cmocka_unit_test(a_nul_in_a_line_makes_it_no_line),
	    cmocka_unit_test(only_a_whole_object_less_its_brace_is_a_body),
	    cmocka_unit_test(each_fault_has_its_own_verdict),
	};

	return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}

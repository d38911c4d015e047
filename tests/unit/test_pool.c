#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/pool.h"

static void
what_comes_out_is_zeroed_aligned_and_apart(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 2047, 2048, 2049, 4096,
	    5000, 300000, 1, 4000, 70000, 3};
	unsigned char *got[sizeof(sizes) / sizeof(sizes[0])];
	struct pool pool = {0};

	(void)state;
	for (unsigned round = 0; round < 20; round++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			got[i] = pool_alloc(&pool, sizes[i]);
			assert_int_equal((uintptr_t)got[i] % 16, 0);
			for (size_t b = 0; b < sizes[i]; b++)
				assert_int_equal(got[i][b], 0);
			memset(got[i], (int)i + 1, sizes[i]);
		}
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			for (size_t b = 0; b < sizes[i]; b++)
				assert_int_equal(got[i][b], i + 1);
	}
	pool_free(&pool);
}

static void
two_empty_things_are_two_things(void **state)
{
	struct pool pool = {0};

	(void)state;
	assert_ptr_not_equal(pool_alloc(&pool, 0), pool_alloc(&pool, 0));
	pool_free(&pool);
}

static void
texts_are_copied_and_ended(void **state)
{
	struct pool pool = {0};
	char text[] = "abcdef";
	char *copy = pool_text(&pool, text);
	char *part = pool_textn(&pool, text, 3);
	char *none = pool_textn(&pool, NULL, 0);
	char *data = pool_copy(&pool, text + 4, 2);

	(void)state;
	memset(text, 'x', 6);
	assert_string_equal(copy, "abcdef");
	assert_string_equal(part, "abc");
	assert_string_equal(none, "");
	assert_memory_equal(data, "ef", 2);
	assert_non_null(pool_copy(&pool, NULL, 0));
	pool_free(&pool);
}

static void
a_formatted_text_of_any_length_is_whole(void **state)
{
	static const int lengths[] = {0, 1, 255, 256, 257, 9000};
	struct pool pool = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char *text = pool_printf(&pool, "%*s%d", lengths[i], "", 42);

		assert_int_equal(strlen(text), lengths[i] + 2);
		assert_string_equal(text + lengths[i], "42");
	}
	pool_free(&pool);
}

static void
a_list_grows_and_keeps_what_it_held(void **state)
{
	struct thing {
		int a, b, c;
	} *list = NULL, *last;
	struct pool pool = {0};
	size_t count = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		last = pool_grow(&pool, &list, &count, sizeof(*list));
		assert_int_equal(count, i + 1);
		assert_ptr_equal(last, &list[i]);
		assert_int_equal(last->a | last->b | last->c, 0);
		*last = (struct thing){i, i * 2, i * 3};
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(list[i].c, i * 3);
	pool_free(&pool);
}

static void
a_freed_pool_is_a_valid_empty_one(void **state)
{
	struct pool pool = {0};

	(void)state;
	pool_free(&pool);
	pool_alloc(&pool, 10);
	pool_free(&pool);
	assert_null(pool.block);
	assert_string_equal(pool_text(&pool, "again"), "again");
	pool_free(&pool);
}

/* The status that asking for so much in a process of its own ends with. */
static int
status_of(size_t count, size_t size)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct pool pool = {0};

		close(STDERR_FILENO);
		pool_array(&pool, count, size);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* In memory set aside everything lies there, however large, and in order. */
static void
a_pool_takes_what_it_gives_from_memory_set_aside(void **state)
{
	enum {
		ROOM = 1 << 20
	};
	static _Alignas(16) unsigned char memory[ROOM];
	struct pool pool = {0};
	unsigned char *before = memory;
	const size_t sizes[] = {1, 3000, 100000, 0, 5, 400000};

	(void)state;
	memset(memory, 0xee, sizeof(memory));
	pool_place(&pool, memory, ROOM);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned char *got = pool_alloc(&pool, sizes[i]);

		assert_true(got > before);
		assert_true(got + sizes[i] <= memory + ROOM);
		assert_int_equal((uintptr_t)got % 16, 0);
		for (size_t b = 0; b < sizes[i]; b++)
			assert_int_equal(got[b], 0);
		assert_true(memory + pool_placed(&pool) >= got + sizes[i]);
		before = got;
	}
	assert_string_equal(pool_printf(&pool, "%0600d", 7) + 599, "7");
	pool_free(&pool);
	assert_null(pool.block);
}

static int
status_of_placed(size_t size)
{
	static _Alignas(16) unsigned char memory[8192];
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct pool pool = {0};

		close(STDERR_FILENO);
		pool_place(&pool, memory, sizeof(memory));
		pool_alloc(&pool, size);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
when_what_was_set_aside_is_full_the_process_ends(void **state)
{
	(void)state;
	assert_int_equal(status_of_placed(8000), 0);
	assert_int_equal(status_of_placed(8192), 3);
	assert_int_equal(status_of_placed(1 << 20), 3);
}

static void
more_than_there_can_be_ends_the_process(void **state)
{
	(void)state;
	assert_int_equal(status_of(3, 5), 0);
	assert_int_equal(status_of(SIZE_MAX, 1), 3);
	/* A product that wraps round to a few bytes. */
	assert_int_equal(status_of(SIZE_MAX / 16 + 2, 16), 3);
	assert_int_equal(status_of(SIZE_MAX - 8, 1), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_comes_out_is_zeroed_aligned_and_apart),
	    cmocka_unit_test(two_empty_things_are_two_things),
	    cmocka_unit_test(texts_are_copied_and_ended),
	    cmocka_unit_test(a_formatted_text_of_any_length_is_whole),
	    cmocka_unit_test(a_list_grows_and_keeps_what_it_held),
	    cmocka_unit_test(a_freed_pool_is_a_valid_empty_one),
	    cmocka_unit_test(a_pool_takes_what_it_gives_from_memory_set_aside),
	    cmocka_unit_test(when_what_was_set_aside_is_full_the_process_ends),
	    cmocka_unit_test(more_than_there_can_be_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "core/change_query.h"

struct asked {
	const char *name, *value;
};

static const char *
get(void *ctx, const char *name)
{
	const struct asked *a = ctx;

	return strcmp(a->name, name) == 0 ? a->value : NULL;
}

static void
what_is_not_said_is_not_asked(void **state)
{
	struct asked none = {"", NULL};
	struct change_query q;
	struct err err = {0};

	(void)state;
	assert_int_equal(change_query_read(&q, get, &none, &err), 0);
	assert_int_equal(q.from, 0);
	assert_int_equal(q.to, 0);
	assert_null(q.repository);
	assert_null(q.gate);
	assert_null(q.outcome);
	assert_int_equal(q.below, 0);
	assert_int_equal(q.count, CHANGE_QUERY_COUNT);
}

static void
words_are_taken_as_they_are_written_or_not_at_all(void **state)
{
	static const struct {
		struct asked asked;
		bool sound;
	} rows[] = {
	    {{"from", "2026-01-31"}, true},
	    {{"from", "2026-01-31T10:00:00+01:00"}, true},
	    {{"from", "2026-02-31"}, false},
	    {{"from", ""}, false},
	    {{"to", "now"}, false},
	    {{"repository", "team/payments"}, true},
	    {{"repository", "a b"}, false},
	    {{"repository", "a\nb"}, false},
	    {{"repository", ""}, false},
	    {{"repository", "\xff"}, false},
	    {{"gate", "main"}, true},
	    {{"gate", "main\x7f"}, false},
	    {{"outcome", "ADMITTED"}, true},
	    {{"outcome", "NOT_DECIDED"}, true},
	    {{"outcome", "admitted"}, false},
	    {{"outcome", ""}, false},
	    {{"cursor", "1"}, true},
	    {{"cursor", "9223372036854775807"}, true},
	    {{"cursor", "9223372036854775808"}, false},
	    {{"cursor", "0"}, false},
	    {{"cursor", "01"}, false},
	    {{"cursor", "+1"}, false},
	    {{"cursor", " 1"}, false},
	    {{"cursor", ""}, false},
	    {{"count", "500"}, true},
	    {{"count", "501"}, false},
	    {{"count", "0"}, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked asked = rows[i].asked;
		struct change_query q;
		struct err err = {0};

		assert_int_equal(change_query_read(&q, get, &asked, &err),
		    rows[i].sound ? 0 : -1);
		assert_int_equal(err.kind,
		    rows[i].sound ? ERR_NONE : ERR_INPUT);
	}
}

static void
a_name_has_an_end(void **state)
{
	char name[CHANGE_QUERY_NAME + 2];
	struct asked asked = {"repository", name};
	struct change_query q;
	struct err err = {0};

	(void)state;
	memset(name, 'a', sizeof(name));
	name[CHANGE_QUERY_NAME] = '\0';
	assert_int_equal(change_query_read(&q, get, &asked, &err), 0);
	name[CHANGE_QUERY_NAME] = 'a';
	name[CHANGE_QUERY_NAME + 1] = '\0';
	assert_int_equal(change_query_read(&q, get, &asked, &err), -1);
}

static void
an_id_names_a_repository_a_gate_and_a_commit(void **state)
{
	static const struct {
		const char *text;
		bool sound;
		uint64_t movement;
	} rows[] = {
	    {"payments/main/0123456789ab", true, 0},
	    {"team/payments/main/0123456789ab", true, 0},
	    {"payments/main/0123456789ab/17", true, 17},
	    {"payments/main/123456789012", true, 0},
	    {"payments/main/0123456789ab/017", false, 0},
	    {"payments/main/0123456789ab/0", false, 0},
	    {"payments/main/0123456789ab/", false, 0},
	    {"payments/main/0123456789aB", false, 0},
	    {"payments/main/0123456789a", false, 0},
	    {"main/0123456789ab", false, 0},
	    {"/main/0123456789ab", false, 0},
	    {"payments//0123456789ab", false, 0},
	    {"payments/main/17", false, 0},
	    {"a b/main/0123456789ab", false, 0},
	    {"/", false, 0},
	    {"", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct change_id id;

		assert_int_equal(change_id_read(&id, rows[i].text),
		    rows[i].sound);
		if (rows[i].sound)
			assert_int_equal(id.movement, rows[i].movement);
	}
}

#define TOKEN "0123456789abcdefghij"

static void
a_token_is_known_by_its_digest(void **state)
{
	static const struct {
		const char *header;
		bool sound;
	} rows[] = {
	    {"Bearer " TOKEN, true},
	    {"bearer   " TOKEN, true},
	    {"Bearer " TOKEN " ", false},
	    {"Bearer " TOKEN "\t", false},
	    {"Bearer 0123456789abcdefghi", false},
	    {"Bearer" TOKEN, false},
	    {"Basic " TOKEN, false},
	    {"Bearer " TOKEN "," TOKEN, false},
	    {TOKEN, false},
	    {"", false},
	    {NULL, false},
	};
	unsigned char wanted[DIGEST_SIZE], got[DIGEST_SIZE];

	(void)state;
	digest_sha256(wanted, TOKEN, strlen(TOKEN));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(bearer_read(got, rows[i].header),
		    rows[i].sound);
		if (rows[i].sound)
			assert_memory_equal(got, wanted, DIGEST_SIZE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_said_is_not_asked),
	    cmocka_unit_test(words_are_taken_as_they_are_written_or_not_at_all),
	    cmocka_unit_test(a_name_has_an_end),
	    cmocka_unit_test(an_id_names_a_repository_a_gate_and_a_commit),
	    cmocka_unit_test(a_token_is_known_by_its_digest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

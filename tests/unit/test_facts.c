#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/text.h"
#include "core/facts.h"
#include "core/facts_shapes.h"

#define LIST_LEN 2

struct filling {
	struct pool pool;
	unsigned number;
};

static void fill(struct filling *f, const struct shape *shape, char *thing);

static void
fill_list(struct filling *f, const struct field *field, char *thing)
{
	size_t count = LIST_LEN, size = sizeof(char *);
	const char *text;
	char *list;

	if (field->kind == FIELD_LIST)
		size = field->shape->size;
	list = pool_array(&f->pool, count, size);
	for (size_t i = 0; i < count; i++) {
		if (field->kind == FIELD_LIST) {
			fill(f, field->shape, list + i * size);
			continue;
		}
		text = pool_printf(&f->pool, "text %u", f->number++);
		memcpy(list + i * size, &text, sizeof(text));
	}
	memcpy(thing + field->at, &list, sizeof(list));
	memcpy(thing + field->count_at, &count, sizeof(count));
}

static unsigned
some_word(struct filling *f, const struct field *field)
{
	unsigned count = 0;

	while (field->words[count] != NULL)
		count++;
	return 1 + f->number++ % (count - 1);
}

static void
fill_field(struct filling *f, const struct field *field, char *thing)
{
	unsigned narrow = ++f->number;
	uint64_t wide = ((uint64_t)f->number << 33) + f->number;
	const char *text;
	bool yes = true;

	if (field->kind == FIELD_TEXT) {
		text = pool_printf(&f->pool, "\"text\" \xc3\xa9 %u", narrow);
		memcpy(thing + field->at, &text, sizeof(text));
	} else if (field->kind == FIELD_BOOL) {
		memcpy(thing + field->at, &yes, sizeof(yes));
	} else if (field->kind == FIELD_WORD) {
		narrow = some_word(f, field);
		memcpy(thing + field->at, &narrow, sizeof(narrow));
	} else if (field->kind == FIELD_COUNT) {
		memcpy(thing + field->at, &narrow, sizeof(narrow));
	} else if (field->kind == FIELD_ONE) {
		fill(f, field->shape, thing + field->at);
	} else if (field->kind == FIELD_LIST || field->kind == FIELD_TEXTS) {
		fill_list(f, field, thing);
	} else {
		memcpy(thing + field->at, &wide, sizeof(wide));
	}
}

static void
fill(struct filling *f, const struct shape *shape, char *thing)
{
	for (const struct field *field = shape->fields; field->key; field++)
		fill_field(f, field, thing);
}

static void
write_update(struct buf *out, const struct update *u)
{
	struct json j = {.out = out};

	json_open(&j, '{');
	facts_write(&j, u);
	json_close(&j);
}

static int
read_text(struct update *u, struct pool *pool, const char *text,
    struct err *err)
{
	const struct tree *t;

	if (tree_parse_json(&t, pool, text, strlen(text), "facts", err) < 0)
		fail_msg("%s: %s", err->text, text);
	return facts_read(u, pool, t, err);
}

static void
what_is_written_reads_back_equal(void **state)
{
	struct filling f = {0};
	struct buf first = {0}, second = {0};
	struct update u = {0}, back;
	struct err err = {0};

	(void)state;
	fill(&f, &facts_update, (char *)&u);
	write_update(&first, &u);
	if (read_text(&back, &f.pool, buf_text(&first), &err) < 0)
		fail_msg("%s", err.text);
	write_update(&second, &back);
	assert_string_equal(buf_text(&first), buf_text(&second));
	assert_int_equal(back.change_count, LIST_LEN);
	assert_string_equal(back.changes[1].approvals[1].person,
	    u.changes[1].approvals[1].person);
	assert_int_equal(back.changes[1].plan.state, u.changes[1].plan.state);
	assert_int_equal(back.promotion.soaked, u.promotion.soaked);
	assert_true(back.lane.taken);
	buf_free(&first);
	buf_free(&second);
	pool_free(&f.pool);
}

static void
nothing_known_is_written_as_its_mode_alone(void **state)
{
	struct pool pool = {0};
	struct buf out = {0};
	struct update u = {0}, back;
	struct err err = {0};

	(void)state;
	write_update(&out, &u);
	assert_string_equal(buf_text(&out), "{\"mode\":\"enforce\"}");
	memset(&back, 0xff, sizeof(back));
	assert_int_equal(read_text(&back, &pool, buf_text(&out), &err), 0);
	assert_int_equal(back.move, MOVE_UNKNOWN);
	assert_null(back.changes);
	assert_int_equal(back.change_count, 0);
	assert_int_equal(back.at, 0);
	buf_free(&out);
	pool_free(&pool);
}

static void
other_keys_and_nulls_are_passed_over(void **state)
{
	struct pool pool = {0};
	struct update u;
	struct err err = {0};

	(void)state;
	assert_int_equal(read_text(&u, &pool,
	                     "{\"type\":\"decision\",\"ref\":null,\"gate\":"
	                     "\"main\",\"findings\":[1,{}]}",
	                     &err),
	    0);
	assert_null(u.ref);
	assert_string_equal(u.gate, "main");
	pool_free(&pool);
}

/* Every struct's members but padding stand in its table. */
static void
covers(const struct shape *shape, unsigned char *seen)
{
	for (const struct field *f = shape->fields; f->key != NULL; f++) {
		size_t size = sizeof(uint64_t);

		if (f->kind == FIELD_BOOL)
			size = sizeof(bool);
		else if (f->kind == FIELD_WORD || f->kind == FIELD_COUNT)
			size = sizeof(unsigned);
		else if (f->kind == FIELD_ONE)
			size = f->shape->size;
		for (size_t i = 0; i < size; i++) {
			assert_int_equal(seen[f->at + i], 0);
			seen[f->at + i] = 1;
		}
		if (f->kind == FIELD_LIST || f->kind == FIELD_TEXTS)
			memset(seen + f->count_at, 1, sizeof(size_t));
	}
}

static void
check_table(const struct shape *shape)
{
	unsigned char seen[4096] = {0};
	size_t gap = 0;

	assert_true(shape->size <= sizeof(seen));
	covers(shape, seen);
	for (size_t i = 0; i < shape->size; i++) {
		gap = seen[i] ? 0 : gap + 1;
		assert_true(gap < sizeof(uint64_t));
	}
	for (const struct field *f = shape->fields; f->key != NULL; f++)
		if (f->shape != NULL)
			check_table(f->shape);
}

static void
no_table_forgets_a_member_or_has_one_twice(void **state)
{
	(void)state;
	check_table(&facts_update);
}

/* Writes `t` again with its `*nth` value in a wrong type. */
struct spoiling {
	struct json j;
	unsigned nth;
	const char *key;
};

static void
put_wrong(struct spoiling *s, const struct tree *t, const char *key)
{
	s->key = t->key != NULL ? t->key : key;
	if (t->kind == TREE_NUMBER)
		json_text(&s->j, "1");
	else if (t->kind == TREE_TEXT)
		json_number(&s->j, 1);
	else
		json_text(&s->j, "yes");
}

static void
put_again(struct spoiling *s, const struct tree *t, const char *key)
{
	if (s->nth-- == 0) {
		put_wrong(s, t, key);
	} else if (t->kind == TREE_NUMBER) {
		json_number(&s->j, t->number);
	} else if (t->kind == TREE_TEXT) {
		json_text(&s->j, t->text);
	} else if (t->kind == TREE_BOOL) {
		json_bool(&s->j, t->boolean);
	} else {
		json_open(&s->j, t->kind == TREE_MAP ? '{' : '[');
		for (const struct tree *c = t->child; c; c = c->next) {
			if (c->key != NULL)
				json_key(&s->j, c->key);
			put_again(s, c, t->key != NULL ? t->key : key);
		}
		json_close(&s->j);
	}
}

static void
each_value_of_a_wrong_type_is_refused(void **state)
{
	struct filling f = {0};
	struct buf whole = {0}, wrong = {0};
	struct update u = {0}, back;
	struct err err = {0};
	const struct tree *t;
	unsigned count;

	(void)state;
	fill(&f, &facts_update, (char *)&u);
	write_update(&whole, &u);
	if (tree_parse_json(&t, &f.pool, whole.data, whole.len, "facts", &err) <
	    0)
		fail_msg("%s", err.text);
	for (count = 1;; count++) {
		struct spoiling s = {.j = {.out = &wrong}, .nth = count};

		wrong.len = 0;
		put_again(&s, t, "facts");
		if (s.key == NULL)
			break;
		err = (struct err){0};
		if (read_text(&back, &f.pool, buf_text(&wrong), &err) == 0)
			fail_msg("'%s' was taken: %s", s.key, buf_text(&wrong));
		assert_int_not_equal(err.kind, ERR_NONE);
	}
	assert_true(count > 300);
	buf_free(&whole);
	buf_free(&wrong);
	pool_free(&f.pool);
}

static void
values_that_do_not_fit_are_refused(void **state)
{
	static const char *const cases[] = {
	    "{\"mode\":\"relaxed\"}",
	    "{\"move\":\"sideways\"}",
	    "{\"adopted\":\"maybe\"}",
	    "{\"asked\":\"yesterday\"}",
	    "{\"asked\":\"2026-13-01T00:00:00Z\"}",
	    "{\"gated\":-1}",
	    "{\"gated\":4294967296}",
	    "{\"gated\":1.5}",
	    "{\"debts\":[{\"record\":-1}]}",
	    "{\"staging\":{\"soaked\":-1}}",
	    "{\"changes\":[null]}",
	    "{\"staging\":{\"includes\":[null]}}",
	    "[]",
	};
	struct pool pool = {0};
	struct update u;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = {0};

		if (read_text(&u, &pool, cases[i], &err) == 0)
			fail_msg("taken: %s", cases[i]);
	}
	pool_free(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_reads_back_equal),
	    cmocka_unit_test(nothing_known_is_written_as_its_mode_alone),
	    cmocka_unit_test(other_keys_and_nulls_are_passed_over),
	    cmocka_unit_test(no_table_forgets_a_member_or_has_one_twice),
	    cmocka_unit_test(each_value_of_a_wrong_type_is_refused),
	    cmocka_unit_test(values_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

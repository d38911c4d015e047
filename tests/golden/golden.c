/*
 * golden - the rules by example.
 *
 * A case is a folder tests/golden/<control>/<case>/ with facts.json (the facts
 * of one update, as a decision record holds them; its key "case" says in words
 * what is shown), verdict.json, and policy.yaml and people.yaml where they are
 * not those of tests/golden/.  Each is read, judged and compared to the byte;
 * then the facts are written, read back and judged again, as replay does.
 *
 *	golden [CASE]...            compare these cases, or all
 *	golden --write [CASE]...    write the verdicts that differ, for review
 *	golden --outcomes [CASE]...    print each case's outcome
 *
 * Sentences may change: they stand in a verdict.json only where it has a
 * "text" already.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "core/facts.h"
#include "core/judge.h"

static const char ROOT[] = "tests/golden";
static const char LEDGERS[] = "ledgers"; /* of test_ledger_verifiers */

#define CASES_MAX 2000

struct judged {
	struct pool pool;
	struct policy policy;
	struct people people;
	const struct gate *gate;
	struct update update;
	struct verdict verdict;
};

static bool
get_file(struct buf *out, const char *path)
{
	char piece[8192];
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return false;
	while ((got = read(fd, piece, sizeof(piece))) > 0)
		buf_add(out, piece, (size_t)got);
	close(fd);
	return true;
}

/* The case's own file, else the one that all share. */
static const struct tree *
read_tree(struct pool *pool, const char *name, const char *file)
{
	const char *path = pool_printf(pool, "%s/%s/%s", ROOT, name, file);
	const char *shared = pool_printf(pool, "%s/%s", ROOT, file);
	const struct tree *t = NULL;
	struct buf text = {0};
	struct err err = {0};
	int ret;

	if (!get_file(&text, path) && !get_file(&text, shared))
		fail_msg("%s: not there", path);
	if (strstr(file, ".yaml") != NULL)
		ret = tree_parse_yaml(&t, pool, buf_text(&text), text.len, path,
		    &err);
	else
		ret = tree_parse_json(&t, pool, buf_text(&text), text.len, path,
		    &err);
	buf_free(&text);
	if (ret < 0)
		fail_msg("%s", err.text);
	return t;
}

static void
judge_again(struct judged *j)
{
	judge(&j->policy, j->gate, &j->people, &j->update, &j->pool,
	    &j->verdict);
}

static void
judge_case(struct judged *j, const char *name)
{
	const struct policy_repository *entry;
	struct err err = {0};

	if (policy_read(&j->policy, &j->pool,
	        read_tree(&j->pool, name, "policy.yaml"), &err) < 0 ||
	    people_read(&j->people, &j->pool,
	        read_tree(&j->pool, name, "people.yaml"), NULL, &err) < 0 ||
	    facts_read(&j->update, &j->pool,
	        read_tree(&j->pool, name, "facts.json"), &err) < 0)
		fail_msg("%s", err.text);
	entry = policy_repository(&j->policy, j->update.repository);
	if (entry == NULL ||
	    policy_gate(entry, j->update.ref, &j->gate) != GATE_ONE)
		fail_msg("%s: no gate for %s", name, j->update.ref);
	assert_string_equal(j->gate->name, j->update.gate);
	judge_again(j);
}

static void
render_findings(struct json *j, const struct verdict *v, bool texts)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		buf_printf(j->out, "%s\n  ", i > 0 ? "," : "");
		json_open(j, '{');
		json_key_text(j, "control", f->control);
		json_key_text(j, "standing", standing_name(f->standing));
		json_key_text(j, "code", f->code);
		if (f->change != NULL)
			json_key_text(j, "change", f->change);
		if (f->hard)
			json_key_bool(j, "hard", true);
		if (texts)
			json_key_text(j, "text", f->text);
		json_close(j);
	}
}

static void
render_approvals(struct json *j, const struct verdict *v, bool texts)
{
	for (size_t i = 0; i < v->weighed_count; i++) {
		const struct weighed *w = &v->weighed[i];

		buf_printf(j->out, "%s\n  ", i > 0 ? "," : "");
		json_open(j, '{');
		json_key_text(j, "person", w->approval->person);
		json_key_text(j, "change", w->change->id);
		json_key_bool(j, "counts", w->code == NULL);
		if (w->code != NULL)
			json_key_text(j, "code", w->code);
		if (texts && w->code != NULL)
			json_key_text(j, "text", w->why);
		json_close(j);
	}
}

/* Which of its changes could land alone, by their approvals. */
static void
render_approved(struct json *j, struct judged *d)
{
	struct verdict unused = {0};
	struct bench b = {.pool = &d->pool,
	    .policy = &d->policy,
	    .gate = d->gate,
	    .people = &d->people,
	    .update = &d->update,
	    .verdict = &unused};

	json_open(j, '[');
	for (size_t i = 0; i < d->update.change_count; i++)
		if (change_is_approved(&b, &d->update.changes[i]))
			json_text(j, d->update.changes[i].id);
	json_close(j);
	assert_int_equal(unused.finding_count, 0);
}

static void
render(struct buf *out, struct judged *d, bool texts)
{
	struct json j = {.out = out};

	buf_clear(out);
	buf_printf(out, "{\"outcome\":\"%s\",\n \"findings\":[",
	    outcome_name(d->verdict.outcome));
	render_findings(&j, &d->verdict, texts);
	buf_printf(out, "],\n \"approvals\":[");
	render_approvals(&j, &d->verdict, texts);
	buf_printf(out, "],\n \"approved\":");
	render_approved(&j, d);
	buf_printf(out, "}\n");
}

/* The facts through a record and back. */
static void
replay(struct judged *d, const char *name)
{
	struct buf text = {0};
	struct json j = {.out = &text};
	const struct tree *t;
	struct err err = {0};

	json_open(&j, '{');
	facts_write(&j, &d->update);
	json_close(&j);
	if (tree_parse_json(&t, &d->pool, text.data, text.len, name, &err) <
	        0 ||
	    facts_read(&d->update, &d->pool, t, &err) < 0)
		fail_msg("%s", err.text);
	judge_again(d);
	buf_free(&text);
}

static void
case_is_as_written(void **state)
{
	const char *name = *state;
	struct judged d = {0};
	struct buf wanted = {0}, got = {0};
	bool texts;

	if (!get_file(&wanted,
	        pool_printf(&d.pool, "%s/%s/verdict.json", ROOT, name)))
		fail_msg("%s: no verdict.json; write it: golden --write %s",
		    name, name);
	texts = strstr(buf_text(&wanted), "\"text\":") != NULL;
	judge_case(&d, name);
	render(&got, &d, texts);
	if (strcmp(buf_text(&got), buf_text(&wanted)) != 0)
		fail_msg("%s: wanted %s, but it is %s", name, buf_text(&wanted),
		    buf_text(&got));
	replay(&d, name);
	render(&got, &d, texts);
	if (strcmp(buf_text(&got), buf_text(&wanted)) != 0)
		fail_msg("%s: replayed, it is %s", name, buf_text(&got));
	buf_free(&wanted);
	buf_free(&got);
	pool_free(&d.pool);
}

static void
write_verdict(void **state)
{
	const char *name = *state;
	struct judged d = {0};
	struct buf had = {0}, now = {0};
	const char *path =
	    pool_printf(&d.pool, "%s/%s/verdict.json", ROOT, name);
	FILE *f;

	(void)get_file(&had, path);
	judge_case(&d, name);
	render(&now, &d, strstr(buf_text(&had), "\"text\":") != NULL);
	if (strcmp(buf_text(&had), buf_text(&now)) != 0) {
		f = fopen(path, "w");
		if (f == NULL || fputs(buf_text(&now), f) < 0 || fclose(f) != 0)
			fail_msg("%s: could not be written", path);
		printf("# %s is written\n", path);
	}
	buf_free(&had);
	buf_free(&now);
	pool_free(&d.pool);
}

static void
print_outcome(void **state)
{
	const char *name = *state;
	struct judged d = {0};

	judge_case(&d, name);
	printf("outcome %s %s\n", name, outcome_name(d.verdict.outcome));
	pool_free(&d.pool);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The folders in `under` (of ROOT), as "under/name". */
static size_t
list_folders(struct pool *pool, const char *under, char *names[], size_t count)
{
	DIR *d = opendir(pool_printf(pool, "%s/%s", ROOT, under));
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_type == DT_DIR && e->d_name[0] != '.' &&
		    count < CASES_MAX)
			names[count++] = pool_printf(pool, "%s%s%s", under,
			    under[0] != '\0' ? "/" : "", e->d_name);
	if (d != NULL)
		closedir(d);
	return count;
}

static size_t
list_cases(struct pool *pool, char *names[])
{
	char **controls = pool_array(pool, CASES_MAX, sizeof(*controls));
	size_t count = 0, n = list_folders(pool, "", controls, 0);

	for (size_t i = 0; i < n; i++)
		if (strcmp(controls[i], LEDGERS) != 0)
			count = list_folders(pool, controls[i], names, count);
	qsort(names, count, sizeof(*names), by_name);
	return count;
}

static CMUnitTestFunction
function_of(const char *mode)
{
	if (mode != NULL && strcmp(mode, "--write") == 0)
		return write_verdict;
	if (mode != NULL && strcmp(mode, "--outcomes") == 0)
		return print_outcome;
	return case_is_as_written;
}

int
main(int argc, char *argv[])
{
	CMUnitTestFunction function = function_of(argv[1]);
	struct pool pool = {0};
	char **names = pool_array(&pool, CASES_MAX, sizeof(*names));
	struct CMUnitTest *tests = pool_array(&pool, CASES_MAX, sizeof(*tests));
	int first = function == case_is_as_written ? 1 : 2, ret;
	size_t count = 0;

	if (argc == first)
		count = list_cases(&pool, names);
	for (int i = first; i < argc && count < CASES_MAX; i++)
		names[count++] = argv[i];
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){.name = names[i],
		    .test_func = function,
		    .initial_state = names[i]};
	if (count == 0 || count == CASES_MAX) {
		fprintf(stderr, "golden: %zu cases under %s\n", count, ROOT);
		return 1;
	}
	ret = _cmocka_run_group_tests("golden", tests, count, NULL, NULL);
	pool_free(&pool);
	return ret == 0 ? 0 : 1;
}

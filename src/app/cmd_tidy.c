/*
 * tidy: evidence refs whose tags the ledger holds, to the byte, for long.
 *
 * What counts is the ledger's copy, and it alone is asked ever after, so a ref
 * that is older than TIDY_AGE only makes listings of refs long.  Each is looked
 * up, its raw tag read again and compared with the record's, and taken out by
 * git, which is told what the ref must still hold.
 */
#include "app/cmd.h"

#include <string.h>

#include "app/gitrun.h"
#include "app/options.h"
#include "app/push.h"
#include "app/say.h"
#include "app/visit.h"
#include "base/text.h"
#include "core/statement.h"
#include "core/topics.h"

#define TIDY_AGE ((int64_t)30 * 24 * 60 * 60 * 1000)
#define RECEIPTS_MAX 64 /* of one statement, looked at */

struct tidying {
	struct setup *setup;
	struct push push;
	bool dry;
	size_t gone, young, unknown;
};

/* Does that record hold this tag, received under this ref? */
static bool
holds(const struct record *r, const char *repository, const char *ref,
    const char *raw, size_t len)
{
	const char *code = tree_text(r->tree, "tag");
	struct buf tag = {0};
	bool same = text_same(tree_text(r->tree, "repository"), repository) &&
	    text_same(tree_text(r->tree, "ref"), ref) && code != NULL &&
	    text_parse_base64(&tag, code, strlen(code), false) &&
	    tag.len == len && memcmp(tag.data, raw, len) == 0;

	buf_free(&tag);
	return same;
}

/* The first record that holds it; `*time` stays 0 where none does. */
static int
find(struct tidying *t, const struct repo_ref *ref, int64_t *time,
    struct err *err)
{
	struct push *p = &t->push;
	struct err ignored = {0};
	enum repo_kind kind;
	struct statement s;
	struct record *list;
	const char *raw;
	size_t len, count;

	if (ref->target != NULL || repo_kind_of(p->repo, ref->oid) != REPO_TAG)
		return 0;
	if (repo_object(p->repo, p->pool, ref->oid, &kind, &raw, &len, err) < 0)
		return -1;
	if (statement_parse(&s, p->pool, ref->name, raw, len, &ignored) < 0)
		return 0;
	if (changelog_find(t->setup->log, p->pool,
	        topic_statement(p->pool, s.id), false, 0, RECEIPTS_MAX, &list,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && *time == 0; i++)
		if (holds(&list[i], p->repository, ref->name, raw, len))
			*time = list[i].time;
	return 0;
}

static int
take_out(struct tidying *t, const struct repo_ref *ref, struct err *err)
{
	struct push *p = &t->push;
	const char *const words[] = {"-C", repo_path(p->repo), "update-ref",
	    "-d", ref->name, ref->oid, NULL};
	struct gitrun run = {0};

	if (!t->dry && gitrun(&run, p->pool, words, err) < 0)
		return -1;
	if (run.status != 0)
		return err_set(err, ERR_SYSTEM, "%s %s: git does not delete it",
		    p->repository, ref->name);
	t->gone++;
	say("%s %s%s", p->repository, ref->name,
	    t->dry ? ": recorded, would go" : ": recorded, gone");
	return 0;
}

static int
tidy_refs(struct tidying *t, struct err *err)
{
	struct push *p = &t->push;
	struct repo_ref *refs;
	size_t count;

	if (repo_refs(p->repo, p->pool, "refs/foureyes/", &refs, &count, err) <
	    0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int64_t time = 0;

		if (find(t, &refs[i], &time, err) < 0)
			return -1;
		if (time == 0) {
			t->unknown++;
			say("%s %s: not in the ledger as it stands there, "
			    "stays",
			    p->repository, refs[i].name);
		} else if (time > t->setup->now - TIDY_AGE) {
			t->young++;
		} else if (take_out(t, &refs[i], err) < 0) {
			return -1;
		}
	}
	return 0;
}

static int
tidy_all(struct tidying *t, const char *const *words, size_t count,
    struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		int ret;

		t->push = (struct push){0};
		if (visit_open(&t->push, t->setup, words[i], err) < 0)
			return err_within(err, "%s", words[i]);
		ret = tidy_refs(t, err);
		visit_close(&t->push);
		if (ret < 0)
			return -1;
	}
	return 0;
}

int
cmd_tidy(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct tidying t = {.setup = &s};
	struct err err = {0};
	const struct option options[] = {
	    {.name = "--dry-run", .given = &t.dry},
	    {0},
	};
	int given = options_read(argc, argv, options, 0, argc);
	const char **words = (const char **)(argv + 1);
	size_t count = given > 0 ? (size_t)given : 0;
	int status = STATUS_YES;

	if (given < 0)
		return STATUS_USAGE;
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_READ, &err) < 0 ||
	    (given == 0 && visit_all(&s, &words, &count, &err) < 0) ||
	    tidy_all(&t, words, count, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s", err.text);
	else
		say("%zu evidence refs %s, %zu are younger than 30 days, %zu "
		    "are not in the ledger",
		    t.gone, t.dry ? "would go" : "are gone", t.young,
		    t.unknown);
	setup_free(&s);
	return status;
}

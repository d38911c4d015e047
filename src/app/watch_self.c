/*
 * Does the watch watch?  What must be refused is handed to the hook that Git
 * would run, with the option by which nothing is recorded and nothing lands
 * whatever it says; a gated ref taken away, by nobody.
 */
#include "app/watch.h"

#include <string.h>
#include <unistd.h>

#include "app/gitrun.h"
#include "app/visit.h"
#include "base/text.h"

#define HOOK_TIME 30000 /* ms */
#define ZEROS "0000000000000000000000000000000000000000"
#define REFUSED "explain: the push would be refused"

struct testing {
	struct setup *s;
	struct notes *notes;
	struct checked *check;
	size_t refused, repositories;
};

/* The hook that Git itself would run there; NULL: none. */
static const char *
hook_of(const struct testing *t, const char *path)
{
	const char *const words[] = {"-C", path, "rev-parse", "--git-path",
	    "hooks/pre-receive", NULL};
	const char *hook = gitrun_ask(t->notes->pool, words);

	if (hook != NULL && hook[0] != '/')
		hook = pool_printf(t->notes->pool, "%s/%s", path, hook);
	return hook != NULL && access(hook, X_OK) == 0 ? hook : NULL;
}

static void
push(struct testing *t, const char *hook, const char *path,
    const struct visit_ref *ref, const char *repository)
{
	struct pool *pool = t->notes->pool;
	char *environment[] = {"PATH=/usr/local/bin:/usr/bin:/bin",
	    "GIT_PUSH_OPTION_COUNT=1", "GIT_PUSH_OPTION_0=explain",
	    pool_printf(pool, "GIT_DIR=%s", path), NULL};
	const char *const words[] = {NULL};
	struct gitrun run = {.program = hook,
	    .input =
	        pool_printf(pool, "%s " ZEROS " %s\n", ref->tip, ref->name),
	    .both = true,
	    .environment = environment,
	    .milliseconds = HOOK_TIME};
	struct err err;

	if (gitrun(&run, pool, words, &err) < 0)
		note_of(t->notes, t->check, NOTE_WRONG, repository,
		    "its hook could not be tried: %s", err.text);
	else if (run.status == 0 || strstr(run.output, REFUSED) == NULL)
		note_of(t->notes, t->check, NOTE_WRONG, repository,
		    "%s was not refused by foureyes to be taken away by "
		    "nobody: foureyes doctor %s",
		    ref->name, repository);
	else
		t->refused++;
}

static void
try_repository(struct testing *t, struct push *p)
{
	const char *path = repo_path(p->repo), *hook;
	struct visit_ref *refs;
	size_t count;
	struct err err;

	if (p->entry == NULL || p->entry->gate_count == 0 ||
	    settings_is_mirror(&t->s->config.settings, path))
		return;
	t->repositories++;
	if (visit_refs(p, &refs, &count, &err) < 0) {
		note_of(t->notes, t->check, NOTE_UNKNOWN, p->repository, "%s",
		    err.text);
		return;
	}
	hook = count == 0 ? NULL : hook_of(t, path);
	if (count > 0 && hook == NULL)
		note_of(t->notes, t->check, NOTE_WRONG, p->repository,
		    "git finds no hook there that it would run: foureyes "
		    "doctor %s",
		    p->repository);
	else if (count > 0)
		push(t, hook, path, &refs[0], p->repository);
}

void
watch_self_test(struct setup *s, struct notes *n)
{
	struct testing t = {.s = s,
	    .notes = n,
	    .check = checking(n, "watch.self-test", NULL, NULL)};
	const char **paths;
	size_t count = 0;
	struct err err;

	if (visit_all(s, &paths, &count, &err) < 0) {
		note_of(n, t.check, NOTE_UNKNOWN, "self-test", "%s", err.text);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		struct push p = {0};

		if (visit_open(&p, s, paths[i], &err) < 0)
			note_of(n, t.check, NOTE_UNKNOWN, paths[i], "%s",
			    err.text);
		else
			try_repository(&t, &p);
		visit_close(&p);
	}
	if (t.refused == 0 && t.check->state == CHECK_PASS)
		note_of(n, t.check, NOTE_UNKNOWN, "self-test",
		    "there is no gated ref to try it with");
	if (t.check->state == CHECK_PASS)
		t.check->text = pool_printf(n->pool,
		    "of %zu gated repositories, %zu with a gated ref: each "
		    "refused",
		    t.repositories, t.refused);
}

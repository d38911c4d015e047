#include "app/doctor.h"

#include <string.h>

#include "app/gitrun.h"

#include "doctor_inside.h"

const char *
doctor_thing(const struct looking *l, const char *what)
{
	return pool_printf(l->notes->pool, "%s: %s", l->push->repository, what);
}

struct checked *
doctor_check(const struct looking *l, const char *check)
{
	return checking(l->notes, check, l->push->repository, NULL);
}

/* As git sees it, with the files of the machine and of the hook user. */
const char *
doctor_ask(const struct looking *l, const char *word, const char *option,
    const char *key)
{
	const char *const words[] = {"-C", repo_path(l->push->repo), word,
	    option, key, NULL};

	return gitrun_ask(l->notes->pool, words);
}

/* Which gates there are is known where it is judged. */
static void
look_from_afar(struct looking *l)
{
	(void)doctor_check(l, "repository.known");
	doctor_hooks(l);
	doctor_store(l);
	if (l->notes->wrong == l->wrong_before)
		note(l->notes, NOTE_OK, l->push->repository,
		    "its pushes are handed over");
}

static void
look_closely(struct looking *l)
{
	(void)doctor_check(l, "repository.known");
	l->mirror = settings_is_mirror(&l->setup->config.settings,
	    repo_path(l->push->repo));
	if (!l->mirror)
		doctor_hooks(l);
	doctor_store(l);
	doctor_refs(l);
}

void
doctor_repository(struct notes *n, struct setup *s, const char *word)
{
	struct push p = {0};
	struct looking l = {n, s, &p, {0}, n->wrong, false};
	struct err err;

	if (setup_hook_user(s, &l.hook_user, &err) < 0 ||
	    visit_open(&p, s, word, &err) < 0)
		note_of(n,
		    checking(n, "repository.known", p.repository,
		        p.repository == NULL ? word : NULL),
		    NOTE_WRONG, word, "%s", err.text);
	else if (strcmp(s->config.settings.gate, "local") != 0)
		look_from_afar(&l);
	else if (p.entry == NULL)
		note_of(n, checking(n, "repository.known", p.repository, NULL),
		    NOTE_WRONG, p.repository,
		    "no entry of policy.yaml fits this name: add under "
		    "repositories: - {match: [\"%s\"], gates: {...}}",
		    p.repository);
	else if (p.entry->gate_count == 0)
		note(n, NOTE_OK, p.repository,
		    "known, and nothing is asked of it");
	else
		look_closely(&l);
	if (n->wrong == l.wrong_before && p.entry != NULL &&
	    p.entry->gate_count > 0)
		note(n, NOTE_OK, p.repository, "enforced");
	if (p.repo != NULL && p.repository != NULL)
		(void)checking(n, "repository.there", p.repository, NULL);
	visit_close(&p);
}

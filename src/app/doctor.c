#include "app/doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/baseline.h"
#include "app/gitrun.h"
#include "app/hooks_dir.h"
#include "base/text.h"

struct looking {
	struct notes *notes;
	struct setup *setup;
	struct push *push;
	struct hook_user hook_user;
	size_t wrong_before;
};

static const char *
thing(const struct looking *l, const char *what)
{
	return pool_printf(l->notes->pool, "%s: %s", l->push->repository, what);
}

static void
look_at_program(struct looking *l, const char *hook,
    const struct hook_seen *seen)
{
	struct stat st;

	if (seen->program == NULL || stat(seen->program, &st) < 0 ||
	    (st.st_mode & 0111) == 0)
		note(l->notes, NOTE_WRONG, hook,
		    "the program '%s' cannot be run: install foureyes there, "
		    "or install the hook again",
		    seen->program != NULL ? seen->program : "?");
	else if ((st.st_mode & S_IWOTH) != 0)
		note(l->notes, NOTE_WRONG, hook,
		    "everybody may write to the program '%s': chmod o-w",
		    seen->program);
	else if (seen->config == NULL || access(seen->config, X_OK) < 0)
		note(l->notes, NOTE_WRONG, hook,
		    "its configuration '%s' is not there: install it again",
		    seen->config != NULL ? seen->config : "?");
	else if (seen->state == HOOK_STALE)
		note(l->notes, NOTE_WARNING, hook,
		    "it runs %s with %s, which are not this program and this "
		    "configuration",
		    seen->program, seen->config);
}

static void
look_at_hook(struct looking *l, const struct hooks_dir *dir,
    const struct hook_place *place)
{
	const char *hook = thing(l, place->name);
	const struct hook_user *who = &l->hook_user;
	struct hook_seen seen;
	struct err err;

	if (hooks_dir_look(dir, place, &seen, &err) < 0) {
		note(l->notes, NOTE_WRONG, hook, "%s", err.text);
		return;
	}
	if (seen.state == HOOK_ABSENT || seen.state == HOOK_FOREIGN) {
		note(l->notes, NOTE_WRONG, hook, "%s: foureyes install %s",
		    seen.state == HOOK_ABSENT ? "there is no such hook"
		                              : "the hook is not ours",
		    l->push->repository);
		return;
	}
	if (!seen.executable)
		note(l->notes, NOTE_WRONG, hook,
		    "it has no execute bit, so git passes it over in silence: "
		    "chmod 755 %s/%s",
		    dir->path, place->file);
	if (who->known && seen.owner != 0 && seen.owner != who->uid)
		note(l->notes, NOTE_WARNING, hook,
		    "it belongs to uid %u, who can take it out; it should be "
		    "the hook user's",
		    seen.owner);
	look_at_program(l, hook, &seen);
}

static bool
is_on(const char *value)
{
	return value != NULL &&
	    (text_same_case_blind(value, "true") ||
	        text_same_case_blind(value, "yes") ||
	        text_same_case_blind(value, "on") || strcmp(value, "1") == 0);
}

/* As git sees it, with the files of the machine and of the hook user. */
static const char *
configured(const struct looking *l, const char *key)
{
	const char *const words[] = {"-C", repo_path(l->push->repo), "config",
	    "--get", key, NULL};

	return gitrun_ask(l->notes->pool, words);
}

/* `dir`: where Git has to look; `named`: only because it is told so. */
static void
look_at_config(struct looking *l, const char *dir, bool named)
{
	const char *path = configured(l, "core.hooksPath");
	char there[PATH_MAX], ours[PATH_MAX];

	if (path == NULL && named)
		note(l->notes, NOTE_WRONG, thing(l, "core.hooksPath"),
		    "it is not set, so git never looks into %s: git config "
		    "--system core.hooksPath %s",
		    dir, dir);
	if (path != NULL &&
	    (path[0] != '/' || realpath(path, there) == NULL ||
	        realpath(dir, ours) == NULL || strcmp(there, ours) != 0))
		note(l->notes, NOTE_WRONG, thing(l, "core.hooksPath"),
		    "it is '%s', so git never looks into %s: take it out", path,
		    dir);
	if (!is_on(configured(l, "receive.advertisePushOptions")))
		note(l->notes, NOTE_WARNING,
		    thing(l, "receive.advertisePushOptions"),
		    "it is off, so no plan or emergency comes with a push: "
		    "foureyes install %s",
		    l->push->repository);
}

static void
look_at_store(struct looking *l)
{
	struct repo *r = l->push->repo;
	const char *alternates = pool_printf(l->notes->pool,
	    "%s/objects/info/alternates", repo_path(r));
	struct stat st;

	if (repo_is_shallow(r))
		note(l->notes, NOTE_WRONG, thing(l, "shallow"),
		    "history is cut off, and what is missing cannot be "
		    "judged: git fetch --unshallow");
	if (repo_grafts(r))
		note(l->notes, NOTE_WARNING, thing(l, "grafts"),
		    "grafts or refs/replace/ show others another history than "
		    "is judged: take them out");
	if (stat(alternates, &st) == 0 && st.st_size > 0)
		note(l->notes, NOTE_WARNING, thing(l, "alternates"),
		    "objects are borrowed: what deletes them there breaks "
		    "judging here (%s)",
		    alternates);
}

static void
look_at_ref(struct looking *l, const struct visit_ref *ref)
{
	const char *name = thing(l, ref->name);
	struct baseline b;
	struct err err;

	if (baseline_look(l->push, ref, false, &b, &err) < 0)
		note(l->notes, NOTE_WRONG, name, "%s", err.text);
	else if (b.tip == NULL)
		note(l->notes, NOTE_WRONG, name,
		    "gate %s, and no baseline: foureyes adopt %s",
		    ref->gate->name, l->push->repository);
	else if (b.drifted)
		note(l->notes, NOTE_WRONG, name,
		    "it is at %.12s, the ledger has it at %.12s: put it back, "
		    "have it approved from there, or: foureyes account %s %s "
		    "--reason TEXT",
		    b.actual, b.tip, l->push->repository, ref->name);
}

static void
look_at_refs(struct looking *l)
{
	struct visit_ref *refs;
	size_t count;
	struct err err;

	if (visit_refs(l->push, &refs, &count, &err) < 0) {
		note(l->notes, NOTE_WRONG, thing(l, "refs"), "%s", err.text);
		return;
	}
	if (count == 0)
		note(l->notes, NOTE_WARNING, thing(l, "refs"),
		    "there is no ref at any gate yet");
	for (size_t i = 0; l->setup->log != NULL && i < count; i++)
		look_at_ref(l, &refs[i]);
}

/* Names by which a gated ref is reached that are not its own. */
static void
look_at_aliases(struct looking *l)
{
	struct repo_ref *refs;
	const struct gate *gate;
	const char *head;
	size_t count;
	struct err err;

	if (repo_refs(l->push->repo, l->notes->pool, "refs/", &refs, &count,
	        &err) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (refs[i].target != NULL &&
		    policy_gate(l->push->entry, refs[i].target, &gate) ==
		        GATE_ONE)
			note(l->notes, NOTE_WARNING, thing(l, refs[i].name),
			    "it is a symbolic ref to %s, and a push to it is "
			    "judged as one to gate %s",
			    refs[i].target, gate->name);
	if (repo_symref(l->push->repo, l->notes->pool, "HEAD", &head, &err) ==
	        0 &&
	    strcmp(head, "HEAD") != 0 &&
	    policy_gate(l->push->entry, head, &gate) != GATE_ONE)
		note(l->notes, NOTE_WARNING, thing(l, "HEAD"),
		    "it stands for %s, which is at no gate", head);
}

/* gitolite links each repository's hooks to the common ones. */
static void
look_at_link(struct looking *l, const struct hooks_dir *dir,
    const struct hook_place *place)
{
	const char *here = pool_printf(l->notes->pool, "%s/hooks/%s",
	    repo_path(l->push->repo), place->name);
	const char *ours =
	    pool_printf(l->notes->pool, "%s/%s", dir->path, place->file);
	char a[PATH_MAX], b[PATH_MAX];

	if (realpath(ours, b) != NULL &&
	    (realpath(here, a) == NULL || strcmp(a, b) != 0))
		note(l->notes, NOTE_WRONG, thing(l, place->name),
		    "%s does not lead to %s: gitolite setup --hooks-only", here,
		    ours);
}

static void
look_closely(struct looking *l)
{
	const struct settings *s = &l->setup->config.settings;
	const struct door *door = s->door_count > 0 ? &s->doors[0] : NULL;
	enum server_kind kind = door != NULL ? door->kind : SERVER_LOCAL;
	const struct hooks_places *places = hooks_places(kind);
	const char *shared = door != NULL ? door->hooks : NULL;
	struct hooks_dir dir;
	struct err err;

	if (shared != NULL && !places->shared)
		places = &hooks_central;
	if (hooks_dir_open(&dir, l->notes->pool, repo_path(l->push->repo),
	        shared, l->setup->config.dir, NULL, &err) < 0) {
		note(l->notes, NOTE_WRONG, thing(l, "hooks"), "%s", err.text);
		return;
	}
	for (size_t i = 0; i < places->count; i++) {
		look_at_hook(l, &dir, &places->list[i]);
		if (kind == SERVER_GITOLITE && shared != NULL)
			look_at_link(l, &dir, &places->list[i]);
	}
	look_at_config(l,
	    places == &hooks_central
	        ? shared
	        : pool_printf(l->notes->pool, "%s/hooks", dir.git_dir),
	    places == &hooks_central);
	look_at_store(l);
	look_at_refs(l);
	look_at_aliases(l);
}

void
doctor_repository(struct notes *n, struct setup *s, const char *word)
{
	struct push p = {0};
	struct looking l = {n, s, &p, {0}, n->wrong};
	struct err err;

	if (setup_hook_user(s, &l.hook_user, &err) < 0 ||
	    visit_open(&p, s, word, &err) < 0)
		note(n, NOTE_WRONG, word, "%s", err.text);
	else if (p.entry == NULL)
		note(n, NOTE_WRONG, p.repository,
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
	visit_close(&p);
}

/* A repository's hooks: are they there, ours, and can they run? */
#define _GNU_SOURCE /* ST_NOEXEC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/hooks_dir.h"
#include "app/hook_program.h"
#include "app/program.h"
#include "base/text.h"

#include "doctor_inside.h"

/* Mounted so that nothing on it is run: Git passes its hooks over. */
static bool
is_noexec(const char *path)
{
	struct statvfs fs;

	return statvfs(path, &fs) == 0 && (fs.f_flag & ST_NOEXEC) != 0;
}

/* Is it the one that was taken for right? */
static void
look_at_bytes(struct looking *l, const char *program)
{
	struct checked *c = checking(l->notes, "program.same", NULL, program);
	const char *digest;

	if (c->value != NULL || c->state != CHECK_PASS)
		return;
	digest = program_file_digest(l->notes->pool, program);
	if (digest[0] == '\0')
		note_of(l->notes, c, NOTE_UNKNOWN, "program",
		    "'%s' cannot be read, so nobody knows what it is", program);
	else
		c->value = digest;
}

static void
look_at_program(struct looking *l, const char *hook,
    const struct hook_seen *seen)
{
	struct notes *n = l->notes;
	struct checked *runs = doctor_check(l, "hook.runs");
	struct stat st;

	if (seen->program == NULL || stat(seen->program, &st) < 0 ||
	    (st.st_mode & 0111) == 0 || is_noexec(seen->program))
		note_of(n, runs, NOTE_WRONG, hook,
		    "the program '%s' cannot be run: install foureyes there, "
		    "or install the hook again",
		    seen->program != NULL ? seen->program : "?");
	else if ((st.st_mode & S_IWOTH) != 0)
		note_of(n, runs, NOTE_WRONG, hook,
		    "everybody may write to the program '%s': chmod o-w",
		    seen->program);
	else if (seen->config == NULL || access(seen->config, X_OK) < 0)
		note_of(n, doctor_check(l, "hook.ours"), NOTE_WRONG, hook,
		    "its configuration '%s' is not there: install it again",
		    seen->config != NULL ? seen->config : "?");
	else if (seen->state == HOOK_STALE)
		note_of(n, doctor_check(l, "hook.ours"), NOTE_WARNING, hook,
		    "it runs %s with %s, which are not this program and this "
		    "configuration",
		    seen->program, seen->config);
	if (seen->program != NULL && access(seen->program, F_OK) == 0)
		look_at_bytes(l, seen->program);
}

static void
look_at_mode(struct looking *l, const char *hook, const char *path,
    const struct hook_seen *seen)
{
	struct notes *n = l->notes;
	const struct hook_user *who = &l->hook_user;
	struct checked *runs = doctor_check(l, "hook.runs");

	if (!seen->executable)
		note_of(n, runs, NOTE_WRONG, hook,
		    "it has no execute bit, so git passes it over in silence: "
		    "chmod 755 %s",
		    path);
	if (is_noexec(path))
		note_of(n, runs, NOTE_WRONG, hook,
		    "'%s' lies on a file system that is mounted noexec, so git "
		    "passes it over in silence: mount -o remount,exec",
		    path);
	if (who->known && seen->owner != 0 && seen->owner != who->uid)
		note_of(n, runs, NOTE_WARNING, hook,
		    "it belongs to uid %u, who can take it out; it should be "
		    "the hook user's",
		    seen->owner);
	if (seen->shared)
		note_of(n, runs, NOTE_WARNING, hook,
		    "others than its owner may write to it: chmod go-w %s",
		    path);
}

static void
look_at_hook(struct looking *l, const struct hooks_dir *dir,
    const struct hook_place *place)
{
	const char *hook = doctor_thing(l, place->name);
	struct checked *there = doctor_check(l, "hook.there");
	struct hook_seen seen;
	struct err err;

	(void)doctor_check(l, "hook.runs");
	(void)doctor_check(l, "hook.ours");
	if (hooks_dir_look(dir, place, &seen, &err) < 0) {
		note_of(l->notes, there, NOTE_WRONG, hook, "%s", err.text);
		return;
	}
	if (seen.state == HOOK_ABSENT || seen.state == HOOK_FOREIGN) {
		note_of(l->notes, there, NOTE_WRONG, hook,
		    "%s: foureyes install %s",
		    seen.state == HOOK_ABSENT ? "there is no such hook"
		                              : "the hook is not ours",
		    l->push->repository);
		return;
	}
	look_at_mode(l, hook,
	    pool_printf(l->notes->pool, "%s/%s", dir->path, place->file),
	    &seen);
	look_at_program(l, hook, &seen);
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
		note_of(l->notes, doctor_check(l, "hook.there"), NOTE_WRONG,
		    doctor_thing(l, place->name),
		    "%s does not lead to %s: gitolite setup --hooks-only", here,
		    ours);
}

void
doctor_hooks(struct looking *l)
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
	        shared, l->setup->config.dir, hook_program(l->notes->pool, s),
	        &err) < 0) {
		note_of(l->notes, doctor_check(l, "hook.there"), NOTE_WRONG,
		    doctor_thing(l, "hooks"), "%s", err.text);
		return;
	}
	for (size_t i = 0; i < places->count; i++) {
		look_at_hook(l, &dir, &places->list[i]);
		if (kind == SERVER_GITOLITE && shared != NULL)
			look_at_link(l, &dir, &places->list[i]);
	}
	doctor_config(l,
	    places == &hooks_central
	        ? shared
	        : pool_printf(l->notes->pool, "%s/hooks", dir.git_dir),
	    places == &hooks_central);
}

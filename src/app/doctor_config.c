/* A repository's settings and objects: does anything go round the gate? */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

#include "doctor_inside.h"

#define EVIDENCE "refs/foureyes/"

static bool
is_on(const char *value)
{
	return value != NULL &&
	    (text_same_case_blind(value, "true") ||
	        text_same_case_blind(value, "yes") ||
	        text_same_case_blind(value, "on") || strcmp(value, "1") == 0);
}

static bool
is_off(const char *value)
{
	return text_same_case_blind(value, "false") ||
	    text_same_case_blind(value, "no") ||
	    text_same_case_blind(value, "off") || strcmp(value, "0") == 0;
}

/* "key value", as git lists them: its word on what weakens the gate. */
static void
look_at_setting(struct looking *l, const char *key, const char *value)
{
	struct checked *c = doctor_check(l, "git.settings");
	const char *thing = doctor_thing(l, key);

	if (text_starts(key, "hook."))
		note_of(l->notes, c, NOTE_WARNING, thing,
		    "git runs '%s' beside our hooks, and nobody reviewed it: "
		    "git config --unset %s",
		    value, key);
	else if (strcmp(key, "receive.shallowupdate") == 0 && is_on(value))
		note_of(l->notes, c, NOTE_WARNING, thing,
		    "pushes may cut history off, and what is missing cannot be "
		    "judged: git config --unset %s",
		    key);
	else if (strstr(key, "fsckobjects") != NULL && is_off(value))
		note_of(l->notes, c, NOTE_WARNING, thing,
		    "git was told not to look at the form of what is pushed: "
		    "git config %s true",
		    key);
	else if (strstr(key, "hiderefs") != NULL &&
	    (text_starts(EVIDENCE, value) || text_starts(value, EVIDENCE) ||
	        text_starts(value, "refs/heads") ||
	        text_starts(value, "refs/tags")))
		note_of(l->notes, c, NOTE_WARNING, thing,
		    "'%s' is hidden, so people do not see what was approved or "
		    "landed, or cannot push it: git config --unset %s",
		    value, key);
}

static void
look_at_settings(struct looking *l)
{
	const char *list = doctor_ask(l, "config", "--get-regexp",
	    "^(hook[.].*|(receive|transfer|uploadpack)[.](hiderefs|"
	    "fsckobjects|shallowupdate))$");

	(void)doctor_check(l, "git.settings");
	while (list != NULL && *list != '\0') {
		size_t len = strcspn(list, "\n");
		const char *line = pool_textn(l->notes->pool, list, len);
		size_t key = strcspn(line, " ");

		look_at_setting(l, pool_textn(l->notes->pool, line, key),
		    line[key] == ' ' ? line + key + 1 : "true");
		list += len + (list[len] == '\n' ? 1 : 0);
	}
}

/* Git refuses to work in what belongs to somebody else. */
static void
look_at_owner(struct looking *l)
{
	const char *path = repo_path(l->push->repo);
	struct stat st;

	if (!l->hook_user.known || stat(path, &st) < 0 ||
	    st.st_uid == l->hook_user.uid ||
	    doctor_ask(l, "rev-parse", "--git-dir", NULL) != NULL)
		return;
	note_of(l->notes, doctor_check(l, "git.format"), NOTE_WRONG,
	    doctor_thing(l, "safe.directory"),
	    "it belongs to uid %lu and the hook user is uid %lu, so git does "
	    "not work with it: chown it, or git config --system --add "
	    "safe.directory %s",
	    (unsigned long)st.st_uid, (unsigned long)l->hook_user.uid, path);
}

void
doctor_config(struct looking *l, const char *dir, bool named)
{
	struct checked *c = doctor_check(l, "hook.path");
	struct checked *options = doctor_check(l, "hook.options");
	const char *path = doctor_ask(l, "config", "--get", "core.hooksPath");
	char there[PATH_MAX], ours[PATH_MAX];

	if (path == NULL && named)
		note_of(l->notes, c, NOTE_WRONG,
		    doctor_thing(l, "core.hooksPath"),
		    "it is not set, so git never looks into %s: git config "
		    "--system core.hooksPath %s",
		    dir, dir);
	if (path != NULL &&
	    (path[0] != '/' || realpath(path, there) == NULL ||
	        realpath(dir, ours) == NULL || strcmp(there, ours) != 0))
		note_of(l->notes, c, NOTE_WRONG,
		    doctor_thing(l, "core.hooksPath"),
		    "it is '%s', so git never looks into %s: take it out", path,
		    dir);
	if (!is_on(doctor_ask(l, "config", "--get",
	        "receive.advertisePushOptions")))
		note_of(l->notes, options, NOTE_WARNING,
		    doctor_thing(l, "receive.advertisePushOptions"),
		    "it is off, so no plan or emergency comes with a push: "
		    "foureyes install %s",
		    l->push->repository);
	look_at_settings(l);
}

void
doctor_store(struct looking *l)
{
	struct repo *r = l->push->repo;
	struct checked *format = doctor_check(l, "git.format");
	struct checked *settings = doctor_check(l, "git.settings");
	const char *alternates = pool_printf(l->notes->pool,
	    "%s/objects/info/alternates", repo_path(r));
	struct stat st;

	if (repo_is_shallow(r))
		note_of(l->notes, format, NOTE_WRONG,
		    doctor_thing(l, "shallow"),
		    "history is cut off, and what is missing cannot be "
		    "judged: git fetch --unshallow");
	if (repo_grafts(r))
		note_of(l->notes, settings, NOTE_WARNING,
		    doctor_thing(l, "grafts"),
		    "grafts or refs/replace/ show others another history than "
		    "is judged: take them out");
	if (stat(alternates, &st) == 0 && st.st_size > 0)
		note_of(l->notes, settings, NOTE_WARNING,
		    doctor_thing(l, "alternates"),
		    "objects are borrowed: what deletes them there breaks "
		    "judging here (%s)",
		    alternates);
	look_at_owner(l);
}

/* Our hooks in one repository, and out again; its config as well. */
#include "app/installing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd.h"
#include "app/files.h"
#include "app/gitrun.h"
#include "app/hooks_dir.h"
#include "app/say.h"
#include "app/visit.h"
#include "base/digest.h"
#include "base/text.h"

#define ADVERTISE "receive.advertisePushOptions"
#define CONFIG_MAX 262144

struct work {
	const struct installing *asked;
	struct setup *setup;
	struct push *push;
	struct hooks_dir hooks;
	struct hooks_state state;
	const char *state_path;
	const char *config_path;
};

static int
begin(struct work *w, const char *word, struct err *err)
{
	if (visit_open(w->push, w->setup, word, err) < 0 ||
	    hooks_dir_open(&w->hooks, w->push->pool, repo_path(w->push->repo),
	        NULL, w->asked->config, w->asked->program, err) < 0)
		return -1;
	w->state_path =
	    pool_printf(w->push->pool, "%s/" HOOKS_STATE, w->hooks.git_dir);
	w->config_path =
	    pool_printf(w->push->pool, "%s/config", w->hooks.git_dir);
	return hooks_state_read(&w->state, w->push->pool, w->state_path, err);
}

/* Git runs hooks from there, whoever's configuration says so. */
static int
check_hooks_path(const struct work *w, struct err *err)
{
	const char *const words[] = {"-C", w->hooks.git_dir, "config", "--get",
	    "core.hooksPath", NULL};
	const char *value = gitrun_ask(w->push->pool, words);
	char there[PATH_MAX], ours[PATH_MAX];
	bool same = value != NULL && value[0] == '/' &&
	    realpath(value, there) != NULL &&
	    realpath(w->hooks.path, ours) != NULL && strcmp(there, ours) == 0;

	if (value == NULL || same)
		return 0;
	return err_set(err, ERR_CONFIG,
	    "core.hooksPath is '%s', so git never looks into '%s': find it "
	    "with 'git -C %s config --show-origin core.hooksPath' and take it "
	    "out",
	    value, w->hooks.path, w->hooks.git_dir);
}

static int
make_hooks(struct work *w, struct err *err)
{
	struct stat st;

	if (lstat(w->hooks.path, &st) < 0) {
		if (errno != ENOENT || mkdir(w->hooks.path, 0755) < 0)
			return err_errno(err, "'%s'", w->hooks.path);
		w->state.hooks_made = true;
		return 0;
	}
	if (S_ISLNK(st.st_mode))
		return err_set(err, ERR_CONFIG,
		    "'%s' is a symbolic link, perhaps shared with other "
		    "repositories: make it a directory of its own",
		    w->hooks.path);
	return 0;
}

static bool
is_true(const char *value)
{
	static const char *const words[] = {"true", "yes", "on", "1"};

	for (size_t i = 0; value != NULL && i < 4; i++)
		if (text_same_case_blind(value, words[i]))
			return true;
	return false;
}

static int
config_bytes(const struct work *w, struct buf *out, struct err *err)
{
	return file_read(out, w->config_path, CONFIG_MAX, NULL, err);
}

static int
remember_config(struct work *w, struct err *err)
{
	struct pool *pool = w->push->pool;
	struct buf bytes = {0}, coded = {0};
	const char *value;
	int ret = -1;

	if (repo_config(w->push->repo, pool, ADVERTISE, &value, err) < 0 ||
	    config_bytes(w, &bytes, err) < 0)
		goto out;
	w->state.advertise = value == NULL ? "unset" : value;
	if (!is_true(value)) {
		text_base64(&coded, bytes.data, bytes.len);
		w->state.config = pool_text(pool, buf_text(&coded));
	}
	ret = hooks_state_write(&w->state, w->state_path, err);
out:
	buf_free(&bytes);
	buf_free(&coded);
	return ret;
}

static int
switch_options_on(struct work *w, struct err *err)
{
	struct pool *pool = w->push->pool;
	struct buf bytes = {0};
	char digest[DIGEST_HEX_SIZE];
	const char *value;
	int ret = -1;

	if (repo_config(w->push->repo, pool, ADVERTISE, &value, err) < 0)
		return -1;
	if (is_true(value))
		return 0;
	if (repo_config_set(w->push->repo, ADVERTISE, "true", err) == 0 &&
	    config_bytes(w, &bytes, err) == 0) {
		digest_sha256_hex(digest, bytes.data, bytes.len);
		w->state.changed = pool_text(pool, digest);
		ret = hooks_state_write(&w->state, w->state_path, err);
	}
	buf_free(&bytes);
	return ret;
}

static int
put_in(struct work *w, struct err *err)
{
	if (check_hooks_path(w, err) < 0 || make_hooks(w, err) < 0)
		return -1;
	if (!w->state.installed && remember_config(w, err) < 0)
		return -1;
	for (size_t i = 0; i < w->asked->places->count; i++)
		if (hooks_dir_put(&w->hooks, &w->asked->places->list[i], err) <
		    0)
			return -1;
	return switch_options_on(w, err);
}

static int
tell_installed(struct work *w, struct err *err)
{
	const char *name = w->push->repository;
	const struct hooks_places *places = w->asked->places;
	struct hook_seen seen;

	say("%s: the hooks are in: %s", name, installing_names(places));
	for (size_t i = 0; i < places->count; i++) {
		if (hooks_dir_look(&w->hooks, &places->list[i], &seen, err) < 0)
			return -1;
		if (seen.names_before != NULL)
			say("%s: the %s that was there runs on, as %s/%s", name,
			    places->list[i].name, w->hooks.path,
			    seen.names_before);
	}
	if (w->push->entry == NULL &&
	    strcmp(w->setup->config.settings.gate, "local") == 0)
		say("%s: warning: no entry of policy.yaml fits this name, and "
		    "every push to it is refused",
		    name);
	return 0;
}

/* The old bytes, but only over exactly what we made of them. */
static int
put_config_back(const struct work *w, bool *done, struct err *err)
{
	struct buf now = {0}, old = {0};
	char digest[DIGEST_HEX_SIZE];
	struct stat st;
	int ret = -1;

	*done = false;
	if (config_bytes(w, &now, err) < 0)
		goto out;
	digest_sha256_hex(digest, now.data, now.len);
	if (w->state.config == NULL || !text_same(digest, w->state.changed) ||
	    !text_parse_base64(&old, w->state.config, strlen(w->state.config),
	        false) ||
	    stat(w->config_path, &st) < 0) {
		ret = 0;
		goto out;
	}
	*done = true;
	ret = file_write(w->config_path, buf_text(&old), old.len,
	    st.st_mode & 0777, false, err);
out:
	buf_free(&now);
	buf_free(&old);
	return ret;
}

static int
restore_config(struct work *w, struct err *err)
{
	bool done;

	if (w->state.advertise == NULL || is_true(w->state.advertise))
		return 0;
	if (put_config_back(w, &done, err) < 0)
		return -1;
	if (done)
		return 0;
	if (strcmp(w->state.advertise, "unset") == 0)
		return repo_config_unset(w->push->repo, ADVERTISE, err);
	return repo_config_set(w->push->repo, ADVERTISE, w->state.advertise,
	    err);
}

static int
take_out(struct work *w, unsigned *hooks, struct err *err)
{
	bool done;

	for (size_t i = 0; i < w->asked->places->count; i++) {
		if (hooks_dir_take_out(&w->hooks, &w->asked->places->list[i],
		        &done, err) < 0)
			return -1;
		*hooks += done ? 1 : 0;
	}
	if (!w->state.installed)
		return 0;
	if (restore_config(w, err) < 0)
		return -1;
	if (w->state.hooks_made)
		(void)rmdir(w->hooks.path);
	if (unlink(w->state_path) < 0)
		return err_errno(err, "'%s'", w->state_path);
	return 0;
}

int
install_repository(struct setup *s, const char *word,
    const struct installing *asked)
{
	struct push p = {0};
	struct work w = {.asked = asked, .setup = s, .push = &p};
	struct err err = {0};
	int status = STATUS_YES;

	if (begin(&w, word, &err) < 0 || put_in(&w, &err) < 0 ||
	    tell_installed(&w, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s: %s", word, err.text);
	visit_close(&p);
	return status;
}

int
uninstall_repository(struct setup *s, const char *word,
    const struct installing *asked)
{
	struct push p = {0};
	struct work w = {.asked = asked, .setup = s, .push = &p};
	struct err err = {0};
	unsigned hooks = 0;
	int status = STATUS_YES;

	if (begin(&w, word, &err) < 0 || take_out(&w, &hooks, &err) < 0)
		status = complain(STATUS_UNKNOWN, "%s: %s", word, err.text);
	else if (hooks == 0 && !w.state.installed)
		say("%s: there was nothing of ours", p.repository);
	else
		say("%s: the hooks are out; nothing is asked of pushes any "
		    "more",
		    p.repository);
	visit_close(&p);
	return status;
}

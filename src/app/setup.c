#include "app/setup.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/gitrun.h"
#include "app/hook_program.h"
#include "app/node.h"
#include "base/text.h"
#include "core/topics.h"

#define DEFAULT_DIRECTORY "/etc/foureyes"
#define COMPILE_MS 30000
#define COMPILE_BOTH_BYTES 65536

int64_t
clock_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const char *
setup_directory(const char *option)
{
	const char *dir = getenv("FOUREYES_CONFIG");

	if (option != NULL)
		return option;
	return dir != NULL && dir[0] != '\0' ? dir : DEFAULT_DIRECTORY;
}

/* SUDO_UID is believed from nobody but root, who could be anybody anyway. */
static uid_t
who_runs_us(void)
{
	const char *sudo = getenv("SUDO_UID");
	unsigned long uid;
	char *end;

	if (getuid() != 0 || sudo == NULL || sudo[0] < '0' || sudo[0] > '9')
		return getuid();
	errno = 0;
	uid = strtoul(sudo, &end, 10);
	if (errno != 0 || *end != '\0' || uid >= (uid_t)-1)
		return getuid();
	return (uid_t)uid;
}

static void
find_account(struct setup *s)
{
	struct account *a = &s->account;
	const struct person *who;
	struct passwd *pw;

	if (a->login != NULL)
		return;
	pw = getpwuid(a->uid);
	a->login = pw != NULL
	    ? pool_text(&s->pool, pw->pw_name)
	    : pool_printf(&s->pool, "uid:%lu", (unsigned long)a->uid);
	who = people_by_login(&s->config.people, "local", a->login);
	a->person = who != NULL ? who->id : NULL;
}

int
setup_read(struct setup *s, const char *dir, struct err *err)
{
	s->now = clock_now();
	s->account.uid = who_runs_us();
	if ((s->is_hook ? config_read_quickly(&s->config, &s->pool, dir,
	                      !s->is_witness, err)
	                : config_read(&s->config, &s->pool, dir, err)) < 0)
		return -1;
	if (!s->is_hook)
		find_account(s);
	return 0;
}

/* The program that hooks run has an image of its own, and makes it. */
static void
compile_by(struct setup *s, const char *program)
{
	const char *const words[] = {"--config", s->config.dir, "compile",
	    NULL};
	struct gitrun run = {.program = program,
	    .silent = true,
	    .milliseconds = COMPILE_MS};
	struct err ignored = {0};

	if (gitrun(&run, &s->pool, words, &ignored) < 0)
		return; /* then hooks read the files */
}

/*
 * Whoever may not write the directory leaves it.  Hooks that were installed
 * before there was a program of their own run this one: of files that are
 * small they read the files.
 */
void
setup_compile(struct setup *s)
{
	const struct config *c = &s->config;
	const char *program = hook_program(&s->pool, &c->settings);
	struct err ignored = {0};

	if (access(c->dir, W_OK) < 0)
		return;
	if (program != NULL)
		compile_by(s, program);
	if (program != NULL &&
	    c->people_text.len + c->policy_text.len <= COMPILE_BOTH_BYTES)
		return;
	if (config_compile(c->dir, &ignored) < 0)
		return; /* likewise */
}

void
setup_free(struct setup *s)
{
	changelog_close(s->log);
	pool_free(&s->pool);
	*s = (struct setup){0};
}

static int
user_by_name(struct setup *s, struct hook_user *who, const char *name,
    struct err *err)
{
	struct passwd *pw = getpwnam(name);

	if (pw == NULL)
		return err_set(err, ERR_CONFIG,
		    "hook_user '%s' is no account of this machine", name);
	*who = (struct hook_user){true, pw->pw_uid, pw->pw_gid,
	    pool_text(&s->pool, name), pool_text(&s->pool, pw->pw_dir)};
	return 0;
}

/* A root that is not there tells nothing, and is complained of elsewhere. */
static void
user_by_root(struct setup *s, struct hook_user *who, const char *root)
{
	struct passwd *pw;
	struct stat st;

	if (stat(root, &st) < 0)
		return;
	pw = getpwuid(st.st_uid);
	*who = (struct hook_user){true, st.st_uid, st.st_gid, NULL, "/"};
	if (pw == NULL)
		return;
	who->gid = pw->pw_gid;
	who->login = pool_text(&s->pool, pw->pw_name);
	who->home = pool_text(&s->pool, pw->pw_dir);
}

int
setup_hook_user(struct setup *s, struct hook_user *who, struct err *err)
{
	const struct settings *settings = &s->config.settings;
	const char *root;

	*who = (struct hook_user){0};
	if (settings->hook_user != NULL)
		return user_by_name(s, who, settings->hook_user, err);
	for (size_t i = 0; !who->known && settings_root(settings, i, &root);
	     i++)
		if (root != NULL)
			user_by_root(s, who, root);
	return 0;
}

int
setup_become(struct setup *s, struct err *err)
{
	struct hook_user who;
	int groups;

	if (geteuid() != 0)
		return 0;
	if (setup_hook_user(s, &who, err) < 0)
		return -1;
	if (!who.known || who.uid == 0)
		return 0;
	groups = who.login != NULL ? initgroups(who.login, who.gid)
	                           : setgroups(0, NULL);
	if (groups < 0 || setgid(who.gid) < 0 || setuid(who.uid) < 0 ||
	    geteuid() != who.uid)
		return err_errno(err, "cannot become the hook user '%s'",
		    who.login != NULL ? who.login : "without a name");
	/* Git's configuration is theirs as well. */
	if (setenv("HOME", who.home, 1) < 0 || unsetenv("XDG_CONFIG_HOME") < 0)
		return err_errno(err, "the environment");
	return 0;
}

/* No administration groups: nobody is in order, not everybody. */
struct by
setup_by(struct setup *s)
{
	const struct texts *groups = &s->config.policy.administration;
	const struct person *who;

	find_account(s);
	who = people_by_id(&s->config.people,
	    s->account.person != NULL ? s->account.person : "");
	return (struct by){
	    .account = s->account.login,
	    .person = s->account.person,
	    .in_order = groups->count > 0 && person_in_force(who, s->now) &&
	        person_in_any(who, groups->list, groups->count),
	};
}

/* Does this line hold that text?  A quote inside of a text is written \". */
bool
setup_is_text(const struct record *r, const char *type, const char *digest)
{
	char start[160];

	(void)snprintf(start, sizeof(start),
	    "\"type\":\"%s\",\"sha256\":\"%s\",", type, digest);
	return r->seq != 0 && text_find(r->line, r->len, start) != NULL;
}

/* The text, unless it is the one last recorded. */
static int
add_text(struct setup *s, const char *type, const struct config_text *text,
    const char *digest, struct buf *body, struct err *err)
{
	struct record last;

	if (text->bytes == NULL)
		return 0;
	if (changelog_newest_start(s->log, &s->pool, topic_text(&s->pool, type),
	        &last, err) < 0)
		return -1;
	if (!setup_is_text(&last, type, digest))
		record_text(body, type, text->bytes, text->len, digest);
	return 0;
}

/* Of machines that share a ledger each has its own. */
static int
add_settings(struct setup *s, struct buf *body, struct err *err)
{
	const struct config *c = &s->config;
	const char *node = node_name(&s->pool, &c->settings);
	struct record last;

	if (c->settings.shared == NULL)
		return add_text(s, "settings", &c->settings_text,
		    c->settings.digest, body, err);
	if (changelog_newest_start(s->log, &s->pool, topic_node(&s->pool, node),
	        &last, err) < 0)
		return -1;
	if (!setup_is_text(&last, "settings", c->settings.digest))
		record_node_text(body, "settings", node, c->settings_text.bytes,
		    c->settings_text.len, c->settings.digest);
	return 0;
}

static int
record_texts(struct setup *s, struct err *err)
{
	const struct config *c = &s->config;
	struct buf bodies[3] = {0};
	struct ledger_body list[3];
	size_t count = 0;
	int ret = -1;

	if (add_text(s, "policy", &c->policy_text, c->policy.digest, &bodies[0],
	        err) < 0 ||
	    add_text(s, "people", &c->people_text, c->people.digest, &bodies[1],
	        err) < 0 ||
	    add_settings(s, &bodies[2], err) < 0)
		goto out;
	for (size_t i = 0; i < 3; i++)
		if (bodies[i].len > 0)
			list[count++] =
			    (struct ledger_body){bodies[i].data, bodies[i].len};
	ret = count == 0
	    ? 0
	    : changelog_append(s->log, list, count, s->now, NULL, err);
out:
	for (size_t i = 0; i < 3; i++)
		buf_free(&bodies[i]);
	return ret;
}

int
setup_log(struct setup *s, enum ledger_mode mode, struct err *err)
{
	if (s->config.settings.ledger == NULL ||
	    s->config.settings.index == NULL)
		return err_set(err, ERR_CONFIG,
		    "%s/" CONFIG_SETTINGS ": no ledger is kept here (gate: %s)",
		    s->config.dir, s->config.settings.gate);
	if (!s->is_hook && setup_become(s, err) < 0)
		return -1;
	if (changelog_open(&s->log, &s->config.settings, mode, s->is_hook,
	        err) < 0)
		return -1;
	/* Only init begins a ledger; to begin one here would hide a cut. */
	if (changelog_last(s->log) == 0)
		return err_set(err, ERR_TAMPERED,
		    "the ledger '%s' holds no record, and init leaves six: it "
		    "was emptied; put it back from a copy",
		    s->config.settings.ledger);
	return mode == LEDGER_APPEND && !s->is_witness ? record_texts(s, err)
	                                               : 0;
}

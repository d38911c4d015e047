#include "app/installation.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/checkpoints.h"
#include "app/cmd.h"
#include "app/key_chain.h"
#include "app/seal_state.h"
#include "app/version.h"
#include "edge/seal_report.h"

#define SEAL_FILE "seal.key"
#define REPORT_FILE "report.key"
#define FIRST_RECORDS 6

static const char *const file_names[] = {CONFIG_POLICY, CONFIG_PEOPLE,
    CONFIG_SETTINGS};

static const char *
in(struct installation *i, const char *dir, const char *name)
{
	return pool_printf(&i->pool, "%s/%s", dir, name);
}

/* As mkdir -p; what is there stays as it is. */
static int
make_dirs(struct installation *i, const char *path, mode_t mode,
    struct err *err)
{
	char *copy = pool_text(&i->pool, path);

	for (char *at = copy + 1;; at++) {
		char c = *at;

		if (c != '/' && c != '\0')
			continue;
		*at = '\0';
		if (mkdir(copy, c == '\0' ? mode : 0755) < 0 && errno != EEXIST)
			return err_errno(err, "'%s'", copy);
		*at = c;
		if (c == '\0')
			return 0;
	}
}

/* Paths stand in quotes in foureyes.yaml. */
int
installation_path(const char *path, struct err *err)
{
	for (const char *c = path; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == '"' || *c == '\\' ||
		    *c == 0x7f)
			return err_set(err, ERR_INPUT,
			    "'%s' holds a character that no configured path "
			    "may have",
			    path);
	return 0;
}

static int
nothing_there(struct installation *i, struct err *err)
{
	const char *list[7];
	struct stat st;
	size_t count = 0;

	for (size_t n = 0; n < 3; n++)
		list[count++] = in(i, i->words.dir, file_names[n]);
	list[count++] = in(i, i->words.dir, SEAL_FILE);
	list[count++] = in(i, i->words.dir, REPORT_FILE);
	list[count++] = in(i, i->words.data, "ledger");
	list[count++] = in(i, i->words.data, "index.db");
	for (size_t n = 0; n < count; n++)
		if (lstat(list[n], &st) == 0)
			return err_set(err, ERR_SYSTEM,
			    "'%s' is there already, and nothing is ever "
			    "overwritten: init makes new installations only",
			    list[n]);
	if (stat(i->words.dir, &st) == 0 &&
	    (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return err_set(err, ERR_SYSTEM,
		    "'%s' may be written by others than its owner: chmod go-w "
		    "'%s'",
		    i->words.dir, i->words.dir);
	return 0;
}

static int
find_group(gid_t *gid, struct err *err)
{
	struct group *group = getgrnam(INSTALLATION_GROUP);

	if (geteuid() != 0)
		return err_set(err, ERR_SYSTEM,
		    "only root can set up " INSTALLATION_DIR
		    "; 'foureyes init DIR' sets up a directory of your own to "
		    "try it out");
	if (group == NULL)
		return err_set(err, ERR_SYSTEM,
		    "there is no group '" INSTALLATION_GROUP
		    "': groupadd --system " INSTALLATION_GROUP
		    "; useradd --system -g " INSTALLATION_GROUP
		    " " INSTALLATION_SEALER
		    "; usermod -a -G " INSTALLATION_GROUP " <hook user>");
	*gid = group->gr_gid;
	return 0;
}

/*
 * Whoever tries it out for hooks of another user is that user from here on, so
 * that everything belongs to them.
 */
static int
be_one_user(struct installation *i, struct err *err)
{
	const char *name = i->words.hook_user;
	struct passwd *pw = NULL;
	struct stat st;

	if (name != NULL)
		pw = getpwnam(name);
	else if (stat(i->words.root, &st) == 0 && st.st_uid != 0)
		pw = getpwuid(st.st_uid);
	if (name != NULL && pw == NULL)
		return err_set(err, ERR_INPUT, "there is no account '%s'",
		    name);
	if (pw == NULL || pw->pw_uid == geteuid())
		return 0;
	if (geteuid() != 0)
		return err_set(err, ERR_SYSTEM,
		    "hooks run as '%s', and everything belongs to them: run "
		    "this as that account or as root",
		    pw->pw_name);
	if (chown(i->words.dir, pw->pw_uid, pw->pw_gid) < 0 ||
	    initgroups(pw->pw_name, pw->pw_gid) < 0 || setgid(pw->pw_gid) < 0 ||
	    setuid(pw->pw_uid) < 0)
		return err_errno(err, "cannot become '%s'", pw->pw_name);
	return 0;
}

/* 2770 root:foureyes: what is made inside belongs to the group. */
static int
make_system_data(struct installation *i, struct err *err)
{
	const char *data = i->words.data;
	gid_t group = (gid_t)-1;

	if (find_group(&group, err) < 0 || make_dirs(i, data, 0770, err) < 0)
		return -1;
	if (chown(data, 0, group) < 0 || chmod(data, 02770) < 0)
		return err_errno(err, "'%s'", data);
	return 0;
}

static int
make_places(struct installation *i, struct err *err)
{
	struct template_words *w = &i->words;
	char real[PATH_MAX];

	if (make_dirs(i, w->dir, 0755, err) < 0)
		return -1;
	if (realpath(w->dir, real) == NULL)
		return err_errno(err, "'%s'", w->dir);
	w->dir = pool_text(&i->pool, real);
	if (i->system)
		return make_system_data(i, err);
	w->data = w->dir;
	if (w->root == NULL)
		w->root = in(i, w->dir, "repositories");
	if (be_one_user(i, err) < 0 || make_dirs(i, w->root, 0755, err) < 0)
		return -1;
	return installation_path(w->root, err);
}

static int
put_files(struct installation *i, struct err *err)
{
	const char *text;

	for (size_t n = 0; n < 3; n++)
		if (template_text(&text, &i->pool, file_names[n], &i->words,
		        err) < 0 ||
		    config_put(i->words.dir, file_names[n], text, strlen(text),
		        err) < 0)
			return -1;
	return setup_read(&i->setup, i->words.dir, err);
}

static int
make_key(struct installation *i, struct seal **seal, struct buf *pem,
    struct err *err)
{
	const char *path = i->setup.config.settings.seal_key;
	struct seal_public public;

	if (seal_make(path, err) < 0 || seal_open(seal, path, err) < 0)
		return -1;
	seal_public(&public, *seal);
	seal_public_pem(pem, &public);
	seal_fingerprint(i->fingerprint, &public);
	return 0;
}

/* The sealing key introduces it. */
static int
make_report_key(struct installation *i, const struct seal *seal,
    struct buf *body, struct err *err)
{
	const struct settings *s = &i->setup.config.settings;
	const struct by by = setup_by(&i->setup);
	char fingerprint[SEAL_FINGERPRINT_SIZE];
	struct seal_report *key = NULL;
	struct buf pem = {0};
	int ret = -1;

	if (seal_report_make(s->report_key, err) == 0 &&
	    seal_report_open(&key, s->report_key, err) == 0 &&
	    seal_report_public(key, &pem, fingerprint, err) == 0)
		ret = key_chain_introduce(body, seal, s->origin, KEY_REPORT,
		    fingerprint, buf_text(&pem), &by, err);
	seal_report_close(key);
	buf_free(&pem);
	return ret;
}

/* What every ledger begins with. */
static int
first_records(struct installation *i, struct ledger *ledger,
    const struct seal *seal, const char *pem, struct err *err)
{
	const struct config *c = &i->setup.config;
	const struct by by = setup_by(&i->setup);
	const struct program program = {.version = FOUREYES_VERSION};
	struct buf b[FIRST_RECORDS] = {0};
	struct ledger_body list[FIRST_RECORDS];
	int ret;

	record_opened(&b[0], c->settings.origin, &program, &by);
	record_text(&b[1], "policy", c->policy_text.bytes, c->policy_text.len,
	    c->policy.digest);
	record_text(&b[2], "people", c->people_text.bytes, c->people_text.len,
	    c->people.digest);
	record_text(&b[3], "settings", c->settings_text.bytes,
	    c->settings_text.len, c->settings.digest);
	record_key(&b[4],
	    &(struct key_record){.purpose = KEY_SEAL,
	        .fingerprint = i->fingerprint,
	        .public_pem = pem},
	    &by);
	ret = make_report_key(i, seal, &b[5], err);
	for (size_t n = 0; n < FIRST_RECORDS; n++)
		list[n] = (struct ledger_body){b[n].data, b[n].len};
	if (ret == 0)
		ret = ledger_append(ledger, list, FIRST_RECORDS, i->setup.now,
		    NULL, err);
	for (size_t n = 0; n < FIRST_RECORDS; n++)
		buf_free(&b[n]);
	return ret;
}

static int
make_ledger(struct installation *i, struct err *err)
{
	const struct settings *settings = &i->setup.config.settings;
	struct ledger *ledger = NULL;
	struct seal *seal = NULL;
	struct buf pem = {0};
	int ret = -1;

	if (make_key(i, &seal, &pem, err) == 0 &&
	    ledger_create(settings->ledger, err) == 0 &&
	    ledger_open(&ledger, settings->ledger, LEDGER_APPEND, err) == 0 &&
	    first_records(i, ledger, seal, buf_text(&pem), err) == 0 &&
	    checkpoints_first(ledger, settings, i->setup.now, err) == 0)
		ret = changelog_open(&i->setup.log, settings, LEDGER_APPEND,
		    false, err);
	ledger_close(ledger);
	seal_close(seal);
	buf_free(&pem);
	return ret;
}

/* What was sealed first, and the directory it lies in. */
static int
hand_over_memory(struct installation *i, const struct passwd *pw,
    struct err *err)
{
	static const char *const files[] = {"", "/state", "/seals"};
	const char *dir = seal_state_path(&i->pool, &i->setup.config.settings);

	for (size_t n = 0; n < sizeof(files) / sizeof(files[0]); n++) {
		const char *path = pool_printf(&i->pool, "%s%s", dir, files[n]);

		if (lchown(path, pw->pw_uid, pw->pw_gid) < 0)
			return err_errno(err, "'%s'", path);
	}
	return 0;
}

/* The key is the sealing user's, who is not the one that appends. */
static int
hand_over_key(struct installation *i, struct err *err)
{
	const char *path = i->setup.config.settings.seal_key;
	struct passwd *pw = getpwnam(INSTALLATION_SEALER);

	if (!i->system)
		return 0;
	if (pw == NULL) {
		(void)complain(0,
		    "there is no account '" INSTALLATION_SEALER
		    "': '%s' stays root's until: useradd --system -g " INSTALLATION_GROUP
		    " " INSTALLATION_SEALER "; chown -R " INSTALLATION_SEALER
		    " '%s' '%s'",
		    path, path,
		    seal_state_path(&i->pool, &i->setup.config.settings));
		return 0;
	}
	if (chown(path, pw->pw_uid, pw->pw_gid) < 0)
		return err_errno(err, "'%s'", path);
	return hand_over_memory(i, pw, err);
}

int
installation_look(struct installation *i, struct err *err)
{
	gid_t ignored;

	if (i->system && find_group(&ignored, err) < 0)
		return -1;
	if (installation_path(i->words.dir, err) < 0)
		return -1;
	return nothing_there(i, err);
}

int
installation_make(struct installation *i, struct err *err)
{
	if (make_places(i, err) < 0 || put_files(i, err) < 0 ||
	    make_ledger(i, err) < 0)
		return -1;
	return hand_over_key(i, err);
}

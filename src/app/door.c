/*
 * By which door a push came: which repository it is, and who pushes.  One
 * variable is read for identity, the one that the door's kind or the settings
 * name; display names, HTTP headers and push options never are.
 */
#include "app/push.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "base/text.h"
#include "core/sshkey.h"

#define LOGIN_MAX 255

static bool
set(const struct push *p, const char *name)
{
	const char *value = push_variable(p, name);

	return value != NULL && value[0] != '\0';
}

/* Of a list of doors; one that stands alone takes every push. */
static bool
fits(const struct push *p, const struct door *door)
{
	const char *name = server_kind_fits(door->kind);

	return name != NULL
	    ? set(p, name)
	    : !set(p, "GATEWAY_INTERFACE") && !set(p, "SSH_CONNECTION");
}

/* Two that fit would let the pusher choose who to be. */
static int
choose(struct push *p, struct err *err)
{
	const struct settings *s = &p->setup->config.settings;

	if (s->door_count == 1)
		p->door = &s->doors[0];
	for (size_t i = 0; s->door_count > 1 && i < s->door_count; i++) {
		if (!fits(p, &s->doors[i]))
			continue;
		if (p->door != NULL)
			return err_set(err, ERR_CONFIG,
			    "two doors of foureyes.yaml fit this push: both "
			    "GATEWAY_INTERFACE and SSH_CONNECTION are set, or "
			    "two doors are of one kind");
		p->door = &s->doors[i];
	}
	if (p->door == NULL)
		return err_set(err, ERR_CONFIG,
		    "no door of foureyes.yaml fits this push, by "
		    "GATEWAY_INTERFACE or SSH_CONNECTION");
	return 0;
}

static int
variable(struct push *p, const char *name, const char **value, struct err *err)
{
	const char *text = push_variable(p, name);

	if (text == NULL)
		text = "";
	if (strlen(text) > LOGIN_MAX || strpbrk(text, "\n\r\t") != NULL)
		return err_set(err, ERR_INPUT,
		    "the server's variable %s is no login", name);
	*value = pool_text(p->pool, text);
	return 0;
}

/* What sshd wrote for this session (ExposeAuthInfo). */
static int
session_text(struct push *p, struct buf *out, struct err *err)
{
	const char *path = getenv("SSH_USER_AUTH");
	int fd, ret;

	if (p->handed != NULL && p->handed->session != NULL) {
		buf_put(out, p->handed->session);
		return 0;
	}
	if (path == NULL || p->handed != NULL)
		return err_set(err, ERR_CONFIG,
		    "SSH_USER_AUTH is not set; sshd_config needs "
		    "'ExposeAuthInfo yes'");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "SSH_USER_AUTH '%s'", path);
	ret = file_read_on(out, fd, path, DOOR_SESSION_MAX, err);
	(void)close(fd);
	return ret;
}

/* "publickey ssh-ed25519 AAAA..."; true: it is somebody's. */
static bool
take_key(struct push *p, const char *line)
{
	const struct person_key *entry = NULL;
	const struct person *who;
	struct sshkey key;
	struct err ignored = {0};

	if (!text_starts(line, "publickey ") ||
	    sshkey_parse_line(&key, p->pool, line + strlen("publickey "),
	        &ignored) < 0)
		return false;
	p->pusher.login = pool_text(p->pool, key.print);
	who = people_by_key(&p->setup->config.people, key.print, &entry);
	if (who == NULL || !person_key_in_force(entry, p->now))
		return false;
	p->pusher.person = who->id;
	p->pusher.machine = who->machine;
	return true;
}

static int
key_of_session(struct push *p, struct err *err)
{
	struct buf text = {0};
	const char *at;

	p->pusher.login = "no public key";
	if (session_text(p, &text, err) < 0) {
		buf_free(&text);
		return -1;
	}
	for (at = buf_text(&text); *at != '\0';) {
		size_t len = strcspn(at, "\n");

		if (take_key(p, pool_textn(p->pool, at, len)))
			break;
		at += len;
		at += *at == '\n';
	}
	buf_free(&text);
	return 0;
}

/* Of what was handed over whoever took it knows the account. */
static int
account_login(struct push *p, struct err *err)
{
	struct passwd *pw;

	if (p->handed != NULL) {
		p->pusher.login =
		    p->handed->account != NULL ? p->handed->account : "";
		return 0;
	}
	pw = getpwuid(getuid());
	if (pw == NULL)
		return err_set(err, ERR_CONFIG,
		    "the account with uid %lu has no name",
		    (unsigned long)getuid());
	p->pusher.login = pool_text(p->pool, pw->pw_name);
	return 0;
}

static int
by_kind(struct push *p, struct err *err)
{
	enum server_kind kind = p->door->kind;
	const char *id = "", *key = "";

	if (kind == SERVER_GITLAB && variable(p, "GL_ID", &id, err) < 0)
		return -1;
	if ((kind == SERVER_GITEA || kind == SERVER_FORGEJO) &&
	    variable(p, "GITEA_DEPLOY_KEY_ID", &key, err) < 0)
		return -1;
	if (text_starts(id, "key-"))
		p->pusher.login = id;
	else if (key[0] != '\0' && strcmp(key, "0") != 0)
		p->pusher.login = pool_printf(p->pool, "deploy-key:%s", key);
	else
		return variable(p, server_kind_variable(kind), &p->pusher.login,
		    err);
	return 0;
}

/* A merge button, an editor: what the server does for a person. */
static bool
is_web(const struct push *p)
{
	enum server_kind kind = p->door->kind;
	const char *name = server_kind_web(kind);
	const char *value = name == NULL ? NULL : push_variable(p, name);

	return value != NULL && server_kind_is_web(kind, value);
}

static int
find_pusher(struct push *p, struct err *err)
{
	const struct person *who;

	if (p->door->pusher != NULL) {
		if (variable(p, p->door->pusher, &p->pusher.login, err) < 0)
			return -1;
	} else if (p->door->kind == SERVER_SSH) {
		return key_of_session(p, err);
	} else if (p->door->kind == SERVER_LOCAL) {
		if (account_login(p, err) < 0)
			return -1;
	} else if (by_kind(p, err) < 0) {
		return -1;
	}
	who = people_by_login(&p->setup->config.people, p->door->logins,
	    p->pusher.login);
	if (who != NULL) {
		p->pusher.person = who->id;
		p->pusher.machine = who->machine;
	}
	return 0;
}

static int
from_server(struct push *p, const char *name, const char *prefix,
    struct err *err)
{
	const char *value = "", *front = NULL;

	if (variable(p, name, &value, err) < 0 ||
	    (prefix != NULL && variable(p, prefix, &front, err) < 0))
		return -1;
	if (value[0] == '\0' || (front != NULL && front[0] == '\0'))
		return err_set(err, ERR_INPUT,
		    "the server did not say which repository this is (%s)",
		    name);
	p->repository =
	    front == NULL ? value : pool_printf(p->pool, "%s/%s", front, value);
	return 0;
}

/* A wiki goes by the name and number of what it is of, and is another one. */
static void
name_wiki(struct push *p, bool is_wiki)
{
	if (is_wiki && !text_ends(p->repository, ".wiki"))
		p->repository = pool_printf(p->pool, "%s.wiki", p->repository);
}

static int
from_gitea(struct push *p, struct err *err)
{
	if (from_server(p, "GITEA_REPO_NAME", "GITEA_REPO_USER_NAME", err) < 0)
		return -1;
	name_wiki(p, text_same(push_variable(p, "GITEA_REPO_IS_WIKI"), "true"));
	return 0;
}

static int
from_gitlab(struct push *p, struct err *err)
{
	const char *which = push_variable(p, "GL_REPOSITORY");

	if (from_server(p, "GL_PROJECT_PATH", NULL, err) < 0)
		return -1;
	name_wiki(p, which != NULL && text_starts(which, "wiki-"));
	return 0;
}

static int
find_repository(struct push *p, struct err *err)
{
	switch (p->door->kind) {
	case SERVER_GITOLITE:
		return from_server(p, "GL_REPO", NULL, err);
	case SERVER_GITEA:
	case SERVER_FORGEJO:
		return from_gitea(p, err);
	case SERVER_GITLAB:
		return from_gitlab(p, err);
	case SERVER_GHES:
		return from_server(p, "GITHUB_REPO_NAME", NULL, err);
	case SERVER_BITBUCKET_DC:
		return from_server(p, "BB_REPO_SLUG", "BB_PROJECT_KEY", err);
	case SERVER_HTTP:
	case SERVER_SSH:
	case SERVER_LOCAL:
		break;
	}
	return door_name(&p->setup->config.settings, p->pool,
	    repo_path(p->repo), &p->repository, err);
}

int
door_find(struct push *p, struct err *err)
{
	const char *space = push_variable(p, "GIT_NAMESPACE");

	if (space != NULL && space[0] != '\0')
		return err_set(err, ERR_INPUT,
		    "pushes into a namespace (GIT_NAMESPACE) are not taken");
	if (choose(p, err) < 0 || find_repository(p, err) < 0)
		return -1;
	p->web = is_web(p);
	return find_pusher(p, err);
}

int
door_witness(struct push *p, const char *git_dir, struct err *err)
{
	const struct settings *s = &p->setup->config.settings;
	struct err ignored = {0};

	if (s->door_count == 1 && s->doors[0].kind > SERVER_LOCAL) {
		p->door = &s->doors[0];
		if (find_repository(p, &ignored) == 0)
			return 0;
	}
	return door_name(s, p->pool, git_dir, &p->repository, err);
}

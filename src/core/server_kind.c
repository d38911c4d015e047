#include "core/server_kind.h"

#include <string.h>

#include "base/text.h"

static const char *const gitea_web[] = {"gitea-internal", NULL};
static const char *const gitlab_web[] = {"web", NULL};
/*
 * GITHUB_VIA where GitHub makes the commit.  The API for refs is left out: by
 * it a ref goes to any commit, whose committer the caller chose.
 */
static const char *const ghes_web[] = {"auto-merge deployment api", "blob#save",
    "branch merge api", "git repo contents api", "merge",
    "merge base into head", "pull request merge api",
    "pull request merge button", "pull request revert button", NULL};
static const char *const bitbucket_web[] = {"pull-request-merge", NULL};

static const struct server_kind_row kinds[] = {
    [SERVER_HTTP] = {"http", "GATEWAY_INTERFACE", "REMOTE_USER", true, true,
        NULL, NULL, NULL, NULL},
    [SERVER_SSH] = {"ssh", "SSH_CONNECTION", NULL, true, true, NULL, NULL, NULL,
        NULL},
    [SERVER_LOCAL] = {"local", NULL, NULL, true, true, NULL, NULL, NULL, NULL},
    [SERVER_GITOLITE] = {"gitolite", NULL, "GL_USER", false, false, NULL, NULL,
        NULL, NULL},
    [SERVER_GITEA] = {"gitea", NULL, "GITEA_PUSHER_NAME", false, false,
        "SSH_ORIGINAL_COMMAND", gitea_web, NULL, "GITEA_REPO_ID"},
    [SERVER_FORGEJO] = {"forgejo", NULL, "GITEA_PUSHER_NAME", false, false,
        "SSH_ORIGINAL_COMMAND", gitea_web, NULL, "GITEA_REPO_ID"},
    [SERVER_GITLAB] = {"gitlab", NULL, "GL_USERNAME", false, false,
        "GL_PROTOCOL", gitlab_web, "GL-HOOK-ERR: ", "GL_REPOSITORY"},
    [SERVER_GHES] = {"ghes", NULL, "GITHUB_USER_LOGIN", false, false,
        "GITHUB_VIA", ghes_web, NULL, NULL},
    [SERVER_BITBUCKET_DC] = {"bitbucket-dc", NULL, "BB_USER_NAME", false, false,
        "BB_HOOK_TRIGGER_ID", bitbucket_web, NULL, NULL},
};

const char *const server_kind_names[] = {"http", "ssh", "local", "gitolite",
    "gitea", "forgejo", "gitlab", "ghes", "bitbucket-dc", NULL};

const struct server_kind_row *
server_kind_row(enum server_kind kind)
{
	static const struct server_kind_row none;
	size_t n = (size_t)kind;

	return n < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[n] : &none;
}

const char *
server_kind_name(enum server_kind kind)
{
	return server_kind_row(kind)->name;
}

bool
server_kind_named(const char *name, enum server_kind *kind)
{
	for (size_t i = 1; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].name, name) == 0) {
			*kind = (enum server_kind)i;
			return true;
		}
	return false;
}

const char *
server_kind_fits(enum server_kind kind)
{
	return server_kind_row(kind)->fits;
}

const char *
server_kind_variable(enum server_kind kind)
{
	return server_kind_row(kind)->variable;
}

const char *
server_kind_id(enum server_kind kind)
{
	return server_kind_row(kind)->id;
}

const char *
server_kind_prefix(enum server_kind kind)
{
	const char *prefix = server_kind_row(kind)->prefix;

	return prefix != NULL ? prefix : "";
}

const char *
server_kind_web(enum server_kind kind)
{
	return server_kind_row(kind)->web;
}

bool
server_kind_is_web(enum server_kind kind, const char *value)
{
	const char *const *known = server_kind_row(kind)->web_values;

	for (size_t i = 0; known != NULL && known[i] != NULL; i++)
		if (text_same(known[i], value))
			return true;
	return false;
}

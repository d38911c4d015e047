/* Where copies lie, and what is fetched into them. */
#include "app/mirror.h"

#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

static bool
part_is_safe(const char *part, size_t len)
{
	if (len == 0 || part[0] == '.' || part[0] == '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_plain(part[i]))
			return false;
	return !(len >= 4 && memcmp(part + len - 4, ".git", 4) == 0) &&
	    !(len >= 5 && memcmp(part + len - 5, ".lock", 5) == 0);
}

bool
mirror_name_is_safe(const char *name)
{
	unsigned parts = 0;

	if (strlen(name) > MIRROR_NAME_MAX)
		return false;
	for (;;) {
		size_t len = strcspn(name, "/");

		if (!part_is_safe(name, len) || ++parts > MIRROR_DEPTH_MAX)
			return false;
		if (name[len] == '\0')
			return true;
		name += len + 1;
	}
}

/* How each kind of forge is asked, and where it serves Git. */
struct serving {
	const char *api;  /* what stands behind the host of its interface */
	const char *host; /* instead of that host; NULL: the same */
	const char *git;  /* between host and name */
	const char *user;
	const char *requests; /* what it has of requests, to be fetched */
};

#define PULLS "+refs/pull/*/head:refs/pull/*/head"
#define MERGE_REQUESTS "+refs/merge-requests/*/head:refs/merge-requests/*/head"
#define PULL_REQUESTS "+refs/pull-requests/*/from:refs/pull-requests/*/from"

static const struct serving servings[] = {
    [SOURCE_GITHUB] = {"/api/v3", NULL, "/", "x-access-token", PULLS},
    [SOURCE_GITLAB] = {"/api/v4", NULL, "/", "oauth2", MERGE_REQUESTS},
    [SOURCE_GITEA] = {"/api/v1", NULL, "/", "x-access-token", PULLS},
    [SOURCE_FORGEJO] = {"/api/v1", NULL, "/", "x-access-token", PULLS},
    [SOURCE_BITBUCKET] = {"/2.0", NULL, "/", "x-token-auth", PULLS},
    [SOURCE_BITBUCKET_DC] = {"/rest", NULL, "/scm/", "x-token-auth",
        PULL_REQUESTS},
    [SOURCE_GENERIC] = {0},
};

/* Hosts whose interface lies beside them. */
static const char *const beside[][2] = {
    {"https://api.github.com", "https://github.com"},
    {"https://api.bitbucket.org", "https://bitbucket.org"},
};

static bool
is_this_machine(const char *url)
{
	static const char *const hosts[] = {"http://127.0.0.1",
	    "http://localhost", "http://[::1]"};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (text_starts(url, hosts[i]) &&
		    strchr(":/", url[strlen(hosts[i])]) != NULL)
			return true;
	return false;
}

/* "https://host[:port]" of the interface, and what lies before its own part. */
static int
find_base(struct pool *pool, const struct source *s, const char **origin,
    const char **base, struct err *err)
{
	const struct serving *serving = &servings[s->kind];
	char *copy = pool_text(pool, s->api);
	size_t len = strlen(copy);
	char *host = strstr(copy, "://");

	if (!text_starts(copy, "https://") && !is_this_machine(copy))
		return err_set(err, ERR_CONFIG,
		    "'%s' of source '%s' is no https:// address, and a copy "
		    "is fetched by no other",
		    s->api, s->name);
	if (host == NULL || strpbrk(copy, "@?# \t") != NULL)
		return err_set(err, ERR_CONFIG,
		    "'%s' of source '%s' is no plain address", s->api, s->name);
	while (len > 0 && copy[len - 1] == '/')
		copy[--len] = '\0';
	if (text_ends(copy, serving->api))
		copy[len - strlen(serving->api)] = '\0';
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (strcmp(copy, beside[i][0]) == 0)
			copy = pool_text(pool, beside[i][1]);
	host = strstr(copy, "://") + 3;
	*base = copy;
	*origin =
	    pool_textn(pool, copy, (size_t)(host - copy) + strcspn(host, "/"));
	return 0;
}

int
mirror_of(struct mirror *out, struct pool *pool, const struct source *s,
    const char *forge_name, const char *repository, struct err *err)
{
	const struct serving *serving = &servings[s->kind];
	const char *base = NULL;

	*out = (struct mirror){.source = s,
	    .forge_name = forge_name,
	    .repository = repository,
	    .user = serving->user,
	    .requests = serving->requests};
	if (s->mirrors == NULL || s->api == NULL || serving->git == NULL)
		return err_set(err, ERR_CONFIG,
		    "source '%s' needs 'mirrors' and 'api' for a copy of "
		    "'%s' to be kept",
		    s->name, repository);
	if (!mirror_name_is_safe(repository) ||
	    !mirror_name_is_safe(forge_name))
		return err_set(err, ERR_CONFIG,
		    "'%s' is no name for a copy: letters, digits, '.', '_' "
		    "and '-' between single '/'",
		    repository);
	if (find_base(pool, s, &out->credentials, &base, err) < 0)
		return -1;
	out->dir = pool_printf(pool, "%s/%s.git", s->mirrors, repository);
	out->url =
	    pool_printf(pool, "%s%s%s.git", base, serving->git, forge_name);
	return 0;
}

bool
mirror_is_there(const struct mirror *m)
{
	struct stat st;

	return lstat(m->dir, &st) == 0 && S_ISDIR(st.st_mode);
}

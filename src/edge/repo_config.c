/*
 * The repository's own config file: whether its format is one we read, and
 * the few keys that installing and doctoring look at.  It changes no answer
 * about objects, refs or merges.
 */
#include <string.h>

#include <git2.h>

#include "base/text.h"
#include "repo_inside.h"

static int
open_config(struct repo *r, git_config **out, struct err *err)
{
	const char *path = pool_printf(&r->pool, "%s/config", r->common);

	if (git_config_open_ondisk(out, path) == 0)
		return 0;
	return repo_git_error(err, ERR_INPUT, "'%s'", path);
}

static int
look_up(git_config *config, struct pool *pool, const char *key,
    const char **value, struct err *err)
{
	git_config_entry *entry = NULL;
	int ret = git_config_get_entry(&entry, config, key);

	*value = NULL;
	if (ret == GIT_ENOTFOUND)
		return 0;
	if (ret < 0)
		return repo_git_error(err, ERR_INPUT, "config key '%s'", key);
	*value = pool_text(pool, entry->value != NULL ? entry->value : "true");
	git_config_entry_free(entry);
	return 0;
}

int
repo_config(struct repo *r, struct pool *pool, const char *key,
    const char **value, struct err *err)
{
	git_config *config;
	int ret;

	if (open_config(r, &config, err) < 0)
		return -1;
	ret = look_up(config, pool, key, value, err);
	git_config_free(config);
	return ret;
}

int
repo_config_set(struct repo *r, const char *key, const char *value,
    struct err *err)
{
	git_config *config;
	int ret;

	if (open_config(r, &config, err) < 0)
		return -1;
	ret = git_config_set_string(config, key, value);
	if (ret < 0)
		repo_git_error(err, ERR_SYSTEM, "config key '%s' in '%s'", key,
		    r->common);
	git_config_free(config);
	return ret < 0 ? -1 : 0;
}

int
repo_config_unset(struct repo *r, const char *key, struct err *err)
{
	git_config *config;
	int ret;

	if (open_config(r, &config, err) < 0)
		return -1;
	ret = git_config_delete_entry(config, key);
	if (ret == GIT_ENOTFOUND)
		ret = 0;
	if (ret < 0)
		repo_git_error(err, ERR_SYSTEM,
		    "config key '%s' in '%s' (one with several values goes by "
		    "'git config --unset-all')",
		    key, r->common);
	git_config_free(config);
	return ret < 0 ? -1 : 0;
}

/* What an extension may be set to (NULL: anything) without concerning us. */
static const struct extension {
	const char *name;
	const char *value;
} harmless[] = {
    {"noop", NULL},
    {"noop-v1", NULL},
    {"preciousobjects", NULL},
    {"worktreeconfig", NULL},
    {"relativeworktrees", NULL},
    {"objectformat", "sha1"},
    {"refstorage", "files"},
};

static bool
is_harmless(const char *name, const char *value)
{
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strcmp(name, harmless[i].name) == 0)
			return harmless[i].value == NULL ||
			    (value != NULL &&
			        text_same_case_blind(value, harmless[i].value));
	return false;
}

static int
refuse_extension(struct repo *r, const char *name, const char *value,
    struct err *err)
{
	if (value == NULL)
		value = "true";
	return err_set(err, ERR_INPUT,
	    "'%s' uses extensions.%s = %s, which is not supported: only whole "
	    "SHA-1 repositories with loose and packed refs are",
	    r->dir, text_safe_copy(&r->pool, name, strlen(name), 40),
	    text_safe_copy(&r->pool, value, strlen(value), 40));
}

/* A partial clone of old git has no extension, only a remote that promises. */
static bool
is_promisor(const git_config_entry *entry)
{
	int on = 1;

	if (!text_starts(entry->name, "remote.") ||
	    !text_ends(entry->name, ".promisor"))
		return false;
	if (entry->value != NULL)
		git_config_parse_bool(&on, entry->value);
	return on != 0;
}

static int
check_entry(struct repo *r, const git_config_entry *entry, struct err *err)
{
	static const char extensions[] = "extensions.";

	if (is_promisor(entry))
		return err_set(err, ERR_INPUT,
		    "'%s' is a partial clone, which is not supported: objects "
		    "may be missing",
		    r->dir);
	if (!text_starts(entry->name, extensions) ||
	    is_harmless(entry->name + sizeof(extensions) - 1, entry->value))
		return 0;
	return refuse_extension(r, entry->name + sizeof(extensions) - 1,
	    entry->value, err);
}

/* No pattern is given to libgit2: matching one leaks in Debian's build. */
static int
check_entries(struct repo *r, git_config *config, struct err *err)
{
	git_config_iterator *all = NULL;
	git_config_entry *entry;
	int ret = 0, step = 0;

	if (git_config_iterator_new(&all, config) < 0)
		return repo_git_error(err, ERR_INPUT, "config of '%s'", r->dir);
	while (ret == 0 && (step = git_config_next(&entry, all)) == 0)
		ret = check_entry(r, entry, err);
	if (ret == 0 && step != GIT_ITEROVER)
		ret = repo_git_error(err, ERR_INPUT, "config of '%s'", r->dir);
	git_config_iterator_free(all);
	return ret;
}

int
repo_check_format(struct repo *r, struct err *err)
{
	git_config *config;
	const char *version;
	int ret = -1;

	if (open_config(r, &config, err) < 0)
		return -1;
	if (look_up(config, &r->pool, "core.repositoryformatversion", &version,
	        err) < 0)
		goto out;
	if (version != NULL && strcmp(version, "0") != 0 &&
	    strcmp(version, "1") != 0)
		err_set(err, ERR_INPUT,
		    "'%s' has repository format %s; only 0 and 1 are supported",
		    r->dir,
		    text_safe_copy(&r->pool, version, strlen(version), 20));
	else
		ret = check_entries(r, config, err);
out:
	git_config_free(config);
	return ret;
}

#include "app/audit_setup.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "app/in_words.h"
#include "base/text.h"
#include "base/tree.h"
#include "edge/config.h"

static const char built_in[] =
    "version: 1\n"
    "repositories:\n"
    "  - match: [\"**\"]\n"
    "    gates:\n"
    "      main:\n"
    "        refs: [refs/heads/main, refs/heads/master, refs/heads/trunk]\n"
    "        approvals: {count: 1}\n"
    "        rollback_plan: {required: true}\n";

static int
read_policy(struct audit *a, const char *bytes, size_t len, const char *name,
    struct err *err)
{
	struct policy *policy = pool_alloc(&a->pool, sizeof(*policy));
	const struct tree *t;

	if (tree_parse_yaml(&t, &a->pool, bytes, len, name, err) < 0 ||
	    policy_read(policy, &a->pool, t, err) < 0 ||
	    policy_patterns(&a->pool, bytes, len, err) < 0)
		return -1;
	digest_sha256_hex(policy->digest, bytes, len);
	a->policy = policy;
	return 0;
}

static int
read_people(struct audit *a, const char *bytes, size_t len, const char *name,
    struct err *err)
{
	struct people *people = pool_alloc(&a->pool, sizeof(*people));
	const struct tree *t;

	if (tree_parse_yaml(&t, &a->pool, bytes, len, name, err) < 0 ||
	    people_read(people, &a->pool, t, NULL, err) < 0)
		return -1;
	digest_sha256_hex(people->digest, bytes, len);
	a->people = people;
	return 0;
}

typedef int read_fn(struct audit *a, const char *bytes, size_t len,
    const char *name, struct err *err);

static int
read_file(struct audit *a, const char *path, read_fn *read_it, struct err *err)
{
	struct buf bytes = {0};
	const char *kept;
	int ret;

	ret = file_read(&bytes, path, CONFIG_SIZE_MAX, NULL, err);
	kept = pool_textn(&a->pool, buf_text(&bytes), bytes.len);
	if (ret == 0)
		ret = read_it(a, kept, bytes.len, path, err);
	buf_free(&bytes);
	return ret;
}

static bool
is_there(struct audit *a, const char *dir)
{
	return access(pool_printf(&a->pool, "%s/" CONFIG_POLICY, dir), F_OK) ==
	    0;
}

/* The installation's own files, and what it checks OpenPGP signatures by. */
static int
read_installation(struct audit *a, const char *dir, struct err *err)
{
	struct config *c = pool_alloc(&a->pool, sizeof(*c));

	if (config_read(c, &a->pool, dir, err) < 0)
		return -1;
	a->policy = &c->policy;
	a->people = &c->people;
	a->signatures.keyring = c->settings.openpgp_keyring;
	a->signatures.revoked = c->settings.revoked_keys;
	return 0;
}

static int
name_repository(struct audit *a, const char *path, struct err *err)
{
	char real[PATH_MAX];
	size_t len;

	if (realpath(path, real) == NULL)
		return err_errno(err, "'%s'", path);
	a->path = pool_text(&a->pool, real);
	if (a->repository != NULL)
		return 0;
	len = strlen(real);
	if (text_ends(real, "/.git"))
		len -= strlen("/.git");
	else if (text_ends(real, ".git"))
		len -= strlen(".git");
	real[len] = '\0';
	a->repository = pool_text(&a->pool,
	    strrchr(real, '/') != NULL ? strrchr(real, '/') + 1 : real);
	return 0;
}

int
audit_setup(struct audit *a, const char *path, const char *dir,
    const char *policy, const char *people, struct err *err)
{
	a->who.pool = a->tags.pool = a->tags_by_tree.pool = &a->pool;
	a->signatures.space = "git";
	a->signatures.now = a->now;
	if (name_repository(a, path, err) < 0)
		return -1;
	if (policy == NULL && is_there(a, dir) &&
	    read_installation(a, dir, err) < 0)
		return -1;
	if (policy != NULL && read_file(a, policy, read_policy, err) < 0)
		return -1;
	if (people != NULL && read_file(a, people, read_people, err) < 0)
		return -1;
	if (a->policy == NULL) {
		a->built_in = true;
		return read_policy(a, built_in, strlen(built_in), CONFIG_POLICY,
		    err);
	}
	return 0;
}

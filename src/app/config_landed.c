#include "app/config_landed.h"

#include <string.h>

#include "app/gather.h"
#include "app/visit.h"
#include "base/digest.h"
#include "base/text.h"
#include "edge/repo_blob.h"

static const char *const names[2] = {CONFIG_POLICY, CONFIG_PEOPLE};

/* A regular file of a commit; `*text` NULL: it is not there. */
static int
read_file(struct push *p, const char *commit, const char *path,
    const char **text, size_t *len, struct err *err)
{
	char tree[REPO_OID_SIZE], id[REPO_OID_SIZE];
	unsigned mode = 0;

	*text = NULL;
	if (repo_tree(p->repo, commit, tree, err) < 0 ||
	    repo_entry(p->repo, tree, path, &mode, id, err) < 0)
		return -1;
	if ((mode & 0170000) != 0100000)
		return 0;
	return repo_blob(p->repo, p->pool, id, CONFIG_SIZE_MAX, text, len, err);
}

static const char *
path_of(const struct push *p, const char *name)
{
	const char *dir = p->setup->config.settings.config_from.path;

	return dir != NULL ? pool_printf(p->pool, "%s/%s", dir, name) : name;
}

int
config_landed_check(struct push *p, const char *ref, const char *commit,
    const char **why, struct err *err)
{
	const struct config *config = &p->setup->config;
	const struct config_from *from = &config->settings.config_from;
	const char *text;
	size_t len;

	*why = NULL;
	if (from->repository == NULL || commit == NULL ||
	    !text_same(from->repository, p->repository) ||
	    !text_same(from->ref, ref))
		return 0;
	for (size_t i = 0; i < 2 && *why == NULL; i++) {
		struct err unsound = {0};

		if (read_file(p, commit, path_of(p, names[i]), &text, &len,
		        err) < 0)
			return -1;
		if (text == NULL)
			*why = pool_printf(p->pool,
			    "there is no file '%s', which config_from of "
			    "foureyes.yaml takes from here",
			    path_of(p, names[i]));
		else if (config_check(config, p->pool, names[i], text, len,
		             &unsound) < 0)
			*why = pool_text(p->pool, unsound.text);
	}
	return 0;
}

static int
find_commit(struct push *p, const struct config_from *from, const char **commit,
    struct err *err)
{
	struct record record;
	const char *tip = NULL;

	if (ledger_tip(p, from->ref, &record, &tip, err) < 0)
		return -1;
	*commit = tip == NULL || text_is_zero_oid(tip) ? NULL
	                                               : landed_commit(&record);
	if (*commit == NULL)
		return err_set(err, ERR_CONFIG,
		    "nothing has landed yet on '%s' of '%s'", from->ref,
		    from->repository);
	return 0;
}

static int
find_in(struct push *p, struct config_landed out[2], struct err *err)
{
	const struct config *config = &p->setup->config;
	const char *const digests[2] = {config->policy.digest,
	    config->people.digest};
	const char *commit;

	if (find_commit(p, &config->settings.config_from, &commit, err) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++) {
		char digest[DIGEST_HEX_SIZE];

		out[i] = (struct config_landed){.name = names[i],
		    .commit = pool_text(&p->setup->pool, commit)};
		if (read_file(p, commit, path_of(p, names[i]), &out[i].text,
		        &out[i].len, err) < 0)
			return -1;
		if (out[i].text == NULL)
			return err_set(err, ERR_CONFIG,
			    "there is no file '%s' in %.12s",
			    path_of(p, names[i]), commit);
		digest_sha256_hex(digest, out[i].text, out[i].len);
		out[i].in_force = strcmp(digest, digests[i]) == 0;
	}
	return 0;
}

int
config_landed_find(struct setup *s, struct config_landed out[2],
    struct err *err)
{
	const struct config_from *from = &s->config.settings.config_from;
	struct push p = {0};
	int ret;

	if (from->repository == NULL)
		return err_set(err, ERR_CONFIG,
		    "foureyes.yaml has no 'config_from'");
	ret = visit_open(&p, s, from->repository, err);
	if (ret == 0)
		ret = find_in(&p, out, err);
	visit_close(&p);
	return ret;
}

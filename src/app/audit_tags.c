/* The signed tags "foureyes/..." of a repository: which of them hold. */
#include <string.h>

#include "app/audit.h"
#include "base/text.h"
#include "core/signed.h"
#include "core/statement.h"

static const char *const places[] = {STATEMENT_APPROVALS,
    "refs/tags/foureyes/"};

/* Where the tag would have been pushed, for a repository that is gated. */
static const char *
evidence_ref(struct pool *pool, const char *name, const char *raw)
{
	static const char object[] = "object ";

	if (text_starts(name, STATEMENT_APPROVALS) || !text_starts(raw, object))
		return name;
	return pool_printf(pool, STATEMENT_APPROVALS "%.40s/tag",
	    raw + strlen(object));
}

static bool
is_for_us(const struct audit *a, const struct statement *s)
{
	if (s->decision != STATEMENT_APPROVE ||
	    !text_same(s->repository, a->repository))
		return false;
	for (size_t i = 0; i < s->target_count; i++)
		if (policy_target_is(a->gate, s->targets[i], a->ref))
			return true;
	return false;
}

/* Whose it is; NULL where the signature does not hold or nobody has the key. */
static int
signer(struct audit *a, const char *raw, size_t len,
    const struct person **person, struct err *err)
{
	struct signed_parts parts = {0};
	struct signature signature = {0};
	const struct person_key *key = NULL;
	struct err ignored = {0};

	*person = NULL;
	if (a->people == NULL || signed_split(&parts, raw, len, &ignored) < 0 ||
	    parts.armor == NULL)
		return 0;
	if (signature_check(&signature, parts.payload, parts.payload_len,
	        parts.armor, parts.armor_len, &a->signatures, err) < 0)
		return -1;
	if (!signature.good)
		return 0;
	*person = people_by_key(a->people, signature.key, &key);
	if (*person != NULL &&
	    (!person_in_force(*person, a->now) ||
	        !person_key_in_force(key, a->now)))
		*person = NULL;
	return 0;
}

static void
keep(struct audit *a, const char *commit, const struct person *person)
{
	struct audit_tag *by_commit = pool_alloc(&a->pool, sizeof(*by_commit));
	struct audit_tag *by_tree = pool_alloc(&a->pool, sizeof(*by_tree));
	char tree[REPO_OID_SIZE];
	struct err ignored = {0};

	a->counts.tags_good++;
	*by_commit = (struct audit_tag){pool_text(&a->pool, commit), person,
	    map_get(&a->tags, commit)};
	map_put(&a->tags, by_commit->commit, by_commit);
	if (repo_tree(a->repo, commit, tree, &ignored) < 0)
		return;
	*by_tree = (struct audit_tag){by_commit->commit, person,
	    map_get(&a->tags_by_tree, tree)};
	map_put(&a->tags_by_tree, pool_text(&a->pool, tree), by_tree);
}

static int
look_at_tag(struct audit *a, struct pool *pool, const struct repo_ref *ref,
    struct err *err)
{
	struct statement s = {0};
	const struct person *person;
	struct err ignored = {0};
	enum repo_kind kind;
	const char *raw;
	size_t len;

	if (ref->target != NULL)
		return 0;
	a->counts.tags++;
	if (repo_object(a->repo, pool, ref->oid, &kind, &raw, &len, &ignored) <
	        0 ||
	    kind != REPO_TAG ||
	    statement_parse(&s, pool, evidence_ref(pool, ref->name, raw), raw,
	        len, &ignored) < 0 ||
	    !is_for_us(a, &s))
		return 0;
	if (signer(a, raw, len, &person, err) < 0)
		return err_within(err, "'%s'", ref->name);
	if (person != NULL)
		keep(a, s.commit, person);
	return 0;
}

int
audit_tags(struct audit *a, struct err *err)
{
	struct pool pool = {0};
	int ret = 0;

	for (size_t p = 0; p < 2 && ret == 0; p++) {
		struct repo_ref *refs;
		size_t count;

		ret = repo_refs(a->repo, &pool, places[p], &refs, &count, err);
		for (size_t i = 0; ret == 0 && i < count; i++) {
			struct pool scratch = {0};

			if (a->counts.tags >= AUDIT_TAGS_MAX)
				ret = err_set(err, ERR_INPUT,
				    "more than %d evidence tags",
				    AUDIT_TAGS_MAX);
			else
				ret = look_at_tag(a, &scratch, &refs[i], err);
			pool_free(&scratch);
		}
	}
	pool_free(&pool);
	return ret;
}

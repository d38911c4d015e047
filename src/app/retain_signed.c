/* Who signed that the oldest records go. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/topics.h"
#include "app/signing.h"
#include "retain_inside.h"

int
retain_signers(struct setup *s, const struct buf *statement,
    const struct buf armors[PRUNED_SIGNERS],
    struct signer signers[PRUNED_SIGNERS], struct err *err)
{
	for (size_t i = 0; i < PRUNED_SIGNERS; i++) {
		struct signature signature;
		const struct person *who;

		if (signing_check(&signature, s, PRUNED_SPACE, statement,
		        &armors[i], err) < 0)
			return -1;
		if (!signature.good)
			return err_set(err, ERR_INPUT,
			    "signature %zu is not acceptable: %s", i + 1,
			    signature.reason);
		who = signing_person(s, &signature,
		    &s->config.policy.administration,
		    "the policy's administration groups", err);
		if (who == NULL)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(signers[k].person, who->id) == 0)
				return err_set(err, ERR_INPUT,
				    "both signatures are %s's; two persons are "
				    "asked for",
				    who->id);
		signers[i] = (struct signer){who->id,
		    pool_text(&s->pool, signature.key),
		    pool_textn(&s->pool, buf_text(&armors[i]), armors[i].len)};
	}
	return 0;
}

/* ---- reading a record back ---- */

static int
bad(const struct record *record, struct err *err, const char *what)
{
	return err_set(err, ERR_TAMPERED, "record %llu (pruned): %s",
	    (unsigned long long)record->seq, what);
}

static bool
read_digest(unsigned char out[DIGEST_SIZE], const char *hex)
{
	return hex != NULL && text_parse_hex(out, DIGEST_SIZE, hex);
}

static bool
read_tree(struct merkle *out, const struct tree *t, uint64_t size)
{
	const struct tree *nodes = tree_get(t, "nodes");
	const struct tree *node = nodes == NULL ? NULL : nodes->child;

	*out = (struct merkle){.count = size};
	if (tree_number(t, "size") != (int64_t)size)
		return false;
	for (size_t i = MERKLE_LEVELS; i > 0; i--) {
		if ((size >> (i - 1) & 1) == 0)
			continue;
		if (node == NULL || node->kind != TREE_TEXT ||
		    !read_digest(out->node[i - 1], node->text))
			return false;
		node = node->next;
	}
	return node == NULL;
}

int
retain_told(struct pruned *out, const struct record *record, struct err *err)
{
	const struct tree *t = record->tree;

	*out = (struct pruned){.last = (uint64_t)tree_number(t, "last")};
	if (tree_number(t, "last") <= 0 ||
	    !read_digest(out->digest, tree_text(t, "last_digest")) ||
	    !read_tree(&out->tree, tree_get(t, "after"), out->last))
		return bad(record, err, "it does not say what was taken away");
	return 0;
}

/* The statement again, from what the record says beside it. */
static int
check_statement(const struct record *record, const struct pruned *after,
    struct err *err)
{
	const struct tree *t = record->tree;
	const char *said = tree_text(t, "statement"), *origin;
	struct pruning p = {.first = (uint64_t)tree_number(t, "first"),
	    .from = tree_instant(t, "from"),
	    .to = tree_instant(t, "to"),
	    .after = *after};
	struct pool pool = {0};
	struct buf text = {0};
	int ret = 0;

	if (said == NULL || p.first == 0 ||
	    !read_digest(p.before.digest, tree_text(t, "first_prev")))
		return bad(record, err, "it holds no statement");
	origin = strstr(said, "\norigin ");
	if (origin == NULL || strchr(origin + 1, '\n') == NULL)
		return bad(record, err, "the statement names no ledger");
	origin += strlen("\norigin ");
	p.origin = pool_textn(&pool, origin, strcspn(origin, "\n"));
	pruning_statement(&text, &p);
	if (!text_same(buf_text(&text), said))
		ret = bad(record, err,
		    "what it says of the records is not what was signed");
	buf_free(&text);
	pool_free(&pool);
	return ret;
}

/*
 * By the keys that the record names, each of another person: whose they were
 * then stands in the people record of that moment.
 */
static int
check_signatures(struct setup *s, const struct record *record, struct err *err)
{
	const struct tree *list = tree_get(record->tree, "signatures");
	const char *said = tree_text(record->tree, "statement");
	const char *before = NULL;
	const struct buf text = {.data = (char *)(uintptr_t)said,
	    .len = strlen(said)};
	size_t count = 0;

	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next) {
		const char *armor = tree_text(t, "signature");
		const char *person = tree_text(t, "person");
		const struct buf one = {.data = (char *)(uintptr_t)armor,
		    .len = armor == NULL ? 0 : strlen(armor)};
		struct signature signature;

		if (armor == NULL || person == NULL ||
		    text_same(person, before))
			return bad(record, err, "two persons have not signed");
		if (signing_check(&signature, s, PRUNED_SPACE, &text, &one,
		        err) < 0)
			return -1;
		if (!signature.intact ||
		    !text_same(signature.key, tree_text(t, "key")))
			return bad(record, err, "a signature does not hold");
		before = person;
		count++;
	}
	return count == PRUNED_SIGNERS
	    ? 0
	    : bad(record, err, "two persons have not signed");
}

int
retain_people(struct setup *s, const struct record *record,
    const char *people_text, const char *policy_text, struct err *err)
{
	const struct tree *list = tree_get(record->tree, "signatures");
	const struct tree *people_tree, *policy_tree;
	struct people people;
	struct policy policy;

	if (people_text == NULL || policy_text == NULL)
		return bad(record, err, "no record says who was who then");
	if (tree_parse_yaml(&people_tree, &s->pool, people_text,
	        strlen(people_text), "people", err) < 0 ||
	    tree_parse_yaml(&policy_tree, &s->pool, policy_text,
	        strlen(policy_text), "policy", err) < 0 ||
	    people_read(&people, &s->pool, people_tree, NULL, err) < 0 ||
	    policy_read(&policy, &s->pool, policy_tree, err) < 0)
		return bad(record, err, "who was who then cannot be read");
	for (const struct tree *t = list == NULL ? NULL : list->child;
	     t != NULL; t = t->next) {
		const struct person_key *key;
		const char *id = tree_text(t, "key");
		const struct person *who =
		    people_by_key(&people, id == NULL ? "" : id, &key);

		if (who == NULL ||
		    !text_same(who->id, tree_text(t, "person")) ||
		    who->machine || policy.administration.count == 0 ||
		    !person_in_any(who, policy.administration.list,
		        policy.administration.count) ||
		    !person_in_force(who, record->time) ||
		    !person_key_in_force(key, record->time))
			return bad(record, err,
			    "who signed was no administrator then");
	}
	return 0;
}

/* The text of a file in force when that record was written; NULL: none. */
static int
text_then(struct setup *s, const char *type, const struct record *record,
    const char **out, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(s->log, &s->pool, topic_text(&s->pool, type), true,
	        record->seq, 1, &list, &count, err) < 0)
		return -1;
	*out = count == 0 ? NULL : tree_text(list[0].tree, "text");
	return 0;
}

/* Were they who the record says, and administrators, at that moment? */
static int
check_people(struct setup *s, const struct record *record, struct err *err)
{
	const char *people, *policy;

	if (s->log == NULL)
		return 0;
	if (text_then(s, "people", record, &people, err) < 0 ||
	    text_then(s, "policy", record, &policy, err) < 0)
		return -1;
	return retain_people(s, record, people, policy, err);
}

int
retain_check(struct setup *s, const struct pruned *begin,
    const struct record *record, struct err *err)
{
	struct pruned told;

	if (begin->last == 0 && record->seq == 0)
		return 0;
	if (record->seq != 0 && record->tree == NULL)
		return bad(record, err, "it cannot be read");
	if (record->seq == 0)
		return err_set(err, ERR_TAMPERED,
		    "dropped: the ledger begins behind record %llu, and no "
		    "record tells of a pruning",
		    (unsigned long long)begin->last);
	if (retain_told(&told, record, err) < 0)
		return -1;
	if (begin->last != 0 && !pruned_same(begin, &told))
		return bad(record, err,
		    "the file 'pruned' says another beginning");
	if (check_statement(record, &told, err) < 0)
		return -1;
	if (check_signatures(s, record, err) < 0)
		return -1;
	return check_people(s, record, err);
}

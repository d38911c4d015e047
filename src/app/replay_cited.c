/*
 * A decision repeats what approvals and objections said, with the number of the
 * record of each.  That record must be there, before it, and say the same.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/tree.h"
#include "replay_inside.h"

static void
add_text(struct buf *out, const char *text)
{
	buf_put(out, text != NULL ? text : "");
	buf_char(out, '\0');
}

/* What is compared, as a few bytes. */
static void
digest_of(unsigned char out[REPLAY_SAYS], const char *decision,
    const struct approval *a)
{
	unsigned char digest[DIGEST_SIZE];
	struct buf text = {0};

	add_text(&text, decision);
	add_text(&text, a->person);
	add_text(&text, a->key);
	add_text(&text, a->repository);
	add_text(&text, a->request.assumed ? NULL : a->commit);
	add_text(&text, a->target);
	add_text(&text, a->source);
	buf_add(&text, &a->time, sizeof(a->time));
	digest_sha256(digest, text.data, text.len);
	memcpy(out, digest, REPLAY_SAYS);
	buf_free(&text);
}

static void
add(struct replay_cited *c, uint64_t seq, const char *decision,
    const struct approval *a)
{
	struct replay_said *said;

	if (c->count == c->room) {
		c->room = c->room == 0 ? 1024 : c->room * 2;
		c->list = realloc(c->list, c->room * sizeof(*c->list));
		if (c->list == NULL)
			err_fatal("out of memory");
	}
	said = &c->list[c->count++];
	said->seq = seq;
	digest_of(said->says, decision, a);
}

void
replay_cite(struct replay_cited *c, uint64_t seq, int64_t time,
    const struct tree *r)
{
	const struct tree *targets = tree_get(r, "targets");
	const char *named = tree_text(r, "named_repository");
	struct approval a = {.person = tree_text(r, "person"),
	    .key = tree_text(r, "key"),
	    .repository = named != NULL ? named : tree_text(r, "repository"),
	    .commit = tree_text(r, "commit"),
	    .source = tree_text(r, "source"),
	    .time = time};

	if (!text_same(tree_text(r, "kind"), "approval") ||
	    tree_text(r, "refused") != NULL)
		return;
	for (const struct tree *t = targets == NULL ? NULL : targets->child;
	     t != NULL; t = t->next) {
		a.target = t->kind == TREE_TEXT ? t->text : NULL;
		add(c, seq, tree_text(r, "decision"), &a);
	}
}

void
replay_renamed(struct replay_cited *c, uint64_t seq, const struct tree *r)
{
	const char *was = tree_text(r, "was");
	const char *name = tree_text(r, "repository");

	if (was == NULL || name == NULL || c->renames.count == RENAMES_MAX)
		return;
	if (c->renames.list == NULL)
		c->renames.list =
		    pool_array(&c->pool, RENAMES_MAX, sizeof(*c->renames.list));
	c->renames.list[c->renames.count++] = (struct rename){seq,
	    pool_text(&c->pool, was), pool_text(&c->pool, name)};
}

void
replay_cited_free(struct replay_cited *c)
{
	pool_free(&c->pool);
	free(c->list);
}

static bool
says_so(const struct replay_cited *c, const char *decision,
    const struct approval *a)
{
	unsigned char says[REPLAY_SAYS];
	size_t low = 0, high = c->count;

	digest_of(says, decision, a);
	while (low < high) {
		size_t at = low + (high - low) / 2;

		if (c->list[at].seq < a->seq)
			low = at + 1;
		else
			high = at;
	}
	for (; low < c->count && c->list[low].seq == a->seq; low++)
		if (memcmp(c->list[low].says, says, REPLAY_SAYS) == 0)
			return true;
	return false;
}

/* By the name that the repository has in decision `seq`, or had before. */
static bool
is_said(const struct replay_cited *c, const char *decision,
    const struct approval *a, uint64_t seq)
{
	struct rename_span spans[RENAMES_SPANS_MAX];
	struct renames known = {.list = c->renames.list};
	struct approval then = *a;
	size_t count;

	while (
	    known.count < c->renames.count && known.list[known.count].seq < seq)
		known.count++;

	if (a->seq <= c->gone || says_so(c, decision, a))
		return true;
	count = a->repository == NULL
	    ? 0
	    : renames_spans(&known, a->repository, spans);
	for (size_t i = 0; i < count; i++) {
		then.repository = spans[i].name;
		if (a->seq > spans[i].after && a->seq < spans[i].before &&
		    says_so(c, decision, &then))
			return true;
	}
	return false;
}

static uint64_t
unsaid(const struct replay_cited *c, const char *decision,
    const struct approval *list, size_t count, uint64_t before)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].seq != 0 &&
		    (list[i].seq >= before ||
		        !is_said(c, decision, &list[i], before)))
			return list[i].seq;
	return 0;
}

uint64_t
replay_uncited(const struct replay_cited *c, const struct update *u,
    uint64_t seq)
{
	uint64_t found = 0;

	for (size_t i = 0; i < u->change_count && found == 0; i++) {
		const struct change *k = &u->changes[i];

		found =
		    unsaid(c, "approve", k->approvals, k->approval_count, seq);
		if (found == 0)
			found = unsaid(c, "object", k->objections,
			    k->objection_count, seq);
	}
	return found;
}

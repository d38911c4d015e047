/* The model: what is in scope, texts in force, later words about earlier. */
#include "app/report_inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

bool
report_in_period(const struct report *r, int64_t time)
{
	return time >= r->asked.from && time < r->asked.to;
}

bool
report_in_scope(const struct report *r, const char *repository,
    const char *gate)
{
	const struct report_asked *a = &r->asked;

	return (repository == NULL || a->repositories.count == 0 ||
	           texts_have(&a->repositories, repository)) &&
	    (gate == NULL || a->gates.count == 0 ||
	        texts_have(&a->gates, gate));
}

uint64_t
report_key(const char *repository, const char *commit)
{
	unsigned char digest[DIGEST_SIZE];
	struct buf text = {0};
	uint64_t key;

	buf_printf(&text, "%s %s", repository, commit);
	digest_sha256(digest, text.data, text.len);
	memcpy(&key, digest, sizeof(key));
	buf_free(&text);
	return key;
}

const struct report_text *
report_text_at(const struct report_text *list, size_t count, uint64_t seq)
{
	const struct report_text *found = NULL;

	for (size_t i = 0; i < count && list[i].seq <= seq; i++)
		found = &list[i];
	return found;
}

int
report_interrupted(struct err *err)
{
	return err_set(err, ERR_SYSTEM,
	    "interrupted: what was written of the pack is taken away");
}

const char *
report_keep(struct report *r, const char *text)
{
	return pool_text(&r->pool, text != NULL ? text : "");
}

const struct report_link *
report_about(const struct report_link *list, size_t count, uint64_t about)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].about == about)
			return &list[i];
	return NULL;
}

/* The head and document of a line, and its type. */
static int
parse(struct pool *pool, uint64_t seq, struct record *out, struct err *err)
{
	struct chain_head head;

	if (!chain_read(&head, out->line, out->len))
		return err_set(err, ERR_TAMPERED, "record %llu is none",
		    (unsigned long long)seq);
	out->seq = head.seq;
	out->time = head.time;
	if (tree_parse_json(&out->tree, pool, out->line, out->len, "ledger",
	        err) < 0)
		return -1;
	out->type = tree_text(out->tree, "type");
	return 0;
}

int
report_at(struct report *r, struct pool *pool, const struct chain_mark *mark,
    struct record *out, struct err *err)
{
	if (ledger_line(r->ledger, mark, pool, &out->line, &out->len, err) < 0)
		return -1;
	return parse(pool, mark->seq, out, err);
}

/* The same, where the walk has just seen it. */
static int
at_hand(struct report *r, struct pool *pool, const struct chain_mark *mark,
    struct record *out, struct err *err)
{
	struct report_kept *k = &r->kept[mark->seq % REPORT_KEPT];

	if (k->seq != mark->seq)
		return report_at(r, pool, mark, out, err);
	out->line = buf_text(&k->line);
	out->len = k->line.len;
	return parse(pool, mark->seq, out, err);
}

int
report_bear(struct report *r, uint64_t seq, struct err *err)
{
	if (err->kind == ERR_SYSTEM)
		return -1;
	if (r->altered == NULL)
		r->altered =
		    pool_printf(&r->pool, "record %llu cannot be read: %s",
		        (unsigned long long)seq, err->text);
	*err = (struct err){0};
	return 0;
}

/* The head and document of a line whose place is believed. */
static int
parse_or_bear(struct report *r, struct pool *pool,
    const struct chain_mark *mark, struct record *out, struct err *err)
{
	if (at_hand(r, pool, mark, out, err) == 0)
		return 0;
	*out = (struct record){0};
	return report_bear(r, mark->seq, err);
}

int
report_read(struct report *r, struct pool *pool, uint64_t seq,
    struct record *out, struct err *err)
{
	const struct chain_mark *mark =
	    r->recent == NULL ? NULL : &r->recent[seq % REPORT_RECENT];

	*out = (struct record){0};
	if (seq == 0)
		return 0;
	if (mark != NULL && mark->seq == seq)
		return parse_or_bear(r, pool, mark, out, err);
	if (r->s->log == NULL)
		return 0;
	return changelog_read(r->s->log, pool, seq, out, err);
}

struct report_policy {
	struct pool pool;
	const char *digest; /* NULL: nothing yet */
	struct policy policy;
	bool sound;
};

struct report_policy *
report_policies(void)
{
	struct report_policy *list = calloc(REPORT_POLICIES_MAX, sizeof(*list));

	if (list == NULL)
		err_fatal("out of memory");
	return list;
}

static const struct report_text *
text_named(const struct report *r, const char *digest)
{
	for (size_t i = r->policy_count; i-- > 0;)
		if (strcmp(r->policies[i].digest, digest) == 0)
			return &r->policies[i];
	return NULL;
}

static int
parse_policy(struct report *r, struct report_policy *p, const char *digest,
    struct err *err)
{
	const struct report_text *at = text_named(r, digest);
	const struct tree *document;
	struct err unsound = {0};
	struct record record = {0};
	const char *text;

	p->digest = pool_text(&p->pool, digest);
	if (at != NULL && report_at(r, &p->pool, &at->mark, &record, err) < 0)
		return -1;
	if (at == NULL && r->by_index &&
	    report_policy_record(r, &p->pool, digest, &record, err) < 0)
		return -1;
	if (record.seq == 0)
		return 0;
	text = tree_text(record.tree, "text");
	p->sound = text != NULL &&
	    tree_parse_yaml(&document, &p->pool, text, strlen(text), "policy",
	        &unsound) == 0 &&
	    policy_read(&p->policy, &p->pool, document, &unsound) == 0;
	return 0;
}

int
report_policy_of(struct report *r, const char *digest,
    const struct policy **out, struct err *err)
{
	struct report_policy *p;

	*out = NULL;
	if (digest == NULL)
		return 0;
	for (size_t i = 0; i < REPORT_POLICIES_MAX; i++) {
		p = &r->parsed[i];
		if (!text_same(p->digest, digest))
			continue;
		*out = p->sound ? &p->policy : NULL;
		return 0;
	}
	p = &r->parsed[r->parsed_count++ % REPORT_POLICIES_MAX];
	pool_free(&p->pool);
	*p = (struct report_policy){0};
	if (parse_policy(r, p, digest, err) < 0)
		return -1;
	*out = p->sound ? &p->policy : NULL;
	return 0;
}

bool
report_is_success(const struct record *record, const char *repository,
    const char *commit, const struct texts *within)
{
	return text_same(tree_text(record->tree, "result"), "success") &&
	    tree_text(record->tree, "refused") == NULL &&
	    text_same(tree_text(record->tree, "repository"), repository) &&
	    text_same(tree_text(record->tree, "commit"), commit) &&
	    texts_have(within, tree_text(record->tree, "environment"));
}

int
report_deployment(struct report *r, struct pool *pool, const char *repository,
    const char *commit, const struct texts *within, uint64_t behind,
    struct record *out, struct err *err)
{
	size_t low = 0, high = r->deployed_count;
	uint64_t key;

	*out = (struct record){0};
	if (repository == NULL || commit == NULL)
		return 0;
	if (r->by_index)
		return report_deployed_index(r, pool, repository, commit,
		    within, behind, out, err);
	if (high == 0)
		return 0;
	key = report_key(repository, commit);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->deployed[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < r->deployed_count && r->deployed[low].key == key; low++) {
		const struct report_deployed *d = &r->deployed[low];
		const struct chain_mark mark = {.seq = d->seq,
		    .segment = d->segment,
		    .offset = d->offset,
		    .length = d->length};

		if (d->seq <= behind)
			continue;
		if (report_at(r, pool, &mark, out, err) < 0)
			return -1;
		if (report_is_success(out, repository, commit, within))
			return 0;
	}
	*out = (struct record){0};
	return 0;
}

void
report_free(struct report *r)
{
	for (size_t i = 0; r->parsed != NULL && i < REPORT_POLICIES_MAX; i++)
		pool_free(&r->parsed[i].pool);
	for (size_t i = 0; i < REPORT_KEPT; i++)
		buf_free(&r->kept[i].line);
	free(r->recent);
	free(r->deployed);
	free(r->parsed);
	buf_free(&r->range.after);
	pool_free(&r->pool);
	*r = (struct report){0};
}

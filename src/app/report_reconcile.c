/*
 * Do log, pack and Git tell of the same?  For each ref: landings that the log
 * has in the period against those that got rows, and the commits that became
 * reachable from the period's first to its last tip against those that the
 * decisions name.  Objects never change, so the answer is the same every time
 * as long as they are there; one that is gone is a no.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/report_inside.h"
#include "app/visit.h"
#include "app/walking.h"
#include "base/text.h"
#include "edge/repo.h"

#define OID 20

const char *const reconciliation_columns[] = {"repository", "gate", "ref",
    "landings_log", "landings_pack", "first_tip", "last_tip", "commits_git",
    "commits_named", "missing", "not_reachable", "taken_unreviewed", "agrees",
    "why", NULL};

struct ids {
	unsigned char (*list)[OID];
	size_t count, room;
};

struct reconciled {
	struct reconciled *next;
	const char *repository, *gate, *ref;
	uint64_t landings_log, landings_pack, last_seq;
	const char *first, *last; /* tips */
	bool back;                /* it also moved back */
	uint64_t unreviewed;
	struct ids named;
};

static void
add_id(struct ids *ids, const char *oid)
{
	if (ids->count == ids->room) {
		ids->room = ids->room == 0 ? 256 : 2 * ids->room;
		ids->list = realloc(ids->list, ids->room * OID);
		if (ids->list == NULL)
			err_fatal("out of memory");
	}
	if (text_parse_hex(ids->list[ids->count], OID, oid))
		ids->count++;
}

static int
by_id(const void *a, const void *b)
{
	return memcmp(a, b, OID);
}

static void
sort_ids(struct ids *ids)
{
	size_t kept = 0;

	if (ids->count == 0)
		return;
	qsort(ids->list, ids->count, OID, by_id);
	for (size_t i = 1; i < ids->count; i++)
		if (memcmp(ids->list[kept], ids->list[i], OID) != 0)
			memmove(ids->list[++kept], ids->list[i], OID);
	ids->count = kept + 1;
}

static bool
has_id(const struct ids *ids, const unsigned char id[OID])
{
	return ids->count > 0 &&
	    bsearch(id, ids->list, ids->count, OID, by_id) != NULL;
}

static struct reconciled *
new_ref(struct making *m, const char *key, const char *repository,
    const struct tree *record)
{
	struct report *r = &m->report;
	struct reconciled *c = pool_alloc(&r->pool, sizeof(*c));

	c->repository = report_keep(r, repository);
	c->gate = report_keep(r, tree_text(record, "gate"));
	c->ref = report_keep(r, tree_text(record, "ref"));
	if (m->reconciled_end == NULL)
		m->reconciled_end = &m->reconciled;
	*m->reconciled_end = c;
	m->reconciled_end = &c->next;
	m->reconciled_keys.pool = &r->pool;
	map_put(&m->reconciled_keys, pool_text(&r->pool, key), c);
	return c;
}

/* By the name that its repository has now: there it is looked for. */
static struct reconciled *
of_ref(struct making *m, const struct record *record)
{
	const char *repository = changelog_called(m->report.s->log,
	    tree_text(record->tree, "repository"), record->seq);
	const char *const names[] = {repository,
	    tree_text(record->tree, "gate"), tree_text(record->tree, "ref")};
	struct reconciled *c;
	struct buf key = {0};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		buf_printf(&key, "%s ", names[i] != NULL ? names[i] : "");
	c = map_get(&m->reconciled_keys, key.data);
	if (c == NULL)
		c = new_ref(m, key.data, repository, record->tree);
	buf_free(&key);
	return c;
}

void
reconciliation_record(struct making *m, const struct record *record)
{
	if (text_same(record->type, "landing"))
		of_ref(m, record)->landings_log++;
	if (text_same(record->type, "adopted") &&
	    !tree_true(record->tree, "first"))
		of_ref(m, record)->unreviewed +=
		    (uint64_t)tree_number(record->tree, "unreviewed");
}

static const char *
base_of(const struct change_row *row)
{
	const char *base = row->decision == NULL
	    ? NULL
	    : tree_text(row->decision->tree, "base");

	return base != NULL ? base : tree_text(row->landing->tree, "old");
}

static void
see_tips(struct making *m, struct reconciled *c, const struct change_row *row)
{
	const char *move = row->decision == NULL
	    ? NULL
	    : tree_text(row->decision->tree, "move");
	const char *base = base_of(row);
	const char *new = tree_text(row->landing->tree, "new");

	c->landings_pack++;
	c->last_seq = row->landing->seq;
	/* What a pruned decision named is not known: counted is from there on.
	 */
	if (row->pruned)
		c->first = pool_text(&m->report.pool, new);
	else if (c->first == NULL && base != NULL)
		c->first = pool_text(&m->report.pool,
		    text_is_zero_oid(base) ? new : base);
	if (new != NULL && !text_is_zero_oid(new))
		c->last = pool_text(&m->report.pool, new);
	c->back = c->back || !text_same(move, "forward");
}

void
reconciliation_change(struct making *m, const struct change_row *row)
{
	struct reconciled *c;
	const struct tree *list = tree_get(row->change, "commits");

	if (!text_same(row->landing->type, "landing"))
		return;
	c = of_ref(m, row->landing);
	if (c->last_seq != row->landing->seq)
		see_tips(m, c, row);
	if (base_of(row) != NULL && text_is_zero_oid(base_of(row)))
		return;
	for (const struct tree *o = list != NULL ? list->child : NULL;
	     o != NULL; o = o->next)
		add_id(&c->named,
		    tree_text(o, "id") != NULL ? tree_text(o, "id") : "");
}

static int
see_commit(void *ctx, const char *oid, const char *raw, size_t len)
{
	(void)raw;
	(void)len;
	add_id(ctx, oid);
	return 0;
}

static int
history(struct repo *repo, const char *tip, struct ids *ids, struct err *err)
{
	char oid[REPO_OID_SIZE];
	enum repo_kind kind;
	const char *const tips[] = {oid};

	if (repo_peel(repo, tip, oid, &kind, err) < 0)
		return -1;
	if (kind != REPO_COMMIT)
		return err_set(err, ERR_INPUT, "%s is no commit", tip);
	if (repo_history(repo, tips, 1, see_commit, ids, err) < 0)
		return -1;
	sort_ids(ids);
	return 0;
}

struct counted {
	uint64_t git, missing, unreachable;
	const char *why; /* it could not be counted */
};

static void
compare(struct reconciled *c, const struct ids *before, const struct ids *after,
    struct counted *out)
{
	sort_ids(&c->named);
	for (size_t i = 0; i < after->count; i++) {
		if (has_id(before, after->list[i]))
			continue;
		out->git++;
		out->missing += !has_id(&c->named, after->list[i]);
	}
	for (size_t i = 0; i < c->named.count; i++)
		out->unreachable += !has_id(after, c->named.list[i]);
}

static void
count_git(struct making *m, struct reconciled *c, struct counted *out)
{
	struct ids before = {0}, after = {0};
	struct push push = {0};
	struct err err = {0};

	if (visit_open(&push, m->report.s, c->repository, &err) < 0 ||
	    history(push.repo, c->first, &before, &err) < 0 ||
	    history(push.repo, c->last, &after, &err) < 0)
		out->why = pool_text(&m->report.pool, err.text);
	else
		compare(c, &before, &after, out);
	visit_close(&push);
	free(before.list);
	free(after.list);
}

static const char *
judge(const struct reconciled *c, const struct counted *n, bool *agrees)
{
	*agrees = false;
	if (n->why != NULL)
		return n->why;
	if (c->landings_log != c->landings_pack)
		return "a landing of the log has no row";
	if (n->missing > c->unreviewed)
		return "Git has commits that no decision names";
	if (n->unreachable > 0 && !c->back)
		return "decisions name commits that Git does not reach";
	*agrees = true;
	if (n->missing > 0)
		return "commits that were taken as they are: exceptions.csv";
	return n->unreachable > 0 ? "the ref also moved back" : "";
}

static void
put(struct making *m, struct reconciled *c)
{
	struct table *t = &m->tables[TABLE_RECONCILIATION];
	struct counted n = {0};
	const char *why;
	bool agrees;

	if (c->first != NULL && c->last != NULL)
		count_git(m, c, &n);
	why = judge(c, &n, &agrees);
	table_text(t, c->repository);
	table_text(t, c->gate);
	table_text(t, c->ref);
	table_number(t, (int64_t)c->landings_log);
	table_number(t, (int64_t)c->landings_pack);
	table_text(t, c->first);
	table_text(t, c->last);
	table_number(t, (int64_t)n.git);
	table_number(t, (int64_t)c->named.count);
	table_number(t, (int64_t)n.missing);
	table_number(t, (int64_t)n.unreachable);
	table_number(t, (int64_t)c->unreviewed);
	table_bool(t, agrees);
	table_text(t, why);
	table_row(t);
	m->mismatch = m->mismatch || !agrees;
}

int
reconciliation_write(struct making *m, struct err *err)
{
	uint64_t done = 0;
	int ret = 0;

	for (struct reconciled *c = m->reconciled; c != NULL; c = c->next) {
		if (ret == 0 && walking_at(++done, "refs held against Git"))
			ret = report_interrupted(err);
		if (ret == 0 && m->report.asked.as_of == 0)
			put(m, c);
		free(c->named.list);
	}
	m->reconciled = NULL;
	m->reconciled_end = NULL;
	return ret;
}

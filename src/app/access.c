#include "app/access.h"

#include <inttypes.h>
#include <string.h>

#include "app/report_access.h"
#include "base/text.h"

struct looking {
	struct pool *pool;
	struct report *r;
	const struct policy *policy;
	struct map used; /* "person right repository gate" */
};

static const char *
use_of(struct looking *l, const char *person, const char *right,
    const char *repository, const char *gate)
{
	return pool_printf(l->pool, "%s\n%s\n%s\n%s", person, right, repository,
	    gate);
}

/* Somebody did that, at a gate by its name or (NULL) wherever it is for. */
static void
use(struct looking *l, const char *person, const char *right,
    const char *repository, const char *gate)
{
	const struct policy_repository *entry = repository == NULL
	    ? NULL
	    : policy_repository(l->policy, repository);

	if (person == NULL || (repository != NULL && entry == NULL))
		return;
	map_put(&l->used,
	    use_of(l, person, right,
	        entry == NULL ? "**" : right_repository(l->pool, entry),
	        gate != NULL ? gate : ""),
	    l);
}

/* An approval is for refs; the right is to approve at their gates. */
static void
see_approval(struct looking *l, const struct tree *t)
{
	const char *repository = tree_text(t, "repository");
	const struct policy_repository *entry = repository == NULL
	    ? NULL
	    : policy_repository(l->policy, repository);
	const struct tree *targets = tree_get(t, "targets");
	const struct gate *gate;

	if (entry == NULL || targets == NULL)
		return;
	for (const struct tree *one = targets->child; one != NULL;
	     one = one->next)
		if (tree_is_text(one) &&
		    policy_gate(entry, one->text, &gate) == GATE_ONE) {
			use(l, tree_text(t, "person"), "approve", repository,
			    gate->name);
			use(l, tree_text(t, "person"), "approve owned paths",
			    repository, gate->name);
		}
	if (tree_text(t, "incident") != NULL)
		use(l, tree_text(t, "person"), "declare an emergency", NULL,
		    NULL);
}

static void
see_landing(struct looking *l, const struct tree *t)
{
	const char *repository = tree_text(t, "repository");
	const char *gate = tree_text(t, "gate");

	use(l, tree_text(t, "lander"), "land", repository, gate);
	if (tree_true(t, "lane"))
		use(l, tree_text(t, "lander"), "roll back", repository, gate);
	use(l, tree_text(t, "declarer"), "declare an emergency", NULL, NULL);
}

static int
see_record(struct report *r, const struct record *record, bool in, void *ctx,
    struct err *err)
{
	struct looking *l = ctx;
	const struct tree *t = record->tree;

	(void)in;
	(void)err;
	if (record->time < r->at - ACCESS_UNUSED)
		return 0;
	if (text_same(record->type, "landing"))
		see_landing(l, t);
	else if (text_same(tree_text(t, "kind"), "approval"))
		see_approval(l, t);
	else if (text_same(tree_text(t, "kind"), "deployment"))
		use(l, tree_text(t, "person"), "tell of deployments",
		    tree_text(t, "repository"), NULL);
	else if (tree_get(t, "by") != NULL)
		use(l, tree_text(t, "by.person"), "administer", NULL, NULL);
	return 0;
}

static bool
is_used(struct looking *l, const struct right *one)
{
	const char *gate =
	    strcmp(one->right, "tell of deployments") == 0 ? "" : one->gate;

	return map_get(&l->used,
	           use_of(l, one->person, one->right, one->repository, gate)) !=
	    NULL;
}

static void
put(struct buf *out, const char *sign, const struct right *one)
{
	buf_printf(out, "  %s%s: %s%s%s%s%s (%s)\n", sign, one->person,
	    one->right, one->gate[0] != '\0' ? " at " : "", one->gate,
	    one->gate[0] != '\0' ? " of " : "",
	    one->gate[0] != '\0' ? one->repository : "", one->through);
}

static void
put_difference(struct buf *out, const struct rights *old,
    const struct rights *new)
{
	size_t i = 0, k = 0, start = out->len;

	while (i < old->count || k < new->count) {
		int order = i == old->count ? 1
		    : k == new->count
		    ? -1
		    : right_order(&old->list[i], &new->list[k]);

		if (order < 0)
			put(out, "- ", &old->list[i++]);
		else if (order > 0)
			put(out, "+ ", &new->list[k++]);
		else {
			i++;
			k++;
		}
	}
	if (out->len == start)
		buf_put(out, "  nothing\n");
}

static void
write_page(struct buf *out, struct looking *l, const struct rights *before,
    const struct rights *now)
{
	struct report *r = l->r;
	char from[TEXT_INSTANT_SIZE], at[TEXT_INSTANT_SIZE];
	size_t unused = 0;

	text_instant(from, r->asked.from);
	text_instant(at, r->at);
	buf_printf(out,
	    "Who may do what: %s, as of record %" PRIu64 " (%s)\n\n"
	    "Changed since %s\n",
	    r->origin != NULL ? r->origin : "", r->until, at, from);
	put_difference(out, before, now);
	buf_put(out, "\nIn force\n");
	for (size_t i = 0; i < now->count; i++)
		put(out, "", &now->list[i]);
	buf_put(out, "\nNot used for 90 days\n");
	for (size_t i = 0; i < now->count; i++)
		if (!is_used(l, &now->list[i])) {
			put(out, "", &now->list[i]);
			unused++;
		}
	if (unused == 0)
		buf_put(out, "  none\n");
}

int
access_make(struct report *r, struct buf *text, struct err *err)
{
	struct looking l = {.pool = &r->pool, .r = r};
	const struct report_visitor visitor = {.record = see_record, .ctx = &l};
	const struct report_text *policy;
	struct rights before = {0}, now = {0};
	int ret;

	l.used.pool = l.pool;
	if (report_scan(r, err) < 0)
		return -1;
	if (r->asked.from == 0)
		r->asked.from = r->begun;
	policy = report_text_at(r->policies, r->policy_count, r->until);
	if (policy == NULL ||
	    report_policy_of(r, policy->digest, &l.policy, err) < 0 ||
	    l.policy == NULL)
		return err_set(err, ERR_INPUT,
		    "the ledger has no policy that can be read");
	ret = report_walk(r, &visitor, 1, err);
	if (ret == 0)
		ret = rights_at(r, rights_before(r, r->asked.from),
		    r->asked.from, &before, err);
	if (ret == 0)
		ret = rights_at(r, r->until, r->at, &now, err);
	if (ret == 0)
		write_page(text, &l, &before, &now);
	pool_free(&before.pool);
	pool_free(&now.pool);
	return ret;
}

static bool
is_listed(const struct person *p, const struct map *listed)
{
	if (map_get(listed, p->id) != NULL)
		return true;
	for (size_t i = 0; i < p->email_count; i++)
		if (map_get(listed, p->emails[i]) != NULL)
			return true;
	return false;
}

size_t
access_leavers(const struct people *people, const struct buf *staff,
    int64_t now, struct buf *out)
{
	struct pool pool = {0};
	struct map listed = {.pool = &pool};
	size_t count = 0;

	for (const char *at = buf_text(staff); *at != '\0';) {
		size_t len = strcspn(at, "\n"), word = strcspn(at, " \t\r\n#");

		if (word > 0)
			map_put(&listed, pool_textn(&pool, at, word), &pool);
		at += len + (at[len] == '\n');
	}
	for (size_t i = 0; i < people->count; i++) {
		const struct person *p = &people->list[i];

		if (p->machine || !person_in_force(p, now) ||
		    is_listed(p, &listed))
			continue;
		count++;
		buf_printf(out, "  %s%s%s\n", p->id,
		    p->email_count > 0 ? ", " : "",
		    p->email_count > 0 ? p->emails[0] : "");
	}
	pool_free(&pool);
	return count;
}

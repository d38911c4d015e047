#include "app/replay.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "base/text.h"
#include "core/facts.h"
#include "core/judge.h"
#include "core/record.h"

#define PROGRESS_EACH 4096
#define SHOWN_MAX 300

/* A policy or people text, read once as long as the next ones are the same. */
struct text_in_force {
	struct pool pool;
	char digest[DIGEST_HEX_SIZE];
	struct policy policy;
	struct people people;
};

struct replaying {
	struct replay *r;
	struct ledger *ledger;
	struct pool pool;  /* of where texts lie */
	struct map places; /* "policy <digest>" -> struct chain_mark */
	struct text_in_force policy, people;
};

/* ---- the texts that a decision names ---- */

static int
remember(struct replaying *x, const struct chain_mark *mark,
    const struct tree *r, struct err *err)
{
	const char *text = tree_text(r, "text"), *said = tree_text(r, "sha256");
	char digest[DIGEST_HEX_SIZE];

	if (text == NULL || said == NULL)
		return 0;
	digest_sha256_hex(digest, text, strlen(text));
	if (strcmp(digest, said) != 0)
		return err_set(err, ERR_TAMPERED,
		    "record %llu: its text is not the one it names",
		    (unsigned long long)mark->seq);
	map_put(&x->places,
	    pool_printf(&x->pool, "%s %s", tree_text(r, "type"), digest),
	    pool_copy(&x->pool, mark, sizeof(*mark)));
	return 0;
}

static int
parse(struct text_in_force *t, const char *type, const char *text,
    struct err *err)
{
	const struct tree *document;

	if (tree_parse_yaml(&document, &t->pool, text, strlen(text), type,
	        err) < 0)
		return -1;
	return strcmp(type, "policy") == 0
	    ? policy_read(&t->policy, &t->pool, document, err)
	    : people_read(&t->people, &t->pool, document, NULL, err);
}

static int
bring(struct replaying *x, struct text_in_force *t, const char *type,
    const char *digest, struct err *err)
{
	struct pool pool = {0};
	const struct chain_mark *mark;
	const struct tree *r;
	const char *line;
	size_t len;
	int ret = -1;

	if (digest != NULL && strcmp(t->digest, digest) == 0)
		return 0;
	mark = digest == NULL
	    ? NULL
	    : map_get(&x->places, pool_printf(&pool, "%s %s", type, digest));
	if (mark == NULL) {
		pool_free(&pool);
		return err_set(err, ERR_TAMPERED,
		    "no record before it holds the %s %s", type,
		    digest == NULL ? "it was judged by" : digest);
	}
	pool_free(&t->pool);
	*t = (struct text_in_force){0};
	if (ledger_line(x->ledger, mark, &pool, &line, &len, err) == 0 &&
	    tree_parse_json(&r, &pool, line, len, "ledger", err) == 0 &&
	    parse(t, type, tree_text(r, "text"), err) == 0) {
		(void)snprintf(t->digest, sizeof(t->digest), "%s", digest);
		ret = 0;
	}
	pool_free(&pool);
	return ret;
}

/* ---- comparing ---- */

static const char *
render(struct pool *pool, const struct tree *t)
{
	if (t == NULL)
		return "nothing";
	switch (t->kind) {
	case TREE_TEXT:
		return text_safe_copy(pool, t->text, t->len, SHOWN_MAX);
	case TREE_NUMBER:
		return pool_printf(pool, "%lld", (long long)t->number);
	case TREE_BOOL:
		return t->boolean ? "true" : "false";
	case TREE_NULL:
		return "null";
	case TREE_LIST:
		return pool_printf(pool, "a list of %zu", t->len);
	case TREE_MAP:
		return pool_printf(pool, "%zu keys", t->len);
	}
	return "";
}

static bool
differ(struct pool *pool, struct replayed_one *one, const char *where,
    const struct tree *a, const struct tree *b)
{
	one->where = where;
	one->recorded = render(pool, a);
	one->judged = render(pool, b);
	return true;
}

/* As deep as documents may be (TREE_DEPTH_MAX). */
static bool
differs(struct pool *pool, struct replayed_one *one, const char *where,
    const struct tree *a, const struct tree *b)
{
	const struct tree *x, *y;
	size_t n = 0;

	if (a == NULL || b == NULL)
		return a != b && differ(pool, one, where, a, b);
	if (a->kind != b->kind)
		return differ(pool, one, where, a, b);
	if (a->kind == TREE_TEXT)
		return (a->len != b->len || memcmp(a->text, b->text, a->len)) &&
		    differ(pool, one, where, a, b);
	if (a->kind == TREE_NUMBER || a->kind == TREE_BOOL)
		return (a->number != b->number || a->boolean != b->boolean) &&
		    differ(pool, one, where, a, b);
	for (x = a->child, y = b->child; x != NULL || y != NULL;
	     x = x->next, y = y->next, n++) {
		const char *key = x != NULL ? x->key : y->key;
		const char *in = key != NULL
		    ? pool_printf(pool, "%s.%s", where, key)
		    : pool_printf(pool, "%s[%zu]", where, n);

		if (x == NULL || y == NULL ||
		    (key != NULL && !text_same(x->key, y->key)))
			return differ(pool, one, in, x, y);
		if (differs(pool, one, in, x, y))
			return true;
	}
	return false;
}

/* All that is made of the facts. */
static const char *const made[] = {"outcome", "requester", "contributors",
    "unseen", "approvals", "findings"};

static int
compare(struct pool *pool, struct replayed_one *one, const struct tree *record,
    const struct buf *body, struct err *err)
{
	const struct tree *again;

	if (tree_parse_json(&again, pool, body->data, body->len, "replay",
	        err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		if (differs(pool, one, made[i], tree_get(record, made[i]),
		        tree_get(again, made[i])))
			return 0;
	return 0;
}

/* ---- one decision ---- */

static void
write_again(struct buf *out, const struct update *u, const struct verdict *v)
{
	struct buf body = {0};
	struct decided d = {.update = u, .verdict = v};

	record_decision(&body, &d);
	buf_char(out, '{');
	buf_add(out, body.data, body.len);
	buf_free(&body);
}

static int
judge_again(struct replaying *x, struct pool *pool, const struct tree *record,
    struct replayed_one *one, struct err *err)
{
	struct update u = {0};
	struct verdict v;
	const struct gate *gate;
	struct buf body = {0};
	int ret;

	if (bring(x, &x->policy, "policy", tree_text(record, "policy"), err) <
	        0 ||
	    bring(x, &x->people, "people", tree_text(record, "people"), err) <
	        0 ||
	    facts_read(&u, pool, record, err) < 0)
		return -1;
	gate = policy_gate_named(policy_repository(&x->policy.policy,
	                             one->repository),
	    one->gate);
	if (gate == NULL)
		return err_set(err, ERR_TAMPERED,
		    "its policy has no gate '%s' for '%s'", one->gate,
		    one->repository);
	judge(&x->policy.policy, gate, &x->people.people, &u, pool, &v);
	write_again(&body, &u, &v);
	ret = compare(pool, one, record, &body, err);
	buf_free(&body);
	if (ret == 0 && x->r->newer && u.rules < RULES_VERSION) {
		u.rules = RULES_VERSION;
		judge(&x->policy.policy, gate, &x->people.people, &u, pool, &v);
		if (!text_same(outcome_name(v.outcome), one->outcome))
			one->newer = outcome_name(v.outcome);
	}
	return ret;
}

static int
tell(struct replaying *x, const struct replayed_one *one, struct err *err)
{
	if (one->where != NULL)
		x->r->differ++;
	if (one->newer != NULL)
		x->r->otherwise++;
	if ((one->where == NULL && one->newer == NULL) || x->r->see == NULL)
		return 0;
	return x->r->see(x->r->ctx, one, err);
}

/* What cannot be judged at all is a difference too. */
static int
decision(struct replaying *x, struct pool *pool, uint64_t seq,
    const struct tree *record, struct err *err)
{
	struct replayed_one one = {.seq = seq,
	    .repository = tree_text(record, "repository"),
	    .gate = tree_text(record, "gate"),
	    .ref = tree_text(record, "ref"),
	    .outcome = tree_text(record, "outcome")};
	struct err why = {0};

	if (one.gate == NULL || tree_number(record, "rules") == 0) {
		x->r->at_door++;
		return 0;
	}
	x->r->decisions++;
	if (judge_again(x, pool, record, &one, &why) < 0) {
		one.where = "it cannot be judged again";
		one.recorded = one.outcome;
		one.judged = pool_text(pool, why.text);
	}
	return tell(x, &one, err);
}

static int
see(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct replaying *x = ctx;
	struct pool pool = {0};
	struct chain_head head;
	const struct tree *record;
	bool judged, text;
	int ret = 0;

	if (x->r->progress && mark->seq % PROGRESS_EACH == 0)
		(void)fprintf(stderr, "\r%llu records",
		    (unsigned long long)mark->seq);
	if (!chain_read(&head, line, len))
		return 0;
	text = text_starts(line + head.body, "\"type\":\"policy\"") ||
	    text_starts(line + head.body, "\"type\":\"people\"");
	judged = text_starts(line + head.body, "\"type\":\"decision\"") &&
	    (x->r->only == 0 || x->r->only == mark->seq);
	if (text || judged) {
		ret = tree_parse_json(&record, &pool, line, len, "ledger", err);
		if (ret < 0)
			ret = err_within(err, "record %llu",
			    (unsigned long long)mark->seq);
		else
			ret = text ? remember(x, mark, record, err)
			           : decision(x, &pool, mark->seq, record, err);
	}
	pool_free(&pool);
	return ret == 0 && x->r->only == mark->seq ? 1 : ret;
}

int
replay(struct replay *r, struct ledger *ledger, struct err *err)
{
	struct replaying x = {.r = r, .ledger = ledger};
	int ret;

	x.places.pool = &x.pool;
	ret = ledger_walk(ledger, NULL, see, &x, NULL, err);
	if (r->progress)
		(void)fputs("\r                      \r", stderr);
	pool_free(&x.policy.pool);
	pool_free(&x.people.pool);
	pool_free(&x.pool);
	return ret;
}

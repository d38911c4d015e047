/* What the policy in force asks of each gate, and what is open just now. */
#include "api_inside.h"

#include "base/text.h"
#include "core/topics.h"

#define OWED_MAX 256 /* emergency landings that are looked at, newest first */

static void
put_texts(struct json *j, const char *key, const struct texts *list)
{
	json_key_open(j, key, '[');
	for (size_t i = 0; i < list->count; i++)
		json_text(j, list->list[i]);
	json_close(j);
}

static void
put_control(struct json *j, const char *control, bool asked)
{
	json_open(j, '{');
	json_key_text(j, "control", control);
	json_key_bool(j, "asked", asked);
	json_close(j);
}

static void
put_gate(struct json *j, const struct policy *p, const struct gate *g)
{
	json_open(j, '{');
	json_key_text(j, "gate", g->name);
	json_key_text(j, "mode",
	    g->mode == MODE_OBSERVE ? "observe" : "enforce");
	put_texts(j, "refs", &g->refs);
	json_key_open(j, "controls", '[');
	put_control(j, "peer", g->approvals.asked);
	put_control(j, "review", true);
	put_control(j, "owners", g->owner_count > 0);
	put_control(j, "rollback", g->plan.asked);
	put_control(j, "ticket", g->ticket != NULL);
	put_control(j, "secret", g->secrets.scan);
	put_control(j, "tests", g->tests.count > 0);
	put_control(j, "environment",
	    g->landed_on.count > 0 || g->landers.count > 0);
	put_control(j, "staging", g->after.asked);
	put_control(j, "freeze", g->freeze_count > 0);
	put_control(j, "emergency", p->emergency.asked);
	json_close(j);
	json_close(j);
}

static void
put_repositories(struct json *j, const struct policy *p)
{
	json_key_open(j, "repositories", '[');
	for (size_t i = 0; i < p->repository_count; i++) {
		const struct policy_repository *r = &p->repositories[i];

		json_open(j, '{');
		put_texts(j, "match", &r->match);
		json_key_open(j, "gates", '[');
		for (size_t k = 0; k < r->gate_count; k++)
			put_gate(j, p, &r->gates[k]);
		json_close(j);
		json_close(j);
	}
	json_close(j);
}

static int
put_policy(struct answering *a, struct err *err)
{
	struct json *j = &a->json;
	const struct policy *p = NULL;
	struct record newest;

	if (changelog_newest(a->api->setup.log, &a->pool,
	        topic_text(&a->pool, "policy"), &newest, err) < 0 ||
	    report_policy_of(&a->api->report, tree_text(newest.tree, "sha256"),
	        &p, err) < 0)
		return -1;
	json_key_open(j, "policy", '{');
	json_key_text(j, "sha256", tree_text(newest.tree, "sha256"));
	json_key_number(j, "record", (int64_t)newest.seq);
	json_key_instant(j, "since", newest.time);
	json_close(j);
	if (p != NULL)
		put_repositories(j, p);
	return 0;
}

/* An emergency landing whose review was not found to be done. */
static int
put_owed(struct answering *a, const struct record *landing, struct err *err)
{
	struct json *j = &a->json;
	struct report_link done;
	int64_t due = tree_instant(landing->tree, "review_due");

	if (report_review(&a->api->report, landing->seq, &done, err) < 0)
		return -1;
	if (done.seq != 0 || due == 0 || !text_same(landing->type, "landing"))
		return 0;
	json_open(j, '{');
	json_key_number(j, "landing_seq", (int64_t)landing->seq);
	json_key_text(j, "repository", tree_text(landing->tree, "repository"));
	json_key_text(j, "gate", tree_text(landing->tree, "gate"));
	json_key_text(j, "ref", tree_text(landing->tree, "ref"));
	json_key_text(j, "commit", tree_text(landing->tree, "new"));
	json_key_instant(j, "due", due);
	json_key_bool(j, "overdue", due <= a->asked->now);
	json_close(j);
	return 0;
}

static int
put_reviews(struct answering *a, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(a->api->setup.log, &a->pool, topic_all_owed(), true,
	        0, OWED_MAX, &list, &count, err) < 0)
		return -1;
	json_key_open(&a->json, "reviews_owed", '[');
	for (size_t i = 0; i < count; i++)
		if (put_owed(a, &list[i], err) < 0)
			return -1;
	json_close(&a->json);
	json_key_bool(&a->json, "older_reviews_not_looked_at",
	    count == OWED_MAX);
	return 0;
}

int
api_controls(struct answering *a, struct err *err)
{
	struct json *j = &a->json;

	json_open(j, '{');
	api_as_of(a);
	json_key_text(j, "origin", a->api->setup.config.settings.origin);
	if (put_policy(a, err) < 0 || put_reviews(a, err) < 0)
		return -1;
	json_close(j);
	buf_char(&a->out->body, '\n');
	return 0;
}

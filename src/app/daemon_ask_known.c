/*
 * What the ledger has already.  A webhook's word and the same word asked for
 * are one: nothing is stored twice, and what was taken back since it was asked
 * for does not come back.
 */
#include "app/daemon_ask.h"

#include "base/text.h"
#include "core/topics.h"

#define KNOWN_MAX 1000 /* records looked at for one word */

struct looking {
	struct changelog *log;
	struct pool *pool;
	const struct source *source;
	const char *repository; /* as we call it */
	const struct observed *word;
};

/* A text that is absent on both sides is the same. */
static bool
same(const char *a, const char *b)
{
	return a == NULL ? b == NULL : text_same(a, b);
}

static bool
has_kind(const struct looking *l, const struct record *r, const char *kind)
{
	return text_same(r->type, "observation") &&
	    text_same(tree_text(r->tree, "kind"), kind) &&
	    text_same(tree_text(r->tree, "source"), l->source->name) &&
	    text_same(tree_text(r->tree, "repository"), l->repository);
}

/*
 * Of that person, or of everybody, and not before they said it: whoever took it
 * back did so after the forge was asked, or its answer would have it.
 */
static bool
takes_back(const struct looking *l, const struct record *r,
    const struct forge_user *u)
{
	int64_t at = tree_instant(r->tree, "forge.time");

	if (!text_same(tree_text(r->tree, "decision"), "withdraw") ||
	    (!tree_true(r->tree, "all") &&
	        !same(tree_text(r->tree, "user.login"), u->login)))
		return false;
	return l->word->at != 0 && (at != 0 ? at : r->time) > l->word->at;
}

static bool
is_review(const struct looking *l, const struct record *r)
{
	const struct observed *w = l->word;
	const struct forge_user *u =
	    w->of.login != NULL || w->of.id != NULL ? &w->of : &w->actor;
	const char *decision = tree_text(r->tree, "decision");

	if (!has_kind(l, r, "approval"))
		return false;
	if (text_same(w->decision, "approve") && takes_back(l, r, u))
		return true;
	if (!same(tree_text(r->tree, "review"), w->review))
		return false;
	if (w->review == NULL &&
	    (!same(tree_text(r->tree, "user.login"), u->login) ||
	        tree_instant(r->tree, "forge.time") != w->at))
		return false;
	/* Of one review the taking back is the last word. */
	if (w->review != NULL && text_same(decision, "withdraw"))
		return true;
	return text_same(decision, w->decision) &&
	    (w->commit == NULL ||
	        same(tree_text(r->tree, "commit"), w->commit));
}

static bool
is_deployment(const struct looking *l, const struct record *r)
{
	return has_kind(l, r, "deployment") &&
	    same(tree_text(r->tree, "deployment"), l->word->deployment) &&
	    text_same(tree_text(r->tree, "result"), l->word->result);
}

/* Of what has a state, the newest word alone counts. */
static bool
is_same_state(const struct looking *l, const struct record *r)
{
	const struct observed *w = l->word;

	if (w->at != 0 && tree_instant(r->tree, "forge.time") > w->at)
		return true;
	return same(tree_text(r->tree, "head"), w->head) &&
	    same(tree_text(r->tree, "target"), w->target) &&
	    same(tree_text(r->tree, "state"), w->state) &&
	    same(tree_text(r->tree, "merge_commit"), w->merge_commit) &&
	    same(tree_text(r->tree, "title"), w->title) &&
	    tree_true(r->tree, "draft") == w->draft &&
	    (w->text == NULL ||
	        text_starts(w->text,
	            tree_text(r->tree, "text") != NULL
	                ? tree_text(r->tree, "text")
	                : w->text));
}

static bool
is_same_result(const struct looking *l, const struct record *r)
{
	const struct observed *w = l->word;

	return text_same(tree_text(r->tree, "result"), w->result) ||
	    (w->at != 0 && tree_instant(r->tree, "forge.time") > w->at);
}

static bool
is_same_protection(const struct looking *l, const struct record *r)
{
	return text_same(tree_text(r->tree, "what"), l->word->what);
}

/* Is it the newest of its kind about the same thing? */
static bool
is_about(const struct looking *l, const struct record *r)
{
	const struct observed *w = l->word;

	if (w->kind == OBSERVED_REQUEST)
		return has_kind(l, r, "request");
	if (w->kind == OBSERVED_STATUS)
		return has_kind(l, r, "status") &&
		    text_same(tree_text(r->tree, "context"), w->context);
	return has_kind(l, r, "protection") &&
	    text_same(tree_text(r->tree, "target"), w->target);
}

typedef bool known_fn(const struct looking *l, const struct record *r);

static int
look(const struct looking *l, const char *topic, known_fn *is_any,
    known_fn *is_newest, bool *known, struct err *err)
{
	struct record *list;
	size_t count;

	if (changelog_find(l->log, l->pool, topic, true, 0, KNOWN_MAX, &list,
	        &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (is_any != NULL && is_any(l, &list[i])) {
			*known = true;
			return 0;
		}
		if (is_newest != NULL && is_about(l, &list[i])) {
			*known = is_newest(l, &list[i]);
			return 0;
		}
	}
	return 0;
}

int
ask_is_known(struct changelog *log, struct pool *pool, const struct source *s,
    const char *repository, const struct observed *w, bool *known,
    struct err *err)
{
	struct looking l = {.log = log,
	    .pool = pool,
	    .source = s,
	    .repository = repository,
	    .word = w};

	*known = false;
	if ((w->kind == OBSERVED_REQUEST || w->kind == OBSERVED_REVIEW) &&
	    w->request != NULL)
		return look(&l,
		    topic_request(pool, repository, s->name, w->request),
		    w->kind == OBSERVED_REVIEW ? is_review : NULL,
		    w->kind == OBSERVED_REVIEW ? NULL : is_same_state, known,
		    err);
	if (w->kind == OBSERVED_STATUS && w->commit != NULL)
		return look(&l, topic_status(pool, repository, w->commit), NULL,
		    is_same_result, known, err);
	if (w->kind == OBSERVED_DEPLOYMENT && w->commit != NULL &&
	    w->environment != NULL)
		return look(&l,
		    topic_deployment(pool, repository, w->environment,
		        w->commit),
		    is_deployment, NULL, known, err);
	if (w->kind == OBSERVED_PROTECTION)
		return look(&l, topic_protection(pool, repository), NULL,
		    is_same_protection, known, err);
	return 0;
}

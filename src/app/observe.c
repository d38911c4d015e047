#include "app/observe.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"
#include "core/policy.h"
#include "core/record_observed.h"

static const char INCIDENT[] = "Emergency-Change:";
static const char REASON[] = "Emergency-Reason:";

/* ---- who ---- */

/* Does this person have another number at that source? */
static bool
has_other_id(const struct person *who, const char *source, const char *id)
{
	bool other = false;

	for (size_t i = 0; i < who->login_count; i++) {
		const struct login *l = &who->logins[i];

		if (!text_same(l->source, source) ||
		    !text_starts(l->name, "id:"))
			continue;
		if (strcmp(l->name, id) == 0)
			return false;
		other = true;
	}
	return other;
}

const struct person *
observe_person(const struct people *people, struct pool *pool,
    const char *source, const struct forge_user *user, const char **by)
{
	const struct person *who = NULL;
	const char *id =
	    user->id == NULL ? NULL : pool_printf(pool, "id:%s", user->id);

	*by = id;
	if (id != NULL)
		who = people_by_login(people, source, id);
	if (who != NULL || user->login == NULL)
		return who;
	*by = user->login;
	who = people_by_login(people, source, user->login);
	return who != NULL && id != NULL && has_other_id(who, source, id) ? NULL
	                                                                  : who;
}

static struct actor
actor_of(struct pool *pool, const struct observing *from,
    const struct forge_user *user)
{
	struct actor a = {0};
	const struct person *who = observe_person(&from->config->people, pool,
	    from->source->name, user, &a.login);

	if (who != NULL) {
		a.person = who->id;
		a.machine = who->machine;
	}
	return a;
}

static void
find_who(struct told *t, struct pool *pool, const struct observing *from)
{
	const struct observed *w = t->word;
	bool another = w->of.login != NULL || w->of.id != NULL;
	const struct person *who;

	t->who = actor_of(pool, from, another ? &w->of : &w->actor);
	if (another)
		t->by = actor_of(pool, from, &w->actor);
	t->opener = actor_of(pool, from, &w->opener);
	who = people_by_id(&from->config->people, t->who.person);
	if (who == NULL)
		return;
	t->groups = who->groups;
	t->group_count = who->group_count;
	t->in_force = person_in_force(who, from->now) ? TRI_YES : TRI_NO;
}

/* ---- an emergency in a comment ---- */

/* What follows `key` on the first line that begins with it, or NULL. */
static const char *
line_after(struct pool *pool, const char *text, const char *key)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\r\n");
		const char *at = text;

		while (*at == ' ' || *at == '\t')
			at++;
		if (text_starts_case_blind(at, key)) {
			at += strlen(key);
			while (*at == ' ' || *at == '\t')
				at++;
			return at > text + len
			    ? ""
			    : pool_textn(pool, at, (size_t)(text + len - at));
		}
		text += len;
		text += strspn(text, "\r\n");
	}
	return NULL;
}

/* As first written: an edited comment declares nothing. */
static bool
declares(struct told *t, struct pool *pool)
{
	const struct observed *w = t->word;

	if (w->text == NULL || w->edited)
		return false;
	t->incident = line_after(pool, w->text, INCIDENT);
	t->reason = line_after(pool, w->text, REASON);
	return t->incident != NULL;
}

/* ---- which are kept ---- */

static bool
has_request(const struct observed *w)
{
	return w->request != NULL;
}

/* Is it whole enough to be found again?  What is not says nothing. */
static bool
is_kept(struct told *t, struct pool *pool)
{
	const struct observed *w = t->word;

	switch (w->kind) {
	case OBSERVED_REQUEST:
		return has_request(w);
	case OBSERVED_REVIEW:
		return has_request(w) && w->decision != NULL;
	case OBSERVED_COMMENT:
		return has_request(w) && declares(t, pool);
	case OBSERVED_STATUS:
		return w->context != NULL && w->result != NULL &&
		    (w->commit != NULL || w->short_commit != NULL);
	case OBSERVED_DEPLOYMENT:
		return w->environment != NULL && w->result != NULL &&
		    (w->commit != NULL || w->short_commit != NULL);
	case OBSERVED_PUSH:
		return w->ref != NULL && w->new != NULL;
	case OBSERVED_QUEUED:
		return w->commit != NULL;
	case OBSERVED_PROTECTION:
		return true;
	case OBSERVED_RENAMED:
		return w->was != NULL;
	case OBSERVED_NONE:
		break;
	}
	return false;
}

static bool
is_name(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == 127)
			return false;
	return len > 0 && len <= OBSERVED_NAME;
}

/* Our name; NULL where neither mapping nor policy has it. */
static const char *
our_name(struct pool *pool, const struct observing *from, const char *name)
{
	const char *ours =
	    name == NULL ? NULL : source_repository(from->source, pool, name);

	return ours != NULL && is_name(ours) &&
	        policy_repository(&from->config->policy, ours) != NULL
	    ? ours
	    : NULL;
}

static void
keep(struct observations *out, const struct told *t)
{
	out->list = realloc(out->list, (out->count + 1) * sizeof(*out->list));
	if (out->list == NULL)
		err_fatal("out of memory");
	out->list[out->count] = (struct buf){0};
	record_told(&out->list[out->count++], t);
}

/* Is it kept?  Then `out` is it. */
static bool
look_at(struct told *out, size_t *unmatched, struct pool *pool,
    const struct observing *from, const struct observed *word)
{
	struct told t = {.word = word,
	    .source = from->source->name,
	    .delivery = from->delivery,
	    .body = from->body,
	    .asked = from->asked};

	if (word->kind == OBSERVED_NONE)
		return false;
	t.repository = our_name(pool, from, word->repository);
	if (t.repository == NULL) {
		++*unmatched;
		return false;
	}
	if (!is_kept(&t, pool))
		return false;
	/* A rename takes approvals along. */
	if (word->was != NULL &&
	    source_tells(from->source, SOURCE_TELLS_APPROVALS))
		t.was = source_repository(from->source, pool, word->was);
	find_who(&t, pool, from);
	*out = t;
	return true;
}

void
observe_bodies(struct observations *out, struct pool *pool,
    const struct observing *from, const struct payload *payload)
{
	struct told *list = pool_array(pool, payload->count + 1, sizeof(*list));
	size_t count = 0;

	*out = (struct observations){0};
	for (size_t i = 0; i < payload->count; i++)
		if (look_at(&list[count], &out->unmatched, pool, from,
		        &payload->list[i]))
			count++;
	for (size_t i = 0; i < count; i++) {
		list[i].more = i + 1 < count;
		keep(out, &list[i]);
	}
}

void
observations_free(struct observations *o)
{
	for (size_t i = 0; i < o->count; i++)
		buf_free(&o->list[i]);
	free(o->list);
	*o = (struct observations){0};
}

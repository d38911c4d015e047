/*
 * Who had a part in a change: rules.md 18 to 20.  People are taken from both
 * sides, the commits that land and the commits that were approved; what a
 * machine made (a clean merge, squash or copy) makes nobody a contributor, nor
 * does what landed on an accepted gate.
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/trailer.h"

#define EMAIL_SHOWN 254

static void
add_once(struct gathering *g, struct change *c, const struct contributor *one)
{
	struct contributor *list = (struct contributor *)c->contributors;

	for (size_t i = 0; i < c->contributor_count; i++)
		if (list[i].part == one->part && list[i].known == one->known &&
		    (text_same(list[i].person, one->person) ||
		        (list[i].person == NULL && one->person == NULL &&
		            text_same(list[i].written, one->written))))
			return;
	*(struct contributor *)pool_grow(g->push->pool, &list,
	    &c->contributor_count, sizeof(*list)) = *one;
	c->contributors = list;
}

/* What a machine did counts as its owner's too. */
static void
add(struct gathering *g, struct change *c, const struct contributor *one)
{
	const struct people *people = &g->push->setup->config.people;
	struct contributor owner = *one;

	add_once(g, c, one);
	owner.person = people_behind(people, one->person);
	owner.machine = false;
	owner.part = PART_OWNER;
	if (owner.person != NULL && !text_same(owner.person, one->person))
		add_once(g, c, &owner);
}

/* An address that differs from one of theirs by ASCII case only is theirs. */
static bool
has_address(const struct person *who, const char *email)
{
	for (size_t i = 0; i < who->email_count; i++)
		if (text_same_case_blind(who->emails[i], email))
			return true;
	return false;
}

/* Whoever else might be meant bars as well, but leaves nobody unknown. */
static void
add_address(struct gathering *g, struct change *c, struct contributor *one,
    const char *email)
{
	const struct people *people = &g->push->setup->config.people;
	const struct person *who = people_by_email(people, email);
	const char *exact = who != NULL ? who->id : NULL;
	size_t n = 0;

	one->known = who != NULL;
	one->person = exact;
	one->machine = who != NULL && who->machine;
	if (who != NULL)
		add(g, c, one);
	while (
	    (who = people_suspect(people, g->push->pool, email, n++)) != NULL) {
		if (text_same(who->id, exact))
			continue;
		one->person = who->id;
		one->machine = who->machine;
		one->known = exact != NULL || has_address(who, email);
		add(g, c, one);
	}
	if (one->person == NULL)
		add(g, c, one);
}

/* A login that nobody has bars whoever has one that looks like it. */
static void
add_actor(struct gathering *g, struct change *c, struct contributor *one,
    const struct actor *actor)
{
	const struct people *people = &g->push->setup->config.people;
	const struct person *who;
	size_t n = 0;

	one->person = actor->person;
	one->machine = actor->machine;
	one->known = actor->person != NULL;
	one->written = actor->login;
	while (!one->known &&
	    (who = people_suspect_login(people, g->push->pool, actor->login,
	         n++)) != NULL) {
		one->person = who->id;
		one->machine = who->machine;
		add(g, c, one);
	}
	if (n <= 1)
		add(g, c, one);
}

void
gather_contributor(struct gathering *g, struct change *c, enum part part,
    const char *email, const struct actor *actor, const char *commit)
{
	struct contributor one = {.part = part, .commit = commit};

	if (actor != NULL) {
		add_actor(g, c, &one, actor);
		return;
	}
	if (email == NULL)
		return;
	one.written =
	    text_safe_copy(g->push->pool, email, strlen(email), EMAIL_SHOWN);
	add_address(g, c, &one, email);
}

static void
add_coauthors(struct gathering *g, struct change *c,
    const struct commit_fact *f)
{
	struct coauthor *list;
	size_t count;

	coauthors(g->push->pool, f->parsed.message, f->parsed.message_len,
	    &list, &count);
	for (size_t i = 0; i < count; i++)
		gather_contributor(g, c, PART_COAUTHOR,
		    list[i].email[0] != '\0' ? list[i].email : list[i].name,
		    NULL, f->id);
}

/*
 * Nobody told who brought it: then its author must be somebody we know, also
 * where the gate lets unknown contributors be.
 */
static bool
is_nobodys(const struct gathering *g, const struct commit_fact *f)
{
	return g->gate->unknown_contributors_allowed && f->seen != TRI_YES &&
	    people_by_email(&g->push->setup->config.people,
	        f->parsed.author.email) == NULL;
}

/*
 * Who had brought the same patch before, in whatever commit: of earlier forms
 * only what the server knows itself is remembered.
 */
static int
add_earlier(struct gathering *g, struct change *c, struct commit_fact *f,
    struct err *err)
{
	struct earlier *list;
	size_t count;

	if (commit_fact_earlier(g->push, f, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		gather_contributor(g, c, PART_FIRST_PUSHER, NULL,
		    list[i].pusher, list[i].commit);
	return 0;
}

/*
 * A forge commits under an address of its own.  That is nobody where the server
 * itself first brought the commit, for a person it names; anywhere else it is
 * what anybody can write, and nobody known, whoever has it in people.yaml.
 */
static void
add_committer(struct gathering *g, struct change *c,
    const struct commit_fact *f)
{
	const char *email = f->parsed.committer.email;
	struct contributor one = {.part = PART_COMMITTER, .commit = f->id};
	bool forge =
	    settings_web_committer(&g->push->setup->config.settings, email);

	if (forge && f->seen == TRI_YES && f->web)
		return;
	gather_contributor(g, c, PART_COMMITTER, email, NULL, f->id);
	one.written =
	    text_safe_copy(g->push->pool, email, strlen(email), EMAIL_SHOWN);
	if (forge)
		add_once(g, c, &one);
}

static int
add_makers(struct gathering *g, struct change *c, struct commit_fact *f,
    struct err *err)
{
	if (f->defect != NULL) {
		c->contributors_known = TRI_UNKNOWN;
		return 0;
	}
	if (commit_is_mechanical(g->push, f) == TRI_YES ||
	    gather_accepts(g, f, g->from, g->to, NULL))
		return 0;
	if (is_nobodys(g, f))
		c->contributors_known = TRI_UNKNOWN;
	gather_contributor(g, c, PART_AUTHOR, f->parsed.author.email, NULL,
	    f->id);
	add_committer(g, c, f);
	if (f->parsed.message != NULL)
		add_coauthors(g, c, f);
	if (f->seen == TRI_YES)
		gather_contributor(g, c, PART_FIRST_PUSHER, NULL, &f->pusher,
		    f->id);
	else
		c->unseen++;
	return add_earlier(g, c, f, err);
}

/* The approved history of a statement whose commits do not land themselves. */
int
gather_approved_side(struct gathering *g, struct change *c, const char *from,
    const char *approved, struct commit_fact ***list, size_t *count,
    struct err *err)
{
	struct push *p = g->push;
	struct repo_commit *raw;
	size_t n;

	if (map_get(&g->fresh_map, approved) != NULL)
		return 0;
	if (repo_range(p->repo, p->pool, approved, &from, from == NULL ? 0 : 1,
	        PUSH_COMMITS_MAX, &raw, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct commit_fact *f;

		if (commit_fact_get(p, &raw[i], &f, err) < 0 ||
		    commit_fact_seen(p, f, err) < 0 ||
		    add_makers(g, c, f, err) < 0)
			return -1;
		*(struct commit_fact **)pool_grow(p->pool, list, count,
		    sizeof(**list)) = f;
	}
	return 0;
}

int
gather_landing_side(struct gathering *g, struct change *c,
    struct commit_fact *f, enum place place, struct err *err)
{
	if (place == PLACE_UNCOVERED || place == PLACE_APPROVED)
		return add_makers(g, c, f, err);
	if (place != PLACE_ACCEPTED && f->parsed.message != NULL &&
	    f->defect == NULL)
		add_coauthors(g, c, f);
	return 0;
}

static const char *
first_of(const struct change *c, enum part part)
{
	for (size_t i = 0; i < c->contributor_count; i++)
		if (c->contributors[i].part == part && c->contributors[i].known)
			return c->contributors[i].person;
	return NULL;
}

void
gather_requester(struct change *c)
{
	c->requester = first_of(c, PART_OPENER);
	if (c->requester == NULL)
		c->requester = first_of(c, PART_FIRST_PUSHER);
	if (c->requester == NULL)
		c->requester = first_of(c, PART_AUTHOR);
}

/* Is the author of a squash or copy somebody whose work it is? */
static bool
is_theirs(const struct gathering *g, const struct change *c,
    const struct commit_fact *f)
{
	const struct people *people = &g->push->setup->config.people;
	const char *email = f->parsed.author.email;
	const struct person *who = people_by_email(people, email);

	if (who != NULL &&
	    (text_same(who->id, c->requester) ||
	        text_same(who->id, g->push->pusher.person)))
		return true;
	for (size_t i = 0; i < c->contributor_count; i++) {
		const struct contributor *p = &c->contributors[i];

		if (p->part == PART_AUTHOR &&
		    (text_same_case_blind(p->written, email) ||
		        (who != NULL && p->known &&
		            text_same(p->person, who->id))))
			return true;
	}
	return false;
}

enum tri
gather_author_fits(const struct gathering *g, const struct change *c,
    const struct commit_fact *f, enum place place)
{
	if (place != PLACE_LAST && place != PLACE_REPLAYED)
		return TRI_UNKNOWN;
	if (f->defect != NULL)
		return TRI_NO;
	if (f->raw->parent_count > 1 || is_theirs(g, c, f))
		return TRI_YES;
	return TRI_NO;
}

/*
 * Has an approval's key been its person's all the time since?  rules.md 15: a
 * key that is taken out voids what it gave and has not landed, also when it is
 * put in again later.  And in which groups was its person then?
 */
#include "app/gather.h"

#include <string.h>

#include "base/text.h"
#include "core/topics.h"

#define PEOPLE_KEPT_MAX 200

/* The records of people.yaml, newest first, down to one before `seq`. */
static int
load_people(struct gathering *g, uint64_t seq, struct err *err)
{
	struct push *p = g->push;
	struct landings *l = &g->people;
	struct record *page;
	size_t found;

	while (!l->all && l->count < PEOPLE_KEPT_MAX &&
	    (l->count == 0 || l->list[l->count - 1].seq > seq)) {
		if (changelog_find(p->setup->log, p->pool,
		        topic_text(p->pool, "people"), true,
		        l->count == 0 ? 0 : l->list[l->count - 1].seq, 4, &page,
		        &found, err) < 0)
			return -1;
		for (size_t i = 0; i < found; i++)
			*(struct record *)pool_grow(p->pool, &l->list,
			    &l->count, sizeof(*page)) = page[i];
		l->all = found < 4;
	}
	return 0;
}

/* What of a key no other key has: its base64, or its fingerprint. */
static const char *
body_of(struct pool *pool, const char *line)
{
	const char *body =
	    strchr(line, text_starts(line, "openpgp:") ? ':' : ' ');

	body = body == NULL ? line : body + 1;
	while (*body == ' ')
		body++;
	return pool_textn(pool, body, strcspn(body, " "));
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Fingerprints are written in either case. */
static bool
mentions(const char *text, const char *body)
{
	for (; *text != '\0'; text++) {
		size_t n = 0;

		while (body[n] != '\0' && lower(text[n]) == lower(body[n]))
			n++;
		if (body[n] == '\0')
			return true;
	}
	return false;
}

/*
 * Has people.yaml been as it is now ever since, but for one change at most,
 * which made it what it is?  That one holds the key, and need not be read: it
 * may be long.
 */
static int
changed_once_at_most(struct push *p, uint64_t seq, bool *once, struct err *err)
{
	const char *topic = topic_text(p->pool, "people");
	uint64_t newest[2];
	struct record last;
	size_t count;

	*once = true;
	if (changelog_seqs(p->setup->log, topic, true, 0, newest, 2, &count,
	        err) < 0)
		return -1;
	if (count == 0 || newest[0] < seq)
		return 0;
	*once = count == 1 || newest[1] < seq;
	if (!*once)
		return 0;
	if (changelog_newest_start(p->setup->log, p->pool, topic, &last, err) <
	    0)
		return -1;
	*once = last.seq == newest[0] &&
	    setup_is_text(&last, "people", p->setup->config.people.digest);
	return 0;
}

int
gather_held(struct gathering *g, struct approval *a, struct err *err)
{
	const struct landings *l = &g->people;
	struct push *p = g->push;
	const struct person_key *key = NULL;
	const char *body, *text;
	bool once;

	if (a->key == NULL ||
	    people_by_key(&p->setup->config.people, a->key, &key) == NULL)
		return 0;
	if (changed_once_at_most(p, a->seq, &once, err) < 0)
		return -1;
	if (once)
		return 0;
	if (load_people(g, a->seq, err) < 0)
		return -1;
	if (!l->all && (l->count == 0 || l->list[l->count - 1].seq > a->seq))
		a->in_force = TRI_UNKNOWN;
	body = body_of(g->push->pool, key->line);
	for (size_t i = 0; i < l->count && l->list[i].seq > a->seq; i++) {
		text = tree_text(l->list[i].tree, "text");
		if (text == NULL || !mentions(text, body))
			a->in_force = TRI_NO;
	}
	return 0;
}

/* people.yaml as it was recorded last before that record. */
int
gather_groups_then(struct gathering *g, struct approval *a, struct err *err)
{
	const struct landings *l = &g->people;
	struct pool *pool = g->push->pool;
	const struct person *person;
	const char *text = NULL;
	const struct tree *t;
	struct people then;
	struct err unread = {0};

	if (a->groups_known == TRI_YES || a->person == NULL)
		return 0;
	if (load_people(g, a->seq, err) < 0)
		return -1;
	for (size_t i = 0; i < l->count && text == NULL; i++)
		if (l->list[i].seq < a->seq)
			text = tree_text(l->list[i].tree, "text");
	if (text == NULL ||
	    tree_parse_yaml(&t, pool, text, strlen(text), "people", &unread) <
	        0 ||
	    people_read(&then, pool, t, NULL, &unread) < 0)
		return 0;
	person = people_by_id(&then, a->person);
	a->groups_known = TRI_YES;
	if (person == NULL)
		return 0;
	a->groups = person->groups;
	a->group_count = person->group_count;
	return 0;
}

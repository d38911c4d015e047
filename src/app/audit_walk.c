/* Down the first-parent line, step by step, and counting. */
#include <string.h>

#include "app/audit.h"
#include "base/text.h"

#define POOL_COMMITS 100         /* held before their memory is given back */
#define SECONDS_MAX 253402300799 /* the end of the year 9999 */

/* The steps, newest first; the ids are raw. */
struct line {
	struct pool pool;
	unsigned char (*ids)[20];
	size_t count;
	size_t asked;               /* so many of them belong to the period */
	char before[REPO_OID_SIZE]; /* the one below the last; "": none */
};

/* In ms, of a commit's own claim; 0: not known. */
static int64_t
claimed_time(struct pool *pool, const struct repo_commit *c)
{
	struct err ignored = {0};
	struct commit parsed = {0};

	if (commit_parse(&parsed, pool, c->raw, c->len, &ignored) < 0 ||
	    parsed.committer.seconds > SECONDS_MAX)
		return 0;
	return parsed.committer.seconds * 1000;
}

static void
give_example(struct audit *a, enum audit_worst worst,
    const struct audit_step *s)
{
	struct audit_example *e;
	const struct audit_who *who = s->lander != NULL ? s->lander
	    : s->author_count > 0                       ? s->authors[0]
	                                                : NULL;
	char day[TEXT_INSTANT_SIZE] = "";

	if (s->time != 0)
		text_instant(day, s->time);
	/* The newest ones are kept, the newest first. */
	memmove(&a->worst[worst][1], &a->worst[worst][0],
	    (AUDIT_WORST_MAX - 1) * sizeof(a->worst[worst][0]));
	if (a->worst_count[worst] < AUDIT_WORST_MAX)
		a->worst_count[worst]++;
	e = &a->worst[worst][0];
	memcpy(e->commit, s->top.oid, REPO_OID_SIZE);
	e->text = pool_printf(&a->pool, "%.10s %s: %s%s%s", day,
	    text_safe_copy(s->pool, audit_who_text(s->pool, who),
	        strlen(audit_who_text(s->pool, who)), 40),
	    text_safe_copy(s->pool, s->subject, strlen(s->subject), 60),
	    s->path_count > 0 ? "; by hand: " : "",
	    s->path_count > 0
	        ? text_safe_copy(s->pool, s->paths[0], strlen(s->paths[0]), 60)
	        : "");
}

/* Nobody but its authors had a hand in it, as far as anybody even claims. */
static bool
is_alone(const struct audit_step *s)
{
	return s->yes == AUDIT_NONE && s->lander != NULL && s->request == NULL;
}

static void
count(struct audit *a, const struct audit_step *s)
{
	struct audit_counts *n = &a->counts;

	n->changes++;
	n->commits += s->commits;
	n->roots += s->top.parent_count == 0 ? 1 : 0;
	n->direct += s->top.parent_count == 1 ? 1 : 0;
	n->merges += s->top.parent_count > 1 ? 1 : 0;
	n->merge[s->merge]++;
	n->yes[s->yes]++;
	n->plan[s->plan]++;
	n->ticket += s->ticket != NULL ? 1 : 0;
	n->request += s->request != NULL ? 1 : 0;
	n->by_forge += s->whole && s->lander == NULL ? 1 : 0;
	n->owned += s->owned ? 1 : 0;
	n->alone += is_alone(s) ? 1 : 0;
	n->unread += s->trouble != NULL ? 1 : 0;
	n->old += s->old ? 1 : 0;
	n->future += s->future ? 1 : 0;
	n->tags_used += s->tag_count;
	n->outcome[audit_outcome_of(a, s)]++;
	if (s->merge == AUDIT_HAND_MADE)
		give_example(a, AUDIT_WORST_HAND_MADE, s);
	if (s->merge == AUDIT_CONFLICT)
		give_example(a, AUDIT_WORST_CONFLICT, s);
	if (s->merge == AUDIT_OCTOPUS)
		give_example(a, AUDIT_WORST_OCTOPUS, s);
	if (is_alone(s))
		give_example(a, AUDIT_WORST_ALONE, s);
}

static void
take_step(struct audit *a, struct audit_step *s)
{
	s->future = s->time > a->now;
	s->old = a->since != 0 && s->time != 0 && s->time < a->since;
	audit_look(a, s);
	count(a, s);
	if (s->time != 0 && !s->future && !s->old) {
		a->newest = s->time > a->newest ? s->time : a->newest;
		a->oldest =
		    a->oldest == 0 || s->time < a->oldest ? s->time : a->oldest;
	}
	if (a->csv != NULL)
		audit_row(a, s);
	if (a->progress != NULL)
		a->progress(a->counts.changes, a->total);
}

/*
 * A step that claims to be older than the period belongs to it where a younger
 * one lies below it.  1: there may be more; 0: the end.
 */
static int
find_one(struct audit *a, struct line *line, char at[REPO_OID_SIZE],
    struct err *err)
{
	struct pool pool = {0};
	struct repo_commit c;
	int64_t time = 0;
	int ret = repo_commit(a->repo, &pool, at, &c, err);

	if (ret == 0 && a->since != 0)
		time = claimed_time(&pool, &c);
	if (ret == 0) {
		unsigned char *id = pool_grow(&line->pool, &line->ids,
		    &line->count, sizeof(*line->ids));

		(void)text_parse_hex(id, 20, at);
		if (time == 0 || time >= a->since)
			line->asked = line->count;
		ret = c.parent_count > 0 &&
		    line->count - line->asked <= AUDIT_SLOP;
		memcpy(line->before, c.parent_count > 0 ? c.parents[0] : "",
		    c.parent_count > 0 ? REPO_OID_SIZE : 1);
		memcpy(at, line->before, REPO_OID_SIZE);
	}
	pool_free(&pool);
	return ret;
}

/*
 * Whoever dates a hundred commits back must not hide what lies below them: what
 * claims to be of the period and is not looked at is counted.
 */
static int
count_beyond(struct audit *a, const char *from, struct err *err)
{
	char at[REPO_OID_SIZE];

	memcpy(at, from, strlen(from) + 1);
	while (at[0] != '\0' && !(a->stop != NULL && a->stop())) {
		struct pool pool = {0};
		struct repo_commit c;
		int ret = repo_commit(a->repo, &pool, at, &c, err);

		if (ret == 0) {
			int64_t time = claimed_time(&pool, &c);

			if (time >= a->since && time <= a->now)
				a->counts.beyond++;
			at[0] = '\0';
			if (c.parent_count > 0)
				memcpy(at, c.parents[0], REPO_OID_SIZE);
		}
		pool_free(&pool);
		if (ret < 0)
			return -1;
	}
	return 0;
}

/* What is not asked for is seen as what was there before. */
static void
find_line(struct audit *a, struct line *line)
{
	char at[REPO_OID_SIZE];
	struct err err = {0};
	int more = 1;

	memcpy(at, a->tip, REPO_OID_SIZE);
	while (more > 0 && !(a->stop != NULL && a->stop())) {
		more = find_one(a, line, at, &err);
		if (more < 0)
			a->cut = pool_printf(&a->pool, "%s: %s", at, err.text);
	}
	if (line->asked < line->count)
		text_hex(line->before, line->ids[line->asked], 20);
	line->count = line->asked;
	a->total = line->count;
	if (more >= 0 && line->before[0] != '\0' &&
	    (count_beyond(a, at, &err) < 0 ||
	        audit_see_all(a, line->before, &err) < 0))
		a->cut =
		    pool_printf(&a->pool, "%s: %s", line->before, err.text);
}

static bool
take_one(struct audit *a, struct pool *pool, const char *oid)
{
	struct audit_step s = {.pool = pool};
	struct err err = {0};

	if (repo_commit(a->repo, pool, oid, &s.top, &err) < 0) {
		a->cut = pool_printf(&a->pool, "%s: %s", oid, err.text);
		return false;
	}
	s.time = claimed_time(pool, &s.top);
	take_step(a, &s);
	return true;
}

void
audit_walk(struct audit *a)
{
	struct line line = {0};
	struct pool pool = {0};
	uint64_t held = 0;

	if (!a->empty)
		find_line(a, &line);
	for (size_t i = line.count; i-- > 0;) {
		char oid[REPO_OID_SIZE];

		text_hex(oid, line.ids[i], 20);
		if (a->stop != NULL && a->stop()) {
			memcpy(a->stopped, oid, REPO_OID_SIZE);
			break;
		}
		if (!take_one(a, &pool, oid))
			break;
		if (a->counts.commits - held < POOL_COMMITS)
			continue;
		held = a->counts.commits;
		pool_free(&pool);
	}
	pool_free(&pool);
	a->shallow = a->shallow || repo_is_shallow(a->repo);
	pool_free(&line.pool);
}

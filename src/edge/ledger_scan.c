/* Rounds of units, joined in order; the rest is ledger_walk()'s. */
#include "edge/ledger_scan.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crew.h"
#include "edge/ledger_unit.h"

struct round {
	struct ledger_unit units[CREW_MAX * LEDGER_UNITS];
	size_t count;
	atomic_size_t next; /* unit that nobody has taken yet */
};

struct scan {
	struct ledger *l;
	struct ledger_scan *s;
	struct chain_mark last;
	struct round rounds[2];
	struct round *filling, *before; /* looked at; joined */
	size_t unit_count;
	int fd;
	uint64_t segment, size, from; /* the next round begins there */
	bool stopped;                 /* `see` or `pause` said so */
	bool ended;                   /* no further in this way */
	bool saw;                     /* ledger_walk() showed a line */
	int ret;
	struct err err; /* of `see` */
};

/* ---- what is kept of a line, or of many ---- */

static void
pass_stops(struct ledger_scan *s)
{
	while (s->next_stop < s->stop_count &&
	    s->stops[s->next_stop] <= s->tree->count) {
		if (s->stops[s->next_stop] == s->tree->count)
			s->at(s->ctx);
		s->next_stop++;
	}
}

static int
show(struct scan *x, const struct unit_pick *pick, const char *line,
    struct err *err)
{
	struct ledger_scan *s = x->s;
	int ret;

	s->head = &pick->head;
	s->leaf = pick->leaf;
	ret = s->see(&pick->mark, line, (size_t)pick->mark.length, s->ctx, err);
	x->stopped = x->stopped || ret > 0;
	return ret < 0 ? -1 : 0;
}

static void
join_clock(struct scan *x, int64_t first, uint64_t seq)
{
	if (x->last.seq > 0 && first < x->s->last_time &&
	    x->s->went_back++ == 0)
		x->s->back_at = seq;
}

/* False: it does not follow what is before it. */
static bool
follows(const struct scan *x, const struct ledger_unit *u)
{
	return u->head.seq == x->last.seq + 1 &&
	    memcmp(u->head.prev, x->last.digest, DIGEST_SIZE) == 0;
}

static int
join(struct scan *x, struct ledger_unit *u, struct err *err)
{
	struct ledger_scan *s = x->s;

	join_clock(x, u->head.time, u->head.seq);
	if (u->went_back > 0 && s->went_back == 0)
		s->back_at = u->back_at;
	s->went_back += u->went_back;
	s->last_time = u->last_time;
	for (size_t i = 0; i < u->node_count; i++) {
		merkle_add_full(s->tree, u->nodes[i].level, u->nodes[i].digest);
		pass_stops(s);
	}
	x->last = u->last;
	for (size_t i = 0; i < u->pick_count && !x->stopped; i++)
		if (show(x, &u->picks[i], u->data + u->picks[i].at, err) < 0)
			return -1;
	return 0;
}

/* ---- many lines at once ---- */

static void
cut(struct scan *x, bool first)
{
	struct round *r = x->filling;

	r->count = 0;
	atomic_store(&r->next, 0);
	while (r->count < x->unit_count && x->from < x->size) {
		struct ledger_unit *u = &r->units[r->count];
		uint64_t left = x->size - x->from;

		u->ledger = x->l;
		u->scan = x->s;
		u->fd = x->fd;
		u->segment = x->segment;
		u->from = x->from;
		u->to = x->from + (left < x->s->unit ? left : x->s->unit);
		u->first = first && r->count == 0;
		u->next_stop = x->s->next_stop;
		x->from = u->to;
		r->count++;
	}
}

static void
join_round(struct scan *x)
{
	struct round *r = x->before;

	for (size_t i = 0; i < r->count && !x->stopped && !x->ended; i++) {
		struct ledger_unit *u = &r->units[i];

		x->ended = u->count > 0 && !follows(x, u);
		if (!x->ended && u->count > 0)
			x->ret = join(x, u, &x->err);
		x->ended = x->ended || x->ret < 0 || u->odd;
	}
	if (r->count > 0 && x->ret == 0 && x->s->pause != NULL &&
	    x->s->pause(x->s->ctx, x->last.seq))
		x->s->paused = x->stopped = true;
	r->count = 0;
}

/* One joins what was looked at before; all look at what there is to look at. */
static void
do_part(void *ctx, size_t which)
{
	struct scan *x = ctx;
	struct round *r = x->filling;
	size_t at;

	if (which == 0)
		join_round(x);
	while ((at = atomic_fetch_add(&r->next, 1)) < r->count)
		ledger_unit_run(&r->units[at]);
}

static void
scan_rounds(struct scan *x)
{
	bool first = true;

	x->ended = false;
	do {
		struct round *r = x->filling;

		cut(x, first);
		first = false;
		crew_run(r->count > 0 ? crew_size() : 1, do_part, x);
		x->filling = x->before;
		x->before = r;
	} while (x->before->count > 0 && !x->ended && !x->stopped);
	x->before->count = 0;
}

/* The rest of the segment that the last line is in. */
static int
scan_segment(struct scan *x, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	off_t size;

	x->segment = x->last.segment;
	ledger_name(name, x->segment);
	if (ledger_open_file(x->l, name, O_RDONLY, &x->fd, err) < 0)
		return -1;
	size = lseek(x->fd, 0, SEEK_END);
	x->size = size < 0 ? 0 : (uint64_t)size;
	x->from = x->last.offset + x->last.length + 1;
	scan_rounds(x);
	close(x->fd);
	if (x->ret < 0)
		*err = x->err;
	return x->ret;
}

/* ---- one line, as ledger_walk() has it ---- */

static int
see_one(const struct chain_mark *mark, const char *line, size_t len, void *ctx,
    struct err *err)
{
	struct scan *x = ctx;
	struct ledger_scan *s = x->s;
	struct unit_pick one = {.mark = *mark};

	if (!chain_read(&one.head, line, len))
		return err_set(err, ERR_TAMPERED, "a line without a head");
	join_clock(x, one.head.time, one.head.seq);
	s->last_time = one.head.time;
	if (s->leaves || s->next_stop < s->stop_count)
		merkle_leaf(one.leaf, line, len);
	if (s->next_stop < s->stop_count) {
		merkle_add(s->tree, one.leaf);
		pass_stops(s);
	}
	x->last = *mark;
	x->saw = true;
	if (s->pick != NULL && s->pick(&one.head, line, len, s->ctx) &&
	    show(x, &one, line, err) < 0)
		return -1;
	return 1;
}

static int
scan_all(struct scan *x, struct ledger_end *end, struct err *err)
{
	do {
		x->saw = false;
		if (ledger_walk(x->l, x->last.seq == 0 ? NULL : &x->last,
		        see_one, x, end, err) < 0)
			return -1;
		if (x->saw && !x->stopped && scan_segment(x, err) < 0)
			return -1;
	} while (x->saw && !x->stopped);
	return 0;
}

uint64_t
ledger_size_behind(struct ledger *l, const struct chain_mark *mark)
{
	const uint64_t here =
	    mark->seq == 0 ? 0 : mark->offset + mark->length + 1;
	struct err ignored = {0};
	char name[LEDGER_NAME_SIZE];
	struct stat st;
	uint64_t sum = 0;

	if (ledger_list(l, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < l->segment_count; i++) {
		ledger_name(name, l->segment[i]);
		if (l->segment[i] >= mark->segment &&
		    fstatat(l->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_size > 0)
			sum += (uint64_t)st.st_size;
	}
	return sum < here ? 0 : sum - here;
}

uint64_t
ledger_size(struct ledger *l)
{
	return ledger_size_behind(l, &(const struct chain_mark){0});
}

int
ledger_scan(struct ledger *l, struct ledger_scan *s, struct ledger_end *end,
    struct err *err)
{
	struct scan *x = calloc(1, sizeof(*x));
	struct ledger_end ended = {0};
	int ret;

	if (x == NULL)
		err_fatal("out of memory");
	x->l = l;
	x->s = s;
	x->unit_count = crew_size() * LEDGER_UNITS;
	x->filling = &x->rounds[0];
	x->before = &x->rounds[1];
	if (s->after != NULL)
		x->last = *s->after;
	s->next_stop = 0;
	if (s->unit == 0)
		s->unit = LEDGER_UNIT;
	pass_stops(s);
	ret = scan_all(x, &ended, err);
	ended.last = x->last;
	for (size_t i = 0; i < CREW_MAX * LEDGER_UNITS; i++) {
		ledger_unit_free(&x->rounds[0].units[i]);
		ledger_unit_free(&x->rounds[1].units[i]);
	}
	if (end != NULL)
		*end = ended;
	free(x);
	return ret;
}

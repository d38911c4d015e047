/* Rounds of units, joined in order; the rest is ledger_walk()'s. */
#include "edge/ledger_scan.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crew.h"
#include "edge/ledger_unit.h"

struct scan {
	struct ledger *l;
	struct ledger_scan *s;
	struct chain_mark last;
	struct ledger_unit units[CREW_MAX];
	size_t unit_count;
	int fd;
	uint64_t segment, size;
	bool stopped; /* `see` or `pause` said so */
	bool saw;     /* ledger_walk() showed a line */
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
run_unit(void *ctx, size_t which)
{
	struct scan *x = ctx;

	ledger_unit_run(&x->units[which]);
}

static size_t
cut(struct scan *x, uint64_t from)
{
	size_t n = 0;

	while (n < x->unit_count && from < x->size) {
		struct ledger_unit *u = &x->units[n];
		uint64_t left = x->size - from;

		u->ledger = x->l;
		u->scan = x->s;
		u->fd = x->fd;
		u->segment = x->segment;
		u->from = from;
		u->to = from + (left < x->s->unit ? left : x->s->unit);
		u->first = n == 0;
		from = u->to;
		n++;
	}
	return n;
}

/* One round; false: no further in this way. */
static bool
round_of_units(struct scan *x, int *ret, struct err *err)
{
	uint64_t before = x->last.seq;
	size_t n = cut(x, x->last.offset + x->last.length + 1);

	if (n == 0)
		return false;
	crew_run(n, run_unit, x);
	for (size_t i = 0; i < n && !x->stopped; i++) {
		struct ledger_unit *u = &x->units[i];

		if (u->count > 0 && !follows(x, u))
			return false;
		if (u->count > 0 && (*ret = join(x, u, err)) < 0)
			return false;
		if (u->odd)
			return false;
	}
	if (x->s->pause != NULL && x->s->pause(x->s->ctx, x->last.seq))
		x->s->paused = x->stopped = true;
	return x->last.seq > before && !x->stopped;
}

/* The rest of the segment that the last line is in. */
static int
scan_segment(struct scan *x, struct err *err)
{
	char name[LEDGER_NAME_SIZE];
	off_t size;
	int ret = 0;

	x->segment = x->last.segment;
	ledger_name(name, x->segment);
	if (ledger_open_file(x->l, name, O_RDONLY, &x->fd, err) < 0)
		return -1;
	size = lseek(x->fd, 0, SEEK_END);
	x->size = size < 0 ? 0 : (uint64_t)size;
	while (round_of_units(x, &ret, err))
		continue;
	close(x->fd);
	return ret;
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
ledger_size(struct ledger *l)
{
	struct err ignored = {0};
	char name[LEDGER_NAME_SIZE];
	struct stat st;
	uint64_t sum = 0;

	if (ledger_list(l, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < l->segment_count; i++) {
		ledger_name(name, l->segment[i]);
		if (fstatat(l->dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_size > 0)
			sum += (uint64_t)st.st_size;
	}
	return sum;
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
	x->unit_count = crew_size();
	if (s->after != NULL)
		x->last = *s->after;
	s->next_stop = 0;
	if (s->unit == 0)
		s->unit = LEDGER_UNIT;
	pass_stops(s);
	ret = scan_all(x, &ended, err);
	ended.last = x->last;
	for (size_t i = 0; i < CREW_MAX; i++)
		ledger_unit_free(&x->units[i]);
	if (end != NULL)
		*end = ended;
	free(x);
	return ret;
}

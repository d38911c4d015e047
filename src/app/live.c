#include "app/live.h"

#include <stdio.h>
#include <unistd.h>

#include "app/report_inside.h"

#define HOUR ((int64_t)60 * 60 * 1000)
#define SAMPLES 32
#define DATA_MAX ((size_t)128 << 20)

/* The first record of that time or later; `end` + 1: there is none. */
static int
find_time(struct changelog *log, uint64_t begin, uint64_t end, int64_t time,
    uint64_t *out, struct err *err)
{
	uint64_t low = begin, high = end + 1;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		struct pool pool = {0};
		struct record record;
		int ret = changelog_read(log, &pool, middle, &record, err);

		pool_free(&pool);
		if (ret < 0)
			return -1;
		if (record.seq != 0 && record.time < time)
			low = middle + 1;
		else
			high = middle;
	}
	*out = low;
	return 0;
}

/* About how many bytes the records from `first` to `last` are. */
static int
estimate(struct changelog *log, uint64_t first, uint64_t last, uint64_t *out,
    struct err *err)
{
	uint64_t count = last + 1 - first, sum = 0, looked = 0;
	uint64_t step = count / SAMPLES + 1;

	for (uint64_t seq = first; seq <= last; seq += step) {
		struct chain_mark mark;

		if (changelog_mark(log, seq, &mark, err) < 0)
			return -1;
		sum += mark.length;
		looked++;
	}
	*out = looked == 0 ? 0 : sum / looked * count;
	return 0;
}

/* The first record to look at: within the bounds, and the time asked for. */
static int
find_first(struct changelog *log, const struct live_asked *asked,
    uint64_t begin, uint64_t *out, struct err *err)
{
	uint64_t last = changelog_last(log), first, bytes;

	if (find_time(log, begin, last, asked->from - HOUR, &first, err) < 0)
		return -1;
	if (first > begin)
		first--;
	if (last + 1 - first > asked->records)
		first = last + 1 - asked->records;
	for (;;) {
		if (estimate(log, first, last, &bytes, err) < 0)
			return -1;
		if (bytes <= asked->bytes || first >= last)
			break;
		first += (last + 1 - first + 3) / 4;
	}
	*out = first;
	return 0;
}

/* Where the walk begins; and the time told, if not all of it is shown. */
static int
set_start(struct making *m, struct subtrees *t, const struct live_asked *asked,
    struct err *err)
{
	struct report *r = &m->report;
	struct changelog *log = r->s->log;
	uint64_t first;
	struct pool pool = {0};
	struct record record;
	int ret;

	if (find_first(log, asked, r->pruned.last + 1, &first, err) < 0)
		return -1;
	if (first <= r->pruned.last + 1)
		return 0;
	if (subtrees_tree(t, log, first - 1, &r->start_tree, err) < 0 ||
	    changelog_mark(log, first - 1, &r->start, err) < 0)
		return -1;
	ret = changelog_read(log, &pool, first, &record, err);
	if (ret == 0 && record.time >= r->asked.from) {
		r->asked.from = record.time + 1;
		m->cut = true;
	}
	pool_free(&pool);
	return ret;
}

static int
make(struct making *m, FILE *file, const struct live_asked *asked,
    struct err *err)
{
	const struct report_visitor visitor = tables_visitor(m);
	struct report *r = &m->report;

	if (report_scan(r, err) < 0)
		return -1;
	/* Reviews fall due by the clock, not by the next record. */
	r->at = asked->to;
	buf_add(&m->checkpoint, buf_text(asked->note), asked->note->len);
	sealed_look(m);
	if (tables_open(m, err) < 0 || report_walk(r, &visitor, 1, err) < 0 ||
	    tables_close(m, err) < 0)
		return -1;
	sealed_range(m);
	if (page_data(m, file, err) < 0)
		return -1;
	return fflush(file) == 0 ? 0 : err_errno(err, "the page's data");
}

static int
read_back(struct buf *out, FILE *file, struct err *err)
{
	char block[65536];
	size_t got;

	rewind(file);
	while ((got = fread(block, 1, sizeof(block), file)) > 0) {
		buf_add(out, block, got);
		if (out->len > DATA_MAX)
			return err_set(err, ERR_SYSTEM,
			    "the page's data are too many: ask for fewer days");
	}
	return ferror(file) ? err_errno(err, "the page's data") : 0;
}

int
live_data(struct buf *out, struct setup *s, struct subtrees *t,
    const struct live_asked *asked, struct err *err)
{
	struct making m = {.live = true,
	    .report = {.s = s,
	        .asked = {.from = asked->from,
	            .to = asked->to,
	            .until = changelog_last(s->log)}}};
	FILE *file = NULL;
	int ret = -1;

	m.report.ledger = changelog_ledger(s->log);
	if (ledger_pruned(m.report.ledger, &m.report.pruned, err) == 0 &&
	    set_start(&m, t, asked, err) == 0 &&
	    table_scratch(&file, err) == 0 && make(&m, file, asked, err) == 0)
		ret = read_back(out, file, err);
	ledger_bear(m.report.ledger, NULL);
	if (file != NULL)
		(void)fclose(file);
	tables_free(&m);
	buf_free(&m.checkpoint);
	buf_free(&m.range);
	report_free(&m.report);
	return ret;
}

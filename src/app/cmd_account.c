/* account: explain a movement that drift found, and go on from there. */
#include "app/cmd.h"

#include <unistd.h>

#include "app/baseline.h"
#include "app/gather.h"
#include "app/options.h"
#include "app/say.h"
#include "app/told.h"
#include "base/text.h"
#include "core/plan.h"
#include "core/topics.h"

/* Which record tells of the movement; 0: none does. */
static int
find_drift(struct push *p, const char *ref, uint64_t *seq, struct err *err)
{
	struct record drift;

	if (ledger_newest_of(p, topic_drift(p->pool, p->repository, ref), ref,
	        &drift, err) < 0)
		return -1;
	*seq = text_same(drift.type, "drift") ? drift.seq : 0;
	return 0;
}

/* Both at once: an explanation that moves nothing would explain nothing. */
static int
append(struct push *p, const struct baseline *b, const struct by *by,
    const char *reason, uint64_t *first, struct err *err)
{
	struct buf bodies[2] = {0};
	struct ledger_body lines[2];
	uint64_t drift;
	int ret;

	if (find_drift(p, b->ref, &drift, err) < 0)
		return -1;
	record_explained(&bodies[0], p->repository, b->gate->name, b->ref,
	    b->gone ? WITNESS_NOTHING : b->actual, reason, drift, by);
	baseline_write(p, b, by, reason, &bodies[1]);
	for (size_t i = 0; i < 2; i++)
		lines[i] = (struct ledger_body){bodies[i].data, bodies[i].len};
	ret = changelog_append(p->setup->log, lines, 2, p->now, first, err);
	buf_free(&bodies[0]);
	buf_free(&bodies[1]);
	return ret;
}

static void
tell(const struct push *p, const struct baseline *b, uint64_t seq)
{
	if (b->gone)
		say("%s: %s, which is gone, is explained (record %llu); made "
		    "again it goes on from %.12s, and every report will show "
		    "it",
		    p->repository, b->ref, (unsigned long long)seq, b->tip);
	else
		say("%s: %s, moved from %.12s to %.12s, is explained (record "
		    "%llu); %zu commit(s) that nobody reviewed come in, and "
		    "every report will show it",
		    p->repository, b->ref, b->tip, b->actual,
		    (unsigned long long)seq, b->unreviewed);
}

static int
explain_locked(struct push *p, const char *ref, const char *reason)
{
	struct by by = setup_by(p->setup);
	struct err err = {0};
	struct baseline b;
	uint64_t seq;

	if (baseline_again(p, ref, &b, &err) < 0)
		return complain_err(&err);
	if (b.tip == NULL)
		return complain(STATUS_NO,
		    "%s: %s has no baseline; adopt it first", p->repository,
		    ref);
	if (!b.drifted && !b.gone)
		return complain(STATUS_NO,
		    "%s: %s is where the ledger has it; there is nothing to "
		    "explain",
		    p->repository, ref);
	if (!b.gone && b.commit == NULL)
		return complain(STATUS_NO, "%s: %s holds no commit",
		    p->repository, ref);
	baseline_warn(&by, "explanation");
	if (append(p, &b, &by, reason, &seq, &err) < 0)
		return complain_err(&err);
	tell(p, &b, seq);
	return STATUS_YES;
}

/* What is explained is what stands there while nobody else writes. */
static int
explain(struct push *p, const char *ref, const char *reason)
{
	struct err err = {0};
	struct baseline seen;
	int lock, status;

	if (baseline_of(p, ref, &seen, &err) < 0)
		return complain_err(&err);
	lock = told_lock(p, &err);
	if (lock < 0)
		return complain_err(&err);
	status = explain_locked(p, ref, reason);
	(void)close(lock);
	return status;
}

int
cmd_account(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct push p = {0};
	struct err err = {0};
	const char *reason = NULL;
	const struct option options[] = {{.name = "--reason", .value = &reason},
	    {0}};
	int status;

	if (options_read(argc, argv, options, 2, 2) < 0)
		return STATUS_USAGE;
	if (reason == NULL)
		return complain(STATUS_USAGE,
		    "account: say why it moved: --reason TEXT");
	if (plan_is_placeholder(reason, NULL, 0, &s.pool)) {
		pool_free(&s.pool);
		return complain(STATUS_USAGE,
		    "account: the reason '%s' says nothing", reason);
	}
	if (setup_read(&s, setup_directory(config), &err) < 0 ||
	    setup_log(&s, LEDGER_APPEND, &err) < 0 ||
	    visit_open(&p, &s, argv[1], &err) < 0)
		status = complain_err(&err);
	else
		status = explain(&p, argv[2], reason);
	visit_close(&p);
	setup_free(&s);
	return status;
}

/* A table alone: no pack, no signature, and no record that it was made. */
#include "app/report_inside.h"
#include "app/walking.h"

int
report_reaches(const struct report *r, struct err *err)
{
	if (r->asked.until <= r->until || r->altered != NULL)
		return 0;
	return err_set(err, ERR_INPUT,
	    "--until-seq %llu: the newest record is %llu",
	    (unsigned long long)r->asked.until, (unsigned long long)r->until);
}

static int
look(struct making *m, const char *name, int fd, struct err *err)
{
	struct report *r = &m->report;
	struct report_visitor visitor;
	int ret;

	if (report_scan(r, err) < 0 || report_reaches(r, err) < 0 ||
	    tables_one(m, name, fd, &visitor, err) < 0)
		return -1;
	ret = report_walk(r, &visitor, 1, err);
	for (size_t i = 0; i < REPORT_ONE_MAX && ret == 0; i++)
		if (m->tables[i].open)
			ret = table_close(&m->tables[i], err);
	return ret;
}

int
report_one(struct making *m, const char *name, int fd, struct err *err)
{
	struct report *r = &m->report;
	int ret;

	if (setup_become(r->s, err) < 0 ||
	    setup_log(r->s, LEDGER_READ, err) < 0 ||
	    ledger_open(&r->ledger, r->s->config.settings.ledger, LEDGER_READ,
	        err) < 0)
		return -1;
	walking_begin();
	ret = look(m, name, fd, err);
	walking_end();
	return ret;
}

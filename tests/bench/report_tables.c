/*
 * report_tables CONFIG OUT: the tables of a pack and its records, and nothing
 * else of it: what `foureyes report` does before the page, the workbook and the
 * manifest.
 */
#include <stdio.h>
#include <string.h>

#include "app/report_inside.h"

static int
make(struct making *m, const char *out, struct err *err)
{
	struct report *r = &m->report;
	const struct report_visitor visitor = tables_visitor(m);

	r->asked.from = 1;
	r->asked.to = INT64_C(4102444800000);
	if (pack_begin(&m->pack, out, err) < 0 ||
	    setup_log(r->s, LEDGER_READ, err) < 0 ||
	    ledger_open(&r->ledger, r->s->config.settings.ledger, LEDGER_READ,
	        err) < 0 ||
	    report_scan(r, err) < 0 || sealed_choose(m, err) < 0 ||
	    tables_open(m, err) < 0 || report_walk(r, &visitor, 1, err) < 0)
		return -1;
	return tables_close(m, err);
}

int
main(int argc, char **argv)
{
	struct setup s = {0};
	struct making m = {.report = {.s = &s},
	    .pack = {.above = -1, .dir = -1}};
	struct err err = {0};

	if (argc != 3)
		return 2;
	if (setup_read(&s, argv[1], &err) < 0 || make(&m, argv[2], &err) < 0) {
		(void)fprintf(stderr, "report_tables: %s\n", err.text);
		return 3;
	}
	(void)printf("%llu\n", (unsigned long long)m.counts.changes);
	return 0;
}

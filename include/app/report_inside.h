/*
 * report_inside - the parts of `foureyes report`, for src/app/report*.c alone.
 */
#ifndef APP_REPORT_INSIDE_H
#define APP_REPORT_INSIDE_H

#include "app/report.h"

enum report_table {
	TABLE_CHANGES,
	TABLE_ATTRIBUTES,
	TABLE_EXCEPTIONS,
	TABLE_EMERGENCIES,
	TABLE_DEPLOYMENTS,
	TABLE_REFUSALS,
	TABLE_ACCESS,
	TABLE_SEPARATION,
	TABLE_CONTROLS,
	TABLE_RECONCILIATION,
	TABLE_COUNT
};

/* What was counted on the way, for about.json and controls.csv. */
struct report_counts {
	uint64_t changes, landings, drifts, commits, covered;
	uint64_t emergencies, owed, overdue, late, refusals, deployments;
	uint64_t observed, exceptions, open;
	uint64_t marks[ATTR_COUNT][4];
};

/* Everything that is made of one report. */
struct making {
	struct report report;
	struct pack pack;
	struct table tables[TABLE_COUNT];
	struct report_counts counts;
	FILE *records;
	/* The checkpoints that go with it, as they stand; empty: none. */
	struct buf checkpoint, checkpoint_start, range;
	const char *uncut; /* why the checkpoint is not that of these lines */
	enum tri is_uncut;
	bool mismatch; /* reconciliation found one */
	uint64_t last_landing;
	struct seal_report *key;
	struct buf report_pem;
	char report_fingerprint[SEAL_FINGERPRINT_SIZE];
	const char *unrecorded; /* why making it is no record; or NULL */
	const char *command;
};

/* Open the tables; the visitor writes what each record says. */
int tables_open(struct making *m, struct err *err) must_check;
struct report_visitor tables_visitor(struct making *m);
int tables_close(struct making *m, struct err *err) must_check;
void tables_free(struct making *m);

void changes_row(struct making *m, const struct change_row *row);
void attributes_row(struct making *m, const struct change_row *row);

/* The checkpoints and what they say of the records. */
int sealed_choose(struct making *m, struct err *err) must_check;
int sealed_write(struct making *m, struct err *err) must_check;

/* A `report` record: what was asked for; what came of it. */
int made_asked(struct making *m, struct err *err) must_check;
int made_done(struct making *m, struct err *err) must_check;

void about_page(struct making *m, struct buf *out);
int about_write(struct making *m, struct err *err) must_check;
int page_write(struct making *m, struct err *err) must_check;

#endif

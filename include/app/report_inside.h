/*
 * report_inside - the parts of `foureyes report`, for src/app/report*.c alone.
 */
#ifndef APP_REPORT_INSIDE_H
#define APP_REPORT_INSIDE_H

#include "app/report.h"

#define REPORT_SAMPLE_MAX 1000 /* changes that are drawn at most */
/* When an exception falls due where the policy names no time: in a week. */
#define REPORT_DUE ((int64_t)7 * 24 * 60 * 60 * 1000)

/* How long foureyes-workbook may take, in ms. */
#define REPORT_WORKBOOK_PATIENCE 1200000

/* Times of the log that are listed one by one as unread. */
#define REPORT_UNREAD_MAX 4096

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
	TABLE_COUNT,
	TABLE_INTERVALS = TABLE_COUNT, /* of policy/, not on the page */
	TABLE_ALL
};

/* What was counted on the way, for about.json and controls.csv. */
struct report_counts {
	uint64_t changes, landings, drifts, commits, covered;
	uint64_t emergencies, owed, overdue, late, refusals, deployments;
	uint64_t observed, exceptions, open;
	uint64_t marks[ATTR_COUNT][4];
};

/* Time of the log, or of access, that somebody had to sign for. */
struct report_unread {
	bool access;
	int64_t from, to, due;
	int64_t read;   /* as far as late sign-offs go */
	uint64_t since; /* the sign-off before, or the policy that asked */
	unsigned part;  /* of those since the same record, from 1 */
	const char *owner;
	const struct report_signoff *by; /* who did in the end, or NULL */
};

/* Two duties that one person could have had. */
struct report_pair {
	const char *person, *repository, *gate;
	size_t pair;
};

/* Everything that is made of one report. */
struct making {
	struct report report;
	struct pack pack;
	struct table tables[TABLE_ALL];
	struct report_counts counts;
	bool cut;  /* and shows less than was asked for: that is too much */
	bool live; /* for the page of foureyesd: no pack is made */
	FILE *records, *vsa;
	bool findings; /* of OSCAL: a judgement, only where it is asked for */
	/* The checkpoints that go with it, as they stand; empty: none. */
	struct buf checkpoint, checkpoint_start, range;
	const char *uncut; /* why the checkpoint is not that of these lines */
	enum tri is_uncut;
	bool mismatch; /* reconciliation found one */
	uint64_t last_landing;
	struct hook_user hook_user; /* known where root has to be another */
	struct seal_report *key;
	struct buf report_pem;
	char report_fingerprint[SEAL_FINGERPRINT_SIZE];
	uint64_t report_key_seq; /* the record that introduces it; 0: none */
	const char *unrecorded;  /* why making it is no record; or NULL */
	const char *command;
	const char *seed;              /* of the sample */
	uint64_t sample;               /* how many changes; 0: none is drawn */
	struct reconciled *reconciled; /* in the order they were met */
	struct reconciled **reconciled_end;
	struct map reconciled_keys; /* "repository gate ref" */
	struct report_pair *pairs;
	size_t pair_count;
	struct map pair_keys;
};

/* A text of the policy or of people, in the order of where it stood first. */
void report_see_text(struct report *r, const struct record *record,
    const struct chain_mark *mark, struct report_text **list, size_t *count);
/* What a report that begins at `start` must know of before, by the index. */
int report_seed(struct report *r, struct err *err) must_check;

/* Its lines, from `start` on, as ledger_scan() shows all of them. */
struct ledger_scan;
int report_lines(struct report *r, struct ledger_scan *lines,
    struct err *err) must_check;

/* By the index (report_by_index()). */
int report_policy_record(struct report *r, struct pool *pool,
    const char *digest, struct record *out, struct err *err) must_check;
int report_deployed_index(struct report *r, struct pool *pool,
    const char *repository, const char *commit, const struct texts *within,
    uint64_t behind, struct record *out, struct err *err) must_check;
bool report_is_success(const struct record *record, const char *repository,
    const char *commit, const struct texts *within);

/* A drift record; and what may have ended some of them. */
/* A check (core/checkup.h) that fails, or that nobody knows of. */
bool report_is_bad_check(const struct record *record);
void settle_drift(struct report *r, const struct record *record);
void settle_by(struct report *r, const struct record *record);

/* The first tables can be had alone, without a pack. */
#define REPORT_ONE_MAX (TABLE_ATTRIBUTES + 1)
int tables_one(struct making *m, const char *name, int fd,
    struct report_visitor *visitor, struct err *err) must_check;
/* After report_scan(): are there the records that were asked for? */
int report_reaches(const struct report *r, struct err *err) must_check;
/* One of them as CSV on `fd`, of what was asked for. */
int report_one(struct making *m, const char *name, int fd,
    struct err *err) must_check;

/* Open the tables; the visitor writes what each record says. */
int tables_open(struct making *m, struct err *err) must_check;
struct report_visitor tables_visitor(struct making *m);
int tables_close(struct making *m, struct err *err) must_check;
void tables_free(struct making *m);

void changes_row(struct making *m, const struct change_row *row);
void attributes_row(struct making *m, const struct change_row *row);
void emergencies_row(struct making *m, const struct change_row *row);
void refusals_row(struct making *m, const struct record *record);
void deployments_row(struct making *m, const struct record *record);
/* Where an emergency's review stands; NULL: it is none. */
const char *report_debt(const struct report *r, const struct change_row *row);

void exceptions_change(struct making *m, const struct change_row *row);
/* Of a record before the period: what it tells of lasts into it. */
bool exceptions_reaches(const struct report *r, const struct record *record);
void exceptions_record(struct making *m, struct pool *pool,
    const struct record *record);
/* An objection to what landed by that record before. */
void exceptions_objection(struct making *m, struct pool *pool,
    const struct record *record, uint64_t landing);
/* A row of exceptions.csv. */
struct exception {
	const char *kind;
	uint64_t record;
	int64_t time;
	const char *repository, *gate, *ref, *change, *what, *owner;
	int64_t due;
	const char *state; /* "open", "closed", "overdue" ... */
	int64_t closed;
	uint64_t closed_by;
	unsigned part; /* of several of one record, from 1; 0: the only one */
};
void exceptions_put(struct making *m, const struct exception *e);
/* Who administered as of that record answers for it. */
const char *exceptions_administrators(struct report *r, struct pool *pool,
    uint64_t seq);
/* Within the time a review may take, where the policy says one. */
int64_t exceptions_due(struct report *r, uint64_t seq, int64_t time);
const char *exceptions_joined(struct pool *pool, const struct texts *list);
/* Groups that answer for it; NULL or none: "nobody named". */
const char *exceptions_owner(struct pool *pool, const struct texts *groups);
void exceptions_unread(struct making *m, const struct report_unread *u);
/* What of the log nobody signed for in time, by the policies in force. */
int unread_write(struct making *m, struct err *err) must_check;
int exceptions_off(struct making *m, struct err *err) must_check;

void separation_change(struct making *m, const struct change_row *row);
/* Who could do what, from the texts in force: access.csv, and the pairs. */
int access_write(struct making *m, struct err *err) must_check;
void controls_write(struct making *m);
void reconciliation_record(struct making *m, const struct record *record);
void reconciliation_change(struct making *m, const struct change_row *row);
int reconciliation_write(struct making *m, struct err *err) must_check;
/* policy/, NOT-COVERED.txt, VERIFY.txt. */
int texts_write(struct making *m, struct err *err) must_check;
/* sample/: what was drawn, a sheet each. */
int sample_write(struct making *m, struct err *err) must_check;
extern const char *const not_covered[]; /* NULL ends it */

extern const char *const emergencies_columns[],
    *const refusals_columns[],
        *const deployments_columns[],
            *const exceptions_columns[],
                *const access_columns[],
                    *const separation_columns[],
                        *const controls_columns[],
                            *const reconciliation_columns[];

/* The checkpoints and what they say of the records. */
void sealed_look(struct making *m);
int sealed_choose(struct making *m, struct err *err) must_check;
/* Does the root agree; and what range.txt says. */
void sealed_range(struct making *m);
int sealed_write(struct making *m, struct err *err) must_check;
/* The sealing key of the pack's checkpoint; NULL: none is known. */
const struct key_link *sealed_key(const struct making *m);

/* Root and the hook user; nothing happens for anybody else. */
int report_hand_over(struct making *m, struct err *err) must_check;
int report_become(struct making *m, struct err *err) must_check;
int report_root(struct making *m, struct err *err) must_check;

/* A `report` record: what was asked for; what came of it. */
int made_asked(struct making *m, struct err *err) must_check;
int made_done(struct making *m, struct err *err) must_check;

void about_page(struct making *m, struct buf *out);
int about_write(struct making *m, struct err *err) must_check;
int page_write(struct making *m, struct err *err) must_check;
/* The same without the page around it (app/live.h); needs no pack. */
int page_data(struct making *m, FILE *file, struct err *err) must_check;
int workbook_write(struct making *m, struct err *err) must_check;
int oscal_write(struct making *m, struct err *err) must_check;
/* vsa.jsonl, written on the walk by one more visitor. */
int vsa_open(struct making *m, struct report_visitor *visitor,
    struct err *err) must_check;
int vsa_close(struct making *m, struct err *err) must_check;

#endif

/*
 * report - the auditor's pack, as a model of what it tells.
 *
 * All of it comes from the ledger's records up to `until` and from Git's
 * immutable objects, so that the same `until` gives the same tables.  What has
 * to be measured by a clock (is a review overdue, has the period ended) goes by
 * the time of record `until`.
 *
 * report_scan() looks at each record once, for what later records say of
 * earlier ones; report_walk() goes over them again and calls its visitors in
 * the ledger's order.  Neither holds lines: memory grows with what is unusual
 * (reviews, explanations, texts of the policy) and by 40 bytes a deployment,
 * not with the changes.
 *
 * A *change* is one covered stretch of a landing; a landing without stretches
 * (what was put back, a move to what was there) is one change, and so is a
 * movement that no decision allowed (a `drift` record).
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/key_chain.h"
#include "app/page.h"
#include "app/setup.h"
#include "app/table.h"
#include "base/map.h"
#include "core/merkle.h"

#define REPORT_SCOPE_MAX 64
/* Of the newest decisions the place is known without asking the index. */
#define REPORT_RECENT 65536
/* And of so many records the decisions are held, where they are not long. */
#define REPORT_KEPT 64
#define REPORT_KEPT_SIZE 65536
#define REPORT_POLICIES_MAX 16 /* policies held parsed at once */

/* What was asked for. */
struct report_asked {
	int64_t from, to; /* half-open */
	int64_t as_of;    /* a day's first instant; 0: a period */
	struct texts repositories, gates; /* none: all */
	uint64_t until;                   /* 0: the newest */
};

/* Where a text of the policy or of people stands, and since when. */
struct report_text {
	struct chain_mark mark;
	uint64_t seq; /* where it stood first; its mark may be of a copy */
	int64_t time;
	const char *digest;
};

/* A later record about an earlier one. */
struct report_link {
	uint64_t about, seq;
	int64_t time;
};

/* Somebody signed for the log of that time. */
struct report_signoff {
	bool access; /* of who may do what; else of the log */
	uint64_t seq;
	int64_t time, from, to;
};

struct report_deployed {
	uint64_t key; /* of repository and commit */
	uint64_t seq, segment, offset, length;
};

/* A decision that the walk has just seen. */
struct report_kept {
	uint64_t seq;
	struct buf line;
};

/* A gate that the ledger tells of, up to `until`. */
struct report_gate {
	const char *repository, *gate;
	uint64_t newest; /* landing at any of its refs */
};

/* What range.txt says (app/page.h), and the root that comes of it. */
struct report_range {
	uint64_t first, last; /* of records.jsonl; last < first: none */
	struct merkle before; /* the records before `first` */
	struct buf after;     /* lines of range.txt for those behind `last` */
	unsigned char root[DIGEST_SIZE]; /* over `size` records */
	uint64_t size;                   /* the checkpoint's */
	bool has_root;
};

struct report {
	struct setup *s;
	struct ledger *ledger;
	/* One change at a time is asked for, and no record is scanned: what
	 * later records say is found by the index. */
	bool by_index;
	/* Not from the first record but from behind this one, which the index
	 * has; and the tree over the records up to it. */
	struct chain_mark start;
	struct merkle start_tree;
	struct pool pool;
	struct report_asked asked;
	uint64_t until; /* the last record that was looked at */
	int64_t at;     /* its time */
	uint64_t begin; /* the first record that is there */
	int64_t begun;  /* its time */
	struct pruned pruned;
	const char *origin;
	/* NULL: every link holds, up to `until`. */
	const char *altered;
	struct err flaw; /* the first record that does not add up */
	/* Of the period and scope. */
	uint64_t first, last, oldest_decision;
	struct report_text *policies, *people;
	size_t policy_count, people_count;
	struct report_link *reviewed, *explained;
	size_t reviewed_count, explained_count;
	struct report_signoff *signoffs;
	size_t signoff_count;
	struct adrift *adrift; /* of src/app/report_settle.c */
	struct report_deployed *deployed;
	size_t deployed_count;
	struct chain_mark *recent; /* a ring, by seq */
	struct report_kept kept[REPORT_KEPT];
	struct report_range range;
	struct key_chain keys;
	struct report_policy *parsed;
	size_t parsed_count;
	struct map gates; /* "repository gate" -> struct report_gate */
	struct report_gate **gate_list; /* in the order they were met */
	size_t gate_count;
};

/* A verdict on one attribute, and the field that proves it. */
enum report_mark {
	MARK_UNKNOWN = 0,
	MARK_PASS,
	MARK_FAIL,
	MARK_NA
};

enum report_attribute {
	ATTR_TICKET,
	ATTR_REQUESTER,
	ATTR_APPROVER_APART,
	ATTR_CONTENT,
	ATTR_STAGED,
	ATTR_APPROVED_BEFORE,
	ATTR_LANDER_MAY,
	ATTR_LANDER_APART,
	ATTR_PLAN,
	ATTR_REVIEWED,
	ATTR_CONTROL_ON,
	ATTR_TESTED,
	ATTR_COUNT
};

struct report_proof {
	enum report_mark mark;
	const char *proof; /* "record 17: findings peer.count" */
};

/* A finding of the decision, for this change or for all. */
struct report_finding {
	const char *control, *code;
	enum report_standing {
		REPORT_UNMET,
		REPORT_UNDECIDED,
		REPORT_MET,
		REPORT_NOT_ASKED,
		REPORT_NO_STANDING
	} standing;
};

/* One row of changes.csv; all memory is good for the call. */
struct change_row {
	struct pool *pool;
	const struct record *landing;  /* or the drift record */
	const struct record *decision; /* NULL: none, or not to be had */
	const struct tree *change;     /* of the decision; NULL: as a whole */
	uint64_t decision_seq;         /* as the landing names it; 0: none */
	const struct policy *policy;   /* in force for it; NULL: not known */
	const struct gate *gate_asked; /* of that policy; NULL: not known */
	const char *id;
	const char *repository, *gate, *ref, *old, *new;
	const char *requester, *description, *plan, *staging;
	const char *outcome, *mode, *kind, *lander, *digest;
	const char *emergency; /* its incident, or "yes"; NULL: none */
	const char *ticket;
	struct texts contributors, approvers, approved_commits, approved_times;
	struct texts findings; /* codes of what is not met */
	struct report_finding *found;
	size_t found_count;
	struct texts includes;
	size_t commits;
	bool pruned; /* its decision was taken away with the oldest records */
	bool machine_only;
	int64_t review_due, reviewed; /* 0: owes none; not done */
	uint64_t review_seq;
	int64_t deployed;
	const char *deployer;
	struct report_proof attributes[ATTR_COUNT];
};

typedef int report_change_fn(struct report *r, const struct change_row *row,
    void *ctx, struct err *err);
/*
 * Each record up to `until` but pushes and decisions that let through; `in`
 * says that it is of the period.
 */
typedef int report_record_fn(struct report *r, const struct record *record,
    bool in, void *ctx, struct err *err);
typedef int report_line_fn(struct report *r, const struct chain_mark *mark,
    const char *line, size_t len, void *ctx, struct err *err);
struct report_visitor {
	report_change_fn *change; /* in period and scope */
	report_record_fn *record;
	report_line_fn *line; /* those of records.jsonl, whole */
	void *ctx;
};

/* In place of a scan, where the index tells what is needed. */
int report_by_index(struct report *r, struct err *err) must_check;
/* `until`, the places of texts, what is later said of what was earlier. */
int report_scan(struct report *r, struct err *err) must_check;
int report_walk(struct report *r, const struct report_visitor *list,
    size_t count, struct err *err) must_check;
void report_free(struct report *r);

/* In the scope that was asked for; what names no gate (NULL) is in it. */
bool report_in_scope(const struct report *r, const char *repository,
    const char *gate);
bool report_in_period(const struct report *r, int64_t time);
/* Is this landing or drift a row: in period and scope, or newest of its gate?
 */
bool report_is_row(const struct report *r, uint64_t seq, int64_t time,
    const struct tree *record);

/* Make the rows of a landing or drift record and show each. */
int report_changes(struct report *r, struct pool *pool,
    const struct record *landing, report_change_fn *see, void *ctx,
    struct err *err) must_check;
/* The attributes of a row that has all else. */
void report_judge(struct report *r, struct change_row *row);
extern const char *const report_attribute_names[ATTR_COUNT];
extern const char *const report_attribute_words[ATTR_COUNT];
const char *report_mark_name(enum report_mark mark);

/* A line that cannot be read as a record: told, and passed over. */
int report_bear(struct report *r, uint64_t seq, struct err *err) must_check;
/* The record at a place. */
int report_at(struct report *r, struct pool *pool,
    const struct chain_mark *mark, struct record *out,
    struct err *err) must_check;
/* A record by its number; `out->seq` is 0 when it cannot be had. */
int report_read(struct report *r, struct pool *pool, uint64_t seq,
    struct record *out, struct err *err) must_check;
struct report_policy *report_policies(void);
/* The policy of that SHA-256, parsed; NULL when it cannot be had. */
int report_policy_of(struct report *r, const char *digest,
    const struct policy **out, struct err *err) must_check;
/* The newest text up to `seq`, or NULL. */
const struct report_text *report_text_at(const struct report_text *list,
    size_t count, uint64_t seq);
/* -1, and says so. */
int report_interrupted(struct err *err) must_check;
/* A copy for as long as the report; "" of what a record should have. */
const char *report_keep(struct report *r, const char *text);
/* What a later record says about record `about`; NULL: nothing. */
const struct report_link *report_about(const struct report_link *list,
    size_t count, uint64_t about);
/* The same of a landing's review, scanned or by the index; 0: none. */
int report_review(struct report *r, uint64_t landing, struct report_link *out,
    struct err *err) must_check;
/* The first success in `environments` since `from`; seq 0: none. */
int report_deployment(struct report *r, struct pool *pool,
    const char *repository, const char *commit, const struct texts *within,
    uint64_t behind, struct record *out, struct err *err) must_check;
uint64_t report_key(const char *repository, const char *commit);

#endif

/*
 * audit - the gap assessment: how a history would have fared, had it been
 * gated.  Nothing was enforced, and each output says so (AUDIT_MARK).
 *
 * One change is one step of a ref's first-parent line: the commit there, and
 * all that it brought.  Each is looked at by itself, oldest first; of a commit
 * its id and tree are kept (80 to 160 bytes), of a person each name and
 * address.  An answer is PROVEN where Git holds the proof (a signed tag by a
 * known key, the merge made again), CLAIMED where somebody merely wrote it down
 * (a trailer, a committer's name), and otherwise not there.  What Git cannot
 * know is said, never guessed.
 *
 * A commit that cannot be read strictly, or a part of history that is not
 * there, is counted and named and ends nothing but its own step.
 *
 * The order of calls: audit_open(), audit_tags(), audit_walk(),
 * audit_staging(), then audit_text(), audit_json(), audit_people().
 */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/csv.h"
#include "base/map.h"
#include "core/object.h"
#include "core/plan.h"
#include "core/policy.h"
#include "core/person.h"
#include "edge/repo.h"
#include "edge/signature.h"

#define AUDIT_MARK "assessment, nothing was enforced"
#define AUDIT_COMMITS_MAX 100000    /* brought by one step */
#define AUDIT_FILES_MAX 100000      /* changed by one step */
#define AUDIT_IDENTITIES_MAX 100000 /* told apart; more are counted only */
#define AUDIT_TAGS_MAX 100000       /* evidence tags looked at */
#define AUDIT_DEFECTS_MAX 20        /* malformed commits that are named */
#define AUDIT_WORST_MAX 5           /* examples of each finding */
#define AUDIT_PATHS_MAX 5           /* hand-made paths that are named */
#define AUDIT_MERGE_MS 5000         /* of one merge made again */
/*
 * The line is followed that many steps beyond the first one that claims to be
 * older than --since: clocks of old committers were wrong.
 */
#define AUDIT_SLOP 100

/* A name and an address, as commits have them: the identity of nobody yet. */
struct audit_who {
	const char *name, *email;
	const char *name_skeleton, *email_skeleton;
	const struct person *person; /* by the address, exactly; or NULL */
	bool forge;                  /* a forge's own committer */
	bool machine;                /* calls itself a bot */
	uint64_t written, committed;
	int64_t first, last; /* in seconds, as claimed; 0: not known */
	size_t group;        /* while people are grouped */
};

enum audit_merge {
	AUDIT_NO_MERGE = 0,
	AUDIT_MECHANICAL,
	AUDIT_HAND_MADE, /* merges cleanly, and the commit holds other content
	                  */
	AUDIT_CONFLICT,  /* somebody had to resolve it */
	AUDIT_UNRELATED,
	AUDIT_OCTOPUS, /* more than two parents: never a mechanical merge here
	                */
	AUDIT_SLOW,
	AUDIT_UNREADABLE,
	AUDIT_MERGES
};

enum audit_yes {
	AUDIT_NONE = 0,
	AUDIT_BY_LANDER,  /* claimed: who put it there wrote none of it */
	AUDIT_BY_TRAILER, /* claimed: a trailer names somebody else */
	AUDIT_PROVEN,     /* as many signed tags as the gate asks */
	AUDIT_UNKNOWN,    /* who wrote it could not be read */
	AUDIT_YESES
};

/* How it would have fared, as far as Git holds the proof. */
enum audit_outcome {
	AUDIT_CANNOT_SAY = 0,
	AUDIT_WOULD_LAND,
	AUDIT_CLAIMS_ONLY, /* nothing is missing, but its yes is a claim */
	AUDIT_WOULD_BE_REFUSED,
	AUDIT_OUTCOMES
};

/* An evidence tag that holds. */
struct audit_tag {
	const char *commit;
	const struct person *person;
	const struct audit_tag *next; /* of the same commit */
};

/* One step, while it is looked at; all in its own pool. */
struct audit_step {
	struct pool *pool;
	struct repo_commit top;
	struct commit parsed; /* of `top`; empty where that has a defect */
	const char *subject;
	int64_t time; /* as the committer claims, in ms; 0: not known */
	size_t commits, merges_inside, defects;
	bool whole;                       /* every commit it brought was read */
	const struct audit_who **authors; /* of what is no mere merge */
	size_t author_count;
	const struct audit_who **parts; /* everybody with a part in it */
	size_t part_count;
	const struct audit_who **claimed; /* by trailers, wrote none of it */
	size_t claimed_count;
	size_t content, content_reviewed; /* commits; with such a trailer */
	bool top_reviewed;
	const struct audit_who *lander; /* NULL: not known */
	enum audit_yes yes;
	const struct audit_tag **tags; /* that count */
	size_t tag_count;
	/* Of the one best common ancestor of a merge's two; "": not sure. */
	char base_tree[REPO_OID_SIZE];
	enum audit_merge merge;
	const char *paths[AUDIT_PATHS_MAX]; /* hand-made, or in conflict */
	size_t path_count;
	size_t files; /* changed against the first parent */
	bool files_over;
	bool owned; /* some of them have owners in the policy */
	enum plan_state plan;
	const char *plan_text;
	const char *ticket;
	const char *request; /* "#123" in the subject, a claim */
	bool old, future;    /* its date lies outside its place */
	const char *trouble; /* what could not be found out; NULL: nothing */
};

struct audit_example {
	char commit[REPO_OID_SIZE];
	const char *text;
};

enum audit_worst {
	AUDIT_WORST_HAND_MADE = 0,
	AUDIT_WORST_ALONE,
	AUDIT_WORST_CONFLICT,
	AUDIT_WORST_OCTOPUS,
	AUDIT_WORSTS
};

struct audit_counts {
	uint64_t changes, commits, direct, merges, roots;
	uint64_t merge[AUDIT_MERGES];
	uint64_t yes[AUDIT_YESES];
	uint64_t plan[PLAN_REAL + 1];
	uint64_t ticket, request, by_forge, owned, alone;
	uint64_t outcome[AUDIT_OUTCOMES];
	uint64_t unread; /* steps with trouble */
	uint64_t defects, old, future;
	uint64_t beyond; /* claim to be of the period, far below older ones */
	uint64_t tags, tags_good, tags_used;
};

/* A gate that takes from another, and a ref of it. */
struct audit_staged {
	const struct gate *gate, *after;
	const char *ref;
	bool is_tag;
	uint64_t steps, staged, not_staged;
	size_t staging_refs;
	const char *trouble;
	struct audit_example examples[AUDIT_WORST_MAX];
	size_t example_count;
};

struct audit_seen;

struct audit {
	struct pool pool;
	/* Given. */
	const char *path, *repository, *ref;
	const struct policy *policy;
	const struct people *people; /* NULL: nobody is known */
	struct signature_rules signatures;
	int64_t since, now; /* in ms; since 0: from the beginning */
	bool built_in;      /* the policy is ours: none was given */
	struct csv *csv;    /* where the changes go; NULL: nowhere */
	bool (*stop)(void); /* asked between two steps; may be NULL */
	void (*progress)(uint64_t changes, uint64_t total);
	/* Found. */
	struct repo *repo;
	struct repo
	    *merger; /* opened anew, so that it forgets what it merged */
	size_t merged;
	const struct policy_repository *entry;
	const struct gate *gate;
	char tip[REPO_OID_SIZE];
	bool empty, shallow, grafts;
	regex_t ticket;
	bool ticket_ready;
	struct audit_seen *seen; /* commits of the steps so far, by id */
	size_t seen_room, seen_count;
	unsigned step;  /* the one that is looked at, from 1 */
	uint64_t total; /* how many there are */
	struct map who;
	struct buf key; /* the one that is looked for */
	struct audit_who **whos;
	size_t who_count;
	bool who_over;
	struct map tags, tags_by_tree; /* struct audit_tag by id */
	struct audit_counts counts;
	char stopped[REPO_OID_SIZE]; /* the next step, where it was stopped */
	const char *cut;             /* where history could not be read on */
	int64_t oldest, newest;      /* of the changes seen, as claimed */
	struct audit_example defect[AUDIT_DEFECTS_MAX];
	size_t defect_count;
	struct audit_example worst[AUDIT_WORSTS][AUDIT_WORST_MAX];
	size_t worst_count[AUDIT_WORSTS];
	struct audit_staged *staged;
	size_t staged_count;
};

/* Repository, entry, gate and ref; a repository without commits is `empty`. */
int audit_open(struct audit *a, const char *ref, struct err *err) must_check;
void audit_close(struct audit *a);
/* audit_tags.c: the signed tags there are. */
int audit_tags(struct audit *a, struct err *err) must_check;
/* audit_walk.c */
void audit_walk(struct audit *a);
/* audit_staging.c */
int audit_staging(struct audit *a, struct err *err) must_check;
/* Did it see all that was asked for? */
bool audit_is_whole(const struct audit *a);

/* audit_graph.c */

/* Before the first step: all that `oid` reaches was there. */
int audit_see_all(struct audit *a, const char *oid, struct err *err) must_check;
typedef void audit_bring_fn(struct audit *a, struct audit_step *s,
    const struct repo_commit *c);
/*
 * Steps from the oldest on: `see` is given each commit that this one brought
 * beside its own, and none was brought before; the base of a merge is found on
 * the way.
 */
int audit_bring(struct audit *a, struct audit_step *s, audit_bring_fn *see,
    struct err *err) must_check;
/* The tree of a commit that was seen. */
bool audit_seen_tree(const struct audit *a, const char *oid,
    char tree[REPO_OID_SIZE]);
void audit_forget(struct audit *a);

/* audit_step.c: fills in all but `pool`, `top` and the marks of its date. */
void audit_look(struct audit *a, struct audit_step *s);
/* audit_merge.c: `merger` is open after it. */
int audit_merger(struct audit *a, struct err *err) must_check;
void audit_look_at_merge(struct audit *a, struct audit_step *s);
/* audit_yes.c: is there a yes, and of what kind. */
void audit_look_for_yes(struct audit *a, struct audit_step *s);
enum audit_outcome audit_outcome_of(const struct audit *a,
    const struct audit_step *s);

/* audit_who.c */
const struct audit_who *audit_who(struct audit *a, const char *name,
    const char *email);
/* Generous: one address, one name, or one known person. */
bool audit_same(const struct audit_who *a, const struct audit_who *b);
/* "alice", or "Alice <alice@example.com>" for nobody we know. */
const char *audit_who_text(struct pool *pool, const struct audit_who *who);
/* Adds to a list that holds each one once. */
void audit_who_add(struct pool *pool, const struct audit_who ***list,
    size_t *count, const struct audit_who *who);
bool audit_who_among(const struct audit_who *who,
    const struct audit_who *const *list, size_t count);

/* audit_people.c: a people.yaml to start from; `groups` is how many it has. */
struct audit_groups {
	size_t persons, machines, forges, known, left_out;
};
void audit_people(struct audit *a, struct buf *out, struct audit_groups *g);

/* audit_rows.c */
extern const char *const audit_columns[];
void audit_row(struct audit *a, const struct audit_step *s);
/* audit_tell.c, audit_json.c */
void audit_text(struct audit *a, const struct audit_groups *g, struct buf *out);
void audit_json(struct audit *a, const struct audit_groups *g, struct buf *out);
const char *audit_merge_name(enum audit_merge merge);
const char *audit_yes_name(enum audit_yes yes);
const char *audit_outcome_name(enum audit_outcome outcome);

#endif

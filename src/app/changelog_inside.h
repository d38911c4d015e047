/* For changelog*.c alone. */
#ifndef APP_CHANGELOG_INSIDE_H
#define APP_CHANGELOG_INSIDE_H

#include "app/changelog.h"
#include "core/renames.h"
#include "edge/index.h"

#define FIND_MAX 4096

struct changelog {
	struct ledger *ledger;
	struct index *index;
	/* The newest line that is known here, by the index or by the caller. */
	struct chain_mark last;
	bool appends;
	bool hurried;
	struct chain_mark *found; /* room for FIND_MAX, none of it zeroed */
	/* Renames as far as record `renamed_at`; the newest is `renamed`. */
	struct renames renames;
	struct pool renames_pool;
	uint64_t renamed_at, renamed;
};

/* A damaged index is made anew once; its answers come from the ledger. */
bool changelog_cured(struct changelog *log, struct err *err);
/* As index_find(), with an index that is made anew where it is damaged. */
int changelog_marks(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *marks, size_t room, size_t *count,
    struct err *err) must_check;
/* The same over all names of the topic's repository. */
int changelog_named(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, struct chain_mark *marks, size_t room, size_t *count,
    struct err *err) must_check;
/* Its tree, with the name of now. */
int changelog_call(struct changelog *log, struct pool *pool,
    struct record *record, struct err *err) must_check;
/* The line, and its tree as it stands there. */
int changelog_mark_read(struct changelog *log, struct pool *pool,
    const struct chain_mark *mark, struct record *out,
    struct err *err) must_check;

#endif

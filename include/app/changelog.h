/*
 * changelog - the ledger and its index together: append, and find again.
 *
 * What a record says is always read from its ledger line; the index only tells
 * where to look.  An index that is behind is caught up before it answers; one
 * that is damaged or was deleted is made anew, with the same answers.
 *
 * A repository is asked for by the name that it has now, and finds what was
 * recorded under its former ones too (core/renames.h); `repository` of such a
 * record's tree is the name of now, its line stays what it is.
 */
#ifndef APP_CHANGELOG_H
#define APP_CHANGELOG_H

#include "base/pool.h"
#include "base/tree.h"
#include "core/settings.h"
#include "edge/ledger.h"

#define CHANGELOG_START 16384

struct changelog;

/* One record, parsed. */
struct record {
	uint64_t seq;
	int64_t time;
	const char *type;
	const struct tree *tree;
	const char *line; /* the whole line, without its newline */
	size_t len;
};

/*
 * `hurried`: somebody waits who will not wait for long, a hook.  Then a lost
 * index of a long ledger comes back line by line, so that what was done is kept
 * when it has to be given up.
 */
int changelog_open(struct changelog **out, const struct settings *settings,
    enum ledger_mode mode, bool hurried, struct err *err) must_check;
void changelog_close(struct changelog *log); /* NULL is allowed */
struct ledger *changelog_ledger(struct changelog *log);

/*
 * Let the index know every line there is now.  Called by changelog_open() and
 * after changelog_append().
 */
int changelog_catch_up(struct changelog *log, struct err *err) must_check;

/* As ledger_append(), and catch up. */
int changelog_append(struct changelog *log, const struct ledger_body *bodies,
    size_t count, int64_t now, uint64_t *first, struct err *err) must_check;
/*
 * The same where nobody appended since the index was caught up last; else
 * nothing is written and `*stale` is true (ledger_append_behind()).
 */
int changelog_append_behind(struct changelog *log,
    const struct ledger_body *bodies, size_t count, int64_t now,
    uint64_t *first, bool *stale, struct err *err) must_check;

/* Forget the index and make it anew, as lines it knows will go. */
int changelog_again(struct changelog *log, struct err *err) must_check;

/*
 * The records under a topic: in order behind `beyond`, or newest first below it
 * (0: from the newest); at most `most`.
 */
int changelog_find(struct changelog *log, struct pool *pool, const char *topic,
    bool newest_first, uint64_t beyond, size_t most, struct record **list,
    size_t *count, struct err *err) must_check;
/* The newest record under a topic; `out->seq` is 0 when there is none. */
int changelog_newest(struct changelog *log, struct pool *pool,
    const char *topic, struct record *out, struct err *err) must_check;
/*
 * The same as bytes alone, at most CHANGELOG_START of them: it is not parsed,
 * and has neither time, type nor tree.  A people file's record may be long, and
 * a hook only asks whether it is the one of now.
 */
int changelog_newest_start(struct changelog *log, struct pool *pool,
    const char *topic, struct record *out, struct err *err) must_check;
/* The oldest record under a topic; `out->seq` is 0 when there is none. */
int changelog_oldest(struct changelog *log, struct pool *pool,
    const char *topic, struct record *out, struct err *err) must_check;
/* Just the numbers: is there anything, and where. */
int changelog_seqs(struct changelog *log, const char *topic, bool newest_first,
    uint64_t beyond, uint64_t *seqs, size_t room, size_t *count,
    struct err *err) must_check;
/* One record by its number; `out->seq` is 0 when there is none. */
int changelog_read(struct changelog *log, struct pool *pool, uint64_t seq,
    struct record *out, struct err *err) must_check;
/* Where one lies; zeroed when it is not known.  0 is before the first. */
int changelog_mark(struct changelog *log, uint64_t seq, struct chain_mark *mark,
    struct err *err) must_check;
/*
 * What the repository is called now that was `name` at that record; NULL for
 * NULL.  Without a log (NULL) it is `name`.  Good until the next question.
 */
const char *changelog_called(struct changelog *log, const char *name,
    uint64_t seq);
/* The number of the newest record; 0 for an empty ledger. */
uint64_t changelog_last(struct changelog *log);

#endif

/*
 * notes - what was looked at, and what was found wrong: check and doctor.
 */
#ifndef APP_NOTES_H
#define APP_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "app/setup.h"
#include "base/json.h"
#include "base/map.h"
#include "core/checkup.h"

enum level {
	NOTE_OK = 0,
	NOTE_WARNING,
	NOTE_UNKNOWN, /* could not be found out, which is never good */
	NOTE_WRONG
};

struct noted {
	enum level level;
	const char *thing;
	const char *text;
};

/* A check of core/checkup.h, and the worst that was noted of it. */
struct checked {
	const char *check;
	const char *repository; /* or NULL */
	const char *subject;
	enum check_state state;
	const char *text;  /* of the worst note; NULL: it passes */
	const char *value; /* of a check that compares one */
	struct checked *next;
};

struct notes {
	struct pool *pool;
	struct noted *list;
	size_t count;
	size_t warnings, unknown, wrong;
	struct checked *checks, **check_end; /* in the order looked at */
	struct map by_name;
};

void note(struct notes *n, enum level level, const char *thing,
    const char *format, ...) like_printf(4, 5);
/*
 * The check, as it is looked at: it passes until something is noted of it.  The
 * same once more for the same words.  A NULL subject is the repository.
 */
struct checked *checking(struct notes *n, const char *check,
    const char *repository, const char *subject);
/* A note, and what it means for a check: all but NOTE_OK fails it. */
void note_of(struct notes *n, struct checked *c, enum level level,
    const char *thing, const char *format, ...) like_printf(5, 6);
/* "wrong: thing: what to do", a line each, from `level` up. */
void notes_say(const struct notes *n, enum level level);
/* A list of {"level", "thing", "text"} under `key`. */
void notes_write(const struct notes *n, struct json *j, const char *key);

/*
 * The files and directories that the settings name: are they there, and is
 * their mode what it should be?  Whether the hook user may write to the log is
 * worked out from modes and groups, for whoever asks.
 */
void notes_places(struct notes *n, struct setup *s);
/*
 * When was it sealed last, and how far is each place that holds checkpoints
 * (app/keeping.h)?  What is stale is wrong, with what mends it.
 */
void notes_held(struct notes *n, struct setup *s);

#endif

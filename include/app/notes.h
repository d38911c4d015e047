/*
 * notes - what was looked at, and what was found wrong: check and doctor.
 */
#ifndef APP_NOTES_H
#define APP_NOTES_H

#include <stdbool.h>
#include <stddef.h>

#include "app/setup.h"
#include "base/json.h"

enum level {
	NOTE_OK = 0,
	NOTE_WARNING,
	NOTE_WRONG
};

struct note {
	enum level level;
	const char *thing;
	const char *text;
};

struct notes {
	struct pool *pool;
	struct note *list;
	size_t count;
	size_t warnings, wrong;
};

void note(struct notes *n, enum level level, const char *thing,
    const char *format, ...) like_printf(4, 5);
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

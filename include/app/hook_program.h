/*
 * hook_program - which of our programs hooks run.
 *
 * foureyes-static is foureyes without shared libraries: it starts in half the
 * time, and Git starts four hooks for each ref of a push.  But without them
 * nobody has a name whom /etc/passwd does not know, and no host an address; so
 * hooks run it where neither is asked for, and foureyes itself elsewhere.
 */
#ifndef APP_HOOK_PROGRAM_H
#define APP_HOOK_PROGRAM_H

#include <stdbool.h>

#include "base/pool.h"
#include "core/settings.h"

#define HOOK_PROGRAM_STATIC "foureyes-static"

/* Is the program that runs the one without shared libraries? */
bool program_is_static(void);
/* That one's path, beside this one; NULL: hooks run the program that we are. */
const char *hook_program(struct pool *pool, const struct settings *settings);
/* The file that keeps the digest of the program that runs (program.h). */
const char *program_cache(struct pool *pool, const struct settings *settings);

#endif

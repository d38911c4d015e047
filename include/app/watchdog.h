/*
 * watchdog - a hook that ends in time, whatever holds it up.
 *
 * What is gathered looks at the clock by itself and refuses in words.  This is
 * for what cannot look: a library, a lock, a disk.  When the time is over the
 * process says so and ends, which refuses the push; nothing is recorded then.
 */
#ifndef APP_WATCHDOG_H
#define APP_WATCHDOG_H

#include <stdint.h>

/* Milliseconds beyond the deadline for what is done by then to be said. */
#define WATCHDOG_GRACE 300

/* End the process with status 1 in so many milliseconds. */
void watchdog_start(int64_t milliseconds);

#endif

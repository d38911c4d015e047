/* daemon_serve_inside - the pieces of `foureyesd serve`. */
#ifndef DAEMON_SERVE_INSIDE_H
#define DAEMON_SERVE_INSIDE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * What systemd hands over and wants to hear (sd_listen_fds(3), sd_notify(3)),
 * without its library.  Sockets begin at descriptor 3; how many there are, at
 * most `room`.
 */
size_t systemd_sockets(int *out, size_t room);
/* Nobody asked: nothing is sent. */
void systemd_tell(const char *state);
/* How often "WATCHDOG=1" is wanted, in ms; 0: never. */
int64_t systemd_watchdog(void);

/*
 * The clerk's minder: a process without threads that starts the clerk again
 * when it ends, each time later, and ends with us.  `*wake_fd` is our end of
 * the socket between us and the clerk.  Called before there are threads.
 */
int minder_start(pid_t *minder, int *wake_fd, const char *dir, const int *close,
    size_t close_count, struct err *err) must_check;

#endif

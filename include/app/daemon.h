/*
 * daemon - the second program, foureyesd: what needs the network.
 *
 * Linked with libcurl, which foureyes is not.  Its commands stand in
 * daemon_main.c, the tasks of its clerk in daemon_clerk.c.
 */
#ifndef APP_DAEMON_H
#define APP_DAEMON_H

#include "app/daemon_clerk.h"
#include "app/keeping.h"
#include "app/setup.h"
#include "core/checkpoint.h"
#include "edge/seal.h"

/* The newest checkpoint, about to be sent. */
struct holding {
	struct setup *setup;
	struct pool *pool;
	struct buf note;
	struct checkpoint checkpoint;
	struct seal_public key; /* ours; what is held there must be signed */
	char digest[DIGEST_HEX_SIZE];
};

/* Send it; ERR_TAMPERED: what is held there is not what was sent before. */
typedef int hold_fn(struct holding *h, const struct keeping *before,
    struct err *err);
hold_fn hold_git, hold_https, hold_stamp;

/* Appends a token, one word, from a file that is closed to others. */
int daemon_token(struct buf *out, const char *path, struct err *err) must_check;

/* ledger create|restore: one that is shared, and its database. */
int daemon_ledger(int argc, char **argv, const char *config);

/* hold [NAME...]: to each place, or those named. */
int daemon_hold(int argc, char **argv, const char *config);

/* The clerk's tasks. */
clerk_task_fn daemon_alert, daemon_poll, daemon_tell, daemon_watch;

/* alert --once [NAME...] | --test NAME: as the task would, or a try. */
int daemon_alert_cmd(int argc, char **argv, const char *config);

/* serve: take what is sent, and answer, until told to end. */
int daemon_serve(int argc, char **argv, const char *config);

#endif

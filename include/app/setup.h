/*
 * setup - what every command starts from.
 *
 * Reads the configuration, opens the change log, and knows the clock and who
 * runs us.  Commands started as root act as the hook user from here on.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "app/changelog.h"
#include "base/pool.h"
#include "edge/config.h"

/* Which account ran a command (SUDO_UID's behind sudo). */
struct account {
	const char *login; /* its name, or "uid:<number>" */
	const char
	    *person; /* by `logins: {local: ...}`; NULL: nobody we know */
};

struct setup {
	struct pool pool;
	struct config config;
	struct changelog *log; /* NULL until setup_log() */
	struct account account;
	int64_t now; /* read once */
};

/* `--config DIR`, else $FOUREYES_CONFIG, else /etc/foureyes. */
const char *setup_directory(const char *option);
/* Read the configuration; the clock is read here, once. */
int setup_read(struct setup *s, const char *dir, struct err *err) must_check;
/*
 * Open the change log.  For appending, and when policy, people or settings are
 * not the ones last recorded, their full texts are recorded first (rules.md
 * 35).  As root: become the hook user before anything is opened.
 */
int setup_log(struct setup *s, enum ledger_mode mode,
    struct err *err) must_check;
void setup_free(struct setup *s);

/* Milliseconds since 1970; the only place where the clock is asked. */
int64_t clock_now(void);

#endif

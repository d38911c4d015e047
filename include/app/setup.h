/*
 * setup - what every command starts from.
 *
 * Reads the configuration, opens the change log, and knows the clock and who
 * runs us.  Commands started as root act as the hook user from the moment they
 * open the log (or say setup_become()); a hook stays who it is.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include <sys/types.h>

#include "app/changelog.h"
#include "base/pool.h"
#include "core/record.h"
#include "edge/config.h"

/* Which account ran a command (SUDO_UID's behind sudo). */
struct account {
	uid_t uid;
	const char *login; /* its name, or "uid:<number>" */
	const char
	    *person; /* by `logins: {local: ...}`; NULL: nobody we know */
};

/* Who hooks run as. */
struct hook_user {
	bool known; /* false: nobody is named, and there is no door's root */
	uid_t uid;
	gid_t gid;
	const char *login; /* NULL: the account has no name */
	const char *home;
};

struct setup {
	struct pool pool;
	struct config config;
	struct changelog *log; /* NULL until setup_log() */
	struct account account;
	int64_t now; /* read once */
	/* Set first: decides nothing, so reads no people and records no text.
	 */
	bool is_witness;
	bool is_hook; /* set first: no account, and stay the user we are */
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
/*
 * Leave the configuration beside its files as hooks take it quickest; where
 * that cannot be they read the files.  Before setup_log(), which may make us
 * somebody who may not write there.
 */
void setup_compile(struct setup *s);
/*
 * Does a record, or its start, hold the text of that type with that digest?
 */
bool setup_is_text(const struct record *r, const char *type,
    const char *digest);
void setup_free(struct setup *s);

/* `hook_user` of the settings, else the owner of the first door's root. */
int setup_hook_user(struct setup *s, struct hook_user *who,
    struct err *err) must_check;
/*
 * As root: be the hook user from now on, for good.  Nothing happens for anybody
 * else, or where nobody is known.
 */
int setup_become(struct setup *s, struct err *err) must_check;
/*
 * Who runs this command, for a record; in order where that is a person in force
 * in one of the policy's administration groups.
 */
struct by setup_by(struct setup *s);

/* Milliseconds since 1970; the only place where the clock is asked. */
int64_t clock_now(void);

#endif

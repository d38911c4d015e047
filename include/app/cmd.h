/*
 * cmd - the commands and their exit statuses.
 *
 * A command is one function in cmd_<name>.c.  It is given its own arguments
 * (argv[0] is its name), prints answers on standard output and complaints on
 * standard error, and returns one of the statuses.  main.c is the table.
 */
#ifndef APP_CMD_H
#define APP_CMD_H

#include "base/err.h"

enum status {
	STATUS_YES = 0,
	STATUS_NO = 1,
	STATUS_USAGE = 2,
	STATUS_UNKNOWN = 3 /* could not find out */
};

/* `config` is what --config said, or NULL. */
typedef int cmd_fn(int argc, char **argv, const char *config);

cmd_fn cmd_access, cmd_account, cmd_adopt, cmd_apply, cmd_approve, cmd_audit,
    cmd_check, cmd_compile, cmd_deployed, cmd_digest, cmd_doctor, cmd_drill,
    cmd_due, cmd_explain, cmd_hook, cmd_init, cmd_install, cmd_judge,
    cmd_ledger, cmd_log, cmd_people, cmd_policy_doc, cmd_prove, cmd_reconcile,
    cmd_recover, cmd_rekey, cmd_replay, cmd_report, cmd_retain, cmd_rollback,
    cmd_seal, cmd_show, cmd_tidy, cmd_uninstall, cmd_verify, cmd_watch;

/* "foureyes: <text>" on standard error, made safe; returns `status`. */
int complain(int status, const char *format, ...) like_printf(2, 3);
/* The same of an error: STATUS_UNKNOWN, or STATUS_USAGE for ERR_INPUT. */
int complain_err(const struct err *err);

#endif

/* recover: go on with a ledger that ends before its checkpoint. */
#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>

#include "app/checkpoints.h"
#include "app/node.h"
#include "app/options.h"
#include "app/say.h"
#include "app/setup.h"
#include "core/plan.h"

/*
 * The checkpoint is evidence of what was lost: it is kept beside, under a name
 * that says how much it counted.  Where that does not go the next append is
 * refused again, and this is done once more.
 */
static int
set_aside(struct setup *s, const struct ledger_lost *lost, const char **kept,
    struct err *err)
{
	const char *path = pool_printf(&s->pool, "%s/" CHECKPOINT_FILE,
	    s->config.settings.ledger);

	*kept = pool_printf(&s->pool, "%s.lost-%llu", path,
	    (unsigned long long)lost->to);
	if (rename(path, *kept) < 0)
		return err_errno(err, "'%s'", path);
	return 0;
}

static int
go_on(struct setup *s, struct ledger *ledger, const struct ledger_lost *lost,
    const char *reason)
{
	const struct by by = setup_by(s);
	struct buf body = {0};
	struct err err = {0};
	const char *kept;
	uint64_t seq;
	int ret;

	if (!by.in_order)
		return complain(STATUS_NO,
		    "recover: the account '%s' %s%s is in none of the policy's "
		    "administration groups, and only those go on without what "
		    "was lost",
		    by.account, by.person != NULL ? "of " : "of nobody we know",
		    by.person != NULL ? by.person : "");
	record_recovered(&body, lost->from, lost->to, reason, &by);
	ret = ledger_recover(ledger, &(struct ledger_body){body.data, body.len},
	    lost, s->now, &seq, &err);
	buf_free(&body);
	if (ret < 0 || set_aside(s, lost, &kept, &err) < 0)
		return complain_err(&err);
	say("records %llu to %llu are lost, and the ledger goes on behind what "
	    "is there (record %llu); no approval received before counts any "
	    "more, and every report will show it; the checkpoint is kept as "
	    "'%s'",
	    (unsigned long long)lost->from, (unsigned long long)lost->to,
	    (unsigned long long)seq, kept);
	return STATUS_YES;
}

static int
recover(struct setup *s, const char *reason)
{
	struct ledger_lost lost = {0};
	struct ledger *ledger = NULL;
	struct err err = {0};
	int status;

	if (setup_become(s, &err) < 0 ||
	    node_ledger(&ledger, &s->config.settings, LEDGER_APPEND, &err) <
	        0 ||
	    ledger_lost(ledger, &lost, &err) < 0)
		status = complain_err(&err);
	else if (lost.to == 0)
		status = complain(STATUS_NO,
		    "recover: the ledger does not end before its checkpoint; "
		    "there is nothing to recover from");
	else
		status = go_on(s, ledger, &lost, reason);
	ledger_close(ledger);
	return status;
}

int
cmd_recover(int argc, char **argv, const char *config)
{
	struct setup s = {0};
	struct err err = {0};
	const char *reason = NULL;
	const struct option options[] = {{.name = "--reason", .value = &reason},
	    {0}};
	int status;

	if (options_read(argc, argv, options, 0, 0) < 0)
		return STATUS_USAGE;
	if (reason == NULL)
		return complain(STATUS_USAGE,
		    "recover: say what happened: --reason TEXT");
	if (plan_is_placeholder(reason, NULL, 0, &s.pool))
		status = complain(STATUS_USAGE,
		    "recover: the reason '%s' says nothing", reason);
	else if (setup_read(&s, setup_directory(config), &err) < 0)
		status = complain_err(&err);
	else
		status = recover(&s, reason);
	setup_free(&s);
	return status;
}

/* ledger: to and from another place, byte for byte. */
#include "app/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/checkpoints.h"
#include "app/moving.h"
#include "app/node.h"
#include "app/options.h"
#include "app/program.h"
#include "app/say.h"
#include "base/text.h"

static int
not_whole(const char *word, const char *dir, const struct moving_look *look)
{
	if (look->interrupted)
		return complain(STATUS_UNKNOWN, "ledger %s: interrupted", word);
	return complain(STATUS_NO, "'%s' does not verify: %s", dir, look->no);
}

/* What was brought is held against what somebody reads there now. */
static int
told(const char *word, struct moving *m, struct err *err)
{
	struct moving_look look;
	bool holds = false;

	if (moving_look(&look, m->pool, m->to_dir, err) < 0 ||
	    ledger_holds(m->from, &look.last, &holds, err) < 0)
		return complain_err(err);
	if (look.no != NULL || look.interrupted)
		return not_whole(word, m->to_dir, &look);
	if (!holds)
		return complain(STATUS_NO,
		    "what somebody had begun was brought to its end, but '%s' "
		    "has other records than '%s' now",
		    m->to_dir, m->from_dir);
	say("'%s' has the %llu records of '%s'%s, and verifies", m->to_dir,
	    (unsigned long long)look.records, m->from_dir,
	    m->went_on ? ", which somebody had begun to bring" : "");
	return STATUS_YES;
}

static int
stopped(const char *word, const struct moving *m)
{
	return complain(STATUS_UNKNOWN,
	    "ledger %s: interrupted after %llu records; nothing was put into "
	    "'%s'",
	    word, (unsigned long long)m->last.seq, m->to_dir);
}

static int
copied_to(const char *word, struct moving *m, struct err *err)
{
	if (ledger_open(&m->from, m->from_dir, LEDGER_READ, err) < 0 ||
	    moving_copy(m, err) < 0)
		return complain_err(err);
	if (m->interrupted)
		return stopped(word, m);
	return told(word, m, err);
}

static int
export_to(struct setup *s, struct moving *m, struct err *err)
{
	m->from_dir = s->config.settings.ledger;
	if (node_catch_up(&s->config.settings, err) < 0)
		return complain_err(err);
	return copied_to("export", m, err);
}

/* A checkpoint of another name would be none of this installation's. */
static int
check_origin(const struct settings *s, const struct moving *m, struct err *err)
{
	struct checkpoint c;

	if (checkpoints_claim(&c, m->pool, m->from_dir, err) < 0)
		return -1;
	if (text_same(c.origin, s->origin))
		return 0;
	return err_set(err, ERR_INPUT,
	    "'%s' is the ledger '%s', and foureyes.yaml calls its own '%s'",
	    m->from_dir, c.origin, s->origin != NULL ? s->origin : "");
}

/* An import that came as far as this node's copy, and no further. */
static bool
is_there(const struct moving *m, const struct moving_look *look)
{
	struct moving_look there;
	struct err ignored = {0};

	return moving_look(&there, m->pool, m->to_dir, &ignored) == 0 &&
	    there.no == NULL && there.records == look->records &&
	    memcmp(there.last.digest, look->last.digest, DIGEST_SIZE) == 0;
}

/* Into the database, which foureyesd alone reaches; comes back to complain. */
static int
go_on_with_database(const struct setup *s, struct pool *pool)
{
	const char *program = program_beside(pool, "foureyesd");
	char *const words[] = {pool_text(pool, program),
	    pool_text(pool, "--config"), pool_text(pool, s->config.dir),
	    pool_text(pool, "ledger"), pool_text(pool, "create"), NULL};

	(void)fflush(stdout);
	(void)execv(program, words);
	return complain(STATUS_UNKNOWN,
	    "'%s' could not be run: %s; it puts the ledger into the database: "
	    "foureyesd ledger create",
	    program, strerror(errno));
}

static int
import_from(struct setup *s, struct moving *m, struct err *err)
{
	const struct settings *settings = &s->config.settings;
	bool shared = settings->shared != NULL;
	struct moving_look look;
	int status = STATUS_YES;

	m->to_dir = settings->ledger;
	m->settings = settings;
	if (moving_look(&look, m->pool, m->from_dir, err) < 0)
		return complain_err(err);
	if (look.no != NULL || look.interrupted)
		return not_whole("import", m->from_dir, &look);
	if (check_origin(settings, m, err) < 0)
		return complain_err(err);
	m->until = look.records;
	if (!shared || !is_there(m, &look))
		status = copied_to("import", m, err);
	return status == STATUS_YES && shared ? go_on_with_database(s, m->pool)
	                                      : status;
}

int
cmd_ledger(int argc, char **argv, const char *config)
{
	const struct option options[] = {{0}};
	struct setup s = {0};
	struct moving m = {.pool = &s.pool};
	struct err err = {0};
	bool exports;
	int status;

	if (options_read(argc, argv, options, 2, 2) < 0)
		return STATUS_USAGE;
	exports = strcmp(argv[1], "export") == 0;
	if (!exports && strcmp(argv[1], "import") != 0)
		return complain(STATUS_USAGE,
		    "ledger: 'export' or 'import', not '%s'", argv[1]);
	m.from_dir = m.to_dir = argv[2];
	if (setup_read(&s, setup_directory(config), &err) < 0)
		status = complain_err(&err);
	else if (s.config.settings.ledger == NULL)
		status = complain(STATUS_UNKNOWN, "no ledger is kept here");
	else
		status = exports ? export_to(&s, &m, &err)
		                 : import_from(&s, &m, &err);
	ledger_close(m.from);
	setup_free(&s);
	return status;
}

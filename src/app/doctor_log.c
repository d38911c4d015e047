/* Ledger, seal and clock: can it be written, and does what is there hold? */
#include "app/doctor.h"

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "app/checkpoints.h"
#include "app/handover.h"
#include "app/node.h"
#include "app/config_landed.h"
#include "app/signoff.h"
#include "base/text.h"

#define ROOM_LEAST ((uint64_t)64 << 20) /* bytes free on the ledger's disk */
#define CLOCK_SLACK ((int64_t)60 * 1000)
#define CLOCK_LEAST ((int64_t)1735689600000) /* 2025: no clock of ours */

/* Where the policy asks that somebody reads the log. */
static void
look_at_reading(struct notes *n, struct setup *s, bool access)
{
	const char *name = access ? "access_review" : "review";
	struct signoff_state state;
	struct err err = {0};
	struct checked *c =
	    checking(n, access ? "due.access" : "due.reading", NULL, NULL);

	if (s->log == NULL || signoff_state(s, access, &state, &err) < 0 ||
	    !state.asked)
		return;
	if (state.overdue)
		note_of(n, c, NOTE_WRONG, name,
		    "nobody signed in time that %s was read: foureyes due says "
		    "how",
		    access ? "who may do what" : "the log");
	else
		note(n, NOTE_OK, name, "%s was read in time",
		    access ? "who may do what" : "the log");
}

/* Where policy and people live as code: is what landed in force? */
static void
look_at_landed(struct notes *n, struct setup *s)
{
	struct checked *c = checking(n, "config.landed", NULL, NULL);
	struct config_landed landed[2];
	struct err err = {0};

	if (s->log == NULL || s->config.settings.config_from.repository == NULL)
		return;
	if (config_landed_find(s, landed, &err) < 0)
		note_of(n, c, NOTE_UNKNOWN, "config_from", "%s", err.text);
	for (size_t i = 0; i < 2 && err.kind == ERR_NONE; i++)
		if (!landed[i].in_force)
			note_of(n, c, NOTE_WRONG, "config_from",
			    "%s of %.12s has landed and is not in force: "
			    "foureyes apply --landed",
			    landed[i].name, landed[i].commit);
}

/* Kept for admitted changes: gone, a full disk stops those too. */
static void
look_at_room(struct notes *n, const char *dir, struct ledger *ledger)
{
	uint64_t bytes = ledger_reserve(ledger);
	struct checked *c = checking(n, "ledger.room", NULL, NULL);
	struct statvfs fs;

	if (bytes < LEDGER_RESERVE)
		note_of(n, c, NOTE_WARNING, "ledger",
		    "%llu of the %u bytes kept for admitted changes are left: "
		    "make room on its disk, and the next record takes them "
		    "again",
		    (unsigned long long)bytes, LEDGER_RESERVE);
	if (statvfs(dir, &fs) == 0 &&
	    (uint64_t)fs.f_bavail * fs.f_frsize < ROOM_LEAST)
		note_of(n, c, NOTE_WARNING, "ledger",
		    "%" PRIu64 " MiB are left on its disk: make room",
		    (uint64_t)fs.f_bavail * fs.f_frsize >> 20);
}

static int
see_nothing(const struct chain_mark *mark, const char *line, size_t len,
    void *ctx, struct err *err)
{
	(void)mark;
	(void)line;
	(void)len;
	(void)ctx;
	(void)err;
	return 0;
}

/* What came since the checkpoint; all before is verify's. */
static void
look_at_chain(struct notes *n, struct setup *s, struct ledger *ledger)
{
	struct checked *whole = checking(n, "ledger.whole", NULL, NULL);
	struct checked *sealed = checking(n, "ledger.sealed", NULL, NULL);
	struct chain_mark mark = {0};
	struct checkpoint c;
	struct ledger_lost lost;
	struct ledger_end end;
	struct err err;

	if (checkpoints_claim(&c, n->pool, s->config.settings.ledger, &err) <
	    0) {
		note_of(n, sealed, NOTE_UNKNOWN, "seal", "%s", err.text);
		return;
	}
	if (ledger_lost(ledger, &lost, &err) < 0 || lost.from != 0)
		note_of(n, sealed, NOTE_WRONG, "seal",
		    "the checkpoint counts %llu records and not all of them "
		    "are there: foureyes verify; a backup of the ledger, or "
		    "foureyes recover",
		    (unsigned long long)c.size);
	if (s->log == NULL || changelog_mark(s->log, c.size, &mark, &err) < 0 ||
	    ledger_walk(ledger, &mark, see_nothing, NULL, &end, &err) < 0)
		note_of(n, whole, NOTE_WRONG, "ledger",
		    "%s; foureyes verify says more",
		    s->log == NULL ? "it cannot be read" : err.text);
	else
		note(n, NOTE_OK, "chain",
		    "%llu records behind the checkpoint follow one another; "
		    "foureyes verify looks at all",
		    (unsigned long long)(end.last.seq - mark.seq));
}

/* Against what the ledger knows, and against its file system. */
static void
look_at_clock(struct notes *n, struct setup *s)
{
	struct checked *c = checking(n, "clock.sane", NULL, NULL);
	const char *lock =
	    pool_printf(n->pool, "%s/sync", s->config.settings.ledger);
	struct record last = {0};
	struct stat st;
	struct err err;

	if (s->now < CLOCK_LEAST)
		note_of(n, c, NOTE_WRONG, "clock",
		    "it stands before 2025: set it (timedatectl)");
	if (s->log != NULL &&
	    changelog_read(s->log, n->pool, changelog_last(s->log), &last,
	        &err) == 0 &&
	    last.time > s->now + CLOCK_SLACK)
		note_of(n, c, NOTE_WRONG, "clock",
		    "it stands %lld s before the ledger's newest record: set "
		    "it (timedatectl), and see who wrote that record",
		    (long long)((last.time - s->now) / 1000));
	if (stat(lock, &st) == 0 &&
	    (int64_t)st.st_mtime * 1000 > s->now + CLOCK_SLACK)
		note_of(n, c, NOTE_WARNING, "clock",
		    "the ledger's file system is %lld s ahead of it: set both "
		    "by one time server",
		    (long long)st.st_mtime - (long long)(s->now / 1000));
}

/* Who judges is asked as a hook would ask. */
static void
doctor_gate(struct notes *n, struct setup *s)
{
	const char *gate = s->config.settings.gate;
	struct err err = {0};

	if (handover_probe(s, &err) == 0)
		note(n, NOTE_OK, "gate",
		    "'%s' judges: it takes our word and has its ledger", gate);
	else
		note(n, NOTE_WRONG, "gate",
		    "'%s' judges, and every push is refused until it answers: "
		    "%s",
		    gate, err.text);
}

/* The lock is taken as a hook would take it, and nothing is written. */
void
doctor_log(struct notes *n, struct setup *s)
{
	const struct settings *settings = &s->config.settings;
	struct checked *c;
	struct ledger *ledger = NULL;
	struct err err;

	if (strcmp(settings->gate, "local") != 0) {
		doctor_gate(n, s);
		if (settings->shared == NULL)
			return;
		doctor_shared(n, s);
	}
	c = checking(n, "ledger.writable", NULL, NULL);
	if (node_ledger(&ledger, settings, LEDGER_APPEND, &err) < 0 ||
	    ledger_append(ledger, NULL, 0, s->now, NULL, &err) < 0)
		note_of(n, c, NOTE_WRONG, "ledger", "%s", err.text);
	else
		note(n, NOTE_OK, "ledger", "can be locked and appended to");
	if (ledger != NULL)
		look_at_room(n, settings->ledger, ledger);
	if (s->log == NULL && setup_log(s, LEDGER_READ, &err) < 0)
		note_of(n, c, NOTE_WRONG, "index", "%s", err.text);
	else
		note(n, NOTE_OK, "index", "knows %llu records",
		    (unsigned long long)changelog_last(s->log));
	if (ledger != NULL)
		look_at_chain(n, s, ledger);
	ledger_close(ledger);
	look_at_clock(n, s);
	look_at_reading(n, s, false);
	look_at_reading(n, s, true);
	look_at_landed(n, s);
	(void)doctor_reviews(n, s);
}

#include <sys/stat.h>

#include "app/checkpoints.h"
#include "app/keeping.h"
#include "app/notes.h"
#include "base/text.h"

static void
note_one(struct notes *n, const struct keeping *k, int64_t now)
{
	const char *thing = pool_printf(n->pool, "held: %s", k->keeper->name);
	struct checked *c = checking(n, "ledger.held", NULL, k->keeper->name);
	char age[32] = "";
	const char *last = "never yet";

	if (k->time > 0) {
		text_duration(age, now - k->time > 0 ? now - k->time : 0);
		last = pool_printf(n->pool, "%llu records, %s ago",
		    (unsigned long long)k->size, age[0] != '\0' ? age : "0s");
	}
	if (k->alarm)
		note_of(n, c, NOTE_WRONG, thing,
		    "%s; the last that was held there: %s; find out who did "
		    "that before anything else",
		    k->error != NULL ? k->error : "?", last);
	else if (keeping_stale(k, now))
		note_of(n, c, NOTE_WRONG, thing,
		    "held there: %s%s%s; mend it and run, as who seals: "
		    "foureyesd hold",
		    last, k->error != NULL ? "; " : "",
		    k->error != NULL ? k->error : "");
	else if (k->error != NULL)
		note_of(n, c, NOTE_WARNING, thing,
		    "held there: %s; since then: %s; foureyesd hold tries "
		    "again",
		    last, k->error);
	else
		note(n, NOTE_OK, thing, "%s", last);
}

/* How long ago somebody sealed; its file is written again when idle. */
static void
note_seal(struct notes *n, const struct setup *s)
{
	const char *path = pool_printf(n->pool, "%s/" CHECKPOINT_FILE,
	    s->config.settings.ledger);
	struct checked *sealed = checking(n, "ledger.sealed", NULL, NULL);
	int64_t age;
	struct stat st;
	char text[32];

	if (lstat(path, &st) < 0) {
		note_of(n, sealed, NOTE_WRONG, "seal",
		    "there is no checkpoint '%s': foureyes seal, on a timer "
		    "(foureyes-seal.timer)",
		    path);
		return;
	}
	age = s->now - (int64_t)st.st_mtime * 1000;
	text_duration(text, age > 0 ? age : 0);
	if (age > KEEPER_STALE)
		note_of(n, sealed, NOTE_WARNING, "seal",
		    "the last one was %s ago: run foureyes seal on a timer "
		    "(foureyes-seal.timer)",
		    text);
	else
		note(n, NOTE_OK, "seal", "%s ago",
		    text[0] != '\0' ? text : "0s");
}

void
notes_held(struct notes *n, struct setup *s)
{
	const struct settings *settings = &s->config.settings;
	struct keeping *list;

	if (settings->ledger == NULL || settings->ledger[0] != '/')
		return;
	note_seal(n, s);
	keeping_read(&list, n->pool, settings);
	for (size_t i = 0; i < settings->held.count; i++)
		note_one(n, &list[i], s->now);
	if (settings->held.count == 0)
		note_of(n, checking(n, "ledger.held", NULL, NULL), NOTE_WARNING,
		    "held",
		    "no checkpoint is held elsewhere, so root of this machine "
		    "could rewrite the log unseen: name places under 'held' in "
		    "foureyes.yaml");
}

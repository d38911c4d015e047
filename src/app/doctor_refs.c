/* A repository's refs: has each gated one a baseline, and stands it there? */
#include <string.h>

#include "app/baseline.h"
#include "core/topics.h"

#include "doctor_inside.h"

#define REFS_ASKED 50

static void
look_at_ref(struct looking *l, const struct visit_ref *ref)
{
	const char *name = doctor_thing(l, ref->name);
	struct baseline b;
	struct err err;

	if (baseline_look(l->push, ref, false, &b, &err) < 0)
		note_of(l->notes, doctor_check(l, "repository.known"),
		    NOTE_WRONG, name, "%s", err.text);
	else if (b.tip == NULL)
		note_of(l->notes, doctor_check(l, "repository.baseline"),
		    NOTE_WRONG, name,
		    "gate %s, and no baseline: foureyes adopt %s",
		    ref->gate->name, l->push->repository);
	else if (b.drifted)
		note(l->notes, NOTE_WRONG, name,
		    "it is at %.12s, the ledger has it at %.12s: put it back, "
		    "have it approved from there, or: foureyes account %s %s "
		    "--reason TEXT",
		    b.actual, b.tip, l->push->repository, ref->name);
}

/*
 * Does the server tell who pushes?  The newest decision of the repository says
 * what arrived.
 */
static void
look_at_pusher(struct looking *l, const struct visit_ref *refs, size_t count)
{
	struct checked *c = doctor_check(l, "pusher.known");
	struct pool *pool = l->notes->pool;
	struct record newest = {0}, one;
	const char *login;
	struct err err;

	for (size_t i = 0; i < count && i < REFS_ASKED; i++) {
		if (changelog_newest(l->setup->log, pool,
		        topic_decision(pool, l->push->repository, refs[i].name),
		        &one, &err) < 0)
			return;
		if (one.seq > newest.seq)
			newest = one;
	}
	login = newest.seq == 0 ? NULL : tree_text(newest.tree, "pusher.login");
	if (newest.seq != 0 && (login == NULL || login[0] == '\0'))
		note_of(l->notes, c, NOTE_WRONG, doctor_thing(l, "pusher"),
		    "the newest decision (record %llu) did not know who "
		    "pushes: the variable that the server sets did not arrive; "
		    "see 'server' in foureyes.yaml",
		    (unsigned long long)newest.seq);
}

static void
look_at_refs(struct looking *l)
{
	struct visit_ref *refs;
	size_t count;
	struct err err;

	if (visit_refs(l->push, &refs, &count, &err) < 0) {
		note_of(l->notes, doctor_check(l, "repository.known"),
		    NOTE_WRONG, doctor_thing(l, "refs"), "%s", err.text);
		return;
	}
	if (count == 0)
		note(l->notes, NOTE_WARNING, doctor_thing(l, "refs"),
		    "there is no ref at any gate yet");
	for (size_t i = 0; l->setup->log != NULL && i < count; i++)
		look_at_ref(l, &refs[i]);
	if (l->setup->log != NULL && !l->mirror)
		look_at_pusher(l, refs, count);
}

/* Names by which a gated ref is reached that are not its own. */
static void
look_at_aliases(struct looking *l)
{
	struct repo_ref *refs;
	const struct gate *gate;
	const char *head;
	size_t count;
	struct err err;

	if (repo_refs(l->push->repo, l->notes->pool, "refs/", &refs, &count,
	        &err) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (refs[i].target != NULL &&
		    policy_gate(l->push->entry, refs[i].target, &gate) ==
		        GATE_ONE)
			note_of(l->notes, doctor_check(l, "git.settings"),
			    NOTE_WARNING, doctor_thing(l, refs[i].name),
			    "it is a symbolic ref to %s, and a push to it is "
			    "judged as one to gate %s",
			    refs[i].target, gate->name);
	if (!l->mirror &&
	    repo_symref(l->push->repo, l->notes->pool, "HEAD", &head, &err) ==
	        0 &&
	    strcmp(head, "HEAD") != 0 &&
	    policy_gate(l->push->entry, head, &gate) != GATE_ONE)
		note(l->notes, NOTE_WARNING, doctor_thing(l, "HEAD"),
		    "it stands for %s, which is at no gate", head);
}

void
doctor_refs(struct looking *l)
{
	(void)doctor_check(l, "repository.baseline");
	look_at_refs(l);
	look_at_aliases(l);
}

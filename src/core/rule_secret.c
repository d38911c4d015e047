/*
 * Control: no private key or credential lands.
 *
 * What new commits add was looked at, in each of them, so that one added and
 * taken out again in one push is found; what is in the gate's list does not
 * count.  No emergency turns it: what has landed is known to everybody who may
 * read, and taking it out again does not undo that.  What was too large to be
 * looked at is said and stops nothing.
 */
#include "core/rule.h"

#include "base/text.h"

static const char CONTROL[] = "secret";

bool
move_was_looked_at(const struct bench *b)
{
	const struct promotion *p = &b->update->promotion;
	const struct policy_repository *entry;
	const struct gate *gate;

	if (p->landed != TRI_YES || p->judged != TRI_YES ||
	    !texts_have(&b->gate->landed_on, p->landed_gate))
		return false;
	entry = policy_repository(b->policy, b->update->repository);
	gate = entry != NULL ? policy_gate_named(entry, p->landed_gate) : NULL;
	return gate != NULL && gate->secrets.scan;
}

static void
say_found(struct bench *b)
{
	const struct secrets *s = &b->update->secrets;
	const struct secret_fact *first = &s->found[0];
	size_t others = s->found_count - 1 + s->more;
	const char *at = "its message";

	if (first->path != NULL && first->path[0] != '\0')
		at = first->path;
	finding_add(b, NULL, CONTROL, UNMET, "secret.found",
	    "commit %.12s adds %s: %s, line %u%s; revoke it where it is used, "
	    "and take it out of the commit that adds it; if it is none, "
	    "'secrets: allow' of this gate may list %s",
	    shown(first->commit), shown(first->kind), at, first->line,
	    others == 0 ? "" : pool_printf(b->pool, " (and %zu more)", others),
	    shown(first->allow))
	    ->hard = true;
}

static void
say_unread(struct bench *b)
{
	const struct secrets *s = &b->update->secrets;

	finding_add(b, NULL, CONTROL, MET, "secret.not-looked-at",
	    "%u file%s too large to be looked at in whole, the first is %s",
	    s->unread, s->unread == 1 ? " was" : "s were",
	    shown(s->unread_path));
}

void
rule_secret(struct bench *b)
{
	const struct secrets *s = &b->update->secrets;

	if (!b->gate->secrets.scan || move_brings_nothing(b)) {
		finding_add(b, NULL, CONTROL, NOT_ASKED, "secret.not-asked",
		    "secrets are not looked for");
		return;
	}
	if (s->found_count > 0) {
		say_found(b);
	} else if (move_was_looked_at(b)) {
		finding_add(b, NULL, CONTROL, MET, "secret.landed",
		    "it was looked at when it landed on %s",
		    b->update->promotion.landed_gate);
	} else if (s->looked != TRI_YES || s->more > 0) {
		finding_add(b, NULL, CONTROL, UNDECIDED, "secret.unknown",
		    "what this brings could not be looked at for secrets")
		    ->hard = true;
	} else {
		finding_add(b, NULL, CONTROL, MET, "secret.none",
		    "no secret of a known shape in %u new file%s%s", s->files,
		    s->files == 1 ? "" : "s",
		    s->allowed == 0
		        ? ""
		        : pool_printf(b->pool, ", %u allowed", s->allowed));
	}
	if (s->unread > 0)
		say_unread(b);
}

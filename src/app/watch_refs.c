/* Refs, as a part of the watch. */
#include "app/watch.h"

struct seeing {
	struct notes *notes;
	int (*see)(void *ctx, const struct reconciled_ref *r, struct err *err);
	void *ctx;
};

static int
see_ref(void *ctx, const struct reconciled_ref *r, struct err *err)
{
	const struct seeing *s = ctx;

	return s->see == NULL ? 0 : s->see(s->ctx, r, err);
}

static int
see_note(void *ctx, const struct reconciled_note *r, struct err *err)
{
	const struct seeing *s = ctx;

	(void)err;
	if (r->note == NOTE_MISSING)
		note_of(s->notes,
		    checking(s->notes, "repository.there", r->repository, NULL),
		    NOTE_WRONG, r->repository, "%s", r->text);
	return 0;
}

int
watch_refs(struct setup *s, struct notes *n,
    int (*see)(void *ctx, const struct reconciled_ref *r, struct err *err),
    void *ctx, struct reconciled *sum, struct err *err)
{
	struct seeing seeing = {n, see, ctx};
	const struct reconcile_see all = {.ctx = &seeing,
	    .ref = see_ref,
	    .note = see_note};

	return reconcile_all(s, true, &all, sum, err);
}

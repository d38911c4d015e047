/*
 * record_observed - what a forge or a tool told, as a record.
 *
 * The body of an observation with the source's name, the delivery it came by
 * and the digest of that, the forge's own words, and what we made of them when
 * it was received: our name of the repository, which person it was, in which
 * groups and whether in force.  The word itself is core/observed.h; what it
 * counts for is decided when a push is judged.
 *
 * Of a delivery that makes several records all but the last say "more": the
 * first ones may be all there is when a writer dies, and then it is sent again
 * and must not be known (core/topics_told.c).
 *
 * An approval has the keys of one that is a signed tag (core/record.h), but for
 * the key and the tag: decision, commit, targets, person, groups, in_force.
 */
#ifndef CORE_RECORD_OBSERVED_H
#define CORE_RECORD_OBSERVED_H

#include "core/observed.h"
#include "core/record.h"

/* One word, resolved. */
struct told {
	const struct observed *word;
	const char *source;
	const char *delivery;   /* its id, or NULL */
	const char *body;       /* SHA-256 of its bytes; NULL: there are none */
	bool more;              /* not the last record of its delivery */
	bool asked;             /* we asked; nobody sent it by themselves */
	const char *repository; /* our name of it */
	const char *was;        /* RENAMED: our name before */
	/*
	 * Whose word it is: who said yes, or whose yes is taken back; who wrote
	 * the comment, told of the deployment or moved the ref.  `login` is the
	 * name or "id:..." that people.yaml knows them by.
	 */
	struct actor who;
	const char *const *groups;
	size_t group_count;
	enum tri in_force;
	struct actor by; /* who took another's yes back; else nobody */
	struct actor opener;
	const char *incident, *reason; /* COMMENT: an emergency it declares */
};

void record_told(struct buf *out, const struct told *t);

#endif

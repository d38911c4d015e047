/*
 * observe - from a forge's word to records.
 *
 * What a delivery says (core/payload.h), or an answer of a forge that was
 * asked, becomes bodies of records: one for each word that is kept.  Which
 * repository it is says the source's mapping; who it was, people.yaml by the
 * source's logins.  The ledger is not looked at: what a word counts for is
 * decided when a push is judged, by what was received until then.
 *
 * Nothing is kept of repositories that no mapping or policy entry names
 * (`unmatched` counts them), of actions nobody needs, and of comments that
 * declare no emergency.  A delivery of which nothing is kept has no bodies.
 */
#ifndef APP_OBSERVE_H
#define APP_OBSERVE_H

#include "base/buf.h"
#include "core/payload.h"
#include "core/source.h"
#include "edge/config.h"

struct observing {
	const struct config *config; /* as it is now */
	const struct source *source;
	const char *delivery; /* its id; NULL: none */
	const char *body;     /* SHA-256 of the raw body, in hex; or NULL */
	bool asked;           /* an answer of the forge to us */
	int64_t now;          /* when it was received */
};

struct observations {
	struct buf *list; /* bodies, in order; observations_free() */
	size_t count;
	size_t unmatched; /* words of repositories that nothing names */
};

void observe_bodies(struct observations *out, struct pool *pool,
    const struct observing *from, const struct payload *payload);
void observations_free(struct observations *o);

/*
 * Whose login that is at that source; NULL: nobody's we know.  The forge's id
 * goes before the name, which may have been given to somebody else since: who
 * has an "id:..." there is known by that alone.  `*by` is what they are known
 * by: "id:1234" or the name.
 */
const struct person *observe_person(const struct people *people,
    struct pool *pool, const char *source, const struct forge_user *user,
    const char **by);

#endif

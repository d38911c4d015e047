/*
 * config_landed - policy and people as code: both files in a Git repository
 * that is itself gated (`config_from` in foureyes.yaml).
 *
 * What is pushed to that ref must hold both files, sound as a whole, or it is
 * refused with the place; nothing turns that, an emergency neither.  What
 * landed there, by the ledger's own tip and never by the ref, is what `foureyes
 * apply
 * --landed` puts in force; a change of the policy so has its approvals like any
 * other.
 */
#ifndef APP_CONFIG_LANDED_H
#define APP_CONFIG_LANDED_H

#include "app/push.h"
#include "base/buf.h"

/*
 * Is this ref the one, and what would land there unsound?  `*why` is NULL where
 * nothing is wrong.
 */
int config_landed_check(struct push *p, const char *ref, const char *commit,
    const char **why, struct err *err) must_check;

/* One of the two files, as the ledger's tip has it. */
struct config_landed {
	const char *name;
	const char *commit;
	const char *text;
	size_t len;
	bool in_force; /* the same bytes are in force */
};
/*
 * Both of them.  ERR_CONFIG: there is no `config_from`, nothing has landed yet,
 * or the files are not there.
 */
int config_landed_find(struct setup *s, struct config_landed out[2],
    struct err *err) must_check;

#endif

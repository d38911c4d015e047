/*
 * renaming - noticing that a repository goes on under another name, and
 * recording it (rules.md 39).  What follows from such a record is
 * core/renames.h's.
 *
 * A server or forge that numbers its repositories tells it by that number: a
 * known one under a new name.  Elsewhere an administrator does, by
 * `foureyes adopt NEW --was OLD`.
 */
#ifndef APP_RENAMING_H
#define APP_RENAMING_H

#include "app/push.h"

/*
 * The number that the server gives to the push's repository, behind the kind
 * of the server, and the host that handed it over: "gitea:7", "gitea@east:7".
 * NULL: it gives none.
 */
const char *renaming_id(const struct push *p);

/*
 * Is the push's repository known by its number under another name, where there
 * is none any more?  Then that becomes a record, and all that was recorded is
 * the push's from now on.
 */
int renaming_see(struct push *p, struct err *err) must_check;

/*
 * The administrator's word that it was `was`.  ERR_INPUT: there still is one of
 * that name, nothing is known of it, or the new name has a history of its own.
 */
int renaming_tell(struct push *p, const char *was, const struct by *by,
    const char *reason, uint64_t *seq, struct err *err) must_check;

#endif

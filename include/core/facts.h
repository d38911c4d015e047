/*
 * facts - the facts of an update as JSON, and back.
 *
 * A decision record holds what was judged; `facts` writes it and reads it, so
 * that the same judge() runs in a push, in replay and over the golden cases.
 * One table a struct says which member goes under which key, for both ways.
 *
 * A member that is zero ("not known", false, none) is left out, and what is
 * left out reads as zero.  A word or type that does not fit is an error: a
 * record that cannot be read whole is not read at all.
 */
#ifndef CORE_FACTS_H
#define CORE_FACTS_H

#include "base/err.h"
#include "base/json.h"
#include "base/pool.h"
#include "base/tree.h"
#include "core/change.h"

/* Writes the members into the object that is open in `j`. */
void facts_write(struct json *j, const struct update *update);
/* Keys that are none of the facts' are passed over. */
int facts_read(struct update *update, struct pool *pool,
    const struct tree *record, struct err *err) must_check;

#endif

/*
 * access - who may do what, on one page, to be signed that somebody read it.
 *
 * As of one record: the rights that policy and people give, what changed since
 * the time before, and grants that nobody used for ACCESS_UNUSED.  A right is
 * used by what the log says somebody did with it: an approval they gave for a
 * ref of the gate, a landing or a way back they made, an emergency they
 * declared, a deployment they told of, a command they ran.
 */
#ifndef APP_ACCESS_H
#define APP_ACCESS_H

#include "app/report.h"

#define ACCESS_UNUSED ((int64_t)90 * 24 * 60 * 60 * 1000)

/* `r->asked` is set, from the last review on; `text` becomes the page. */
int access_make(struct report *r, struct buf *text, struct err *err) must_check;
/*
 * Who of people.yaml is in force and not on a list of those who work here: ids
 * or addresses, a line each, "#" begins a remark.  Lines for people to read;
 * how many.
 */
size_t access_leavers(const struct people *people, const struct buf *staff,
    int64_t now, struct buf *out);

#endif

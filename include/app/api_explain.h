/*
 * api_explain - the page behind a status at a forge: what was judged of one
 * change, each finding in words, and what would have to be done.
 *
 * Plain HTML without a script, for whoever has the link.  It tells of that
 * change alone, from the records: the newest verdict that was told to the
 * forge, and the newest decision, if there is one.
 */
#ifndef APP_API_EXPLAIN_H
#define APP_API_EXPLAIN_H

#include "app/api.h"

/* A change that no record tells of is a page that says so. */
int api_explain(struct buf *out, struct api *api, const char *id, int64_t now,
    struct err *err) must_check;
/* Its Content-Security-Policy. */
void api_explain_policy(struct buf *out);

#endif

/*
 * reading - what happened in a time, on one page: the digest of the log.
 *
 * Made from the same walk as the auditor's pack (app/report.h), as of one
 * record, so that whoever signs for it and whoever looks later read the same
 * bytes.  What is listed is cut at READING_LIST_MAX lines each; how many more
 * there are is said, and the pack has them all.
 */
#ifndef APP_READING_H
#define APP_READING_H

#include "app/report.h"

#define READING_LIST_MAX 20
#define READING_GATES_MAX 200

/* `r->asked` is set; `text` becomes the page. */
int reading_make(struct report *r, struct buf *text,
    struct err *err) must_check;
/* The same page for a browser or a mail: one file, no script. */
void reading_html(struct buf *out, const char *title, const struct buf *text);

#endif

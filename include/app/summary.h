/*
 * summary - a record in words: one line of it, or all it says.
 *
 * Only what stands in the record is told, and what is not there is passed over;
 * a record of a later version reads as far as it can be read.
 */
#ifndef APP_SUMMARY_H
#define APP_SUMMARY_H

#include "app/changelog.h"

#define SUMMARY_SHORT 12 /* digits of an id */

/* One line, without number and time, from the pool. */
const char *summary_line(struct pool *pool, const struct tree *record);
/* "2026-11-25T00:00:00Z      7  <line>" */
void summary_say(struct pool *pool, const struct record *r);
/* All of it, on standard output. */
void summary_show(struct pool *pool, const struct record *r);
void summary_show_decision(struct pool *pool, const struct tree *record);

/* One line of what a source told; NULL where none did. */
const char *summary_told(struct pool *pool, const struct tree *record);
const char *summary_renamed(struct pool *pool, const struct tree *record);

/* The first digits of an id; "nothing" for zeros and NULL. */
const char *summary_id(struct pool *pool, const char *oid);
/* A text that may have been cut for the record. */
const char *summary_text(const struct tree *record, const char *path);

#endif

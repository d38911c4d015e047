/*
 * index_bulk - an index of many lines, made at once.
 *
 * Filling an index line by line, each topic goes to another place of a tree.
 * Here they are set aside, in an unnamed file, sorted, and written in their
 * order; the database gets its name when it is whole.  Nobody waits meanwhile:
 * whoever needs the index sooner makes their own, and the last one stays.
 *
 *	index_bulk_begin(&b, x, err);
 *	index_bulk_add(b, &mark, topics, count, err);	for each line, in order
 *	index_bulk_end(b, err);		and `x` is open on it
 *
 * Memory is some megabytes, and 32 bytes more for each entry in the largest of
 * 64 parts of all topics (one topic is never cut).
 */
#ifndef EDGE_INDEX_BULK_H
#define EDGE_INDEX_BULK_H

#include "edge/index.h"

struct index_bulk;

int index_bulk_begin(struct index_bulk **out, struct index *x,
    struct err *err) must_check;
/* `topics` are numbers of index_topic_number(). */
int index_bulk_add(struct index_bulk *b, const struct chain_mark *mark,
    const int64_t *topics, size_t count, struct err *err) must_check;
/* Ends it, also where it fails. */
int index_bulk_end(struct index_bulk *b, struct err *err) must_check;
void index_bulk_drop(struct index_bulk *b); /* NULL is allowed */

#endif

/*
 * squeeze - bytes made fewer, as gzip (RFC 1952).
 *
 * The door to zlib for writing.  The same bytes give the same result: no name,
 * no time.  It cannot fail: where memory ends so does the process.
 */
#ifndef EDGE_SQUEEZE_H
#define EDGE_SQUEEZE_H

#include <stddef.h>

#include "base/buf.h"

/* Appends one whole gzip member to `out`. */
void squeeze(struct buf *out, const void *data, size_t len);

#endif

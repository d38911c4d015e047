/*
 * buf - bytes that grow.
 *
 * `struct buf buf = {0};` is valid and empty.  After any call `data` is ended
 * by a NUL that `len` does not count (`data` of a never touched buf is NULL;
 * buf_text() gives "" then).  Out of memory ends the process with status 3.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

struct buf {
	char *data;
	size_t len;
	size_t room;
};

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_char(struct buf *buf, char c);
void buf_put(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *format, ...) like_printf(2, 3);
void buf_vprintf(struct buf *buf, const char *format, va_list ap)
    like_printf(2, 0);
const char *buf_text(const struct buf *buf);
void buf_clear(struct buf *buf); /* empties, keeps the room */
void buf_free(struct buf *buf);  /* and is a valid empty buf again */

/* As it stands in HTML: & < > and both quotes are entities. */
void buf_html(struct buf *buf, const char *text, size_t len);

#endif

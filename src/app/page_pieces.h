/*
 * page_pieces - markup, style and scripts of the page, put together.
 */
#ifndef APP_PAGE_PIECES_H
#define APP_PAGE_PIECES_H

#include "base/buf.h"

/* Everything of the page up to where its data begin. */
void page_shell(struct buf *out);

#endif

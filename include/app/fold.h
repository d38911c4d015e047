/*
 * fold - sentences for a terminal of 100 columns.
 *
 * Git puts "remote: " in front of what a hook says; the rest is folded at
 * blanks, and what follows the first line is indented.  A word that is longer
 * than a line (an object id, a command) stays whole.
 */
#ifndef APP_FOLD_H
#define APP_FOLD_H

#include "base/buf.h"
#include "base/err.h"

#define FOLD_COLUMNS 92

/* `head`, a blank, and the text; ends the line. */
void fold_text(struct buf *out, const char *head, const char *text);
void fold_printf(struct buf *out, const char *head, const char *format, ...)
    like_printf(3, 4);

/*
 * Put `prefix` before each line, as some servers want (core/server_kind.h);
 * sentences that would not fit then are folded anew, commands stay whole.
 */
void fold_behind(struct buf *text, const char *prefix);

#endif

/*
 * say - answers on standard output.
 *
 * What is told may come from a commit, a tag or a record, so each line is made
 * safe for a terminal as a whole; nothing in it can begin another line.
 */
#ifndef APP_SAY_H
#define APP_SAY_H

#include "base/buf.h"

/* One line. */
void say(const char *format, ...) like_printf(1, 2);
/* A text of several lines, each behind `indent`. */
void say_text(const char *indent, const char *text);
/* What json wrote, as a line of its own; empties `json`. */
void say_json(struct buf *json);

#endif

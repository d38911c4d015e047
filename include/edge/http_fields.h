/*
 * http_fields - the headers of an answer, as they are kept: for src/edge/http.c
 * alone, and for tests that make answers.
 *
 * Each is its name in lower case and its value, both ended by NUL.  White
 * space around a value goes; a line that begins with "HTTP/" begins an answer
 * anew (behind "100 Continue"); a line without a colon is passed over.
 */
#ifndef EDGE_HTTP_FIELDS_H
#define EDGE_HTTP_FIELDS_H

#include "edge/http.h"

void http_fields_add(struct buf *fields, const char *line, size_t len);

#endif

/*
 * payload_cases - bodies and what is to be read of them.
 *
 * A case's body stands in tests/payloads/<kind>/<name>.json, what it tells, as
 * payload_told() puts it, in <name>.told; or both stand in the table.
 */
#ifndef PAYLOAD_CASES_H
#define PAYLOAD_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "payload_told.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

struct payload_case {
	const char *event;
	const char *name;
	const char *body, *told; /* NULL: in files */
};

static char *
case_file(enum source_kind kind, const char *name, const char *suffix)
{
	static char room[1 << 16];
	const char *top = getenv("FOUREYES_SRC");
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tests/payloads/%s/%s%s",
	    top == NULL ? "." : top, source_kind_name(kind), name, suffix);
	f = fopen(path, "rbe");
	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	room[fread(room, 1, sizeof(room) - 1, f)] = '\0';
	fclose(f);
	return room;
}

static void
check_case(enum source_kind kind, const struct payload_case *c)
{
	const char *body =
	    c->body == NULL ? case_file(kind, c->name, ".json") : c->body;
	struct buf told = {0};

	payload_told(&told, kind, c->event, body, strlen(body));
	if (strcmp(buf_text(&told),
	        c->told == NULL ? case_file(kind, c->name, ".told")
	                        : c->told) != 0)
		fail_msg("%s: %s", c->name, buf_text(&told));
	buf_free(&told);
}

static inline void
check_cases(enum source_kind kind, const struct payload_case *cases,
    size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_case(kind, &cases[i]);
}

/* What is told of a body; the caller frees it. */
static inline char *
told_of(enum source_kind kind, const char *event, const char *body)
{
	struct buf told = {0};

	payload_told(&told, kind, event, body, strlen(body));
	return told.data;
}

#endif

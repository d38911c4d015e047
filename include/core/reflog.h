/*
 * reflog - a line of the log that Git keeps of a ref, where it keeps one.
 *
 * "<old id> <new id> <name> <<e-mail>> <seconds> <zone>\t<message>", as
 * gitrepository-layout(5) and `git reflog` have it.  It is Git's own word:
 * whoever may write to the repository may write there too, so nothing is ever
 * granted on it.  Who and why in it are not read.
 */
#ifndef CORE_REFLOG_H
#define CORE_REFLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REFLOG_OID_SIZE 41

struct reflog {
	char old[REFLOG_OID_SIZE], new[REFLOG_OID_SIZE]; /* zeros: nothing */
	int64_t time;                                    /* an instant */
};

/* One line without its LF; false where it is none, and `out` is zeroed. */
bool reflog_read(struct reflog *out, const char *line, size_t len);

#endif

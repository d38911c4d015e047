/*
 * walking - a walk over many records: how far it is, and whether to go on.
 *
 *	walking_begin();
 *	while (more && !walking_at(seq, "records"))
 *		...
 *	walking_end();
 *
 * On a terminal, a line of progress some five times a second.  The first
 * interrupt (SIGINT, SIGTERM) is told to the walk, the second ends the process.
 */
#ifndef APP_WALKING_H
#define APP_WALKING_H

#include <stdbool.h>
#include <stdint.h>

void walking_begin(void);
/* True: it was interrupted, stop here.  Cheap enough for every record. */
bool walking_at(uint64_t done, const char *what);
void walking_end(void);

#endif

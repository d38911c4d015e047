/*
 * ledger_reserve - space kept for what must be recorded; for src/edge/ledger*.c
 * alone.
 *
 * The file `reserve` beside the segments holds LEDGER_RESERVE bytes and nothing
 * in them.  Where the disk is full, an append that may use it (ledger_spare())
 * makes the file shorter by a step, and is tried again.  It is filled up again
 * by the first append of a process that finds room for it twice.
 */
#ifndef EDGE_LEDGER_RESERVE_H
#define EDGE_LEDGER_RESERVE_H

#include "edge/ledger_files.h"

/* Is this why the last call failed?  Remembered in `l->full`. */
void ledger_note_full(struct ledger *l, int error);
/* Have all of it, where there is room; looked at once for each handle. */
void ledger_reserve_take(struct ledger *l);

#endif

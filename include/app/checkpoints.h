/*
 * checkpoints - stating what the ledger is, with the sealing key.
 */
#ifndef APP_CHECKPOINTS_H
#define APP_CHECKPOINTS_H

#include "core/merkle.h"
#include "core/settings.h"
#include "edge/ledger.h"

#define CHECKPOINT_FILE "checkpoint" /* in the ledger's directory */

/* Walk all lines and leave the tree over them in `tree`. */
int checkpoints_tree(struct merkle *tree, struct ledger *ledger,
    struct err *err) must_check;
/*
 * Seal the ledger as it is now: `<ledger>/checkpoint`, put in place in one
 * rename.  There must be none yet: one that is there is only ever extended.
 */
int checkpoints_first(struct ledger *ledger, const struct settings *settings,
    struct err *err) must_check;

#endif

/*
 * gate_read - one gate of policy.yaml, from its map.
 *
 * Sets the defaults of contract.md section 1, reads the keys, and refuses what
 * is unsound in the gate alone; what several gates make together is for
 * policy_read().  `mode` is that of the entry, for a gate without its own.
 */
#ifndef CORE_GATE_READ_H
#define CORE_GATE_READ_H

#include "core/policy.h"

#define GATE_REF_MAX 255 /* bytes of a ref name or its glob */
#define GATE_PLAN_WORDS_MAX 100
#define GATE_LANE_WITHIN_MAX 1000
#define GATE_ROUTINE_FILES_MAX 10000

extern const char *const gate_modes[];

int gate_read(struct gate *gate, struct pool *pool, const struct tree *map,
    enum mode mode, struct err *err) must_check;

/* What is looked for, and what is let in all the same; NULL: the default. */
int gate_read_secrets(struct policy_secrets *secrets, struct pool *pool,
    const struct tree *map, struct err *err) must_check;

/*
 * Globs of ours know "*" and "**" only.  What other tools' globs would read
 * otherwise is refused: such a pattern would guard nothing, in silence.
 */
int gate_check_glob(struct pool *pool, const struct tree *t, const char *glob,
    struct err *err) must_check;

#endif

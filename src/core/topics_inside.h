/* For topics*.c alone. */
#ifndef CORE_TOPICS_INSIDE_H
#define CORE_TOPICS_INSIDE_H

#include "base/pool.h"
#include "base/tree.h"

struct listing {
	struct pool *pool;
	const char **list;
	size_t count;
};

void topics_add(struct listing *l, const char *topic);
/* Of a record with a source: its delivery; and what it told. */
void topics_source(struct listing *l, const struct tree *record);
void topics_told(struct listing *l, const struct tree *record,
    const char *repository);
/* Of a landing or adoption; of whatever a page of changes shows. */
void topics_landing(struct listing *l, const struct tree *record,
    const char *repository, bool adopted);
void topics_movement(struct listing *l, const struct tree *record,
    const char *repository);

#endif

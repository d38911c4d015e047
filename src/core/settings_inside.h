/* settings_inside - what the files of core/settings share. */
#ifndef CORE_SETTINGS_INSIDE_H
#define CORE_SETTINGS_INSIDE_H

#include "core/settings.h"

struct doors {
	const struct door *list;
	size_t count;
};

/* settings_door.c: `server`, one door or a list of them; NULL: none. */
int settings_doors(struct doors *out, struct pool *pool,
    const struct tree *server, struct err *err) must_check;
/* settings_host.c: `receiver.hosts`. */
int settings_hosts(struct settings *s, struct pool *pool,
    const struct tree *hosts, struct err *err) must_check;

/* settings_ledger.c: where the ledger is kept, and where our copy of it. */
int settings_ledger(struct settings *s, struct pool *pool,
    const struct tree *document, struct err *err) must_check;

#endif

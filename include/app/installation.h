/*
 * installation - making one, from nothing.
 *
 * Two forms.  In INSTALLATION_DIR: for a server, made by root, with ledger and
 * index under INSTALLATION_DATA, where several users of one group write.  In
 * any other directory: to try it out, everything inside and of one user.
 * Nothing that is there is ever overwritten.
 */
#ifndef APP_INSTALLATION_H
#define APP_INSTALLATION_H

#include <stdbool.h>

#include "app/setup.h"
#include "app/templates.h"
#include "edge/seal.h"

#define INSTALLATION_DIR "/etc/foureyes"
#define INSTALLATION_DATA "/var/lib/foureyes"
#define INSTALLATION_ROOT "/srv/git"
#define INSTALLATION_GROUP "foureyes"
#define INSTALLATION_SEALER "foureyes-seal" /* the account */

struct installation {
	struct pool pool;
	struct template_words words; /* filled in by who asks */
	bool system;                 /* the form for a server */
	/* What was made. */
	struct setup setup;
	char fingerprint[SEAL_FINGERPRINT_SIZE];
};

/* Could it be made?  Nothing is touched yet. */
int installation_look(struct installation *i, struct err *err) must_check;
/* Make it; on -1 what was made until then stays. */
int installation_make(struct installation *i, struct err *err) must_check;
/* No quotes, backslashes or control characters: it stands in foureyes.yaml. */
int installation_path(const char *path, struct err *err) must_check;

#endif

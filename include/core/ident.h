/*
 * ident - "Name <address> seconds zone", as commits and tags name a person.
 *
 * Exactly one "<" and one ">"; the name may be empty, the address may not;
 * seconds are digits that fit and have no leading zero; the zone is a sign and
 * four digits.  Those are the rules of git fsck (fsck.c), and stricter: Git and
 * its libraries take different ones of two addresses.
 */
#ifndef CORE_IDENT_H
#define CORE_IDENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"

struct ident {
	const char *name;  /* without blanks around it; may be "" */
	const char *email; /* as written between < and > */
	const char *date;  /* "seconds zone" as written, for people to read */
	int64_t seconds;   /* since 1970; believed only where it takes away */
};

/*
 * NULL, or the code of the defect: no-address, empty-address, two-addresses,
 * bad-address, bad-name, bad-date, bad-zone; `*why` is then "two e-mail
 * addresses", to be followed by where.  `line` has no LF.
 */
const char *ident_parse(struct ident *out, struct pool *pool, const char *line,
    size_t len, const char **why);

#endif

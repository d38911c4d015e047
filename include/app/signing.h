/*
 * signing - a statement with a signature beside it, as administrators hand them
 * to a command: ssh-keygen -Y sign -n SPACE.
 */
#ifndef APP_SIGNING_H
#define APP_SIGNING_H

#include "app/setup.h"
#include "edge/signature.h"

/* signature_check() by this installation's keyring and list of revoked keys. */
int signing_check(struct signature *out, struct setup *s, const char *space,
    const struct buf *statement, const struct buf *armor,
    struct err *err) must_check;
/*
 * The person behind a good signature: whose key it is, in force now, and in one
 * of `groups`, which an error calls `called`.  No groups: nobody may.  NULL
 * with `err` set: nobody who may.
 */
const struct person *signing_person(struct setup *s,
    const struct signature *signature, const struct texts *groups,
    const char *called, struct err *err);

#endif

/*
 * secrets - what new commits add, looked at for private keys and credentials.
 *
 * Looked at are the messages of all commits that become reachable, of the tag
 * that names them, and every file that one of them has with a content that
 * none of its parents has: so one that comes and goes within a push is looked
 * at, and what landed before is not.  Each content once in a push.  Small
 * files come first; what is beyond the limits is counted and named.
 */
#ifndef APP_SECRETS_H
#define APP_SECRETS_H

#include "app/gather.h"
#include "core/secret.h"

#define SECRETS_READ_MAX 33554432 /* a file above 32 MiB is not opened */
#define SECRETS_LISTED_MAX 20     /* named in the facts; others are counted */

/* Fills the update's `secrets`; leaves them unknown when time is up. */
int gather_secrets(struct gathering *g, struct err *err) must_check;

/*
 * The paths of a commit whose content none of its parents has there, or had
 * under another name; gitlinks are none.  The commit is compared as it says
 * that its parents are.
 */
int secrets_new(struct push *p, const struct repo_commit *c,
    struct repo_path **list, size_t *count, struct err *err) must_check;

#endif

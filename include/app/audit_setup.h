/*
 * audit_setup - what an assessment is measured by.
 *
 * A policy and a people file by their own paths; else those of the
 * installation's directory, where it has a policy; else a policy that is built
 * in (one approval by anybody else, and a rollback plan) and nobody.
 */
#ifndef APP_AUDIT_SETUP_H
#define APP_AUDIT_SETUP_H

#include "app/audit.h"

/*
 * `path` is the repository's; its name is a->repository, where that is set,
 * else the last part of the path.  `policy` and `people` may be NULL.
 */
int audit_setup(struct audit *a, const char *path, const char *dir,
    const char *policy, const char *people, struct err *err) must_check;

#endif

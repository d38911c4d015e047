/* forge_gitlab - what the two files about GitLab share. */
#ifndef FORGE_GITLAB_H
#define FORGE_GITLAB_H

#include "forge_inside.h"

const char *forge_gitlab_path(struct question *q, const char *rest);
#define PATH(q, ...) forge_gitlab_path(q, pool_printf((q)->pool, __VA_ARGS__))

void forge_gitlab_user(struct question *q, struct forge_user *out,
    const struct tree *t);

int forge_gitlab_statuses(struct question *q);
int forge_gitlab_deployments(struct question *q);
int forge_gitlab_protection(struct question *q);
int forge_gitlab_post_status(struct question *q, const struct forge_status *s);

#endif

/* forge_bitbucket - what the two files about Bitbucket Cloud share. */
#ifndef FORGE_BITBUCKET_H
#define FORGE_BITBUCKET_H

#include "forge_inside.h"

const char *forge_bitbucket_path(struct question *q, const char *rest);
#define PATH(q, ...)                                                           \
	forge_bitbucket_path(q, pool_printf((q)->pool, __VA_ARGS__))

int forge_bitbucket_statuses(struct question *q);
int forge_bitbucket_deployments(struct question *q);
int forge_bitbucket_protection(struct question *q);
int forge_bitbucket_post_status(struct question *q,
    const struct forge_status *s);

#endif

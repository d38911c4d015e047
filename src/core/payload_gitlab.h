/* payload_gitlab - between the files that read GitLab's bodies. */
#ifndef PAYLOAD_GITLAB_H
#define PAYLOAD_GITLAB_H

#include "payload_parts.h"

/* `path` NULL: `t` itself.  All NULL where login or id cannot be used. */
struct forge_user payload_gitlab_user(const struct tree *t, const char *path);

/* payload_gitlab.c */
int payload_gitlab_request(struct payload_reader *r);
int payload_gitlab_note(struct payload_reader *r);
/* payload_gitlab_facts.c: of commits, refs and projects. */
int payload_gitlab_push(struct payload_reader *r);
int payload_gitlab_deployment(struct payload_reader *r);
int payload_gitlab_pipeline(struct payload_reader *r);
int payload_gitlab_build(struct payload_reader *r);
int payload_gitlab_renamed(struct payload_reader *r);

#endif

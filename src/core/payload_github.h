/* payload_github - between the files that read GitHub's bodies. */
#ifndef PAYLOAD_GITHUB_H
#define PAYLOAD_GITHUB_H

#include "payload_parts.h"

/* All NULL where there is nobody, or login or id cannot be used. */
struct forge_user payload_github_user(const struct tree *t, const char *path);

/* payload_github.c */
int payload_github_request(struct payload_reader *r);
int payload_github_review(struct payload_reader *r);
int payload_github_comment(struct payload_reader *r);
/* payload_github_facts.c: of commits and refs. */
int payload_github_status(struct payload_reader *r);
int payload_github_check_run(struct payload_reader *r);
int payload_github_deployment(struct payload_reader *r);
int payload_github_push(struct payload_reader *r);
int payload_github_merge_group(struct payload_reader *r);
/* payload_github_rules.c: of a repository. */
int payload_github_rule(struct payload_reader *r);
int payload_github_ruleset(struct payload_reader *r);
int payload_github_configuration(struct payload_reader *r);
int payload_github_repository(struct payload_reader *r);
int payload_github_key(struct payload_reader *r);
int payload_github_meta(struct payload_reader *r);

#endif

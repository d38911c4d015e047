/*
 * topics - under which topics a record of the ledger is found again.
 *
 * The index keeps topics and line numbers only (edge/index.h); which topics a
 * record has is said here, once, for the writer of the index and for those who
 * ask.  A record found under a topic is read and looked at before it counts.
 *
 * Parts are separated by a blank; none of them holds one (names of repositories
 * and refs with a blank are refused long before).
 */
#ifndef CORE_TOPICS_H
#define CORE_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/pool.h"
#include "base/tree.h"

/* All topics of one record, from the pool. */
void topics_of(struct pool *pool, const struct tree *record,
    const char *const **list, size_t *count);

/* The names of topics, for those who ask. */

/*
 * The repository whose topic this is: `*len` bytes from `*at` of it.  False: it
 * is no one repository's.
 */
bool topic_repository(const char *topic, size_t *at, size_t *len);

/* Observation: the server received this commit in a push. */
const char *topic_received(struct pool *p, const char *commit);
/* The same of one that changes this: paths and what they held and hold. */
const char *topic_patch(struct pool *p, const char *patch);
/* A signed statement, known by the digest of its signed bytes. */
const char *topic_statement(struct pool *p, const char *id);
/* Approvals, objections, withdrawals of a commit. */
const char *topic_approval(struct pool *p, const char *repository,
    const char *commit);
/* Those given for a target (a full ref name or a gate's glob). */
const char *topic_approvals(struct pool *p, const char *repository,
    const char *target);
/* Only the objections and withdrawals among them. */
const char *topic_against(struct pool *p, const char *repository,
    const char *target);
/* Emergencies declared by a signed tag, for a commit. */
const char *topic_declared(struct pool *p, const char *repository,
    const char *commit);
const char *topic_deployment(struct pool *p, const char *repository,
    const char *environment, const char *commit);
/* What a source told; of deliveries their id and the digest of their bytes. */
const char *topic_delivery(struct pool *p, const char *source, const char *id);
const char *topic_body(struct pool *p, const char *source, const char *digest);
/* All that a source told by itself; what it was asked for is not in it. */
const char *topic_heard(struct pool *p, const char *source);
/* All words on one request: its states, reviews, comments. */
const char *topic_request(struct pool *p, const char *repository,
    const char *source, const char *number);
/* The same by the forge's own id of it. */
const char *topic_request_id(struct pool *p, const char *repository,
    const char *id);
/* Words on requests that had this head when they were told. */
const char *topic_head(struct pool *p, const char *repository,
    const char *commit);
/* Words on requests that were for this ref when they were told. */
const char *topic_requests(struct pool *p, const char *repository,
    const char *target);
/* Checks of a commit. */
const char *topic_status(struct pool *p, const char *repository,
    const char *commit);
/* Refs that a source told to have moved; merge queues; settings. */
const char *topic_moved(struct pool *p, const char *repository,
    const char *ref);
const char *topic_queued(struct pool *p, const char *repository);
const char *topic_protection(struct pool *p, const char *repository);
/*
 * Whatever names the repository of that number: the server's kind or the source
 * before it, "gitea:7".
 */
const char *topic_numbered(struct pool *p, const char *id);
/* Every new name of every repository. */
const char *topic_all_renamed(void);
/* Decisions on a ref; those asked for by the receiver included. */
const char *topic_decision(struct pool *p, const char *repository,
    const char *ref);
/* Decisions that would let something land by this statement's record. */
const char *topic_used(struct pool *p, uint64_t statement);
/* Landings and adoptions of a ref: the newest is the ledger's tip. */
const char *topic_tip(struct pool *p, const char *repository, const char *ref);
/* Landings and adoptions by which a commit landed on a gate. */
const char *topic_landed(struct pool *p, const char *repository,
    const char *gate, const char *commit);
/* Adoptions of refs of a gate. */
const char *topic_adopted(struct pool *p, const char *repository,
    const char *gate);
/* All landings and adoptions of a repository. */
const char *topic_tips(struct pool *p, const char *repository);
/* Those by which a ref came to be known; of every repository. */
const char *topic_born(struct pool *p, const char *repository);
const char *topic_all_born(void);
/* Landings that were not judged in full: emergencies, observe mode. */
const char *topic_unjudged(struct pool *p, const char *repository,
    const char *gate);
/* All of these, of every repository. */
const char *topic_all_unjudged(void);
/* Emergency landings of a gate, and of all gates: each owed a review. */
const char *topic_owed(struct pool *p, const char *repository,
    const char *gate);
const char *topic_all_owed(void);
/* The review of that landing was found to be done. */
const char *topic_reviewed(struct pool *p, uint64_t landing);
/* What a forge was told of that commit. */
const char *topic_posted(struct pool *p, const char *repository,
    const char *commit);
/* Drift and its explanations. */
const char *topic_drift(struct pool *p, const char *repository,
    const char *ref);
/* Where the oldest records were taken away. */
const char *topic_pruned(void);
/* Where records were found to be lost. */
const char *topic_lost(void);
/* How checks stand, and values that were accepted (core/checkup.h). */
const char *topic_checks(void);
/* "policy", "people", "settings": their texts; "signoff", "key",
 * "opened".  Newest last. */
const char *topic_text(struct pool *p, const char *type);
/* The settings of one of several machines that share a ledger. */
const char *topic_node(struct pool *p, const char *node);
/*
 * What a page of changes shows: landings, and what moved undecided.  Of all
 * repositories, of one, of one gate of it (NULL: any).
 */
const char *topic_changes(struct pool *p, const char *repository,
    const char *gate);
/* Decisions that judged this change, or that promote it; verdicts told of it.
 */
const char *topic_change(struct pool *p, const char *id);
/* What landed by that decision. */
const char *topic_lands(struct pool *p, uint64_t decision);
/* Everything that names this commit as new tip, approved or deployed. */
const char *topic_commit(struct pool *p, const char *commit);

#endif

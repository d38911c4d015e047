/*
 * said - what somebody said of a commit, as facts: approvals and checks.
 *
 * Part of core/change.h, which says what zero means and who owns the memory.
 */
#ifndef CORE_SAID_H
#define CORE_SAID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"

enum tri {
	TRI_UNKNOWN = 0,
	TRI_NO,
	TRI_YES
};

/* Who did something, as the server or a key told us. */
struct actor {
	const char *person; /* id; NULL: nobody we know */
	const char *login;  /* what the door said */
	bool machine;
};

enum part {
	PART_NONE = 0,
	PART_AUTHOR,
	PART_COMMITTER,
	PART_COAUTHOR,
	PART_FIRST_PUSHER,
	PART_OPENER,
	PART_OWNER /* answers for a machine that has a part in it */
};

/* The request that a forge knows a commit by (rules.md 14). */
struct on_request {
	const char *source; /* that told of it; NULL: there is none */
	const char *number;
	bool told;         /* the yes itself was given there, and is no tag */
	const char *login; /* by which its person is known there */
	enum tri trusted;  /* that source is asked of approvals */
	enum tri open;     /* neither retargeted nor closed without a merge */
	bool assumed;      /* it named no commit: this is the head of then */
	enum tri certain;  /* named, or the forge, asked, still has that head */
	enum tri present;  /* the head it has now gives the same here */
};

/* A person's yes or no to one commit for one target. */
struct approval {
	uint64_t seq; /* of the observation */
	const char *person;
	bool machine;
	const char *key; /* that signed it; NULL: the pusher's own word */
	bool presence;   /* a security key, touched */
	const char *repository;
	const char *commit;
	const char *target;
	int64_t time; /* received */
	const char *source;
	enum carried carried;  /* how it covers this change, if at all */
	enum tri in_force;     /* person and key, when received */
	enum tri groups_known; /* those they were in then (rules.md 15) */
	const char *const *groups;
	size_t group_count;
	enum tri spent;      /* by a landing since (rules.md 11) */
	enum tri after_fact; /* its commit changed nothing when received */
	const char *in_use;  /* a ref that it was let land on; or NULL */
	uint64_t taken_back; /* the same person's later statement, or 0 */
	uint64_t voided;     /* a later record that lines were lost, or 0 */
	enum tri plan_in_it; /* its message holds the plan that counts */
	struct on_request request;
};

/* The newest that a source told of one check of one commit. */
struct check {
	uint64_t seq;
	const char *source;
	const char *context; /* its name */
	const char *commit;
	const char *result;   /* "success", "failure", "pending" */
	const char *person;   /* who set it, where the source names somebody */
	enum tri trusted;     /* that source is asked of tests */
	enum tri independent; /* no contributor's own word */
	int64_t time;
};

#endif

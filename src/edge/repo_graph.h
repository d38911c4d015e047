/*
 * repo_graph - the commits an open repository knows so far, and painting them.
 *
 * A node is made once an id is seen and never changes what it says: commits
 * are immutable.  A walk paints: NEW spreads from some commits to all their
 * ancestors, HIDDEN from others.  The newest open node is opened first, by
 * the date it claims; a date only decides the order of the work.
 */
#ifndef EDGE_REPO_GRAPH_H
#define EDGE_REPO_GRAPH_H

#include "repo_inside.h"

enum {
	REPO_NEW = 1,
	REPO_HIDDEN = 2,
	REPO_BOTH = REPO_NEW | REPO_HIDDEN,
	REPO_OPENED = 4, /* its parents are painted */
	REPO_BELOW = 8   /* for whoever walks: a child of it was seen */
};

struct repo_node {
	unsigned char id[20];
	bool known; /* what follows has been read */
	int64_t date;
	struct repo_node **parents;
	size_t parent_count;
	/* Of the walk `walk` only. */
	unsigned walk;
	unsigned flags;
	uint64_t marks; /* further colours, spread likewise */
	size_t children;
};

/* The newest first; of one date, the smallest id. */
struct repo_heap {
	struct repo_node **nodes;
	size_t count, room;
};
void repo_heap_push(struct repo_heap *heap, struct repo_node *node);
struct repo_node *repo_heap_pop(struct repo_heap *heap); /* NULL: empty */
void repo_heap_free(struct repo_heap *heap);

struct repo_walk {
	struct repo *r;
	struct repo_heap fresh;  /* open, NEW only */
	struct repo_heap hidden; /* open, the others */
	struct repo_heap stack;  /* used as one: to be passed down */
	struct repo_node **seen; /* all that were painted */
	size_t seen_count, seen_room;
	size_t fresh_steps, hidden_steps;
	bool lied; /* a parent claims to be much newer than its child */
	bool turn;
};

/* The commit with that id, read; anything but a commit is an error. */
int repo_node(struct repo *r, const char *oid, struct repo_node **out,
    struct err *err) must_check;
int repo_node_read(struct repo *r, struct repo_node *node,
    struct err *err) must_check;

void repo_walk_start(struct repo_walk *w, struct repo *r);
void repo_walk_end(struct repo_walk *w);
/* Give a node colours, and all its ancestors that have been opened. */
int repo_paint(struct repo_walk *w, struct repo_node *node, unsigned flags,
    uint64_t marks, struct err *err) must_check;
/* Is there an open node that is NEW and not HIDDEN? */
bool repo_walk_has_fresh(struct repo_walk *w);
/* Open the node that is next in turn, of those `fresh` and `hidden` hold. */
int repo_walk_step(struct repo_walk *w, struct err *err) must_check;
/* Open this one, which is in no heap any more. */
int repo_walk_open(struct repo_walk *w, struct repo_node *node,
    struct err *err) must_check;
/* Colours of a node in this walk; 0 for one it never met. */
unsigned repo_flags(const struct repo_walk *w, const struct repo_node *node);

#endif

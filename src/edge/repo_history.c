/*
 * A whole history, one commit after the other: what adoption looks at.  Only
 * the graph is kept, so that memory grows by some hundred bytes a commit.
 */
#include <stdlib.h>

#include <git2.h>

#include "repo_graph.h"

struct history {
	struct repo *r;
	struct repo_node **todo;
	size_t count, room;
	repo_commit_see *see;
	void *ctx;
};

static void
add(struct history *h, struct repo_node *node)
{
	if (node->walk == h->r->walk)
		return;
	node->walk = h->r->walk;
	if (h->count == h->room) {
		size_t room = h->room == 0 ? 256 : 2 * h->room;
		void *more = reallocarray(h->todo, room, sizeof(h->todo[0]));

		if (more == NULL)
			err_fatal("out of memory");
		h->todo = more;
		h->room = room;
	}
	h->todo[h->count++] = node;
}

static int
visit(struct history *h, struct repo_node *node, struct err *err)
{
	git_odb_object *object = NULL;
	char oid[REPO_OID_SIZE];
	git_oid id;
	int ret;

	git_oid_fromraw(&id, node->id);
	if (repo_read(h->r, &id, REPO_COMMIT, &object, err) < 0)
		return -1;
	repo_oid_text(oid, node->id);
	ret = h->see(h->ctx, oid, git_odb_object_data(object),
	    git_odb_object_size(object));
	git_odb_object_free(object);
	return ret != 0 ? ret : repo_node_read(h->r, node, err);
}

int
repo_history(struct repo *r, const char *const tips[], size_t tip_count,
    repo_commit_see *see, void *ctx, struct err *err)
{
	struct history h = {.r = r, .see = see, .ctx = ctx};
	struct repo_walk w;
	struct repo_node *node;
	int ret = 0;

	repo_walk_start(&w, r);
	for (size_t i = 0; i < tip_count && ret == 0; i++) {
		ret = repo_node(r, tips[i], &node, err);
		if (ret == 0)
			add(&h, node);
	}
	while (ret == 0 && h.count > 0) {
		node = h.todo[--h.count];
		ret = visit(&h, node, err);
		for (size_t i = 0; ret == 0 && i < node->parent_count; i++)
			add(&h, node->parents[i]);
	}
	free(h.todo);
	repo_walk_end(&w);
	return ret;
}

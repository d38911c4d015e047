#include "repo_graph.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <git2.h>

#include "repo_parse.h"

#define SLOTS_FIRST 1024
#define DAY 86400
/* A hidden side that is newer may go ahead of the new one by this much. */
#define AHEAD 64

static void *
grown(void *list, size_t room, size_t size)
{
	void *more = reallocarray(list, room, size);

	if (more == NULL)
		err_fatal("out of memory");
	return more;
}

static bool
is_before(const struct repo_node *a, const struct repo_node *b)
{
	if (a->date != b->date)
		return a->date > b->date;
	return memcmp(a->id, b->id, sizeof(a->id)) < 0;
}

void
repo_heap_push(struct repo_heap *heap, struct repo_node *node)
{
	size_t at = heap->count++;

	if (heap->count > heap->room) {
		heap->room = heap->room == 0 ? 64 : 2 * heap->room;
		heap->nodes =
		    grown(heap->nodes, heap->room, sizeof(heap->nodes[0]));
	}
	while (at > 0 && is_before(node, heap->nodes[(at - 1) / 2])) {
		heap->nodes[at] = heap->nodes[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	heap->nodes[at] = node;
}

struct repo_node *
repo_heap_pop(struct repo_heap *heap)
{
	struct repo_node *top, *last;
	size_t at = 0;

	if (heap->count == 0)
		return NULL;
	top = heap->nodes[0];
	last = heap->nodes[--heap->count];
	for (size_t child; (child = 2 * at + 1) < heap->count; at = child) {
		if (child + 1 < heap->count &&
		    is_before(heap->nodes[child + 1], heap->nodes[child]))
			child++;
		if (!is_before(heap->nodes[child], last))
			break;
		heap->nodes[at] = heap->nodes[child];
	}
	heap->nodes[at] = last;
	return top;
}

void
repo_heap_free(struct repo_heap *heap)
{
	free(heap->nodes);
	memset(heap, 0, sizeof(*heap));
}

static size_t
slot_of(const struct repo *r, const unsigned char id[20])
{
	uint64_t start;

	memcpy(&start, id, sizeof(start));
	return (size_t)start & (r->slot_count - 1);
}

static void
grow_table(struct repo *r)
{
	size_t count = r->slot_count;
	struct repo_node **old = r->slots;

	r->slot_count = count == 0 ? SLOTS_FIRST : 2 * count;
	r->slots = calloc(r->slot_count, sizeof(r->slots[0]));
	if (r->slots == NULL)
		err_fatal("out of memory");
	for (size_t i = 0; i < count; i++) {
		size_t at;

		if (old[i] == NULL)
			continue;
		at = slot_of(r, old[i]->id);
		while (r->slots[at] != NULL)
			at = (at + 1) & (r->slot_count - 1);
		r->slots[at] = old[i];
	}
	free(old);
}

static struct repo_node *
node_of(struct repo *r, const unsigned char id[20])
{
	struct repo_node *node;
	size_t at;

	if (2 * (r->node_count + 1) > r->slot_count)
		grow_table(r);
	at = slot_of(r, id);
	while (r->slots[at] != NULL) {
		if (memcmp(r->slots[at]->id, id, sizeof(node->id)) == 0)
			return r->slots[at];
		at = (at + 1) & (r->slot_count - 1);
	}
	node = pool_alloc(&r->pool, sizeof(*node));
	memcpy(node->id, id, sizeof(node->id));
	r->slots[at] = node;
	r->node_count++;
	return node;
}

static int
learn(struct repo *r, struct repo_node *node, git_odb_object *object,
    struct err *err)
{
	char hex[REPO_OID_SIZE];
	struct repo_parsed p;
	git_oid id;

	repo_oid_text(hex, node->id);
	if (!repo_parse_commit(&p, git_odb_object_data(object),
	        git_odb_object_size(object)))
		return err_set(err, ERR_INPUT, "commit %s is malformed", hex);
	if (p.parent_count > REPO_PARENTS_MAX)
		return err_set(err, ERR_INPUT,
		    "commit %s has more than %d parents", hex,
		    REPO_PARENTS_MAX);
	node->parents =
	    pool_array(&r->pool, p.parent_count, sizeof(node->parents[0]));
	for (size_t i = 0; i < p.parent_count; i++) {
		git_oid_fromstrn(&id, repo_parsed_parent(&p, i), 40);
		node->parents[i] = node_of(r, id.id);
	}
	node->parent_count = p.parent_count;
	node->date = p.date;
	node->known = true;
	return 0;
}

int
repo_node_read(struct repo *r, struct repo_node *node, struct err *err)
{
	git_odb_object *object = NULL;
	git_oid id;
	int ret;

	if (node->known)
		return 0;
	if (r->node_count > REPO_WALK_MAX)
		return err_set(err, ERR_INPUT,
		    "more than %d commits to look at", REPO_WALK_MAX);
	git_oid_fromraw(&id, node->id);
	if (repo_read(r, &id, REPO_COMMIT, &object, err) < 0) {
		r->shallow = r->shallow || git_odb_exists(r->db, &id) == 0;
		return -1;
	}
	ret = learn(r, node, object, err);
	git_odb_object_free(object);
	return ret;
}

int
repo_node(struct repo *r, const char *oid, struct repo_node **out,
    struct err *err)
{
	git_oid id;

	if (repo_oid(&id, oid, err) < 0)
		return -1;
	*out = node_of(r, id.id);
	return repo_node_read(r, *out, err);
}

void
repo_walk_start(struct repo_walk *w, struct repo *r)
{
	memset(w, 0, sizeof(*w));
	w->r = r;
	r->walk++;
}

void
repo_walk_end(struct repo_walk *w)
{
	free(w->fresh.nodes);
	free(w->hidden.nodes);
	free(w->stack.nodes);
	free(w->seen);
	memset(w, 0, sizeof(*w));
}

unsigned
repo_flags(const struct repo_walk *w, const struct repo_node *node)
{
	return node->walk == w->r->walk ? node->flags : 0;
}

static void
push_plain(struct repo_heap *stack, struct repo_node *node)
{
	if (stack->count == stack->room) {
		stack->room = stack->room == 0 ? 64 : 2 * stack->room;
		stack->nodes =
		    grown(stack->nodes, stack->room, sizeof(stack->nodes[0]));
	}
	stack->nodes[stack->count++] = node;
}

static void
note_seen(struct repo_walk *w, struct repo_node *node)
{
	if (w->seen_count == w->seen_room) {
		w->seen_room = w->seen_room == 0 ? 256 : 2 * w->seen_room;
		w->seen = grown(w->seen, w->seen_room, sizeof(w->seen[0]));
	}
	w->seen[w->seen_count++] = node;
}

static struct repo_heap *
heap_for(struct repo_walk *w, const struct repo_node *node)
{
	return (node->flags & REPO_BOTH) == REPO_NEW ? &w->fresh : &w->hidden;
}

/* One node; its ancestors are left to the stack. */
static int
paint_one(struct repo_walk *w, struct repo_node *node, unsigned flags,
    uint64_t marks, struct err *err)
{
	if (node->walk != w->r->walk) {
		if (repo_node_read(w->r, node, err) < 0)
			return -1;
		node->walk = w->r->walk;
		node->flags = flags;
		node->marks = marks;
		node->children = 0;
		note_seen(w, node);
		repo_heap_push(heap_for(w, node), node);
		return 0;
	}
	if ((node->flags | flags) == node->flags &&
	    (node->marks | marks) == node->marks)
		return 0;
	node->flags |= flags;
	node->marks |= marks;
	/* An open one stays in the heap it is in until it comes to the top. */
	if ((node->flags & REPO_OPENED) != 0)
		push_plain(&w->stack, node);
	return 0;
}

static int
pass_down(struct repo_walk *w, struct err *err)
{
	while (w->stack.count > 0) {
		struct repo_node *node = w->stack.nodes[--w->stack.count];

		for (size_t i = 0; i < node->parent_count; i++)
			if (paint_one(w, node->parents[i],
			        node->flags & REPO_BOTH, node->marks, err) < 0)
				return -1;
	}
	return 0;
}

int
repo_paint(struct repo_walk *w, struct repo_node *node, unsigned flags,
    uint64_t marks, struct err *err)
{
	if (paint_one(w, node, flags, marks, err) < 0)
		return -1;
	return pass_down(w, err);
}

bool
repo_walk_has_fresh(struct repo_walk *w)
{
	while (
	    w->fresh.count > 0 && heap_for(w, w->fresh.nodes[0]) == &w->hidden)
		repo_heap_push(&w->hidden, repo_heap_pop(&w->fresh));
	return w->fresh.count > 0;
}

int
repo_walk_open(struct repo_walk *w, struct repo_node *node, struct err *err)
{
	assert((node->flags & REPO_OPENED) == 0);
	node->flags |= REPO_OPENED;
	push_plain(&w->stack, node);
	if (pass_down(w, err) < 0)
		return -1;
	for (size_t i = 0; i < node->parent_count; i++)
		if (node->parents[i]->date > node->date + DAY)
			w->lied = true;
	return 0;
}

/*
 * By date, as long as dates can be trusted to lead somewhere.  The new side is
 * always first to move, which settles a plain push at once; and no side can
 * keep the other from moving by claiming to be newer for ever.
 */
static bool
is_freshs_turn(struct repo_walk *w)
{
	if (w->hidden.count == 0 || w->fresh_steps == 0 ||
	    w->hidden_steps > 4 * w->fresh_steps + AHEAD)
		return true;
	if (w->lied) {
		w->turn = !w->turn;
		return w->turn;
	}
	return w->fresh.nodes[0]->date >= w->hidden.nodes[0]->date;
}

int
repo_walk_step(struct repo_walk *w, struct err *err)
{
	if (repo_walk_has_fresh(w) && is_freshs_turn(w)) {
		w->fresh_steps++;
		return repo_walk_open(w, repo_heap_pop(&w->fresh), err);
	}
	assert(w->hidden.count > 0);
	w->hidden_steps++;
	return repo_walk_open(w, repo_heap_pop(&w->hidden), err);
}

#include "edge/ledger_unit.h"

#include <stdlib.h>
#include <string.h>

#define TAIL ((size_t)16384) /* of the last line, beyond the unit */

static void
grow(void *list, size_t *room, size_t count, size_t size)
{
	void *data;

	if (count < *room)
		return;
	memcpy(&data, list, sizeof(data));
	*room = *room == 0 ? 256 : *room * 2;
	data = realloc(data, *room * size);
	if (data == NULL)
		err_fatal("out of memory");
	memcpy(list, &data, sizeof(data));
}

/* ---- bytes ---- */

/* Up to `len` bytes of the unit; what is not there yet is read. */
static void
read_to(struct ledger_unit *u, size_t len)
{
	struct err ignored = {0};
	size_t got;

	while (u->room < len)
		grow(&u->data, &u->room, u->room, 1);
	if (ledger_pread(u->ledger, u->segment, u->fd, u->data + u->have,
	        len - u->have, u->from + u->have, &got, &ignored) < 0) {
		u->odd = true;
		return;
	}
	u->have += got;
	u->at_end = u->have < len;
}

/* Where the line that begins at `at` ends; NULL: that is not in the file. */
static const char *
line_end(struct ledger_unit *u, size_t at)
{
	size_t looked = at;
	const char *lf;

	for (;;) {
		lf = u->have > looked
		    ? memchr(u->data + looked, '\n', u->have - looked)
		    : NULL;
		if (lf != NULL || u->odd || u->at_end ||
		    u->have - at > LEDGER_LINE_MAX)
			return lf;
		looked = u->have;
		read_to(u, u->have + TAIL);
	}
}

/* ---- the tree ---- */

static void
join_last(struct ledger_unit *u)
{
	struct unit_node *n = u->nodes + u->node_count;

	while (u->node_count - u->floor >= 2 && n[-1].level == n[-2].level &&
	    (n[-2].at >> n[-2].level & 1) == 0) {
		merkle_join(n[-2].digest, n[-2].digest, n[-1].digest);
		n[-2].level++;
		u->node_count--;
		n--;
	}
}

/* The leaf where the tree needs it. */
static void
add_leaf(struct ledger_unit *u, uint64_t seq,
    const unsigned char leaf[DIGEST_SIZE])
{
	const struct ledger_scan *s = u->scan;
	struct unit_node *n;

	grow(&u->nodes, &u->node_room, u->node_count, sizeof(*u->nodes));
	n = &u->nodes[u->node_count++];
	n->at = seq - 1;
	n->level = 0;
	memcpy(n->digest, leaf, DIGEST_SIZE);
	join_last(u);
	if (s->stops[u->next_stop] == seq)
		u->floor = u->node_count;
}

/* Is there a size still to come at which the tree is asked for? */
static bool
is_in_tree(struct ledger_unit *u, uint64_t seq)
{
	const struct ledger_scan *s = u->scan;

	while (u->next_stop < s->stop_count && s->stops[u->next_stop] < seq)
		u->next_stop++;
	return u->next_stop < s->stop_count;
}

/* ---- lines ---- */

static void
add_pick(struct ledger_unit *u, const struct unit_pick *pick)
{
	grow(&u->picks, &u->pick_room, u->pick_count, sizeof(*u->picks));
	u->picks[u->pick_count++] = *pick;
}

static void
look_at_clock(struct ledger_unit *u, const struct chain_head *head)
{
	if (u->count > 0 && head->time < u->last_time && u->went_back++ == 0)
		u->back_at = head->seq;
	u->last_time = head->time;
}

/* What is made of a line that follows the one before it. */
static void
keep_line(struct ledger_unit *u, struct unit_pick *one)
{
	const struct ledger_scan *s = u->scan;
	const char *line = u->data + one->at;
	size_t len = (size_t)one->mark.length;
	bool in_tree = is_in_tree(u, one->mark.seq);

	if (in_tree || s->leaves)
		merkle_leaf(one->leaf, line, len);
	if (in_tree)
		add_leaf(u, one->mark.seq, one->leaf);
	if (s->pick != NULL && s->pick(&one->head, line, len, s->ctx))
		add_pick(u, one);
}

/* False: it is odd. */
static bool
take_line(struct ledger_unit *u, size_t at, size_t len)
{
	const char *line = u->data + at;
	struct unit_pick one = {.at = at,
	    .mark = {.segment = u->segment,
	        .offset = u->from + at,
	        .length = len}};

	if (len > LEDGER_LINE_MAX || !chain_read(&one.head, line, len) ||
	    (u->count > 0 &&
	        (one.head.seq != u->last.seq + 1 ||
	            memcmp(one.head.prev, u->last.digest, DIGEST_SIZE) != 0)))
		return false;
	one.mark.seq = one.head.seq;
	digest_sha256(one.mark.digest, line, len);
	if (u->count == 0)
		u->head = one.head;
	look_at_clock(u, &one.head);
	keep_line(u, &one);
	u->last = one.mark;
	u->count++;
	return true;
}

void
ledger_unit_run(struct ledger_unit *u)
{
	size_t span = (size_t)(u->to - u->from), at = 0;
	const char *lf;

	u->count = u->went_back = 0;
	u->have = u->node_count = u->pick_count = u->floor = 0;
	u->odd = u->at_end = false;
	read_to(u, span + TAIL);
	if (!u->first) {
		lf = memchr(u->data, '\n', u->have < span ? u->have : span);
		if (lf == NULL)
			return;
		at = (size_t)(lf - u->data) + 1;
	}
	while (!u->odd && at <= span && at < u->have) {
		lf = line_end(u, at);
		if (lf == NULL) {
			u->odd = u->odd || !u->at_end;
			return;
		}
		if (!take_line(u, at, (size_t)(lf - u->data) - at)) {
			u->odd = true;
			return;
		}
		at = (size_t)(lf - u->data) + 1;
	}
}

void
ledger_unit_free(struct ledger_unit *u)
{
	free(u->data);
	free(u->nodes);
	free(u->picks);
}

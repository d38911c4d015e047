#include "app/receiver_known.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#define ROOM_FIRST 1024 /* a power of two; half of it is used at most */

static struct receiver_known_topic *
place_of(const struct receiver_known_half *h, int64_t topic)
{
	size_t at = (size_t)topic & (h->room - 1);

	while (h->list[at].seq != 0 && h->list[at].topic != topic)
		at = (at + 1) & (h->room - 1);
	return &h->list[at];
}

static uint64_t
seq_in(const struct receiver_known_half *h, int64_t topic)
{
	return h->count == 0 ? 0 : place_of(h, topic)->seq;
}

uint64_t
receiver_known_seq(const struct receiver_known *k, int64_t topic)
{
	uint64_t seq = seq_in(&k->old, topic);

	return seq != 0 ? seq : seq_in(&k->young, topic);
}

static void
more_room(struct receiver_known_half *h)
{
	struct receiver_known_half before = *h;

	h->room = before.room == 0 ? ROOM_FIRST : before.room * 2;
	h->list = calloc(h->room, sizeof(*h->list));
	if (h->list == NULL)
		err_fatal("out of memory");
	for (size_t i = 0; i < before.room; i++)
		if (before.list[i].seq != 0)
			*place_of(h, before.list[i].topic) = before.list[i];
	free(before.list);
}

bool
receiver_known_add(struct receiver_known *k, int64_t topic, uint64_t seq)
{
	struct receiver_known_half *h = &k->young;
	struct receiver_known_topic *place;

	if (receiver_known_seq(k, topic) != 0)
		return true;
	if (h->count == RECEIVER_KNOWN_MAX)
		return false;
	if (h->count * 2 >= h->room)
		more_room(h);
	place = place_of(h, topic);
	*place = (struct receiver_known_topic){topic, seq};
	h->count++;
	return true;
}

size_t
receiver_known_room(const struct receiver_known *k)
{
	return RECEIVER_KNOWN_MAX - k->young.count;
}

static void
empty(struct receiver_known_half *h)
{
	free(h->list);
	*h = (struct receiver_known_half){0};
}

void
receiver_known_turn(struct receiver_known *k, uint64_t indexed, uint64_t last)
{
	if (k->old.count > 0 && k->old.last > indexed)
		return;
	empty(&k->old);
	if (k->young.count == 0)
		return;
	if (last > indexed) {
		k->old = k->young;
		k->old.last = last;
		k->young = (struct receiver_known_half){0};
	} else {
		empty(&k->young);
	}
}

void
receiver_known_forget(struct receiver_known *k)
{
	empty(&k->young);
	empty(&k->old);
}

/*
 * receiver_known - the topics of records that the index does not know yet.
 *
 * Of one thread at a time.  There are two halves: while the index catches up as
 * far as the old one goes, the young one fills; then the old one is dropped as
 * a whole.  `= {0}` is empty.
 */
#ifndef APP_RECEIVER_KNOWN_H
#define APP_RECEIVER_KNOWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECEIVER_KNOWN_MAX 65536 /* topics of one half; 2 MB */

struct receiver_known_topic {
	int64_t topic; /* index_topic_number() */
	uint64_t seq;  /* 0: none */
};

struct receiver_known_half {
	struct receiver_known_topic *list;
	size_t room, count;
	uint64_t last; /* of the old one: as far as it goes */
};

struct receiver_known {
	struct receiver_known_half young, old;
};

/* The record that has it; 0: none here. */
uint64_t receiver_known_seq(const struct receiver_known *k, int64_t topic);
/* The first record that has it stays.  False: it is full. */
bool receiver_known_add(struct receiver_known *k, int64_t topic, uint64_t seq);
/* How many more it takes. */
size_t receiver_known_room(const struct receiver_known *k);
/* The index goes as far as `indexed`; what is here, as far as `last`. */
void receiver_known_turn(struct receiver_known *k, uint64_t indexed,
    uint64_t last);
void receiver_known_forget(struct receiver_known *k);

#endif

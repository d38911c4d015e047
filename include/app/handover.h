/*
 * handover - a hook whose gate is elsewhere.
 *
 * It gathers Git's facts, hands them to foureyesd in a parcel
 * (core/parcel.h), answers what that asks of the repository, tells the pusher
 * what it is told to, and ends with the status it is given.  No answer is a
 * refusal in words of its own.
 *
 * Each parcel is the body of a POST to /v1/gate, each answer one too.  An
 * answer with a field Foureyes-Gate asks for objects; they are sent to
 * /v1/gate/<that>.
 */
#ifndef APP_HANDOVER_H
#define APP_HANDOVER_H

#include "app/hook.h"
#include "core/http_head.h"

#define HANDOVER_ROUNDS_MAX 100000
#define HANDOVER_SECRET_MAX 4096 /* bytes of a secret's file */

#define HANDOVER_PROBE "probe" /* no hook's name: would one be answered? */

/* Hand over, and what the hook ends with. */
int handover_run(struct hook *hook, struct setup *s);
/*
 * Does foureyesd answer, take our word, and have its ledger?  Nothing is
 * recorded.
 */
int handover_probe(struct setup *s, struct err *err) must_check;

/* handover_gather.c: the first parcel. */
struct handover {
	struct hook *hook;
	struct setup *setup;
	struct pool *pool;
	struct repo *repo;
	int64_t until;   /* an instant */
	struct map sent; /* ids of objects that were handed over */
	size_t ahead; /* how many objects are sent before they are asked for */
};
int handover_gather(struct handover *h, struct buf *parcel,
    struct err *err) must_check;
/* What is asked for by an answer, and what is likely asked for next. */
int handover_lend(struct handover *h, struct buf *parcel,
    const unsigned char id[20], bool whole, struct err *err) must_check;

/* handover_talk.c: one question and its answer. */
struct talk;
int talk_open(struct talk **out, const struct settings *settings,
    int64_t patience, struct err *err) must_check;
/* `session` is "" for the first.  The answer's body is in `body`. */
int talk_ask(struct talk *t, const char *session, const struct buf *parcel,
    struct http_head *head, struct buf *body, struct err *err) must_check;
/* The same of another path than the gate's. */
int talk_post(struct talk *t, const char *path, const struct buf *parcel,
    struct http_head *head, struct buf *body, struct err *err) must_check;
/* To the foureyesd of this machine, whatever gate there is. */
struct talk *talk_to_socket(const char *path, int64_t patience);
void talk_close(struct talk *t); /* NULL is allowed */

#endif

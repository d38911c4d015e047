/*
 * sealing_inside - one seal in the making, for src/app/sealing*.c alone.
 */
#ifndef APP_SEALING_INSIDE_H
#define APP_SEALING_INSIDE_H

#include "app/key_chain.h"
#include "app/sealing.h"

struct sealing {
	struct setup *setup;
	struct sealed *out;
	const char *dir;               /* of the memory */
	uint64_t accept;               /* a `recovered` record; 0: none */
	struct seal *key, *old;        /* `old` where it is there */
	struct seal_public public;     /* of `key` */
	struct seal_state state, next; /* as remembered; as it becomes */
	struct ledger *ledger;
	struct key_chain chain;
	/* What lies beside the ledger, signed by one of the two keys. */
	struct buf note;
	bool has_beside;
	struct checkpoint beside;
};

/*
 * The ledger is not what was sealed: always -1, ERR_TAMPERED, and the error
 * says from which record on, as far as the memory of all seals tells.
 */
int sealing_blame(struct sealing *g, struct err *err);
/*
 * Give up what record `g->accept` says is lost: nothing is remembered of it
 * afterwards, and the next seal begins anew.
 */
int sealing_give_up(struct sealing *g, struct err *err) must_check;

#endif

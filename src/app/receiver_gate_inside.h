/* receiver_gate_inside - who hands a push over. */
#ifndef RECEIVER_GATE_INSIDE_H
#define RECEIVER_GATE_INSIDE_H

#include "receiver_inside.h"

#define RECEIVER_TOKEN 16     /* bytes that name one push that is judged */
#define RECEIVER_GATES_MAX 64 /* of them at once */

/* Compared byte for byte: zeroed first. */
struct gate_caller {
	char host[72];     /* of receiver.hosts; "": that of `server` */
	char account[256]; /* by the Unix socket: its name */
};

/*
 * A host by its secret where one is shown, else by the account at the other end
 * of the Unix socket.  Without `receiver.hosts` that is the hook user.
 */
bool receiver_gate_caller(struct gate_caller *out,
    const struct receiver_view *view, const struct listen_request *request);

#endif

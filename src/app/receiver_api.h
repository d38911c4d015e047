/* receiver_api - what readers are told, for the receiver's own pieces. */
#ifndef RECEIVER_API_H
#define RECEIVER_API_H

#include "app/cmd.h"
#include "receiver_inside.h"

/* GET /api/v1/..., with a reader's token. */
void receiver_read(struct listen_request *request, void *ctx);
/* GET /change/<token>?id=<id>: the page of one change, by its own token. */
void receiver_change(struct listen_request *request, void *ctx);
/* GET / : the page. */
void receiver_page(struct listen_request *request, void *ctx);

int receiver_lanes_start(struct receiving *r, struct err *err) must_check;
/* What waits is answered first. */
void receiver_lanes_stop(struct receiving *r);

#endif
